// The whole device over its link: update to the end, revert, crash, silence, link loss, and what a central may not do.
import { describe, expect, it } from 'vitest'
import { createDemoDevice, DEMO_MODELS } from '../../../device/demo.ts'
import { buildDemoImage, type DemoKind } from '../../../device/demoFirmware.ts'
import { MemoryFlash } from '../../../device/flash.ts'
import { type DeviceEvent, installFactoryImage, ReferenceDevice } from '../../../device/referenceDevice.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { imageDigest, parseImage } from '../../../src/core/mcuboot/image.ts'
import { LinkError } from '../../../src/core/smp/transport.ts'
import {
  hashOf,
  IDENTITY,
  POLICY,
  type RawClient,
  reconnect,
  SIGNING_KEY,
  startDevice,
  testImage,
  v,
} from './fixtures.ts'
import { ManualTimer } from './manualTimer.ts'

const OLD = testImage({ minor: 1 })
const NEW = testImage({ minor: 2 })

const lossOf = async (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof LinkError ? error.loss : 'other'),
  )

/** Uploads, marks for a test and resets; resolves when the device has had time to boot. */
async function update(
  { client, timer }: { client: RawClient; timer: ManualTimer },
  image: Uint8Array,
): Promise<void> {
  await client.upload(image)
  await client.body('write', 1, 0, { hash: hashOf(image), confirm: false })
  expect(await client.body('write', 0, 5, {})).toEqual({})
  await timer.advance(3000)
}

describe('an update', () => {
  it('is booted, confirmed, and stays', async () => {
    const started = await startDevice(OLD)
    const { device, timer } = started
    await update(started, NEW)
    expect(device.runningVersion).toEqual(v(1, 2))
    const client = await reconnect(device, timer)
    await client.body('write', 1, 0, { hash: hashOf(NEW), confirm: true })
    device.cyclePower()
    await timer.advance(3000)
    expect(device.runningVersion).toEqual(v(1, 2))
  })

  it('that is not confirmed goes back at the next reset', async () => {
    const started = await startDevice(OLD)
    await update(started, NEW)
    started.device.cyclePower()
    await started.timer.advance(3000)
    expect(started.device.runningVersion).toEqual(v(1, 1))
  })

  it('that crashes is brought back by the watchdog', async () => {
    const events: string[] = []
    const started = await startDevice(OLD)
    started.device.onEvent(event =>
      events.push(event.kind === 'reset' ? `reset: ${event.reason}` : event.kind),
    )
    await update(started, testImage({ minor: 2, behaviour: 'crashes' }))
    expect(started.device.isAdvertising).toBe(false)
    expect(await lossOf(started.device.connect())).toBe('timeout')
    await started.timer.advance(5000)
    expect(started.device.isAdvertising).toBe(true)
    expect(started.device.runningVersion).toEqual(v(1, 1))
    expect(events.filter(event => event.startsWith('reset'))).toEqual(['reset: asked', 'reset: watchdog'])
  })

  it('that never speaks again goes back when the power is cycled', async () => {
    const started = await startDevice(OLD)
    await update(started, testImage({ minor: 2, behaviour: 'silent' }))
    await started.timer.advance(60_000)
    expect(await lossOf(started.device.connect())).toBe('timeout')
    started.device.cyclePower()
    await started.timer.advance(3000)
    expect(started.device.runningVersion).toEqual(v(1, 1))
    expect(started.device.isAdvertising).toBe(true)
  })

  it('that the bootloader refuses leaves the old one running', async () => {
    const started = await startDevice(OLD)
    const boots: DeviceEvent[] = []
    started.device.onEvent(event => boots.push(event))
    await update(started, testImage({ minor: 2, signingKey: new Uint8Array(32).fill(77) }))
    expect(started.device.runningVersion).toEqual(v(1, 1))
    expect(boots.find(event => event.kind === 'booted')).toMatchObject({
      boot: { refused: { kind: 'notVerified' } },
    })
  })
})

describe('power', () => {
  it('cut during an upload loses the upload and nothing else', async () => {
    const started = await startDevice(OLD)
    await started.client.upload(NEW, 0, 800)
    started.device.cyclePower()
    await started.timer.advance(3000)
    expect(started.device.runningVersion).toEqual(v(1, 1))
    const client = await reconnect(started.device, started.timer)
    expect(await client.upload(NEW)).toEqual({ off: NEW.length, match: true })
  })

  it('cut between the request to reset and the reset is just a reset', async () => {
    const { device, timer, client } = await startDevice(OLD)
    let resets = 0
    device.onEvent(event => {
      if (event.kind === 'reset') resets++
    })
    await client.body('write', 0, 5, {})
    device.cyclePower()
    await timer.advance(10_000)
    expect(resets).toBe(1)
    expect(device.isAdvertising).toBe(true)
  })

  it('never comes back where nothing can be booted', async () => {
    const flash = new MemoryFlash({ slotSize: 4096, sectorSize: 512 })
    const device = new ReferenceDevice({ ...IDENTITY, trustedKeys: [], flash, timer: new ManualTimer() })
    expect(device.runningVersion).toBeNull()
    expect(await lossOf(device.connect())).toBe('timeout')
  })
})

