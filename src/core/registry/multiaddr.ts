// Multiaddrs between text and bytes, for the protocols that a peer of ours can be reached by.
// Source: multiformats/multiaddr, "Specification" and protocols.csv; libp2p/specs, addressing.
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { varint } from 'multiformats'
import { base58btc } from 'multiformats/bases/base58'
import { base64url } from 'multiformats/bases/base64'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { type Bytes, bytesEqual, concat } from '../bytes.ts'
import { formatIp4, formatIp6, parseIp4, parseIp6 } from './ip.ts'

interface Protocol {
  readonly name: string
  readonly code: number
  /** Bytes of the value: fixed, or 'prefixed' by its length as a varint. */
  readonly size: number | 'prefixed'
  /** undefined: the text (or the bytes) is no value of this protocol. */
  readonly parse: (text: string) => Uint8Array | undefined
  readonly format: (bytes: Uint8Array) => string | undefined
}

const flag = (name: string, code: number): Protocol => ({
  name,
  code,
  size: 0,
  parse: () => new Uint8Array(0),
  format: () => '',
})

const port = (name: string, code: number): Protocol => ({
  name,
  code,
  size: 2,
  parse: text => {
    if (!/^(0|[1-9]\d{0,4})$/.test(text) || Number(text) > 0xffff) return undefined
    return Uint8Array.of(Number(text) >> 8, Number(text) & 0xff)
  },
  format: ([high = 0, low = 0]) => String((high << 8) | low),
})

const hostName = (name: string, code: number): Protocol => ({
  name,
  code,
  size: 'prefixed',
  parse: text => (isHostName(text) ? utf8ToBytes(text) : undefined),
  format: bytes => {
    const text = String.fromCharCode(...bytes.subarray(0, 256))
    return isHostName(text) ? text : undefined
  },
})

/** Letters of a DNS name in ASCII form (RFC 1035 2.3.1, with `_` as in service names), at most 253 of them. */
const isHostName = (text: string): boolean => /^[A-Za-z0-9._-]{1,253}$/.test(text)

const protocols: readonly Protocol[] = [
  { name: 'ip4', code: 4, size: 4, parse: parseIp4, format: formatIp4 },
  { name: 'ip6', code: 41, size: 16, parse: parseIp6, format: formatIp6 },
  hostName('dns', 53),
  hostName('dns4', 54),
  hostName('dns6', 55),
  port('tcp', 6),
  port('udp', 273),
  flag('tls', 448),
  hostName('sni', 449),
  flag('quic-v1', 461),
  flag('webtransport', 465),
  {
    name: 'certhash',
    code: 466,
    size: 'prefixed',
    parse: text => multihash(() => base64url.decode(text)),
    format: bytes => (multihash(() => bytes) ? base64url.encode(bytes) : undefined),
  },
  flag('ws', 477),
  flag('wss', 478),
  flag('webrtc-direct', 280),
  flag('webrtc', 281),
  flag('p2p-circuit', 290),
  {
    name: 'p2p',
    code: 421,
    size: 'prefixed',
    parse: parsePeerId,
    format: bytes => (multihash(() => bytes) ? base58btc.baseEncode(bytes) : undefined),
  },
]

/** The bytes that `read` returns, where they are exactly one multihash. */
function multihash(read: () => Uint8Array): Uint8Array | undefined {
  try {
    const bytes = read()
    return bytesEqual(Digest.decode(bytes).bytes, bytes) && isMinimal(bytes) ? bytes : undefined
  } catch {
    // The libraries throw for malformed text and for malformed multihashes.
    return undefined
  }
}

/** Whether a multihash's two varints have their shortest form, which the library does not ask for. */
function isMinimal(bytes: Uint8Array): boolean {
  const digest = Digest.decode(bytes)
  return bytesEqual(Digest.create(digest.code, digest.digest).bytes, bytes)
}

/** A peer id as base58btc of its multihash, or as a CID of codec libp2p-key (libp2p/specs, peer-ids). */
function parsePeerId(text: string): Uint8Array | undefined {
  if (text.startsWith('1') || text.startsWith('Qm')) return multihash(() => base58btc.baseDecode(text))
  return multihash(() => {
    const cid = CID.parse(text)
    if (cid.version !== 1 || cid.code !== 0x72) throw new TypeError('not a libp2p-key')
    return cid.multihash.bytes
  })
}

/** Bytes of a multiaddr; undefined where the text is malformed or names a protocol that is not known here. */
export function multiaddrToBytes(text: string): Bytes | undefined {
  const parts = text.split('/')
  if (parts.shift() !== '' || parts.length === 0) return undefined
  const out: Uint8Array[] = []
  while (parts.length > 0) {
    const name = parts.shift()
    const protocol = protocols.find(each => each.name === name)
    if (!protocol) return undefined
    out.push(encodeVarint(protocol.code))
    if (protocol.size === 0) continue
    const value = protocol.parse(parts.shift() ?? '')
    if (!value) return undefined
    if (protocol.size === 'prefixed') out.push(encodeVarint(value.length))
    out.push(value)
  }
  return concat(...out)
}

/** Text of a multiaddr; undefined unless the bytes are its one shortest form, of protocols known here. */
export function multiaddrToText(bytes: Uint8Array): string | undefined {
  let at = 0
  let text = ''
  const readVarint = (): number | undefined => {
    try {
      const [value, length] = varint.decode(bytes, at)
      at += length
      return value
    } catch {
      // The library throws where the bytes end within the number.
      return undefined
    }
  }
  if (bytes.length === 0) return undefined
  while (at < bytes.length) {
    const code = readVarint()
    const protocol = protocols.find(each => each.code === code)
    if (!protocol) return undefined
    text += `/${protocol.name}`
    if (protocol.size === 0) continue
    const size = protocol.size === 'prefixed' ? readVarint() : protocol.size
    if (size === undefined || at + size > bytes.length) return undefined
    const value = protocol.format(bytes.subarray(at, at + size))
    if (value === undefined) return undefined
    text += `/${value}`
    at += size
  }
  const again = multiaddrToBytes(text)
  return again && bytesEqual(again, bytes) ? text : undefined
}

function encodeVarint(value: number): Uint8Array {
  return varint.encodeTo(value, new Uint8Array(varint.encodingLength(value)))
}
