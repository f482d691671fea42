// Accounts and their storage, proven against a header: EIP-1186.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Address, fromHex, type Hex, toHex } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import type { Header } from './header.ts'
import { decodeRlp, type RlpItem } from './rlp.ts'
import { type BadProof, verifyTrieProof } from './trie.ts'

export interface Account {
  readonly nonce: bigint
  /** In wei. */
  readonly balance: bigint
  readonly storageRoot: Hex
  readonly codeHash: Hex
}

/** What an endpoint hands over for `eth_getProof`: RLP of the nodes, from the root down. Its own values are not needed. */
export interface StorageProofs {
  readonly accountProof: readonly Uint8Array[]
  readonly slots: readonly { readonly slot: Hex; readonly proof: readonly Uint8Array[] }[]
}

export interface ProvenStorage {
  /** null: nothing exists at this address; then every slot is 0. */
  readonly account: Account | null
  /** One value for each proof in `slots`, by the slot as 32 bytes of lower-case hexadecimal. */
  readonly slots: ReadonlyMap<Hex, bigint>
}

export function verifyAccount(
  stateRoot: Hex,
  address: Address,
  proof: readonly Uint8Array[],
): Result<Account | null, BadProof> {
  const leaf = verifyTrieProof(stateRoot, hashOf(address), proof)
  if (!leaf.ok || leaf.value === null) return leaf.ok ? ok(null) : leaf
  const account = decodeRlp(leaf.value)
  if (!account.ok || account.value instanceof Uint8Array || account.value.length !== 4)
    return bad('no account')
  const [nonce, balance] = account.value.slice(0, 2).map(toQuantity)
  const [storageRoot, codeHash] = account.value.slice(2)
  if (nonce === undefined || balance === undefined) return bad('an account with malformed numbers')
  if (!isHash(storageRoot) || !isHash(codeHash)) return bad('an account with malformed hashes')
  return ok({ nonce, balance, storageRoot: toHex(storageRoot), codeHash: toHex(codeHash) })
}

/** `slot` and the value are 32-byte words; a slot that is absent holds 0. */
export function verifySlot(
  storageRoot: Hex,
  slot: Hex,
  proof: readonly Uint8Array[],
): Result<bigint, BadProof> {
  const leaf = verifyTrieProof(storageRoot, hashOf(slot), proof)
  if (!leaf.ok || leaf.value === null) return leaf.ok ? ok(0n) : leaf
  const word = decodeRlp(leaf.value)
  const value = word.ok ? toQuantity(word.value) : undefined
  // A slot that holds 0 has no leaf, but for development chains (anvil), whose root commits to one all the same.
  return value === undefined ? bad('a malformed storage word') : ok(value)
}

/** Proves each slot's value in the state that `header` commits to. `header` itself must be trusted already. */
export function verifyStorage(
  header: Pick<Header, 'stateRoot'>,
  address: Address,
  proofs: StorageProofs,
): Result<ProvenStorage, BadProof> {
  const account = verifyAccount(header.stateRoot, address, proofs.accountProof)
  if (!account.ok) return account
  const slots = new Map<Hex, bigint>()
  for (const { slot, proof } of proofs.slots) {
    if (account.value === null) {
      slots.set(slot, 0n)
      continue
    }
    const value = verifySlot(account.value.storageRoot, slot, proof)
    if (!value.ok) return value
    slots.set(slot, value.value)
  }
  return ok({ account: account.value, slots })
}

function hashOf(hex: Hex): Uint8Array {
  const bytes = fromHex(hex)
  if (!bytes) throw new TypeError(`not hexadecimal: ${hex}`)
  return keccak_256(bytes)
}

/** undefined unless it is a number of at most 32 bytes in its shortest form. */
function toQuantity(item: RlpItem): bigint | undefined {
  if (!(item instanceof Uint8Array) || item.length > 32 || item[0] === 0) return undefined
  return item.length === 0 ? 0n : BigInt(toHex(item))
}

const isHash = (item: RlpItem | undefined): item is Uint8Array =>
  item instanceof Uint8Array && item.length === 32

const bad = (detail: string) => fail<BadProof>({ kind: 'badProof', detail })
