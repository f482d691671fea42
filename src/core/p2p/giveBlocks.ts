// Blocks for nothing: the giver's side of /fob/serve/1.0.0, over any stream and any store of blocks.
import type { CID } from 'multiformats/cid'
import { decodeFileCid } from '../ipfs/block.ts'
import { fail, type Result } from '../result.ts'
import type { ServeMessage, ServeRefusal } from '../voucher/serveMessage.ts'
import type { MessageStream } from './messageStream.ts'

interface NotGiven {
  readonly kind: 'notHere' | 'notFree'
}

export interface BlockGiver {
  /** Resolves when one more block may go to that peer: it has not had too much of late, and not too much is on its way. */
  room(peer: string): Promise<void>
  /** A block that is given away. Rejects where the store can't be read. */
  read(cid: CID): Promise<Result<Uint8Array, NotGiven>>
  /** The stream has taken so many bytes of this block for that peer. */
  given(peer: string, cid: CID, bytes: number): void
}

/** Blocks that are read while the one before them is being sent. */
const AHEAD = 4

/** Answers one request after the other until the taker is gone, or silent for `silenceMs`, or a block can't be read. */
export async function giveOver(
  stream: MessageStream<ServeMessage>,
  peer: string,
  giver: BlockGiver,
  silenceMs: number,
): Promise<void> {
  /** Each is sent after the one before, and resolves with whether the taker is still there. */
  const answers: Promise<boolean>[] = []
  let last = Promise.resolve(true)
  for (;;) {
    const received = await stream.receive(silenceMs)
    if (!received.ok) break
    if (received.value.kind !== 'get') {
      await last
      await stream.send(refusalOf('malformed', `${received.value.kind} is for another stream`))
      return
    }
    await giver.room(peer)
    last = answer(received.value.cid, last)
    answers.push(last)
    if (answers.length > AHEAD && !(await answers.shift())) return
  }
  await last

  async function answer(name: Uint8Array, before: Promise<boolean>): Promise<boolean> {
    const cid = decodeFileCid(name)
    const read = cid.ok ? readSafely(cid.value) : fail<NotGiven>({ kind: 'notHere' })
    const [isThere, block] = await Promise.all([before, read])
    if (!isThere) return false
    if (block === 'unreadable') {
      await stream.send(refusalOf('unable', 'the store does not answer'))
      void stream.close()
      return false
    }
    const sent = await stream.send(
      block.ok ? { kind: 'given', bytes: block.value } : refusalOf(block.error.kind, ''),
    )
    if (sent.ok && cid.ok && block.ok) giver.given(peer, cid.value, block.value.length)
    return sent.ok
  }

  async function readSafely(cid: CID): Promise<Result<Uint8Array, NotGiven> | 'unreadable'> {
    try {
      return await giver.read(cid)
    } catch {
      // A disk error, or a store that was taken away: the next stream may find it again.
      return 'unreadable'
    }
  }
}

const refusalOf = (refusal: ServeRefusal, detail: string): ServeMessage => ({
  kind: 'refusal',
  refusal,
  detail,
})
