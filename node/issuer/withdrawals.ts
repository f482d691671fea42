// Pays what offers have earned out to the owner and the device account, as often as the owner has said.
import { encodeFunctionData } from 'viem'
import { marketAbi } from '../../contracts/generated/Market.ts'
import type { Address } from '../../src/core/bytes.ts'
import { type OfferId, type OfferTerms, termsArgument } from '../../src/core/registry/marketStatements.ts'
import { type Failure, ok, type Result } from '../../src/core/result.ts'
import type { AgentIssuing } from '../../src/core/wallet/agentIssuing.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import type { GasWallet } from './gasWallet.ts'
import type { MarketState } from './marketState.ts'
import type { IssuerStore } from './store.ts'

export interface WithdrawOptions {
  readonly store: IssuerStore
  readonly state: MarketState
  readonly gas: GasWallet
  readonly market: Address
  /** Unix seconds. */
  readonly now: number
}

/** So many offers are shared out in one transaction. */
const maxOffers = 16

/** One payment at most, for there is one transaction at a time; a device is done when nothing is left for it. */
export async function withdrawDue(options: WithdrawOptions): Promise<Result<null, Failure>> {
  const { store, gas, now } = options
  for (const issuing of store.issuings.values()) {
    if (gas.inFlight() !== null) return ok(null)
    const { deviceId, isOn, withdrawEvery } = issuing
    if (!isOn || withdrawEvery === 0 || now < store.withdrawnAt(deviceId) + withdrawEvery) continue
    const sent = await withdrawOf(options, issuing)
    if (!sent.ok) return sent
    if (sent.value === 'nothingDue') store.putWithdrawn(deviceId, now)
  }
  return ok(null)
}

async function withdrawOf(
  { store, state, gas, market }: WithdrawOptions,
  { deviceId, owner }: AgentIssuing,
): Promise<Result<'nothingDue' | 'sent', Failure>> {
  const device = await state.device(deviceId)
  if (!device.ok) return device
  if (device.value.owner !== owner) return ok('nothingDue')
  const offers = [...store.offers].filter(([, terms]) => terms.deviceId === deviceId)
  const accounts = [owner, device.value.account ?? owner].filter(
    (account, i, all) => all.indexOf(account) === i,
  )
  const tokens = [...new Set(offers.map(([, { token }]) => token))]
  const credits = accounts.flatMap(account => tokens.map(token => ({ account, token })))
  const read = await state.earnings(
    offers.map(([id]) => id),
    credits,
  )
  if (!read.ok) return read
  for (const [i, { account, token }] of credits.entries()) {
    const earned = offers
      .map(([id, terms], place) => ({ id, terms, units: read.value.unshared[place] ?? 0n }))
      .filter(({ terms, units }) => units > 0n && terms.token === token && shareOf(terms, account) > 0n)
      .slice(0, maxOffers)
    const due =
      (read.value.credited[i] ?? 0n) +
      earned.reduce((sum, { terms, units }) => sum + shareOf(terms, account) * units, 0n)
    if (due === 0n) continue
    const data = encodeFunctionData({
      abi: marketAbi,
      functionName: 'payOut',
      args: [earned.map(({ terms }) => termsArgument(terms)), token ?? NOBODY, account],
    })
    const tag = `payOut ${account} ${token ?? 'coin'} ${earned.map(({ id }: { id: OfferId }) => id.slice(2, 10))}`
    const sent = await gas.submit(
      { tag, to: market, data, until: null, worth: token === null ? due : null },
      () => {},
    )
    if (sent.ok) return ok('sent')
    // An account that does not take it, or paid out a moment ago, stands in no other's way.
    if (sent.error.kind !== 'callReverts' && sent.error.kind !== 'notWorthIt') return sent
  }
  return ok('nothingDue')
}

const shareOf = ({ shares }: OfferTerms, account: Address): bigint =>
  shares.reduce((sum, { payee, amount }) => (payee === account ? sum + amount : sum), 0n)
