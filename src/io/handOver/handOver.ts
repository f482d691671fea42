// Gives a held file to the phone next to this one, or takes it: the block protocol of every other peer, over a link of two codes.
import { CID } from 'multiformats/cid'
import type { HandOver, HandOverFailure, HandOverState } from '../../app/ports/handOver.ts'
import type { Platform } from '../../app/ports/platform.ts'
import { toHex } from '../../core/bytes.ts'
import {
  readAnswerCode,
  readOfferCode,
  writeAnswerCode,
  writeOfferCode,
} from '../../core/handOver/handOverCode.ts'
import { giveOver } from '../../core/p2p/giveBlocks.ts'
import { type MessageStream, messageStream } from '../../core/p2p/messageStream.ts'
import { takeOver } from '../../core/p2p/takeBlocks.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import {
  decodeServeMessage,
  encodeServeMessage,
  maxServeMessage,
  type ServeMessage,
} from '../../core/voucher/serveMessage.ts'
import { createBlockPool } from '../ipfs/blockPool.ts'
import { openBrowserBlocks } from '../ipfs/browserBlocks.ts'
import { fetchFile } from '../ipfs/fetchFile.ts'
import { matchesCid } from '../ipfs/matchesCid.ts'
import type { BlockSource } from '../ipfs/source.ts'
import { collectBlocks, createStoredBlocks, holdsFile, type StoredBlocks } from '../ipfs/storedBlocks.ts'
import { dataChannelStream } from './dataChannelStream.ts'
import { answerLink, offerLink } from './link.ts'

/** Milliseconds without a request of the other phone, and without an answer of it. */
const SILENCE_MS = 60_000
const TIMES = {
  gatewayHeadStart: 0,
  sellerHeadStart: 0,
  arrival: 60_000,
  patience: 60_000,
  silence: 30_000,
  backOff: 1_000,
} as const

type Tell = (state: HandOverState) => void

export function createHandOver(platform: Pick<Platform, 'timer' | 'storageEstimate'>): HandOver {
  const { timer } = platform
  let opening: Promise<StoredBlocks> | undefined
  const storedBlocks = (): Promise<StoredBlocks> => {
    opening ??= openBrowserBlocks().then(createStoredBlocks)
    return opening
  }
  const framed = (channel: RTCDataChannel): MessageStream<ServeMessage> =>
    messageStream(
      dataChannelStream(channel),
      { encode: encodeServeMessage, decode: decodeServeMessage },
      { messageBytes: maxServeMessage, queued: 256, sendMs: SILENCE_MS },
      timer,
    )

  async function giveFile(root: CID, size: number, channel: RTCDataChannel, tell: Tell): Promise<void> {
    const stored = await storedBlocks()
    const blocks = new Set<string>()
    await collectBlocks(stored, root, blocks)
    const given = new Set<string>()
    let done = 0
    tell({ kind: 'moving', done, total: size })
    await giveOver(
      framed(channel),
      'the phone next to this one',
      {
        room: async () => {},
        async read(cid) {
          const bytes = blocks.has(toHex(cid.multihash.bytes)) ? await stored.get(cid) : undefined
          return bytes ? ok(bytes) : fail({ kind: 'notHere' })
        },
        given(_peer, cid, bytes) {
          given.add(toHex(cid.multihash.bytes))
          done = Math.min(size, done + bytes)
          tell({ kind: 'moving', done, total: size })
        },
      },
      SILENCE_MS,
    )
    // What the other phone had before was not asked for: it ends the link itself when it has the whole file.
    const isOver = given.size > 0
    tell(isOver ? { kind: 'done' } : failedWith({ kind: 'linkFailed', detail: 'nothing was asked for' }))
  }

  async function takeFile(root: CID, size: number, channel: RTCDataChannel, tell: Tell): Promise<void> {
    const stored = await storedBlocks()
    const taker = takeOver(framed(channel), timer, { answer: SILENCE_MS / 2, idle: SILENCE_MS })
    const source: BlockSource = {
      name: 'the phone next to this one',
      kind: 'peer',
      maxInFlight: 8,
      async get(cid, { maxBytes }) {
        const taken = await taker.get(cid, maxBytes)
        if (taken.ok) return taken
        const { kind, detail } = taken.error
        if (kind === 'wrongAnswer') return fail({ kind: 'wrongBytes', detail })
        return fail({ kind: kind === 'takeEnded' ? 'unreachable' : 'lacksBlock', detail })
      },
    }
    const pool = createBlockPool({ timer, times: TIMES, isBlock: matchesCid })
    pool.add(source)
    tell({ kind: 'moving', done: 0, total: size })
    const fetched = await fetchFile({
      root,
      maxSize: size,
      stored,
      openPool: () => pool,
      async ensureRoom(needed) {
        const estimate = await platform.storageEstimate()
        return estimate && estimate.free < needed
          ? fail({ kind: 'storageFull', needed, free: estimate.free })
          : ok(null)
      },
      onProgress: ({ received, total }) => tell({ kind: 'moving', done: received, total }),
    })
    pool.close()
    taker.end('the file is here')
    tell(
      fetched.ok
        ? { kind: 'done' }
        : failedWith({ kind: 'handOverIncomplete', detail: `${fetched.error.kind} ${pool.report().detail}` }),
    )
  }

  /** Whatever goes wrong once the two have met is a state of the hand-over. */
  function run(
    channel: Promise<Result<RTCDataChannel, HandOverFailure>>,
    tell: Tell,
    move: (channel: RTCDataChannel) => Promise<void>,
  ): void {
    channel
      .then(met => (met.ok ? move(met.value) : tell(failedWith(met.error))))
      .catch((error: unknown) => tell(failedWith({ kind: 'linkFailed', detail: String(error) })))
  }

  return {
    async give({ cid, size }, tell) {
      const root = CID.parse(cid)
      if (!(await holdsFile(await storedBlocks(), root))) return fail({ kind: 'fileNotHere' })
      const link = await offerLink(timer)
      if (!link.ok) return link
      const { session, channel, meet, end } = link.value
      run(channel, tell, open => giveFile(root, size, open, tell))
      return ok({
        code: writeOfferCode(root.bytes, size, session),
        async meet(code) {
          const answer = readAnswerCode(code)
          return answer ? meet(answer) : fail({ kind: 'notAHandOverCode' })
        },
        end,
      })
    },
    async take(code, tell) {
      const offer = readOfferCode(code)
      if (!offer) return fail({ kind: 'notAHandOverCode' })
      const { cid, size } = offer
      const link = await answerLink(timer, offer.session)
      if (!link.ok) return link
      const { session, channel, end } = link.value
      run(channel, tell, open => takeFile(CID.parse(cid), size, open, tell))
      return ok({ code: writeAnswerCode(session), cid, size, end })
    },
  }
}

const failedWith = (failure: HandOverFailure): HandOverState => ({ kind: 'failed', failure })
