// The vault's bytes, in the browser and as an export file alike: docs/vault.md says them one by one.
import { gcm } from '@noble/ciphers/aes.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, bytesEqual, concat, utf8 } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { decodeUtf8 } from './abiShape.ts'
import { ByteReader, EndOfBytes, uintBytes } from './byteReader.ts'
import { owned, wipe } from './secretBytes.ts'
import { isAllowedStretching, type Stretching } from './stretching.ts'
import { readSecrets, type VaultSecrets, writeSecrets } from './vaultSecrets.ts'

/** A passkey that can open the vault, besides the passphrase. */
interface PasskeySlot {
  readonly credentialId: Bytes
  /** What the authenticator's PRF is asked with, 32 bytes. */
  readonly salt: Bytes
  /** The person's name for it, at most 64 bytes of UTF-8. */
  readonly label: string
  /** Unix seconds. */
  readonly addedAt: number
}

/** What can be read without any key. */
export interface VaultHeader {
  /** 16 random bytes, the same for all revisions of one vault. */
  readonly id: Bytes
  /** Grows by one with every change. */
  readonly revision: number
  readonly stretching: Stretching
  /** 32 bytes. */
  readonly salt: Bytes
  readonly passkeys: readonly PasskeySlot[]
}

interface Wrapped {
  readonly nonce: Bytes
  readonly sealed: Bytes
}

export interface SealedVault {
  readonly header: VaultHeader
  readonly passphrase: Wrapped
  /** In the order of the header's passkeys. */
  readonly passkeys: readonly Wrapped[]
  readonly secrets: Wrapped
}

/** An open vault: everything in it is secret, and is overwritten by `wipeOpenVault`. */
export interface OpenVault {
  readonly vaultKey: Bytes
  readonly secrets: VaultSecrets
  /** The key that each passkey wraps the vault key with, so that a change needs no passkey at hand. */
  readonly passkeyKeys: readonly Bytes[]
}

export type VaultFileError =
  | { readonly kind: 'notAVault' }
  /** Cut, or changed: nothing in it can be trusted. */
  | { readonly kind: 'vaultDamaged'; readonly detail: string }
  /** Written by a newer version of the app. */
  | { readonly kind: 'vaultNewer'; readonly version: number }
  /** Its passphrase would be stretched less than is safe, or more than a device can bear. */
  | { readonly kind: 'vaultStrengthRefused'; readonly log2N: number }

const MAGIC = utf8('FOBVAULT')
const VERSION = 1
const KDF_SCRYPT = 1
/** More than anybody carries; the file stays small. */
export const MAX_PASSKEYS = 8
const KEY = 32
const NONCE = 12
const TAG = 16
const CHECKSUM = 32

/** 32-byte key that wraps the vault key, from a passkey's PRF output (32 bytes) and its slot's salt. HKDF-SHA-256, RFC 5869. */
export const passkeyWrappingKey = (prfOutput: Uint8Array, salt: Uint8Array): Bytes =>
  owned(hkdf(sha256, prfOutput, salt, utf8('fob vault passkey 1'), KEY))

/**
 * Seals with a fresh vault key: whoever could open an earlier revision can't open this one by that alone. `passphraseKey`
 * is the stretched passphrase, 32 bytes; `passkeyKeys` are in the order of the header's passkeys. Throws RangeError for
 * a header that does not fit the layout.
 */
export function sealVault(
  content: {
    readonly header: VaultHeader
    readonly passphraseKey: Uint8Array
    readonly passkeyKeys: readonly Bytes[]
    readonly secrets: VaultSecrets
  },
  randomBytes: (length: number) => Bytes,
): { readonly bytes: Bytes; readonly vaultKey: Bytes } {
  const { header, passphraseKey, passkeyKeys, secrets } = content
  const vaultKey = randomBytes(KEY)
  const passphrase = wrap(passphraseKey, vaultKey, passphraseBinding(header), randomBytes)
  const passkeys = header.passkeys.map((slot, i) => {
    const key = passkeyKeys[i]
    if (!key) throw new RangeError('a passkey without its key')
    return wrap(key, vaultKey, passkeyBinding(header, slot), randomBytes)
  })
  const slots = { header, passphrase, passkeys }
  return { bytes: withSecrets(slots, { vaultKey, secrets, passkeyKeys }, randomBytes), vaultKey }
}

