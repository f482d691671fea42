import { readFileSync } from 'node:fs'
import { keccak_256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, type Hex } from '../../../src/core/bytes.ts'
import {
  type StorageProofs,
  verifyAccount,
  verifySlot,
  verifyStorage,
} from '../../../src/core/proof/account.ts'
import { headerFromRpc } from '../../../src/core/proof/header.ts'
import { encodeRlp } from '../../../src/core/proof/rlp.ts'
import { mappingSlot, memberOf, slotHex } from '../../../src/core/proof/slot.ts'
import { emptyTrieRoot } from '../../../src/core/proof/trie.ts'
import { buildTrie } from './trieBuilder.ts'

interface RpcProof {
  readonly address: Hex
  readonly balance: Hex
  readonly nonce: Hex
  readonly codeHash: Hex
  readonly storageHash: Hex
  readonly accountProof: readonly string[]
  readonly storageProof: readonly {
    readonly key: Hex
    readonly value: Hex
    readonly proof: readonly string[]
  }[]
}
const recorded: Record<'contract' | 'plain' | 'absent', RpcProof> & { readonly block: unknown } = JSON.parse(
  readFileSync(new URL('../../vectors/proof/anvilProofs.json', import.meta.url), 'utf8'),
)
const header = headerFromRpc(recorded.block)
if (!header.ok) throw new Error(header.error.detail)
const { stateRoot } = header.value

const toBytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array()
const proofsOf = (proof: RpcProof): StorageProofs => ({
  accountProof: proof.accountProof.map(toBytes),
  slots: proof.storageProof.map(({ key, proof: nodes }) => ({ slot: key, proof: nodes.map(toBytes) })),
})
const { contract, plain, absent } = recorded

describe('EIP-1186 proofs of a real node', () => {
  it('prove an account with code, and every slot, also those that are empty', () => {
    const proven = verifyStorage(header.value, contract.address, proofsOf(contract))
    expect(proven).toEqual({
      ok: true,
      value: {
        account: { nonce: 1n, balance: 0n, storageRoot: contract.storageHash, codeHash: contract.codeHash },
        slots: new Map(contract.storageProof.map(({ key, value }) => [key, BigInt(value)])),
      },
    })
    expect([...(proven.ok ? proven.value.slots.values() : [])].filter(value => value === 0n)).toHaveLength(2)
  })

  it('prove an account without storage, whose slots are all 0', () => {
    expect(verifyStorage(header.value, plain.address, proofsOf(plain))).toMatchObject({
      ok: true,
      value: {
        account: { balance: BigInt(plain.balance), storageRoot: emptyTrieRoot },
        slots: new Map([[slotHex(0n), 0n]]),
      },
    })
  })

  it('prove that there is no account', () => {
    expect(verifyStorage(header.value, absent.address, proofsOf(absent))).toEqual({
      ok: true,
      value: { account: null, slots: new Map([[slotHex(0n), 0n]]) },
    })
  })

  it('are refused with any byte changed', () => {
    const { accountProof, slots } = proofsOf(contract)
    for (const [i, node] of accountProof.entries()) {
      for (let at = 0; at < node.length; at++) {
        const mutant = accountProof.with(i, node.with(at, (node[at] ?? 0) ^ (1 << (at % 8))))
        expect(verifyAccount(stateRoot, contract.address, mutant).ok).toBe(false)
      }
    }
    for (const { slot, proof } of slots) {
      for (const [i, node] of proof.entries()) {
        for (let at = 0; at < node.length; at++) {
          const mutant = proof.with(i, node.with(at, (node[at] ?? 0) ^ (1 << (at % 8))))
          expect(verifySlot(contract.storageHash, slot, mutant).ok).toBe(false)
        }
      }
    }
  })

  it('are refused for another root, and one slot’s for another slot', () => {
    const { accountProof, slots } = proofsOf(contract)
    expect(verifyAccount(contract.storageHash, contract.address, accountProof).ok).toBe(false)
    const [one, two] = slots
    expect(verifySlot(contract.storageHash, one?.slot ?? '0x', two?.proof ?? [])).toMatchObject({
      ok: false,
      error: { kind: 'badProof' },
    })
  })

  it('are refused where a leaf holds what no slot or account can', () => {
    const slot = slotHex(5n)
    const key = keccak_256(toBytes(slot))
    const words = [[], Uint8Array.of(0, 1), new Uint8Array(33).fill(1)]
    for (const word of words) {
      const trie = buildTrie([[key, encodeRlp(word)]])
      expect(verifySlot(trie.root, slot, trie.prove(key))).toMatchObject({
        ok: false,
        error: { kind: 'badProof' },
      })
    }
    const hash = new Uint8Array(32)
    const nothing = new Uint8Array()
    const accounts = [
      nothing,
      [nothing, nothing, hash],
      [nothing, nothing, hash, hash, nothing],
      [Uint8Array.of(0), nothing, hash, hash],
      [nothing, [], hash, hash],
      [nothing, nothing, hash.slice(1), hash],
      [nothing, nothing, hash, [hash]],
    ]
    const address = contract.address
    for (const account of accounts) {
      const trie = buildTrie([[keccak_256(toBytes(address)), encodeRlp(account)]])
      const proof = trie.prove(keccak_256(toBytes(address)))
      expect(verifyAccount(trie.root, address, proof)).toMatchObject({
        ok: false,
        error: { kind: 'badProof' },
      })
    }
  })

  it('never give a slot another value, whatever nodes are offered', () => {
    const { slots } = proofsOf(contract)
    const nodes = slots.flatMap(({ proof }) => proof)
    fc.assert(
      fc.property(
        fc.constantFrom(...slots),
        fc.array(fc.constantFrom(...nodes), { maxLength: 5 }),
        ({ slot }, offered) => {
          const verified = verifySlot(contract.storageHash, slot, offered)
          const value = contract.storageProof.find(({ key }) => key === slot)?.value ?? '0x'
          if (verified.ok) expect(verified.value).toBe(BigInt(value))
        },
      ),
    )
  })
})

describe('storage slots', () => {
  it('are found as Solidity lays them out', () => {
    // Solidity documentation, "Mappings and Dynamic Arrays": keccak256(h(k) . p); `cast index` gives the same for key 1, slot 0.
    expect(slotHex(mappingSlot(`0x${'1'.padStart(64, '0')}`, 0n))).toBe(
      '0xada5013122d395ba3c54772283fb069b10426056ef8ca54750cb9bb552a59e7d',
    )
    expect(slotHex((1n << 256n) - 1n, 1)).toBe(slotHex(0n))
  })

  it('are read member by member, from the low end', () => {
    const word = 0x0102030405060708n | (9n << 64n)
    expect(memberOf(word, 0, 8)).toBe(0x0102030405060708n)
    expect(memberOf(word, 8, 4)).toBe(9n)
    expect(memberOf(word, 6, 2)).toBe(0x0102n)
  })
})
