// Blocks for vouchers: the payee's side of /fob/serve/1.0.0, over any block store.
import type { Connection, Stream } from '@libp2p/interface'
import type { Libp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import { toHex } from '../../src/core/bytes.ts'
import type { ChannelDomain, ChannelTerms } from '../../src/core/voucher/channel.ts'
import {
  maxPayerMessage,
  type ServeMessage,
  type ServeOffer,
  type ServeRefusal,
  serveProtocol,
} from '../../src/core/voucher/serveMessage.ts'
import { type ChannelDemand, priceOf } from '../../src/core/voucher/standing.ts'
import type { PayeeLedger } from '../channels/payeeLedger.ts'
import { type ServeStream, serveStream } from '../channels/serveStream.ts'
import { parseCid } from './firmwareFile.ts'
import { type BlockSource, readBlock } from './gateway.ts'

export interface SellOptions {
  readonly domain: ChannelDomain
  readonly demand: ChannelDemand
  /** Per 64 KiB that a block has begun, in the asset's smallest unit. */
  readonly pricePerUnit: bigint
  readonly ledger: PayeeLedger
  readonly blocks: BlockSource
  readonly limits?: Partial<SellLimits>
}

export interface SellLimits {
  /** Streams at once, in all and of one peer. */
  readonly streams: number
  readonly streamsPerPeer: number
  /** Milliseconds without a message from the payer. */
  readonly silenceMs: number
}

const usual: SellLimits = { streams: 64, streamsPerPeer: 4, silenceMs: 30_000 }

export interface Seller {
  /** Streams that are open now. */
  streams(): number
  stop(): Promise<void>
}

export async function sellBlocks(libp2p: Libp2p, options: SellOptions): Promise<Seller> {
  const limits = { ...usual, ...options.limits }
  const open = new Set<ServeStream>()
  const handle = (stream: Stream, _connection: Connection): void => {
    const messages = serveStream(stream, {
      messageBytes: maxPayerMessage,
      queued: 2,
      sendMs: limits.silenceMs,
    })
    if (open.size >= limits.streams) {
      void refuse(messages, 'busy', 'too many streams').then(() => messages.close())
      return
    }
    open.add(messages)
    serveOne(messages, options, limits.silenceMs)
      // A block that can't be read, a disk that can't be written: said to the payer, and over.
      .catch(() => refuse(messages, 'unable', 'an unexpected error'))
      .finally(() => {
        open.delete(messages)
        void messages.close()
      })
  }
  await libp2p.handle(serveProtocol, handle, { maxInboundStreams: limits.streamsPerPeer })
  return {
    streams: () => open.size,
    async stop() {
      await libp2p.unhandle(serveProtocol)
      for (const stream of open) stream.abort('the seed ends')
    },
  }
}

/** Answers one message after the other until the payer is gone. */
async function serveOne(stream: ServeStream, options: SellOptions, silenceMs: number): Promise<void> {
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
    else if (message.kind === 'channel') {
      const met = await answerChannel(stream, options, message.terms)
      terms = met ? message.terms : null
      goesOn = met
    } else if (message.kind === 'want' && terms !== null) {
      goesOn = await answerWant(stream, options, terms, message.cid)
    } else if (message.kind === 'voucher' && terms !== null) {
      goesOn = await answerVoucher(stream, options, terms, message)
    } else {
      await refuse(stream, 'malformed', terms === null ? 'which channel?' : `${message.kind} is ours to say`)
      return
    }
    if (!goesOn) return
  }
}

async function answerAsk(stream: ServeStream, options: SellOptions, bytes: Uint8Array): Promise<boolean> {
  const cid = cidOf(bytes)
  const length = cid === undefined ? undefined : await lengthOf(options.blocks, cid)
  const offer = offerOf(options)
  return isSent(stream, { kind: 'offer', isHere: length !== undefined, length: length ?? 0, offer })
}

function offerOf({ domain, demand, pricePerUnit }: SellOptions): ServeOffer {
  const { payee, token, minExitDelay } = demand
  return { ...domain, payee, token, pricePerUnit, minExitDelay }
}

async function answerChannel(
  stream: ServeStream,
  { ledger }: SellOptions,
  terms: ChannelTerms,
): Promise<boolean> {
  const met = await ledger.meet(terms)
  if (!met.ok) {
    const { kind, detail } = met.error
    const refusal = kind.startsWith('channel') ? 'channelRefused' : 'unable'
    await refuse(stream, refusal, `${kind}: ${detail ?? ''}`)
    return false
  }
  const { delivered, accepted, lent } = met.value
  const owed = lent === null ? undefined : parseCid(lent)
  return isSent(stream, { kind: 'standing', delivered, accepted, lent: owed?.bytes ?? new Uint8Array() })
}

async function answerWant(
  stream: ServeStream,
  { blocks, ledger, pricePerUnit }: SellOptions,
  terms: ChannelTerms,
  bytes: Uint8Array,
): Promise<boolean> {
  const cid = cidOf(bytes)
  if (cid === undefined || !(await blocks.has(cid))) return isSent(stream, refusalOf('notHere', toHex(bytes)))
  const block = await readBlock(blocks, cid)
  const lent = await ledger.lend(terms, cid.toString(), priceOf(block.length, pricePerUnit))
  if (lent.ok) return isSent(stream, { kind: 'block', delivered: lent.value.delivered, bytes: block })
  const { kind } = lent.error
  if (kind === 'unpaid') return isSent(stream, refusalOf('unpaid', `${lent.error.lent} first`))
  if (kind === 'depositExhausted')
    return isSent(stream, refusalOf('depositExhausted', `${lent.error.left} left`))
  await refuse(stream, kind.startsWith('channel') ? 'channelRefused' : 'unable', kind)
  return false
}

async function answerVoucher(
  stream: ServeStream,
  { ledger }: SellOptions,
  terms: ChannelTerms,
  { voucher }: Extract<ServeMessage, { kind: 'voucher' }>,
): Promise<boolean> {
  const accepted = await ledger.accept(terms, voucher)
  if (accepted.ok) return isSent(stream, { kind: 'accepted', amount: voucher.amount })
  await refuse(stream, 'voucherRefused', accepted.error.kind)
  return false
}

const refusalOf = (refusal: ServeRefusal, detail: string): ServeMessage => ({
  kind: 'refusal',
  refusal,
  detail,
})

const refuse = (stream: ServeStream, refusal: ServeRefusal, detail: string) =>
  stream.send(refusalOf(refusal, detail))

async function isSent(stream: ServeStream, message: ServeMessage): Promise<boolean> {
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

async function lengthOf(blocks: BlockSource, cid: CID): Promise<number | undefined> {
  return (await blocks.has(cid)) ? (await readBlock(blocks, cid)).length : undefined
}
