// Where the bytes come from: peers and gateways that are down or lie are passed over, and none at all is said clearly.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { freePort } from '../../node/http.ts'
import type { NetworkConfig } from '../../src/core/network.ts'
import type { Model } from '../../src/core/registry/model.ts'
import { startBadPeer, startGateway } from '../fixtures/ipfsSeed.ts'
import type { OnAir } from './harness/onAir.ts'
import { inTab, type Person } from './harness/person.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

type Sources = Pick<NetworkConfig, 'peers' | 'gateways'>

describe.skipIf(inject('radioObstacle') !== null)('fetching the firmware', () => {
  let world: World
  let phone: Phone
  let model: Model
  const cleanups: (() => unknown)[] = []

  beforeAll(async () => {
    world = await startWorld()
    model = world.maker.model('Hungry Lock')
    await world.maker.register(model)
    await world.maker.release(model, { version: '1.1.0', bodySize: 150_000 })
    await world.maker.settle()
    phone = await world.phone()
    phone.allowErrors(/net::ERR_|Failed to load resource|WebSocket connection/)
  })

  afterAll(async () => {
    for (const cleanup of cleanups) await cleanup()
    try {
      await phone?.close()
    } finally {
      await world?.stop()
    }
  })

  /** In a browser that has never held a block, with these sources alone. */
  async function updateFrom(
    name: string,
    sources: (honest: Sources) => Sources,
    task: (person: Person, onAir: OnAir) => Promise<void>,
  ): Promise<OnAir> {
    const host = await world.host(network => ({ ...network, ...sources(network) }))
    const onAir = world.device(model, { name })
    const updating = async (person: Person) => {
      await person.pinSuggestedMaker()
      await person.addOutdated(name)
      await person.startUpdate('1.1.0')
      await task(person, onAir)
    }
    await inTab(phone, updating, { url: host.url })
    return onAir
  }

  function expectUpdated(onAir: OnAir): void {
    expect(onAir.running).toEqual({ version: '1.1.0', isConfirmed: true })
    const image = world.maker.build(model, { version: '1.1.0', bodySize: 150_000 })
    expect(Buffer.from(onAir.file).equals(image)).toBe(true)
  }

  /** What the timeline says of the fetch, once it is done. */
  const sees =
    (source: keyof Person['words']['update']['fetchedFrom']) => async (person: Person, onAir: OnAir) => {
      await person.sees(person.text(person.words.update.fetchedFrom[source]))
      await person.seesResult(onAir.name, '1.1.0')
    }

  it('takes it from the seed, over bitswap', async () => {
    expectUpdated(await updateFrom('Lock peer', ({ peers }) => ({ peers, gateways: [] }), sees('peer')))
  })

  it('takes it from the gateway where the peer is gone', async () => {
    const port = await freePort()
    const gone = (address: string) => address.replace(/\/tcp\/\d+/, `/tcp/${port}`)
    const peers = (honest: Sources) => honest.peers.filter(peer => peer.includes('/ws/')).map(gone)
    const sources = (honest: Sources) => ({ peers: peers(honest), gateways: honest.gateways })
    expectUpdated(await updateFrom('Lock gateway', sources, sees('gateway')))
  })

  it('passes over a peer that sends garbage and a gateway that lies', async () => {
    const peer = await startBadPeer('garbage')
    const liar = await startGateway((_cid, _request, response) => {
      response.writeHead(200, {
        'access-control-allow-origin': '*',
        'content-type': 'application/vnd.ipld.raw',
      })
      response.end(Buffer.alloc(1024, 0x66))
    })
    cleanups.push(peer.stop, liar.stop)
    const sources = ({ gateways }: Sources) => ({ peers: [peer.address], gateways: [liar.url, ...gateways] })
    expectUpdated(await updateFrom('Lock liars', sources, sees('gateway')))
    expect(liar.requests().length + peer.wants()).toBeGreaterThan(0)
  })

  it('says that nobody had it where all are gone, and goes on when the seed is back', async () => {
    const onAir = world.device(model, { name: 'Lock starved' })
    const host = await world.host()
    const task = async (person: Person) => {
      const { update, common } = person.words
      await person.pinSuggestedMaker()
      await person.addOutdated(onAir.name)
      await world.fob.seed.stop()
      await person.page.clock.install()
      await person.startUpdate('1.1.0')
      await person.sees(person.text(update.steps.fetch))
      // The app goes on asking for three quarters of a minute.
      await person.page.clock.fastForward(46_000)
      await person.seesFailure('firmwareUnavailable')
      await person.sees(person.text(update.deviceUntouched('1.0.0')))
      expect(onAir.uploads).toEqual([])
      await world.fob.seed.start()
      await person.button(common.retry).click()
      await person.seesResult(onAir.name, '1.1.0')
    }
    await inTab(phone, task, { url: host.url })
    expectUpdated(onAir)
  })
})
