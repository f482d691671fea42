// fob seed --price: what it sells it does not give away, and it says for how much.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askPaidPeer } from '../../../node/channels/paidPeer.ts'
import { freePort } from '../../../node/http.ts'
import { findRunningSeed } from '../../../node/seed/control.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { parseFileCid } from '../../../src/core/ipfs/block.ts'
import { accountOf, keyOf } from '../voucher/people.ts'
import { ether, startWorld, type World } from './agentWorld.ts'
import { runEntry, startEntry } from './process.ts'
import { node } from './serveNodes.ts'

let world: World
afterAll(() => world?.stop())
beforeAll(async () => {
  world = await startWorld('sensor')
})

describe('fob seed --price', () => {
  it('offers its blocks at that price, payable to its key, and gives none away', async () => {
    const home = join(world.directory, 'seed home')
    const network = join(world.directory, 'network.json')
    writeFileSync(network, JSON.stringify(world.network))
    const ports = ['--port', String(await freePort()), '--gateway-port', String(await freePort())]
    const env = { FOB_HOME: home, FOB_PRIVATE_KEY: toHex(keyOf('seed')) }
    const running = startEntry(
      'node/fob.ts',
      ['seed', '--price', '0.002', '--network', network, ...ports],
      env,
    )
    await running.printed('Ctrl-C ends it')
    try {
      const seed = await findRunningSeed(join(home, 'seed'))
      const cid = (await seed?.add(world.image)) ?? ''
      const { addresses = [], gateway = '' } = (await seed?.status()) ?? {}
      expect((await fetch(`${gateway}/ipfs/${cid}?format=raw`)).status).toBe(402)

      const root = parseFileCid(cid)
      if (!root.ok) throw new Error(root.error.detail)
      const address = multiaddr(addresses.find(each => each.includes('/ws/')) ?? '')
      const libp2p = await node(false)
      const asked = await askPaidPeer({ libp2p, address, domain: world.domain, root: root.value })
      expect(asked).toMatchObject({
        value: {
          offer: { payee: accountOf('seed'), pricePerUnit: (2n * ether) / 1000n, minExitDelay: 86_400 },
        },
      })
    } finally {
      running.child.kill('SIGTERM')
      await running.finished
    }
  })

  it('takes no price that is none', async () => {
    for (const price of ['0', '-1', 'much', '1e3']) {
      const args = ['seed', `--price=${price}`, '--network', '/nowhere/network.json', '--json']
      const { code, stdout } = await runEntry('node/fob.ts', args, { FOB_HOME: world.directory })
      expect([code, stdout]).toEqual([2, expect.stringContaining('--price')])
    }
  })
})
