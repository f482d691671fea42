// Somebody who lets a lock, rents one, or lends keys: what they press, by what the screens say.
import type { Locator } from 'playwright-core'
import { marketEn } from '../../../src/ui/i18n/marketEn.ts'
import { Owner } from './owner.ts'
import type { Phone } from './phone.ts'

/** Milliseconds until something is final and signed on the local chain, with a busy machine in mind. */
const SETTLED = 90_000

export class LettingPerson extends Owner {
  readonly market = marketEn
  readonly openButton: Locator
  private readonly device: Phone

  constructor(phone: Phone, name: string) {
    super(phone, name, `the passphrase of ${name}`)
    this.device = phone
    this.openButton = this.page.locator('.open-button')
  }

  get browser() {
    return this.device.browser
  }

  /** Errors of a phone without a network are its console's, not ours. */
  async setOffline(isOffline: boolean): Promise<void> {
    this.device.allowErrors(/net::ERR_|Failed to load resource|WebSocket connection/)
    await this.browser.setOffline(isOffline)
  }

  says = (text: string | RegExp): Promise<void> =>
    this.page.getByText(text).first().waitFor({ timeout: SETTLED })

  saysNoMore = (text: string): Promise<void> =>
    this.page.getByText(text).first().waitFor({ state: 'detached', timeout: SETTLED })

  /** Does what asks for the wallet, which may have locked itself meanwhile. */
  async presses(button: Locator, next: Locator): Promise<void> {
    await button.click()
    const sheet = this.page.getByRole('dialog', { name: this.words.lock.title })
    await sheet.or(next).first().waitFor({ timeout: SETTLED })
    if (await sheet.isVisible()) await this.unlock()
    await next.waitFor({ timeout: SETTLED })
  }

  /** Presses, looks at what is proposed, and signs it. Throws with what went wrong, where the sheet says it. */
  async signs(button: Locator): Promise<void> {
    const sheet = this.page.getByRole('dialog', { name: this.words.signing.titleTransaction })
    const sign = sheet.locator('.sheet-foot .button.primary')
    await this.presses(button, sign)
    await sign.click()
    const fault = await this.faultIn(sheet)
    if (fault !== null) throw new Error(fault)
  }

  /** null once the sheet is closed. */
  private async faultIn(sheet: Locator): Promise<string | null> {
    const notice = sheet.locator('.notice', { has: this.page.locator('details') })
    const failed = notice.waitFor({ timeout: SETTLED }).then(async () => (await notice.textContent()) ?? '')
    const done = sheet.waitFor({ state: 'detached', timeout: SETTLED }).then(() => null)
    // Whichever comes second has nothing to say.
    failed.catch(() => undefined)
    done.catch(() => undefined)
    return Promise.race([done, failed])
  }

  async goToKeys(): Promise<void> {
    await this.person.goTo('keys')
    await this.heading(this.market.keys.title).waitFor()
  }

  /** From the list of keys to the one that says this. */
  async openKey(text: string | RegExp): Promise<void> {
    await this.goToKeys()
    await this.page.locator('.key-card', { hasText: text }).first().click({ timeout: SETTLED })
  }

  async readsCode(text: string): Promise<void> {
    await this.goToKeys()
    await this.page.getByRole('link', { name: this.market.keys.scan }).click()
    await this.pasteCode(text)
  }

  /** The code with which this phone asks for a key. */
  async asksForKey(): Promise<string> {
    await this.goToKeys()
    await this.page.getByRole('link', { name: this.market.keys.receive }).click()
    await this.field(this.market.receiveKey.code).waitFor()
    return this.codeOnScreen(this.market.receiveKey.code)
  }

  /** From the page of an offer: the first hours that are free, `hours` in a row, paid. Ends at the key. */
  async books(hours: number, price: string): Promise<void> {
    await this.page.getByRole('heading', { name: this.market.offer.truths }).waitFor()
    await this.page.locator('.month-days .day.free').first().click()
    await this.page.locator('.hour-chips .day.free').first().click()
    for (let more = 1; more < hours; more++) await this.button(this.market.calendar.more).click()
    await this.looks(`chosen for ${price}`)
    await this.signs(this.button(this.market.offer.pay(price)))
    await this.page.getByText(this.market.oneKey.details).waitFor()
  }

  /** The big button; the lock of that name where the browser asks which one. */
  async pressesOpen(lock: string): Promise<void> {
    this.person.chooser.setAnswer({ take: lock })
    await this.openButton.click()
  }

  seesOutcome = (text: string): Promise<void> =>
    this.page.locator('.open-state', { hasText: text }).waitFor({ timeout: SETTLED })
}
