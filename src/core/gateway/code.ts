// A gateway's code: where it is and the key to it, as text that is pasted or a QR code that is scanned.
import { concat } from '../bytes.ts'
import { multiaddrToBytes, multiaddrToText } from '../registry/multiaddr.ts'
import { uintBytes } from '../wallet/byteReader.ts'
import { readCode, writeCode } from '../wallet/codeText.ts'
import { GATEWAY_KEY_LENGTH } from './message.ts'

export interface GatewayCode {
  /** Of the gateway: nobody else can answer for it. */
  readonly peerId: string
  /** Multiaddrs, one to six, that end in this peer. */
  readonly addresses: readonly string[]
  /** `GATEWAY_KEY_LENGTH` bytes. */
  readonly key: Uint8Array
}

const MAX_ADDRESSES = 6
/** Bytes of one address. */
const MAX_ADDRESS = 400

/**
 * `FOB:GATEWAY:` and Base32 of the key (16 bytes), the number of addresses (1), and each as a multiaddr's bytes with its
 * length (2) in front. Throws RangeError for addresses that are too many, too long, or of no or several peers.
 */
export function writeGatewayCode({ addresses, key }: Omit<GatewayCode, 'peerId'>): string {
  if (key.length !== GATEWAY_KEY_LENGTH) throw new RangeError(`a key of ${key.length} bytes`)
  if (peerOf(addresses) === undefined)
    throw new RangeError(`no code for ${addresses.join(', ') || 'no address'}`)
  const fields = addresses.map(address => {
    const bytes = multiaddrToBytes(address)
    if (!bytes || bytes.length > MAX_ADDRESS) throw new RangeError(`${address} fits no code`)
    return concat(uintBytes(bytes.length, 2), bytes)
  })
  return writeCode('GATEWAY', key, uintBytes(addresses.length, 1), ...fields)
}

/** undefined for every other text. */
export function readGatewayCode(text: string): GatewayCode | undefined {
  return readCode('GATEWAY', text, reader => {
    const key = reader.bytes(GATEWAY_KEY_LENGTH)
    const count = reader.uint(1)
    if (count > MAX_ADDRESSES) return undefined
    const addresses: string[] = []
    for (let i = 0; i < count; i++) {
      const length = reader.uint(2)
      if (length > MAX_ADDRESS) return undefined
      addresses.push(multiaddrToText(reader.bytes(length)) ?? '')
    }
    const peerId = peerOf(addresses)
    return peerId === undefined ? undefined : { peerId, addresses, key }
  })
}

/** The one peer that all of them end in. */
function peerOf(addresses: readonly string[]): string | undefined {
  if (addresses.length === 0 || addresses.length > MAX_ADDRESSES) return undefined
  const peers = new Set(addresses.map(address => /\/p2p\/([^/]+)$/.exec(address)?.[1]))
  const [peer] = peers
  return peers.size === 1 ? peer : undefined
}
