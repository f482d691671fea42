// How much goes to one peer, and to all: a first while at full speed, then no more than a rate.
import type { Timer } from '../smp/transport.ts'

export interface UploadRate {
  /** Bytes that go out at full speed. */
  readonly burst: number
  /** Bytes that come back each second. */
  readonly perSecond: number
}

export interface UploadBudget {
  /** Resolves when the peer has something left. A block may go beyond it; the next one then waits for longer. */
  room(peer: string): Promise<void>
  spend(peer: string, bytes: number): void
}

interface Bucket {
  left: number
  at: number
}

/** Peers that are remembered; beyond, those that have been given least are forgotten first. */
const MOST_PEERS = 1_000

export function createUploadBudget(timer: Timer, each: UploadRate, all: UploadRate): UploadBudget {
  const total: Bucket = { left: all.burst, at: timer.now() }
  const peers = new Map<string, Bucket>()

  function refill(bucket: Bucket, { burst, perSecond }: UploadRate): Bucket {
    const now = timer.now()
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) * perSecond) / 1_000)
    bucket.at = now
    return bucket
  }

  const waitOf = (bucket: Bucket | undefined, rate: UploadRate): number => {
    const left = bucket === undefined ? rate.burst : refill(bucket, rate).left
    return left > 0 ? 0 : ((1 - left) * 1_000) / rate.perSecond
  }

  function forgetSome(): void {
    for (const [peer, bucket] of peers) if (refill(bucket, each).left >= each.burst) peers.delete(peer)
    const byLeft = [...peers].sort(([, a], [, b]) => b.left - a.left)
    for (const [peer] of byLeft.slice(0, Math.max(0, peers.size - MOST_PEERS))) peers.delete(peer)
  }

  return {
    async room(peer) {
      for (;;) {
        const wait = Math.max(waitOf(peers.get(peer), each), waitOf(total, all))
        if (wait === 0) return
        await new Promise<void>(resolve => timer.after(wait, resolve))
      }
    },
    spend(peer, bytes) {
      refill(total, all).left -= bytes
      const bucket = peers.get(peer) ?? { left: each.burst, at: timer.now() }
      refill(bucket, each).left -= bytes
      peers.set(peer, bucket)
      if (peers.size > MOST_PEERS) forgetSome()
    },
  }
}
