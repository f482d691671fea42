// Session keys of payment channels: secp256k1 keys, each sealed by an AES key of WebCrypto that never leaves this browser.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { SessionKey, SessionKeys } from '../../app/ports/sessionKeys.ts'
import type { StorageFailure } from '../../app/ports/vault.ts'
import { type Bytes, utf8 } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { signByKey } from '../../core/voucher/channel.ts'
import { addressOfKey } from '../../core/wallet/address.ts'
import { wipe } from '../../core/wallet/secretBytes.ts'
import { type KeyStore, stored } from './keyDatabase.ts'

const AES = { name: 'AES-GCM', length: 256 } as const

interface Sealed {
  /** Not extractable: what it seals can be opened by this browser alone. */
  readonly wrapping: CryptoKey
  /** 12 bytes. */
  readonly iv: Bytes
  /** The 32-byte key, and 16 bytes of tag; bound to its name. */
  readonly sealed: Bytes
}

/**
 * WebCrypto has no secp256k1, so the key is opened for each signature and wiped after it. A stolen profile can still use it,
 * as it can use lock keys: what it can lose is what lies in its channels, and to their payees alone.
 */
export function createSessionKeys(
  store: KeyStore,
  subtle: SubtleCrypto,
  randomBytes: (length: number) => Bytes,
): SessionKeys {
  const record = (name: string): string => `session-key/${name}`

  async function make(name: string): Promise<Sealed> {
    const wrapping = await subtle.generateKey(AES, false, ['encrypt', 'decrypt'])
    const iv = randomBytes(12)
    const secret = secp256k1.utils.randomSecretKey(randomBytes(48))
    try {
      const additionalData = utf8(record(name))
      const sealed = await subtle.encrypt(
        { name: AES.name, iv, additionalData },
        wrapping,
        Uint8Array.from(secret),
      )
      return { wrapping, iv, sealed: new Uint8Array(sealed) }
    } finally {
      wipe(secret)
    }
  }

  async function open<T>(
    name: string,
    { wrapping, iv, sealed }: Sealed,
    use: (secret: Bytes) => T,
  ): Promise<T> {
    const additionalData = utf8(record(name))
    const secret = new Uint8Array(
      await subtle.decrypt({ name: AES.name, iv, additionalData }, wrapping, sealed),
    )
    try {
      return use(secret)
    } finally {
      wipe(secret)
    }
  }

  async function keyFor(name: string): Promise<Result<SessionKey, StorageFailure>> {
    const found = await stored(async () => {
      const present = await store.get(record(name))
      // Another tab may have made one meanwhile: the stored one is everybody's.
      return present ?? store.getOrPut(record(name), await make(name))
    })
    if (!found.ok) return found
    const key = readSealed(found.value)
    if (!key) return fail({ kind: 'vaultNotStored', detail: `${record(name)} is no sealed key` })
    const address = await open(name, key, secret => addressOfKey(secp256k1.getPublicKey(secret, false)))
    return ok({
      address,
      async sign(digest) {
        if (digest.length !== 32) throw new RangeError(`a digest has 32 bytes, not ${digest.length}`)
        return open(name, key, secret => signByKey(digest, secret))
      },
    })
  }

  return {
    keyFor,
    async forget(name) {
      const deleted = await stored(() => store.delete(record(name)))
      return deleted.ok ? ok(null) : deleted
    },
  }
}

function readSealed(value: unknown): Sealed | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (!('wrapping' in value) || !('iv' in value) || !('sealed' in value)) return undefined
  const { wrapping, iv, sealed } = value
  if (!(wrapping instanceof CryptoKey) || wrapping.extractable) return undefined
  if (!(iv instanceof Uint8Array) || !(sealed instanceof Uint8Array)) return undefined
  return { wrapping, iv: Uint8Array.from(iv), sealed: Uint8Array.from(sealed) }
}
