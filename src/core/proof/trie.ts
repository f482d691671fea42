// Merkle-Patricia proofs: yellow paper, appendix D. Inclusion and absence, against a root, with nothing left over.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Hex, toHex } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { decodeRlp, encodeRlp, type RlpItem } from './rlp.ts'

export interface BadProof {
  readonly kind: 'badProof'
  readonly detail: string
}

/** Root of a trie without entries: keccak256 of the RLP of an empty string. */
export const emptyTrieRoot: Hex = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421'

/**
 * The value at `key` (the trie's own key: keccak256 of the address or of the slot in Ethereum's state), or null where the
 * proof shows that there is none. `proof` holds the nodes from the root down, without those that are embedded in their
 * parent, as `eth_getProof` returns them (EIP-1186); for an empty trie it is empty or the empty string alone.
 */
export function verifyTrieProof(
  root: Hex,
  key: Uint8Array,
  proof: readonly Uint8Array[],
): Result<Uint8Array | null, BadProof> {
  if (proof.length === 0) return root === emptyTrieRoot ? ok(null) : bad('no nodes for a trie that has some')
  const path = nibbles(key)
  let depth = 0
  let used = 0
  let reference: RlpItem | Hex = root
  for (;;) {
    let item: RlpItem
    if (typeof reference === 'string') {
      const encoded = proof[used++]
      if (!encoded) return bad('ends above the key')
      if (toHex(keccak_256(encoded)) !== reference) return bad(`node ${used - 1} has another hash`)
      if (encoded.length < 32 && used > 1) return bad(`node ${used - 1} is short and must be embedded`)
      const decoded = decodeRlp(encoded)
      if (!decoded.ok) return bad(decoded.error.detail)
      item = decoded.value
    } else {
      if (encodeRlp(reference).length >= 32) return bad('an embedded node of 32 bytes or more')
      item = reference
    }
    const step = stepInto(item, path, depth, used === 1)
    if (step.kind === 'bad') return bad(step.detail)
    if (step.kind === 'end') {
      return used === proof.length ? ok(step.value) : bad(`${proof.length - used} nodes behind the end`)
    }
    depth = step.depth
    reference = step.child
  }
}

type Step =
  | { readonly kind: 'end'; readonly value: Uint8Array | null }
  | { readonly kind: 'down'; readonly child: RlpItem | Hex; readonly depth: number }
  | { readonly kind: 'bad'; readonly detail: string }

const absent: Step = { kind: 'end', value: null }

function stepInto(node: RlpItem, path: readonly number[], depth: number, isRoot: boolean): Step {
  if (node instanceof Uint8Array) {
    return isRoot && node.length === 0 ? absent : { kind: 'bad', detail: 'a node that is no list' }
  }
  if (node.length === 17) return stepIntoBranch(node, path, depth)
  const [encodedPath, content] = node
  if (node.length !== 2 || !(encodedPath instanceof Uint8Array) || content === undefined) {
    return { kind: 'bad', detail: `a node of ${node.length} items` }
  }
  const flags = (encodedPath[0] ?? 0xff) >> 4
  const isOdd = (flags & 1) === 1
  if (flags > 3 || (!isOdd && ((encodedPath[0] ?? 0) & 0xf) !== 0))
    return { kind: 'bad', detail: 'a malformed path' }
  const part = nibbles(encodedPath).slice(isOdd ? 1 : 2)
  const matches = part.every((nibble, i) => path[depth + i] === nibble)
  if (flags >= 2) {
    if (!(content instanceof Uint8Array) || content.length === 0)
      return { kind: 'bad', detail: 'a leaf without a value' }
    return matches && depth + part.length === path.length ? { kind: 'end', value: content } : absent
  }
  if (part.length === 0) return { kind: 'bad', detail: 'an extension without a path' }
  const child = childOf(content)
  if (child === undefined || child === null) return { kind: 'bad', detail: 'an extension without a child' }
  return matches ? { kind: 'down', child, depth: depth + part.length } : absent
}

function stepIntoBranch(node: readonly RlpItem[], path: readonly number[], depth: number): Step {
  const value = node[16]
  if (!(value instanceof Uint8Array)) return { kind: 'bad', detail: 'a branch whose value is a list' }
  const nibble = path[depth]
  if (nibble === undefined) return { kind: 'end', value: value.length === 0 ? null : value }
  const child = childOf(node[nibble])
  if (child === undefined) return { kind: 'bad', detail: 'a reference that is neither a hash nor a node' }
  return child === null ? absent : { kind: 'down', child, depth: depth + 1 }
}

/** null: no child; undefined: malformed. */
function childOf(item: RlpItem | undefined): RlpItem | Hex | null | undefined {
  if (!(item instanceof Uint8Array)) return item
  if (item.length === 0) return null
  return item.length === 32 ? toHex(item) : undefined
}

const nibbles = (bytes: Uint8Array): number[] => [...bytes].flatMap(byte => [byte >> 4, byte & 0xf])

const bad = (detail: string) => fail<BadProof>({ kind: 'badProof', detail })
