// A Merkle-Patricia trie built the plain way, from the yellow paper's recursive definition, to check proofs against.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Hex, toHex } from '../../../src/core/bytes.ts'
import { encodeRlp, type RlpItem } from '../../../src/core/proof/rlp.ts'

interface Entry {
  readonly path: readonly number[]
  readonly value: Uint8Array
}

export interface Trie {
  readonly root: Hex
  /** Nodes from the root to where `key` is, or would be. */
  prove(key: Uint8Array): Uint8Array[]
}

const nibbles = (bytes: Uint8Array): number[] => [...bytes].flatMap(byte => [byte >> 4, byte & 0xf])

/** Keys must differ; values must not be empty. */
export function buildTrie(entries: readonly (readonly [Uint8Array, Uint8Array])[]): Trie {
  const all = entries.map(([key, value]) => ({ path: nibbles(key), value }))
  const root = encodeRlp(nodeOf(all, 0))
  return {
    root: toHex(keccak_256(root)),
    prove: key => {
      if (all.length === 0) return []
      const proof = [root]
      descend(nodeOf(all, 0), all, nibbles(key), 0, proof)
      return proof
    },
  }
}

const empty = new Uint8Array(0)

function nodeOf(entries: readonly Entry[], depth: number): RlpItem {
  const [first] = entries
  if (!first) return empty
  if (entries.length === 1) return [hexPrefix(first.path.slice(depth), true), first.value]
  const shared = sharedLength(entries, depth)
  if (shared > 0) {
    return [
      hexPrefix(first.path.slice(depth, depth + shared), false),
      reference(nodeOf(entries, depth + shared)),
    ]
  }
  const children = Array.from({ length: 16 }, (_, nibble) => {
    const below = entries.filter(entry => entry.path[depth] === nibble)
    return below.length === 0 ? empty : reference(nodeOf(below, depth + 1))
  })
  return [...children, entries.find(entry => entry.path.length === depth)?.value ?? empty]
}

function descend(
  node: RlpItem,
  entries: readonly Entry[],
  path: number[],
  depth: number,
  proof: Uint8Array[],
): void {
  if (node instanceof Uint8Array || entries.length === 1) return
  const shared = sharedLength(entries, depth)
  const goesOn = entries.filter(entry =>
    path.slice(0, depth + (shared || 1)).every((nibble, i) => entry.path[i] === nibble),
  )
  if (goesOn.length === 0 || path.length < depth + (shared || 1)) return
  const nextDepth = depth + (shared || 1)
  const child = nodeOf(goesOn, nextDepth)
  const encoded = encodeRlp(child)
  if (encoded.length >= 32) proof.push(encoded)
  descend(child, goesOn, path, nextDepth, proof)
}

function sharedLength(entries: readonly Entry[], depth: number): number {
  const [first] = entries
  if (!first) return 0
  let shared = 0
  while (
    entries.every(
      ({ path }) => path.length > depth + shared && path[depth + shared] === first.path[depth + shared],
    )
  ) {
    shared++
  }
  return shared
}

function reference(node: RlpItem): RlpItem {
  const encoded = encodeRlp(node)
  return encoded.length < 32 ? node : keccak_256(encoded)
}

function hexPrefix(path: readonly number[], isLeaf: boolean): Uint8Array {
  const flags = (isLeaf ? 2 : 0) + (path.length % 2)
  const padded = path.length % 2 === 1 ? [flags, ...path] : [flags, 0, ...path]
  return Uint8Array.from(
    { length: padded.length / 2 },
    (_, i) => ((padded[2 * i] ?? 0) << 4) | (padded[2 * i + 1] ?? 0),
  )
}
