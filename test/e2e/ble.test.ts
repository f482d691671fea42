// The Bluetooth transport in a real Chromium, over its own Web Bluetooth, against the test radio.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { createDemoDevice } from '../../device/demo.ts'
import { buildDemoImage } from '../../device/demoFirmware.ts'
import { signerPublicKey } from '../../src/core/mcuboot/build.ts'
import { SMP_CHARACTERISTIC, SMP_SERVICE } from '../../src/core/smp/gattUuids.ts'
import type { Timer } from '../../src/core/smp/transport.ts'
import type { ChooserAnswer } from '../radio/chooser.ts'
import { EchoDevice } from '../radio/echoDevice.ts'
import { fullUuid, Peripheral } from '../radio/peripheral.ts'
import { type Radio, startRadio } from '../radio/radio.ts'
import { referencePeripheral } from '../radio/referencePeripheral.ts'
import { type SmpPeripheralOptions, smpPeripheral } from '../radio/smpPeripheral.ts'
import { buildPage } from './harness/bundle.ts'
import { openPhone, type Phone, type Tab } from './harness/phone.ts'
import { type ServedFolder, serveFolder } from './harness/serveFolder.ts'

const chromiumPath = inject('chromiumPath')
const fixtureFolder = fileURLToPath(new URL('./fixture/', import.meta.url))

const wallTimer: Timer = {
  now: () => performance.now(),
  after(ms, task) {
    const timeout = setTimeout(task, ms)
    return () => clearTimeout(timeout)
  },
}

let builtFolder: string
let server: ServedFolder

/** An echo device on the air, with what it is made of. */
function onAir(radio: Radio, options: Partial<SmpPeripheralOptions> = {}) {
  const device = new EchoDevice()
  const peripheral = radio.add(smpPeripheral({ device, name: 'Echo', ...options }))
  return { device, peripheral }
}

async function choose({ page, chooser }: Tab, answer: ChooserAnswer) {
  // A page in the background gets no chooser.
  await page.bringToFront()
  chooser.setAnswer(answer)
  await page.click('#choose')
  return page.evaluate(() => window.fixture.chosen())
}

/** Chooses the device of that name, and returns its id. */
async function chooseId(tab: Tab, name: string): Promise<string> {
  const chosen = await choose(tab, { take: name })
  if (!chosen?.ok)
    throw new Error(`not chosen: ${JSON.stringify(chosen)}; shown: ${JSON.stringify(tab.chooser.shown)}`)
  return chosen.value.id
}

const connect = ({ page }: Tab, id: string) => page.evaluate(id => window.fixture.connect(id), id)
const losses = ({ page }: Tab, id: string) => page.evaluate(id => window.fixture.losses(id), id)
const radioState = ({ page }: Tab) => page.evaluate(() => window.fixture.radioState())
const known = ({ page }: Tab) => page.evaluate(() => window.fixture.known())
const echo = ({ page }: Tab, id: string, text: string, writeSize?: number, timeoutMs?: number) =>
  page.evaluate(([id, text, size, limit]) => window.fixture.echo(id, text, size, limit), [
    id,
    text,
    writeSize,
    timeoutMs,
  ] as const)

async function chooseAndConnect(tab: Tab, name: string): Promise<string> {
  const id = await chooseId(tab, name)
  expect(await connect(tab, id)).toMatchObject({ ok: true })
  return id
}

beforeAll(async () => {
  builtFolder = await mkdtemp(join(tmpdir(), 'fob-fixture-'))
  await buildPage(fixtureFolder, builtFolder)
  server = await serveFolder(builtFolder)
})

afterAll(async () => {
  await server?.close()
  await rm(builtFolder, { recursive: true, force: true })
})

