// Gateways and the cable in the app: what is kept, what is refused, and a device that is added and checked through one.
import { expect, test } from 'vitest'
import type { GatewayPort, WayPorts } from '../../../src/app/ports/ways.ts'
import { writeGatewayCode } from '../../../src/core/gateway/code.ts'
import { fail, ok } from '../../../src/core/result.ts'
import { appWorld, until } from '../../fixtures/appWorld.ts'

const peerId = '12D3KooWGRUvqdBLsUE8mNWXVrLmb8NRZ4uBPjnnpNYCh7mzhwp1'
const codeAt = (port: number, key = 7) =>
  writeGatewayCode({
    addresses: [`/ip4/192.168.1.7/tcp/${port}/ws/p2p/${peerId}`],
    key: new Uint8Array(16).fill(key),
  })
const heard = { id: 'C0:00:00:00:00:01', name: 'Fob Lock One 7F3A', rssi: -60, isTaken: false }

async function world() {
  const asked: string[] = []
  const app = await appWorld({
    ports: ({ bluetooth }) => ({
      ways: async (): Promise<WayPorts> => ({
        gateway: (known): GatewayPort => ({
          ...bluetooth,
          source: 'gateway',
          known: async () => [],
          idOf: (gateway, device) => `${gateway.peerId}/${device}`,
          list: async ({ addresses }) =>
            addresses[0]?.includes('/1/') ? fail({ kind: 'gatewayUnreachable' }) : ok([heard]),
          async connect(id) {
            asked.push(id)
            const isKnown = known().some(gateway => id.startsWith(gateway.peerId))
            return isKnown ? bluetooth.connect('one') : fail({ kind: 'gatewayUnreachable' })
          },
        }),
        serial: () => ({
          ...bluetooth,
          source: 'serial',
          choose: async () => ok({ source: 'serial', id: '2fe3:0100/0', name: '' }),
          known: async () => [],
        }),
      }),
    }),
  })
  return { ...app, asked, ways: await app.fob.ways() }
}

test('a gateway is kept by its code, once, and found again by the next start; its new code replaces the old one', async () => {
  const { ways, fob, stores } = await world()
  expect(await ways.addGateway('FOB:MAKER:ABC', 'Garden')).toEqual({
    ok: false,
    error: { kind: 'gatewayCodeUnreadable' },
  })
  expect(ways.gateways.get()).toEqual([])
  await ways.addGateway(codeAt(8650), 'Garden')
  await ways.renameGateway(peerId, 'Shed')
  await ways.addGateway(codeAt(8651, 9), 'Gateway 2')
  expect(ways.gateways.get()).toEqual([
    {
      peerId,
      addresses: [`/ip4/192.168.1.7/tcp/8651/ws/p2p/${peerId}`],
      key: '09'.repeat(16),
      name: 'Shed',
    },
  ])
  expect(await stores.values.get('gateways')).toEqual(ways.gateways.get())
  await ways.forgetGateway(peerId)
  expect(await stores.values.get('gateways')).toEqual([])
  expect(await fob.ways()).toBe(ways)
})

test('a device that a gateway hears is added and checked through it, with the same proofs, and is out of reach once the gateway is forgotten', async () => {
  const { ways, fob, asked } = await world()
  const added = await ways.addGateway(codeAt(8650), 'Garden')
  if (!added.ok) throw new Error(added.error.kind)
  expect(await ways.listen(added.value)).toEqual(ok([heard]))
  const key = await ways.addFromGateway(added.value, heard)
  const view = () => fob.devices.get().find(({ record }) => record.key === key)
  await until(() => view()?.record.deviceId != null && view()?.activity === 'idle')
  expect(asked).toEqual([`${peerId}/${heard.id}`])
  expect(view()?.record).toMatchObject({ source: 'gateway', name: heard.name, modelFrom: 'signed' })
  expect(view()?.reachable).toBe(true)
  await ways.forgetGateway(peerId)
  await fob.checkDevice(key)
  expect(view()?.lastFailure?.kind).toBe('gatewayUnreachable')
})

test('a device on a cable is added from the browser’s chooser', async () => {
  const { ways, fob } = await world()
  expect(ways.hasCable).toBe(true)
  const chosen = await ways.addOverCable()
  if (!chosen.ok) throw new Error(chosen.error.kind)
  const view = () => fob.devices.get().find(({ record }) => record.key === chosen.value)
  await until(() => view()?.record.deviceId != null && view()?.activity === 'idle')
  expect(view()?.record).toMatchObject({ source: 'serial', sourceId: '2fe3:0100/0' })
})
