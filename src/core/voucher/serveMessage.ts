// The messages of /fob/serve/1.0.0, byte by byte as docs/serve-protocol.md lays them down: blocks for nothing, or for vouchers.
import { type Address, type Bytes, bytesEqual, concat, fromHex, utf8 } from '../bytes.ts'
import { MAX_BLOCK_BYTES } from '../ipfs/block.ts'
import { fail, ok, type Result } from '../result.ts'
import { NOBODY } from '../wallet/contracts.ts'
import type { ChannelTerms } from './channel.ts'
import {
  amountSize,
  MalformedField,
  maxCidSize,
  maxDetailSize,
  ServeReader,
  signatureSize,
} from './serveReader.ts'
import type { SignedVoucher } from './standing.ts'

export const serveProtocol = '/fob/serve/1.0.0'

/** What is sold, for how much, and by which contract on which chain. Amounts in the token's smallest unit. */
export interface ServeOffer {
  readonly chainId: number
  readonly paymentChannels: Address
  readonly payee: Address
  /** null for the chain's coin. */
  readonly token: Address | null
  /** Per 64 KiB that a block has begun. */
  readonly pricePerUnit: bigint
  /** Seconds. */
  readonly minExitDelay: number
}

export const refusalCodes = {
  /** The block is not here. */
  notHere: 1,
  /** The block before this one is not paid. */
  unpaid: 2,
  /** The deposit does not cover the price. */
  depositExhausted: 3,
  voucherRefused: 4,
  channelRefused: 5,
  /** Too many at once: later, or elsewhere. */
  busy: 6,
  /** A message that this side does not understand, or not now. */
  malformed: 7,
  /** The chain can't be read, or the disk can't be written: nothing is handed out. */
  unable: 8,
  /** The block is here, for vouchers alone. */
  notFree: 9,
  /** The payee's account can't sign just now; the wish is written down. */
  later: 10,
} as const

export type ServeRefusal = keyof typeof refusalCodes

/** CIDs are in their binary form, 1 to 128 bytes. */
export type ServeMessage =
  | { readonly kind: 'ask'; readonly cid: Uint8Array }
  | { readonly kind: 'offer'; readonly isHere: boolean; readonly length: number; readonly offer: ServeOffer }
  | { readonly kind: 'channel'; readonly terms: ChannelTerms }
  | {
      readonly kind: 'standing'
      readonly delivered: bigint
      readonly accepted: SignedVoucher | null
      /** Empty: nothing is owed. */
      readonly lent: Uint8Array
    }
  | { readonly kind: 'want'; readonly cid: Uint8Array }
  | { readonly kind: 'block'; readonly delivered: bigint; readonly bytes: Uint8Array }
  | { readonly kind: 'voucher'; readonly voucher: SignedVoucher }
  | { readonly kind: 'accepted'; readonly amount: bigint }
  | { readonly kind: 'refusal'; readonly refusal: ServeRefusal; readonly detail: string }
  | { readonly kind: 'get'; readonly cid: Uint8Array }
  | { readonly kind: 'given'; readonly bytes: Uint8Array }
  | { readonly kind: 'count'; readonly cid: Uint8Array }
  | { readonly kind: 'counted'; readonly blocks: number }
  /** Signed by the channel's signer: `closeRequestDigest`. */
  | { readonly kind: 'close'; readonly request: SignedVoucher }
  /** Signed by the payee's account: `closeDigest`. */
  | { readonly kind: 'closing'; readonly consent: SignedVoucher }

export interface MalformedServeMessage {
  readonly kind: 'serveMessageMalformed'
  readonly detail: string
}

const types = {
  ask: 1,
  offer: 2,
  channel: 3,
  standing: 4,
  want: 5,
  block: 6,
  voucher: 7,
  accepted: 8,
  refusal: 9,
  get: 10,
  given: 11,
  count: 12,
  counted: 13,
  close: 14,
  closing: 15,
} as const

/** The longest message, without the four bytes of its length: a block of 2 MiB with its type and total. */
export const maxServeMessage = 1 + amountSize + MAX_BLOCK_BYTES

/** The longest message of whoever asks for blocks: who serves them takes nothing longer. */
export const maxPayerMessage = 256

/** A message with its length in front: four bytes, big-endian. Throws RangeError for what does not fit its field. */
export function encodeServeMessage(message: ServeMessage): Bytes {
  const fields = fieldsOf(message)
  const length = fields.reduce((sum, field) => sum + field.length, 1)
  if (length > maxServeMessage) throw new RangeError(`a message of ${length} bytes`)
  const head = concat(unsigned(BigInt(length), 4), Uint8Array.of(types[message.kind]))
  return (message.kind === 'given' && behind(head, message.bytes)) || concat(head, ...fields)
}

/** The same block, with room in front: a `given` of it is encoded without a copy, however often it is asked for. */
export function readyToGive(block: Uint8Array): Bytes {
  const message = encodeServeMessage({ kind: 'given', bytes: block })
  return message.subarray(message.length - block.length)
}

/** The message of which `bytes` are the end, where they already lie behind its head and nothing else is there. */
function behind(head: Uint8Array, { buffer, byteOffset, length }: Uint8Array): Bytes | undefined {
  if (!(buffer instanceof ArrayBuffer) || byteOffset !== head.length) return undefined
  const message = new Uint8Array(buffer)
  const isWhole = message.length === head.length + length && bytesEqual(message.subarray(0, byteOffset), head)
  return isWhole ? message : undefined
}

