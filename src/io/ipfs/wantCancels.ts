// Takes wants back from a peer, which @helia/bitswap never does.
import type { Connection } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import { concat } from '../../core/bytes.ts'
import { bytesField, varintField } from '../../core/ipfs/protobuf.ts'
import type { Timer } from '../../core/smp/transport.ts'

const PROTOCOL = '/ipfs/bitswap/1.2.0'
const SEND_MS = 2_000
/** Wants that end within this time are taken back together. */
const GATHER_MS = 50

export interface WantCancels {
  /** The want is answered or given up: it is taken back soon. */
  ended(cid: CID, connection: Connection): void
  /** Before a block is asked for again: resolves when an earlier want for it was taken back. */
  settled(cid: CID): Promise<void>
}

/**
 * For one peer. Helia's server (4.0.19, ledger.js) keeps every want of a connection, answers it once, and leaves it as
 * it is when it comes again: `addWants` skips what was sent. A block that was dropped, or whose fetch was cancelled,
 * could not be had a second time. A cancel removes the want, as the protocol says it does.
 */
export function createWantCancels(timer: Timer): WantCancels {
  const standing = new Map<string, { readonly cid: CID; readonly connection: Connection }>()
  let sending: Promise<void> = Promise.resolve()
  let cancelGather: (() => void) | undefined

  function flush(): void {
    cancelGather?.()
    cancelGather = undefined
    const byConnection = Map.groupBy(standing.values(), want => want.connection)
    standing.clear()
    for (const [connection, wants] of byConnection) {
      const message = cancelMessage(wants.map(want => want.cid))
      sending = sending.then(() => send(connection, message))
    }
  }

  return {
    ended(cid, connection) {
      standing.set(cid.toString(), { cid, connection })
      cancelGather ??= timer.after(GATHER_MS, flush)
    },
    async settled(cid) {
      if (standing.has(cid.toString())) flush()
      await sending
    },
  }
}

/** A connection that is gone needs no cancels: the peer forgot it all with it. */
async function send(connection: Connection, message: Uint8Array): Promise<void> {
  if (connection.status !== 'open') return
  try {
    const signal = AbortSignal.timeout(SEND_MS)
    const stream = await connection.newStream(PROTOCOL, { signal })
    stream.send(message)
    await stream.close({ signal })
  } catch {
    // Then the want stands, and asking again may be in vain until the connection is a new one.
  }
}

/** A length-prefixed bitswap message: https://specs.ipfs.tech/bitswap-protocol/#bitswap-1-2-0-wire-format */
function cancelMessage(cids: readonly CID[]): Uint8Array {
  const entries = cids.map(cid => bytesField(1, concat(bytesField(1, cid.bytes), varintField(3, 1))))
  // A length-delimited field without its tag is a length-prefixed message.
  return bytesField(0, bytesField(1, concat(...entries))).subarray(1)
}
