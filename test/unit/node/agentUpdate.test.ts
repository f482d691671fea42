// A device pays for its own update with everything else closed: no app, no person; a chain, a seed that sells, the agent.
import { join } from 'node:path'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReferenceDevice } from '../../../device/referenceDevice.ts'
import type { Agent } from '../../../node/agent/agent.ts'
import type { ManageRight } from '../../../node/agent/deviceLink.ts'
import { updateOwnDevice } from '../../../node/agent/ownUpdate.ts'
import { type PeerNode, startPeerNode } from '../../../node/agent/peerNode.ts'
import { earningsClaimer } from '../../../node/channels/claimEarnings.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { GrantAction } from '../../../src/core/lock/grant.ts'
import { channelIdOf } from '../../../src/core/voucher/channel.ts'
import { paidTo } from '../../../src/core/voucher/payee.ts'
import { paidBlocksOf } from '../../../src/core/voucher/standing.ts'
import { accountOf, keyOf } from '../voucher/people.ts'
import { ether, owner, seedAccount, startWorld, timer, version, type World } from './agentWorld.ts'
import { pairAndGrant } from './pairing.ts'
import { eventually } from './process.ts'

const price = ether / 1000n
let world: World
let node: PeerNode
let blocks: number
const nodes: PeerNode[] = []
afterAll(() => world?.stop())
beforeAll(async () => {
  world = await startWorld('outlet')
  node = await startPeerNode(join(world.directory, 'blocks of nobody'))
  blocks = paidBlocksOf(world.image.length)
  return async () => {
    for (const each of [node, ...nodes]) await each.stop()
  }
})

/** A box that holds no block yet. */
async function freshNode(name: string): Promise<PeerNode> {
  const fresh = await startPeerNode(join(world.directory, `blocks of ${name}`))
  nodes.push(fresh)
  return fresh
}

const names = (device: ReferenceDevice) => ({
  deviceId: device.deviceId,
  owner,
  account: accountOf('device account'),
})

const update = async (
  agent: Agent,
  device: ReferenceDevice,
  peers: readonly string[],
  using = node,
  right: ManageRight | null = null,
) => {
  const account = agent.account(device.deviceId)
  if (!account) throw new Error('no account')
  return updateOwnDevice({
    account,
    device: { connect: () => device.connect(), right },
    network: { ...world.network, peers: [...peers] },
    domain: world.domain,
    makers: [world.maker],
    channel: 'stable',
    node: using,
    directory: join(world.directory, `update of ${device.deviceId}`),
    timer,
    now: agent.now,
  })
}

describe('a device that pays for its own update', () => {
  it('buys the image from a seed, runs it, and the seed has its money on chain', async () => {
    const device = world.device('outlet', 'first')
    const agent = await world.agent('box')
    await agent.add(names(device))
    const { seed, ledger } = await world.sellingSeed(price)
    world.pushRules(agent, device, 'ownUpdates', { perPayment: `${ether}`, perDay: `${ether}` })
    const terms = await world.fund(agent, device, seedAccount, ether)

    const outcome = await update(agent, device, seed.addresses())
    expect(outcome).toEqual({
      ok: true,
      value: { outcome: 'done', fetched: { stored: 0, free: 0, paid: blocks } },
    })
    expect(device.runningVersion).toEqual(version(1))
    const cost = BigInt(blocks) * price
    const log = agent.account(device.deviceId)?.spending.log()
    expect(log).toMatchObject([
      {
        purpose: 'ownUpdates',
        amount: `${cost}`,
        payee: seedAccount,
        isSettled: true,
        what: 'update to 1.1.0',
      },
    ])

    const [earning] = ledger.earnings()
    expect(earning && paidTo(earning.state)).toBe(cost)
    const before = await world.coins(seedAccount)
    const claim = earningsClaimer({
      earnings: ledger.earnings,
      read: world.read,
      transactions: world.transactions,
      account: privateKeyToAccount(toHex(keyOf('seed'))),
    })
    expect(await claim()).toMatchObject({ done: [{ channelId: channelIdOf(terms), gain: cost }], failed: [] })
    // What came in, less the gas of claiming.
    const gained = (await world.coins(seedAccount)) - before
    expect(gained).toBeGreaterThan((cost * 9n) / 10n)
    expect(gained).toBeLessThan(cost)
  })
})

const spent = (agent: Agent, device: ReferenceDevice) =>
  (agent.account(device.deviceId)?.spending.log() ?? []).reduce((sum, { amount }) => sum + BigInt(amount), 0n)

