// The development chain's own account: unlocked, rich from the first block, and of no worth anywhere else.
import type { Address, Hex } from '../../src/core/bytes.ts'
import { rpc } from './rpc.ts'

/** `url`: the chain itself, not one of its endpoints. */
export async function bankAddress(url: string): Promise<Address> {
  const accounts = await rpc(url, 'eth_accounts', [])
  const [first]: unknown[] = Array.isArray(accounts) ? accounts : []
  if (typeof first !== 'string') throw new Error('the chain has no account of its own')
  return first.toLowerCase() as Address
}

/** Sent, not mined yet. The chain signs, and numbers what has no nonce. Rejects where it would be reverted. */
export async function sendFromBank(
  url: string,
  transaction: { readonly to?: Address; readonly value?: Hex; readonly data?: Hex; readonly nonce?: Hex },
): Promise<Hex> {
  const from = await bankAddress(url)
  return (await rpc(url, 'eth_sendTransaction', [{ from, ...transaction }])) as Hex
}
