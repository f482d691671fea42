// Blocks for vouchers: the payee's side of /fob/serve/1.0.0, over any stream and any store of blocks.
import { CID } from 'multiformats/cid'
import { type Bytes, toHex } from '../bytes.ts'
import type { MessageStream } from '../p2p/messageStream.ts'
import type { ChannelDomain, ChannelTerms } from './channel.ts'
import type { PayeeLedger } from './payeeLedger.ts'
import type { ServeMessage, ServeOffer, ServeRefusal } from './serveMessage.ts'
import { type ChannelDemand, priceOf } from './standing.ts'

export interface SaleOptions {
  readonly domain: ChannelDomain
  readonly demand: ChannelDemand
  /** Per 64 KiB that a block has begun, in the asset's smallest unit. */
  readonly pricePerUnit: bigint
  readonly ledger: PayeeLedger
  /** A block that is for sale; undefined where it is not here. */
  readonly readBlock: (cid: CID) => Promise<Bytes | undefined>
  /** A block went out for a voucher, or again for the same one. */
  readonly onSold?: (block: Bytes) => void
  /** Blocks of 64 KiB of this file that were given away, by this side's own count: for a sponsor. Absent: nobody is told. */
  readonly givenAway?: (cid: CID) => number
}

type Stream = MessageStream<ServeMessage>

/** Answers one message after the other until the payer is gone, or silent for `silenceMs`. */
export async function sellOver(stream: Stream, options: SaleOptions, silenceMs: number): Promise<void> {
  let terms: ChannelTerms | null = null
  for (;;) {
    const received = await stream.receive(silenceMs)
    if (!received.ok) {
      if (received.error.kind === 'streamMalformed') await refuse(stream, 'malformed', 'no message of ours')
      return
    }
    const message = received.value
    let goesOn: boolean
    if (message.kind === 'ask') goesOn = await answerAsk(stream, options, message.cid)
    else if (message.kind === 'count') goesOn = await answerCount(stream, options, message.cid)
    else if (message.kind === 'get') goesOn = await isSent(stream, refusalOf('notFree', 'ask'))
    else if (message.kind === 'channel') {
      const met = await answerChannel(stream, options, message.terms)
      terms = met ? message.terms : null
      goesOn = met
    } else if (message.kind === 'want' && terms !== null) {
      goesOn = await answerWant(stream, options, terms, message.cid)
    } else if (message.kind === 'voucher' && terms !== null) {
      goesOn = await answerVoucher(stream, options, terms, message)
    } else if (message.kind === 'close' && terms !== null) {
      goesOn = await answerClose(stream, options, terms, message)
    } else {
      await refuse(stream, 'malformed', terms === null ? 'which channel?' : `${message.kind} is ours to say`)
      return
    }
    if (!goesOn) return
  }
}

async function answerAsk(stream: Stream, options: SaleOptions, bytes: Uint8Array): Promise<boolean> {
  const cid = cidOf(bytes)
  const length = cid === undefined ? undefined : (await options.readBlock(cid))?.length
  const offer = offerOf(options)
  return isSent(stream, { kind: 'offer', isHere: length !== undefined, length: length ?? 0, offer })
}

function offerOf({ domain, demand, pricePerUnit }: SaleOptions): ServeOffer {
  const { payee, token, minExitDelay } = demand
  return { ...domain, payee, token, pricePerUnit, minExitDelay }
}

async function answerChannel(stream: Stream, { ledger }: SaleOptions, terms: ChannelTerms): Promise<boolean> {
  const met = await ledger.meet(terms)
  if (!met.ok) {
    const { kind, detail } = met.error
    const refusal = kind.startsWith('channel') ? 'channelRefused' : 'unable'
    await refuse(stream, refusal, `${kind}: ${detail ?? ''}`)
    return false
  }
  const { delivered, accepted, lent } = met.value
  return isSent(stream, {
    kind: 'standing',
    delivered,
    accepted,
    lent: lent === null ? new Uint8Array() : CID.parse(lent).bytes,
  })
}

async function answerCount(stream: Stream, { givenAway }: SaleOptions, bytes: Uint8Array): Promise<boolean> {
  const cid = cidOf(bytes)
  if (cid === undefined || givenAway === undefined)
    return isSent(stream, refusalOf('notHere', 'nothing is counted'))
  return isSent(stream, { kind: 'counted', blocks: givenAway(cid) })
}

async function answerWant(
  stream: Stream,
  { readBlock, ledger, pricePerUnit, onSold }: SaleOptions,
  terms: ChannelTerms,
  bytes: Uint8Array,
): Promise<boolean> {
  const cid = cidOf(bytes)
  const block = cid && (await readBlock(cid))
  if (cid === undefined || block === undefined) return isSent(stream, refusalOf('notHere', toHex(bytes)))
  const lent = await ledger.lend(terms, cid.toString(), priceOf(block.length, pricePerUnit))
  if (lent.ok) {
    const sent = await isSent(stream, { kind: 'block', delivered: lent.value.delivered, bytes: block })
    if (sent) onSold?.(block)
    return sent
  }
  const { kind } = lent.error
  if (kind === 'unpaid') return isSent(stream, refusalOf('unpaid', `${lent.error.lent} first`))
  if (kind === 'depositExhausted')
    return isSent(stream, refusalOf('depositExhausted', `${lent.error.left} left`))
  await refuse(stream, kind.startsWith('channel') ? 'channelRefused' : 'unable', kind)
  return false
}

async function answerVoucher(
  stream: Stream,
  { ledger }: SaleOptions,
  terms: ChannelTerms,
  { voucher }: Extract<ServeMessage, { kind: 'voucher' }>,
): Promise<boolean> {
  const accepted = await ledger.accept(terms, voucher)
  if (accepted.ok) return isSent(stream, { kind: 'accepted', amount: voucher.amount })
  await refuse(stream, 'voucherRefused', accepted.error.kind)
  return false
}

async function answerClose(
  stream: Stream,
  { ledger }: SaleOptions,
  terms: ChannelTerms,
  { request }: Extract<ServeMessage, { kind: 'close' }>,
): Promise<boolean> {
  const closed = await ledger.close(terms, request)
  if (closed.ok) {
    const consent = closed.value
    return isSent(
      stream,
      consent ? { kind: 'closing', consent } : refusalOf('later', 'its account has to sign'),
    )
  }
  const { kind } = closed.error
  if (kind === 'unpaid') return isSent(stream, refusalOf('unpaid', `${closed.error.lent} first`))
  if (kind === 'closeAmount' || kind === 'closeInvalid') await refuse(stream, 'voucherRefused', kind)
  else await refuse(stream, kind.startsWith('channel') ? 'channelRefused' : 'unable', kind)
  return false
}

const refusalOf = (refusal: ServeRefusal, detail: string): ServeMessage => ({
  kind: 'refusal',
  refusal,
  detail,
})

export const refuse = (stream: Stream, refusal: ServeRefusal, detail: string) =>
  stream.send(refusalOf(refusal, detail))

async function isSent(stream: Stream, message: ServeMessage): Promise<boolean> {
  return (await stream.send(message)).ok
}

/** undefined where the bytes are no CID, or more than one. */
function cidOf(bytes: Uint8Array): CID | undefined {
  try {
    return CID.decode(bytes)
  } catch {
    // CID.decode throws for anything malformed.
    return undefined
  }
}
