// The messages of /fob/order/1.0.0, byte by byte as docs/kiosk.md lays them down: a signed order, and what the kiosk answers.
import { type Bytes, concat, utf8 } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { uintBytes } from '../wallet/byteReader.ts'

export const orderProtocol = '/fob/order/1.0.0'

/** Bytes of the longest FOB:PAY: text that is taken; those that there are have about 290. */
const MAX_CODE = 512
/** Bytes of the longest message, without the four of its length. */
export const MAX_ORDER_MESSAGE = 1 + MAX_CODE

export const orderRefusals = {
  notASignedOrder: 1,
  /** For another kiosk, sale, product or quantity. */
  otherSale: 2,
  signatureInvalid: 3,
  /** It ends too soon, or too late. */
  validityUnfit: 4,
  balanceTooLow: 5,
  /** The balance was asked back, and could be gone before this is settled. */
  balanceLeaving: 6,
  overSaleLimit: 7,
  overBuyerLimit: 8,
  overOpenLimit: 9,
  alreadyOrdered: 10,
  instantOff: 11,
  chainUnreachable: 12,
  chainUnproven: 13,
  /** It could not be written down, or too many ask at once. */
  unable: 14,
} as const

export type OrderRefusal = keyof typeof orderRefusals

export type OrderAnswer =
  /** Judged, and written down: it is vended from now on. The kiosk's word alone; what is charged, the chain says. */
  { readonly kind: 'taken' } | { readonly kind: 'refused'; readonly refusal: OrderRefusal }

export type OrderMessage =
  /** `code`: FOB:PAY:…, in ASCII. */
  { readonly kind: 'order'; readonly code: string } | OrderAnswer

interface MalformedOrderMessage {
  readonly kind: 'orderMessageMalformed'
  readonly detail: string
}

const types = { order: 1, taken: 0x81, refused: 0x8f } as const

/** With its length in front: four bytes, big-endian. Throws RangeError for a code that does not fit. */
export function encodeOrderMessage(message: OrderMessage): Bytes {
  const body = concat(Uint8Array.of(types[message.kind]), fieldsOf(message))
  return concat(uintBytes(body.length, 4), body)
}

function fieldsOf(message: OrderMessage): Uint8Array {
  switch (message.kind) {
    case 'order': {
      if (!isCode(message.code)) throw new RangeError(`a code of ${message.code.length} characters`)
      return utf8(message.code)
    }
    case 'taken':
      return new Uint8Array()
    case 'refused':
      return Uint8Array.of(orderRefusals[message.refusal])
  }
}

/** The body alone, without its length. */
export function decodeOrderMessage(body: Uint8Array): Result<OrderMessage, MalformedOrderMessage> {
  const [type, ...fields] = body
  const [first] = fields
  switch (type) {
    case types.order: {
      const code = String.fromCharCode(...fields)
      return isCode(code) ? ok({ kind: 'order', code }) : malformed(`a code of ${fields.length} bytes`)
    }
    case types.taken:
      return fields.length === 0 ? ok({ kind: 'taken' }) : malformed('taken has no fields')
    case types.refused: {
      const refusal = REFUSALS.find(each => orderRefusals[each] === first)
      return refusal !== undefined && fields.length === 1
        ? ok({ kind: 'refused', refusal })
        : malformed('a refusal is one byte')
    }
    default:
      return malformed(`a message of type ${type ?? 'none'}`)
  }
}

const REFUSALS = Object.keys(orderRefusals) as readonly OrderRefusal[]

/** Printable ASCII without spaces, as a code is. */
const isCode = (text: string): boolean => text.length <= MAX_CODE && /^[!-~]+$/.test(text)

const malformed = (detail: string) => fail({ kind: 'orderMessageMalformed' as const, detail })
