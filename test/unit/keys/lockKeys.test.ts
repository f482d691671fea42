// The keys that open locks: stay in this browser, sign what locks and contracts take.
import { afterEach, expect, it } from 'vitest'
import { isDigestSignedBy } from '../../../src/core/p256.ts'
import { openKeyStore } from '../../../src/io/keys/keyDatabase.ts'
import { createLockKeys } from '../../../src/io/keys/lockKeys.ts'
import './browser.ts'

const { subtle } = crypto
const stores: ReturnType<typeof openKeyStore>[] = []
afterEach(() => {
  for (const store of stores.splice(0)) store.close()
})
let count = 0
const newName = () => `lock-keys-${++count}`
function open(name: string) {
  const store = openKeyStore(name)
  stores.push(store)
  return { store, keys: createLockKeys(store, subtle) }
}

async function keyOf(keys: ReturnType<typeof createLockKeys>, name: string) {
  const key = await keys.keyFor(name)
  if (!key.ok) throw new Error(key.error.kind)
  return key.value
}

it('signs digests with low s, as P-256 statements are verified everywhere', async () => {
  const { keys } = open(newName())
  const key = await keyOf(keys, 'door')
  expect(key.publicKey).toHaveLength(64)
  // Half of WebCrypto's own signatures have the high s.
  for (let i = 0; i < 24; i++) {
    const digest = new Uint8Array(32).fill(i)
    expect(isDigestSignedBy(key.publicKey, digest, await key.sign(digest))).toBe(true)
  }
})

it('is the same key after a reload, another for each name, and another once it was forgotten', async () => {
  const name = newName()
  const { keys } = open(name)
  const first = (await keyOf(keys, 'door')).publicKey
  const { keys: later } = open(name)
  expect((await keyOf(later, 'door')).publicKey).toEqual(first)
  expect((await keyOf(later, 'gate')).publicKey).not.toEqual(first)
  expect((await later.forget('door')).ok).toBe(true)
  expect((await keyOf(keys, 'door')).publicKey).not.toEqual(first)
})

it('is one key where two tabs ask for it at the same moment', async () => {
  const name = newName()
  const both = await Promise.all([open(name), open(name)].map(({ keys }) => keyOf(keys, 'door')))
  expect(both[0]?.publicKey).toEqual(both[1]?.publicKey)
})

it('can not be read out of the database', async () => {
  const { store, keys } = open(newName())
  await keyOf(keys, 'door')
  const stored = await store.get('lock-key/door')
  const privateKey = (stored as { privateKey: CryptoKey }).privateKey
  expect(privateKey.extractable).toBe(false)
  for (const format of ['pkcs8', 'jwk'] as const) {
    await expect(subtle.exportKey(format, privateKey)).rejects.toThrow()
  }
})

it('that somebody put there and knows is not used', async () => {
  const { store, keys } = open(newName())
  const known = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  await store.put('lock-key/door', { privateKey: known.privateKey, publicKey: known.publicKey })
  await store.put('lock-key/gate', 'text')
  expect(await keys.keyFor('door')).toMatchObject({ ok: false, error: { kind: 'vaultNotStored' } })
  expect(await keys.keyFor('gate')).toMatchObject({ ok: false, error: { kind: 'vaultNotStored' } })
})

it('signs digests and nothing of another length', async () => {
  const key = await keyOf(open(newName()).keys, 'door')
  await expect(key.sign(new Uint8Array(31))).rejects.toThrow(RangeError)
})

it('where storage is gone says so', async () => {
  const { store } = open(newName())
  const gone = { ...store, get: () => Promise.reject(new DOMException('gone', 'InvalidStateError')) }
  expect(await createLockKeys(gone, subtle).keyFor('door')).toMatchObject({
    ok: false,
    error: { kind: 'vaultStorageUnavailable' },
  })
})
