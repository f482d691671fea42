// One peer as a block source: dialled when it is needed, asked over bitswap alone, so that its silence is its own.
import type { HeliaWithLibp2p } from '@helia/libp2p'
import type { Connection, ServiceMap } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import { concat } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { Timer } from '../../core/smp/transport.ts'
import { hostOf } from './addresses.ts'
import { type BlockFailure, type BlockSource, describe } from './source.ts'
import { createWantCancels } from './wantCancels.ts'

export type Node = HeliaWithLibp2p<ServiceMap>

/** A dial to a host that drops packets would otherwise last as long as the fetch. */
const DIAL_MS = 8_000
const RETRY_MS = 400
/** An answer that nobody waits for any more is still taken and kept for this long. */
const LINGER_MS = 30_000

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

export function createPeerSource(node: Node, address: Multiaddr, timer: Timer): BlockSource {
  const underWay = new Map<string, Promise<Result<Uint8Array, BlockFailure>>>()
  const cancels = createWantCancels(timer)
  let connecting: Promise<Connection> | undefined

  function connect(): Promise<Connection> {
    connecting ??= dialTwice(node, address, timer).finally(() => {
      connecting = undefined
    })
    return connecting
  }

  async function ask(cid: CID): Promise<Result<Uint8Array, BlockFailure>> {
    let connection: Connection
    try {
      connection = await connect()
    } catch (error) {
      return fail({ kind: 'unreachable', detail: describe(error) })
    }
    await cancels.settled(cid)

    const ending = new AbortController()
    const onClose = () => ending.abort(new Error('the connection was lost'))
    const cancelLinger = timer.after(LINGER_MS, () => ending.abort(new Error('no answer')))
    connection.addEventListener('close', onClose)
    try {
      if (connection.status !== 'open') onClose()
      const session = node.blockstore.createSession(cid, {
        providers: [connection.remotePeer.toCID()],
        minProviders: 1,
        maxProviders: 1,
      })
      const parts: Uint8Array[] = []
      for await (const part of session.get(cid, { signal: ending.signal })) parts.push(part)
      return ok(concat(...parts))
    } catch (error) {
      return fail(classify(error, connection, ending.signal))
    } finally {
      cancelLinger()
      connection.removeEventListener('close', onClose)
      cancels.ended(cid, connection)
    }
  }

  return {
    name: hostOf(address),
    kind: 'peer',
    maxInFlight: 48,
    async reach() {
      try {
        await connect()
        return ok(null)
      } catch (error) {
        return fail({ kind: 'unreachable', detail: describe(error) })
      }
    },
    async get(cid, { signal }) {
      const key = cid.toString()
      let answer = underWay.get(key)
      if (!answer) {
        // Not ended with the fetch that asked: the block is on its way, so it is kept when it comes.
        answer = ask(cid).finally(() => underWay.delete(key))
        underWay.set(key, answer)
      }
      return signal.aborted ? fail({ kind: 'unreachable', detail: 'aborted' }) : answer
    },
  }
}

function classify(error: unknown, connection: Connection, signal: AbortSignal): BlockFailure {
  const detail = describe(signal.aborted ? signal.reason : error)
  if (/quota/i.test(String(error))) return { kind: 'notStored', detail }
  if (signal.aborted || connection.status !== 'open') {
    return { kind: 'unreachable', detail }
  }
  return { kind: 'lacksBlock', detail: 'does not have it' }
}
