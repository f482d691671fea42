// The development chain's state file: kept small, and mended when a crash cut it.
import { existsSync, renameSync, statSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import * as v from 'valibot'
import { readJsonIfThere, writeFileWhole } from '../files.ts'

/** Blocks whose state stays provable. Finality needs three; the rest is for readers that take their time. */
const keptBlocks = 128

// anvil's dump: what is compacted is checked, what is not is passed through.
const stateSchema = v.looseObject({
  blocks: v.array(
    v.looseObject({
      header: v.looseObject({ number: v.string(), timestamp: v.string() }),
      transactions: v.array(v.unknown()),
    }),
  ),
  historical_states: v.nullish(v.array(v.tuple([v.string(), v.unknown()]))),
  best_block_number: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  /** What contracts are told of the block that they run in. */
  block: v.nullish(v.looseObject({ number: v.string() })),
})

/** Newest first. */
const backupsOf = (path: string): readonly [string, string] => [`${path}.bak`, `${path}.bak2`]

/**
 * Makes the state file loadable and small before the chain starts, from one of its copies where the file itself was cut
 * off: anvil writes it in place, so a chain that is killed while it saves leaves half a file.
 *
 * anvil writes one block and one whole state per second, and the whole file every second; within an hour that is tens of
 * megabytes. Dropped are empty blocks and states older than the last 128 blocks. Genesis and every block with a
 * transaction stay, so that receipts and events are there for ever.
 *
 * anvil may save while it mines, with the number that contracts are told one behind the chain's: loaded like this it would stay
 * behind for good, and who looks in the block that a contract has noted finds no event there. It is set right.
 */
export function prepareStateFile(path: string): 'none' | 'loaded' | 'fromBackup' | 'lost' {
  const candidates = [path, ...backupsOf(path)]
  if (!candidates.some(each => existsSync(each))) return 'none'
  for (const candidate of candidates) {
    const state = v.safeParse(stateSchema, readJsonIfThere(candidate))
    if (!state.success) continue
    writeFileWhole(path, JSON.stringify(compact(state.output)))
    return candidate === path ? 'loaded' : 'fromBackup'
  }
  // Kept aside: it can't be loaded, but it is not ours to delete.
  if (existsSync(path)) renameSync(path, `${path}.unreadable`)
  return 'lost'
}

/**
 * Copies the state file of a running chain aside. A copy that was taken while anvil wrote is cut off: most are seen by
 * their last byte and not kept, and the rest is why there are two.
 */
export async function backUpStateFile(path: string): Promise<void> {
  const content = await readFile(path).catch(() => undefined)
  if (content === undefined || content.at(-1) !== '}'.charCodeAt(0)) return
  const [newest, older] = backupsOf(path)
  const copy = `${newest}.new`
  await writeFile(copy, content)
  await rename(newest, older).catch(() => {})
  await rename(copy, newest)
}

function compact(state: v.InferOutput<typeof stateSchema>): unknown {
  // anvil makes a genesis of its own at every start, and dumps it beside the one that it loads: the oldest is the chain's.
  const blocks = state.blocks
    .toSorted(
      ({ header: a }, { header: b }) =>
        Number(a.number) - Number(b.number) || Number(a.timestamp) - Number(b.timestamp),
    )
    .filter(({ header }, i) => Number(header.number) > 0 || i === 0)
  const newest = Number(blocks.at(-1)?.header.number ?? 0)
  const { best_block_number: best, block } = state
  return {
    ...state,
    ...(block && best !== undefined && { block: { ...block, number: `0x${best.toString(16)}` } }),
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
