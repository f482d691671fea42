// Devices with Nordic's and Espressif's updaters, from the browser's own Bluetooth to what their bootloaders start.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { EspFlash } from '../../device/espOta.ts'
import { NordicFlash } from '../../device/nordicDfu.ts'
import { buildEspImage, buildNordicPackage, NORDIC_KEY } from '../fixtures/dfuPackages.ts'
import { espPeripheral, nordicPeripherals } from '../radio/updaterPeripherals.ts'
import { inTab, Person } from './harness/person.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

const patterned = (length: number, step: number) =>
  Uint8Array.from({ length }, (_, i) => (i * step + (i >> 8)) & 0xff)
const oldImage = patterned(6000, 3)
const newImage = patterned(22_000, 5)
const newEspImage = buildEspImage({ body: newImage, version: '1.1.0' })
const MAX_PACKET = 244

describe.skipIf(inject('radioObstacle') !== null)('devices with others’ updaters', () => {
  let world: World
  let phone: Phone

  beforeAll(async () => {
    world = await startWorld()
    const { maker } = world
    const [nordic, esp] = [maker.model('Nordic Lamp'), maker.model('Esp Lamp')]
    await maker.register(nordic, esp)
    await maker.releaseFile(
      nordic,
      buildNordicPackage({ application: newImage, firmwareVersion: 10_100, level: 0 }),
    )
    await maker.releaseFile(esp, newEspImage)
    await maker.settle()
    // The sheet in which the person says the model lists those that the network names.
    const host = await world.host(network => ({
      ...network,
      makers: network.makers.map(known => ({
        ...known,
        models: [...known.models, nordic, esp].map(({ name, hardware }) => ({ name, hardware })),
      })),
    }))
    phone = await world.phone({ url: host.url })
    await new Person(phone).pinSuggestedMaker()
  })

  afterAll(async () => {
    try {
      await phone?.close()
    } finally {
      await world?.stop()
    }
  })

  /** The device says no model: the person does, agrees to what that means, and starts. */
  async function startsUpdate(person: Person, model: string, demands: readonly string[]): Promise<void> {
    const { device, update } = person.words
    await person.button(device.chooseModel).click()
    await person.page.getByRole('dialog').getByRole('button', { name: model }).click()
    await person.startUpdate('1.1.0')
    for (const demand of demands) await person.page.getByLabel(demand).check()
    await person.button(update.consent.install('1.1.0')).click()
  }

  async function seesTaken(person: Person, name: string): Promise<void> {
    const { result, device } = person.words
    await person.sees(person.heading(result.titleTaken(name, '1.1.0')), person.text(result.taken))
    await person.button(result.done).click()
    // Never "up to date": nobody can read back what runs.
    await person.sees(person.heading(device.verdict.given('1.1.0')))
  }

  it('Nordic: goes into its bootloader, is chosen there again, and is said to have taken the release', async () => {
    const flash = new NordicFlash(oldImage, 10_000)
    const target = {
      hardwareVersion: 52,
      softDevice: 0x100,
      trustedKey: NORDIC_KEY,
      bankSize: 65_536,
      maxPacket: MAX_PACKET,
    }
    const named = { name: 'Nordic Lamp', address: 'C0:00:00:00:02:01' }
    const { application, bootloader } = nordicPeripherals(flash, target, named)
    world.radio.add(application)
    world.radio.add(bootloader)
    await inTab(phone, async person => {
      const { update } = person.words
      await person.addDevice('Nordic Lamp')
      const { consent } = update
      await startsUpdate(person, 'Nordic Lamp', [consent.modelChosenCheck, consent.runningUnknownCheck])

      // Another address: to the browser, another device.
      await person.page.bringToFront()
      person.chooser.setAnswer({ take: 'DfuTarg' })
      await person.button(update.chooseAgain).click({ timeout: 60_000 })
      await person.page.getByLabel(consent.modelChosenCheck).check()
      await person.page.getByLabel(consent.runningUnknownCheck).check()
      await person.button(consent.install('1.1.0')).click()
      await person
        .heading(person.words.result.titleTaken('Nordic Lamp', '1.1.0'))
        .waitFor({ timeout: 60_000 })
      await seesTaken(person, 'Nordic Lamp')
    })
    expect(flash.version).toBe(10_100)
    expect(flash.application).toEqual(newImage)
  })

  it('Espressif: sector by sector, with a word on what the device does not check', async () => {
    const flash = new EspFlash(buildEspImage({ body: oldImage, version: '1.0.0' }))
    const named = { name: 'Esp Lamp', address: 'C0:00:00:00:02:11' }
    world.radio.add(espPeripheral(flash, { chip: 5, partitionSize: 65_536, maxPacket: MAX_PACKET }, named))
    await inTab(phone, async person => {
      const { consent } = person.words.update
      await person.addDevice('Esp Lamp')
      await startsUpdate(person, 'Esp Lamp', [
        consent.modelChosenCheck,
        consent.runningUnknownCheck,
        consent.deviceChecksNothingCheck,
      ])
      await person.heading(person.words.result.titleTaken('Esp Lamp', '1.1.0')).waitFor({ timeout: 60_000 })
      await seesTaken(person, 'Esp Lamp')
    })
    expect(flash.running).toEqual(newEspImage)
  })
})
