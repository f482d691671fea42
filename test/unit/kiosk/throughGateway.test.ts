// A kiosk whose machine is out of the tablet's own reach: a gateway beside it carries every word, and may be gone for a while.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGateway } from '../../../node/gateway/gateway.ts'
import { freePort } from '../../../node/http.ts'
import { systemTimer } from '../../../node/systemTimer.ts'
import { Devices } from '../../../src/app/devices.ts'
import { MachineLink } from '../../../src/app/kiosk/machineLink.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { readGatewayCode } from '../../../src/core/gateway/code.ts'
import { devicePublicKey } from '../../../src/core/identity.ts'
import { keyHash } from '../../../src/core/lock/ownership.ts'
import { signDigest } from '../../../src/core/p256.ts'
import { fail, ok } from '../../../src/core/result.ts'
import { SMP_SERVICE } from '../../../src/core/smp/gattUuids.ts'
import { createGatewayDevices } from '../../../src/io/gateway/gatewayDevices.ts'
import { startGatewayNode } from '../../../src/io/gateway/gatewayNode.ts'
import { createSignerServices } from '../../../src/io/services/signerServices.ts'
import { type KioskWorld, startKioskWorld, totalOf } from '../../fixtures/kioskWorld.ts'
import { memoryStores } from '../../fixtures/memoryPorts.ts'
import { temporaryDirectory } from '../node/temporary.ts'

const ID = 'C0:00:00:00:00:24'
const secret = Uint8Array.from(randomBytes(32)).with(0, 1)

let world: KioskWorld
const ends: (() => unknown)[] = []
beforeAll(async () => {
  world = await startKioskWorld()
  ends.push(() => world.stop())
  const { lock } = world.machine
  await lock.transport.close()
  let isPassing = false
  // The machine's time goes with everybody's.
  const passing = setInterval(async () => {
    if (isPassing) return
    isPassing = true
    await lock.timer.advance(10)
    isPassing = false
  }, 5)
  ends.push(() => clearInterval(passing))
})
afterAll(async () => {
  for (const end of ends.toReversed()) await end()
})

/** The gateway next to the machine; each start is the same one. */
async function gatewayAt(directory: string, port: number) {
  const { device } = world.machine.lock
  return startGateway({
    ...{ directory, port, host: '127.0.0.1', relays: [], webRtc: false, log: () => {} },
    radio: {
      listen: () => {},
      isOn: () => true,
      heard: () => [{ id: ID, name: 'Fob Vend 24', rssi: -60, services: [SMP_SERVICE] }],
      connect: async id =>
        id === ID
          ? ok({ transport: await device.connect(), batteryLevel: async () => null })
          : fail({ kind: 'unknownDevice', detail: 'it is not heard' }),
      stop: async () => {},
    },
  })
}

test('a machine behind a gateway sells; a sale that was paid while the gateway was gone ends as soon as it is back', async () => {
  const place = [temporaryDirectory(), await freePort()] as const
  let gateway = await gatewayAt(...place)
  ends.push(() => gateway.stop())
  const code = readGatewayCode(gateway.code())
  if (!code) throw new Error('the code must be readable')
  const known = {
    ...{ peerId: code.peerId, addresses: code.addresses },
    ...{ key: toHex(code.key).slice(2), name: 'Hall' },
  }
  const node = await startGatewayNode({ webRtc: false })
  ends.push(() => node.stop())
  const port = createGatewayDevices({ known: () => [known], open: it => node.open(it), timer: systemTimer })
  const devices = new Devices(world.platform, memoryStores())
  const { key } = await devices.meet({ source: port.source, id: port.idOf(known, ID), name: 'Machine' })

  const publicKey = devicePublicKey(secret)
  const machine = new MachineLink(
    {
      ...{ platform: world.platform, devices, writeSizes: new Map(), config: world.config },
      ...{ port: async () => port, services: createSignerServices() },
    },
    {
      ...{ deviceKey: key, deviceId: world.device.deviceId, name: 'Machine', owner: world.owner.address },
      devicePublicKey: world.machine.lock.devicePublicKey,
      ownerKeyHash: new Uint8Array(32),
      answer: world.grantFor(toHex(keyHash(publicKey)), null),
    },
    { publicKey, sign: async digest => signDigest(digest, secret) },
  )
  ends.push(() => machine.close())
  const kiosk = await world.tablet(machine)
  const [, buyer] = world.market.people
  if (!buyer) throw new Error('the chain has too few accounts')
  const dropped = () => world.machine.machine.out.length
  const before = await world.books()

  const first = await kiosk.begin(11)
  expect(await world.payTill(buyer.address, world.amountOf(first))).toBe(true)
  await kiosk.engine.round()
  expect(dropped()).toBe(1)
  await kiosk.finish()
  expect(kiosk.end(first.id)).toEqual({ end: 'sold', why: null })

  const second = await kiosk.begin(12)
  await gateway.stop()
  expect(await world.payTill(buyer.address, world.amountOf(second))).toBe(true)
  await kiosk.engine.round()
  expect(dropped()).toBe(1)
  expect(kiosk.end(second.id)).not.toHaveProperty('end')
  gateway = await gatewayAt(...place)
  await kiosk.finish()
  expect(kiosk.end(second.id)).toEqual({ end: 'sold', why: null })
  expect(dropped()).toBe(2)
  expect((await world.books()).earned - before.earned).toBe(totalOf(first) + totalOf(second))
})
