// What the vault key seals: the phrase's entropy, its seed, and the passkeys' wrapping keys. See docs/vault.md.
import type { Bytes } from '../bytes.ts'
import { ByteReader, EndOfBytes, uintBytes } from './byteReader.ts'
import type { Phrase, PhraseLanguage } from './phrase.ts'
import { wipe } from './secretBytes.ts'

export interface VaultSecrets extends Phrase {
  /** BIP-39's 64 bytes: kept, so that an unlock makes no text of the words, which could not be overwritten. */
  readonly seed: Bytes
  /** Unix seconds. */
  readonly createdAt: number
  /** When the person proved to have written the words down; null: not yet. Unix seconds. */
  readonly backedUpAt: number | null
}

const FORM = 1
const LANGUAGES: readonly PhraseLanguage[] = ['en', 'zh']

/** The caller overwrites the result once it is sealed. */
export function writeSecrets(secrets: VaultSecrets, passkeyKeys: readonly Bytes[]): Bytes {
  const { language, entropy, seed, createdAt, backedUpAt } = secrets
  if ((entropy.length !== 16 && entropy.length !== 32) || seed.length !== 64) {
    throw new RangeError('entropy or seed')
  }
  // Written in place: every copy in between would be one more to overwrite.
  const parts = [
    Uint8Array.of(FORM, LANGUAGES.indexOf(language), entropy.length),
    entropy,
    seed,
    uintBytes(createdAt, 6),
    uintBytes(backedUpAt ?? 0, 6),
    ...passkeyKeys,
  ]
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** undefined for anything that `writeSecrets` does not make for so many passkeys. */
export function readSecrets(
  plain: Uint8Array,
  passkeys: number,
): { readonly secrets: VaultSecrets; readonly passkeyKeys: readonly Bytes[] } | undefined {
  const reader = new ByteReader(plain)
  const read: Bytes[] = []
  const take = (length: number): Bytes => {
    const bytes = reader.bytes(length)
    read.push(bytes)
    return bytes
  }
  try {
    const form = reader.uint(1)
    const language = LANGUAGES[reader.uint(1)]
    const size = reader.uint(1)
    if (form !== FORM || language === undefined || (size !== 16 && size !== 32)) return undefined
    const entropy = take(size)
    const seed = take(64)
    const createdAt = reader.uint(6)
    const backedUpAt = reader.uint(6) || null
    const passkeyKeys = Array.from({ length: passkeys }, () => take(32))
    if (reader.left === 0) {
      return { secrets: { language, entropy, seed, createdAt, backedUpAt }, passkeyKeys }
    }
  } catch (error) {
    if (!(error instanceof EndOfBytes)) throw error
  }
  wipe(...read)
  return undefined
}
