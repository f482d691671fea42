// The box and an owner's requests: of who owns the device by proof, signed and in time, each number once, kept until it is over.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKioskBox as openBox } from '../../../node/kiosk/kioskBox.ts'
import { type Address, type Hex, toHex } from '../../../src/core/bytes.ts'
import { hashTypedData } from '../../../src/core/eip712.ts'
import { catalogueTypedData, writeContent } from '../../../src/core/kiosk/catalogue.ts'
import {
  type OwnerRequest,
  ownerRequestTypedData,
  REQUEST_LASTS,
} from '../../../src/core/kiosk/ownerRequest.ts'
import { ok } from '../../../src/core/result.ts'
import { createKioskBox } from '../../../src/io/kiosk/box.ts'
import { temporaryDirectory } from './temporary.ts'

const account = privateKeyToAccount(`0x${'12'.repeat(32)}`)
const stranger = privateKeyToAccount(`0x${'13'.repeat(32)}`)
const lower = (address: string): Address => `0x${address.slice(2).toLowerCase()}`
const owner = lower(account.address)
const deviceId: Hex = `0x${'21'.repeat(32)}`
const domain = { chainId: 31_337, market: `0x${'34'.repeat(20)}` } as const

let now = 1_800_000_000
let provenOwner: Address | null = owner
let url = ''
const box = createKioskBox(fetch)
const answer = openBox({
  ...{ directory: temporaryDirectory(), domain, ownerOf: async () => ok(provenOwner), serves: () => true },
  ...{ now: () => now, answerKiosk: null },
})
const server = createServer((request, response) => {
  void answer(request, response)
})
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function request(change: Partial<OwnerRequest> = {}, by = account) {
  const unsigned: OwnerRequest = {
    ...{ owner, deviceId, number: 5, until: now + 600, act: 'fill', slot: 1, stock: 8, grant: '' },
    ...change,
  }
  const signature = await by.sign({ hash: toHex(hashTypedData(ownerRequestTypedData(domain, unsigned))) })
  return { ...unsigned, signature }
}
const refusalOf = (answered: Awaited<ReturnType<typeof box.request>>) =>
  answered.ok ? 'taken' : answered.error.detail

test('it takes them for a machine whose catalogue it has, of its owner of today alone, and forgets them when they are over', async () => {
  expect(refusalOf(await box.request(url, await request()))).toBe('deviceNotTaken')
  const content = writeContent({
    ...{ title: { en: 'Lobby', zh: '' }, products: [], till: null, depths: [], ways: ['order'] },
    instant: { perSale: 0n, perBuyer: 0n, open: 0n },
  })
  const catalogue = { owner, deviceId, version: 1, content }
  const hash = toHex(hashTypedData(catalogueTypedData(domain, catalogue)))
  expect((await box.publish(url, { ...catalogue, signature: await account.sign({ hash }) })).ok).toBe(true)

  expect(refusalOf(await box.request(url, await request({}, stranger)))).toBe('requestNotSigned')
  expect(refusalOf(await box.request(url, await request({ until: now - 1 })))).toBe('requestOver')
  const tooLong = { until: now + 2 * REQUEST_LASTS }
  expect(refusalOf(await box.request(url, await request(tooLong)))).toBe('requestMalformed')
  provenOwner = lower(stranger.address)
  expect(refusalOf(await box.request(url, await request()))).toBe('notOwner')
  provenOwner = owner
  const whole = await request()
  expect(refusalOf(await box.request(url, whole))).toBe('taken')
  expect(refusalOf(await box.request(url, whole))).toBe('taken')
  expect(await box.requests(url, deviceId)).toEqual({ ok: true, value: [whole] })
  for (let number = 6; number < 21; number++)
    expect(refusalOf(await box.request(url, await request({ number })))).toBe('taken')
  expect(refusalOf(await box.request(url, await request({ number: 21 })))).toBe('boxFull')
  now += 601
  expect(await box.requests(url, deviceId)).toEqual({ ok: true, value: [] })
})
