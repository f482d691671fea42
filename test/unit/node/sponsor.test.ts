// fob sponsor: a peer that gives a file away is paid for as much as it says, and never beyond the cap.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Libp2p } from 'libp2p'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPayeeLedger } from '../../../node/channels/payeeLedger.ts'
import { freePort } from '../../../node/http.ts'
import { startSeed } from '../../../node/seed/seed.ts'
import { sellBlocks } from '../../../node/seed/sell.ts'
import { endSponsorship } from '../../../node/sponsor/endSponsorship.ts'
import { sponsorPeer } from '../../../node/sponsor/sponsorPeer.ts'
import { type Hex, toHex } from '../../../src/core/bytes.ts'
import { closeDigest, signByKey } from '../../../src/core/voucher/channel.ts'
import type { PayeeLedger } from '../../../src/core/voucher/payeeLedger.ts'
import { minExitDelay } from '../../../src/core/voucher/standing.ts'
import { createChannelChain } from '../../../src/io/chain/channels/channelChain.ts'
import { accountOf, keyOf } from '../voucher/people.ts'
import { ether, startWorld, type World } from './agentWorld.ts'
import { runEntry } from './process.ts'
import { addressOf, announce, block, node, phoneAt, storeOf } from './serveNodes.ts'

let world: World
afterAll(() => world?.stop())
beforeAll(async () => {
  world = await startWorld('sensor')
})

