// The end of thanks for a file: what is left comes back at once where the peer agrees, and after its delay where it does not.
import { join } from 'node:path'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import type { Address } from '../../src/core/bytes.ts'
import { type Failure, ok, type Result } from '../../src/core/result.ts'
import { type Agreement, askToClose, type ChannelEnd, endChannel } from '../channels/endChannel.ts'
import { openPurse } from '../channels/payerPurse.ts'
import { type KeptSponsorship, keptFor, type Sponsorship } from './sponsorPeer.ts'

interface Ended {
  readonly payee: Address
  readonly state: ChannelEnd
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
    const state = await endChannel(sponsorship, each.terms, () => agree(sponsorship, each, addresses), now)
    if (!state.ok) return state
    ended.push({ payee: each.terms.payee, state: state.value })
  }
  return ok(ended)
}

async function agree(
  sponsorship: Sponsorship,
  { terms, secretKey }: KeptSponsorship,
  addresses: readonly Multiaddr[],
): Promise<Result<Agreement, Failure>> {
  const { domain, read } = sponsorship
  const directory = join(sponsorship.directory, 'purses')
  const purse = await openPurse({ directory, domain, terms, secretKey, read, isEnding: true })
  return purse.ok ? askToClose(sponsorship, purse.value, addresses) : purse
}
