// Blocks from a peer that sells them: the payer's side of /fob/serve/1.0.0. Nothing is signed before the block was verified.
import type { CID } from 'multiformats/cid'
import type { Bytes } from '../bytes.ts'
import { decodeFileCid, isBlockOf, MAX_BLOCK_BYTES } from '../ipfs/block.ts'
import type { MessageStream } from '../p2p/messageStream.ts'
import { type Failure, fail, ok, type Result } from '../result.ts'
import { type Budget, budgetOf } from './budget.ts'
import type { ChannelDomain } from './channel.ts'
import type { PayerPurse } from './payerPurse.ts'
import type { ServeMessage, ServeOffer, ServeRefusal } from './serveMessage.ts'
import { isConsentOf, LONGEST_EXIT_DELAY, priceOf, type SignedVoucher } from './standing.ts'

/**
 * `kind`: peerUnreachable, notHere, offerForeign, wrongBlock, overcharged, budgetExhausted, peerRefused, or one of the
 * purse's and the stream's.
 */
export type PaidFailure = Failure

export interface PaidPeer {
  readonly offer: ServeOffer
  /** Meets under this channel, and settles what is owed from an earlier time. */
  begin(purse: PayerPurse, terms: PayingTerms): Promise<Result<null, PaidFailure>>
  /** A verified block. It is handed to `keep` before it is paid, so that a crash in between pays for nothing twice. */
  fetch(cid: CID, keep: (bytes: Bytes) => Promise<void>): Promise<Result<Bytes, PaidFailure>>
  /**
   * For a sponsor, after `begin`: asks how many blocks of this file it gave away, by its own count, and pays `perBlock` for each that
   * this channel has not paid yet, as far as the deposit goes. That they were distinct downloads, or any, nobody can prove.
   */
  thank(root: CID, perBlock: bigint): Promise<Result<Thanks, PaidFailure>>
  /**
   * After `begin`: asks for the end of the channel with what was signed away. The payee's consent, verified: with it, one
   * transaction pays both. `kind` askedToClose: it has written the wish down, and its person has to agree.
   */
  askToClose(): Promise<Result<SignedVoucher, PaidFailure>>
  /** What was signed away here, in all. */
  spent(): bigint
  close(): Promise<void>
}

export interface Thanks {
  /** What the peer says. */
  readonly blocks: number
  /** Just now, and in all. */
  readonly paid: bigint
  readonly inAll: bigint
}

interface PayingTerms {
  /** A block that is here already. */
  held(cid: CID): Promise<Uint8Array | undefined>
  /** What may be signed away; several sellers of one file share it. */
  readonly budget: Budget
}

export interface AskOptions {
  readonly domain: ChannelDomain
  /** The first block that is wanted: whether it is there is asked before anything is opened. */
  readonly root: CID
  /** Whoever has nothing of it will do: it is met about a channel, and not for blocks. */
  readonly isAnyBlock?: boolean
  /** Milliseconds for each answer. */
  readonly timeoutMs: number
}

/** The longest that a peer may owe in one block's price: blocks are at most 2 MiB. */
const largestPrice = (pricePerUnit: bigint) => priceOf(MAX_BLOCK_BYTES, pricePerUnit)

/** Asks over a stream that was just opened. Fails where nobody answers, the block is not there, or the offer is for another chain. */
export async function askSeller(
  stream: MessageStream<ServeMessage>,
  { domain, root, timeoutMs, isAnyBlock = false }: AskOptions,
): Promise<Result<PaidPeer, PaidFailure>> {
  async function ask(message: ServeMessage): Promise<Result<ServeMessage, PaidFailure>> {
    const sent = await stream.send(message)
    if (!sent.ok) return sent
    const received = await stream.receive(timeoutMs)
    if (!received.ok || received.value.kind !== 'refusal') return received
    const { refusal, detail } = received.value
    return fail({ kind: refusalKinds[refusal] ?? 'peerRefused', detail: `${refusal}: ${detail}` })
  }
  async function give<T>(result: Result<T, PaidFailure>): Promise<Result<T, PaidFailure>> {
    if (!result.ok) await stream.close()
    return result
  }

  const offered = await ask({ kind: 'ask', cid: root.bytes })
  if (!offered.ok) return give(offered)
  if (offered.value.kind !== 'offer') return give(unexpected(offered.value))
  const { isHere, offer } = offered.value
  if (!isHere && !isAnyBlock) return give(fail({ kind: 'notHere', detail: root.toString() }))
  if (offer.chainId !== domain.chainId || offer.paymentChannels !== domain.paymentChannels) {
    return give(fail({ kind: 'offerForeign', detail: `chain ${offer.chainId}, ${offer.paymentChannels}` }))
  }
  // Met about a channel that is there, it is let be: its delay is in its terms.
  if (offer.minExitDelay > LONGEST_EXIT_DELAY && !isAnyBlock) {
    return give(fail({ kind: 'offerForeign', detail: `locks what is put aside for ${offer.minExitDelay} s` }))
  }
  return ok(paidPeer(stream, ask, offer, domain))
}

const refusalKinds: Partial<Record<ServeRefusal, string>> = { notHere: 'notHere', later: 'askedToClose' }

