// Which keys a wallet has, and where each is derived: the one place that knows paths.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { Address, Bytes } from '../bytes.ts'
import { devicePublicKey } from '../identity.ts'
import { addressOfKey } from './address.ts'
import { childNumber, hardened, type KeyPath, p256Key, secp256k1Key, servicePath } from './hdKey.ts'
import { wipe } from './secretBytes.ts'

/**
 * An EVM account of the wallet, all from one phrase:
 *
 * | account | path | why there |
 * |---|---|---|
 * | owner | `m/44'/60'/0'/0/0` | BIP-44: the first account of any other wallet with the same words |
 * | device `i` | `m/44'/60'/1'/0/i` | BIP-44, an account of its own, so that the devices' money never mixes with the owner's |
 *
 * The owner key is no account: P-256 (SLIP-10) at the SLIP-13 path of `fob://owner-key`, index = generation, 0 at first.
 */
export type AccountName = { readonly kind: 'owner' } | { readonly kind: 'device'; readonly index: number }

const ETHER = 60

/** Throws RangeError for an index that is no integer from 0 below 2^31. */
export function accountPath(name: AccountName): KeyPath {
  switch (name.kind) {
    case 'owner':
      return [hardened(44), hardened(ETHER), hardened(0), 0, 0]
    case 'device':
      return [hardened(44), hardened(ETHER), hardened(1), 0, childNumber(name.index)]
  }
}

/** Lends the account's 32-byte secret key to `use` and overwrites it afterwards. */
export function withAccountKey<T>(seed: Uint8Array, name: AccountName, use: (secretKey: Bytes) => T): T {
  const key = secp256k1Key(seed, accountPath(name))
  try {
    return use(key)
  } finally {
    wipe(key)
  }
}

/** Lends the 32-byte secret scalar of the P-256 owner key to `use` and overwrites it afterwards. */
export function withOwnerKey<T>(seed: Uint8Array, generation: number, use: (secretKey: Bytes) => T): T {
  const key = p256Key(seed, servicePath('fob://owner-key', generation))
  try {
    return use(key)
  } finally {
    wipe(key)
  }
}

export const accountAddress = (seed: Uint8Array, name: AccountName): Address =>
  withAccountKey(seed, name, key => addressOfKey(secp256k1.getPublicKey(key, false)))

/** x || y of the owner key, 64 bytes: what a device pins at pairing. */
export const ownerPublicKey = (seed: Uint8Array, generation: number): Bytes =>
  withOwnerKey(seed, generation, devicePublicKey)
