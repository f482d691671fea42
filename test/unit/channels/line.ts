// Two ends of a line in memory, for both sides of /fob/serve/1.0.0.
import type { MessageStream } from '../../../src/core/p2p/messageStream.ts'
import { fail, ok } from '../../../src/core/result.ts'
import type { ServeMessage } from '../../../src/core/voucher/serveMessage.ts'

/** `cut` ends it for both, at once. */
export function line() {
  const queues: ServeMessage[][] = [[], []]
  const wakes: (() => void)[] = [() => {}, () => {}]
  let isCut = false
  const cut = () => {
    isCut = true
    for (const wake of wakes) wake()
  }
  const end = (mine: 0 | 1): MessageStream<ServeMessage> => {
    const other = mine === 0 ? 1 : 0
    return {
      async send(message) {
        if (isCut) return fail({ kind: 'streamEnded' })
        queues[other]?.push(message)
        wakes[other]?.()
        return ok(null)
      },
      async receive() {
        while (!isCut && queues[mine]?.length === 0)
          await new Promise<void>(resolve => {
            wakes[mine] = resolve
          })
        const message = queues[mine]?.shift()
        return message && !isCut ? ok(message) : fail({ kind: 'streamEnded' })
      },
      close: async () => cut(),
      abort: cut,
    }
  }
  return { payer: end(0), payee: end(1), cut }
}