function paidPeer(
  stream: MessageStream<ServeMessage>,
  ask: (message: ServeMessage) => Promise<Result<ServeMessage, PaidFailure>>,
  offer: ServeOffer,
  domain: ChannelDomain,
): PaidPeer {
  const { pricePerUnit } = offer
  let purse: PayerPurse | null = null
  let budget = budgetOf(0n)
  let spent = 0n

  async function want(
    cid: CID,
  ): Promise<Result<{ readonly bytes: Bytes; readonly delivered: bigint }, PaidFailure>> {
    const answer = await ask({ kind: 'want', cid: cid.bytes })
    if (!answer.ok) return answer
    if (answer.value.kind !== 'block') return unexpected(answer.value)
    const bytes = Uint8Array.from(answer.value.bytes)
    if (isBlockOf(cid, bytes)) return ok({ bytes, delivered: answer.value.delivered })
    stream.abort('a wrong block')
    return fail({ kind: 'wrongBlock', detail: cid.toString() })
  }

  const exhausted = (asked: bigint) =>
    fail<PaidFailure>({ kind: 'budgetExhausted', detail: `${budget.left()} left, ${asked} asked` })

  /** A block, verified and kept, and what is owed for it. */
  async function receive(
    from: PayerPurse,
    cid: CID,
    keep: (bytes: Bytes) => Promise<void>,
  ): Promise<Result<{ readonly bytes: Bytes; readonly owed: bigint }, PaidFailure>> {
    const before = from.signed()
    const received = await want(cid)
    if (!received.ok) return received
    const { bytes, delivered } = received.value
    const price = priceOf(bytes.length, pricePerUnit)
    if (delivered > before + price) {
      stream.abort('it asks for more than its price')
      return fail({ kind: 'overcharged', detail: `${delivered - before} for a block of ${price}` })
    }
    await keep(bytes)
    return ok({ bytes, owed: delivered - before })
  }

  /** For a block that was verified. That the voucher arrived is not waited for longer than for any message. */
  async function pay(from: PayerPurse, price: bigint): Promise<Result<null, PaidFailure>> {
    if (!budget.take(price)) return exhausted(price)
    const voucher = await from.pay(price)
    if (!voucher.ok) {
      budget.giveBack(price)
      return fail({ kind: voucher.error.kind, detail: amounts(voucher.error) })
    }
    spent += price
    const answer = await ask({ kind: 'voucher', voucher: voucher.value })
    if (!answer.ok) return answer
    return answer.value.kind === 'accepted' && answer.value.amount === voucher.value.amount
      ? ok(null)
      : unexpected(answer.value)
  }

  return {
    offer,
    spent: () => spent,
    async begin(from, { held, budget: shared }) {
      budget = shared
      const answer = await ask({ kind: 'channel', terms: from.terms })
      if (!answer.ok) return answer
      if (answer.value.kind !== 'standing') return unexpected(answer.value)
      const settled = await from.settle(answer.value, largestPrice(pricePerUnit))
      if (!settled.ok) return fail({ kind: settled.error.kind, detail: amounts(settled.error) })
      const { resend, owed } = settled.value
      if (resend !== null) {
        const answer = await ask({ kind: 'voucher', voucher: resend })
        if (!answer.ok) return answer
      }
      purse = from
      if (owed === 0n) return ok(null)
      // What is said to be owed is paid for only with the block at hand: the one that is here, or fetched again.
      const cid = decodeFileCid(answer.value.lent)
      if (!cid.ok) return fail({ kind: 'overcharged', detail: `${owed} for nothing that has a name` })
      const there = await held(cid.value)
      const fetched = there === undefined ? await want(cid.value) : ok({ bytes: Uint8Array.from(there) })
      if (!fetched.ok) return fetched
      const price = priceOf(fetched.value.bytes.length, pricePerUnit)
      if (owed > price) return fail({ kind: 'overcharged', detail: `${owed} for a block of ${price}` })
      return pay(from, owed)
    },
    async fetch(cid, keep) {
      if (purse === null) throw new Error('fetch before begin')
      // Set aside before it is asked for: else two sellers would each lend a block, and one could not be paid.
      if (!budget.take(pricePerUnit)) return exhausted(pricePerUnit)
      const received = await receive(purse, cid, keep).catch((error: unknown) => {
        budget.giveBack(pricePerUnit)
        throw error
      })
      // Given back and taken again without a pause, in which another seller's could come between.
      budget.giveBack(pricePerUnit)
      if (!received.ok) return received
      const { bytes, owed } = received.value
      const paid = owed > 0n ? await pay(purse, owed) : ok(null)
      return paid.ok ? ok(bytes) : paid
    },
    async thank(root, perBlock) {
      if (purse === null) throw new Error('thank before begin')
      const answer = await ask({ kind: 'count', cid: root.bytes })
      if (!answer.ok) return answer
      if (answer.value.kind !== 'counted') return unexpected(answer.value)
      const { blocks } = answer.value
      const due = perBlock * BigInt(blocks) - purse.signed()
      const left = purse.left()
      const paid = due > left ? left : due
      if (paid > 0n) {
        const sent = await pay(purse, paid)
        if (!sent.ok) return sent
      }
      return ok({ blocks, paid: paid > 0n ? paid : 0n, inAll: purse.signed() })
    },
    async askToClose() {
      if (purse === null) throw new Error('askToClose before begin')
      const request = await purse.requestClose()
      const answer = await ask({ kind: 'close', request })
      if (!answer.ok) return answer
      if (answer.value.kind !== 'closing') return unexpected(answer.value)
      const { consent } = answer.value
      const isGood = consent.amount === request.amount && isConsentOf(domain, purse.terms, consent)
      return isGood ? ok(consent) : fail({ kind: 'consentForged', detail: purse.terms.payee })
    },
    close: () => stream.close(),
  }
}

const unexpected = ({ kind }: ServeMessage) =>
  fail<PaidFailure>({ kind: 'streamMalformed', detail: `${kind} is no answer to that` })

const amounts = (error: object): string =>
  Object.entries(error)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
