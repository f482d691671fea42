// Firmware from browser to browser, with the maker's seed gone and its blocks deleted: each byte verified, each device updated.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEMO_MODELS } from '../../device/demo.ts'
import { servingEn as words } from '../../src/ui/i18n/servingEn.ts'
import { Person } from './harness/person.ts'
import type { Phone } from './harness/phone.ts'
import { blocksGiven, hasLeftToday, openServing } from './harness/servingScreen.ts'
import { startWorld, type World } from './harness/world.ts'

const [lock] = DEMO_MODELS
if (lock === undefined) throw new Error('there is no demo model')
/** Several blocks of 64 KiB, and small enough for the demo device's slot. */
const release = { version: '1.2.0', bodySize: 420_000 }
/** Milliseconds: the third browser on two cores is slow to start. */
const PATIENCE = 30_000

let world: World
const phones: Phone[] = []

beforeAll(async () => {
  world = await startWorld({ hasRadio: false, hasRelay: true, webRtcDirect: false })
  await world.maker.release(world.maker.model(lock.name, lock.hardware), release)
  await world.maker.settle()
})

afterAll(async () => {
  for (const phone of phones) await phone.discard()
  await world?.stop()
})

/** A person whose browser has never held a block, at the update of a demo device. */
async function atTheUpdate(): Promise<{ readonly phone: Phone; readonly person: Person }> {
  const phone = await world.phone({ webBluetooth: false })
  phones.push(phone)
  phone.allowErrors(/net::ERR_|Failed to load resource|WebSocket connection/)
  const person = new Person(phone)
  person.page.setDefaultTimeout(PATIENCE)
  await person.pinSuggestedMaker()
  await person.goTo('devices')
  await person.button(person.words.devices.demo).click()
  await person.page.getByRole('dialog').getByText(person.words.devices.demoKind.lock).click()
  await person.sees(person.heading(person.words.device.verdict.update(release.version)))
  return { phone, person }
}

async function update(person: Person): Promise<void> {
  await person.startUpdate(release.version)
  await person.seesResult(lock?.name ?? '', release.version)
}

/** By the offer below the result of an update. */
async function passesOn(person: Person): Promise<void> {
  await person.button(words.offerYes).click()
  await person.sees(person.text(words.offerOn))
}

it('goes from browser to browser with the seed gone, and on where a killed tab left off', {
  timeout: 180_000,
}, async () => {
  const image = world.maker.build(world.maker.model(lock.name, lock.hardware), release)
  const allBlocks = Math.ceil(image.length / 65_536) + 1

  const { person: first } = await atTheUpdate()
  await update(first)
  await passesOn(first)
  await world.fob.seed.stop()
  await rm(join(world.fob.home.seed, 'blocks'), { recursive: true })

  // The first one's data for the day ends in the middle of the file, and there the second one's browser is killed.
  await openServing(first)
  await hasLeftToday(first.page, 100_000)
  await first.sees(first.text(words.status.serving.title))
  const { phone, person } = await atTheUpdate()
  await person.startUpdate(release.version)
  await first.sees(first.text(words.status.dataSpent.title))
  const before = await blocksGiven(first)
  expect(before).toBeGreaterThan(0)
  expect(before).toBeLessThan(allBlocks)
  await phone.kill()
  await first.page.getByLabel(words.perDayAny, { exact: true }).check()
  await first.sees(first.text(words.status.serving.title))
  await phone.reopen()
  const second = new Person(phone)
  second.page.setDefaultTimeout(PATIENCE)
  await second.page.getByRole('link', { name: lock.name }).click()
  await second.button(second.words.update.reconnect).click()
  await second.seesResult(lock.name, release.version)
  // No block was asked for twice: what had come was kept.
  await expect.poll(() => blocksGiven(first)).toBe(allBlocks)

  await passesOn(second)
  const { person: third } = await atTheUpdate()
  await update(third)
  await openServing(second)
  // Between them they gave it all; a block that was slow may have been asked of both.
  const given = async () => (await blocksGiven(first)) - allBlocks + (await blocksGiven(second))
  await expect.poll(given).toBeGreaterThanOrEqual(allBlocks)
})