/** The next revision with other secrets, and the same keys and passkeys. */
export function resealSecrets(
  sealed: SealedVault,
  open: OpenVault,
  randomBytes: (length: number) => Bytes,
): Bytes {
  const header = { ...sealed.header, revision: sealed.header.revision + 1 }
  return withSecrets({ ...sealed, header }, open, randomBytes)
}

/** Checks the form and the checksum. Says nothing about any key. */
export function readVault(bytes: Uint8Array): Result<SealedVault, VaultFileError> {
  const start = bytes.subarray(0, MAGIC.length)
  if (start.length === 0 || !bytesEqual(start, MAGIC.subarray(0, start.length))) {
    return fail({ kind: 'notAVault' })
  }
  const body = bytes.subarray(0, Math.max(0, bytes.length - CHECKSUM))
  if (bytes.length < MAGIC.length + 1 + CHECKSUM || !bytesEqual(sha256(body), bytes.subarray(body.length))) {
    return damaged('cut or changed: the checksum is wrong')
  }
  const reader = new ByteReader(body)
  reader.bytes(MAGIC.length)
  const version = reader.uint(1)
  if (version > VERSION) return fail({ kind: 'vaultNewer', version })
  if (version < VERSION) return damaged(`version ${version} never was`)
  try {
    return readBody(reader)
  } catch (error) {
    if (!(error instanceof EndOfBytes)) throw error
    return damaged(error.message)
  }
}

/** `passphraseKey`: the passphrase, stretched as the header says. */
export function openWithPassphrase(
  sealed: SealedVault,
  passphraseKey: Uint8Array,
): Result<OpenVault, { readonly kind: 'wrongPassphrase' } | VaultFileError> {
  const { header, passphrase } = sealed
  const vaultKey = decrypt(passphraseKey, passphrase, passphraseBinding(header))
  return vaultKey ? openSecrets(sealed, vaultKey) : fail({ kind: 'wrongPassphrase' })
}

/** `wrappingKey`: of `passkeyWrappingKey`, for the passkey at `index` of the header. */
export function openWithPasskey(
  sealed: SealedVault,
  index: number,
  wrappingKey: Uint8Array,
): Result<OpenVault, { readonly kind: 'wrongPasskey' } | VaultFileError> {
  const slot = sealed.header.passkeys[index]
  const wrapped = sealed.passkeys[index]
  if (!slot || !wrapped) return fail({ kind: 'wrongPasskey' })
  const vaultKey = decrypt(wrappingKey, wrapped, passkeyBinding(sealed.header, slot))
  return vaultKey ? openSecrets(sealed, vaultKey) : fail({ kind: 'wrongPasskey' })
}

export function wipeOpenVault({ vaultKey, secrets, passkeyKeys }: OpenVault): void {
  wipe(vaultKey, secrets.entropy, secrets.seed, ...passkeyKeys)
}

function openSecrets(sealed: SealedVault, vaultKey: Bytes): Result<OpenVault, VaultFileError> {
  const plain = decrypt(vaultKey, sealed.secrets, secretsBinding(sealed))
  if (!plain) {
    wipe(vaultKey)
    return damaged('the secrets do not belong to this header')
  }
  const read = readSecrets(plain, sealed.header.passkeys.length)
  wipe(plain)
  if (!read) {
    wipe(vaultKey)
    return damaged('the secrets are malformed')
  }
  return ok({ vaultKey, ...read })
}

/** Everything before it is bound to the secrets, so no part of a vault can be exchanged for another revision's. */
function withSecrets(
  slots: Omit<SealedVault, 'secrets'>,
  { vaultKey, secrets, passkeyKeys }: OpenVault,
  randomBytes: (length: number) => Bytes,
): Bytes {
  const plain = writeSecrets(secrets, passkeyKeys)
  const { nonce, sealed } = wrap(vaultKey, plain, secretsBinding(slots), randomBytes)
  wipe(plain)
  const body = concat(slotBytes(slots), nonce, uintBytes(sealed.length, 2), sealed)
  return concat(body, sha256(body))
}

const start = ({ id }: VaultHeader): Bytes => concat(MAGIC, uintBytes(VERSION, 1), id)

const stretchingBytes = ({ stretching, salt }: VaultHeader): Bytes =>
  concat(Uint8Array.of(KDF_SCRYPT, stretching.log2N), salt)

