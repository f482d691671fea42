// One block after the other from a peer over bitswap, for peers that speak nothing quicker: Kubo, and other people's nodes.
import type { Connection } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import { concat } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { Timer } from '../../core/smp/transport.ts'
import type { Node } from './peerSource.ts'
import { type BlockFailure, describe } from './source.ts'
import { createWantCancels } from './wantCancels.ts'

/** An answer that nobody waits for any more is still taken and kept for this long. */
const LINGER_MS = 30_000

export interface BitswapWants {
  /** Never rejects. */
  get(cid: CID, connection: Connection): Promise<Result<Uint8Array, BlockFailure>>
}

/** For one peer, so that its silence is its own. */
export function createBitswapWants(node: Node, timer: Timer): BitswapWants {
  const underWay = new Map<string, Promise<Result<Uint8Array, BlockFailure>>>()
  const cancels = createWantCancels(timer)

  async function ask(cid: CID, connection: Connection): Promise<Result<Uint8Array, BlockFailure>> {
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
    get(cid, connection) {
      const key = cid.toString()
      const running = underWay.get(key)
      if (running) return running
      // Not ended with the fetch that asked: the block is on its way, so it is kept when it comes.
      const answer = ask(cid, connection).finally(() => underWay.delete(key))
      underWay.set(key, answer)
      return answer
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
