// Merkle trees of logs, whose roots Anchors.sol keeps: roots, inclusion proofs, and their check. RFC 9162, section 2.1.
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, bytesEqual, concat } from '../bytes.ts'

/** What was anchored of a log. */
export interface AnchoredRoot {
  /** 32 bytes. */
  readonly root: Uint8Array
  /** Entries under the root, which does not tell how many they are. */
  readonly size: number
}

export interface Inclusion {
  /** Place of the entry in the log, from 0. */
  readonly index: number
  /** The hashes beside the way from the entry to the root, from below; 32 bytes each. */
  readonly path: readonly Uint8Array[]
}

/** A longer path is of no tree whose size a number can hold. */
const MAX_PATH = 53

const hashOf = (...parts: Uint8Array[]): Bytes => Uint8Array.from(sha256(concat(...parts)))

/** MTH({d}) = SHA-256(0x00 || d): 32 bytes. */
export const leafHash = (entry: Uint8Array): Bytes => hashOf(Uint8Array.of(0), entry)

/** SHA-256(0x01 || left || right). */
const nodeHash = (left: Uint8Array, right: Uint8Array): Bytes => hashOf(Uint8Array.of(1), left, right)

/** The root over the entries' leaf hashes in the log's order; of none, the hash of nothing. Section 2.1.1. */
export function merkleRoot(leaves: readonly Uint8Array[]): Bytes {
  const [first] = leaves
  if (first === undefined) return hashOf()
  if (leaves.length === 1) return Uint8Array.from(first)
  const split = splitOf(leaves.length)
  return nodeHash(merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)))
}

/** What proves that the entry at `index` is under the leaves' root. Throws RangeError where there is none. Section 2.1.3.1. */
export function inclusionOf(leaves: readonly Uint8Array[], index: number): Inclusion {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError(`no entry ${index} among ${leaves.length}`)
  }
  return { index, path: pathOf(leaves, index) }
}

function pathOf(leaves: readonly Uint8Array[], index: number): Bytes[] {
  if (leaves.length === 1) return []
  const split = splitOf(leaves.length)
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)]
  return index < split
    ? [...pathOf(left, index), merkleRoot(right)]
    : [...pathOf(right, index - split), merkleRoot(left)]
}

/**
 * Whether the entry with this leaf hash (32 bytes) is at its place in the log that was anchored. Never throws, whatever it
 * is given. Section 2.1.3.2.
 */
export function isIncluded(
  leaf: Uint8Array,
  { index, path }: Inclusion,
  { root, size }: AnchoredRoot,
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false
  // Of hashes with other lengths one could be made to pass for two.
  if (path.length > MAX_PATH || [leaf, ...path].some(hash => hash.length !== 32)) return false
  let [place, last] = [index, size - 1]
  let hash = leaf
  for (const beside of path) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(beside, hash)
      // A subtree that has nothing beside it goes up as it is.
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)]
    } else {
      hash = nodeHash(hash, beside)
    }
    ;[place, last] = [half(place), half(last)]
  }
  return last === 0 && bytesEqual(hash, root)
}

const half = (value: number): number => Math.floor(value / 2)

/** The largest power of two that is smaller than `count`. */
function splitOf(count: number): number {
  let split = 1
  while (split * 2 < count) split *= 2
  return split
}
