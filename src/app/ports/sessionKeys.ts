// Keys of this browser that sign vouchers: made and wrapped by it, usable without unlocking the wallet, worth one deposit each.
import type { Address, Bytes } from '../../core/bytes.ts'
import type { Result } from '../../core/result.ts'
import type { StorageFailure } from './vault.ts'

export interface SessionKey {
  readonly address: Address
  /** r || s || v, 65 bytes, low s, of a 32-byte digest. Rejects where the browser has lost the key. */
  sign(digest: Bytes): Promise<Bytes>
}

export interface SessionKeys {
  /** The key of that name, made when first asked for. */
  keyFor(name: string): Promise<Result<SessionKey, StorageFailure>>
  forget(name: string): Promise<Result<null, StorageFailure>>
}
