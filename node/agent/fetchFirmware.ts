// One file, block by block: stored ones first, then those that others give away, then those that a peer sells.
import type { CID } from 'multiformats/cid'
import type { Bytes } from '../../src/core/bytes.ts'
import { isBlockOf, MAX_BLOCK_BYTES, parseFileCid, RAW } from '../../src/core/ipfs/block.ts'
import { type FileNode, MAX_DEPTH, readFileBlock } from '../../src/core/ipfs/unixfs.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import type { FreeSource } from './freeSources.ts'

/** Blocks that were verified, under their CIDs. */
export interface BlockKeeper {
  get(cid: CID): Promise<Uint8Array | undefined>
  put(cid: CID, bytes: Uint8Array): Promise<void>
}

/** Gives a verified block, and keeps it before it is paid for. */
export type PaidFetch = (cid: CID, keep: (bytes: Bytes) => Promise<void>) => Promise<Result<Bytes, Failure>>

export interface FileWanted {
  readonly cid: string
  readonly size: number
  readonly blocks: BlockKeeper
  readonly free: readonly FreeSource[]
  /** Asked once, when a block is nowhere to be had for nothing; null: nothing is ever paid. */
  readonly openPaid: ((root: CID, missing: number) => Promise<Result<PaidFetch, Failure>>) | null
  /** Milliseconds for a free source to give one block. */
  readonly freeMs?: number
}

export interface FetchedFile {
  readonly bytes: Bytes
  /** Blocks by where they came from. */
  readonly from: { readonly stored: number; readonly free: number; readonly paid: number }
}

/**
 * Resolves with the whole file; blocks stay kept whatever becomes of the rest. Fails with unsupportedCid, notAFile,
 * firmwareTooLarge, noSource, or what the paid source says.
 */
export async function fetchFirmware(wanted: FileWanted): Promise<Result<FetchedFile, Failure>> {
  const { blocks, openPaid, freeMs = 5_000 } = wanted
  const root = parseFileCid(wanted.cid)
  if (!root.ok) return root
  const from = { stored: 0, free: 0, paid: 0 }
  const file = new Uint8Array(wanted.size)
  /** One that was silent once is not waited for again. */
  let free = [...wanted.free]
  let paid: PaidFetch | null = null
  let received = 0

  async function blockOf(cid: CID): Promise<Result<Uint8Array, Failure>> {
    const held = await blocks.get(cid)
    if (held !== undefined && isBlockOf(cid, held)) {
      from.stored++
      return ok(held)
    }
    while (free[0] !== undefined) {
      const bytes = await free[0].get(cid, AbortSignal.timeout(freeMs))
      if (bytes !== undefined) {
        await blocks.put(cid, bytes)
        from.free++
        return ok(bytes)
      }
      free = free.slice(1)
    }
    if (openPaid === null) return fail({ kind: 'noSource', detail: cid.toString() })
    if (paid === null) {
      const opened = await openPaid(root.ok ? root.value : cid, wanted.size - received)
      if (!opened.ok) return opened
      paid = opened.value
    }
    const bytes = await paid(cid, block => blocks.put(cid, block))
    if (bytes.ok) from.paid++
    return bytes
  }

  async function place(
    cid: CID,
    start: number,
    size: number,
    depth: number,
  ): Promise<Result<FileNode, Failure>> {
    if (depth > MAX_DEPTH) return fail({ kind: 'notAFile', detail: `deeper than ${MAX_DEPTH} levels` })
    const block = await blockOf(cid)
    if (!block.ok) return block
    if (block.value.length > (cid.code === RAW ? size : MAX_BLOCK_BYTES)) {
      return fail({ kind: 'firmwareTooLarge', detail: `${block.value.length} bytes in a block` })
    }
    const node = readFileBlock(cid, block.value)
    if (!node.ok) return fail({ kind: 'notAFile', detail: node.error.detail })
    if (node.value.size !== size) {
      return fail({ kind: 'notAFile', detail: `${node.value.size} bytes where ${size} were announced` })
    }
    file.set(node.value.data, start)
    received += node.value.data.length
    let offset = start + node.value.data.length
    for (const child of node.value.children) {
      const placed = await place(child.cid, offset, child.size, depth + 1)
      if (!placed.ok) return placed
      offset += child.size
    }
    return node
  }

  const placed = await place(root.value, 0, wanted.size, 0)
  return placed.ok ? ok({ bytes: file, from }) : placed
}
