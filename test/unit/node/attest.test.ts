// The header attestor as its operator runs it: what it signs, what it refuses for ever, and what it says of the time.
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AttestorProcess, runAttestor } from '../../../node/attest/runAttestor.ts'
import { openSignedHeights, RecordDamaged } from '../../../node/attest/signedHeights.ts'
import { createEndpoint, type Endpoint } from '../../../node/chain/endpoint.ts'
import { freePort } from '../../../node/http.ts'
import { fromHex, type Hex, toHex } from '../../../src/core/bytes.ts'
import { attestedHeaderDigest, deviceTimeDigest } from '../../../src/core/lock/attestation.ts'
import { isDigestSignedBy } from '../../../src/core/p256.ts'
import { startChain, type TestChain } from '../../chain.ts'
import { runEntry, type Started, startEntry } from './process.ts'
import { temporaryDirectory } from './temporary.ts'

const chainId = 31_337
const deviceId = `0x${'d1'.repeat(32)}` as const
const directory = temporaryDirectory()
const bytes = (hex: unknown) => fromHex(String(hex)) ?? new Uint8Array()

/** Two chains with one id, which differ from block 1 on, and two endpoints, either of which can be led to the other chain. */
let honest: TestChain
let other: TestChain
const ends: (() => Promise<unknown>)[] = []
const upstream: { url: string }[] = []
let endpoints: Endpoint[]
beforeAll(async () => {
  const args = ['--slots-in-an-epoch', '1']
  ;[honest, other] = await Promise.all([startChain(args), startChain(args)])
  ends.push(honest.stop, other.stop)
  await honest.client.mine({ blocks: 12 })
  await other.client.mine({ blocks: 30, interval: 7 })
  endpoints = await Promise.all(
    [0, 1].map(async i => {
      const led = { url: honest.url }
      upstream[i] = led
      const endpoint = createEndpoint({
        host: '127.0.0.1',
        port: await freePort(),
        upstream: async () => led.url,
      })
      await endpoint.start()
      ends.push(() => endpoint.stop())
      return endpoint
    }),
  )
  return async () => {
    for (const end of ends.toReversed()) await end()
  }
})

const lead = (first: TestChain, second: TestChain) => {
  for (const [i, chain] of [first, second].entries()) (upstream[i] ?? { url: '' }).url = chain.url
}

const hashAt = async (chain: TestChain, number: number): Promise<Hex> => {
  const { hash } = await chain.client.getBlock({ blockNumber: BigInt(number) })
  return hash ?? '0x'
}

async function ask(url: string, path: string, body?: unknown) {
  const post = { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }
  const response = await fetch(`${url}${path}`, body === undefined ? {} : post)
  return { status: response.status, json: (await response.json()) as Record<string, unknown> }
}

let count = 0
async function attestorOf(
  options: Partial<Parameters<typeof runAttestor>[0]> = {},
): Promise<AttestorProcess & { readonly directory: string }> {
  const place = options.directory ?? join(directory, `attestor ${++count}`)
  const attestor = await runAttestor({
    directory: place,
    location: { chainId, endpoints: endpoints.map(({ url }) => url) },
    minAgreeing: 2,
    maxDriftSeconds: 120,
    host: '127.0.0.1',
    port: await freePort(),
    ...options,
  })
  return { ...attestor, directory: place }
}