describe('the link', () => {
  it('belongs to one central at a time, and is free again after it', async () => {
    const { device, client } = await startDevice(OLD)
    expect(device.isAdvertising).toBe(false)
    expect(await lossOf(device.connect())).toBe('busy')
    await client.transport.close()
    expect(device.isAdvertising).toBe(true)
    expect(await lossOf(device.connect())).toBe('none')
  })

  it('takes one write at a time and none beyond its size', async () => {
    const { client, timer } = await startDevice(OLD, { writeMs: 10, maxWrite: 20 })
    const written = client.transport.write(new Uint8Array(5))
    expect(await lossOf(client.transport.write(new Uint8Array(5)))).toBe('busy')
    await timer.advance(10)
    await written
    expect(await lossOf(client.transport.write(new Uint8Array(21)))).toBe('refused')
  })

  it('loses the write that is under way, tells once, and takes no more', async () => {
    const { device, client } = await startDevice(OLD, { writeMs: 10 })
    const losses: string[] = []
    client.transport.onClose(loss => losses.push(loss))
    const written = lossOf(client.transport.write(new Uint8Array(5)))
    device.dropLink()
    expect(await written).toBe('lost')
    expect(await lossOf(client.transport.write(new Uint8Array(5)))).toBe('lost')
    await client.transport.close()
    client.transport.onClose(loss => losses.push(`late ${loss}`))
    expect(losses).toEqual(['lost', 'late lost'])
  })

  it('goes with a reset', async () => {
    const { client, timer } = await startDevice(OLD)
    const losses: string[] = []
    client.transport.onClose(loss => losses.push(loss))
    await client.body('write', 0, 5, {})
    expect(losses).toEqual([])
    await timer.advance(250)
    expect(losses).toEqual(['lost'])
  })

  it('carries no answer to the next connection', async () => {
    const { device, client, timer } = await startDevice(OLD, { requestMs: 50 })
    await client.send('read', 0, 6, Uint8Array.of(0xa0))
    device.dropLink()
    const again = await reconnect(device, timer)
    await timer.advance(500)
    expect(again.answers).toEqual([])
  })
})

describe('demo devices', () => {
  const storage = (kind: DemoKind, hardware: string) => ({
    factoryImage: buildDemoImage({
      kind,
      hardware,
      version: v(1),
      securityCounter: 1,
      signingKey: SIGNING_KEY,
    }),
  })
  const common = { ...IDENTITY, maker: IDENTITY.model.maker, trustedKeys: POLICY.trustedKeys }

  it.each(DEMO_MODELS)('run their factory firmware: $name', ({ kind, name, hardware, slotSize }) => {
    const timer = new ManualTimer()
    const { device, flash } = createDemoDevice({ ...common, kind, timer, storage: storage(kind, hardware) })
    expect(device.runningVersion).toEqual(v(1))
    expect(device.advertisement.localName).toBe(`${name} ${device.deviceId.slice(-4).toUpperCase()}`)
    expect(new TextEncoder().encode(device.advertisement.localName).length).toBeLessThanOrEqual(29)
    expect(flash.size('primary')).toBe(slotSize)
    expect(device.battery()).toBeGreaterThan(0)
  })

  it('come back after a reload with what they had', async () => {
    const timer = new ManualTimer()
    const image = storage('sensor', 'rev A')
    const first = createDemoDevice({ ...common, kind: 'sensor', timer, storage: image })
    const flash = MemoryFlash.restore(structuredClone(first.flash.snapshot()))
    if (!flash) throw new Error('no flash')
    const again = createDemoDevice({ ...common, kind: 'sensor', timer, storage: { flash } })
    expect(again.device.deviceId).toBe(first.device.deviceId)
    expect(again.device.runningVersion).toEqual(v(1))
  })

  it('refuse firmware for other hardware', () => {
    const parameters = { ...common, kind: 'lock', timer: new ManualTimer() } as const
    const { device } = createDemoDevice({ ...parameters, storage: storage('lock', 'rev A') })
    expect(device.runningVersion).toBeNull()
  })

  it('have images that are the same every time, differ by kind and version, and fit twice', () => {
    const of = (kind: DemoKind, minor: number) =>
      buildDemoImage({
        kind,
        hardware: 'rev B',
        version: v(1, minor),
        securityCounter: 1,
        signingKey: SIGNING_KEY,
      })
    const digest = (image: Uint8Array) => toHex(imageDigest('sha256', image))
    expect(digest(of('lock', 0))).toBe(digest(of('lock', 0)))
    const images = DEMO_MODELS.flatMap(({ kind }) => [of(kind, 0), of(kind, 1)])
    expect(new Set(images.map(digest)).size).toBe(images.length)
    for (const image of images) {
      expect(image.length).toBeGreaterThan(200_000)
      expect(image.length).toBeLessThan(310_000)
      expect(parseImage(image)).toMatchObject({ ok: true, value: { securityCounter: 1, headerSize: 0x200 } })
    }
  })

  it('do not take a factory image that is larger than the slot', () => {
    const flash = new MemoryFlash({ slotSize: 4096, sectorSize: 512 })
    expect(() => installFactoryImage(flash, new Uint8Array(3585))).toThrow(RangeError)
  })
})
