// Merkle trees of logs: the roots of Certificate Transparency's own test data, and proofs that hold for just one entry.
import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inclusionOf, isIncluded, leafHash, merkleRoot } from '../../src/core/anchors/merkleTree.ts'
import { fromHex, toHex } from '../../src/core/bytes.ts'

/** From the tests of certificate-transparency (merkletree/merkle_tree_test), which RFC 6962 and RFC 9162 share. */
const entries = [
  ...['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'],
].map(hex => fromHex(`0x${hex}`) ?? new Uint8Array())
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

test('the root of nothing, and of each beginning of the reference data, is the reference’s', () => {
  expect(toHex(merkleRoot([]))).toBe(toHex(sha256(new Uint8Array())))
  for (const [i, root] of roots.entries()) {
    expect(toHex(merkleRoot(entries.slice(0, i + 1).map(leafHash)))).toBe(`0x${root}`)
  }
})

const log = fc
  .array(fc.uint8Array({ maxLength: 8 }), { minLength: 1, maxLength: 40 })
  .map(entries => entries.map((entry, i) => leafHash(Uint8Array.of(i, ...entry))))
const inLog = fc.tuple(log, fc.nat()).map(([leaves, n]) => ({ leaves, index: n % leaves.length }))

describe('an inclusion proof', () => {
  test('holds for every entry of logs of every size up to 70', () => {
    const leaves = Array.from({ length: 70 }, (_, i) => leafHash(Uint8Array.of(i)))
    for (let size = 1; size <= leaves.length; size++) {
      const some = leaves.slice(0, size)
      const anchored = { root: merkleRoot(some), size }
      for (let index = 0; index < size; index += 1 + Math.floor(size / 8)) {
        const inclusion = inclusionOf(some, index)
        expect(inclusion.path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)))
        expect(isIncluded(some[index] ?? anchored.root, inclusion, anchored)).toBe(true)
      }
    }
  })

  test('holds for no other entry, place, root or path', () => {
    fc.assert(
      fc.property(inLog, fc.nat({ max: 255 }), ({ leaves, index }, flip) => {
        const root = merkleRoot(leaves)
        const anchored = { root, size: leaves.length }
        const inclusion = inclusionOf(leaves, index)
        const leaf = leaves[index] ?? root
        const { path } = inclusion
        for (const [i, other] of leaves.entries()) {
          if (i === index) continue
          expect(isIncluded(other, inclusion, anchored)).toBe(false)
          expect(isIncluded(leaf, { ...inclusion, index: i }, anchored)).toBe(false)
        }
        const damage = (hash: Uint8Array) =>
          hash.map((byte, i) => (i === flip % 32 ? byte ^ (1 + (flip >> 5)) : byte))
        const paths = path.flatMap((hash, i) => [
          path.with(i, damage(hash)),
          path.with(i, hash.subarray(1)),
          path.toSpliced(i, 1),
          path.toSpliced(i, 0, root),
        ])
        for (const broken of [...paths, [...path, root]]) {
          expect(isIncluded(leaf, { index, path: broken }, anchored)).toBe(false)
        }
        expect(isIncluded(leaf, inclusion, { ...anchored, root: damage(root) })).toBe(false)
        expect(isIncluded(damage(leaf), inclusion, anchored)).toBe(false)
        for (const size of [0, index, -1, 0.5, Number.NaN, 2 ** 60]) {
          expect(isIncluded(leaf, inclusion, { root, size })).toBe(false)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('takes no node for an entry: what lies inside of the tree was never logged', () => {
    const [left, right] = entries.slice(0, 2).map(leafHash)
    if (!left || !right) throw new Error('no entries')
    const root = merkleRoot([left, right])
    expect(toHex(leafHash(Uint8Array.from([...left, ...right])))).not.toBe(toHex(root))
  })

  test('never throws, whatever it is given', () => {
    const bytes = fc.uint8Array({ maxLength: 40 })
    const number = fc.oneof(fc.double(), fc.nat({ max: 9 }))
    const path = fc.array(bytes, { maxLength: 80 })
    fc.assert(
      fc.property(bytes, number, number, path, bytes, (leaf, index, size, path, root) => {
        fc.pre(index !== 0 || size !== 1)
        expect(isIncluded(leaf, { index, path }, { root, size })).toBe(false)
      }),
    )
  })

  test('is made of no entry that there is not', () => {
    const leaves = entries.map(leafHash)
    for (const index of [-1, 8, 0.5, Number.NaN]) expect(() => inclusionOf(leaves, index)).toThrow(RangeError)
    expect(() => inclusionOf([], 0)).toThrow(RangeError)
  })
})
