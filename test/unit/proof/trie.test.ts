import { keccak_256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../src/core/bytes.ts'
import { encodeRlp } from '../../../src/core/proof/rlp.ts'
import { emptyTrieRoot, verifyTrieProof } from '../../../src/core/proof/trie.ts'
import { buildTrie } from './trieBuilder.ts'

const text = (t: string) => new TextEncoder().encode(t)

/** Short keys with few nibbles share prefixes, nest deep, end in branches and give embedded nodes. */
const crowdedKey = fc
  .array(fc.constantFrom(0x00, 0x01, 0x10, 0x11, 0xf0), { minLength: 1, maxLength: 4 })
  .map(bytes => Uint8Array.from(bytes))
const hashedKey = fc.uint8Array({ minLength: 1, maxLength: 4 }).map(bytes => keccak_256(bytes))
const value = fc.uint8Array({ minLength: 1, maxLength: 40 })
const entriesOf = (key: fc.Arbitrary<Uint8Array>) =>
  fc.uniqueArray(fc.tuple(key, value), { minLength: 1, maxLength: 24, selector: ([k]) => toHex(k) })
const anyEntries = fc.oneof(entriesOf(crowdedKey), entriesOf(hashedKey))

describe('Merkle-Patricia proofs', () => {
  it('finds the roots of Ethereum’s own trie tests', () => {
    // ethereum/tests, TrieTests/trieanyorder.json: "dogs" and "puppy".
    const dogs = buildTrie([
      [text('doe'), text('reindeer')],
      [text('dog'), text('puppy')],
      [text('dogglesworth'), text('cat')],
    ])
    expect(dogs.root).toBe('0x8aad789dff2f538bca5d8ea56e8abe10f4c7ba3a5dea95fea4cd6e7c3a1168d3')
    const puppy = buildTrie([
      [text('do'), text('verb')],
      [text('horse'), text('stallion')],
      [text('doge'), text('coin')],
      [text('dog'), text('puppy')],
    ])
    expect(puppy.root).toBe('0x5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84')
    expect(verifyTrieProof(puppy.root, text('dog'), puppy.prove(text('dog')))).toEqual({
      ok: true,
      value: text('puppy'),
    })
  })

  it('gives every key its value, and every other key its proven absence', () => {
    fc.assert(
      fc.property(anyEntries, fc.array(fc.oneof(crowdedKey, hashedKey)), (entries, others) => {
        const trie = buildTrie(entries)
        for (const key of [...entries.map(([k]) => k), ...others]) {
          const there = entries.find(([k]) => toHex(k) === toHex(key))?.[1] ?? null
          expect(verifyTrieProof(trie.root, key, trie.prove(key))).toEqual({ ok: true, value: there })
        }
      }),
    )
  })

  it('proves absence in an empty trie with no nodes, or with the empty one', () => {
    expect(verifyTrieProof(emptyTrieRoot, keccak_256(text('x')), [])).toEqual({ ok: true, value: null })
    expect(verifyTrieProof(emptyTrieRoot, keccak_256(text('x')), [Uint8Array.of(0x80)])).toEqual({
      ok: true,
      value: null,
    })
  })

  it('refuses no nodes for a trie that has entries', () => {
    const trie = buildTrie([[text('a'), text('b')]])
    expect(verifyTrieProof(trie.root, text('zz'), [])).toMatchObject({
      ok: false,
      error: { kind: 'badProof' },
    })
  })

  it('refuses a proof with any bit flipped, any node missing, doubled or added', () => {
    fc.assert(
      fc.property(anyEntries, fc.nat(), fc.nat(), (entries, pick, bit) => {
        const trie = buildTrie(entries)
        const key = entries[pick % entries.length]?.[0] ?? new Uint8Array()
        const proof = trie.prove(key)
        const at = pick % proof.length
        const node = proof[at] ?? new Uint8Array()
        const flipped = node.with(
          (bit >> 3) % node.length,
          (node[(bit >> 3) % node.length] ?? 0) ^ (1 << (bit & 7)),
        )
        for (const mutant of [
          proof.with(at, flipped),
          proof.toSpliced(at, 1),
          proof.toSpliced(at, 0, node),
          [...proof, node],
          [...proof, new Uint8Array(0)],
          [...proof].reverse().concat(proof.length === 1 ? [node] : []),
        ]) {
          const verified = verifyTrieProof(trie.root, key, mutant)
          expect(verified).toMatchObject({ ok: false, error: { kind: 'badProof' } })
        }
      }),
    )
  })

  it('never gives another value for a key than the trie holds, whatever nodes of the trie are offered', () => {
    fc.assert(
      fc.property(anyEntries, fc.array(fc.nat(), { maxLength: 6 }), fc.nat(), (entries, picks, pick) => {
        const trie = buildTrie(entries)
        const nodes = entries.flatMap(([key]) => trie.prove(key))
        const [key, there] = entries[pick % entries.length] ?? [new Uint8Array(), new Uint8Array()]
        const verified = verifyTrieProof(
          trie.root,
          key,
          picks.map(i => nodes[i % nodes.length] ?? new Uint8Array()),
        )
        if (verified.ok) expect(verified.value).toEqual(there)
      }),
    )
  })

  it.each([
    ['a node of three items', [text('a'), text('b'), text('c')]],
    ['a leaf without a value', [Uint8Array.of(0x20), new Uint8Array()]],
    ['an extension without a path', [Uint8Array.of(0x00), keccak_256(text('x'))]],
    ['an extension without a child', [Uint8Array.of(0x16), new Uint8Array()]],
    ['a path with unknown flags', [Uint8Array.of(0x46), text('v')]],
    ['a path with a padding nibble that is not zero', [Uint8Array.of(0x21, 0x61), text('v')]],
    ['a path of no bytes', [new Uint8Array(), text('v')]],
    ['a branch whose value is a list', [...new Array<Uint8Array>(16).fill(new Uint8Array()), [text('v')]]],
    ['a reference of 31 bytes', [...new Array<Uint8Array>(16).fill(new Uint8Array(31)), new Uint8Array()]],
    [
      'an embedded node that is too long',
      [...new Array<Uint8Array[]>(16).fill([new Uint8Array(40)]), new Uint8Array()],
    ],
  ])('refuses %s', (_, node) => {
    const encoded = encodeRlp(node)
    const verified = verifyTrieProof(toHex(keccak_256(encoded)), text('a'), [encoded])
    expect(verified).toMatchObject({ ok: false, error: { kind: 'badProof' } })
  })

  it('refuses a node referenced by its hash that is short enough to be embedded', () => {
    const leaf = encodeRlp([Uint8Array.of(0x20), text('v')])
    const branch = [...new Array<Uint8Array>(16).fill(keccak_256(leaf)), new Uint8Array()]
    const extension = encodeRlp([Uint8Array.of(0x16), keccak_256(encodeRlp(branch))])
    const proof = [extension, encodeRlp(branch), leaf]
    // 'a' is 0x61: the extension takes the first nibble, the branch the second.
    expect(verifyTrieProof(toHex(keccak_256(extension)), text('a'), proof)).toMatchObject({
      ok: false,
      error: { kind: 'badProof', detail: expect.stringContaining('embedded') },
    })
  })

  it('never throws, whatever bytes it is given', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 4 }), text => {
        const [first = new Uint8Array()] = text
        expect(verifyTrieProof(toHex(keccak_256(first)), keccak_256(first), text)).toHaveProperty('ok')
      }),
    )
  })
})
