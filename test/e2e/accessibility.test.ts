// Every screen in both languages and both themes, looked at by axe: no violation of WCAG 2.2 AA. Each leaves a picture.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Model } from '../../src/core/registry/model.ts'
import { zh } from '../../src/ui/i18n/zh.ts'
import { violationsIn } from './harness/accessible.ts'
import type { OnAir } from './harness/onAir.ts'
import { Person } from './harness/person.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

describe.skipIf(inject('radioObstacle') !== null)('every screen', () => {
  let world: World
  let model: Model
  let broken: Model

  beforeAll(async () => {
    world = await startWorld()
    const { maker } = world
    model = maker.model('Fob Lock Two')
    broken = maker.model('Broken Lock')
    await maker.register(model, broken)
    await Promise.all([
      maker.release(model, { version: '1.1.0', bodySize: 60_000 }),
      maker.release(
        broken,
        { version: '1.1.0' },
        { manifest: honest => ({ ...honest, size: honest.size + 1 }) },
      ),
    ])
    await maker.settle()
  })

  afterAll(() => world?.stop())

  // The previews of the same screens are looked at in English by day, and in more of their states.
  it('is accessible in Chinese by night, with real answers on them', async () => {
    const language = 'zh'
    const phone = await world.phone({ locale: 'zh-CN' })
    phone.allowErrors(/net::ERR_CONNECTION_REFUSED/)
    const violations: string[] = []
    const look = async (screen: string) => {
      const { page } = phone
      // A screen whose code is still being loaded would pass whatever it holds.
      await page.locator('main:not([aria-busy])').waitFor()
      await page.locator('h1', { hasText: /\S/ }).waitFor()
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
      await phone.picture(`${screen}.${language}`)
      for (const violation of await violationsIn(page)) {
        violations.push(`${screen}.${language}: ${violation}`)
      }
    }
    try {
      await walk(phone, new Person(phone, zh), look)
    } catch (error) {
      await phone.screenshot(`failed ${language}`)
      await phone.discard()
      throw error
    }
    await phone.close()
    expect(violations).toEqual([])
  }, 240_000)

  async function walk(phone: Phone, person: Person, look: (screen: string) => Promise<void>): Promise<void> {
    const { words, page } = person
    const { devices, device, update, pin, makers, result, evidence, settings } = words
    const lock = world.device(model)
    const odd = world.device(broken)
    try {
      await person.sees(person.heading(devices.emptyTitle))
      await look('home-empty')
      await person.goTo('makers')
      await look('makers-empty')
      await person.link(makers.add).first().click()
      await look('maker-add')
      await page.locator('section', { hasText: pin.suggested }).getByRole('button').click()
      await person.sees(person.button(pin.confirm))
      await look('maker-confirm')
      await person.button(pin.confirm).click()
      await person.sees(person.button(makers.unpin))
      await look('maker')

      await person.addOutdated(lock.name)
      await look('device')
      await page.getByRole('button', { name: evidence.open }).first().click()
      await page.getByRole('dialog').waitFor()
      await look('evidence')
      await page.keyboard.press('Escape')

      await person.addOutdated(odd.name)
      await person.goTo('devices')
      await look('home')
      await page.getByRole('link', { name: odd.name }).click()
      await person.startUpdate('1.1.0')
      await person.seesFailure('wrongSize')
      await look('update-failed')
      await person.button(update.dismiss).click()

      await consentScreen(person, odd, look)
      await person.goTo('devices')
      await page.getByRole('link', { name: lock.name }).click()
      await updateScreens(person, lock, look)
      await person.seesResult(lock.name, '1.1.0')
      await look('result')
      await person.button(result.done).click()
      await person.sees(person.heading(device.verdict.upToDate))
      await look('device-up-to-date')

      await person.goTo('releases')
      await look('releases')
      await page.getByRole('link', { name: model.name }).click()
      await person.sees(person.heading(words.releases.newest))
      await look('model')
      await person.goTo('settings')
      await look('settings')
      await page.getByRole('link', { name: settings.networkHint }).click()
      await person.sees(person.text(words.network.fingerprint))
      await look('network')
      await page.goto(`${world.fob.url}/browser`)
      await person.sees(person.heading(words.browser.title))
      await look('browser')
      await page.goto(`${world.fob.url}/nowhere`)
      await person.sees(person.heading(words.notFound.title))
      await look('not-found')
    } finally {
      world.radio.remove(lock.peripheral)
      world.radio.remove(odd.peripheral)
      void phone
    }
  }

  async function consentScreen(person: Person, onAir: OnAir, look: (screen: string) => Promise<void>) {
    const { device, update } = person.words
    await world.fob.endpoints[1].stop()
    try {
      await person.button(device.check).click()
      await person.sees(person.heading(device.verdict.unproven))
      await look('device-unproven')
      await person.button(device.updateAnyway('1.1.0')).click()
      await person.sees(person.heading(update.consent.unproven))
      await look('consent')
      await person.button(update.consent.decline).click()
      await person.button(update.toDevice).click()
      expect(onAir.uploads).toEqual([])
    } finally {
      await world.fob.endpoints[1].start()
    }
  }

  /** Paused, so that the picture holds still. */
  async function updateScreens(person: Person, onAir: OnAir, look: (screen: string) => Promise<void>) {
    const { update } = person.words
    onAir.answering = async () => {
      await new Promise(resolve => setTimeout(resolve, 30))
      return undefined
    }
    await person.startUpdate('1.1.0')
    await person.sees(person.text(update.steps.upload))
    await expect.poll(() => onAir.uploads.length).toBeGreaterThan(2)
    await person.button(update.pause).click()
    await person.sees(person.text(update.pausedBody))
    await look('update')
    await person.button(update.cancel).click()
    await look('update-cancel')
    await person.button(update.cancelNo).click()
    onAir.answering = null
    await person.button(update.resume).click()
  }
})
