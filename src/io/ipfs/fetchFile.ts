// Fetches one file block by block: stored ones first, then the pool; each is kept as soon as it was checked.
import type { CID } from 'multiformats/cid'
import type { FetchFailure, FetchProgress } from '../../app/ports/firmware.ts'
import type { Bytes } from '../../core/bytes.ts'
import { MAX_BLOCK_BYTES, RAW } from '../../core/ipfs/block.ts'
import { type FileNode, MAX_DEPTH, readFileBlock } from '../../core/ipfs/unixfs.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { BlockPool, PoolFailure } from './blockPool.ts'
import type { StoredBlocks } from './storedBlocks.ts'

export type FileFailure =
  | PoolFailure
  | Extract<FetchFailure, { kind: 'firmwareTooLarge' | 'storageFull' }>
  /** The root names something else than a file, or its blocks contradict each other. */
  | { readonly kind: 'notAFile'; readonly detail: string }

export interface FileRequest {
  readonly root: CID
  /** The file's declared and real size are at most this, in bytes. */
  readonly maxSize: number
  readonly stored: StoredBlocks
  /** Called when something is missing: until then no network is touched. Always gives the same pool. */
  readonly openPool: () => BlockPool
  /** Asked before anything is fetched, with the content bytes that are missing. */
  readonly ensureRoom: (missing: number) => Promise<Result<null, FileFailure>>
  readonly onProgress: (progress: FetchProgress) => void
}

interface Got {
  readonly node: FileNode
  readonly from: FetchProgress['from']
}

/**
 * Resolves with the whole file. Blocks that were fetched stay in the store, whatever becomes of the rest; blocks that
 * are larger than the file may be, or than their parent says, don't.
 */
export async function fetchFile(request: FileRequest): Promise<Result<Bytes, FileFailure>> {
  const { root, maxSize, stored, openPool, ensureRoom, onProgress } = request
  const underWay = new Map<string, Promise<Result<Got, FileFailure>>>()

  const rootIsStored = (await stored.get(root)) !== undefined
  if (!rootIsStored) {
    const room = await ensureRoom(maxSize)
    if (!room.ok) return room
  }
  // A raw root does not declare its size, so it is fetched up to the largest block and measured.
  const first = await getNode(root, MAX_BLOCK_BYTES, node =>
    node.size > maxSize ? { kind: 'firmwareTooLarge' } : null,
  )
  if (!first.ok) return first
  if (rootIsStored) {
    const missing = await countMissing(first.value.node)
    const room = missing === 0 ? ok(null) : await ensureRoom(missing)
    if (!room.ok) return room
  }

  const file = new Uint8Array(first.value.node.size)
  let received = 0
  const rest = await place(first.value, 0, 0)
  return rest.ok ? ok(file) : rest

  async function place(
    { node, from }: Got,
    start: number,
    depth: number,
  ): Promise<Result<null, FileFailure>> {
    if (depth > MAX_DEPTH) return fail({ kind: 'notAFile', detail: `deeper than ${MAX_DEPTH} levels` })
    file.set(node.data, start)
    received += node.data.length
    if (node.data.length > 0 || file.length === 0) onProgress({ received, total: file.length, from })

    let offset = start + node.data.length
    let failure: FileFailure | undefined
    await Promise.all(
      node.children.map(async child => {
        const at = offset
        offset += child.size
        const got = await getNode(
          child.cid,
          child.cid.code === RAW ? child.size : MAX_BLOCK_BYTES,
          ({ size }) =>
            size === child.size
              ? null
              : { kind: 'notAFile', detail: `${size} bytes, its parent says ${child.size}` },
        )
        const placed = got.ok ? await place(got.value, at, depth + 1) : got
        if (placed.ok || failure) return
        failure = placed.error
        // The others need not run into their time-outs one by one.
        openPool().close()
      }),
    )
    return failure ? fail(failure) : ok(null)
  }

  /** The same block may stand in a file many times (erased flash): it is fetched once. */
  function getNode(
    cid: CID,
    maxBytes: number,
    objection: (node: FileNode) => FileFailure | null,
  ): Promise<Result<Got, FileFailure>> {
    const key = `${cid} ${maxBytes}`
    const running = underWay.get(key)
    if (running) return running
    const started = readNode(cid, maxBytes, objection).finally(() => underWay.delete(key))
    underWay.set(key, started)
    return started
  }

  async function readNode(
    cid: CID,
    maxBytes: number,
    objection: (node: FileNode) => FileFailure | null,
  ): Promise<Result<Got, FileFailure>> {
    const held = await stored.get(cid)
    const delivered = held
      ? ok({ bytes: held, from: 'stored' as const })
      : await openPool().request(cid, maxBytes)
    if (!delivered.ok) return delivered
    const { bytes, from } = delivered.value

    const node = readFileBlock(cid, bytes)
    const refused: FileFailure | null = node.ok
      ? objection(node.value)
      : { kind: 'notAFile', detail: node.error.detail }
    if (!node.ok || refused) {
      // Bitswap keeps what matches its CID before this could be known.
      await stored.delete(cid)
      return fail(refused ?? { kind: 'notAFile', detail: 'unreadable' })
    }
    if (!held) {
      const kept = await keep(cid, bytes)
      if (!kept.ok) return kept
    }
    return ok({ node: node.value, from })
  }

  async function keep(cid: CID, bytes: Uint8Array): Promise<Result<null, FileFailure>> {
    try {
      await stored.put(cid, bytes)
      return ok(null)
    } catch (error) {
      return fail({ kind: 'notStored', detail: String(error) })
    }
  }

  /** Content bytes below the root that are not in the store; inner nodes count whole. */
  async function countMissing(node: FileNode): Promise<number> {
    const missing = await Promise.all(
      node.children.map(async ({ cid, size }) => ((await stored.has(cid)) ? 0 : size)),
    )
    return missing.reduce((all, size) => all + size, 0)
  }
}
