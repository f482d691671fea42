// The whole of it without a browser: a lock with its owner and a Config, an agent and attestors over HTTP, a renter who pays and opens.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keccak256, stringToBytes } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDemoDevice } from '../../../device/demo.ts'
import { buildDemoImage } from '../../../device/demoFirmware.ts'
import { type AgentProcess, runAgent } from '../../../node/agent/runAgent.ts'
import { type AttestorProcess, runAttestor } from '../../../node/attest/runAttestor.ts'
import { freePort } from '../../../node/http.ts'
import { usualIssuerSettings } from '../../../node/issuer/runIssuer.ts'
import { fromHex, toHex } from '../../../src/core/bytes.ts'
import { hashTypedData, type TypedData } from '../../../src/core/eip712.ts'
import { deliverConfig } from '../../../src/core/lock/config.ts'
import type { Grant } from '../../../src/core/lock/grant.ts'
import { openLock } from '../../../src/core/lock/openLock.ts'
import { keyHash, readOwnership } from '../../../src/core/lock/ownership.ts'
import { pairDevice, pairingTypedData, readPairingNonce } from '../../../src/core/lock/pairing.ts'
import { type TimeSource, tellTime } from '../../../src/core/lock/tellTime.ts'
import { parseNetwork } from '../../../src/core/network.ts'
import { signDigest } from '../../../src/core/p256.ts'
import { configTypedData } from '../../../src/core/registry/deviceStatements.ts'
import { type Order, orderIdOf } from '../../../src/core/registry/marketStatements.ts'
import { SmpClient } from '../../../src/core/smp/client.ts'
import { agentIssuingTypedData } from '../../../src/core/wallet/agentIssuing.ts'
import { decodeBoxCode } from '../../../src/core/wallet/keyCodes.ts'
import { mnemonic } from '../../chain.ts'
import { claimOf, done, type Person } from '../../contract/deviceRegistry.ts'
import { hour, type Offered } from '../../contract/market.ts'
import { configArgument, testDevice } from '../../contract/testDevice.ts'
import { POLICY, SIGNING_KEY, v } from '../device/fixtures.ts'
import { fresh, must, OWNER, RENTER, STRANGER, type TestKey } from '../lock/lockWorld.ts'
import { timer } from './agentWorld.ts'
import { type IssuerWorld, startIssuerWorld } from './issuerWorld.ts'
import { eventually, runEntry } from './process.ts'

const name = 'lock at the lake'
const device = testDevice(name)
const epoch = 3
let world: IssuerWorld
let owner: Person
let renter: Person
let agent: AgentProcess
let attestors: readonly AttestorProcess[]
let lock: ReturnType<typeof createDemoDevice>['device']
let client: SmpClient
let offer: Offered
/** Of the attestors: as the chain has it, not as this machine does. */
let clock = 0
let domain: { readonly chainId: number; readonly registry: `0x${string}` }
/** Later than what the command line says, which counts seconds. */
let version = 4_000_000_000

