// The screens of paid unlocks over a fake market: what is said before paying, opening with one thumb, letting, lending.
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { en as app } from '../../src/ui/i18n/en.ts'
import { marketEn as en } from '../../src/ui/i18n/marketEn.ts'
import { walletEn as wallet } from '../../src/ui/i18n/walletEn.ts'
import { hex } from '../preview/fixtures.ts'
import { previewPage, type ShownScreen } from './harness/previewPage.ts'

const letting = `/let/${hex(45)}`
const offer = `/offer/${hex(220)}`

/** Address and scenario (see test/preview/fakeMarket.ts). */
const screens: readonly ShownScreen[] = [
  ['/keys', 'market'],
  ['/keys', 'marketFresh'],
  ['/keys/near', 'marketGuest'],
  ['/keys/receive', 'market'],
  ['/keys/check', 'market'],
  ['/keys/key/lent', 'market'],
  ['/keys/key/staff-unanswered', 'market'],
  ['/keys/key/signer', 'market'],
  ['/keys/key/refund', 'market'],
  ['/keys/key/moved/move', 'market'],
  [offer, 'market'],
  [offer, 'marketInstant'],
  [offer, 'marketDown'],
  [letting, 'market'],
  [letting, 'marketFresh'],
  [letting, 'marketBox'],
  [`${letting}/offer`, 'marketReady'],
  [`${letting}/hours`, 'market'],
  [`${letting}/lend?to=FOB:ASK:X`, 'market'],
  [`${letting}/staff`, 'market'],
]

const preview = previewPage()
const { open, resize, expectAccessible, button, link, heading, field, dialog } = preview
let page: Page
beforeAll(() => {
  page = preview.page
})

