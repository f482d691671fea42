// The vault's bytes: what opens them, what does not, and that nothing in them can be changed unnoticed.
import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bytes, concat } from '../../../src/core/bytes.ts'
import { accountAddress } from '../../../src/core/wallet/accounts.ts'
import { phraseWords } from '../../../src/core/wallet/phrase.ts'
import { MAX_LOG2N, MIN_LOG2N } from '../../../src/core/wallet/stretching.ts'
import {
  openWithPasskey,
  openWithPassphrase,
  passkeyWrappingKey,
  readVault,
  resealSecrets,
  type SealedVault,
  sealVault,
  type VaultHeader,
  wipeOpenVault,
} from '../../../src/core/wallet/vaultFile.ts'
import type { VaultSecrets } from '../../../src/core/wallet/vaultSecrets.ts'
import golden from '../../vectors/wallet/vault-v1.json' with { type: 'json' }
import { bytesOf } from './signing.ts'

let counter = 1
/** Different for each call, and the same in each run. */
const randomBytes = (length: number): Bytes =>
  Uint8Array.from({ length }, (_, i) => sha256(Uint8Array.of(counter++ & 255, counter >> 8, i))[0] ?? 0)

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(array => Uint8Array.from(array))
const seconds = fc.nat(2 ** 40)

const secretsOf: fc.Arbitrary<VaultSecrets> = fc.record({
  language: fc.constantFrom('en' as const, 'zh' as const),
  entropy: fc.oneof(bytes(16), bytes(32)),
  seed: bytes(64),
  createdAt: seconds,
  backedUpAt: fc.option(seconds.map(at => at + 1)),
})
const headers: fc.Arbitrary<VaultHeader> = fc.record({
  id: bytes(16),
  revision: fc.nat(2 ** 31),
  stretching: fc.record({ log2N: fc.integer({ min: MIN_LOG2N, max: MAX_LOG2N }) }),
  salt: bytes(32),
  passkeys: fc.array(
    fc.record({
      credentialId: fc.uint8Array({ minLength: 1, maxLength: 100 }).map(array => Uint8Array.from(array)),
      salt: bytes(32),
      label: fc.string({ unit: 'grapheme', maxLength: 8 }).filter(text => Buffer.byteLength(text) <= 64),
      addedAt: seconds,
    }),
    { maxLength: 8 },
  ),
})

const key = new Uint8Array(32).fill(1)
const passkeyKey = (i: number): Bytes => new Uint8Array(32).fill(100 + i)

function seal(header: VaultHeader, secrets: VaultSecrets): Bytes {
  const passkeyKeys = header.passkeys.map((_, i) => passkeyKey(i))
  return sealVault({ header, passphraseKey: key, passkeyKeys, secrets }, randomBytes).bytes
}

function mustRead(file: Uint8Array): SealedVault {
  const read = readVault(file)
  if (!read.ok) throw new Error(read.error.kind)
  return read.value
}

const kind = (result: { ok: true } | { ok: false; error: { kind: string } }) =>
  result.ok ? 'ok' : result.error.kind

const [example] = fc.sample(headers, { numRuns: 1, seed: 7 }).map(header => ({
  header: { ...header, passkeys: header.passkeys.slice(0, 2) },
  secrets: {
    language: 'en' as const,
    entropy: new Uint8Array(16).fill(3),
    seed: new Uint8Array(64).fill(4),
    createdAt: 5,
    backedUpAt: null,
  },
}))
if (!example) throw new Error('no example')

/** As somebody who knows the layout would, with a right checksum. */
function forged(file: Bytes, change: (body: Bytes) => void): Bytes {
  const body = file.slice(0, -32)
  change(body)
  return concat(body, sha256(body))
}

