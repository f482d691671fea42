// fob agent as its owner uses it: processes of their own, a real chain, and what it answers to who is not the owner.
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../../node/http.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { hashTypedData } from '../../../src/core/eip712.ts'
import { signByKey } from '../../../src/core/voucher/channel.ts'
import { type AgentRules, agentRulesTypedData } from '../../../src/core/wallet/agentRules.ts'
import { noRules } from '../../../src/core/wallet/rules.ts'
import { accountOf, keyOf } from '../voucher/people.ts'
import { ether, owner, seedAccount, startWorld, type World } from './agentWorld.ts'
import { eventually, runEntry, type Started, startEntry } from './process.ts'

const deviceId = `0x${'d1'.repeat(32)}` as const
const account = accountOf('device account')
let world: World
let home: string
let url: string
let running: Started
afterAll(() => world?.stop())
beforeAll(async () => {
  world = await startWorld('sensor')
  home = join(world.directory, 'fob home')
  await start()
  return async () => {
    running.child.kill('SIGTERM')
    await running.finished
  }
})

const env = () => ({ FOB_HOME: home, FOB_PASSPHRASE: 'of the box' })
const networkFile = () => {
  const file = join(world.directory, 'network.json')
  writeFileSync(file, JSON.stringify(world.network))
  return file
}

async function start(): Promise<void> {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  const args = ['agent', 'run', '--network', networkFile(), '--port', String(port)]
  running = startEntry('node/fob.ts', args, env())
  await running.printed('The agent is running')
}

const fob = async (args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
  const { code, stdout, stderr } = await runEntry('node/fob.ts', ['agent', ...args, '--json'], {
    ...env(),
    ...more,
  })
  return { code, json: JSON.parse(stdout || '{}') as Record<string, unknown>, stderr }
}

const accounts = async () => {
  const { json } = await fob(['status'])
  return json.accounts as readonly {
    readonly agent: `0x${string}`
    readonly rules: { readonly version: number }
    readonly channels: readonly unknown[]
  }[]
}

async function rulesFile(version: number, signer = 'owner'): Promise<string> {
  const [{ agent } = { agent: owner }] = await accounts()
  const rule = { isOn: true, token: null, perPayment: '5', perDay: '9', payees: [] }
  const statement: AgentRules = {
    owner,
    agent,
    deviceId,
    account,
    version,
    rules: { ...noRules, serving: rule },
  }
  const signature = signByKey(hashTypedData(agentRulesTypedData(world.domain, statement)), keyOf(signer))
  const file = join(world.directory, `rules ${version} ${signer}.json`)
  writeFileSync(file, JSON.stringify({ ...statement, signature: toHex(signature) }))
  return file
}

