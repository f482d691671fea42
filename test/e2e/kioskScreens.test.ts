// The kiosk’s screens over a fake kiosk: large, spoken for by axe, in both languages; the PIN, and nothing left of a customer.
import type { Page } from 'playwright-core'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buyingEn } from '../../src/ui/i18n/buyingEn.ts'
import { en as app } from '../../src/ui/i18n/en.ts'
import { kioskEn as en } from '../../src/ui/i18n/kioskEn.ts'
import { kioskZh as zh } from '../../src/ui/i18n/kioskZh.ts'
import { sellingEn } from '../../src/ui/i18n/sellingEn.ts'
import { hex } from '../preview/fixtures.ts'
import { axeViolations } from './harness/accessible.ts'
import { everyOther, previewPage, type ShownScreen } from './harness/previewPage.ts'

const wall = { width: 1080, height: 1920 }
const tablet = { width: 800, height: 1280 }

/** See test/preview/fakeKiosk.ts. The first half is looked at on a wall by day, the other on a tablet by night in Chinese. */
const byDay = ['kiosk', 'kioskPaying', 'kioskDispensing', 'kioskRunning', 'kioskDropped', 'kioskRefunding']
const byNight = ['kioskLong', 'kioskPayingLate', 'kioskFinal', 'kioskNotCharged', 'kioskClosed']
const sell = `/sell/${hex(45)}`
/** The owner’s and the buyer’s: screens of the normal app. */
const onPhone: readonly ShownScreen[] = [
  ['/kiosk', 'kioskNew'],
  ['/kiosk', 'kioskAsking'],
  [sell, 'selling'],
  [sell, 'sellingDown'],
  [`${sell}/products`, 'sellingDollars'],
  [`${sell}/kiosk`, 'selling'],
  ['/buy', 'selling'],
  ['/buy/signed', 'selling'],
  ['/buy/prepaid', 'selling'],
  ['/buy#FOB:SALE:X', 'sellingNew'],
]

const shown = previewPage()
const { open, resize, complaints, button, heading, field, describeScreens } = shown
let page: Page
beforeAll(() => {
  page = shown.page
})
beforeEach(() => page.setViewportSize(wall))

/** Fingers on glass, at arm’s length: 64 px at least. */
async function expectAccessible(): Promise<void> {
  expect(await axeViolations(page, { advice: true })).toEqual([])
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.kiosk button, .kiosk-ways label')]
      .filter(element => element.checkVisibility())
      .filter(element => element.getBoundingClientRect().height < 63.5)
      .map(element => element.outerHTML.slice(0, 120)),
  )
  expect(small).toEqual([])
}

/** Nothing of the kiosk is cut off at its side, and all letters can be read from afar. */
async function expectReadable(): Promise<void> {
  const faults = await page.evaluate(() => {
    const least = 0.014 * window.innerWidth
    const found: string[] = []
    for (const element of document.querySelectorAll<HTMLElement>('.kiosk *')) {
      const text = [...element.childNodes].some(
        node => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
      )
      if (!text || !element.checkVisibility() || element.closest('.hidden-text, .attract-wall') !== null)
        continue
      const { right, left } = element.getBoundingClientRect()
      if (
        Number.parseFloat(getComputedStyle(element).fontSize) < least ||
        right > window.innerWidth + 1 ||
        left < -1
      )
        found.push(element.outerHTML.slice(0, 120))
    }
    return found
  })
  expect(faults).toEqual([])
}

/** Which of these are not whole on the screen, or lie below something else. */
const covered = (...selectors: readonly string[]): Promise<readonly string[]> =>
  page.evaluate(
    all =>
      all.filter(selector => {
        const element = document.querySelector(selector)
        const box = element?.getBoundingClientRect()
        if (element === null || box === undefined || box.height === 0) return true
        return [box.top + 1, box.bottom - 1].some(y => {
          const top = document.elementFromPoint(box.left + box.width / 2, y)
          return top === null || !(element.contains(top) || top.contains(element))
        })
      }),
    selectors,
  )

const touch = () => button(en.attract.touch).click()
async function knock(): Promise<void> {
  for (let times = 0; times < 5; times++) await page.locator('.kiosk-name').click()
}
async function type(pin: string): Promise<void> {
  for (const digit of pin) await button(digit).click()
  await button(en.pin.enter).click()
}

describe.each([
  { lang: 'en', theme: 'light', size: wall, scenarios: byDay },
  { lang: 'zh', theme: 'dark', size: tablet, scenarios: byNight },
])('at $size.width in $lang', ({ lang, theme, size, scenarios }) => {
  test.each(scenarios)('%s is accessible, read from afar, and breaks no rule', async scenario => {
    await page.setViewportSize(size)
    await open('/kiosk', scenario, { lang, theme })
    await expectAccessible()
    await expectReadable()
    if (await page.locator('.attract-touch').isVisible()) {
      await page.locator('.attract-touch').click()
      await expectAccessible()
      await expectReadable()
      await page.locator('.kiosk-tile').first().click()
      await expectAccessible()
      await expectReadable()
    }
    expect(complaints()).toEqual([])
  })
})