describe('a device with an owner', () => {
  it('is updated under the owner’s grant, in a sealed session, and by nobody else', async () => {
    const device = world.device('outlet', 'owned')
    const agent = await world.agent('owned')
    await agent.add(names(device))
    const { seed, ledger } = await world.sellingSeed(price)
    world.pushRules(agent, device, 'ownUpdates', { perPayment: `${ether}`, perDay: `${ether}` })
    await world.fund(agent, device, seedAccount, ether)
    const lent = GrantAction.manage | GrantAction.withoutTime
    const right = await pairAndGrant(device, 'owned', 'key of the box', lent)
    const box = await freshNode('owned')

    expect(await update(agent, device, seed.addresses(), box)).toMatchObject({
      error: { kind: 'rightMissing' },
    })
    const other = { ...right, user: { ...right.user, sign: async () => new Uint8Array(64) } }
    expect(await update(agent, device, seed.addresses(), box, other)).toMatchObject({
      error: { kind: 'openRefused' },
    })
    expect(ledger.paid()).toBe(0n)
    expect(await update(agent, device, seed.addresses(), box, right)).toMatchObject({
      ok: true,
      value: { outcome: 'done' },
    })
    expect(device.runningVersion).toEqual(version(1))
  })
})

describe('no money moves', () => {
  it('where the image costs more than the rules allow, and the refusal says so', async () => {
    const device = world.device('outlet', 'capped')
    const agent = await world.agent('capped')
    await agent.add(names(device))
    const { seed, ledger } = await world.sellingSeed(price)
    const cost = BigInt(blocks) * price
    world.pushRules(agent, device, 'ownUpdates', { perPayment: `${cost - 1n}`, perDay: `${ether}` })
    await world.fund(agent, device, seedAccount, ether)
    expect(await update(agent, device, seed.addresses(), await freshNode('capped'))).toMatchObject({
      ok: false,
      error: { kind: 'rulePerPayment', detail: expect.stringContaining(`${cost}`) },
    })
    world.pushRules(agent, device, 'ownUpdates', { perPayment: `${ether}`, perDay: `${cost - 1n}` }, 2)
    expect(await update(agent, device, seed.addresses(), await freshNode('capped 2'))).toMatchObject({
      error: { kind: 'rulePerDay' },
    })
    expect(device.runningVersion).toEqual(version(0))
    expect(agent.account(device.deviceId)?.spending.log()).toEqual([])
    expect(ledger.paid()).toBe(0n)
  })

  it('before the owner has sent rules, to whom he has not named, and once he has stopped the agent', async () => {
    const device = world.device('outlet', 'unruled')
    const agent = await world.agent('unruled')
    await agent.add(names(device))
    const { seed, ledger } = await world.sellingSeed(price)
    await world.fund(agent, device, seedAccount, ether)
    const refusal = async (name: string) => update(agent, device, seed.addresses(), await freshNode(name))
    expect(await refusal('no rules')).toMatchObject({ error: { kind: 'ruleOff' } })
    const open = { perPayment: `${ether}`, perDay: `${ether}` }
    world.pushRules(agent, device, 'ownUpdates', { ...open, payees: [accountOf('another seed')] }, 1)
    expect(await refusal('another')).toMatchObject({ error: { kind: 'rulePayee' } })
    world.pushRules(agent, device, 'ownUpdates', open, 2)
    agent.halt()
    expect(await refusal('stopped')).toMatchObject({ error: { kind: 'agentStopped' } })
    // Also after the box was started again.
    const again = await world.agent('unruled')
    expect(again.isStopped()).toBe(true)
    expect(await update(again, device, seed.addresses(), await freshNode('still'))).toMatchObject({
      error: { kind: 'agentStopped' },
    })
    expect(ledger.paid()).toBe(0n)
    expect(spent(again, device)).toBe(0n)
  })

  it('to a seed that sells while another gives the same for nothing', async () => {
    const device = world.device('outlet', 'thrifty')
    const agent = await world.agent('thrifty')
    await agent.add(names(device))
    const selling = await world.sellingSeed(price)
    const free = await world.freeSeed()
    world.pushRules(agent, device, 'ownUpdates', { perPayment: `${ether}`, perDay: `${ether}` })
    await world.fund(agent, device, seedAccount, ether)
    const peers = [...selling.seed.addresses(), ...free.addresses()]
    expect(await update(agent, device, peers, await freshNode('thrifty'))).toEqual({
      ok: true,
      value: { outcome: 'done', fetched: { stored: 0, free: blocks, paid: 0 } },
    })
    expect(selling.ledger.paid()).toBe(0n)
    expect(spent(agent, device)).toBe(0n)
  })

  it('under a channel that gives the seed too little time to claim', async () => {
    const device = world.device('outlet', 'hasty')
    const agent = await world.agent('hasty')
    await agent.add(names(device))
    const { seed, ledger } = await world.sellingSeed(price)
    world.pushRules(agent, device, 'ownUpdates', { perPayment: `${ether}`, perDay: `${ether}` })
    await world.fund(agent, device, seedAccount, ether, { exitDelay: 3600 })
    expect(await update(agent, device, seed.addresses(), await freshNode('hasty'))).toMatchObject({
      error: { kind: 'peerRefused', detail: expect.stringContaining('channelDelayTooShort') },
    })
    expect(ledger.paid()).toBe(0n)
    expect(spent(agent, device)).toBe(0n)
  })
})