const openButton = () => page.locator('.open-button')
const openState = () => page.locator('.open-state').textContent()
/** What the place of the state has said since, with the button's `aria-disabled` at that moment: steps are too short to be met. */
async function watchOpening(): Promise<() => Promise<(readonly [string | null, string | null])[]>> {
  const said = await page.evaluateHandle(() => {
    const said: [string | null, string | null][] = []
    new MutationObserver(() => {
      const find = (name: string) => document.querySelector(name)
      const isOff = find('.open-button')?.getAttribute('aria-disabled') ?? null
      said.push([find('.open-state')?.textContent ?? null, isOff])
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
    return said
  })
  return () => said.jsonValue()
}

/** Days that can be chosen, in the order of the month. */
const freeDays = () => page.locator('.month-days .day.free')

async function paste(text: string): Promise<void> {
  if (!(await field(app.pin.pasteLabel).isVisible())) await button(app.pin.paste).click()
  await field(app.pin.pasteLabel).fill(text)
  await button(app.pin.read).click()
}

/** In the other language and theme those that differ most: the rest is made of the same parts. */
const again = new Set(['/keys', '/keys/near', '/keys/key/lent', '/keys/key/signer', offer, letting])

preview.describeScreens([
  { lang: 'en', theme: 'light', shown: screens },
  {
    lang: 'zh',
    theme: 'dark',
    shown: screens.filter(
      ([path], index) => again.has(path) && screens.findIndex(([p]) => p === path) === index,
    ),
  },
])

describe('finding the way', () => {
  test('keys are one tap away, and letting is offered where the lock is', async () => {
    await open('/', 'market')
    await page.getByRole('navigation').getByRole('link', { name: app.common.nav.keys }).click()
    await heading(en.keys.title).waitFor()
    await open(`/wallet/device/${hex(45)}`, 'market')
    await page.getByRole('link', { name: wallet.owned.letting }).click()
    await heading(en.letting.title).waitFor()
    await link(en.letting.newOffer).click()
    await heading(en.editor.title).waitFor()
  })

  test('a code leads to where it is used, and one for something else says so', async () => {
    await open('/keys/scan', 'market')
    await paste('FOB:SOMETHING')
    await page.getByText(en.failures.notAMarketCode.title).waitFor()
    await paste('FOB:OFFER:X')
    await page.getByRole('heading', { name: en.offer.truths }).waitFor()
    await open('/keys/scan', 'market')
    await paste('FOB:KEY:X')
    await openButton().waitFor()
    await open('/keys/scan', 'market')
    await paste('FOB:ASK:X')
    await page.getByText(en.scan.lendOf).waitFor()
    await page.locator('main').getByRole('link', { name: 'Front door' }).click()
    await page.getByText(en.lend.scanned).waitFor()
  })

  test('a lock that is near tells what it offers', async () => {
    await open('/keys/near', 'marketInstant')
    await page.getByRole('button', { name: /Demo lock/ }).click()
    await page.getByRole('link', { name: /0.02 ETH an hour/ }).click()
    await page.getByRole('heading', { name: en.offer.truths }).waitFor()
    // It was asked: that it takes proofs is known before paying.
    expect(await page.getByText(en.offer.unread).count()).toBe(0)
  })
})

describe('before paying', () => {
  test('it is said what this browser can’t do, who else could open, and whether money comes back', async () => {
    await open(offer, 'marketGuest')
    const truths = page.locator('.truths > li')
    expect(await truths.first().textContent()).toContain(en.offer.noRadio)
    await page.getByText(en.offer.whoAttestors(2, 3)).waitFor()
    await page.getByText(/you get all of it back/).waitFor()
    await page.getByText(/13 min/).waitFor()
    await open(offer, 'marketInstant')
    await page.getByText(en.offer.instant).waitFor()
    await page.getByText(en.offer.unread).waitFor()
  })

  test('the lock is asked on the spot, and nothing is paid for one that has no room for the proof', async () => {
    await open(offer, 'marketNoRoom')
    await freeDays().first().click()
    await page.locator('.hour-chips .day.free').first().click()
    expect(await button(en.offer.pay('0.02 ETH')).isEnabled()).toBe(true)
    await button(en.offer.askLock).click()
    await expect
      .poll(() => page.locator('.truths > li').first().textContent())
      .toContain(en.offer.proofTooLong)
    expect(await button(en.offer.payInVain).isDisabled()).toBe(true)
    await expectAccessible()
  })

  test('a stranger chooses without a wallet, is led to one, and the way leads back here', async () => {
    await open(offer, 'marketGuest')
    expect(await button(en.offer.payNeedsTime).isDisabled()).toBe(true)
    await freeDays().first().click()
    await page.getByText(en.offer.needsWallet).waitFor()
    const href = await link(wallet.claim.createWallet).getAttribute('href')
    expect(decodeURIComponent(href ?? '')).toContain(`?then=${offer}`)
  })

  test('the terms are told from another document on this phone', async () => {
    await open(offer, 'market')
    const choose = (name: string, text: string) =>
      page.locator('input[type=file]').setInputFiles({ name, mimeType: '', buffer: Buffer.from(text) })
    await choose('terms.pdf', 'other words')
    await page.getByText(en.offer.termsOther).waitFor()
    await choose('terms.pdf', 'terms')
    await page.getByText(en.offer.termsSame).waitFor()
  })

  test('nights are chosen by hand or by keys, as long as they are free, and the sum follows', async () => {
    await open(offer, 'market')
    const first = freeDays().first()
    await first.focus()
    await page.keyboard.press('Enter')
    await button(en.offer.pay('0.02 ETH')).waitFor()
    await button(en.calendar.more).click()
    await button(en.offer.pay('0.04 ETH')).waitFor()
    expect(await page.locator('.day.between').count()).toBe(1)
    await resize('tall')
    await expectAccessible()
    await page.keyboard.press('Escape')
    await page.locator('.day.chosen').focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('day')
    const taken = page.locator('.month-days .day.booked').first()
    expect(await taken.getAttribute('aria-disabled')).toBe('true')
    expect(await taken.getAttribute('aria-label')).toContain(en.calendar.booked)
    await button(en.offer.pay('0.04 ETH')).click()
    await dialog().waitFor()
  })

  test('hours that are sold one by one are chosen from a day', async () => {
    await open(offer, 'marketInstant')
    await freeDays().nth(3).click()
    await page.locator('.hour-chips .day.free').nth(2).click()
    await button(en.offer.pay('0.02 ETH')).waitFor()
    await button(en.calendar.more).click()
    await button(en.offer.pay('0.04 ETH')).waitFor()
    await resize('tall')
    await expectAccessible()
  })

  test('an offer that is paused is not for sale, and one that can’t be read can be read again', async () => {
    await open(offer, 'marketPaused')
    await page.getByText(en.offer.states.paused).waitFor()
    expect(await page.locator('.month').count()).toBe(0)
    await open(offer, 'marketDown')
    await page.getByText(en.failures.chainUnreachable.title).waitFor()
    await button(app.common.retry).waitFor()
  })
})

describe('opening', () => {
  test('is one press, told in words at each step, and ready again afterwards', async () => {
    await open('/keys/key/ready', 'market')
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'vibrate', {
        value: () => document.body.append(document.createElement('vibrated-mark')),
      })
    })
    expect(await openState()).toBe(en.oneKey.idle)
    const steps = await watchOpening()
    await openButton().click()
    await expect.poll(openState).toBe(en.outcomes.done.state)
    expect(await steps()).toContainEqual([en.oneKey.steps.opening, 'true'])
    expect(await openButton().getAttribute('class')).toContain('tone-ok')
    // Once at the press, once for what came of it.
    expect(await page.locator('vibrated-mark').count()).toBe(2)
    expect(await page.locator('.state-line').count()).toBe(3)
    await resize('tall')
    await expectAccessible()
  })

  test('the button is under the thumb, and larger than one', async () => {
    await open('/keys/key/ready', 'market')
    const box = await openButton().boundingBox()
    expect(box?.width).toBeGreaterThan(200)
    expect((box?.y ?? 0) + (box?.height ?? 0) / 2).toBeGreaterThan(300)
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(844)
  })

  test.each([
    ['marketJammed', en.outcomes.failed.state, en.outcomes.failed.next],
    ['marketUncertain', en.outcomes.timeUncertain.state, en.outcomes.timeUncertain.next],
    ['marketLost', en.failures.outcomeUnknown.title, en.failures.outcomeUnknown.next],
  ])('says what to do when it fails (%s)', async (scenario, state, next) => {
    await open('/keys/key/ready', scenario)
    await openButton().click()
    await expect.poll(openState).toBe(state)
    await page.getByText(next).waitFor()
    expect(await openButton().textContent()).toContain(en.oneKey.again)
    await resize('tall')
    await expectAccessible()
  })

  test('a key that does not open now says why, and does nothing', async () => {
    await open('/keys/key/later', 'market')
    expect(await openState()).toMatch(/30 hr|29 hr/)
    await openButton().click({ force: true })
    expect(await openState()).toMatch(/30 hr|29 hr/)
    await open('/keys/key/ended', 'market')
    expect(await openState()).toBe(en.oneKey.off.ended)
  })
})