function passkeyBytes({ credentialId, salt, label, addedAt }: PasskeySlot): Bytes {
  const name = utf8(label)
  if (name.length > 64) throw new RangeError(`a label of ${name.length} bytes`)
  return concat(
    uintBytes(credentialId.length, 2),
    credentialId,
    salt,
    uintBytes(addedAt, 6),
    uintBytes(name.length, 1),
    name,
  )
}

function slotBytes({ header, passphrase, passkeys }: Omit<SealedVault, 'secrets'>): Bytes {
  if (header.id.length !== 16 || header.salt.length !== 32) throw new RangeError('id or salt')
  if (header.passkeys.length > MAX_PASSKEYS) throw new RangeError(`more than ${MAX_PASSKEYS} passkeys`)
  return concat(
    start(header),
    uintBytes(header.revision, 4),
    stretchingBytes(header),
    passphrase.nonce,
    passphrase.sealed,
    uintBytes(header.passkeys.length, 1),
    ...header.passkeys.flatMap((slot, i) => {
      const wrapped = passkeys[i]
      return wrapped ? [passkeyBytes(slot), wrapped.nonce, wrapped.sealed] : []
    }),
  )
}

const passphraseBinding = (header: VaultHeader): Bytes =>
  concat(utf8('fob vault passphrase'), start(header), stretchingBytes(header))

const passkeyBinding = (header: VaultHeader, slot: PasskeySlot): Bytes =>
  concat(utf8('fob vault passkey'), start(header), passkeyBytes(slot))

const secretsBinding = (slots: Omit<SealedVault, 'secrets'>): Bytes =>
  concat(utf8('fob vault secrets'), slotBytes(slots))

function readBody(reader: ByteReader): Result<SealedVault, VaultFileError> {
  const id = reader.bytes(16)
  const revision = reader.uint(4)
  const kdf = reader.uint(1)
  if (kdf !== KDF_SCRYPT) return damaged(`key derivation ${kdf}`)
  const log2N = reader.uint(1)
  const stretching = { log2N }
  if (!isAllowedStretching(stretching)) return fail({ kind: 'vaultStrengthRefused', log2N })
  const salt = reader.bytes(32)
  const passphrase = readWrapped(reader, KEY + TAG)
  const count = reader.uint(1)
  if (count > MAX_PASSKEYS) return damaged(`${count} passkeys`)
  const slots: PasskeySlot[] = []
  const passkeys: Wrapped[] = []
  for (let i = 0; i < count; i++) {
    const credentialId = reader.bytes(reader.uint(2))
    const prfSalt = reader.bytes(32)
    const addedAt = reader.uint(6)
    const nameLength = reader.uint(1)
    const label = nameLength <= 64 ? decodeUtf8(reader.bytes(nameLength)) : undefined
    if (label === undefined) return damaged('a passkey label')
    slots.push({ credentialId, salt: prfSalt, label, addedAt })
    passkeys.push(readWrapped(reader, KEY + TAG))
  }
  const nonce = reader.bytes(NONCE)
  const length = reader.uint(2)
  if (length < TAG) return damaged('secrets without a tag')
  const secrets = { nonce, sealed: reader.bytes(length) }
  if (reader.left > 0) return damaged(`${reader.left} bytes behind the secrets`)
  return ok({ header: { id, revision, stretching, salt, passkeys: slots }, passphrase, passkeys, secrets })
}

const readWrapped = (reader: ByteReader, length: number): Wrapped => ({
  nonce: reader.bytes(NONCE),
  sealed: reader.bytes(length),
})

function wrap(
  key: Uint8Array,
  plain: Uint8Array,
  binding: Bytes,
  randomBytes: (length: number) => Bytes,
): Wrapped {
  const nonce = randomBytes(NONCE)
  return { nonce, sealed: Uint8Array.from(gcm(key, nonce, binding).encrypt(plain)) }
}

/** undefined where the key or any bound byte is wrong. */
function decrypt(key: Uint8Array, { nonce, sealed }: Wrapped, binding: Bytes): Bytes | undefined {
  try {
    return owned(gcm(key, nonce, binding).decrypt(sealed))
  } catch {
    // noble throws where the tag is wrong; key and nonce have their sizes by the layout.
    return undefined
  }
}

const damaged = (detail: string) => fail({ kind: 'vaultDamaged', detail } as const)
