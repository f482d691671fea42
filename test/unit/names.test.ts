// Names that others have chosen: none can hide a part of itself, or turn around what stands beside it on the screen.
import { expect, it } from 'vitest'
import { Devices } from '../../src/app/devices.ts'
import { givenName } from '../../src/core/invisible.ts'
import { parseMakerQr } from '../../src/core/makerPin.ts'
import { parseNetwork } from '../../src/core/network.ts'
import { createInjectedWallets } from '../../src/io/injected/injectedWallets.ts'
import { memoryPlatform, memoryStores } from '../fixtures/memoryPorts.ts'

/** A word joiner, a right-to-left override, an isolate, a line separator. */
const hidden = ['Ac\u2060me', '\u202eemcA', 'Acme\u2067', 'Ac\u2028me']
const address = `0x${'11'.repeat(20)}`

it('a device is called by what can be seen of the name that it sends', async () => {
  const devices = new Devices(memoryPlatform(), memoryStores())
  for (const [i, name] of ['Lo\u202eck', '\u2066\u200f', ' Lock\u0007 '].entries()) {
    const met = await devices.meet({ source: 'bluetooth', id: `${i}`, name })
    expect(met.name).toBe(['Lock', '', 'Lock'][i])
  }
})

it.each(hidden)('no maker is pinned under %j, nor with a model of that name', name => {
  const pin = { version: 1, name: 'Acme', address, chainId: 1, registry: address, models: [] }
  expect(parseMakerQr(JSON.stringify(pin)).ok).toBe(true)
  expect(parseMakerQr(JSON.stringify({ ...pin, name })).ok).toBe(false)
  for (const model of [
    { name, hardware: 'B' },
    { name: 'Lock', hardware: name },
  ])
    expect(parseMakerQr(JSON.stringify({ ...pin, models: [model] })).ok).toBe(false)
})

it.each(hidden)('no network has a coin, a token or a maker that is called %j', name => {
  const chain = {
    ...{ id: 1, name: 'Local', registry: address, minAgreeing: 2, maxAgeSeconds: 60 },
    endpoints: ['https://a.example', 'https://b.example'],
    currency: { symbol: 'ETH', decimals: 18 },
  }
  const network = { version: 1, name: 'Test', chain, peers: [], gateways: [], makers: [] }
  const token = { address, name: 'Dollar', symbol: 'USD', decimals: 6 }
  const isTaken = (changes: object) => parseNetwork({ ...network, ...changes }).ok
  expect(isTaken({ chain: { ...chain, tokens: [token] } })).toBe(true)
  expect(isTaken({ chain: { ...chain, currency: { symbol: name, decimals: 18 } } })).toBe(false)
  expect(isTaken({ chain: { ...chain, tokens: [{ ...token, symbol: name }] } })).toBe(false)
  expect(isTaken({ chain: { ...chain, tokens: [{ ...token, name }] } })).toBe(false)
  expect(isTaken({ makers: [{ name, address, models: [] }] })).toBe(false)
})

it('a wallet is shown by what can be seen of its name', () => {
  const page = new EventTarget()
  const provider = { request: async () => null }
  const info = { uuid: 'u', rdns: 'one.example', name: 'O\u202ene\u200b', icon: '' }
  const wallets = createInjectedWallets(page)
  page.dispatchEvent(Object.assign(new Event('eip6963:announceProvider'), { detail: { info, provider } }))
  expect(wallets.found.get().map(({ name }) => name)).toEqual(['One'])
  wallets.close()
})

it('a name that a person gives is kept as far as it can be seen, and fits a line', () => {
  expect(givenName('  Front door \u4e2d 🚪 ')).toBe('Front door \u4e2d 🚪')
  expect(givenName('\u202eecilA\u2066\u0000')).toBe('ecilA')
  expect(givenName(' \u200b ')).toBe('')
  expect(givenName('🙂'.repeat(10_000))).toBe('🙂'.repeat(64))
  // Cut in the middle of a pair of surrogates, or pasted like that.
  expect(givenName('a\ud83d')).toBe('a')
  expect(givenName(`${'x'.repeat(63)} y`)).toBe('x'.repeat(63))
})