describe('keys', () => {
  test('leave receipts, which are proven to others and looked at by them', async () => {
    await open('/keys/key/ready', 'market')
    await page.getByText(en.oneKey.receiptProof).first().click()
    const download = page.waitForEvent('download')
    await button(en.oneKey.prove).first().click()
    await page.getByText(en.oneKey.provedBody).waitFor()
    await button(en.log.look).click()
    await page.getByText(en.log.some(1, 2)).waitFor()
    await resize('tall')
    await expectAccessible()
    await button(en.oneKey.anchorAction).click()
    await dialog().getByText(wallet.signing.titleTransaction).waitFor()
    await open('/keys', 'market')
    await link(en.oneKey.check).click()
    await page.locator('input[type=file]').setInputFiles(await (await download).path())
    await page.getByText(en.checkReceipt.holds).waitFor()
    await page.getByText(en.checkReceipt.paste).click()
    await field(en.checkReceipt.text).fill('{}')
    await button(en.checkReceipt.read).click()
    await page.getByText(en.failures.notAReceipt.title).waitFor()
    expect(await page.getByText(en.checkReceipt.holds).count()).toBe(0)
    await resize('tall')
    await expectAccessible()
  })

  test('that nobody signed give the money back after a look at it', async () => {
    await open('/keys/key/refund', 'market')
    await button(en.oneKey.refund).click()
    await dialog().getByText(wallet.signing.titleTransaction).waitFor()
    // It says in the sheet why it was not signed, and nothing of that stays when the person leaves it.
    await dialog().locator('.sheet-foot .button.primary').click()
    const why = dialog().getByText(wallet.failures.proposalExpired.title)
    await why.waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe('failure-place')
    // It can only be proposed afresh.
    await button(wallet.signing.again).click()
    await why.waitFor({ state: 'detached' })
    await dialog().locator('.sheet-foot .button.primary').click()
    await why.waitFor()
    await button(wallet.signing.cancel).click()
    await dialog().waitFor({ state: 'detached' })
    expect(await page.getByText(wallet.failures.proposalExpired.title).count()).toBe(0)
    await button(en.oneKey.refund).click()
    await dialog().getByText(wallet.signing.titleTransaction).waitFor()
  })

  test('say what went wrong in view, with the focus on it', async () => {
    await open('/keys/key/refund', 'marketDown')
    await resize('small')
    await button(en.oneKey.refund).click()
    const failure = page.getByText(en.failures.chainUnreachable.title)
    await failure.waitFor()
    const isFocused = () => page.evaluate(() => document.activeElement?.className)
    await expect.poll(isFocused).toBe('failure-place')
    const box = await failure.boundingBox()
    const { height } = page.viewportSize() ?? { height: 0 }
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(height)
  })

  test('that are over are removed only when it is meant', async () => {
    const cards = page.locator('.key-card')
    await open('/keys', 'market')
    const before = await cards.count()
    await open('/keys/key/ended', 'market')
    await button(en.oneKey.forget).click()
    await button(en.oneKey.forgetSure).click()
    await heading(en.keys.title).waitFor()
    expect(await cards.count()).toBe(before - 1)
  })

  test('move to a phone whose code is scanned, and to nothing else', async () => {
    await open('/keys/key/ready', 'market')
    await link(en.oneKey.move).click()
    await paste('FOB:KEY:X')
    await page.getByText(en.failures.notAKeyRequest.title).waitFor()
    await paste('FOB:ASK:X')
    await dialog().waitFor()
  })
})

