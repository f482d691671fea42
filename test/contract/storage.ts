// Reads a contract's storage by its generated layout, as a reader of storage proofs does.
import { type Address, concat, type Hex, keccak256, pad, slice, toHex } from 'viem'
import type { ChainClient } from '../chain.ts'

interface Member {
  readonly slot: number
  readonly offset: number
  readonly bytes: number
  readonly type: string
}

/** The slot under `keys` of a mapping: each key is hashed with the slot before it. */
export const slotOf = (mapping: number, keys: readonly Hex[]): Hex =>
  keys.reduce<Hex>((slot, key) => keccak256(concat([pad(key), slot])), toHex(mapping, { size: 32 }))

/** `contract` is asked for at each read, so that it may be deployed later. */
export function storageOf(contract: () => { readonly client: ChainClient; readonly address: Address }) {
  const wordAt = async (slot: bigint): Promise<Hex> => {
    const { client, address } = contract()
    return (await client.getStorageAt({ address, slot: toHex(slot, { size: 32 }) })) ?? '0x'
  }
  /** Every member of a struct, as the number or the bytes that the ABI would give. */
  const structAt = async (base: Hex, members: Readonly<Record<string, Member>>) => {
    const entries = Object.entries(members).map(async ([name, { slot, offset, bytes, type }]) => {
      const word = await wordAt(BigInt(base) + BigInt(slot))
      const value = slice(word, 32 - offset - bytes, 32 - offset)
      return [name, type === 'address' || type === 'bytes32' ? value : BigInt(value)] as const
    })
    return Object.fromEntries(await Promise.all(entries))
  }
  return { wordAt, structAt }
}

/** A view's struct with numbers as bigint and addresses in lower case, to compare with what lies in storage. */
export const plain = (view: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(view).map(([name, value]) => [
      name,
      typeof value === 'number' ? BigInt(value) : typeof value === 'string' ? value.toLowerCase() : value,
    ]),
  )
