// Boxes and attestors over HTTP: what is asked of them, and that nothing they answer is more than an answer.
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { fromHex, type Hex, toHex } from '../../../src/core/bytes.ts'
import { createSignerServices } from '../../../src/io/services/signerServices.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const stop of cleanups.splice(0)) stop()
})

const services = createSignerServices()
const hash: Hex = `0x${'ab'.repeat(32)}`
const signature: Hex = `0x${'12'.repeat(64)}`
const key: Hex = `0x${'34'.repeat(64)}`
const nonce = new Uint8Array(16).fill(7)

interface Heard {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly body: unknown
}

/** Answers everything alike; what it was asked is in `heard`. */
async function serve(
  status: number,
  answer: unknown,
): Promise<{ readonly url: string; readonly heard: Heard[] }> {
  const heard: Heard[] = []
  const listener: RequestListener = async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    heard.push({ method: request.method, url: request.url, body: body === '' ? null : JSON.parse(body) })
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  }
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => {
    server.close()
    server.closeAllConnections()
  })
  // The address may end with a slash, as people write it.
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, heard }
}

const grant = {
  deviceId: hash,
  orderId: '123456789012345678901234567890',
  userKeyHash: hash,
  notBefore: 1,
  notAfter: 2,
  weeklyHours: `0x${'00'.repeat(21)}`,
  maxUses: 0,
  actions: 1,
  epoch: 3,
  seq: 1,
}

describe('attestors', () => {
  test('sign a header by its hash', async () => {
    const { url, heard } = await serve(200, { chainId: 1, number: 5, hash, signature })
    expect(await services.attestedHeader(url, hash)).toEqual({ ok: true, value: fromHex(signature) })
    expect(heard).toEqual([{ method: 'GET', url: `/headers/${hash}`, body: null }])
  })

  test('sign the proposed time for a device’s nonce', async () => {
    const { url, heard } = await serve(200, { time: 9, signature })
    const asked = { deviceId: hash, nonce, time: 9 }
    expect(await services.attestedTime(url, asked)).toMatchObject({ ok: true })
    expect(heard).toEqual([
      { method: 'POST', url: '/time', body: { deviceId: hash, nonce: toHex(nonce), time: 9 } },
    ])
  })

  test('say that our clock is off, and what theirs shows', async () => {
    const { url } = await serve(409, { error: { kind: 'timeOff', detail: '1800000000' } })
    expect(await services.attestedTime(url, { deviceId: hash, nonce, time: 9 })).toEqual({
      ok: false,
      error: { kind: 'serviceRefused', detail: 'timeOff', said: '1800000000' },
    })
  })
})

describe('a box', () => {
  test('tells its key and what it does for a device', async () => {
    const { url } = await serve(200, { key, state: 'on', version: 7, offers: [hash] })
    expect(await services.boxState(url, hash)).toEqual({
      ok: true,
      value: { key: fromHex(key), state: 'on', version: 7, offers: [hash] },
    })
  })

  test('hears the owner’s statement as JSON', async () => {
    const { url, heard } = await serve(200, { version: 8, isOn: false })
    const statement = {
      owner: `0x${'c3'.repeat(20)}`,
      deviceId: hash,
      key: fromHex(key) ?? new Uint8Array(),
      version: 8,
      isOn: false,
      offers: [],
      withdrawEvery: 0,
      signature: new Uint8Array(65).fill(1),
    } as const
    expect(await services.tellBox(url, statement)).toEqual({ ok: true, value: null })
    expect(heard).toEqual([
      {
        method: 'POST',
        url: `/issuer/${hash}`,
        body: { ...statement, key, signature: `0x${'01'.repeat(65)}` },
      },
    ])
  })

  test('has a grant once it is handed in; before that, and where it knows nothing, there is none', async () => {
    const { url } = await serve(200, { state: 'fulfilled', order: {}, offerId: hash, grant, signature })
    expect(await services.grantOf(url, hash)).toMatchObject({
      ok: true,
      value: { grant: { orderId: 123456789012345678901234567890n, seq: 1 }, signature: fromHex(signature) },
    })
    const waiting = await serve(200, { state: 'waiting', order: {}, offerId: hash })
    expect(await services.grantOf(waiting.url, hash)).toEqual({ ok: true, value: null })
    const unknown = await serve(404, { error: { kind: 'orderUnknown' } })
    expect(await services.grantOf(unknown.url, hash)).toEqual({ ok: true, value: null })
  })
})

test.each([
  ['no JSON', 200, 'hello'],
  ['another shape', 200, { signature: '0x12' }],
  ['a signature that is too long', 200, { signature: `0x${'12'.repeat(65)}` }],
  ['capitals', 200, { signature: `0x${'AB'.repeat(64)}` }],
  ['a refusal without a kind', 500, { message: 'oops' }],
  ['more than anybody has to say', 200, { signature, more: 'x'.repeat(800_000) }],
])('%s is no answer', async (_, status, answer) => {
  const { url } = await serve(status, answer)
  expect(await services.attestedHeader(url, hash)).toMatchObject({
    ok: false,
    error: { kind: 'serviceUnreachable' },
  })
})

test('a redirect and nobody at all are no answer', async () => {
  const server = createServer((_request, response) => void response.writeHead(302, { location: '/x' }).end())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect(await services.boxState(url, hash)).toMatchObject({ error: { kind: 'serviceUnreachable' } })
  expect(await services.boxState('http://127.0.0.1:1', hash)).toMatchObject({
    error: { kind: 'serviceUnreachable' },
  })
})