describe('nothing is updated', () => {
  it('from a maker whom the owner has not chosen, or for a device that names another registry', async () => {
    const device = world.device('outlet', 'counterfeit')
    const agent = await world.agent('counterfeit')
    await agent.add(names(device))
    const account = agent.account(device.deviceId)
    if (!account) throw new Error('no account')
    const { chain } = world.network
    const options = {
      account,
      device: { connect: () => device.connect(), right: null },
      domain: world.domain,
      makers: [accountOf('another maker')],
      network: world.network,
      channel: 'stable',
      node,
      directory: join(world.directory, 'update of a counterfeit'),
      timer,
      now: agent.now,
    }
    expect(await updateOwnDevice(options)).toMatchObject({ error: { kind: 'makerNotPinned' } })
    const network = { ...world.network, chain: { ...chain, registry: accountOf('another registry') } }
    expect(await updateOwnDevice({ ...options, makers: [world.maker], network })).toMatchObject({
      error: { kind: 'identityForOtherNetwork' },
    })
    expect(device.runningVersion).toEqual(version(0))
  })
})

describe('an interrupted purchase', () => {
  it('goes on where it was after the agent was killed, and pays for no block twice', async () => {
    const device = world.device('outlet', 'patient')
    const first = await world.agent('patient')
    await first.add(names(device))
    const { seed, ledger } = await world.sellingSeed(price)
    world.pushRules(first, device, 'ownUpdates', { perPayment: `${ether}`, perDay: `${10n * ether}` })
    const terms = await world.fund(first, device, seedAccount, ether)
    const box = await freshNode('patient')

    // Killed after it has kept the third block, and before it has signed for it.
    let kept = 0
    const dying: PeerNode = {
      ...box,
      blocks: {
        get: cid => box.blocks.get(cid),
        async put(cid, bytes) {
          await box.blocks.put(cid, bytes)
          if (++kept === 3) throw new Error('killed')
        },
      },
    }
    await expect(update(first, device, seed.addresses(), dying)).rejects.toThrow('killed')
    expect(ledger.paid()).toBe(2n * price)

    const again = await world.agent('patient')
    expect(await update(again, device, seed.addresses(), box)).toEqual({
      ok: true,
      value: { outcome: 'done', fetched: { stored: 3, free: 0, paid: blocks - 3 } },
    })
    // The third was owed, and is paid now.
    expect(ledger.paid()).toBe(BigInt(blocks) * price)
    expect(ledger.earnings().map(({ channelId }) => channelId)).toEqual([channelIdOf(terms)])
  })

  it('loses nothing where the seed is stopped and started again in the middle', async () => {
    const device = world.device('outlet', 'steady')
    const agent = await world.agent('steady')
    await agent.add(names(device))
    const selling = await world.sellingSeed(price)
    world.pushRules(agent, device, 'ownUpdates', { perPayment: `${ether}`, perDay: `${ether}` })
    await world.fund(agent, device, seedAccount, ether)
    const box = await freshNode('steady')
    let kept = 0
    const restarting: PeerNode = {
      ...box,
      blocks: {
        get: cid => box.blocks.get(cid),
        async put(cid, bytes) {
          await box.blocks.put(cid, bytes)
          if (++kept === 2) await selling.restart()
        },
      },
    }
    const outcome = await update(agent, device, selling.seed.addresses(), restarting)
    expect(outcome).toMatchObject({
      ok: true,
      value: { outcome: 'done' },
    })
    expect(selling.ledger.paid()).toBe(BigInt(blocks) * price)
    expect(spent(agent, device)).toBe(BigInt(blocks) * price)
  })
})

describe('a payer that leaves', () => {
  it('is claimed from while he leaves, also where the gas costs more than comes in', async () => {
    const device = world.device('outlet', 'leaver')
    const agent = await world.agent('leaver')
    await agent.add(names(device))
    // Worth less than the gas of claiming it.
    const { seed, ledger } = await world.sellingSeed(1000n)
    world.pushRules(agent, device, 'ownUpdates', { perPayment: `${ether}`, perDay: `${ether}` })
    const terms = await world.fund(agent, device, seedAccount, ether)
    expect(await update(agent, device, seed.addresses(), await freshNode('leaver'))).toMatchObject({
      ok: true,
    })
    const claim = earningsClaimer({
      earnings: ledger.earnings,
      read: world.read,
      transactions: world.transactions,
      account: privateKeyToAccount(toHex(keyOf('seed'))),
    })
    expect(await claim()).toEqual({ done: [], failed: [] })
    await world.transactions.startExit(privateKeyToAccount(toHex(keyOf('owner'))), terms)
    await eventually(async () => {
      const read = await world.read(channelIdOf(terms))
      return read.ok && read.value.exitAt !== 0
    })
    expect(await claim()).toMatchObject({ done: [{ gain: BigInt(blocks) * 1000n }] })
    expect(await claim()).toEqual({ done: [], failed: [] })
  })
})