describe('fob attest', () => {
  const home = join(directory, 'home')
  let running: Started
  let url: string
  const start = async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const network = {
      version: 1,
      name: 'Test',
      chain: {
        id: chainId,
        name: 'Local',
        registry: `0x${'aa'.repeat(20)}`,
        endpoints: endpoints.map(each => each.url),
        minAgreeing: 2,
        maxAgeSeconds: 120,
        currency: { symbol: 'ETH', decimals: 18 },
      },
      peers: [],
      gateways: [],
      makers: [],
    }
    writeFileSync(join(directory, 'network.json'), JSON.stringify(network))
    const args = ['attest', '--network', join(directory, 'network.json'), '--port', String(port)]
    running = startEntry('node/fob.ts', args, { FOB_HOME: home })
    await running.printed('The attestor is running')
  }

  it('signs no second hash for a height, also after it was killed and its chain changed', async () => {
    lead(honest, honest)
    await start()
    const { key } = (await ask(url, '/')).json
    const hash = await hashAt(honest, 5)
    const first = await ask(url, '/headers/5')
    expect(first).toMatchObject({ status: 200, json: { chainId, number: 5, hash } })
    const digest = attestedHeaderDigest({ chainId, number: 5, hash: bytes(hash) })
    expect(isDigestSignedBy(bytes(key), digest, bytes(first.json.signature))).toBe(true)

    running.child.kill('SIGKILL')
    await running.finished
    lead(other, other)
    await start()
    expect((await ask(url, '/')).json).toEqual({ key, chainId, maxDriftSeconds: 1800 })
    for (const path of ['/headers/5', `/headers/${await hashAt(other, 5)}`]) {
      expect(await ask(url, path)).toMatchObject({
        status: 409,
        json: { error: { kind: 'otherHashSigned' } },
      })
    }
    // What it never signed, it signs as the chain now is.
    expect(await ask(url, '/headers/6')).toMatchObject({
      status: 200,
      json: { hash: await hashAt(other, 6) },
    })
    lead(honest, honest)
    expect((await ask(url, '/headers/5')).json.signature).toBe(first.json.signature)
    expect(await ask(url, '/headers/6')).toMatchObject({ status: 409 })
    const second = await runEntry(
      'node/fob.ts',
      ['attest', '--network', join(directory, 'network.json'), '--port', String(await freePort())],
      { FOB_HOME: home },
    )
    expect(second.code).toBe(1)
    expect(second.stderr).toContain('running already')
    expect(statSync(join(home, 'attestor', 'key')).mode & 0o077).toBe(0)
    running.child.kill('SIGTERM')
    await running.finished
  })
})

describe('what an attestor signs', () => {
  it('is final, and what all of its endpoints say', async () => {
    lead(honest, honest)
    const attestor = await attestorOf()
    const newest = Number((await honest.client.getBlock({ blockTag: 'latest' })).number)
    for (const path of [`/headers/${newest}`, `/headers/${newest + 100}`, `/headers/0x${'ab'.repeat(32)}`]) {
      expect(await ask(attestor.url, path)).toMatchObject({
        status: 404,
        json: { error: { kind: 'notFinal' } },
      })
    }
    const hash = await hashAt(honest, 7)
    expect(await ask(attestor.url, `/headers/${hash}`)).toMatchObject({ status: 200, json: { number: 7 } })
    lead(honest, other)
    await new Promise(resolve => setTimeout(resolve, 1_100))
    expect(await ask(attestor.url, '/headers/8')).toMatchObject({
      status: 503,
      json: { error: { kind: 'chainUnreachable' } },
    })
    expect(readFileSync(join(attestor.directory, 'signed-heights'), 'utf8')).toBe(
      `fob attestor 1, chain ${chainId}\n7 ${hash}\n`,
    )
    await attestor.stop()
  })

  it('is put down once where many ask at once, and a block whose fields do not hash to its name is none', async () => {
    lead(honest, honest)
    const attestor = await attestorOf()
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(attestor.url, '/headers/3')))
    expect(new Set(answers.map(({ json }) => json.signature)).size).toBe(1)
    expect(readFileSync(join(attestor.directory, 'signed-heights'), 'utf8').split('\n')).toHaveLength(3)
    for (const endpoint of endpoints) {
      endpoint.setTamper(({ params }, result) =>
        Array.isArray(params) && params[0] === '0x4'
          ? { ...(result as object), receiptsRoot: `0x${'00'.repeat(32)}` }
          : result,
      )
    }
    expect(await ask(attestor.url, '/headers/4')).toMatchObject({ status: 503 })
    for (const endpoint of endpoints) endpoint.setTamper(null)
    expect(await ask(attestor.url, '/headers/4')).toMatchObject({ status: 200 })
    await attestor.stop()
  })

  it('is refused to nonsense, to long bodies and to whoever asks without end', async () => {
    lead(honest, honest)
    const attestor = await attestorOf()
    for (const path of ['/headers/-1', '/headers/0x12', '/headers/1e3', '/nowhere', '/headers/']) {
      expect([path, (await ask(attestor.url, path)).status]).toEqual([path, 404])
    }
    const nonce = `0x${'01'.repeat(16)}`
    for (const body of [
      '',
      '[]',
      { deviceId, nonce },
      { deviceId, nonce: '0x01', time: 5 },
      { deviceId, nonce, time: -1 },
    ]) {
      expect(await ask(attestor.url, '/time', body)).toMatchObject({
        status: 400,
        json: { error: { kind: 'malformed' } },
      })
    }
    expect(await ask(attestor.url, '/time', 'x'.repeat(600))).toMatchObject({ status: 413 })
    const many = await Promise.all(Array.from({ length: 90 }, () => ask(attestor.url, '/')))
    expect(many.some(({ status }) => status === 429)).toBe(true)
    expect(many.filter(({ status }) => status === 200).length).toBeGreaterThan(20)
    await attestor.stop()
  })
})