describe('a sealed vault', () => {
  it('opens with the passphrase and with each passkey, to what was sealed', () => {
    fc.assert(
      fc.property(headers, secretsOf, (header, secrets) => {
        const sealed = mustRead(seal(header, secrets))
        expect(sealed.header).toEqual(header)
        const opened = openWithPassphrase(sealed, key)
        if (!opened.ok) throw new Error(opened.error.kind)
        expect(opened.value.secrets).toEqual(secrets)
        for (const [i] of header.passkeys.entries()) {
          expect(openWithPasskey(sealed, i, passkeyKey(i))).toEqual(opened)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('opens with nothing else', () => {
    const sealed = mustRead(seal(example.header, example.secrets))
    expect(openWithPassphrase(sealed, new Uint8Array(32))).toEqual({
      ok: false,
      error: { kind: 'wrongPassphrase' },
    })
    expect(kind(openWithPasskey(sealed, 0, key))).toBe('wrongPasskey')
    expect(kind(openWithPasskey(sealed, 0, passkeyKey(1)))).toBe('wrongPasskey')
    expect(kind(openWithPasskey(sealed, 9, passkeyKey(9)))).toBe('wrongPasskey')
  })

  it('shows nothing of what is in it', () => {
    const file = Buffer.from(seal(example.header, example.secrets))
    for (const secret of [example.secrets.entropy, example.secrets.seed, key]) {
      expect(file.includes(Buffer.from(secret.subarray(0, 8)))).toBe(false)
    }
  })

  it('has another vault key each time, so that an old one opens nothing new', () => {
    const [first, second] = [1, 2].map(() => mustRead(seal(example.header, example.secrets)))
    if (!first || !second) throw new Error('none')
    const [a, b] = [openWithPassphrase(first, key), openWithPassphrase(second, key)]
    expect(a.ok && b.ok && a.value.vaultKey).not.toEqual(b.ok && b.value.vaultKey)
  })

  it('is cut at any byte: refused, with a reason', () => {
    const file = seal(example.header, example.secrets)
    expect(kind(readVault(new Uint8Array()))).toBe('notAVault')
    for (let length = 1; length < file.length; length++) {
      expect(kind(readVault(file.subarray(0, length)))).toBe('vaultDamaged')
    }
    expect(kind(readVault(concat(file, Uint8Array.of(0))))).toBe('vaultDamaged')
  })

  it('with any bit changed is no vault or damaged', () => {
    const file = seal(example.header, example.secrets)
    for (let bit = 0; bit < file.length * 8; bit++) {
      const changed = Uint8Array.from(file)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(kind(readVault(changed))).toBe(bit < 64 ? 'notAVault' : 'vaultDamaged')
    }
  })

  it('with any byte forged under a right checksum does not open', () => {
    const file = seal(example.header, example.secrets)
    for (let at = 8; at < file.length - 32; at++) {
      const read = readVault(
        forged(file, body => {
          body[at] = (body[at] ?? 0) ^ 0x01
        }),
      )
      if (!read.ok) continue
      expect(openWithPassphrase(read.value, key).ok).toBe(false)
    }
  })

  it('takes no part of another revision: slots and secrets belong together', () => {
    const old = mustRead(seal(example.header, example.secrets))
    const opened = openWithPassphrase(old, key)
    if (!opened.ok) throw new Error(opened.error.kind)
    const next = mustRead(resealSecrets(old, opened.value, randomBytes))
    expect(next.header.revision).toBe(old.header.revision + 1)
    expect(openWithPassphrase(next, key).ok).toBe(true)
    expect(kind(openWithPassphrase({ ...next, secrets: old.secrets }, key))).toBe('vaultDamaged')
    const fewer = { ...next, header: { ...next.header, passkeys: [] }, passkeys: [] }
    expect(kind(openWithPassphrase(fewer, key))).toBe('vaultDamaged')
  })

  it('of a newer version is said to be newer, and of none that ever was to be damaged', () => {
    const file = seal(example.header, example.secrets)
    const withVersion = (version: number) => readVault(forged(file, body => body.set([version], 8)))
    expect(withVersion(2)).toEqual({ ok: false, error: { kind: 'vaultNewer', version: 2 } })
    expect(kind(withVersion(0))).toBe('vaultDamaged')
  })

  it.each([0, 1, 16, 21, 255])(
    'with a strength of 2^%i is refused before a passphrase is asked for',
    log2N => {
      const file = seal(example.header, example.secrets)
      const weak = forged(file, body => body.set([log2N], 30))
      expect(readVault(weak)).toEqual({ ok: false, error: { kind: 'vaultStrengthRefused', log2N } })
    },
  )

  it('never throws on random bytes behind the magic, whatever their checksum', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), random => {
        const body = concat(Buffer.from('FOBVAULT\x01', 'latin1'), random)
        const read = readVault(concat(body, sha256(body)))
        if (read.ok) expect(openWithPassphrase(read.value, key).ok).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('leaves nothing of the secrets when it is closed', () => {
    const opened = openWithPassphrase(mustRead(seal(example.header, example.secrets)), key)
    if (!opened.ok) throw new Error(opened.error.kind)
    wipeOpenVault(opened.value)
    const { vaultKey, secrets, passkeyKeys } = opened.value
    for (const secret of [vaultKey, secrets.seed, secrets.entropy, ...passkeyKeys]) {
      expect(secret.every(byte => byte === 0)).toBe(true)
    }
  })

  it.each<[string, Partial<VaultHeader>]>([
    ['a short id', { id: new Uint8Array(15) }],
    ['a short salt', { salt: new Uint8Array(31) }],
    ['a revision beyond 32 bits', { revision: 2 ** 32 }],
  ])('with %s is a mistake of the caller', (_, change) => {
    expect(() => seal({ ...example.header, ...change }, example.secrets)).toThrow(RangeError)
  })
})

describe('a file of version 1, as it was first written', () => {
  const sealed = mustRead(bytesOf(`0x${golden.file}`))

  it('opens with its passphrase, to its words and accounts', () => {
    const opened = openWithPassphrase(sealed, bytesOf(`0x${golden.passphraseKey}`))
    if (!opened.ok) throw new Error(opened.error.kind)
    const { secrets } = opened.value
    expect(phraseWords(secrets).join(' ')).toBe(golden.words)
    expect(accountAddress(secrets.seed, { kind: 'owner' })).toBe(golden.owner)
    expect(secrets).toMatchObject({ createdAt: golden.createdAt, backedUpAt: golden.backedUpAt })
  })

  it('opens with its passkey', () => {
    const [slot] = sealed.header.passkeys
    if (!slot) throw new Error('no passkey')
    expect(slot.label).toBe('钥匙')
    const wrapping = passkeyWrappingKey(bytesOf(`0x${golden.prf}`), slot.salt)
    expect(openWithPasskey(sealed, 0, wrapping).ok).toBe(true)
  })
})
