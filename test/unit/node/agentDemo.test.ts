// The agent with a reference device in its own process, as after npm start: funded, told its rules, and then left alone.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeFileWhole } from '../../../node/files.ts'
import { freePort } from '../../../node/http.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { hashTypedData } from '../../../src/core/eip712.ts'
import { signerPublicKey } from '../../../src/core/mcuboot/build.ts'
import { encodeImagePublicKey } from '../../../src/core/mcuboot/publicKey.ts'
import { signByKey } from '../../../src/core/voucher/channel.ts'
import { paidBlocksOf } from '../../../src/core/voucher/standing.ts'
import { type AgentRules, agentRulesTypedData } from '../../../src/core/wallet/agentRules.ts'
import { noRules } from '../../../src/core/wallet/rules.ts'
import { accountOf, keyOf } from '../voucher/people.ts'
import { ether, owner, seedAccount, startWorld, type World } from './agentWorld.ts'
import { runEntry, type Started, startEntry } from './process.ts'

const price = ether / 1000n
let world: World
let home: string
let network: string
let running: Started
let paid: () => bigint
afterAll(() => world?.stop())
beforeAll(async () => {
  world = await startWorld('outlet')
  const selling = await world.sellingSeed(price)
  paid = () => selling.ledger.paid()
  home = join(world.directory, 'fob home')
  const secret = (name: string) => toHex(keyOf(name))
  const keys = { version: 1, maker: secret('maker'), release: secret('maker'), guardian: secret('maker') }
  writeFileWhole(
    join(home, 'demo-keys.json'),
    JSON.stringify({ ...keys, firmware: secret('firmware') }),
    0o600,
  )
  const trusted = encodeImagePublicKey(signerPublicKey({ kind: 'ecdsaP256', secretKey: keyOf('firmware') }))
  network = join(world.directory, 'network with demo.json')
  const demo = {
    maker: world.maker,
    trustedKeys: [toHex(trusted)],
    models: [{ kind: 'outlet', name: 'Fob Outlet', hardware: 'rev C', image: '/demo/outlet.bin' }],
  }
  writeFileSync(network, JSON.stringify({ ...world.network, peers: selling.seed.addresses(), demo }))
  await start()
  return stop
})

async function start(): Promise<void> {
  const port = String(await freePort())
  const args = ['agent', 'run', '--network', network, '--port', port, '--demo-device', 'outlet']
  running = startEntry('node/fob.ts', args, { FOB_HOME: home, FOB_PASSPHRASE: 'of the box' })
  await running.printed('The agent is running')
}

async function stop(): Promise<void> {
  running.child.kill('SIGTERM')
  await running.finished
}

const fob = async (...args: string[]) => {
  const env = { FOB_HOME: home, FOB_PASSPHRASE: 'of the box', FOB_PRIVATE_KEY: toHex(keyOf('owner')) }
  const { code, stdout } = await runEntry('node/fob.ts', ['agent', ...args, '--json'], env)
  return { code, json: JSON.parse(stdout || '{}') as Record<string, unknown> }
}

describe('an agent on its own', () => {
  it('updates its device out of the device’s own account, and finds it up to date after a restart', async () => {
    const deviceId = /0x[0-9a-f]{64}/.exec(running.output())?.[0] as `0x${string}`
    const account = accountOf('device account')
    expect(await fob('add', '--device', deviceId, '--owner', owner, '--account', account)).toMatchObject({
      code: 0,
    })
    expect(await fob('update', '--device', deviceId)).toMatchObject({
      code: 3,
      json: { error: { kind: 'noChannel' } },
    })
    const funding = ['--payee', seedAccount, '--amount', '0.5', '--network', network]
    expect(await fob('fund', '--device', deviceId, ...funding)).toMatchObject({ code: 0 })
    expect(await fob('update', '--device', deviceId)).toMatchObject({
      code: 3,
      json: { error: { kind: 'ruleOff' } },
    })
    expect(paid()).toBe(0n)

    const { json } = await fob('status')
    const [{ agent }] = json.accounts as [{ agent: `0x${string}` }]
    const rule = {
      isOn: true,
      token: null,
      perPayment: `${ether}`,
      perDay: `${ether}`,
      payees: [seedAccount],
    }
    const rules = { ...noRules, ownUpdates: rule }
    const statement: AgentRules = { owner, agent, deviceId, account, version: 1, rules }
    const signature = signByKey(hashTypedData(agentRulesTypedData(world.domain, statement)), keyOf('owner'))
    const file = join(world.directory, 'rules.json')
    writeFileSync(file, JSON.stringify({ ...statement, signature: toHex(signature) }))
    expect(await fob('rules', '--file', file)).toMatchObject({ code: 0 })

    const blocks = paidBlocksOf(world.image.length)
    expect(await fob('update', '--device', deviceId)).toMatchObject({
      code: 0,
      json: { answer: { outcome: 'done', fetched: { stored: 0, free: 0, paid: blocks } } },
    })
    expect(paid()).toBe(BigInt(blocks) * price)

    await stop()
    await start()
    expect(await fob('update', '--device', deviceId)).toMatchObject({
      code: 0,
      json: { answer: { outcome: 'upToDate', fetched: null } },
    })
    expect(paid()).toBe(BigInt(blocks) * price)

    // The maker's seed agrees to the end: what is left comes back in one transaction.
    const { json: after } = await fob('status')
    const [{ channels }] = after.accounts as [{ channels: readonly { readonly channelId: string }[] }]
    const leaving = [
      'leave',
      '--device',
      deviceId,
      '--channel',
      channels[0]?.channelId ?? '',
      '--network',
      network,
    ]
    expect(await fob(...leaving)).toMatchObject({
      code: 0,
      json: { kind: 'closed', refund: `${ether / 2n - BigInt(blocks) * price}` },
    })
  })
})
