// fob sponsor: a peer that gives a file away is paid for as much as it says, and never beyond the cap.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPayeeLedger } from '../../../node/channels/payeeLedger.ts'
import { sellBlocks } from '../../../node/seed/sell.ts'
import { type Hex, toHex } from '../../../src/core/bytes.ts'
import { minExitDelay } from '../../../src/core/voucher/standing.ts'
import { accountOf, keyOf } from '../voucher/people.ts'
import { ether, startWorld, type World } from './agentWorld.ts'
import { runEntry } from './process.ts'
import { addressOf, block, node, storeOf } from './serveNodes.ts'

let world: World
afterAll(() => world?.stop())
beforeAll(async () => {
  world = await startWorld('sensor')
})

it('opens one channel to the account that the peer names, and pays what it says by and by, up to the cap', {
  timeout: 90_000,
}, async () => {
  const payee = accountOf('phone that serves')
  const demand = { payee, token: null, minExitDelay: minExitDelay.phone }
  const { domain, read, directory, transactions } = world
  const ledger = openPayeeLedger({
    directory: join(directory, 'thanks'),
    domain,
    demand,
    read,
    monotonic: () => performance.now(),
  })
  const file = block(7)
  let counted = 3
  const peer = await node(true)
  await sellBlocks(peer, {
    domain,
    demand,
    pricePerUnit: 0n,
    ledger,
    blocks: storeOf(file),
    givenAway: cid => (cid.equals(file.cid) ? counted : 0),
  })
  const network = join(directory, 'network.json')
  writeFileSync(network, JSON.stringify(world.network))
  const sponsor = async (cid = String(file.cid)) => {
    const address = String(addressOf(peer))
    const args = [
      'sponsor',
      address,
      cid,
      '--cap',
      '0.01',
      '--per-block',
      '0.001',
      '--network',
      network,
      '--json',
    ]
    const env = { FOB_HOME: join(directory, 'home'), FOB_PRIVATE_KEY: toHex(keyOf('maker')) }
    const { code, stdout } = await runEntry('node/fob.ts', args, env)
    return {
      code,
      ...(JSON.parse(stdout) as { channelId?: Hex; paid?: string; inAll?: string; error?: { kind: string } }),
    }
  }
  const milli = ether / 1000n

  const first = await sponsor()
  expect(first).toMatchObject({ code: 0, paid: String(3n * milli), inAll: String(3n * milli) })
  counted = 5
  const second = await sponsor()
  expect(second).toMatchObject({
    channelId: first.channelId,
    paid: String(2n * milli),
    inAll: String(5n * milli),
  })
  // It claims what nobody can check: the cap is the defence.
  counted = 1_000_000
  expect(await sponsor()).toMatchObject({ paid: String(5n * milli), inAll: String(10n * milli) })
  expect(await sponsor()).toMatchObject({ code: 0, paid: '0', inAll: String(10n * milli) })
  expect(ledger.paid()).toBe(10n * milli)
  expect(await sponsor(String(block(8).cid))).toMatchObject({ code: 1, error: { kind: 'notHere' } })

  const [earning] = ledger.earnings()
  if (!earning?.state.accepted) throw new Error('there is no voucher')
  await transactions.claim(privateKeyToAccount(toHex(keyOf('maker'))), earning.terms, earning.state.accepted)
  expect(earning.terms.exitDelay).toBe(minExitDelay.phone)
})