describe('the time that an attestor tells', () => {
  const nonce = `0x${'0a'.repeat(16)}`

  it('is what was proposed, within seconds of its own clock, for one device and nonce', async () => {
    lead(honest, honest)
    await honest.client.mine({ blocks: 3 })
    const base = Number((await honest.client.getBlock()).timestamp)
    let now = base + 20
    const attestor = await attestorOf({ now: () => now })
    const time = (seconds: number) => ask(attestor.url, '/time', { deviceId, nonce, time: seconds })
    const told = await time(now - 3)
    expect(told).toMatchObject({ status: 200, json: { time: now - 3 } })
    const signs = (changed: object) =>
      isDigestSignedBy(
        attestor.key,
        deviceTimeDigest({ deviceId, nonce: bytes(nonce), time: now - 3, ...changed }),
        bytes(told.json.signature),
      )
    expect(signs({})).toBe(true)
    expect(signs({ time: now })).toBe(false)
    expect(signs({ nonce: new Uint8Array(16) })).toBe(false)
    expect(signs({ deviceId: `0x${'d2'.repeat(32)}` })).toBe(false)
    for (const far of [now - 6, now + 6, now + 86_400 * 365]) {
      expect(await time(far)).toMatchObject({
        status: 409,
        json: { error: { kind: 'timeOff', detail: String(now) } },
      })
    }
    // Its own clock was set forwards or back: the chain disagrees.
    for (const wrong of [base + 200, base - 60]) {
      now = wrong
      expect(await time(now)).toMatchObject({ status: 503, json: { error: { kind: 'clockUncertain' } } })
    }
    await attestor.stop()
  })
})

describe('the record of signed heights', () => {
  const hashOf = (n: number) => toHex(new Uint8Array(32).fill(n))
  const open = (file: string) => openSignedHeights(file, chainId)

  it('drops a line that was cut off at any byte, and keeps all before it', () => {
    const file = join(directory, 'record')
    const record = open(file)
    for (const n of [4, 2, 9]) record.add(n, hashOf(n))
    expect(() => record.add(4, hashOf(5))).toThrow(RangeError)
    record.close()
    const whole = readFileSync(file)
    for (let cut = 0; cut <= whole.length; cut++) {
      writeFileSync(file, whole.subarray(0, cut))
      const again = open(file)
      const kept = [4, 2, 9].filter(n => again.hashAt(n) === hashOf(n))
      expect(kept.length).toBe(Math.max(0, whole.subarray(0, cut).toString().split('\n').length - 2))
      again.add(7, hashOf(7))
      again.close()
      const last = open(file)
      expect([last.hashAt(7), ...kept.map(last.hashAt)]).toEqual([7, ...kept].map(hashOf))
      last.close()
    }
  })

  it('is not used where it is damaged, of another chain, or written by somebody else meanwhile', () => {
    const file = join(directory, 'damaged')
    const record = open(file)
    record.add(1, hashOf(1))
    expect(() => openSignedHeights(file, 5)).toThrow(RecordDamaged)
    appendFileSync(file, `2 ${hashOf(2)}\n`)
    expect(() => record.add(3, hashOf(3))).toThrow(RecordDamaged)
    record.close()
    const content = `fob attestor 1, chain ${chainId}\n1 ${hashOf(1)}\n`
    for (const hash of [hashOf(1), hashOf(9)]) {
      writeFileSync(file, `${content}1 ${hash}\n`)
      expect(() => open(file)).toThrow(RecordDamaged)
    }
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), line => {
        writeFileSync(file, `${content}${line}\n`)
        expect(() => open(file)).toThrow(RecordDamaged)
      }),
      { numRuns: 50 },
    )
  })
})
