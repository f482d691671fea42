// A person with a wallet: makes one, writes the words down, pays, claims devices and hands them over, by what the screens say.
import type { Locator, Page } from 'playwright-core'
import { en } from '../../../src/ui/i18n/en.ts'
import { withUnit } from '../../../src/ui/i18n/punctuation.ts'
import { type WalletMessages, walletEn } from '../../../src/ui/i18n/walletEn.ts'
import { walletZh } from '../../../src/ui/i18n/walletZh.ts'
import { zh } from '../../../src/ui/i18n/zh.ts'
import { violationsIn } from './accessible.ts'
import { Person } from './person.ts'
import type { Phone } from './phone.ts'

/** Milliseconds until a payment is final on the local chain, with a busy machine in mind. */
const FINAL = 60_000

export class Owner {
  readonly person: Person
  readonly page: Page
  /** Of the pictures that are taken on the way. */
  readonly name: string
  readonly passphrase: string
  /** The recovery words, as they were on the paper. */
  phrase: readonly string[] = []
  readonly words: WalletMessages
  private readonly language: 'en' | 'zh'
  /** The buttons that sign, by what they sign. */
  readonly confirms: ReturnType<typeof confirmsOf>
  private readonly phone: Phone
  private readonly violations: string[] = []
  private pictures = 0

  constructor(phone: Phone, name: string, passphrase: string, language: 'en' | 'zh' = 'en') {
    this.phone = phone
    this.name = name
    this.passphrase = passphrase
    this.language = language
    this.words = language === 'en' ? walletEn : walletZh
    this.confirms = confirmsOf(this.words)
    this.person = new Person(phone, language === 'en' ? en : zh)
    this.page = this.person.page
  }

  /** Keeps a picture of what the person sees now, and has axe look at it; `close` tells what it found. */
  looks = async (at: string): Promise<void> => {
    await this.picture(at)
    for (const violation of await violationsIn(this.page)) this.violations.push(`${at}: ${violation}`)
  }

  picture = async (at: string): Promise<void> => {
    this.pictures++
    await this.page.locator('main:not([aria-busy])').waitFor()
    await this.phone.picture(`${this.name} ${String(this.pictures).padStart(2, '0')} ${at}`)
  }

  /** Ends the browser; fails where the console had an error, or a screen was one that not everybody can use. */
  close = async (): Promise<void> => {
    await this.phone.close()
    if (this.violations.length > 0) throw new Error(this.violations.join('\n'))
  }

