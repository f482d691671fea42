// The kiosk's gas key: secp256k1, which WebCrypto lacks, so it lies sealed under an AES key that can't be read out of this browser.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { GasKey } from '../../app/ports/kiosk.ts'
import type { StorageFailure } from '../../app/ports/vault.ts'
import type { Bytes } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { addressOfKey } from '../../core/wallet/address.ts'
import { signTransaction } from '../../core/wallet/transaction.ts'
import { type KeyStore, stored } from '../keys/keyDatabase.ts'

interface SealedKey {
  readonly wrapping: CryptoKey
  readonly iv: Bytes
  readonly sealed: ArrayBuffer
}

const RECORD = 'kiosk-gas'
const ALGORITHM = 'AES-GCM'

/** Made where there is none. Unsealed for each signature, and overwritten after it. */
export async function openGasKey(store: KeyStore, crypto: Crypto): Promise<Result<GasKey, StorageFailure>> {
  const found = await stored(
    async () => (await store.get(RECORD)) ?? store.getOrPut(RECORD, await make(crypto)),
  )
  if (!found.ok) return found
  const key = found.value
  if (!isSealed(key)) return fail({ kind: 'vaultNotStored', detail: `${RECORD} is no sealed key` })
  const withSecret = async <T>(use: (secret: Uint8Array) => T): Promise<T> => {
    const { iv, sealed, wrapping } = key
    const secret = new Uint8Array(await crypto.subtle.decrypt({ name: ALGORITHM, iv }, wrapping, sealed))
    try {
      return use(secret)
    } finally {
      secret.fill(0)
    }
  }
  const address = await withSecret(secret => addressOfKey(secp256k1.getPublicKey(secret, false)))
  return ok({
    address,
    sign: transaction => withSecret(secret => signTransaction(transaction, secret)),
  })
}

async function make(crypto: Crypto): Promise<SealedKey> {
  const wrapping = await crypto.subtle.generateKey({ name: ALGORITHM, length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const secret = Uint8Array.from(secp256k1.utils.randomSecretKey())
  try {
    return { wrapping, iv, sealed: await crypto.subtle.encrypt({ name: ALGORITHM, iv }, wrapping, secret) }
  } finally {
    secret.fill(0)
  }
}

function isSealed(value: unknown): value is SealedKey {
  if (typeof value !== 'object' || value === null) return false
  if (!('wrapping' in value) || !('iv' in value) || !('sealed' in value)) return false
  const { wrapping, iv, sealed } = value
  return (
    wrapping instanceof CryptoKey &&
    !wrapping.extractable &&
    iv instanceof Uint8Array &&
    sealed instanceof ArrayBuffer
  )
}
