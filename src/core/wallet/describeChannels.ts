// What a call of PaymentChannels does: money put aside for one payee, vouchers handed in, and the way out.
import type { Address } from '../bytes.ts'
import { channelIdOf } from '../voucher/channel.ts'
import type { FunctionCall } from './abiShape.ts'
import { coinAmount, findToken, NOBODY, partyAt, type SigningContext, tokenAmount } from './contracts.ts'
import { Named } from './namedArguments.ts'
import type { Amount, Party, Sentence } from './sentence.ts'

/** undefined for what is not as it should be, and for tokens that the network's list lacks: the bare call says more. */
export function channelSentence(
  call: FunctionCall,
  contract: Party,
  value: bigint,
  context: SigningContext,
): Sentence | undefined {
  const args = new Named(call.arguments)
  const spoken = called(call.name, args, { contract, value, context })
  return spoken && args.checked(spoken)
}

interface Surroundings {
  readonly contract: Party
  /** Coins that are sent along. */
  readonly value: bigint
  readonly context: SigningContext
}

function called(name: string, args: Named, { contract, value, context }: Surroundings): Sentence | undefined {
  if (name === 'withdraw') {
    const token = args.hex('token')
    return {
      kind: 'payOut',
      contract,
      account: null,
      to: partyAt(context, args.hex('to')),
      token: token === NOBODY ? null : partyAt(context, token),
    }
  }
  const terms = name === 'open' ? args : args.inner('terms')
  const payee = partyAt(context, terms.hex('payee'))
  const exitDelay = terms.uint('exitDelay')
  const inAsset = (amount: bigint) => amountIn(terms.hex('token'), amount, context)
  switch (name) {
    case 'open':
    case 'topUp': {
      const amount = inAsset(args.uint('amount'))
      // Other coins than those that are named are refused by the contract: the bare call shows both.
      if (!amount || value !== (amount.token === null ? amount.value : 0n)) return undefined
      return name === 'open'
        ? { kind: 'openChannel', contract, to: payee, amount, signer: terms.hex('signer'), exitDelay }
        : { kind: 'topUpChannel', contract, to: payee, amount, exitDelay }
    }
    case 'startExit':
      return { kind: 'leaveChannel', contract, to: payee, exitDelay }
    case 'finishExit':
      return { kind: 'emptyChannel', contract, to: payee, payer: partyAt(context, terms.hex('payer')) }
    case 'claim':
    case 'close': {
      const amount = inAsset(args.uint('amount'))
      const payer = partyAt(context, terms.hex('payer'))
      const kind = name === 'claim' ? 'claimChannel' : 'closeChannel'
      return amount && { kind, contract, to: payee, payer, amount }
    }
    default:
      return undefined
  }
}

/** What is signed to end a channel; undefined where nobody said which channel that is: the bare statement says more. */
export function closeSentence(args: Named, contract: Party, context: SigningContext): Sentence | undefined {
  const channelId = args.hex('channelId')
  const terms = context.channels?.find(known => channelIdOf(known) === channelId)
  const amount = terms && amountIn(terms.token ?? NOBODY, args.uint('amount'), context)
  if (!terms || !amount) return undefined
  const [to, payer] = [partyAt(context, terms.payee), partyAt(context, terms.payer)]
  return args.checked({ kind: 'agreeToClose', contract, to, payer, amount })
}

function amountIn(token: Address, value: bigint, context: SigningContext): Amount | undefined {
  if (token === NOBODY) return coinAmount(context, value)
  const known = findToken(context, token)
  return known && tokenAmount(known, value)
}
