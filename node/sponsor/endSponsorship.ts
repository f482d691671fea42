// The end of thanks for a file: what is left comes back at once where the peer agrees, and after its delay where it does not.
import { join } from 'node:path'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import type { Address, Hex } from '../../src/core/bytes.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { budgetOf } from '../../src/core/voucher/budget.ts'
import { channelIdOf } from '../../src/core/voucher/channel.ts'
import { askPaidPeer } from '../agent/paidBlocks.ts'
import { openPurse } from '../channels/payerPurse.ts'
import { type KeptSponsorship, keptFor, type Sponsorship } from './sponsorPeer.ts'

interface Ended {
  readonly payee: Address
  /** `leaving`: Unix seconds from which the rest can be taken, by the same once more. */
  readonly state:
    | { readonly kind: 'closed'; readonly transaction: Hex; readonly refund: bigint }
    | { readonly kind: 'leaving'; readonly until: number; readonly why: string }
    | { readonly kind: 'overBefore' }
}

/** `addresses`: where the peers may be met. Throws where the chain refuses; fails where it can't be read. */
export async function endSponsorship(
  sponsorship: Sponsorship,
  root: CID,
  addresses: readonly Multiaddr[],
  now: number,
): Promise<Result<readonly Ended[], Failure>> {
  const kept = keptFor(sponsorship.directory, root)
  if (!kept.ok) return kept
  const ended: Ended[] = []
  for (const each of kept.value) {
    const state = await endOne(sponsorship, each, root, addresses, now)
    if (!state.ok) return state
    ended.push({ payee: each.terms.payee, state: state.value })
  }
  return ok(ended)
}

async function endOne(
  sponsorship: Sponsorship,
  kept: KeptSponsorship,
  root: CID,
  addresses: readonly Multiaddr[],
  now: number,
): Promise<Result<Ended['state'], Failure>> {
  const { read, transactions, account } = sponsorship
  const { terms } = kept
  const onChain = await read(channelIdOf(terms))
  if (!onChain.ok) return onChain
  const { deposit, claimed, exitAt } = onChain.value
  if (deposit === 0n || exitAt === 1) return ok({ kind: 'overBefore' })
  if (exitAt > 1 && exitAt <= now) {
    const transaction = await transactions.finishExit(account, terms)
    return ok({ kind: 'closed', transaction, refund: deposit - claimed })
  }
  const agreed = await askEach(sponsorship, kept, root, addresses)
  if (agreed.ok) {
    const { consent, voucher } = agreed.value
    const transaction = await transactions.close(account, terms, consent, voucher)
    return ok({ kind: 'closed', transaction, refund: deposit - consent.amount })
  }
  const why = agreed.error.detail ?? agreed.error.kind
  if (exitAt !== 0) return ok({ kind: 'leaving', until: exitAt, why })
  await transactions.startExit(account, terms)
  return ok({ kind: 'leaving', until: now + terms.exitDelay, why })
}

async function askEach(
  { libp2p, domain, read, directory }: Sponsorship,
  { terms, secretKey }: KeptSponsorship,
  root: CID,
  addresses: readonly Multiaddr[],
) {
  const purse = await openPurse({
    directory: join(directory, 'purses'),
    domain,
    terms,
    secretKey,
    read,
    isEnding: true,
  })
  if (!purse.ok) return purse
  for (const address of addresses) {
    const met = await askPaidPeer({ libp2p, address, domain, root, isAnyBlock: true })
    if (!met.ok) continue
    try {
      if (met.value.offer.payee !== terms.payee) continue
      const held = async () => undefined
      // What thanks were promised for is paid: nothing is owed, and nothing is signed here.
      const begun = await met.value.begin(purse.value, { held, budget: budgetOf(0n) })
      if (!begun.ok) return begun
      const consent = await met.value.askToClose()
      return consent.ok ? ok({ consent: consent.value, voucher: purse.value.last() }) : consent
    } finally {
      await met.value.close()
    }
  }
  return fail<Failure>({ kind: 'payeeNotThere', detail: 'it was not found' })
}
