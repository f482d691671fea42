// Everybody who may hold a file, and who of them gives it when asked now: peers and gateways of the network, and whom its relays know.
import { UnsupportedProtocolError } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { Libp2p } from 'libp2p'
import type { CID } from 'multiformats/cid'
import { takeOver } from '../../src/core/p2p/takeBlocks.ts'
import { fail, ok, type Result } from '../../src/core/result.ts'
import { maxServeMessage, serveProtocol } from '../../src/core/voucher/serveMessage.ts'
import { gatewaySource } from '../agent/freeSources.ts'
import { type ServeStream, serveStream } from '../channels/serveStream.ts'
import { findHolders } from '../seed/providers.ts'
import { systemTimer } from '../systemTimer.ts'
import { type AskForBlock, type SampleFailure, sampleFile } from './sampleFile.ts'

export interface Holder {
  /** A peer id, or a gateway's URL. */
  readonly name: string
  /** Whether network.json names it; else it was found through a relay. */
  readonly isNamed: boolean
  /** Blocks that it gave, each compared with its CID, or why it gave none. */
  readonly answer: Result<number, SampleFailure>
}

interface NamedPlaces {
  /** Multiaddrs. */
  readonly peers: readonly string[]
  /** Base URLs. */
  readonly gateways: readonly string[]
}

const DIAL_MS = 20_000
const ANSWER_MS = 15_000
/** Asked at a time. */
const AT_ONCE = 4

/** One of each peer, however many addresses it has: named ones first. `leaves`: how many are asked for beside the root. */
export async function askHolders(
  libp2p: Libp2p,
  { peers, gateways }: NamedPlaces,
  root: CID,
  leaves: number,
): Promise<readonly Holder[]> {
  const named = Map.groupBy(peers.map(multiaddr), idOf)
  const found = Map.groupBy((await findHolders(libp2p, peers, root.bytes)).map(multiaddr), idOf)
  const questions: (() => Promise<Holder>)[] = [
    ...[...named].map(
      ([name, ways]) =>
        () =>
          askPeer(name, ways, true),
    ),
    ...gateways.map(base => () => askGateway(base)),
    ...[...found]
      .filter(([name]) => !named.has(name))
      .map(
        ([name, ways]) =>
          () =>
            askPeer(name, ways, false),
      ),
  ]
  const holders: Holder[] = []
  for (let at = 0; at < questions.length; at += AT_ONCE)
    holders.push(...(await Promise.all(questions.slice(at, at + AT_ONCE).map(question => question()))))
  return holders

  async function askPeer(name: string, ways: readonly Multiaddr[], isNamed: boolean): Promise<Holder> {
    let answer: Holder['answer'] = fail({ kind: 'unreachable', detail: 'no address' })
    // The last one once more: over WebRTC both sides must be quick at the same moment.
    for (const way of [...ways, ...ways.slice(-1)]) {
      answer = await sampleAt(libp2p, way, root, leaves)
      if (answer.ok || answer.error.kind !== 'unreachable') break
    }
    return { name, isNamed, answer }
  }

  async function askGateway(base: string): Promise<Holder> {
    const source = gatewaySource(base)
    const ask: AskForBlock = async cid => {
      const bytes = await source.get(cid, AbortSignal.timeout(ANSWER_MS))
      return bytes ? ok(bytes) : fail({ kind: 'lacksBlock', detail: 'it has none, or does not answer' })
    }
    return { name: base, isNamed: true, answer: await sampleFile(ask, root, leaves) }
  }
}

async function sampleAt(
  libp2p: Libp2p,
  address: Multiaddr,
  root: CID,
  leaves: number,
): Promise<Holder['answer']> {
  try {
    const taker = takeOver(await openStream(libp2p, address), systemTimer, {
      answer: ANSWER_MS,
      idle: ANSWER_MS,
    })
    const ask: AskForBlock = async (cid, maxBytes) => {
      const taken = await taker.get(cid, maxBytes)
      return taken.ok ? taken : fail({ kind: meanings[taken.error.kind], detail: taken.error.detail })
    }
    const answer = await sampleFile(ask, root, leaves)
    taker.end('that was all')
    if (answer.ok || answer.error.kind !== 'sells') return answer
    return fail(await askForPrice(await openStream(libp2p, address), root))
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return fail({ kind: error instanceof UnsupportedProtocolError ? 'otherProtocol' : 'unreachable', detail })
  }
}

const meanings = {
  notFree: 'sells',
  notHere: 'lacksBlock',
  wrongAnswer: 'wrongBytes',
  takeEnded: 'unreachable',
} as const

/** Throws where nobody answers, or it speaks another protocol. */
async function openStream(libp2p: Libp2p, address: Multiaddr): Promise<ServeStream> {
  const stream = await libp2p.dialProtocol(address, serveProtocol, { signal: AbortSignal.timeout(DIAL_MS) })
  return serveStream(stream, { messageBytes: maxServeMessage, queued: 4, sendMs: ANSWER_MS })
}

/** Who sells refuses whatever is asked for nothing: whether it has the file it says with its offer. */
async function askForPrice(stream: ServeStream, root: CID): Promise<SampleFailure> {
  await stream.send({ kind: 'ask', cid: root.bytes })
  const answered = await stream.receive(ANSWER_MS)
  void stream.close()
  if (!answered.ok) return { kind: 'unreachable', detail: answered.error.kind }
  const said = answered.value
  if (said.kind !== 'offer') return { kind: 'unreachable', detail: `${said.kind} is no offer` }
  return said.isHere
    ? { kind: 'sells', detail: `${said.offer.pricePerUnit} for each 64 KiB` }
    : { kind: 'lacksBlock', detail: 'it sells other files' }
}

/** The peer at the end of the way, not the relay on it. */
const idOf = (address: Multiaddr): string =>
  address.getComponents().findLast(({ name }) => name === 'p2p')?.value ?? address.toString()