describe('fob agent', () => {
  it('makes a session key for an account, which nobody can read who has not the passphrase', async () => {
    const added = await fob(['add', '--device', deviceId, '--owner', owner, '--account', account])
    expect(added).toMatchObject({ code: 0, json: { ok: true, answer: { deviceId, rules: { version: 0 } } } })
    const place = join(home, 'agent', 'accounts', deviceId.slice(2))
    expect(statSync(join(place, 'key.json')).mode & 0o077).toBe(0)
    expect(JSON.parse(readFileSync(join(place, 'key.json'), 'utf8'))).toMatchObject({
      crypto: { kdf: 'scrypt' },
    })
    expect(statSync(join(home, 'agent', 'token')).mode & 0o077).toBe(0)
  })

  it('takes rules from the owner, and none from another, and none that are older', async () => {
    expect(await fob(['rules', '--file', await rulesFile(2, 'thief')])).toMatchObject({
      code: 3,
      json: { error: { kind: 'rulesNotSigned' } },
    })
    expect(await fob(['rules', '--file', await rulesFile(2)])).toMatchObject({ code: 0 })
    expect(await fob(['rules', '--file', await rulesFile(1)])).toMatchObject({
      code: 3,
      json: { error: { kind: 'rulesNotNewer' } },
    })
    expect(await accounts()).toMatchObject([{ rules: { version: 2 } }])
  })

  it('is funded by a channel out of the owner’s key, and by nobody else’s', async () => {
    const args = [
      'fund',
      '--device',
      deviceId,
      '--payee',
      seedAccount,
      '--amount',
      '0.25',
      '--network',
      networkFile(),
    ]
    expect(await fob(args, { FOB_PRIVATE_KEY: toHex(keyOf('maker')) })).toMatchObject({
      code: 3,
      json: { error: { kind: 'notOwner' } },
    })
    const before = await world.coins(owner)
    expect(await fob(args, { FOB_PRIVATE_KEY: toHex(keyOf('owner')) })).toMatchObject({ code: 0 })
    const paid = before - (await world.coins(owner))
    expect(paid).toBeGreaterThanOrEqual(ether / 4n)
    expect(paid).toBeLessThan((ether * 26n) / 100n)
    expect(await accounts()).toMatchObject([
      { channels: [{ terms: { payee: seedAccount, exitDelay: 604_800 } }] },
    ])
  })

  it('lets the owner leave a channel, and tells him when the rest can be had', async () => {
    const [{ channels } = { channels: [] }] = await accounts()
    const [channel] = channels as { channelId: string }[]
    const owners = { FOB_PRIVATE_KEY: toHex(keyOf('owner')) }
    const leave = (id: string) =>
      fob(['leave', '--device', deviceId, '--channel', id, '--network', networkFile()], owners)
    expect(await leave(`0x${'00'.repeat(32)}`)).toMatchObject({
      code: 1,
      json: { error: { kind: 'channelUnknown' } },
    })
    const weekLater = Math.floor(Date.now() / 1000) + 604_800
    const begun = await leave(channel?.channelId ?? '')
    expect(begun).toMatchObject({ code: 0, json: { kind: 'leaving', why: 'it was not found' } })
    expect(begun.json.until).toBeGreaterThanOrEqual(weekLater)
    await eventually(async () => {
      const again = await leave(channel?.channelId ?? '')
      return (again.json.error as { kind?: string } | undefined)?.kind === 'exitNotReady'
    })
  })

  it('stops when its owner says so, and is still stopped after a restart, with all that it held', async () => {
    expect(await fob(['stop'])).toMatchObject({ code: 0 })
    running.child.kill('SIGKILL')
    await running.finished
    expect(await fob(['status'])).toMatchObject({ code: 1, json: { error: { kind: 'agentNotRunning' } } })
    await start()
    expect((await fob(['status'])).json).toMatchObject({ isStopped: true })
    expect(await accounts()).toMatchObject([{ rules: { version: 2 }, channels: [{}] }])
    expect(await fob(['start'])).toMatchObject({ code: 0 })
  })

  it('does not open its keys with another passphrase', async () => {
    const port = String(await freePort())
    const other = { FOB_HOME: home, FOB_PASSPHRASE: 'guessed' }
    running.child.kill('SIGKILL')
    await running.finished
    const args = ['agent', 'run', '--network', networkFile(), '--port', port, '--json']
    const finished = await runEntry('node/fob.ts', args, other)
    expect(finished.code).toBe(1)
    expect(JSON.parse(finished.stdout)).toMatchObject({ error: { kind: 'wrongPassphrase' } })
    await start()
  })

  it('tells nobody anything without the token', async () => {
    for (const [path, method] of [
      ['/status', 'GET'],
      ['/rules', 'POST'],
      ['/channels', 'POST'],
      ['/agreement', 'POST'],
      ['/start', 'POST'],
      ['/hire', 'POST'],
      ['/accounts', 'POST'],
    ] as const) {
      for (const authorization of ['', 'Bearer ', `Bearer ${'00'.repeat(32)}`]) {
        const body = method === 'POST' ? { body: '{}' } : {}
        const response = await fetch(`${url}${path}`, { method, headers: { authorization }, ...body })
        expect([path, response.status]).toEqual([path, 401])
      }
    }
  })

  it('refuses nonsense of its owner, too', async () => {
    const token = readFileSync(join(home, 'agent', 'token'), 'utf8').trim()
    const post = async (path: string, body: string) => {
      const headers = { authorization: `Bearer ${token}` }
      const response = await fetch(`${url}${path}`, { method: 'POST', headers, body })
      return response.status
    }
    for (const path of ['/rules', '/channels', '/agreement', '/hire', '/accounts', '/update']) {
      for (const body of ['', '{', '[]', '{"deviceId":5}', `{"deviceId":"${deviceId}"}`]) {
        expect([path, body, await post(path, body)]).toEqual([path, body, 409])
      }
      expect(await post(path, 'x'.repeat(40_000))).toBe(413)
    }
    expect(await post('/nowhere', '{}')).toBe(404)
  })
})
