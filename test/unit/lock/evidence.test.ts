// What a phone shows a lock of a block: headers and receipts as real chains have them, and the path to each of them.
import { readFileSync } from 'node:fs'
import { keccak_256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, toHex } from '../../../src/core/bytes.ts'
import { readBlockHeader } from '../../../src/core/lock/blockHeader.ts'
import { receiptsFromRpc } from '../../../src/core/proof/blockBody.ts'
import { headerRlpFromRpc } from '../../../src/core/proof/header.ts'
import { orderedTrieRoot, proveInOrderedTrie } from '../../../src/core/proof/orderedTrie.ts'
import { decodeRlp, encodeRlp, quantityBytes, type RlpItem } from '../../../src/core/proof/rlp.ts'
import { verifyTrieProof } from '../../../src/core/proof/trie.ts'
import { buildTrie } from '../proof/trieBuilder.ts'
import { must } from './lockWorld.ts'

type Json = Readonly<Record<string, unknown>>
const recordedIn = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../vectors/proof/${name}.json`, import.meta.url), 'utf8'))
const mainnet = recordedIn<{ readonly blocks: readonly Json[] }>('mainnetHeaders').blocks
const anvil = recordedIn<{
  readonly blocks: readonly { readonly block: Json; readonly receipts: readonly Json[] }[]
}>('anvilBlocks').blocks

const keyOf = (index: number) => encodeRlp(quantityBytes(BigInt(index)))

describe('a header', () => {
  it('of every fork hashes to what its chain calls it, and says when and what', () => {
    for (const block of [...mainnet, ...anvil.map(({ block }) => block)]) {
      const rlp = must(headerRlpFromRpc(block))
      expect(toHex(keccak_256(rlp))).toBe(block.hash)
      const { hash, ...read } = readBlockHeader(rlp) ?? {}
      expect(toHex(hash ?? new Uint8Array())).toBe(block.hash)
      expect(read).toEqual({
        number: Number(block.number),
        timestamp: Number(block.timestamp),
        receiptsRoot: block.receiptsRoot,
      })
    }
  })

  it('of another form is read as none: cut, longer, with fields missing, or with numbers out of range', () => {
    const rlp = must(headerRlpFromRpc(mainnet.at(-1)))
    for (let length = 0; length < rlp.length; length++)
      expect(readBlockHeader(rlp.subarray(0, length))).toBeUndefined()
    expect(readBlockHeader(concat(rlp, Uint8Array.of(0)))).toBeUndefined()
    const decoded = must(decodeRlp(rlp))
    if (decoded instanceof Uint8Array) throw new Error('no list')
    const fields: readonly RlpItem[] = decoded
    const changed = (place: number, item: RlpItem) =>
      readBlockHeader(encodeRlp(fields.map((field, i) => (i === place ? item : field))))
    expect(readBlockHeader(encodeRlp(fields.slice(0, 14)))).toBeUndefined()
    expect(changed(5, new Uint8Array(31))).toBeUndefined()
    expect(changed(5, [new Uint8Array(32)])).toBeUndefined()
    expect(changed(8, new Uint8Array(7).fill(1))).toBeUndefined()
    expect(changed(8, Uint8Array.of(0, 1))).toBeUndefined()
    expect(changed(11, new Uint8Array(6).fill(1))).toBeUndefined()
    expect(changed(11, Uint8Array.of(0))).toBeUndefined()
    expect(changed(11, Uint8Array.of(1))).toMatchObject({ timestamp: 1 })
  })

  it('is read from random bytes or not, and nothing is thrown', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 700 }), noise => void readBlockHeader(noise)))
  })
})

describe('the path to a receipt', () => {
  it('of each transaction of recorded blocks leads from the header to it', () => {
    let proven = 0
    for (const { block, receipts } of anvil) {
      const values = must(receiptsFromRpc(receipts))
      expect(orderedTrieRoot(values)).toBe(block.receiptsRoot)
      for (const [index, value] of values.entries()) {
        const nodes = proveInOrderedTrie(values, index)
        expect(verifyTrieProof(orderedTrieRoot(values), keyOf(index), nodes)).toEqual({ ok: true, value })
        proven++
      }
    }
    expect(proven).toBeGreaterThan(3)
  })

  it('is that of a trie built by definition, for values of any length, in a list of any', () => {
    const value = fc.uint8Array({ minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), fc.nat(), (values, any) => {
        const index = any % values.length
        const trie = buildTrie(values.map((each, i) => [keyOf(i), each] as const))
        const nodes = proveInOrderedTrie(values, index)
        expect(verifyTrieProof(trie.root, keyOf(index), nodes)).toEqual({ ok: true, value: values[index] })
      }),
      { numRuns: 30 },
    )
  })

  it('is none to what is not in the list', () => {
    const values = [Uint8Array.of(1), Uint8Array.of(2)]
    expect(() => proveInOrderedTrie(values, 2)).toThrow(RangeError)
    expect(() => proveInOrderedTrie(values, -1)).toThrow(RangeError)
  })
})
