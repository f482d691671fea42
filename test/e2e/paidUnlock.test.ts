// Letting a lock and opening it with a key that was paid for: two people, two browsers, one lock on the air that has no internet.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { DEMO_MODELS } from '../../device/demo.ts'
import { marketEn as words } from '../../src/ui/i18n/marketEn.ts'
import { walletEn } from '../../src/ui/i18n/walletEn.ts'
import type { OnAir } from './harness/onAir.ts'
import { Owner } from './harness/owner.ts'
import { startWorld, type World } from './harness/world.ts'

const [lock] = DEMO_MODELS
if (lock === undefined) throw new Error('there is no demo model')
/** Milliseconds until something is final and signed on the local chain, with a busy machine in mind. */
const SETTLED = 90_000

describe.skipIf(inject('radioObstacle') !== null)('a lock that is let', () => {
  let world: World
  let device: OnAir
  let owner: Owner
  let guest: Owner
  let link = ''

  const somebody = async (name: string, passphrase: string) => {
    const phone = await world.phone({ installs: true })
    // What was being read as the network went is its console's, not ours.
    phone.allowErrors(/net::ERR_INTERNET_DISCONNECTED/)
    const person = new Owner(phone, name, passphrase)
    await person.page.emulateMedia({ reducedMotion: 'reduce' })
    return person
  }

  /** Each screen is kept as it was where the story breaks. */
  const tell = async (story: () => Promise<void>) => {
    try {
      await story()
    } catch (error) {
      for (const person of [owner, guest]) await person?.picture('when it failed').catch(() => undefined)
      throw error
    }
  }

  const signs = async ({ page }: Owner) => {
    const sheet = page.getByRole('dialog', { name: walletEn.signing.titleTransaction })
    const sign = sheet.locator('.sheet-foot .button.primary')
    await sign.waitFor()
    await sign.click()
    await sheet.waitFor({ state: 'detached', timeout: SETTLED })
  }

  const says = ({ page }: Owner, text: string | RegExp, timeout = SETTLED) =>
    page.getByText(text).first().waitFor({ timeout })

  beforeAll(async () => {
    world = await startWorld()
    device = world.device({ maker: world.maker.address, name: lock.name, hardware: lock.hardware })
    owner = await somebody('owner', 'first owner passphrase')
    guest = await somebody('guest', 'the guest has another')
  })

  afterAll(() => world?.stop())

  it('is offered by its owner, who finds the way from the lock itself', () =>
    tell(async () => {
      await owner.createWallet()
      await owner.getPlayMoney()
      await owner.person.addDevice(lock.name)
      await owner.openOwnership()
      await owner.pairByButton(() => device.device.pressButton())
      await owner.claim()
      await owner.page.getByRole('link', { name: walletEn.owned.letting }).click()
      await owner.heading(words.letting.title).waitFor()
      await says(owner, words.letting.notFiled)
      await owner.looks('not ready to be let')
      await owner.button(words.letting.notFiledAction).click()
      await signs(owner)
      await owner.page.getByText(words.letting.notFiled).waitFor({ state: 'detached', timeout: SETTLED })
      await owner.looks('ready to be let')
      await owner.page.getByRole('link', { name: words.letting.newOffer }).click()
      await owner.page.getByText(words.editor.kinds.instant, { exact: true }).click()
      await owner.looks('proofs are off')
      await owner.button(words.editor.instantAllow).click()
      await owner.page.getByText(words.editor.instantOff).waitFor({ state: 'detached', timeout: SETTLED })
      await owner.field(words.editor.price('ETH', words.offer.per.hour)).fill('0.01')
      await owner.looks('new offer')
      await owner.button(words.editor.next).click()
      await signs(owner)
      await owner.button(words.letting.notFiledAction).click()
      await signs(owner)
      await owner.page.getByText(words.letting.notFiled).waitFor({ state: 'detached', timeout: SETTLED })
      await says(owner, words.letting.offerStates.live)
      await owner.looks('offered')
      await owner.button(words.letting.share).click()
      link = (await owner.page.getByRole('dialog').locator('p.breakable').textContent()) ?? ''
      expect(link).toContain('/offer/0x')
    }))

  it('is looked at, paid for and opened by a stranger, also offline', () =>
    tell(async () => {
      const { page, person } = guest
      await page.goto(link)
      await page.getByRole('heading', { name: words.offer.truths }).waitFor()
      await guest.looks('offer')
      await page.locator('.month-days .day.free').first().click()
      await page.locator('.hour-chips .day.free').first().click()
      await says(guest, words.offer.needsWallet)
      await page.getByRole('link', { name: walletEn.claim.createWallet }).click()
      await guest.chooseWallet()
      await page.getByRole('link', { name: walletEn.create.goOn }).click()
      // What was chosen is still chosen, and only the lock can tell that it takes proofs.
      await guest.button(words.offer.pay('0.01 ETH')).waitFor()
      person.chooser.setAnswer({ take: lock.name })
      await guest.button(words.offer.askLock).click()
      await says(guest, words.offer.proofFits)
      expect(await page.getByText(words.offer.unread).count()).toBe(0)
      await guest.getPlayMoney()
      await guest.looks('time chosen')
      await guest.button(words.offer.pay('0.01 ETH')).click()
      await signs(guest)
      await guest.looks('paid')
      // Not while the payment is on its way.
      await page.locator('.open-button.ready').waitFor({ timeout: SETTLED })
      await guest.looks('key')
      await page.context().setOffline(true)
      await page.locator('.open-button').click()
      await page.locator('.open-state', { hasText: words.outcomes.done.state }).waitFor({ timeout: SETTLED })
      await guest.looks('open')
      await page.context().setOffline(false)
    }))

  it('leaves the guest with the lock’s word, which the owner can check for himself', () =>
    tell(async () => {
      const { page } = guest
      await page.getByText(words.oneKey.receiptProof).click()
      await guest.button(words.oneKey.prove).click()
      await guest.button(words.oneKey.anchorAction).click()
      await signs(guest)
      await says(guest, walletEn.payments.states.final)
      const download = page.waitForEvent('download')
      await guest.button(words.oneKey.prove).click()
      await says(guest, words.oneKey.provedBody)
      await guest.looks('receipt saved')
      await owner.page.keyboard.press('Escape')
      await owner.person.goTo('keys')
      await owner.page.getByRole('link', { name: words.oneKey.check }).click()
      await owner.heading(words.checkReceipt.title).waitFor()
      const file = await (await download).path()
      await owner.page.locator('input[type=file]').setInputFiles(file)
      await says(owner, words.checkReceipt.holds)
      await says(owner, words.outcomes.done.state)
      await owner.looks('receipt checked')
      const changed = readFileSync(file, 'utf8').replace(/"counter":\d+/, '"counter":99')
      const buffer = Buffer.from(changed)
      await owner.page
        .locator('input[type=file]')
        .setInputFiles({ name: 'changed.json', mimeType: 'application/json', buffer })
      await says(owner, words.failures.receiptNotSigned.title)
      expect(await owner.page.getByText(words.checkReceipt.holds).count()).toBe(0)
    }))

  it('shows its owner the stay and the money, opens for its owner, and for who was lent a key', () =>
    tell(async () => {
      await owner.person.goTo('keys')
      await owner.page.getByRole('link', { name: words.keys.let }).click()
      await says(owner, words.letting.stayStates.now)
      await owner.looks('the stay')
      await owner.button(words.letting.withdraw).click()
      await signs(owner)
      await says(owner, words.letting.withdrawNone)

      await guest.person.goTo('keys')
      await guest.page.getByRole('link', { name: words.keys.receive }).click()
      const asked = await guest.codeOnScreen(words.receiveKey.code)
      await owner.page.getByRole('link', { name: words.letting.lend, exact: true }).click()
      await owner.pasteCode(asked)
      await owner.field(words.lend.who).fill('Guest')
      await owner.looks('lending')
      await owner.button(words.lend.make).click()
      const lent = await owner.codeOnScreen(words.lend.code)
      await owner.looks('lent')
      await guest.pasteCode(lent)
      await guest.page.locator('.open-button').click()
      await guest.page.locator('.open-state', { hasText: words.outcomes.done.state }).waitFor()
      await guest.looks('opened with the lent key')

      await owner.person.goTo('keys')
      await owner.page.locator('.key-card', { hasText: words.keys.state.own }).click()
      await owner.page.locator('.open-button').click()
      await owner.page.locator('.open-state', { hasText: words.outcomes.done.state }).waitFor()
      await owner.looks('opened by its owner')
      await guest.close()
      await owner.close()
    }))
})