describeScreens([
  { lang: 'en', theme: 'light', shown: everyOther(onPhone, 0) },
  { lang: 'zh', theme: 'dark', shown: everyOther(onPhone, 1) },
])

describe('a customer', () => {
  test('chooses, is shown the exact amount and both ways to pay, and begins again from anywhere', async () => {
    await open('/kiosk', 'kiosk')
    await touch()
    await page.getByRole('button', { name: /Cola/ }).click()
    await button(en.product.more).click()
    await button(en.product.buy('0.00144\u00a0ETH')).click()
    await page.getByText('0.000720011234560042\u00a0ETH').waitFor()
    await page.getByText(en.pay.waiting).waitFor()
    await page.setViewportSize({ width: 1280, height: 800 })
    expect(await covered('.kiosk-code .qr', '.kiosk-exact', '.kiosk-address', '.kiosk-live')).toEqual([])
    await page.setViewportSize(wall)
    await page.getByRole('radio', { name: en.pay.fob }).check()
    await page.getByText(en.pay.fobStep).waitFor()
    await button(en.startOver).click()
    await button(en.attract.touch).waitFor()
  })

  test('is told why a product can’t be had, before anything is paid', async () => {
    await open('/kiosk', 'kioskSoldOut')
    await touch()
    const sold = page.getByRole('button', { name: /Iced coffee/ })
    expect(await sold.getAttribute('aria-disabled')).toBe('true')
    await page.getByRole('button', { name: /Still water/ }).click()
    await button(en.product.buy('0.00048\u00a0ETH')).click()
    await page.getByText(en.begin.soldOut.body).waitFor()
  })

  test('is asked before a paid sale is cleared from the screen', async () => {
    await open('/kiosk', 'kioskSeen')
    await button(en.startOver).click()
    await page.getByText(en.leaveSale.body).waitFor()
    await button(en.leaveSale.stay).click()
    await heading(en.seen.title).waitFor()
    await button(en.startOver).click()
    await button(en.leaveSale.clear).click()
    await button(en.attract.touch).waitFor()
  })

  test('leaves no trace: idle, he is warned, and then language, voice and choice are gone', async () => {
    await page.clock.install()
    await open('/kiosk', 'kiosk')
    await page.locator('.kiosk-tool', { hasText: '中文' }).click()
    await button(zh.attract.touch).click()
    await button(zh.speech.on).click()
    await page.getByRole('button', { name: /可乐/ }).click()
    await page.clock.fastForward(32_000)
    await page.getByText(zh.idle.title).waitFor()
    await button(zh.idle.stay).click()
    await page.getByText(zh.idle.title).waitFor({ state: 'detached' })
    await heading('可乐').waitFor()
    await page.clock.fastForward(46_000)
    await button(en.attract.touch).waitFor()
    expect(await button(en.speech.on).getAttribute('aria-pressed')).toBe('false')
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
    // A receipt stays for as long as it takes to scan it, and goes too.
    await open('/kiosk', 'kioskDropped')
    await page.clock.fastForward(30_000)
    await heading(en.dropped.title).waitFor()
    await page.clock.fastForward(12_000)
    await button(en.attract.touch).waitFor()
  })

  test('is not interrupted by a newer build, which is taken once nobody has been there for a while', async () => {
    await page.clock.install()
    await open('/kiosk', 'kioskAppUpdate')
    const isSamePage = () => page.evaluate(() => Reflect.get(window, 'isSame') === true)
    await page.evaluate(() => void Reflect.set(window, 'isSame', true))
    await page.clock.fastForward(5_000)
    await touch()
    await page.clock.fastForward(25_000)
    expect(await isSamePage()).toBe(true)
    await button(en.startOver).click()
    await page.clock.fastForward(9_000)
    expect(await isSamePage()).toBe(true)
    await page.clock.fastForward(2_000)
    await expect.poll(isSamePage).toBe(false)
    await button(en.attract.touch).waitFor()
  })

  test('is spoken to only when he asks for it', async () => {
    await page.addInitScript(() => {
      const said: string[] = []
      Object.assign(window, { said })
      speechSynthesis.speak = utterance => void said.push(`${utterance.lang} ${utterance.text}`)
    })
    await open('/kiosk', 'kiosk')
    const said = () => page.evaluate(() => Reflect.get(window, 'said') as string[])
    expect(await said()).toEqual([])
    await button(en.speech.on).click()
    expect(await said()).toEqual([`en ${en.attract.spoken}`])
    await page.locator('.kiosk-tool', { hasText: '中文' }).click()
    await button(zh.attract.touch).click()
    expect((await said()).at(-1)).toBe(`zh-CN ${zh.grid.spoken}`)
  })
})

