// A device hires another device with everything else closed: two agents, two owners, vouchers, and the rules in between.
import { join } from 'node:path'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReferenceDevice } from '../../../device/referenceDevice.ts'
import { actOnDevice } from '../../../node/agent/actOnDevice.ts'
import type { Agent } from '../../../node/agent/agent.ts'
import { hireDevice } from '../../../node/agent/hireDevice.ts'
import type { LetService } from '../../../node/agent/letService.ts'
import { type AgentServer, startAgentServer } from '../../../node/agent/server.ts'
import { earningsClaimer } from '../../../node/channels/claimEarnings.ts'
import { openPayeeLedger } from '../../../node/channels/payeeLedger.ts'
import { freePort } from '../../../node/http.ts'
import { toHex } from '../../../src/core/bytes.ts'
import type { DeviceId } from '../../../src/core/identity.ts'
import { GrantAction } from '../../../src/core/lock/grant.ts'
import { fail } from '../../../src/core/result.ts'
import { accountOf, keyOf } from '../voucher/people.ts'
import { ether, owner, startWorld, timer, type World } from './agentWorld.ts'
import { pairAndGrant } from './pairing.ts'

const price = ether / 100n
const payee = accountOf('outlet account')
let world: World
let outlet: ReferenceDevice
/** How often the outlet has switched itself on for a minute. */
let minutes = 0
let service: LetService
let server: AgentServer
let isReachable = true

afterAll(() => world?.stop())
beforeAll(async () => {
  world = await startWorld('sensor')
  outlet = world.device('outlet', 'the outlet', {
    actuator: () => {
      minutes++
      return true
    },
  })
  const right = await pairAndGrant(
    outlet,
    'the outlet',
    'agent of the outlet',
    GrantAction.open | GrantAction.withoutTime,
  )
  const act = actOnDevice(outlet.deviceId, () => outlet.connect(), right, timer)
  const demand = { payee, token: null, minExitDelay: 86_400 }
  service = {
    deviceId: outlet.deviceId,
    service: 'a minute of power',
    domain: world.domain,
    payee,
    token: null,
    pricePerUnit: price,
    unitSeconds: 60,
    minExitDelay: demand.minExitDelay,
    ledger: openPayeeLedger({
      directory: join(world.directory, 'outlet earnings'),
      domain: world.domain,
      demand,
      read: world.read,
      monotonic: () => performance.now(),
    }),
    act: unit => (isReachable ? act(unit) : Promise.resolve(fail({ kind: 'outOfReach' }))),
    isStopped: () => false,
  }
  const other = await world.agent('the other owner’s box')
  server = await startAgentServer({
    agent: other,
    host: '127.0.0.1',
    port: await freePort(),
    token: keyOf('token of the other'),
    issuing: null,
    kiosk: null,
    services: new Map<DeviceId, LetService>([[outlet.deviceId, service]]),
    domain: world.domain,
    update: async () => fail({ kind: 'deviceUnknown' }),
    askToClose: async () => fail({ kind: 'payeeNotThere' }),
  })
  return () => server.stop()
})

/** A robot with an agent, rules and a channel to the outlet's account. */
async function robot(name: string, perPayment: bigint, perDay: bigint, deposit = ether) {
  const device = world.device('sensor', name)
  const agent = await world.agent(`box of ${name}`)
  await agent.add({ deviceId: device.deviceId, owner, account: accountOf(name) })
  world.pushRules(agent, device, 'otherDevices', {
    perPayment: `${perPayment}`,
    perDay: `${perDay}`,
    payees: [payee],
  })
  await world.fund(agent, device, payee, deposit)
  return { device, agent }
}

const hire = (agent: Agent, device: ReferenceDevice, units: number) => {
  const account = agent.account(device.deviceId)
  if (!account) throw new Error('no account')
  const { domain } = world
  return hireDevice({ account, domain, url: server.url, deviceId: outlet.deviceId, units, pauseMs: 0 })
}

