// What a call of the Market does, and what is signed for it: every function of it has a sentence.
import type { Address } from '../bytes.ts'
import { readOrder, readTerms } from '../registry/marketReading.ts'
import { amountOf, timesOf } from '../registry/marketStatements.ts'
import type { FunctionCall } from './abiShape.ts'
import { coinAmount, findToken, NOBODY, partyAt, type SigningContext, tokenAmount } from './contracts.ts'
import { Named } from './namedArguments.ts'
import type { Amount, Party, Sentence } from './sentence.ts'

const ORDERS: ReadonlySet<string> = new Set(['order', 'orderWithPermit', 'orderPrepaid'])
const OUTCOMES = ['failed', 'dropped', 'failed'] as const

/**
 * undefined for what is not as it should be, and where the money is a token that the network's list lacks: an amount without
 * decimals is no amount, and the bare call says more.
 */
export function marketSentence(
  call: FunctionCall,
  contract: Party,
  value: bigint,
  context: SigningContext,
): Sentence | undefined {
  const args = new Named(call.arguments)
  const spoken = called(call, args, { contract, value, context })
  return spoken && args.checked(spoken)
}

interface Surroundings {
  readonly contract: Party
  /** Coins that are sent along. */
  readonly value: bigint
  readonly context: SigningContext
}

function called(call: FunctionCall, args: Named, surroundings: Surroundings): Sentence | undefined {
  const { contract, context } = surroundings
  switch (call.name) {
    case 'openHours':
      return { kind: 'openHours', contract, deviceId: args.hex('deviceId') }
    case 'withdraw':
    case 'payOut': {
      const isOwn = call.name === 'withdraw'
      const token = tokenParty(args.hex('token'), context)
      return {
        kind: 'payOut',
        contract,
        account: isOwn ? null : args.hex('account'),
        to: partyAt(context, args.hex(isOwn ? 'to' : 'account')),
        token,
      }
    }
    case 'deposit':
    case 'depositWithPermit': {
      const amount = amountIn(args.hex('token'), args.uint('amount'), context)
      return amount && { kind: 'prepay', contract, amount }
    }
    case 'requestReturn':
    case 'takeBack': {
      const isAsked = call.name === 'requestReturn'
      const to = isAsked ? null : partyAt(context, args.hex('to'))
      return { kind: 'prepaidBack', contract, token: tokenParty(args.hex('token'), context), to }
    }
    default:
      return dealt(call, args, surroundings)
  }
}

/** Of one offer: all of these begin with its terms. */
function dealt(
  { name, arguments: given }: FunctionCall,
  args: Named,
  { contract, value, context }: Surroundings,
): Sentence | undefined {
  const argument = (wanted: string) => given.find(each => each.name === wanted)?.value
  const terms = readTerms(argument('terms'))
  if (!terms) return undefined
  const { deviceId, token, isInstant, unit } = terms
  const price = amountIn(token, terms.price, context)
  if (name === 'makeOffer') {
    const open = argument('open')
    const opensHours = Array.isArray(open) && open.length > 0
    const hasDocument = !/^0x0*$/.test(terms.legalHash)
    const shares = BigInt(terms.shares.length)
    return (
      price && {
        kind: 'makeOffer',
        contract,
        deviceId,
        price,
        unit,
        isInstant,
        opensHours,
        shares,
        hasDocument,
      }
    )
  }
  if (name === 'setPaused') return { kind: 'pauseOffer', contract, deviceId, isPaused: args.flag('isPaused') }
  const ordered = readOrder(argument('ordered'))
  if (!ordered) return undefined
  const order = { ...ordered, offerId: deviceId }
  const amount = amountIn(token, amountOf(terms, order), context)
  const times = timesOf(terms, order)
  const span = { notBefore: BigInt(times.notBefore), notAfter: BigInt(times.notAfter) }
  if (ORDERS.has(name)) {
    const payer = partyAt(context, order.payer)
    const isPrepaid = name === 'orderPrepaid'
    // More or fewer coins than the price are refused by the contract: the sentence tells what would leave.
    if (!amount || (token === null && !isPrepaid && value !== amount.value)) return undefined
    return {
      kind: 'placeOrder',
      contract,
      deviceId,
      ...(isPrepaid ? { prepaid: amount } : { amount }),
      payer,
      unit,
      quantity: BigInt(order.quantity),
      isInstant,
      ...span,
    }
  }
  switch (name) {
    case 'rebind':
      return { kind: 'bindKey', contract, deviceId, userKeyHash: args.hex('userKeyHash'), ...span }
    case 'refund':
      return amount && { kind: 'refundOrder', contract, deviceId, payer: order.payer, returned: amount }
    case 'fulfil':
      return amount && { kind: 'fulfilOrder', contract, deviceId, earned: amount, ...span }
    case 'handIn':
    case 'settle': {
      const receipt = args.inner('receipt')
      const outcome = OUTCOMES[Number(receipt.uint('outcome'))] ?? 'failed'
      return { kind: 'handInReceipt', contract, deviceId, quantity: receipt.uint('quantity'), outcome }
    }
    default:
      return undefined
  }
}

function amountIn(token: Address | null, value: bigint, context: SigningContext): Amount | undefined {
  if (token === null || token === NOBODY) return coinAmount(context, value)
  const known = findToken(context, token)
  return known && tokenAmount(known, value)
}

const tokenParty = (token: Address, context: SigningContext): Party | null =>
  token === NOBODY ? null : partyAt(context, token)

/** Typed data in the Market's domain: its struct's name, and its fields. */
export function marketStatement(
  type: string,
  args: Named,
  contract: Party,
  context: SigningContext,
): Sentence | undefined {
  switch (type) {
    case 'PrepaidOrder': {
      const prepaid = amountIn(args.hex('token'), args.uint('amount'), context)
      const notAfter = args.uint('validUntil')
      const deviceId = args.hex('deviceId')
      return prepaid && args.checked({ kind: 'prepaidOrder', contract, deviceId, prepaid, notAfter })
    }
    case 'KeyRebinding':
      return args.checked({
        kind: 'keyRebinding',
        contract,
        orderId: args.hex('orderId'),
        userKeyHash: args.hex('userKeyHash'),
      })
    case 'AgentIssuing':
      return args.checked({
        kind: 'agentIssuing',
        contract,
        deviceId: args.hex('deviceId'),
        issuerKey: args.pair('issuerX', 'issuerY'),
        isOn: args.flag('isOn'),
        withdrawEvery: args.uint('withdrawEvery'),
      })
    default:
      return undefined
  }
}