it('opens one channel to the account that the peer names, and pays what it says by and by, up to the cap', async () => {
  const payee = accountOf('phone that serves')
  const demand = { payee, token: null, minExitDelay: minExitDelay.phone }
  const { domain, read, directory, transactions } = world
  const ledger = openPayeeLedger({
    directory: join(directory, 'thanks'),
    domain,
    demand,
    read,
    monotonic: () => performance.now(),
    consent: async close =>
      agrees ? signByKey(closeDigest(domain, close), keyOf('phone that serves')) : null,
  })
  const file = block(7)
  const other = block(6)
  let agrees = false
  let counted = 3
  const peer = await node(true)
  await sellBlocks(peer, {
    domain,
    demand,
    pricePerUnit: 0n,
    ledger,
    blocks: storeOf(file, other),
    givenAway: cid => (cid.equals(file.cid) ? counted : 3),
  })
  const network = join(directory, 'network.json')
  writeFileSync(network, JSON.stringify(world.network))
  const amounts = ['--cap', '0.01', '--per-block', '0.001']
  const sponsor = async (cid = String(file.cid), what = amounts) => {
    const address = String(addressOf(peer))
    const args = ['sponsor', address, cid, ...what, '--network', network, '--json']
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

  // What is left comes back: first by the exit, which takes a week, then at once, for the peer has agreed meanwhile.
  expect(await sponsor(String(other.cid))).toMatchObject({ code: 0, inAll: String(3n * milli) })
  const ending = (state: object) => ({ code: 0, channels: [{ payee, ...state }] })
  expect(await sponsor(String(other.cid), ['--end'])).toMatchObject(ending({ kind: 'leaving' }))
  agrees = true
  const maker = privateKeyToAccount(toHex(keyOf('maker')))
  const places = { domain, read, transactions, directory: join(directory, 'home', 'sponsor') }
  const sponsorship = { ...places, libp2p: await node(false), account: maker, print: () => {} }
  const now = Math.floor(Date.now() / 1000)
  expect(await endSponsorship(sponsorship, other.cid, [addressOf(peer)], now)).toMatchObject({
    value: [{ payee, state: { kind: 'closed', refund: 7n * milli } }],
  })
  const [, ended] = ledger.earnings()
  expect(ended?.state.closing).toMatchObject({ amount: 3n * milli })

  const [earning] = ledger.earnings()
  if (!earning?.state.accepted) throw new Error('there is no voucher')
  await transactions.claim(maker, earning.terms, earning.state.accepted)
  expect(earning.terms.exitDelay).toBe(minExitDelay.phone)

  // The maker's wallet finds what it has opened from the chain alone, and reads what it holds, proven.
  const { id: chainId, endpoints } = world.network.chain
  const rules = { chainId, endpoints, minAgreeing: 2, maxAgeSeconds: 120 }
  const unixNow = () => Math.floor(Date.now() / 1000)
  const chain = createChannelChain({ ...rules, paymentChannels: domain.paymentChannels }, { unixNow })
  expect(await chain.openedBy(accountOf('maker'))).toEqual({
    ok: true,
    value: ledger.earnings().map(({ terms }) => terms),
  })
  expect(await chain.openedBy(payee)).toEqual({ ok: true, value: [] })
  const unknown = `0x${'ab'.repeat(32)}` as const
  const found = async () => {
    const reading = await chain.read([earning.channelId, unknown], payee)
    if (!reading.ok) return reading.error.kind
    const { channels, kept, evidence } = reading.value
    return [channels.get(earning.channelId), channels.get(unknown), kept, evidence.level]
  }
  await expect.poll(found, { timeout: 20_000 }).toEqual([
    { deposit: 10n * milli, claimed: 10n * milli, exitAt: 0 },
    { deposit: 0n, claimed: 0n, exitAt: 0 },
    // Claimed, and closed, by somebody else: it waits for the payee in the contract.
    13n * milli,
    'proven',
  ])
})

it('dials once more where a dial fails, for phones may miss each other, and neither a third time nor after an answer', async () => {
  const { domain, read, transactions, directory } = world
  const demand = { payee: accountOf('phone that has it not'), token: null, minExitDelay: minExitDelay.phone }
  const ledger = openPayeeLedger({
    directory: join(directory, 'has it not'),
    domain,
    demand,
    read,
    monotonic: () => performance.now(),
  })
  const peer = await node(true)
  await sellBlocks(peer, { domain, demand, pricePerUnit: 0n, ledger, blocks: storeOf() })
  const own = await node(false)
  const outcomeAfter = async (failing: number) => {
    let dials = 0
    const libp2p: Libp2p = Object.assign(Object.create(own), {
      dialProtocol(...dialled: Parameters<Libp2p['dialProtocol']>) {
        dials++
        return dials <= failing ? Promise.reject(new Error('missed')) : own.dialProtocol(...dialled)
      },
    })
    const outcome = await sponsorPeer(
      {
        ...{ libp2p, domain, read, transactions, directory: join(directory, 'misses'), print: () => {} },
        account: privateKeyToAccount(toHex(keyOf('maker'))),
      },
      { address: addressOf(peer), root: block(5).cid, perBlock: 1n, cap: 1n },
    )
    return { dials, kind: outcome.ok ? 'paid' : outcome.error.kind }
  }
  expect(await outcomeAfter(0)).toEqual({ dials: 1, kind: 'notHere' })
  expect(await outcomeAfter(1)).toEqual({ dials: 2, kind: 'notHere' })
  expect(await outcomeAfter(2)).toEqual({ dials: 2, kind: 'peerUnreachable' })
})

it('finds phones at a relay, talks to them over WebRTC, and never pays more accounts than it may', async () => {
  const { domain, read } = world
  const directory = mkdtempSync(join(world.directory, 'phones-'))
  const relay = await startSeed({
    directory: join(directory, 'relay'),
    host: '127.0.0.1',
    port: await freePort(),
    gatewayPort: await freePort(),
    log: () => {},
  })
  const at = relay.addresses().find(address => address.includes('/ws/')) ?? ''
  const file = block(9)
  const phones: Libp2p[] = []
  const ledgers: PayeeLedger[] = []
  try {
    for (const name of ['phone one', 'phone two']) {
      const phone = await phoneAt(at)
      phones.push(phone)
      const demand = { payee: accountOf(name), token: null, minExitDelay: minExitDelay.phone }
      const ledger = openPayeeLedger({
        directory: join(directory, name),
        domain,
        demand,
        read,
        monotonic: () => performance.now(),
      })
      ledgers.push(ledger)
      const blocks = storeOf(file)
      await sellBlocks(phone, { domain, demand, pricePerUnit: 0n, ledger, blocks, givenAway: () => 4 })
      await announce(phone, at, file.cid)
    }
    const network = join(directory, 'network at the relay.json')
    writeFileSync(network, JSON.stringify({ ...world.network, peers: [at] }))
    const args = [
      ...['sponsor', 'all', String(file.cid), '--cap', '0.01', '--per-block', '0.001', '--most', '1'],
      ...['--network', network, '--json'],
    ]
    const env = { FOB_HOME: join(directory, 'sponsor of phones'), FOB_PRIVATE_KEY: toHex(keyOf('maker')) }
    for (const paid of [4n, 0n]) {
      const { code, stdout } = await runEntry('node/fob.ts', args, env)
      expect({ code, ...JSON.parse(stdout) }).toMatchObject({
        code: 0,
        peers: [{ blocks: 4, paid: String((paid * ether) / 1000n), inAll: String((4n * ether) / 1000n) }],
      })
    }
    expect(ledgers.map(ledger => ledger.paid()).toSorted()).toEqual([0n, (4n * ether) / 1000n])
  } finally {
    for (const phone of phones) await phone.stop()
    await relay.stop()
  }
})
