// How a device account pays for its own update: peers are asked for their price, the rules are asked once for the image.
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Libp2p } from 'libp2p'
import type { CID } from 'multiformats/cid'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { budgetOf } from '../../src/core/voucher/budget.ts'
import type { PaidPeer } from '../../src/core/voucher/buyBlocks.ts'
import type { ChannelDomain } from '../../src/core/voucher/channel.ts'
import type { PayerPurse } from '../../src/core/voucher/payerPurse.ts'
import { paidBlocksOf } from '../../src/core/voucher/standing.ts'
import { askPaidPeer } from '../channels/paidPeer.ts'
import type { AgentAccount } from './account.ts'
import type { BlockKeeper, PaidFetch } from './fetchFirmware.ts'
import type { Reservation } from './spending.ts'

export interface UpdatePayment {
  readonly libp2p: Libp2p
  readonly domain: ChannelDomain
  readonly account: AgentAccount
  readonly peers: readonly Multiaddr[]
  readonly blocks: BlockKeeper
  /** For the log. */
  readonly what: string
}

export interface UpdatePurchase {
  /** For `fetchFirmware`. */
  open(root: CID, missing: number): Promise<Result<PaidFetch, Failure>>
  /** Ends the streams, and frees what was reserved and not spent. To be called whatever happened. */
  close(): Promise<void>
}

/** Failures after which the same peer is met once more: the line broke, nobody lied. */
const isBrokenLine = ({ kind }: Failure) => kind === 'streamEnded' || kind === 'streamSilent'

export function payForUpdate(payment: UpdatePayment): UpdatePurchase {
  const { libp2p, domain, account, blocks, what } = payment
  let peer: PaidPeer | null = null
  let reservation: Reservation | null = null
  let spentBefore = 0n

  const spent = () => spentBefore + (peer?.spent() ?? 0n)
  async function leave(): Promise<void> {
    spentBefore = spent()
    await peer?.close()
    peer = null
  }

  /** Meets a peer again, or for the first time, with what is left of the reservation. */
  async function meet(met: PaidPeer, purse: PayerPurse, limit: bigint): Promise<Result<null, Failure>> {
    peer = met
    const begun = await met.begin(purse, { held: cid => blocks.get(cid), budget: budgetOf(limit) })
    if (!begun.ok) await leave()
    return begun
  }

  async function openAt(address: Multiaddr, root: CID, missing: number): Promise<Result<PaidFetch, Failure>> {
    const asked = await askPaidPeer({ libp2p, domain, address, root })
    if (!asked.ok) return asked
    const { offer } = asked.value
    const ceiling = BigInt(paidBlocksOf(missing)) * offer.pricePerUnit
    const purse = await account.purseFor(offer.payee, offer.token)
    if (!purse.ok) {
      await asked.value.close()
      return purse
    }
    const { payee, token } = offer
    const reserved = account.spending.reserve({ purpose: 'ownUpdates', token, amount: ceiling, payee }, what)
    if (!reserved.ok) {
      await asked.value.close()
      const { kind } = reserved.error
      return fail({ kind, detail: `${ceiling} for ${what}, asked by ${payee}` })
    }
    reservation = reserved.value
    const begun = await meet(asked.value, purse.value, ceiling)
    if (!begun.ok) return begun

    return ok(async (cid, keep) => {
      const first = peer === null ? fail<Failure>({ kind: 'streamEnded' }) : await peer.fetch(cid, keep)
      if (first.ok || !isBrokenLine(first.error)) return first
      await leave()
      const again = await askPaidPeer({ libp2p, domain, address, root })
      if (!again.ok) return again
      if (again.value.offer.pricePerUnit !== offer.pricePerUnit || again.value.offer.payee !== payee) {
        await again.value.close()
        return fail({ kind: 'offerChanged', detail: `${again.value.offer.pricePerUnit} for 64 KiB now` })
      }
      const begun = await meet(again.value, purse.value, ceiling - spent())
      if (!begun.ok) return begun
      // Where the line broke after the block came, it is here, and its voucher was sent again just now.
      const held = await blocks.get(cid)
      if (held !== undefined) return ok(Uint8Array.from(held))
      return peer === null ? first : peer.fetch(cid, keep)
    })
  }

  return {
    async open(root, missing) {
      let last: Failure = { kind: 'noSource', detail: 'no peer that sells' }
      for (const address of payment.peers) {
        const opened = await openAt(address, root, missing)
        if (opened.ok) return opened
        last = opened.error
        // A refusal of the rules is the answer, unless another peer asks for less.
        if (reservation !== null) break
      }
      return fail(last)
    },
    async close() {
      await leave()
      reservation?.settle(spentBefore)
      reservation = null
    },
  }
}
