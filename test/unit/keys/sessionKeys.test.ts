// Session keys: the same key whoever asks, vouchers that the contract takes, and nothing in the store that gives the key away.
import 'fake-indexeddb/auto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { afterEach, expect, test } from 'vitest'
import type { Bytes } from '../../../src/core/bytes.ts'
import { isSignedByKey } from '../../../src/core/voucher/channel.ts'
import { addressOfKey } from '../../../src/core/wallet/address.ts'
import { type KeyStore, openKeyStore } from '../../../src/io/keys/keyDatabase.ts'
import { createSessionKeys } from '../../../src/io/keys/sessionKeys.ts'

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length))
const digest = (): Bytes => random(32)
let count = 0
const opened: KeyStore[] = []
afterEach(() => {
  for (const store of opened.splice(0)) store.close()
})

function openTab(name = `session-keys-${++count}`) {
  const store = openKeyStore(name)
  opened.push(store)
  return { name, store, keys: createSessionKeys(store, crypto.subtle, random) }
}

async function keyOf(keys: ReturnType<typeof createSessionKeys>, name: string) {
  const key = await keys.keyFor(name)
  if (!key.ok) throw new Error(key.error.kind)
  return key.value
}

test('signs for its address, also after a restart and in another tab', async () => {
  const { name, keys } = openTab()
  const [first, same] = await Promise.all([keyOf(keys, 'a'), keyOf(keys, 'a')])
  const later = await keyOf(openTab(name).keys, 'a')
  const what = digest()
  expect(new Set([first.address, same.address, later.address]).size).toBe(1)
  expect(isSignedByKey(first.address, what, await later.sign(what))).toBe(true)
  expect((await keyOf(keys, 'b')).address).not.toBe(first.address)
})

test('keeps no key in the clear, and its wrapping key can’t be read out', async () => {
  const { keys, store } = openTab()
  const { address } = await keyOf(keys, 'a')
  const record = (await store.get('session-key/a')) as { wrapping: CryptoKey; sealed: Bytes; iv: Bytes }
  expect(record.wrapping.extractable).toBe(false)
  await expect(crypto.subtle.exportKey('raw', record.wrapping)).rejects.toThrow()
  for (let at = 0; at + 32 <= record.sealed.length; at++) {
    const candidate = record.sealed.slice(at, at + 32)
    if (!secp256k1.utils.isValidSecretKey(candidate)) continue
    expect(addressOfKey(secp256k1.getPublicKey(candidate, false))).not.toBe(address)
  }
})

test('a key that was sealed under another name is refused', async () => {
  const { keys, store } = openTab()
  await keyOf(keys, 'a')
  await store.put('session-key/b', await store.get('session-key/a'))
  await expect(keys.keyFor('b')).rejects.toThrow()
})

test('what is no sealed key is a failure, and a forgotten one is another key', async () => {
  const { keys, store } = openTab()
  await store.put('session-key/x', { wrapping: 'no key' })
  expect(await keys.keyFor('x')).toMatchObject({ ok: false, error: { kind: 'vaultNotStored' } })
  const { address } = await keyOf(keys, 'a')
  await keys.forget('a')
  expect((await keyOf(keys, 'a')).address).not.toBe(address)
})

test('signs digests of 32 bytes alone', async () => {
  const key = await keyOf(openTab().keys, 'a')
  await expect(key.sign(random(31))).rejects.toThrow(RangeError)
})