const ask = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${agent.server.url}${path}`, init)
  return { status: response.status, json: (await response.json()) as Record<string, unknown> }
}
const sign = (typed: TypedData, { secret }: TestKey) => signDigest(hashTypedData(typed), secret)

/** Of the chain's accounts, as the command line takes it. */
const keyOfAccount = (addressIndex: number) =>
  mnemonicToAccount(mnemonic, { addressIndex }).getHdKey().privateKey ?? fresh(32)

/** The owner's word, by his account. */
const tell = async (changes: object) => {
  const { market } = world
  const { key } = (await ask(`/issuer/${device.deviceId}`)).json
  const common = { deviceId: device.deviceId, offers: [], withdrawEvery: 0, isOn: true }
  const issuing = { owner: owner.address, ...common, version: ++version, ...changes }
  const typed = agentIssuingTypedData(market.domain, { ...issuing, key: fromHex(String(key)) ?? fresh(64) })
  const body = JSON.stringify({ ...issuing, key, signature: await owner.sign(typed) })
  return ask(`/issuer/${device.deviceId}`, { method: 'POST', body })
}

/** Two of the three, over HTTP. */
const timeSource: TimeSource = {
  async askAttestors({ deviceId, nonce }) {
    const time = clock
    const body = JSON.stringify({ deviceId, nonce: toHex(nonce), time })
    const signatures = await Promise.all(
      attestors.slice(1).map(async ({ key, url }) => {
        const answer = await fetch(`${url}/time`, { method: 'POST', body })
        const { signature } = (await answer.json()) as { signature?: string }
        return { publicKey: key, signature: fromHex(signature ?? '0x') ?? new Uint8Array() }
      }),
    )
    return { time, signatures }
  },
}

afterAll(() => world?.end())
beforeAll(async () => {
  world = await startIssuerWorld()
  const { market } = world
  const [a, b] = market.people
  if (!a || !b) throw new Error('too few people')
  ;[owner, renter] = [a, b]
  domain = { chainId: market.domain.chainId, registry: market.registry.address }
  const location = { chainId: domain.chainId, endpoints: world.network.chain.endpoints }
  attestors = await Promise.all(
    [1, 2, 3].map(async i =>
      runAttestor({
        directory: join(world.directory, `attestor ${i}`),
        location,
        minAgreeing: 2,
        maxDriftSeconds: 120,
        host: '127.0.0.1',
        port: await freePort(),
        now: () => clock,
      }),
    ),
  )
  const paymentChannels = `0x${'cc'.repeat(20)}` as const
  const { chain } = world.network
  const network = must(
    parseNetwork({
      ...world.network,
      chain: { ...chain, contracts: { ...chain.contracts, paymentChannels } },
    }),
  )
  agent = must(
    await runAgent({
      directory: join(world.directory, 'agent'),
      network,
      host: '127.0.0.1',
      port: await freePort(),
      passphrase: 'of the box',
      makers: [],
      channel: 'stable',
      keyCost: { n: 2 },
      demo: null,
      issuing: { ...usualIssuerSettings, owners: [owner.address], everyMs: 100 },
      log: () => undefined,
    }),
  )
  await market.client.setBalance({ address: agent.issuer?.gas.address ?? '0x', value: 10n ** 18n })
})
afterAll(async () => {
  client?.dispose()
  lock?.dispose()
  await agent?.stop()
  for (const attestor of attestors ?? []) await attestor.stop()
})

describe('a lock whose owner sleeps', () => {
  it('is paired, told whom to believe, and files what it has taken', async () => {
    const { market } = world
    const image = buildDemoImage({
      kind: 'lock',
      hardware: 'rev B',
      version: v(1),
      securityCounter: 1,
      signingKey: SIGNING_KEY,
      bodySize: 12_000,
    })
    lock = createDemoDevice({
      kind: 'lock',
      maker: owner.address,
      registry: market.registry.address,
      chainId: domain.chainId,
      trustedKeys: POLICY.trustedKeys,
      key: keccak256(stringToBytes(`device ${name}`), 'bytes'),
      timer,
      storage: { factoryImage: image },
      options: { requestMs: 0, writeMs: 0, eraseMs: 0 },
    }).device
    expect(lock.deviceId).toBe(device.deviceId)
    client = new SmpClient(await lock.connect(), { timer })
    const devicePublicKey = device.publicKey
    const { pairingCounter } = must(await readOwnership(client, { challenge: fresh(32), devicePublicKey }))
    const pairing = {
      deviceId: device.deviceId,
      ownerKey: OWNER.publicKey,
      nonce: must(await readPairingNonce(client)),
      pairingCounter: pairingCounter + 1,
    }
    const signature = sign(pairingTypedData(domain, pairing), OWNER)
    lock.pressButton()
    must(await pairDevice(client, { domain, devicePublicKey, pairing, signature, claimCode: null }))

    const { json } = await ask(`/issuer/${device.deviceId}`)
    expect(json).toMatchObject({ state: 'none' })
    const config = {
      deviceId: device.deviceId,
      version: 1,
      issuerKey: fromHex(String(json.key)) ?? fresh(64),
      attestors: { threshold: 2, keys: attestors.map(({ key }) => key) },
      epoch,
      market: market.address,
    }
    const configSignature = sign(configTypedData(domain, config), OWNER)
    const taken = must(
      await deliverConfig(client, { domain, devicePublicKey, config, signature: configSignature }),
    )
    const claim = claimOf(owner.address, device)
    done(await market.registry.claim(owner.address, device, claim))
    const [x, y] = [toHex(devicePublicKey.subarray(0, 32)), toHex(devicePublicKey.subarray(32))]
    const [r, s] = [toHex(taken.subarray(0, 32)), toHex(taken.subarray(32))]
    done(await market.registry.send(owner.address, 'fileConfig', [configArgument(config), { x, y, r, s }]))
    await world.finalize()
    const fob = async (args: readonly string[], secret: Uint8Array) => {
      const env = { FOB_HOME: world.directory, FOB_PRIVATE_KEY: toHex(secret) }
      const { code, stdout } = await runEntry('node/fob.ts', ['agent', ...args, '--json'], env)
      return { code, json: JSON.parse(stdout) as Record<string, unknown> }
    }
    const network = join(world.directory, 'network.json')
    writeFileSync(network, JSON.stringify(world.network))
    const args = ['issue', '--device', device.deviceId, '--network', network]
    expect(await fob(args, keyOfAccount(1))).toMatchObject({ code: 0, json: { issuerKey: json.key } })
    expect((await ask(`/issuer/${device.deviceId}`)).json).toMatchObject({
      state: 'on',
      withdrawEvery: 86_400,
    })
    const shown = await fob(['code', '--url', 'https://box.example'], keyOfAccount(1))
    expect(decodeBoxCode(String(shown.json.code))).toBe('https://box.example')
    expect((await fob(['status'], keyOfAccount(1))).json).toMatchObject({
      issuing: { devices: [{ deviceId: device.deviceId }], gas: { account: agent.issuer?.gas.address } },
    })
    offer = await market.offer(owner, device, market.hoursOf(owner, device, { maxUses: 0 }))
  })

  let order: Order
  let issued: { readonly grant: Grant; readonly signature: Uint8Array }
  const fetchGrant = async (isIt: (grant: Record<string, unknown>) => boolean = () => true) => {
    let answer: Record<string, unknown> = {}
    await eventually(async () => {
      await world.finalize()
      answer = (await ask(`/orders/${orderIdOf(order)}`)).json
      return answer.state === 'fulfilled' && isIt(answer.grant as Record<string, unknown>)
    })
    const given = answer.grant as Record<string, string | number>
    const bytes = (field: string) => fromHex(String(given[field])) ?? fresh(1)
    const grant = {
      ...(given as unknown as Grant),
      orderId: BigInt(given.orderId ?? 0),
      userKeyHash: bytes('userKeyHash'),
      weeklyHours: bytes('weeklyHours'),
    }
    return { grant, signature: fromHex(String(answer.signature)) ?? fresh(64) }
  }
  const open = async (key: TestKey, { grant, signature } = issued) => {
    const result = await openLock(client, {
      domain,
      devicePublicKey: device.publicKey,
      grant,
      authorisation: { by: 'issuer', market: world.market.address, signature },
      user: { publicKey: key.publicKey, sign: async digest => signDigest(digest, key.secret) },
      requestId: fresh(16),
      newEphemeralSecret: () => fresh(32),
      timeSource,
    })
    if (result.ok) return result.value.result.status
    const { error } = result
    if (error.kind === 'lockTimeUntold') return `${error.refusal.reason}, ${error.why.kind}`
    return error.kind === 'openRefused' ? error.reason : error.kind
  }

  it('opens for who has paid, at the time that was paid for, and for nobody else', async () => {
    const { market } = world
    const userKeyHash = toHex(keyHash(RENTER.publicKey))
    order = await world.ordered(offer, renter, { userKeyHash })
    expect((await ask(`/orders/${orderIdOf(order)}`)).status).toBe(404)
    issued = await fetchGrant()
    expect(await market.statusOf(order)).toBe('fulfilled')

    const newKey = toHex(keyHash(STRANGER.publicKey))
    const rebinding = { orderId: orderIdOf(order), userKeyHash: newKey, seq: 1 }
    const consent = await market.signRebinding(renter, rebinding)
    done(await market.rebind(renter, offer.terms, order, newKey, 1, consent))
    const moved = await fetchGrant(({ seq }) => seq === 1)

    expect(await tell({ isOn: false })).toMatchObject({ status: 200, json: { isOn: false } })
    const unwanted = await world.ordered(offer, renter, { start: await market.soon(9) })
    await eventually(async () => {
      await world.finalize()
      return (await ask(`/orders/${orderIdOf(unwanted)}`)).json.reason === 'off'
    })

    clock = await market.now()
    // The first time of all is so far from none that the owner has to say it too.
    const first: TimeSource = {
      ...timeSource,
      owner: { time: clock, sign: async typed => sign(typed, OWNER) },
    }
    must(await tellTime(client, { domain, devicePublicKey: device.publicKey }, first))
    expect(await open(RENTER)).toBe('notYet')
    clock = order.start + 60
    // Attestors don't believe a clock that the chain contradicts.
    expect(await open(RENTER)).toMatch(/^notYet, /)
    await world.advanceTo(order.start + 30)
    await new Promise(resolve => setTimeout(resolve, 1_100))
    expect(await open(RENTER)).toBe('done')
    expect(await open(STRANGER)).toBe('authorisationInvalid')
    const longer = { ...issued, grant: { ...issued.grant, notAfter: issued.grant.notAfter + hour } }
    expect(await open(RENTER, longer)).toBe('authorisationInvalid')
    // The order moved to another phone: from the first sight of that one on, the lock knows it.
    expect(await open(STRANGER, moved)).toBe('done')
    expect(await open(RENTER)).toBe('superseded')
    expect(await market.statusOf(unwanted)).toBe('open')
  })
})

describe('the agent’s HTTP for everybody', () => {
  it('refuses what is no statement of the owner, and what is asked in another way', async () => {
    const path = `/issuer/${device.deviceId}`
    const post = async (body: string) => {
      const { status, json } = await ask(path, { method: 'POST', body })
      return [status, (json.error as { kind: string }).kind]
    }
    for (const body of ['', '{', '[]', '{"owner":5}'])
      expect(await post(body)).toEqual([409, 'issuingMalformed'])
    expect(await post('x'.repeat(9_000))).toEqual([413, 'tooLong'])
    expect((await ask(path, { method: 'PUT' })).status).toBe(405)
    expect((await ask('/issuer', { method: 'POST', body: '{}' })).status).toBe(405)
    expect((await ask(`/orders/0x${'00'.repeat(32)}`)).status).toBe(404)
    expect((await ask('/orders/0x12')).status).toBe(401)
    expect(await tell({ owner: renter.address })).toMatchObject({
      status: 409,
      json: { error: { kind: 'deviceNotTaken' } },
    })
    expect(await tell({ version: 1 })).toMatchObject({ json: { error: { kind: 'issuingNotNewer' } } })
  })
})
