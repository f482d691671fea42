// fob holders: who gives a file when asked now, who says so, who has none of it, and who lies.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Libp2p } from 'libp2p'
import type { CID } from 'multiformats/cid'
import { expect, it } from 'vitest'
import { freePort } from '../../../node/http.ts'
import { giveBlocks } from '../../../node/seed/give.ts'
import { startSeed } from '../../../node/seed/seed.ts'
import { sellBlocks } from '../../../node/seed/sell.ts'
import { layOutFile } from '../../../src/core/ipfs/unixfs.ts'
import { domain } from '../voucher/people.ts'
import { runEntry } from './process.ts'
import { announce, demand, ledgerIn, phoneAt, storeOf } from './serveNodes.ts'
import { temporaryDirectory } from './temporary.ts'

it('counts who gives the file, not who says that he has it, nor who is named anyhow', async () => {
  const directory = temporaryDirectory()
  const gatewayPort = await freePort()
  const maker = await startSeed({
    directory: join(directory, 'maker'),
    host: '127.0.0.1',
    port: await freePort(),
    gatewayPort,
    log: () => {},
  })
  const at = maker.addresses().find(address => address.includes('/ws/')) ?? ''
  const firmware = Uint8Array.from({ length: 300_000 }, (_, i) => i >> 8)
  const { root, blocks } = layOutFile(firmware)
  await maker.add(firmware)
  const all = storeOf(...blocks.map(({ cid, bytes }) => ({ cid, bytes: Uint8Array.from(bytes) })))
  const changed = {
    ...all,
    async *get(cid: CID) {
      for await (const bytes of all.get(cid)) yield cid.equals(root) ? bytes : bytes.map(byte => byte ^ 1)
    },
  }
  const ledger = ledgerIn(join(directory, 'ledger'))
  const roles: Readonly<Record<string, (phone: Libp2p) => Promise<unknown>>> = {
    gives: phone => giveBlocks(phone, all),
    'gives too': phone => giveBlocks(phone, all),
    lies: phone => giveBlocks(phone, changed),
    'says so': phone => giveBlocks(phone, storeOf()),
    sells: phone => sellBlocks(phone, { domain, demand, pricePerUnit: 7n, ledger, blocks: all }),
    'sells others': phone =>
      sellBlocks(phone, { domain, demand, pricePerUnit: 7n, ledger, blocks: storeOf() }),
    'speaks of something else': async () => undefined,
  }
  const phones = new Map<string, string>()
  const started: Libp2p[] = []
  try {
    for (const [role, begin] of Object.entries(roles)) {
      const phone = await phoneAt(at)
      started.push(phone)
      await begin(phone)
      await announce(phone, at, root)
      phones.set(phone.peerId.toString(), role)
    }
    const network = join(directory, 'network.json')
    const gateways = [`http://127.0.0.1:${String(gatewayPort)}`]
    writeFileSync(network, JSON.stringify(networkOf({ peers: [at], gateways })))
    const holders = async (...args: readonly string[]) => {
      const where = ['--network', network, '--json']
      const env = { FOB_HOME: join(directory, 'home') }
      const { code, stdout } = await runEntry('node/fob.ts', ['holders', ...where, ...args], env)
      return { code, ...(JSON.parse(stdout) as { givers?: number; holders?: readonly Told[] }) }
    }
    const asked = await holders('--cid', root.toString(), '--at-least', '2')
    expect(asked).toMatchObject({ code: 0, givers: 2 })
    const told = (asked.holders ?? []).map(({ name, isNamed, gives, reason }) => [
      phones.get(name) ?? 'the maker’s',
      isNamed,
      gives ? 'gives' : reason,
    ])
    expect(told.toSorted()).toEqual(
      [
        ['the maker’s', true, 'gives'],
        ['the maker’s', true, 'gives'],
        ['gives', false, 'gives'],
        ['gives too', false, 'gives'],
        ['lies', false, 'wrongBytes'],
        ['says so', false, 'lacksBlock'],
        ['sells', false, 'sells'],
        ['sells others', false, 'lacksBlock'],
        ['speaks of something else', false, 'otherProtocol'],
      ].toSorted(),
    )
    expect(await holders('--cid', root.toString(), '--at-least', '3')).toMatchObject({ code: 3 })
  } finally {
    for (const phone of started) await phone.stop()
    await maker.stop()
  }
})

interface Told {
  readonly name: string
  readonly isNamed: boolean
  readonly gives: boolean
  readonly reason?: string
}

/** Its chain is not asked. */
const networkOf = (places: object) => ({
  version: 1,
  name: 'Test',
  chain: {
    id: 31_337,
    name: 'Test chain',
    registry: `0x${'22'.repeat(20)}`,
    endpoints: ['http://127.0.0.1:1', 'http://127.0.0.1:2'],
    minAgreeing: 2,
    maxAgeSeconds: 120,
    currency: { symbol: 'ETH', decimals: 18 },
  },
  makers: [],
  ...places,
})
