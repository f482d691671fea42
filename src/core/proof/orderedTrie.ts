// The root of a trie that is built whole: a block's transactions and receipts, by their place. Yellow paper, appendix D.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Bytes, type Hex, toHex } from '../bytes.ts'
import { encodeRlp, quantityBytes, type RlpItem } from './rlp.ts'
import { emptyTrieRoot } from './trie.ts'

interface Entry {
  readonly nibbles: readonly number[]
  readonly value: Uint8Array
}

/** Root of the trie that maps the RLP of each index to the value at that index. */
export function orderedTrieRoot(values: readonly Uint8Array[]): Hex {
  if (values.length === 0) return emptyTrieRoot
  const entries = values.map((value, index) => ({
    nibbles: nibblesOf(encodeRlp(quantityBytes(BigInt(index)))),
    value,
  }))
  return toHex(keccak_256(encodeRlp(nodeOf(entries, 0))))
}

/**
 * The nodes from the root to the value at `index`, without those that are embedded in their parent, as `verifyTrieProof` takes
 * them. Throws RangeError for an index that is not there.
 */
export function proveInOrderedTrie(values: readonly Uint8Array[], index: number): readonly Bytes[] {
  if (index < 0 || index >= values.length) throw new RangeError(`${index} of ${values.length}`)
  const entries = values.map((value, i) => ({
    nibbles: nibblesOf(encodeRlp(quantityBytes(BigInt(i)))),
    value,
  }))
  const path = entries[index]?.nibbles ?? []
  const proof: Bytes[] = []
  let below: readonly Entry[] = entries
  for (let depth = 0; ; ) {
    const encoded = encodeRlp(nodeOf(below, depth))
    if (depth === 0 || encoded.length >= 32) proof.push(encoded)
    if (below.length === 1) return proof
    // An extension goes as far as all are the same, a branch by one.
    depth += Math.max(1, sharedLength(below, depth))
    const end = depth
    below = below.filter(({ nibbles }) => path.slice(0, end).every((nibble, i) => nibbles[i] === nibble))
  }
}

/** No key is a prefix of another: RLP says of each where it ends. So a branch never has a value. */
function nodeOf(entries: readonly Entry[], depth: number): RlpItem {
  const [first, ...others] = entries
  if (!first) throw new RangeError('a node of nothing')
  if (others.length === 0) return [compact(first.nibbles.slice(depth), true), first.value]
  const shared = sharedLength(entries, depth)
  if (shared > 0)
    return [compact(first.nibbles.slice(depth, depth + shared), false), childOf(entries, depth + shared)]
  const children = Array.from({ length: 16 }, (_, nibble) => {
    const below = entries.filter(({ nibbles }) => nibbles[depth] === nibble)
    return below.length === 0 ? new Uint8Array() : childOf(below, depth + 1)
  })
  return [...children, new Uint8Array()]
}

/** A node of less than 32 bytes stands in its parent as it is. */
function childOf(entries: readonly Entry[], depth: number): RlpItem {
  const node = nodeOf(entries, depth)
  const encoded = encodeRlp(node)
  return encoded.length < 32 ? node : keccak_256(encoded)
}

function sharedLength(entries: readonly Entry[], depth: number): number {
  const [first] = entries
  let length = 0
  for (;;) {
    const nibble = first?.nibbles[depth + length]
    if (nibble === undefined || entries.some(({ nibbles }) => nibbles[depth + length] !== nibble))
      return length
    length++
  }
}

/** Hex-prefix encoding (appendix C). */
function compact(nibbles: readonly number[], isLeaf: boolean): Bytes {
  const isOdd = nibbles.length % 2 === 1
  const flag = (isLeaf ? 2 : 0) + (isOdd ? 1 : 0)
  const padded = isOdd ? [flag, ...nibbles] : [flag, 0, ...nibbles]
  return Uint8Array.from(
    { length: padded.length / 2 },
    (_, i) => ((padded[2 * i] ?? 0) << 4) | (padded[2 * i + 1] ?? 0),
  )
}

const nibblesOf = (bytes: Uint8Array): number[] => [...bytes].flatMap(byte => [byte >> 4, byte & 0xf])
