// The keys that open locks: WebCrypto P-256 keys that never leave this browser, not even to this app.
import { p256 } from '@noble/curves/nist.js'
import type { LockKey, LockKeys, StorageFailure } from '../../app/ports/vault.ts'
import type { Bytes } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { type KeyStore, stored } from './keyDatabase.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const

export function createLockKeys(store: KeyStore, subtle: SubtleCrypto): LockKeys {
  const record = (name: string): string => `lock-key/${name}`

  async function load(name: string): Promise<Result<LockKey, StorageFailure>> {
    const found = await stored(async () => {
      const present = await store.get(record(name))
      if (present !== undefined) return present
      const made = await subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])
      // Another tab may have made one meanwhile: the stored one is everybody's.
      return store.getOrPut(record(name), { privateKey: made.privateKey, publicKey: made.publicKey })
    })
    if (!found.ok) return found
    const keys = readKeys(found.value)
    if (!keys) return fail({ kind: 'vaultNotStored', detail: `${record(name)} is no key pair` })
    const { privateKey } = keys
    const publicKey = new Uint8Array(await subtle.exportKey('raw', keys.publicKey)).slice(1)
    return ok({
      publicKey,
      async sign(digest) {
        if (digest.length !== 32) throw new RangeError(`a digest has 32 bytes, not ${digest.length}`)
        return lowS(new Uint8Array(await subtle.sign(SIGNATURE, privateKey, digest)))
      },
    })
  }

  return {
    keyFor: load,
    async forget(name) {
      const deleted = await stored(() => store.delete(record(name)))
      return deleted.ok ? ok(null) : deleted
    },
  }
}

/** WebCrypto gives either s; locks and contracts take the lower one alone. */
function lowS(signature: Bytes): Bytes {
  const parsed = p256.Signature.fromBytes(signature, 'compact')
  if (!parsed.hasHighS()) return signature
  const { n } = p256.Point.CURVE()
  return Uint8Array.from(new p256.Signature(parsed.r, n - parsed.s).toBytes('compact'))
}

function readKeys(value: unknown): { privateKey: CryptoKey; publicKey: CryptoKey } | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (!('privateKey' in value) || !('publicKey' in value)) return undefined
  const { privateKey, publicKey } = value
  if (!(privateKey instanceof CryptoKey) || !(publicKey instanceof CryptoKey)) return undefined
  // One that could be read out was not made here.
  if (privateKey.extractable || privateKey.type !== 'private') return undefined
  return { privateKey, publicKey }
}
