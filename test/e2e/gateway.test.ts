// A phone without Bluetooth: the same app reaches the same device through a gateway, with the same proofs, to a finished update.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { DEMO_MODELS } from '../../device/demo.ts'
import { BluezObjects } from '../../node/bluez/bluezObjects.ts'
import { BluezCentral } from '../../node/bluez/central.ts'
import { loadOrMakeDemoKeys } from '../../node/chain/demoKeys.ts'
import { type Gateway, startGateway } from '../../node/gateway/gateway.ts'
import { freePort } from '../../node/http.ts'
import { demoFactoryImage } from '../../node/release/demo.ts'
import { systemTimer as timer } from '../../node/systemTimer.ts'
import { waysEn } from '../../src/ui/i18n/waysEn.ts'
import { Person } from './harness/person.ts'
import { startWorld, type World } from './harness/world.ts'

const [lock] = DEMO_MODELS
if (lock === undefined) throw new Error('there is no demo model')

let world: World
let gateway: Gateway
let bluez: BluezObjects
let directory: string

const isPossible = inject('radioObstacle') === null

beforeAll(async () => {
  if (!isPossible) return
  world = await startWorld()
  directory = await mkdtemp(join(tmpdir(), 'fob-gateway-'))
  bluez = await BluezObjects.open(world.radio.env.DBUS_SYSTEM_BUS_ADDRESS)
  gateway = await startGateway({
    ...{ directory, host: '127.0.0.1', port: await freePort(), relays: [], webRtc: false },
    radio: new BluezCentral({ bluez, timer, log: () => {} }),
    log: () => {},
  })
})

afterAll(async () => {
  await gateway?.stop()
  bluez?.close()
  await world?.stop()
  if (directory) await rm(directory, { recursive: true, force: true, maxRetries: 5 })
})

it.skipIf(!isPossible)(
  'adds a lock by the gateway’s code, proves who it is, and updates it to the end',
  async () => {
    const factoryImage = demoFactoryImage(lock, loadOrMakeDemoKeys(world.fob.home.demoKeys))
    const onAir = world.device(world.maker.model(lock.name, lock.hardware), { factoryImage })
    const phone = await world.phone({ webBluetooth: false })
    const person = new Person(phone)
    const { words, page } = person
    try {
      await person.sees(person.text(words.notices.radioUnsupported))
      await person.link(words.devices.ways).click()
      await person.button(words.pin.paste).click()
      const field = page.getByLabel(words.pin.pasteLabel)
      await field.fill(gateway.code().slice(0, -1))
      await person.button(words.pin.read).click()
      await person.sees(person.text(waysEn.codeUnreadable))
      await field.fill(gateway.code())
      await person.button(words.pin.read).click()

      await person.sees(person.heading(waysEn.newName(1)), person.heading(waysEn.heard))
      await page.getByRole('button', { name: waysEn.addDevice(lock.name) }).click()
      await person.sees(person.heading(lock.name), person.text(words.device.identitySigned))
      expect(onAir.uploads).toEqual([])

      await person.link(words.device.pinMaker).click()
      await person.button(words.pin.confirm).click()
      await person.sees(person.heading(words.device.verdict.update('1.1.0')))
      // Each write on the air is a call on the bus besides: a machine that is busy takes its time.
      page.setDefaultTimeout(40_000)
      await person.startUpdate('1.1.0')
      await person.seesResult(lock.name, '1.1.0')
      expect(onAir.running).toEqual({ version: '1.1.0', isConfirmed: true })
      await person.button(words.result.done).click()

      // The gateway is gone: said as that, and the app keeps what it knows.
      phone.allowErrors(/net::ERR_CONNECTION_REFUSED/)
      await gateway.stop()
      await person.button(words.device.check).click()
      await person.sees(person.text(words.failures.gatewayUnreachable.title))
      await person.goTo('devices')
      await person.sees(person.text(words.devices.badges.gateway))
    } catch (error) {
      await phone.screenshot('gateway-failed').catch(() => undefined)
      await phone.discard()
      throw error
    }
    await phone.close()
  },
)