function fieldsOf(message: ServeMessage): readonly Uint8Array[] {
  switch (message.kind) {
    case 'ask':
    case 'want':
    case 'get':
    case 'count':
      return [cidBytes(message.cid)]
    case 'offer': {
      const { isHere, length, offer } = message
      const { chainId, paymentChannels, payee, token, pricePerUnit, minExitDelay } = offer
      return [
        Uint8Array.of(isHere ? 1 : 0),
        unsigned(BigInt(length), 4),
        unsigned(BigInt(chainId), 8),
        address(paymentChannels),
        address(payee),
        address(token ?? NOBODY),
        unsigned(pricePerUnit, amountSize),
        unsigned(BigInt(minExitDelay), 4),
      ]
    }
    case 'channel': {
      const { payer, payee, signer, token, exitDelay, nonce } = message.terms
      return [
        ...[payer, payee, signer, token ?? NOBODY].map(address),
        unsigned(BigInt(exitDelay), 4),
        unsigned(nonce, 8),
      ]
    }
    case 'standing': {
      const { delivered, accepted, lent } = message
      return [
        unsigned(delivered, amountSize),
        Uint8Array.of(accepted === null ? 0 : 1),
        ...(accepted === null ? [] : voucherFields(accepted)),
        lent.length === 0 ? lent : cidBytes(lent),
      ]
    }
    case 'block':
      return [unsigned(message.delivered, amountSize), message.bytes]
    case 'given':
      return [message.bytes]
    case 'counted':
      return [unsigned(BigInt(message.blocks), 8)]
    case 'voucher':
      return voucherFields(message.voucher)
    case 'close':
      return voucherFields(message.request)
    case 'closing':
      return voucherFields(message.consent)
    case 'accepted':
      return [unsigned(message.amount, amountSize)]
    case 'refusal':
      return [Uint8Array.of(refusalCodes[message.refusal]), utf8(message.detail).slice(0, maxDetailSize)]
  }
}

/** The message without its length, of which a block is a view. Nothing may be missing, and nothing may follow. */
export function decodeServeMessage(body: Uint8Array): Result<ServeMessage, MalformedServeMessage> {
  try {
    const reader = new ServeReader(body)
    const message = read(reader)
    reader.end()
    return ok(message)
  } catch (error) {
    if (error instanceof MalformedField) return fail({ kind: 'serveMessageMalformed', detail: error.message })
    throw error
  }
}

function read(reader: ServeReader): ServeMessage {
  const type = reader.byte()
  switch (type) {
    case types.ask:
      return { kind: 'ask', cid: reader.cid() }
    case types.want:
      return { kind: 'want', cid: reader.cid() }
    case types.offer:
      return {
        kind: 'offer',
        isHere: reader.flag(),
        length: reader.number(4),
        offer: {
          chainId: reader.number(8),
          paymentChannels: reader.address(),
          payee: reader.address(),
          token: reader.token(),
          pricePerUnit: reader.amount(),
          minExitDelay: reader.number(4),
        },
      }
    case types.channel:
      return {
        kind: 'channel',
        terms: {
          payer: reader.address(),
          payee: reader.address(),
          signer: reader.address(),
          token: reader.token(),
          exitDelay: reader.number(4),
          nonce: reader.unsigned(8),
        },
      }
    case types.standing: {
      const delivered = reader.amount()
      const accepted = reader.flag() ? reader.voucher() : null
      return { kind: 'standing', delivered, accepted, lent: reader.left > 0 ? reader.cid() : reader.rest() }
    }
    case types.block:
      return { kind: 'block', delivered: reader.amount(), bytes: reader.restOfBlock() }
    case types.voucher:
      return { kind: 'voucher', voucher: reader.voucher() }
    case types.accepted:
      return { kind: 'accepted', amount: reader.amount() }
    case types.refusal: {
      const code = reader.byte()
      const refusal = Object.entries(refusalCodes).find(([, number]) => number === code)?.[0]
      if (!isRefusal(refusal)) throw new MalformedField(`refusal ${code}`)
      return { kind: 'refusal', refusal, detail: reader.text() }
    }
    case types.get:
      return { kind: 'get', cid: reader.cid() }
    case types.given:
      return { kind: 'given', bytes: reader.restOfBlock() }
    case types.count:
      return { kind: 'count', cid: reader.cid() }
    case types.close:
      return { kind: 'close', request: reader.voucher() }
    case types.closing:
      return { kind: 'closing', consent: reader.voucher() }
    case types.counted:
      return { kind: 'counted', blocks: reader.number(8) }
    default:
      throw new MalformedField(`message type ${type}`)
  }
}

const isRefusal = (name: string | undefined): name is ServeRefusal =>
  name !== undefined && Object.hasOwn(refusalCodes, name)

function unsigned(value: bigint, length: number): Bytes {
  const bytes = value < 0n ? undefined : fromHex(`0x${value.toString(16).padStart(2 * length, '0')}`)
  if (bytes?.length !== length) throw new RangeError(`${value} does not fit ${length} bytes`)
  return bytes
}

function address(value: Address): Bytes {
  const bytes = fromHex(value)
  if (bytes?.length !== 20) throw new RangeError(`${value} is no address`)
  return bytes
}

function cidBytes(cid: Uint8Array): Bytes {
  if (cid.length === 0 || cid.length > maxCidSize) throw new RangeError(`a CID of ${cid.length} bytes`)
  return concat(Uint8Array.of(cid.length), cid)
}

function voucherFields({ amount, signature }: SignedVoucher): readonly Uint8Array[] {
  if (signature.length !== signatureSize) throw new RangeError(`a signature of ${signature.length} bytes`)
  return [unsigned(amount, amountSize), signature]
}