describe.skipIf(inject('radioObstacle') !== null)('the Bluetooth transport', () => {
  let radio: Radio
  let phone: Phone
  let tab: Tab

  beforeAll(async () => {
    radio = await startRadio()
    phone = await openPhone({ chromiumPath, radio, url: server.url })
  })

  afterAll(async () => {
    await phone?.close()
    await radio?.stop()
  })

  // A page of its own for every test, as if the app had just been opened.
  beforeEach(async () => {
    tab = await phone.openTab()
  })

  afterEach(async () => {
    await tab.page.close()
    radio.clear()
    radio.setPowered(true)
  })

  describe('choosing', () => {
    it('hands over the chosen device with its advertised name', async () => {
      onAir(radio, { name: 'Fob Lock One' })
      expect(await choose(tab, { take: 'Fob Lock One' })).toMatchObject({
        ok: true,
        value: { source: 'bluetooth', name: 'Fob Lock One' },
      })
      expect((await known(tab)).map(device => device.name)).toEqual(['Fob Lock One'])
    })

    it('tells a chooser that was closed from a failure', async () => {
      onAir(radio)
      expect(await choose(tab, 'cancel')).toEqual({ ok: false, error: { kind: 'chooserCancelled' } })
    })

    it('offers only devices that advertise SMP', async () => {
      onAir(radio, { name: 'Speaks SMP' })
      const heartRate = fullUuid(0x180d)
      radio.add(
        new Peripheral({
          name: 'Heart strap',
          address: 'C0:00:00:00:00:02',
          services: [{ uuid: heartRate, characteristics: [] }],
        }),
      )
      await chooseId(tab, 'Speaks SMP')
      expect(tab.chooser.shown.map(device => device.name)).toEqual(['Speaks SMP'])
    })
  })

  describe('carrying bytes', () => {
    it('cuts messages to 20 bytes at first, and takes answers that come in several notifications', async () => {
      const { device } = onAir(radio, { mtu: 23 })
      const id = await chooseId(tab, 'Echo')
      expect(await connect(tab, id)).toEqual({ ok: true, maxWrite: 20 })
      const text = 'A message that needs more than one packet in both directions. '.repeat(4)
      expect(await echo(tab, id, text)).toBe(text)
      expect(Math.max(...device.received.map(write => write.length))).toBe(20)
      expect(device.received.length).toBeGreaterThan(text.length / 20)
    })

    it('passes longer writes on, and survives one that is too long for the link', async () => {
      const { device } = onAir(radio, { mtu: 185 })
      const id = await chooseAndConnect(tab, 'Echo')
      const text = 'x'.repeat(300)
      expect(await echo(tab, id, text, 182)).toBe(text)
      expect(Math.max(...device.received.map(write => write.length))).toBe(182)
      expect(await tab.page.evaluate(id => window.fixture.write(id, 183), id)).toBe('refused')
      expect(await tab.page.evaluate(id => window.fixture.write(id, 513), id)).toBe('refused')
      expect(await echo(tab, id, 'still here')).toBe('still here')
    })

    it('finds the largest write that the link takes', async () => {
      onAir(radio, { mtu: 247 })
      const id = await chooseAndConnect(tab, 'Echo')
      expect(await tab.page.evaluate(id => window.fixture.probe(id), id)).toBe(244)
      expect(await echo(tab, id, 'y'.repeat(1000))).toBe('y'.repeat(1000))
    })

    it('never has two operations under way, whoever wants them', async () => {
      const { device } = onAir(radio, { batteryLevel: () => 73 })
      const id = await chooseAndConnect(tab, 'Echo')
      const before = radio.overlaps()
      const results = await tab.page.evaluate(id => {
        const texts = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(100))
        return Promise.all(texts.flatMap(text => [window.fixture.echo(id, text), window.fixture.battery(id)]))
      }, id)
      const texts = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(100))
      expect(results).toEqual(texts.flatMap(text => [text, 73]))
      expect(device.received.length).toBeGreaterThan(40)
      expect(radio.overlaps() - before).toBe(0)
    })

    it('knows no battery level of a device without a Battery Service', async () => {
      onAir(radio)
      const id = await chooseAndConnect(tab, 'Echo')
      expect(await tab.page.evaluate(id => window.fixture.battery(id), id)).toBeNull()
      expect(await echo(tab, id, 'still here')).toBe('still here')
    })

    it('keeps two pages with two devices apart', async () => {
      onAir(radio, { name: 'Left' })
      onAir(radio, { name: 'Right', address: 'C0:00:00:00:00:02' })
      const other = await phone.openTab()
      const left = await chooseAndConnect(tab, 'Left')
      const right = await chooseAndConnect(other, 'Right')
      const results = await Promise.all([
        echo(tab, left, 'to the left '.repeat(20)),
        echo(other, right, 'to the right '.repeat(20)),
      ])
      expect(results).toEqual(['to the left '.repeat(20), 'to the right '.repeat(20)])
      await other.page.close()
    })
  })

  describe('when the link fails', () => {
    it.each([1, 7])('reports the loss at once when the link drops at write %i', async nth => {
      const { device, peripheral } = onAir(radio)
      const id = await chooseAndConnect(tab, 'Echo')
      peripheral.writeFaults.at(nth, 'drop')
      expect(await echo(tab, id, 'z'.repeat(200))).toBe('failed: linkLost')
      expect(await losses(tab, id)).toEqual(['lost'])
      expect(device.received.length).toBe(nth - 1)
      expect(await echo(tab, id, 'on the dead link')).toBe('failed: linkLost')
      expect(await connect(tab, id)).toMatchObject({ ok: true })
      expect(await echo(tab, id, 'on a new link')).toBe('on a new link')
    })

    it('reports the loss when the link drops instead of the answer', async () => {
      const { device, peripheral } = onAir(radio)
      const id = await chooseAndConnect(tab, 'Echo')
      peripheral.notificationFaults.at(1, 'drop')
      expect(await echo(tab, id, 'answered too late')).toBe('failed: linkLost')
      expect(Buffer.concat(device.received).includes('answered too late')).toBe(true)
      peripheral.writeFaults.at(1, 'deliverThenDrop')
      expect(await connect(tab, id)).toMatchObject({ ok: true })
      expect(await echo(tab, id, 'x')).toBe('failed: linkLost')
    })

    it('connects again without a chooser', async () => {
      const { peripheral } = onAir(radio)
      const id = await chooseAndConnect(tab, 'Echo')
      for (const text of ['second link', 'third link']) {
        peripheral.dropLink()
        await expect.poll(() => losses(tab, id)).toEqual(['lost'])
        expect(await connect(tab, id)).toMatchObject({ ok: true })
        expect(await echo(tab, id, text)).toBe(text)
      }
      expect(peripheral.connections).toBe(3)
    })

    it('ends the older link when the device is connected again', async () => {
      const { peripheral } = onAir(radio)
      const id = await chooseAndConnect(tab, 'Echo')
      const both = await tab.page.evaluate(async id => {
        const old = window.fixture.losses(id)
        const again = await window.fixture.connect(id)
        return { old, again: again.ok, echoed: await window.fixture.echo(id, 'new link') }
      }, id)
      expect(both).toEqual({ old: ['closed'], again: true, echoed: 'new link' })
      expect(peripheral.isConnected).toBe(true)
    })

    it('hangs up when it is closed', async () => {
      const { peripheral } = onAir(radio)
      const id = await chooseAndConnect(tab, 'Echo')
      await tab.page.evaluate(id => window.fixture.close(id), id)
      expect(await losses(tab, id)).toEqual(['closed'])
      await expect.poll(() => peripheral.isConnected).toBe(false)
    })

    it('waits for a device that restarts', async () => {
      const { peripheral } = onAir(radio)
      const id = await chooseAndConnect(tab, 'Echo')
      peripheral.isInReach = false
      await expect.poll(() => losses(tab, id)).toEqual(['lost'])
      setTimeout(() => {
        peripheral.isInReach = true
      }, 1_500)
      expect(await connect(tab, id)).toMatchObject({ ok: true })
      expect(await echo(tab, id, 'back')).toBe('back')
    })

    it('gives up on a device that stays away', async () => {
      const { peripheral } = onAir(radio)
      const id = await chooseId(tab, 'Echo')
      peripheral.isInReach = false
      const began = performance.now()
      expect(await connect(tab, id)).toMatchObject({ ok: false, error: { kind: 'outOfReach' } })
      expect(performance.now() - began).toBeLessThan(20_000)
    })

    it('tries again when a connection is refused or drops before it is usable', async () => {
      const { peripheral } = onAir(radio)
      const id = await chooseId(tab, 'Echo')
      peripheral.refuseConnects = 2
      expect(await connect(tab, id)).toMatchObject({ ok: true })
      expect(peripheral.connections).toBe(1)
      expect(await echo(tab, id, 'third time')).toBe('third time')
    })

    it('leaves the link as it is when the device is only silent', async () => {
      const { device } = onAir(radio)
      const id = await chooseAndConnect(tab, 'Echo')
      device.isSilent = true
      expect(await echo(tab, id, 'anyone?', undefined, 500)).toBe('failed: timeout')
      device.isSilent = false
      expect(await losses(tab, id)).toEqual([])
      expect(await echo(tab, id, 'there you are')).toBe('there you are')
    })

    it('ends the link when a write is never answered', async () => {
      const { peripheral } = onAir(radio)
      const id = await chooseAndConnect(tab, 'Echo')
      peripheral.writeFaults.at(3, 'stall')
      expect(await echo(tab, id, 'stuck '.repeat(20), undefined, 10_000)).toBe('failed: linkLost')
      expect(await losses(tab, id)).toEqual(['timeout'])
      await expect.poll(() => peripheral.isConnected).toBe(false)
      expect(await connect(tab, id)).toMatchObject({ ok: true })
      expect(await echo(tab, id, 'unstuck')).toBe('unstuck')
    })

    it('takes lost, late and repeated packets for what they are', async () => {
      const { peripheral } = onAir(radio)
      const id = await chooseAndConnect(tab, 'Echo')
      peripheral.notificationFaults.at(1, 'swallow')
      expect(await echo(tab, id, 'lost', undefined, 500)).toBe('failed: timeout')
      peripheral.notificationFaults.at(1, 'duplicate')
      expect(await echo(tab, id, 'twice')).toBe('twice')
      peripheral.notificationFaults.at(1, { delay: 300 })
      expect(await echo(tab, id, 'late')).toBe('late')
      expect(await losses(tab, id)).toEqual([])
    })

    it('loses the link, and says why no new one is made, when the adapter is switched off', async () => {
      onAir(radio)
      const id = await chooseAndConnect(tab, 'Echo')
      radio.setPowered(false)
      await expect.poll(() => losses(tab, id)).toEqual(['lost'])
      expect(await connect(tab, id)).toEqual({ ok: false, error: { kind: 'radioOff' } })
      radio.setPowered(true)
      expect(await connect(tab, id)).toMatchObject({ ok: true })
    })
  })

  describe('a reference device', () => {
    it('is read, restarts, and is connected again as soon as it is back', async () => {
      const factoryImage = buildDemoImage({
        kind: 'lock',
        hardware: 'rev B',
        securityCounter: 1,
        version: { major: 1, minor: 4, revision: 2, build: 0 },
        signingKey: new Uint8Array(32).fill(5),
        bodySize: 2_000,
      })
      const { device } = createDemoDevice({
        kind: 'lock',
        maker: `0x${'1a'.repeat(20)}`,
        registry: `0x${'2b'.repeat(20)}`,
        chainId: 31337,
        trustedKeys: [signerPublicKey({ kind: 'ecdsaP256', secretKey: new Uint8Array(32).fill(5) })],
        key: new Uint8Array(32).fill(9),
        timer: wallTimer,
        storage: { factoryImage },
        options: { bootMs: 1_000 },
      })
      radio.add(referencePeripheral(device))
      const id = await chooseAndConnect(tab, device.advertisement.localName)
      expect(await tab.page.evaluate(id => window.fixture.versions(id), id)).toEqual(['1.4.2'])
      expect(await tab.page.evaluate(id => window.fixture.battery(id), id)).toBe(82)
      expect(await tab.page.evaluate(id => window.fixture.reset(id), id)).toBe('answered')
      await expect.poll(() => losses(tab, id)).toEqual(['lost'])
      expect(device.runningVersion).toBeNull()
      expect(await connect(tab, id)).toMatchObject({ ok: true })
      expect(await tab.page.evaluate(id => window.fixture.versions(id), id)).toEqual(['1.4.2'])
      device.dispose()
    })
  })

  describe('devices that it can not use', () => {
    it('says that a device without the SMP service is none', async () => {
      radio.add(
        new Peripheral({
          name: 'Boaster',
          address: 'C0:00:00:00:00:03',
          services: [],
          advertised: [SMP_SERVICE],
        }),
      )
      const id = await chooseId(tab, 'Boaster')
      expect(await connect(tab, id)).toMatchObject({ ok: false, error: { kind: 'notSmp' } })
    })

    it('says the same of an SMP characteristic that can not notify', async () => {
      const characteristics = [{ uuid: SMP_CHARACTERISTIC, flags: ['write-without-response' as const] }]
      const peripheral = new Peripheral({
        name: 'Mute',
        address: 'C0:00:00:00:00:04',
        services: [{ uuid: SMP_SERVICE, characteristics }],
      })
      radio.add(peripheral)
      const id = await chooseId(tab, 'Mute')
      expect(await connect(tab, id)).toMatchObject({ ok: false, error: { kind: 'notSmp' } })
      await expect.poll(() => peripheral.isConnected).toBe(false)
    })

    it('says that a device demands pairing', async () => {
      onAir(radio, { name: 'Bonded only', demandsPairing: true })
      const id = await chooseId(tab, 'Bonded only')
      expect(await connect(tab, id)).toMatchObject({ ok: false, error: { kind: 'pairingRequired' } })
    })

    it('goes on once the person has paired it in the prompt of the system', async () => {
      const { peripheral } = onAir(radio, { name: 'Bonded only', demandsPairing: true })
      peripheral.acceptsPairing = true
      const id = await chooseAndConnect(tab, 'Bonded only')
      expect(await echo(tab, id, 'paired')).toBe('paired')
    })
  })

  it('must choose again after a reload, where the browser does not tell its devices', async () => {
    onAir(radio)
    const id = await chooseAndConnect(tab, 'Echo')
    await tab.page.reload()
    expect(await tab.page.evaluate(() => window.fixture.canRemember())).toBe(false)
    expect(await known(tab)).toEqual([])
    expect(await connect(tab, id)).toEqual({ ok: false, error: { kind: 'mustChooseAgain' } })
  })
})

