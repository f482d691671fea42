// The main job on the production build: from an empty app to a device that runs the newest firmware, proven.
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { DEMO_MODELS } from '../../device/demo.ts'
import { loadOrMakeDemoKeys } from '../../node/chain/demoKeys.ts'
import { demoFactoryImage } from '../../node/release/demo.ts'
import { Person } from './harness/person.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

const [lock] = DEMO_MODELS
if (lock === undefined) throw new Error('there is no demo model')

let world: World

beforeAll(async () => {
  world = await startWorld({ hasRadio: inject('radioObstacle') === null })
})

afterAll(() => world?.stop())

async function withPhone(phone: Phone, use: (person: Person) => Promise<void>): Promise<void> {
  try {
    await use(new Person(phone))
  } catch (error) {
    await phone.screenshot('mainJob-failed').catch(() => undefined)
    await phone.discard()
    throw error
  }
  await phone.close()
}

/** From the look at the maker back to the checked device, with the update that the registry names. */
async function pinAndCheck(person: Person, name: string): Promise<void> {
  const { words } = person
  await person.sees(person.text(words.failures.makerNotPinned.title))
  await person.link(words.device.pinMaker).click()
  await person.sees(person.text(words.pin.sourceNetwork))
  const key = person.page.getByRole('button', { name: words.common.copyValue(words.pin.releaseKey) })
  expect(await key.getAttribute('title')).toBe(world.maker.releaseKey)
  await person.button(words.pin.confirm).click()
  // Back at the device, which is compared with what its maker released without being asked again.
  await person.sees(person.heading(name))
  await person.sees(
    person.heading(words.device.verdict.update('1.1.0')),
    person.text(words.device.verdict.updateBody('1.0.0')),
  )
}

/** One tap away: both endpoints, the block, the manifest's hash. */
async function looksAtTheEvidence(person: Person): Promise<void> {
  const { evidence } = person.words
  await person.page.getByRole('button', { name: evidence.open }).first().click()
  const sheet = person.page.getByRole('dialog', { name: evidence.title })
  expect(await sheet.getByText(evidence.verdict.agreed).count()).toBe(2)
  for (const { url } of world.fob.endpoints) await sheet.getByText(new URL(url).host).waitFor()
  await sheet.getByText(evidence.blockNumber, { exact: true }).waitFor()
  await sheet.getByText(evidence.manifestHash, { exact: true }).waitFor()
  await person.page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
}

/** Writes down every step that the update's screen names, from now on. */
async function watchSteps(person: Person): Promise<() => Promise<readonly string[]>> {
  await person.page.evaluate(() => {
    const seen = new Set<string>()
    Object.assign(window, { seenSteps: seen })
    const look = () => {
      const step = document.querySelector('[role=progressbar]')?.getAttribute('aria-valuetext')
      if (step) seen.add(step.replace(/,.*$/, ''))
    }
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true })
  })
  return () =>
    person.page.evaluate(() => {
      const seen: unknown = Reflect.get(window, 'seenSteps')
      return seen instanceof Set ? [...seen].map(String) : []
    })
}

async function seesTheReceipt(person: Person, name: string): Promise<void> {
  const { result, device } = person.words
  await person.seesResult(name, '1.1.0')
  await person.sees(person.text(result.readBack), person.heading(result.evidence))
  await person.button(result.done).click()
  await person.sees(
    person.heading(device.verdict.upToDate),
    person.text(device.verdict.upToDateBody('1.1.0')),
    person.text(device.event.updated('1.0.0', '1.1.0')),
  )
}

it.skipIf(inject('radioObstacle') !== null)(
  'updates a Bluetooth device from choosing it to reading it back, and the receipt stays',
  async () => {
    const factoryImage = demoFactoryImage(lock, loadOrMakeDemoKeys(world.fob.home.demoKeys))
    const onAir = world.device(world.maker.model(lock.name, lock.hardware), { factoryImage })
    await withPhone(await world.phone({ installs: true }), async person => {
      const { words, page } = person
      await person.sees(person.heading(words.devices.emptyTitle))
      await person.addDevice(lock.name)
      await person.sees(person.text(words.device.identitySigned))
      await pinAndCheck(person, lock.name)
      await looksAtTheEvidence(person)
      expect(onAir.uploads).toEqual([])

      const seenSteps = await watchSteps(person)
      await person.startUpdate('1.1.0')
      await person.seesResult(lock.name, '1.1.0')
      const { steps } = words.update
      expect(await seenSteps()).toEqual(
        expect.arrayContaining([steps.fetch, steps.upload, steps.restart, steps.readBack]),
      )
      expect(onAir.running).toEqual({ version: '1.1.0', isConfirmed: true })
      await seesTheReceipt(person, lock.name)
      expect(world.radio.overlaps()).toBe(0)

      onAir.device.cyclePower()
      await expect.poll(() => onAir.boots).toEqual(['1.1.0', '1.1.0'])
      expect(onAir.running).toEqual({ version: '1.1.0', isConfirmed: true })

      // Asked anew: the device says 1.1.0, and two endpoints prove that there is nothing newer.
      await person.button(words.device.check).click()
      await person.sees(person.button(words.device.check), person.heading(words.device.verdict.upToDate))
      await page.reload()
      await person.sees(person.heading(words.device.verdict.upToDate))
      await page.getByRole('link', { name: words.device.event.updated('1.0.0', '1.1.0') }).click()
      await person.seesResult(lock.name, '1.1.0')
    })
  },
)

it('updates the demo device in the page, without any radio', async () => {
  const phone = await world.phone({ webBluetooth: false })
  await withPhone(phone, async person => {
    const { words, page } = person
    await person.sees(person.text(words.notices.radioUnsupported))
    await person.button(words.devices.demo).click()
    await page.getByRole('dialog').getByText(words.devices.demoKind.lock).click()
    await pinAndCheck(person, lock.name)
    await looksAtTheEvidence(person)
    await person.startUpdate('1.1.0')
    await seesTheReceipt(person, lock.name)

    // The device lives in the browser's store: its new firmware survives the page.
    await page.reload()
    await person.button(words.device.check).click()
    await person.sees(person.button(words.device.check), person.heading(words.device.verdict.upToDate))
  })
})
