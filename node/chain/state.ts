// The development chain's state file: kept small, and mended when a crash cut it.
import { copyFileSync, existsSync, renameSync, statSync } from 'node:fs'
import * as v from 'valibot'
import { readJsonIfThere, writeFileWhole } from '../files.ts'

/** Blocks whose state stays provable. Finality needs three; the rest is for readers that take their time. */
const keptBlocks = 128

// anvil's dump: what is compacted is checked, what is not is passed through.
const stateSchema = v.looseObject({
  blocks: v.array(
    v.looseObject({
      header: v.looseObject({ number: v.string() }),
      transactions: v.array(v.unknown()),
    }),
  ),
  historical_states: v.nullish(v.array(v.tuple([v.string(), v.unknown()]))),
})

/**
 * Makes the state file loadable and small before the chain starts, and keeps a copy as `{path}.bak`.
 *
 * anvil writes one block and one whole state per second, and the whole file every second; within an hour that is tens of
 * megabytes. Dropped are empty blocks and states older than the last 128 blocks. Genesis and every block with a
 * transaction stay, so that receipts and events are there for ever.
 */
export function prepareStateFile(path: string): 'none' | 'loaded' | 'fromBackup' | 'lost' {
  const backup = `${path}.bak`
  if (!existsSync(path) && !existsSync(backup)) return 'none'
  const state = v.safeParse(stateSchema, readJsonIfThere(path))
  if (state.success) {
    writeFileWhole(path, JSON.stringify(compact(state.output)))
    copyFileSync(path, backup)
    return 'loaded'
  }
  if (v.is(stateSchema, readJsonIfThere(backup))) {
    copyFileSync(backup, path)
    return 'fromBackup'
  }
  // Kept aside: it can't be loaded, but it is not ours to delete.
  if (existsSync(path)) renameSync(path, `${path}.unreadable`)
  return 'lost'
}

function compact(state: v.InferOutput<typeof stateSchema>): unknown {
  const blocks = state.blocks.toSorted((a, b) => Number(a.header.number) - Number(b.header.number))
  const newest = Number(blocks.at(-1)?.header.number ?? 0)
  return {
    ...state,
    blocks: blocks.filter(
      ({ header, transactions }) =>
        Number(header.number) === 0 || Number(header.number) > newest - keptBlocks || transactions.length > 0,
    ),
    // In anvil's order, oldest first.
    historical_states: state.historical_states?.slice(-keptBlocks) ?? null,
  }
}

/** Bytes; 0 where there is no file. */
export const stateFileSize = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0