describe.skipIf(inject('radioObstacle') !== null)('a browser that remembers devices', () => {
  const features = ['WebBluetoothNewPermissionsBackend']
  let radio: Radio
  let phone: Phone

  beforeEach(async () => {
    radio = await startRadio()
    phone = await openPhone({ chromiumPath, radio, url: server.url, features })
  })

  afterEach(async () => {
    await phone?.close()
    await radio?.stop()
  })

  it('connects after a reload without a chooser, until the device is forgotten', async () => {
    const { peripheral } = onAir(radio, { name: 'Kept' })
    const id = await chooseAndConnect(phone, 'Kept')
    await phone.page.reload()
    await expect.poll(() => peripheral.isConnected).toBe(false)
    expect(await known(phone)).toEqual([{ source: 'bluetooth', id, name: 'Kept' }])
    expect(await connect(phone, id)).toMatchObject({ ok: true })
    expect(await echo(phone, id, 'after the reload')).toBe('after the reload')

    await phone.page.evaluate(id => window.fixture.forget(id), id)
    expect(await known(phone)).toEqual([])
    expect(await connect(phone, id)).toEqual({ ok: false, error: { kind: 'mustChooseAgain' } })
  })

  it('scans for a device that the system lost sight of', async () => {
    const { peripheral } = onAir(radio)
    const id = await chooseAndConnect(phone, 'Echo')
    peripheral.isInReach = false
    await expect.poll(() => losses(phone, id)).toEqual(['lost'])
    radio.forget(peripheral)
    setTimeout(() => {
      peripheral.isInReach = true
    }, 1_000)
    expect(await connect(phone, id)).toMatchObject({ ok: true })
    expect(await echo(phone, id, 'found again')).toBe('found again')
  })

  it('starts again after it was killed with a link open', async () => {
    const { peripheral } = onAir(radio)
    await chooseAndConnect(phone, 'Echo')
    await phone.kill()
    await expect.poll(() => peripheral.isConnected).toBe(false)
    await phone.reopen()
    const id = await chooseAndConnect(phone, 'Echo')
    expect(await echo(phone, id, 'alive')).toBe('alive')
  })
})