describe('the owner', () => {
  test('gets in by five knocks and the PIN, waits after wrong ones, and is put out by walking away', async () => {
    await page.clock.install()
    await open('/kiosk', 'kioskAlarms')
    await page.locator('.kiosk-name').click()
    await page.locator('.kiosk-name').click()
    expect(await heading(en.pin.title).count()).toBe(0)
    await page.clock.fastForward(5000)
    await knock()
    await heading(en.pin.title).waitFor()
    await expectAccessible()
    await type('1111')
    await page.getByText(en.pin.wrong).waitFor()
    await type('2222')
    await type('3333')
    await page.getByText(en.pin.wait('30 sec')).waitFor()
    expect(await button('1').isDisabled()).toBe(true)
    await page.clock.fastForward(29_000)
    // The door shuts by itself; the wait stays.
    await page.clock.fastForward(3000)
    await button(en.attract.touch).waitFor()
    await knock()
    await type('2580')
    await heading(en.inside.title).waitFor()
    await page.getByText(en.inside.alarm.gasLow.title).waitFor()
    await page.getByText(`${en.inside.slot(7)}: ${en.inside.alarmOfSlot.slotOutOfOrder}`).waitFor()
    await page.setViewportSize({ ...wall, height: 4200 })
    expect(await axeViolations(page, { advice: true })).toEqual([])
    await page.clock.fastForward(301_000)
    await button(en.attract.touch).waitFor()
    expect(complaints()).toEqual([])
  })

  test('sets a kiosk up: PIN twice, machine, answer, money for fees; a simple PIN or a wrong answer is refused', async () => {
    // Also where it is done on the wall itself, which is as wide as a desk’s screen.
    await open('/kiosk', 'kioskAsking')
    expect((await page.locator('#content').boundingBox())?.width).toBeGreaterThan(600)
    await page.setViewportSize(tablet)
    await open('/kiosk', 'kioskNew')
    await type('1111')
    await type('1111')
    await page.getByText(en.failures.pinTooSimple.title).waitFor()
    await type('2580')
    await type('2581')
    await page.getByText(en.setup.pinDiffers).waitFor()
    await type('2580')
    await type('2580')
    await button(en.setup.demo).click()
    await page.getByRole('heading', { name: en.setup.ownerTitle }).waitFor()
    await button(app.pin.paste).click()
    await field(app.pin.pasteLabel).fill('something else')
    await button(app.pin.read).click()
    await page.getByText(en.failures.answerMalformed.title).waitFor()
    await field(app.pin.pasteLabel).fill('FOB:KIOSKGRANT:X')
    await button(app.pin.read).click()
    await page.getByText(en.setup.readyTitle).waitFor()
    await button(en.setup.start).click()
    await button(en.attract.touch).waitFor()
    // From there on there is no way into the app but the PIN.
    expect(await page.getByRole('navigation').count()).toBe(0)
  })

  test('sees sales and alarms from afar, edits a product, and what is wrong is named', async () => {
    await resize('phone')
    await open(sell, 'selling')
    await page.getByText(en.inside.alarm.slotEmpty.title).waitFor()
    await page.getByRole('img', { name: /112 sold and 2 refunded/ }).waitFor()
    await page.getByRole('link', { name: new RegExp(`^${sellingEn.products}`) }).click()
    await page.getByText('Cola · 0.00072 ETH').click()
    const price = page.getByLabel(sellingEn.editor.price('ETH')).nth(1)
    await price.fill('0.0')
    await button(sellingEn.editor.publish).click()
    await page.getByText(sellingEn.editor.faults.fields).waitFor()
    await price.fill('0.0009')
    await button(sellingEn.editor.publish).click()
    await page.getByText(sellingEn.editor.steps.openTill).waitFor()
  })

  test('grants a kiosk by its code, and by no other', async () => {
    await resize('phone')
    await open(`${sell}/kiosk`, 'selling')
    await button(app.pin.paste).click()
    await field(app.pin.pasteLabel).fill('FOB:OFFER:X')
    await button(app.pin.read).click()
    await page.getByText(sellingEn.failures.codeMalformed.title).waitFor()
    await field(app.pin.pasteLabel).fill('FOB:KIOSK:X')
    await button(app.pin.read).click()
    await page.getByLabel(sellingEn.kiosk.slots).fill('0-3, 9')
    await page.getByLabel(sellingEn.kiosk.box).fill('https://box.example')
    await button(sellingEn.kiosk.sign).click()
    await page.getByRole('heading', { name: sellingEn.kiosk.answer }).waitFor()
  })
})

test('a buyer in the app sees the price and who gets it before paying, and what became of it afterwards', async () => {
  await resize('phone')
  await open('/keys/scan', 'selling')
  await button(app.pin.paste).click()
  await field(app.pin.pasteLabel).fill('https://fob.example/buy#FOB:SALE:X')
  await button(app.pin.read).click()
  await page.getByText(buyingEn.parties(2)).waitFor()
  await button(buyingEn.pay('0.00144\u00a0ETH')).click()
  await page.getByText(buyingEn.failures.saleOver.title).waitFor()
  await open('/buy', 'selling')
  await page.getByRole('link', { name: new RegExp(buyingEn.state.dropped.title) }).click()
  await page.getByText(buyingEn.part(1, 2)).waitFor()
  await button(buyingEn.forget).click()
  await page.getByRole('heading', { name: buyingEn.purchases }).waitFor()
  expect(await page.getByRole('link', { name: new RegExp(buyingEn.state.dropped.title) }).count()).toBe(0)
})
