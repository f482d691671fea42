// Verifying proofs of the chain's state, against the hashes that no verifier can do without.
import { readFile } from 'node:fs/promises'
import { keccak_256 } from '@noble/hashes/sha3.js'
import * as v from 'valibot'
import { type Address, fromHex, type Hex } from '../../../src/core/bytes.ts'
import { type StorageProofs, verifyStorage } from '../../../src/core/proof/account.ts'
import { headerFromRpc } from '../../../src/core/proof/header.ts'
import { verifyTrieProof } from '../../../src/core/proof/trie.ts'
import { buildTrie } from '../../unit/proof/trieBuilder.ts'
import { medianTimes } from '../medians.ts'
import type { Group, Row } from '../row.ts'

const runs = 15
/** Nodes to an account of Ethereum's mainnet: a few hundred million accounts fill eight levels of sixteen. */
const mainnetDepth = 9

export const group: Group = {
  name: 'Proof verification',
  async run() {
    const registry = await recordedProof()
    const deep = deepProof()
    const times = await medianTimes(runs, {
      storage() {
        const proven = verifyStorage(registry.header, registry.address, registry.proofs)
        if (!proven.ok) throw new Error(proven.error.detail)
      },
      storageHashes: () => registry.hashed.map(bytes => keccak_256(bytes)),
      deep() {
        const proven = verifyTrieProof(deep.root, deep.key, deep.proof)
        if (!proven.ok || proven.value === null) throw new Error('not proven')
      },
      deepHashes: () => deep.proof.map(bytes => keccak_256(bytes)),
    })
    const row = (name: string, value: number, hashes: number, reference: number): Row => ({
      name,
      value,
      unit: 'ms',
      reference: { name: `its ${hashes} keccak256 alone`, value: reference },
      better: 'lower',
      runs,
    })
    return [
      row(
        `account and ${registry.proofs.slots.length} slots of a registry`,
        times.storage,
        registry.hashed.length,
        times.storageHashes,
      ),
      row(`one account ${mainnetDepth} nodes deep`, times.deep, deep.proof.length, times.deepHashes),
    ]
  },
}

const hex = v.custom<Hex>(value => typeof value === 'string' && fromHex(value) !== undefined)
const nodes = v.array(v.pipe(v.string(), v.transform(toBytes)))
const recordedSchema = v.object({
  block: v.unknown(),
  contract: v.object({
    address: hex,
    accountProof: nodes,
    storageProof: v.array(v.object({ key: hex, proof: nodes })),
  }),
})

/** What a real node answered, and every byte string that must be hashed to check it. */
async function recordedProof() {
  const file = new URL('../../vectors/proof/anvilProofs.json', import.meta.url)
  const { block, contract } = v.parse(recordedSchema, JSON.parse(await readFile(file, 'utf8')))
  const header = headerFromRpc(block)
  if (!header.ok) throw new Error(header.error.detail)
  const address: Address = contract.address
  const proofs: StorageProofs = {
    accountProof: contract.accountProof,
    slots: contract.storageProof.map(({ key, proof }) => ({ slot: key, proof })),
  }
  const keys = [address, ...proofs.slots.map(({ slot }) => slot)].map(toBytes)
  const hashed = [...keys, ...proofs.accountProof, ...proofs.slots.flatMap(({ proof }) => proof)]
  return { header: header.value, address, proofs, hashed }
}

/** A trie that is as full along one path as mainnet's is everywhere: fifteen siblings at every node. */
function deepProof() {
  const key = new Uint8Array(32)
  const value = new Uint8Array(70).fill(0xa5)
  const siblings = Array.from({ length: mainnetDepth - 1 }, (_, depth) =>
    Array.from({ length: 15 }, (_, i): readonly [Uint8Array, Uint8Array] => {
      const sibling = keccak_256(Uint8Array.of(depth, i))
      sibling.fill(0, 0, depth >> 1)
      const nibble = i + 1
      const low = (sibling[depth >> 1] ?? 0) & 0xf
      sibling[depth >> 1] = depth % 2 === 0 ? (nibble << 4) | low : nibble
      return [sibling, value]
    }),
  )
  const trie = buildTrie([[key, value], ...siblings.flat()])
  const proof = trie.prove(key)
  if (proof.length !== mainnetDepth) throw new Error(`${proof.length} nodes, not ${mainnetDepth}`)
  return { root: trie.root, key, proof }
}

function toBytes(text: string): Uint8Array {
  const bytes = fromHex(text)
  if (!bytes) throw new TypeError(`not hexadecimal: ${text}`)
  return bytes
}
