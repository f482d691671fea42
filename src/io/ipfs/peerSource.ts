// One peer as a block source: dialled when it is needed, asked over one long stream, or over bitswap where it speaks that alone.
import type { HeliaWithLibp2p } from '@helia/libp2p'
import type { Connection, ServiceMap } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import { type BlockTaker, takeOver } from '../../core/p2p/takeBlocks.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { Timer } from '../../core/smp/transport.ts'
import { hostOf } from './addresses.ts'
import { createBitswapWants } from './bitswapWants.ts'
import { openServeStream } from './serveProtocol.ts'
import { type BlockFailure, type BlockRequest, type BlockSource, describe } from './source.ts'

export type Node = HeliaWithLibp2p<ServiceMap>

/** A dial to a host that drops packets would otherwise last as long as the fetch. */
const DIAL_MS = 8_000
const RETRY_MS = 400
/**
 * Blocks that are asked for at a time. A new WebRTC association loses packets where more comes at once than half a megabyte, and
 * then waits for them: ten megabytes between two tabs took 0.6 to 1.2 s with eight blocks under way, 0.9 to 4 s with sixty-four.
 */
const IN_FLIGHT = { webRtc: 8, other: 32 }
/** A stream that nobody needs is closed before the other side closes it. */
const TAKER_TIMES = { answer: 30_000, idle: 20_000 }

/** Dials, and once more after a short pause: a first WebRTC or WebSocket dial fails now and then for no lasting reason. */
export async function dialTwice(node: Node, address: Multiaddr, timer: Timer): Promise<Connection> {
  const dial = () => node.libp2p.dial(address, { signal: AbortSignal.timeout(DIAL_MS) })
  try {
    return await dial()
  } catch {
    await new Promise<void>(resolve => timer.after(RETRY_MS, resolve))
    return await dial()
  }
}

/** A connection with what is known of how to ask over it; null: over bitswap. */
interface Link {
  readonly connection: Connection
  readonly taker: BlockTaker | null
}

export function createPeerSource(node: Node, address: Multiaddr, timer: Timer): BlockSource {
  const bitswap = createBitswapWants(node, timer)
  let connecting: Promise<Connection> | undefined
  let connected: Connection | undefined
  let linking: Promise<Link> | undefined
  let linked: Link | undefined
  /** Requests whose answer somebody waits for. */
  let awaited = 0

  async function connect(): Promise<Connection> {
    if (connected?.status === 'open') return connected
    connecting ??= dialTwice(node, address, timer).finally(() => {
      connecting = undefined
    })
    connected = await connecting
    return connected
  }

  async function link(): Promise<Link> {
    if (linked?.connection.status === 'open' && linked.taker?.isEnded() !== true) return linked
    linking ??= open().finally(() => {
      linking = undefined
    })
    linked = await linking
    return linked
  }

  async function open(): Promise<Link> {
    const connection = await connect()
    const stream = await openServeStream(connection, timer)
    return { connection, taker: stream && takeOver(stream, timer, TAKER_TIMES) }
  }

  async function take(
    taker: BlockTaker,
    cid: CID,
    { maxBytes, signal }: BlockRequest,
  ): Promise<Result<Uint8Array, BlockFailure>> {
    let isAwaited = true
    const stopWaiting = () => {
      if (!isAwaited) return
      isAwaited = false
      awaited--
    }
    const onAbort = () => {
      stopWaiting()
      // What is still to come would only cost the person's data: the stream can't take requests back.
      if (awaited === 0) taker.end('nobody waits for the rest')
    }
    awaited++
    signal.addEventListener('abort', onAbort, { once: true })
    const taken = await taker.get(cid, maxBytes)
    signal.removeEventListener('abort', onAbort)
    stopWaiting()
    if (taken.ok) return taken
    const { kind, detail } = taken.error
    if (kind === 'wrongAnswer') return fail({ kind: 'wrongBytes', detail })
    return fail({ kind: kind === 'takeEnded' ? 'unreachable' : 'lacksBlock', detail })
  }

  return {
    name: hostOf(address),
    kind: 'peer',
    maxInFlight: isWebRtc(address) ? IN_FLIGHT.webRtc : IN_FLIGHT.other,
    async reach() {
      try {
        await connect()
        return ok(null)
      } catch (error) {
        return fail({ kind: 'unreachable', detail: describe(error) })
      }
    },
    async get(cid, request) {
      try {
        const { connection, taker } = await link()
        if (request.signal.aborted) return fail({ kind: 'unreachable', detail: 'aborted' })
        return await (taker ? take(taker, cid, request) : bitswap.get(cid, connection))
      } catch (error) {
        return fail({ kind: 'unreachable', detail: describe(error) })
      }
    },
  }
}

const isWebRtc = (address: Multiaddr) => address.getComponents().some(({ name }) => name.startsWith('webrtc'))
