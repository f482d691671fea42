// The person with the phone: finds things on the screen by what they are called, in the app's own words, and taps them.
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { en, type Messages } from '../../../src/ui/i18n/en.ts'
import type { Chooser } from '../../radio/chooser.ts'
import type { Phone, Tab } from './phone.ts'

/** Milliseconds that a person waits for something to appear. */
const PATIENCE = 60_000

/** Does something in a tab of its own, which is closed at the end; keeps a picture of it where that fails. */
export async function inTab(
  phone: Phone,
  task: (person: Person) => Promise<void>,
  { url, words }: { readonly url?: string; readonly words?: Messages } = {},
): Promise<void> {
  const tab = await phone.openTab(url)
  try {
    await task(new Person(tab, words))
  } catch (error) {
    const name = expect.getState().currentTestName ?? 'failed'
    await phone.screenshot(`failed ${name.replace(/[^\w ]+/g, '')}`, tab.page).catch(() => undefined)
    throw error
  } finally {
    await tab.page.close()
  }
}

export class Person {
  readonly page: Page
  readonly chooser: Chooser
  readonly words: Messages

  constructor({ page, chooser }: Tab, words: Messages = en) {
    this.page = page
    this.chooser = chooser
    this.words = words
    page.setDefaultTimeout(PATIENCE)
  }

  button = (name: string): Locator => this.page.getByRole('button', { name, exact: true })
  link = (name: string): Locator => this.page.getByRole('link', { name, exact: true })
  heading = (name: string | RegExp): Locator =>
    this.page.getByRole('heading', typeof name === 'string' ? { name, exact: true } : { name })
  text = (text: string): Locator => this.page.getByText(text).first()

  async sees(...things: readonly Locator[]): Promise<void> {
    for (const thing of things) await thing.waitFor()
  }

  /** To one of the main screens, back from wherever the navigation is out of the way. */
  async goTo(place: keyof Messages['common']['nav']): Promise<void> {
    const { common } = this.words
    const link = this.page
      .getByRole('navigation', { name: common.navigation })
      .getByRole('link', { name: common.nav[place], exact: true })
    for (let screens = 0; screens < 3; screens++) {
      await this.sees(link.or(this.link(common.back)).first())
      if (await link.isVisible()) break
      await this.link(common.back).click()
    }
    await link.click()
  }

  /** Makers -> pin -> the network's suggestion -> the look at it -> pinned. Ends on the maker's page. */
  async pinSuggestedMaker(): Promise<void> {
    const { makers, pin } = this.words
    await this.goTo('makers')
    await this.link(makers.add).click()
    await this.page.locator('section', { hasText: pin.suggested }).getByRole('button').click()
    await this.button(pin.confirm).click()
    await this.sees(this.button(makers.unpin))
  }

  /** Devices -> add -> the browser's own chooser -> the device's page. */
  async addDevice(name: string): Promise<void> {
    await this.goTo('devices')
    // A page in the background gets no chooser.
    await this.page.bringToFront()
    this.chooser.setAnswer({ take: name })
    await this.button(this.words.devices.add).click()
    await this.sees(this.heading(name))
  }

  /** Adds the device and sees that the update to `version` is offered, proven. */
  async addOutdated(name: string, version = '1.1.0'): Promise<void> {
    await this.addDevice(name)
    await this.sees(this.heading(this.words.device.verdict.update(version)))
  }

  /** Starts the update that the device's page offers. */
  async startUpdate(version: string): Promise<void> {
    await this.button(this.words.device.update(version)).click()
  }

  async seesResult(name: string, version: string): Promise<void> {
    await this.sees(this.heading(this.words.result.title(name, version)))
  }

  /** An update that stopped, with the words for this failure. */
  async seesFailure(kind: keyof Messages['failures'] | keyof Messages['blocked']): Promise<void> {
    const { failures, blocked, update } = this.words
    const known: Readonly<Record<string, { readonly title: string }>> = { ...blocked, ...failures }
    const text = known[kind]
    if (text === undefined) throw new Error(`no words for ${kind}`)
    await this.sees(this.heading(update.failedTitle), this.heading(text.title))
  }

  /** A device's page that says why there is no update for it, and offers none. */
  async seesRefusal(reason: keyof Messages['blocked']): Promise<void> {
    const { blocked, device } = this.words
    await this.sees(this.heading(blocked[reason].title), this.text(blocked[reason].meaning))
    await this.sees(this.button(device.check))
    const offers = await this.button(device.update('1.1.0')).count()
    if (offers > 0) throw new Error(`the update is offered although it is ${reason}`)
  }
}
