// The served files as what a stream gives away: within the person's limit, what one peer may have, and what fits on its way.
import type { Served } from '../../app/ports/firmware.ts'
import type { BlockGiver } from '../../core/p2p/giveBlocks.ts'
import type { UploadBudget } from '../../core/p2p/uploadBudget.ts'
import { fail, ok } from '../../core/result.ts'
import type { Timer } from '../../core/smp/transport.ts'
import type { OnTheWay } from './onTheWay.ts'
import type { ServedFiles } from './servedFiles.ts'
import type { StoredBlocks } from './storedBlocks.ts'

/** What was given within this time is told together. */
const GATHER_MS = 200
/** Of most blocks of a release. */
const LEAF_BYTES = 65_536

export interface ServedGiverOptions {
  readonly stored: StoredBlocks
  readonly served: ServedFiles
  readonly onTheWay: OnTheWay
  readonly budget: UploadBudget
  /** Whether blocks are sold now: then none is given away. */
  readonly areSold: () => boolean
  readonly onServed: (served: Served) => void
  readonly timer: Timer
}

export function createServedGiver(options: ServedGiverOptions): BlockGiver {
  const { stored, served, onTheWay, budget, areSold, onServed, timer } = options
  const untold = new Map<string, Served>()

  function tell(): void {
    const all = [...untold.values()]
    untold.clear()
    for (const each of all) onServed(each)
  }

  return {
    async room(peer) {
      await budget.room(peer)
      await onTheWay.room()
    },
    async read(cid) {
      if (!served.has(cid)) return fail({ kind: 'notHere' })
      if (areSold()) return fail({ kind: 'notFree' })
      // Counted before it is there: others are read meanwhile, and what may be given must hold for all of them.
      served.read(LEAF_BYTES)
      const bytes = await stored.get(cid)
      served.read((bytes?.length ?? 0) - LEAF_BYTES)
      if (bytes === undefined) return fail({ kind: 'notHere' })
      onTheWay.read(bytes.length)
      return ok(bytes)
    },
    given(peer, cid, bytes) {
      onTheWay.gone(bytes)
      budget.spend(peer, bytes)
      const root = served.rootOf(cid)?.toString()
      if (root === undefined) return
      const key = `${peer} ${root}`
      const before = untold.get(key)
      if (untold.size === 0) timer.after(GATHER_MS, tell)
      untold.set(key, {
        peer,
        cid: root,
        blocks: (before?.blocks ?? 0) + 1,
        bytes: (before?.bytes ?? 0) + bytes,
      })
    },
  }
}