describe('letting', () => {
  test('names what is missing in an offer, makes shares add up, and shows it before it is signed', async () => {
    await open(`${letting}/offer`, 'marketReady')
    await button(en.editor.next).click()
    await page.getByText(en.editor.fix).waitFor()
    await page.getByText(wallet.send.faults.amountEmpty).waitFor()
    await field(en.editor.price('ETH', en.offer.per.hour)).fill('0.01')
    await button(en.shares.add).click()
    await field(en.shares.payee).fill(hex(204, 20))
    await field(en.shares.percent).fill('120')
    await page.getByText(en.shares.faults.percent).waitFor()
    await field(en.shares.percent).fill('12.5')
    await page.getByText('87.5 %').waitFor()
    await page.getByText('0.00875 ETH').waitFor()
    await page.locator('input[type=file]').setInputFiles({
      name: 'house rules.pdf',
      mimeType: '',
      buffer: Buffer.from('no parties'),
    })
    await page.getByText('house rules.pdf').waitFor()
    await page.getByText(en.hours.some, { exact: true }).click()
    await field('Saturday').check()
    await resize('tall')
    await expectAccessible()
    await page.getByText(en.editor.kinds.instant, { exact: true }).click()
    await page.getByText(en.editor.instantOff).waitFor()
    await button(en.editor.next).click()
    await dialog().waitFor()
  })

  test('shares an offer as a code and a link, and asks before it ends all keys', async () => {
    await open(letting, 'market')
    await button(en.letting.share).first().click()
    await dialog()
      .getByText(new RegExp(`/offer/${hex(220)}`))
      .waitFor()
    await expectAccessible()
    await page.keyboard.press('Escape')
    await button(en.letting.revoke).click()
    await dialog().getByText(en.letting.revokeBody).waitFor()
    await expectAccessible()
    await page.keyboard.press('Escape')
    await button(en.letting.sign).click()
    await dialog().waitFor()
    await page.keyboard.press('Escape')
    await button(en.letting.withdraw).click()
    await dialog().waitFor()
  })

  test('lends a key to a phone whose code was scanned, and shows the key’s code', async () => {
    await open(letting, 'market')
    await link(en.letting.lend).click()
    await paste('FOB:KEY:X')
    await page.getByText(en.failures.notAKeyRequest.title).waitFor()
    await paste('FOB:ASK:X')
    await field(en.lend.who).fill('Grandmother')
    await page.getByText(en.lend.usesSome, { exact: true }).click()
    await field(en.lend.usesCount).fill('0')
    expect(await button(en.lend.make).isDisabled()).toBe(true)
    await field(en.lend.usesCount).fill('3')
    await button(en.lend.make).click()
    await page.getByRole('img', { name: en.lend.code }).waitFor()
    await link(en.lend.done).click()
    await page.getByText('Grandmother').waitFor()
  })

  test('tells that a box does not answer, and offers to start one that does', async () => {
    await open(letting, 'marketBox')
    await button(en.letting.signerStart).click()
    await dialog().waitFor()
    await open(letting, 'market')
    await page.getByText(en.letting.signerChange).click()
    await button(en.letting.signerBoxNamed('Gatehouse')).click()
    await page.getByText(en.failures.boxUnreachable.title).waitFor()
  })
})