describe('a device that hires another', () => {
  it('gets what it pays for, unit by unit, and the other device’s account has the money on chain', async () => {
    const { device, agent } = await robot('robot', ether, ether)
    const before = minutes
    expect(await hire(agent, device, 3)).toEqual({ ok: true, value: { units: 3, spent: 3n * price } })
    expect(minutes - before).toBe(3)
    expect(await hire(agent, device, 2)).toMatchObject({ ok: true, value: { spent: 2n * price } })
    expect(minutes - before).toBe(5)
    expect(agent.account(device.deviceId)?.spending.log()).toMatchObject([
      { purpose: 'otherDevices', payee, amount: `${3n * price}`, isSettled: true },
      { amount: `${2n * price}` },
    ])
    const coins = await world.coins(payee)
    const { read, transactions } = world
    const account = privateKeyToAccount(toHex(keyOf('outlet account')))
    await earningsClaimer({ earnings: service.ledger.earnings, read, transactions, account })()
    const gained = (await world.coins(payee)) - coins
    expect(gained).toBeGreaterThan((5n * price * 9n) / 10n)
    expect(gained).toBeLessThan(5n * price)
  })

  it('is refused beyond the day’s limit: nothing is switched on and no money moves', async () => {
    const { device, agent } = await robot('spent robot', 3n * price, 5n * price)
    expect(await hire(agent, device, 3)).toMatchObject({ ok: true })
    const [before, paid] = [minutes, service.ledger.paid()]
    expect(await hire(agent, device, 3)).toMatchObject({ error: { kind: 'rulePerDay' } })
    expect(await hire(agent, device, 4)).toMatchObject({ error: { kind: 'rulePerPayment' } })
    expect([minutes, service.ledger.paid()]).toEqual([before, paid])
    // What is left of the day is still there.
    expect(await hire(agent, device, 2)).toMatchObject({ ok: true })
  })

  it('is refused where the owner allows other purposes only, or nothing', async () => {
    const { device, agent } = await robot('quiet robot', ether, ether)
    world.pushRules(agent, device, 'ownUpdates', { perPayment: `${ether}`, perDay: `${ether}` }, 2)
    const before = minutes
    expect(await hire(agent, device, 1)).toMatchObject({ error: { kind: 'ruleOff' } })
    expect(minutes).toBe(before)
  })

  it('never costs more than the deposit, whatever the rules say', async () => {
    const { device, agent } = await robot('poor robot', ether, ether, 2n * price)
    const before = minutes
    expect(await hire(agent, device, 5)).toMatchObject({ error: { kind: 'depositExhausted', units: 2 } })
    expect(minutes - before).toBe(2)
    // What did not leave is free again.
    const [entry] = agent.account(device.deviceId)?.spending.log() ?? []
    expect(entry).toMatchObject({ amount: `${2n * price}`, isSettled: true })
  })

  it('pays for no unit that was not given, and for none twice after a breakdown', async () => {
    const { device, agent } = await robot('unlucky robot', ether, ether)
    const [before, paid] = [minutes, service.ledger.paid()]
    isReachable = false
    expect(await hire(agent, device, 2)).toMatchObject({ error: { kind: 'outOfReach', units: 0 } })
    expect(service.ledger.paid()).toBe(paid)
    isReachable = true
    expect(await hire(agent, device, 2)).toMatchObject({ ok: true, value: { spent: 2n * price } })
    expect(minutes - before).toBe(2)
    expect(service.ledger.paid() - paid).toBe(2n * price)
  })

  it('gives one unit on credit to who does not pay, and no second', async () => {
    const { device, agent } = await robot('cheating robot', ether, ether)
    const [terms] = agent.account(device.deviceId)?.channels() ?? []
    const ask = async (unit: string) => {
      const body = JSON.stringify({ terms: { ...terms, nonce: `${terms?.nonce}` }, unit })
      const response = await fetch(`${server.url}/hire/${outlet.deviceId}/unit`, { method: 'POST', body })
      return [response.status, await response.json()]
    }
    const before = minutes
    expect(await ask('one')).toMatchObject([200, { lent: 'one' }])
    expect(await ask('one')).toMatchObject([200, { lent: 'one' }])
    expect(minutes - before).toBe(1)
    expect(await ask('two')).toMatchObject([402, { error: { kind: 'unpaid' } }])
    expect(minutes - before).toBe(1)
  })

  it('answers nonsense with a refusal, and never with a unit', async () => {
    const before = minutes
    const post = async (path: string, body: string) => {
      const response = await fetch(`${server.url}/hire/${outlet.deviceId}${path}`, { method: 'POST', body })
      return response.status
    }
    for (const path of ['/meet', '/unit', '/voucher']) {
      for (const body of ['', '{', '[]', '{"terms":{}}', 'null', `"${'x'.repeat(3000)}"`]) {
        expect(await post(path, body)).toBe(400)
      }
      expect(await post(path, 'x'.repeat(5000))).toBe(413)
    }
    expect((await fetch(`${server.url}/hire/0x${'00'.repeat(32)}`)).status).toBe(404)
    expect((await fetch(`${server.url}/hire/${outlet.deviceId}/unit`)).status).toBe(405)
    expect(minutes).toBe(before)
  })
})
