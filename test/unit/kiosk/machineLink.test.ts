// The kiosk's link to a machine that hangs: each call comes back, and the machine is let go of for whoever asks next.
import { expect, test } from 'vitest'
import { Devices, deviceLock } from '../../../src/app/devices.ts'
import { MachineLink } from '../../../src/app/kiosk/machineLink.ts'
import type { DevicePort } from '../../../src/app/ports/device.ts'
import { parseNetwork } from '../../../src/core/network.ts'
import { fail, ok } from '../../../src/core/result.ts'
import type { ByteTransport } from '../../../src/core/smp/transport.ts'
import { VendUse } from '../../../src/core/vending/vendTerms.ts'
import { NOBODY } from '../../../src/core/wallet/contracts.ts'
import { createSignerServices } from '../../../src/io/services/signerServices.ts'
import { memoryPlatform, memoryStores } from '../../fixtures/memoryPorts.ts'
import { VirtualTime } from '../smp/virtualTime.ts'

const address = (byte: string) => `0x${byte.repeat(20)}` as const
const never = () => new Promise<never>(() => {})

/** Takes bytes, says nothing, and can't be hung up. */
const deaf: ByteTransport = {
  maxWrite: 20,
  write: async () => {},
  onData: () => () => {},
  onClose: () => () => {},
  close: never,
}

async function linkTo(connect: DevicePort['connect']) {
  const timer = new VirtualTime()
  const platform = { ...memoryPlatform(), timer }
  const devices = new Devices(platform, memoryStores())
  const { key } = await devices.meet({ source: 'demo', id: 'machine', name: 'Machine' })
  const network = parseNetwork({
    version: 1,
    name: 'Test',
    chain: {
      id: 1,
      name: 'Test chain',
      registry: address('22'),
      endpoints: ['http://a.example', 'http://b.example'],
      minAgreeing: 2,
      maxAgeSeconds: 60,
      currency: { symbol: 'ETH', decimals: 18 },
      contracts: { deviceRegistry: address('33'), market: address('44'), tills: address('55') },
    },
    peers: [],
    gateways: [],
    makers: [],
  })
  if (!network.ok) throw new Error(network.error.detail)
  const port: DevicePort = {
    source: 'demo',
    radioState: async () => 'ready',
    choose: async () => fail({ kind: 'chooserCancelled' }),
    known: async () => [],
    connect,
    forget: async () => {},
  }
  const domain = { chainId: 1, market: address('44') }
  const deviceId = `0x${'66'.repeat(32)}` as const
  const link = new MachineLink(
    {
      platform,
      devices,
      port: async () => port,
      writeSizes: new Map(),
      config: () => network.value,
      services: createSignerServices(),
    },
    {
      deviceKey: key,
      deviceId,
      devicePublicKey: new Uint8Array(64),
      ownerKeyHash: new Uint8Array(32),
      name: 'Machine',
      owner: address('77'),
      answer: {
        domain,
        grantMarket: NOBODY,
        grant: {
          deviceId,
          orderId: 0n,
          userKeyHash: new Uint8Array(32),
          notBefore: 0,
          notAfter: 2 ** 32,
          weeklyHours: new Uint8Array(21),
          maxUses: 0,
          actions: 2,
          epoch: 0,
          seq: 0,
        },
        signature: new Uint8Array(64),
        terms: { use: VendUse.sell, slots: new Uint8Array(32), perDay: 1, signature: new Uint8Array(64) },
        ownerKey: new Uint8Array(64),
        boxUrl: null,
      },
    },
    { publicKey: new Uint8Array(64), sign: async () => new Uint8Array(64) },
  )
  const isHeld = () => platform.isLocked(deviceLock(key))
  return { timer, link, isHeld }
}

test('a connection that never comes is given up, and the next one is tried', async () => {
  let tries = 0
  const { timer, link, isHeld } = await linkTo(() => {
    tries++
    return tries === 1 ? never() : Promise.resolve(fail({ kind: 'outOfReach' as const }))
  })
  const first = link.read()
  // Whoever asks meanwhile waits for his turn, and gets it.
  const second = link.read()
  expect(await timer.until(first)).toMatchObject({ ok: false, error: { kind: 'timeout' } })
  expect(await timer.until(second)).toMatchObject({ ok: false, error: { kind: 'outOfReach' } })
  expect(await isHeld()).toBe(false)
  await timer.until(link.close())
})

test('a connection that comes too late is hung up', async () => {
  let hungUp = 0
  const { timer, link } = await linkTo(
    () =>
      new Promise(resolve =>
        timer.after(300_000, () => {
          const transport = { ...deaf, close: async () => void hungUp++ }
          resolve(ok({ transport, batteryLevel: async () => null }))
        }),
      ),
  )
  expect(await timer.until(link.read())).toMatchObject({ ok: false, error: { kind: 'timeout' } })
  await timer.pass(400_000)
  expect(hungUp).toBe(1)
})

test('a machine that is deaf and can’t be hung up is let go of all the same', async () => {
  const { timer, link, isHeld } = await linkTo(async () =>
    ok({ transport: deaf, batteryLevel: async () => null }),
  )
  for (let i = 0; i < 3; i++) {
    expect(await timer.until(link.read())).toMatchObject({ ok: false, error: { kind: 'timeout' } })
    expect(await isHeld()).toBe(false)
  }
})
