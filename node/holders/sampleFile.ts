// Whether somebody has a whole file, as far as a few of its blocks tell: chosen by chance, each compared with its CID.
import { randomInt } from 'node:crypto'
import type { CID } from 'multiformats/cid'
import { isBlockOf, MAX_BLOCK_BYTES, RAW } from '../../src/core/ipfs/block.ts'
import { type FileNode, MAX_DEPTH, readFileBlock } from '../../src/core/ipfs/unixfs.ts'
import { fail, ok, type Result } from '../../src/core/result.ts'

/** `kind`: lacksBlock, sells, unreachable, otherProtocol or wrongBytes. */
export interface SampleFailure {
  readonly kind: 'lacksBlock' | 'sells' | 'unreachable' | 'otherProtocol' | 'wrongBytes'
  readonly detail: string
}

/** What it says that the block is, of at most `maxBytes`. */
export type AskForBlock = (cid: CID, maxBytes: number) => Promise<Result<Uint8Array, SampleFailure>>

const DRAWS = 4

/** The root, and so many leaves, or all of a file that has fewer. Returns how many blocks came, each of them right. */
export async function sampleFile(
  ask: AskForBlock,
  root: CID,
  leaves: number,
): Promise<Result<number, SampleFailure>> {
  const come = new Map<string, FileNode>()

  async function read(cid: CID, maxBytes: number): Promise<Result<FileNode, SampleFailure>> {
    const known = come.get(cid.toString())
    if (known) return ok(known)
    const got = await ask(cid, maxBytes)
    if (!got.ok) return got
    const node = isBlockOf(cid, got.value) ? readFileBlock(cid, got.value) : null
    if (!node?.ok) return fail({ kind: 'wrongBytes', detail: cid.toString() })
    come.set(cid.toString(), node.value)
    return ok(node.value)
  }

  const top = await read(root, MAX_BLOCK_BYTES)
  if (!top.ok) return top
  const seen = new Set<string>()
  // Some are drawn twice, and a file may repeat itself.
  for (let draw = 0; seen.size < leaves && draw < leaves * DRAWS; draw++) {
    let node = top.value
    let leaf = root
    for (let depth = 0; node.children.length > 0 && depth < MAX_DEPTH; depth++) {
      const child = node.children[randomInt(node.children.length)]
      if (child === undefined) break
      const below = await read(child.cid, child.cid.code === RAW ? child.size : MAX_BLOCK_BYTES)
      if (!below.ok) return below
      node = below.value
      leaf = child.cid
    }
    seen.add(leaf.toString())
  }
  return ok(come.size)
}