describe.skipIf(inject('radioObstacle') !== null)('a browser whose Bluetooth no longer answers', () => {
  it('gets an error in bounded time, and works again after a reload', async () => {
    const radio = await startRadio({ cachesServices: false })
    const phone = await openPhone({ chromiumPath, radio, url: server.url })
    try {
      const { peripheral } = onAir(radio)
      const id = await chooseAndConnect(phone, 'Echo')
      peripheral.writeFaults.at(2, 'drop')
      expect(await echo(phone, id, 'stuck '.repeat(20))).toBe('failed: linkLost')
      expect(await radioState(phone)).toBe('ready')
      expect(await connect(phone, id)).toMatchObject({ ok: false, error: { kind: 'outOfReach' } })
      await phone.page.reload()
      const again = await chooseAndConnect(phone, 'Echo')
      expect(await echo(phone, again, 'unstuck')).toBe('unstuck')
    } finally {
      await phone.close()
      await radio.stop()
    }
  })
})

it('says that there is no adapter', async () => {
  const phone = await openPhone({ chromiumPath, url: server.url })
  try {
    expect(await radioState(phone)).toBe('off')
    expect(await choose(phone, 'wait')).toEqual({ ok: false, error: { kind: 'radioOff' } })
  } finally {
    await phone.close()
  }
})

it('says that it can not do Bluetooth where the browser has none', async () => {
  const phone = await openPhone({ chromiumPath, url: server.url, webBluetooth: false })
  try {
    expect(await radioState(phone)).toBe('unsupported')
    expect(await choose(phone, 'wait')).toEqual({ ok: false, error: { kind: 'radioUnsupported' } })
  } finally {
    await phone.close()
  }
})
