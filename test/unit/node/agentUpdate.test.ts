// A device pays for its own update with everything else closed: no app, no person; a chain, a seed that sells, the agent.
import { join } from 'node:path'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ReferenceDevice } from '../../../device/referenceDevice.ts'
import type { Agent } from '../../../node/agent/agent.ts'
import { updateOwnDevice } from '../../../node/agent/ownUpdate.ts'
import { type PeerNode, startPeerNode } from '../../../node/agent/peerNode.ts'
import { claimEarnings } from '../../../node/channels/transactions.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { channelIdOf } from '../../../src/core/voucher/channel.ts'
import { paidTo } from '../../../src/core/voucher/payee.ts'
import { paidBlocksOf } from '../../../src/core/voucher/standing.ts'
import { accountOf, keyOf } from '../voucher/people.ts'
import { ether, owner, seedAccount, startWorld, timer, version, type World } from './agentWorld.ts'

const price = ether / 1000n
let world: World
let node: PeerNode
let blocks: number
beforeAll(async () => {
  world = await startWorld('outlet')
  node = await startPeerNode(join(world.directory, 'blocks of nobody'))
  blocks = paidBlocksOf(world.image.length)
  return () => node.stop()
})

const names = (device: ReferenceDevice) => ({
  deviceId: device.deviceId,
  owner,
  account: accountOf('device account'),
})

const update = async (agent: Agent, device: ReferenceDevice, peers: readonly string[], using = node) => {
  const account = agent.account(device.deviceId)
  if (!account) throw new Error('no account')
  return updateOwnDevice({
    account,
    device: { connect: () => device.connect(), right: null },
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

describe('a device that pays for its own update', { timeout: 120_000 }, () => {
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
    const claimed = await claimEarnings(
      ledger.earnings(),
      privateKeyToAccount(toHex(keyOf('seed'))),
      world.transactions,
      async () => 0n,
    )
    expect(claimed).toMatchObject([{ channelId: channelIdOf(terms), gain: cost }])
    // What came in, less the gas of claiming.
    const gained = (await world.coins(seedAccount)) - before
    expect(gained).toBeGreaterThan((cost * 9n) / 10n)
    expect(gained).toBeLessThan(cost)
  })
})
