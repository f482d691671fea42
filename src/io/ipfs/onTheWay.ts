// How much was read for others and is not with them yet: bounds the memory that serving takes, whoever asks for however much.
import type { Timer } from '../../core/smp/transport.ts'

export interface OnTheWay {
  /** Resolves when one more block may be read. */
  room(): Promise<void>
  /** So many bytes were read to be sent. */
  read(bytes: number): void
  /** So many bytes left, or never will. */
  gone(bytes: number): void
}

interface Share {
  bytes: number
  readonly cancel: () => void
}

/** What was read and never sent, because nobody wants it any more, counts for `giveUpMs` (milliseconds) and no longer. */
export function createOnTheWay(timer: Timer, maxBytes: number, giveUpMs: number): OnTheWay {
  const shares: Share[] = []
  const waiting: (() => void)[] = []
  let total = 0

  function admit(): void {
    while (total < maxBytes) {
      const next = waiting.shift()
      if (!next) return
      next()
      // What it reads is counted before another one is let in.
      if (waiting.length > 0) return void timer.after(0, admit)
    }
  }

  function drop(share: Share): void {
    const index = shares.indexOf(share)
    if (index < 0) return
    shares.splice(index, 1)
    total -= share.bytes
    admit()
  }

  return {
    async room() {
      if (total >= maxBytes || waiting.length > 0) await new Promise<void>(resolve => waiting.push(resolve))
    },
    read(bytes) {
      total += bytes
      const share: Share = { bytes, cancel: timer.after(giveUpMs, () => drop(share)) }
      shares.push(share)
    },
    gone(bytes) {
      let left = bytes
      for (let oldest = shares[0]; oldest && left > 0; oldest = shares[0]) {
        const taken = Math.min(left, oldest.bytes)
        oldest.bytes -= taken
        total -= taken
        left -= taken
        if (oldest.bytes > 0) break
        oldest.cancel()
        shares.shift()
      }
      admit()
    },
  }
}