  button = (name: string | RegExp, within: Page | Locator = this.page): Locator =>
    within.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name })

  field = (name: string, within: Page | Locator = this.page): Locator =>
    within.getByRole('textbox', { name, exact: true })

  heading = (name: string): Locator => this.page.getByRole('heading', { name, exact: true, level: 1 })

  /** From the wallet's first screen to the wallet, with the words confirmed. */
  async createWallet(): Promise<void> {
    await this.person.goTo('wallet')
    await this.person.link(this.words.wallet.create).click()
    await this.chooseWallet()
    await this.page.getByRole('link', { name: this.words.create.open, exact: true }).click()
    await this.heading(this.words.wallet.title).waitFor()
  }

  /** From the choice of a passphrase to the wallet that is ready. */
  async chooseWallet(): Promise<void> {
    await this.choosePassphrase()
    await this.button(this.words.create.submit).click()
    await this.page.locator('.words-cover').click()
    this.phrase = await this.page.locator('ol.words .word').allTextContents()
    await this.button(this.words.backup.written).click()
    for (let picked = 0; picked < 3; picked++) {
      const asked = await this.page.locator('.picked > [aria-current]').textContent()
      const word = this.phrase[Number(/\d+/.exec(asked ?? '')?.[0]) - 1]
      if (word === undefined) throw new Error(`no such word was written down: ${String(asked)}`)
      await this.page.locator('.chips').getByRole('button', { name: word, exact: true }).click()
    }
    await this.heading(this.words.create.readyTitle).waitFor()
  }

  async restoreFromWords(phrase: readonly string[]): Promise<void> {
    await this.person.goTo('wallet')
    await this.person.link(this.words.wallet.restore).click()
    await this.field(this.words.restore.nextWord(1)).fill(`${phrase.join(' ')} `)
    await this.page.getByText(this.words.restore.complete).waitFor()
    await this.choosePassphrase()
    await this.button(this.words.restore.submitWords).click()
    await this.page.getByRole('link', { name: this.words.create.open, exact: true }).click()
    await this.heading(this.words.wallet.title).waitFor()
  }

  private async choosePassphrase(): Promise<void> {
    await this.field(this.words.passphrase.label).fill(this.passphrase)
    await this.field(this.words.passphrase.repeat).fill(this.passphrase)
  }

  /** Types the passphrase where the sheet asks for it; nothing where `next` comes without. */
  async unlockIfAsked(next: Locator): Promise<void> {
    const sheet = this.page.getByRole('dialog', { name: this.words.lock.title })
    await sheet.or(next).first().waitFor()
    if (await sheet.isVisible()) await this.unlock()
  }

  /** In the sheet that asks for it. */
  async unlock(passphrase = this.passphrase): Promise<void> {
    const sheet = this.page.getByRole('dialog', { name: this.words.lock.title })
    await this.field(this.words.passphrase.label, sheet).fill(passphrase)
    await this.button(this.words.lock.unlock, sheet).click()
    await sheet.waitFor({ state: 'detached' })
  }

  /** Asks for it, and waits until it is there. */
  async getPlayMoney(): Promise<void> {
    const offer = this.button(this.words.accounts.faucet)
    await offer.click()
    const onItsWay = this.page.getByText(this.words.accounts.faucetDone)
    await offer.or(onItsWay).first().waitFor({ state: 'detached', timeout: FINAL })
  }

  /** On a device's page: to the screen where it is made one's own. */
  async openOwnership(): Promise<void> {
    await this.page.getByRole('link', { name: this.person.words.device.ownership }).click()
    await this.heading(this.words.claim.title).waitFor()
  }

  /** Asks the device, waits for its button, which `press` presses. Ends where the chain comes next. */
  async pairByButton(press: () => Promise<void> | void): Promise<void> {
    const start = this.button(this.words.claim.buttonStart)
    await this.button(this.words.claim.look).click()
    await this.unlockIfAsked(start)
    await start.click()
    await this.page.getByText(this.words.claim.buttonWaiting('').trim()).waitFor()
    await press()
    await this.button(this.words.claim.claimAction).waitFor()
  }

  /** Looks at what is proposed and signs it with the button of that name. */
  async sign(action: string | RegExp): Promise<void> {
    const sheet = this.page.getByRole('dialog', { name: this.words.signing.titleTransaction })
    await this.button(action, sheet).click()
    await sheet.waitFor({ state: 'detached', timeout: FINAL })
  }

  /** From paired to “Yours”: the claim signed and final, the first settings with the device. */
  async claim(): Promise<void> {
    await this.button(this.words.claim.claimAction).click()
    await this.button(this.confirms.claimDevice).waitFor()
    await this.looks('claim, before signing')
    await this.sign(this.confirms.claimDevice)
    const deliver = this.button(this.words.claim.deliver)
    await deliver.waitFor({ timeout: FINAL })
    await deliver.click()
    await this.page.getByText(this.words.claim.doneTitle, { exact: true }).first().waitFor({ timeout: FINAL })
  }

  async openSettingsOfOwned(): Promise<void> {
    await this.page.getByRole('link', { name: this.words.claim.open, exact: true }).click()
    await this.page.getByText(this.words.owned.stages.owned, { exact: true }).waitFor()
  }

  async fileSettings(): Promise<void> {
    await this.button(this.words.owned.file).click()
    await this.sign(this.confirms.fileConfig)
    await this.page.getByText(this.words.owned.filed, { exact: true }).waitFor({ timeout: FINAL })
  }

  /** Pastes a code where the screen offers to read one. */
  async pasteCode(text: string): Promise<void> {
    const { pin } = this.person.words
    await this.button(pin.paste).click()
    await this.field(pin.pasteLabel).fill(text)
    await this.button(pin.read).click()
  }

  async codeOnScreen(label: string): Promise<string> {
    return this.field(label).inputValue()
  }

  /** What the other phone's camera would see of a code. */
  async pictureOfCode(label: string): Promise<Buffer> {
    const code = this.page.getByRole('img', { name: label })
    await code.locator('svg').waitFor()
    return code.screenshot()
  }

  /** Gives a picture of a code where the screen offers to read one. */
  async readPicture(picture: Buffer): Promise<void> {
    const file = { name: 'code.png', mimeType: 'image/png', buffer: picture }
    await this.page.locator('input[type=file]').setInputFiles(file)
  }

  /** From the wallet: an amount (“1.5 ETH”) to somebody whom the wallet knows by name. Ends on the payment, once it is final. */
  async send(amount: string, to: string): Promise<void> {
    await this.beginToSend(amount, to)
    await this.sign(this.confirms.transfer(amount))
    await this.seesItFinal()
  }

  /** Up to the look before it is signed. */
  async beginToSend(amount: string, to: string): Promise<Locator> {
    const [digits = '', unit = ''] = amount.split(' ')
    await this.page.getByRole('link', { name: this.words.accounts.send, exact: true }).click()
    await this.page.getByText(this.words.send.contacts, { exact: true }).click()
    await this.page.getByRole('main').getByRole('button', { name: to }).click()
    await this.page.getByText(unit, { exact: true }).click()
    await this.field(withUnit(this.words.send.amount, unit, this.language)).fill(digits)
    await this.looks(`Send ${amount}`)
    await this.button(this.words.send.next).click()
    const sheet = this.page.getByRole('dialog', { name: this.words.signing.titleTransaction })
    await sheet.getByText(`−${amount}`).waitFor()
    await this.looks(`Send ${amount}, before signing`)
    return sheet
  }

  /** On the screen of a payment. */
  async seesItFinal(): Promise<void> {
    await this.page.getByText(this.words.payments.states.final, { exact: true }).waitFor({ timeout: FINAL })
  }
}

/** The parts of a sentence that its button, or its first line, does not name. */
export const nothing = { amount: '', from: '', to: '', device: '', contract: '', name: '', until: '' }

const confirmsOf = ({ sentences }: WalletMessages) => ({
  claimDevice: sentences.claimDevice(nothing).confirm,
  fileConfig: sentences.fileConfig(nothing).confirm,
  handOverGiven: sentences.handOverGiven(nothing).confirm,
  handOverDevice: sentences.handOverDevice(nothing).confirm,
  anchorLog: sentences.anchorLog(nothing).confirm,
  transfer: (amount: string) => sentences.transfer({ ...nothing, amount }).confirm,
})
