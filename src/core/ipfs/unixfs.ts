// UnixFS files as blocks: reading one block's place in a file, and laying a file out. https://specs.ipfs.tech/unixfs/
import type { CID } from 'multiformats/cid'
import { type Bytes, concat } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { cidOf, DAG_PB, decodeFileCid, RAW } from './block.ts'
import { decodeDagPb, encodeDagPb, type MalformedNode, type PbNode } from './dagPb.ts'
import { ProtobufError, readFields, readVarint, varintField } from './protobuf.ts'

const TYPE = { raw: 0, file: 2 } as const
const FIELD = { type: 1, data: 2, fileSize: 3, blockSizes: 4 } as const

/** A file is no deeper than this: 64 KiB leaves and 174 children would make 60 PB. */
export const MAX_DEPTH = 5

/** One block's part of a file: its own bytes come first, then its children in order. */
export interface FileNode {
  /** Content bytes of this block and everything below it. */
  readonly size: number
  readonly data: Uint8Array
  readonly children: readonly FileChild[]
}

interface FileChild {
  readonly cid: CID
  /** Content bytes below it, as this block declares. Never 0, so a walk has at most as many steps as the file has bytes. */
  readonly size: number
}

/**
 * Reads a block that was already checked against `cid`. Sizes are made to agree: the declared file size is the sum of
 * the own data and of the children's sizes. Directories, symlinks and HAMT shards are refused.
 */
export function readFileBlock(cid: CID, bytes: Uint8Array): Result<FileNode, MalformedNode> {
  if (cid.code === RAW) return ok({ size: bytes.length, data: bytes, children: [] })
  const node = decodeDagPb(bytes)
  if (!node.ok) return node
  try {
    return readFileNode(node.value)
  } catch (error) {
    if (error instanceof ProtobufError) return malformed(error.message)
    throw error
  }
}

function readFileNode(node: PbNode): Result<FileNode, MalformedNode> {
  if (node.data === null) return malformed('no UnixFS data')
  let type: number | null = null
  let data: Uint8Array = new Uint8Array(0)
  let fileSize: number | null = null
  const blockSizes: number[] = []
  for (const field of readFields(node.data)) {
    if (field.number === FIELD.type && field.wire === 'varint') type = field.value
    else if (field.number === FIELD.data && field.wire === 'bytes') data = field.value
    else if (field.number === FIELD.fileSize && field.wire === 'varint') fileSize = field.value
    else if (field.number === FIELD.blockSizes && field.wire === 'varint') blockSizes.push(field.value)
    else if (field.number === FIELD.blockSizes && field.wire === 'bytes')
      for (const packed of readPacked(field.value)) blockSizes.push(packed)
    // Modes, times and whatever comes later say nothing about the content.
  }
  if (type !== TYPE.file && type !== TYPE.raw) return malformed(`UnixFS type ${type}, not a file`)
  if (blockSizes.length !== node.links.length)
    return malformed(`${node.links.length} links, ${blockSizes.length} sizes`)

  const children: FileChild[] = []
  let size = data.length
  for (const [i, link] of node.links.entries()) {
    const childSize = blockSizes[i] ?? 0
    if (childSize === 0) return malformed(`child ${i} has no bytes`)
    const cid = decodeFileCid(link.hash)
    if (!cid.ok) return malformed(`child ${i}: ${cid.error.detail}`)
    children.push({ cid: cid.value, size: childSize })
    size += childSize
  }
  if (!Number.isSafeInteger(size)) return malformed('sizes above 2^53 - 1')
  if (fileSize !== size && !(fileSize === null && size === 0))
    return malformed(`declares ${fileSize} bytes, its parts have ${size}`)
  return ok({ size, data, children })
}

function readPacked(bytes: Uint8Array): number[] {
  const values: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const [value, next] = readVarint(bytes, at)
    values.push(value)
    at = next
  }
  return values
}

const malformed = (detail: string) => fail<MalformedNode>({ kind: 'malformedNode', detail })

export interface Block {
  readonly cid: CID
  readonly bytes: Bytes
}

export interface LayoutOptions {
  /** Bytes per leaf; 64 KiB, the size that releases are published with. */
  readonly leafSize?: number
  /** Links per node; 174, as Kubo has it by default. */
  readonly maxChildren?: number
}

/**
 * Lays a file out as CIDv1 with raw leaves in a balanced tree, as `ipfs add --cid-version=1 --raw-leaves --chunker=size-65536` does: a file that fits one
 * leaf is that leaf. Children come before their parents; the last block is the root.
 */
export function layOutFile(file: Uint8Array, options: LayoutOptions = {}): { root: CID; blocks: Block[] } {
  const { leafSize = 65_536, maxChildren = 174 } = options
  const blocks: Block[] = []
  let level: { cid: CID; size: number; tsize: number }[] = []
  for (let at = 0; at === 0 || at < file.length; at += leafSize) {
    const bytes = Uint8Array.from(file.subarray(at, at + leafSize))
    const cid = cidOf(RAW, bytes)
    blocks.push({ cid, bytes })
    level.push({ cid, size: bytes.length, tsize: bytes.length })
  }
  while (level.length > 1) {
    const parents: typeof level = []
    for (let i = 0; i < level.length; i += maxChildren) {
      const children = level.slice(i, i + maxChildren)
      const size = children.reduce((sum, child) => sum + child.size, 0)
      const bytes = encodeDagPb({
        links: children.map(({ cid, tsize }) => ({ hash: cid.bytes, name: new Uint8Array(0), tsize })),
        data: concat(
          varintField(FIELD.type, TYPE.file),
          varintField(FIELD.fileSize, size),
          ...children.map(child => varintField(FIELD.blockSizes, child.size)),
        ),
      })
      const cid = cidOf(DAG_PB, bytes)
      blocks.push({ cid, bytes })
      parents.push({ cid, size, tsize: bytes.length + children.reduce((sum, child) => sum + child.tsize, 0) })
    }
    level = parents
  }
  const root = blocks.at(-1)
  if (!root) throw new Error('a layout has at least one block')
  return { root: root.cid, blocks }
}
