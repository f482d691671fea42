// Every screen in every state, over a fake Fob: accessible in both themes and languages, and usable by keyboard.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { fleet } from '../../src/ui/i18n/en/fleet.ts'
import { en } from '../../src/ui/i18n/en.ts'
import { zh } from '../../src/ui/i18n/zh.ts'
import { acme, hex, lockModel, other } from '../preview/fixtures.ts'
import { type Preview, servePreview } from '../preview/serve.ts'

const phone = { width: 390, height: 844 }
/** So tall that no control is scrolled half under the fixed bars, where axe would call it too small. */
const tallPhone = { width: 390, height: 3200 }
const smallPhone = { width: 360, height: 640 }
const desktop = { width: 1280, height: 800 }

const model = `/releases/${acme}/${encodeURIComponent(lockModel.name)}/${lockModel.hardware}`
const update = '/device/front/update'

/** Address and scenario (see test/preview/fakeFob.ts). */
const screens: readonly (readonly [path: string, scenario: string])[] = [
  ['/', 'full'],
  ['/', 'empty'],
  ['/', 'unsupported'],
  ['/', 'notices'],
  ['/', 'networkMissing'],
  ['/device/front', 'full'],
  ['/device/alarm', 'full'],
  ['/device/sensor', 'full'],
  ['/device/vendor', 'full'],
  ['/device/plain', 'full'],
  ['/device/front', 'checking'],
  [update, 'connecting'],
  [update, 'uploading'],
  [update, 'awaitingDevice'],
  [update, 'consent'],
  [update, 'failed'],
  [update, 'cancelled'],
  [update, 'done'],
  ['/device/front/result/h2', 'full'],
  ['/several', 'fleet'],
  ['/several', 'fleet-running'],
  ['/several', 'fleet-ended'],
  ['/makers', 'full'],
  ['/makers', 'empty'],
  [`/makers/${acme}`, 'full'],
  ['/makers/add', 'full'],
  [`/makers/add?suggested=${other}`, 'full'],
  ['/releases', 'full'],
  [model, 'full'],
  ['/settings', 'full'],
  ['/settings/network', 'full'],
  ['/settings/network/change', 'networkChange'],
  ['/settings/serving', 'servingOn'],
  ['/settings/serving', 'servingFailed'],
  ['/browser', 'unsupported'],
  ['/nothing/here', 'full'],
]

let folder: string
let preview: Preview
let browser: Browser
let page: Page
let complaints: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fob-screens-'))
  preview = await servePreview(folder)
  browser = await chromium.launch({
    executablePath: inject('chromiumPath'),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
  // AxeBuilder wants a page of an explicit context.
  const context = await browser.newContext()
  page = await context.newPage()
  // A style or script that the policy refuses, a component that throws: all of them are said here.
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(error.message))
})

afterAll(async () => {
  await browser?.close()
  await preview?.close()
  await rm(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  complaints = []
  await page.setViewportSize(phone)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
})

async function open(path: string, scenario: string, look: { lang?: string; theme?: string } = {}) {
  const url = new URL(path, preview.origin)
  url.searchParams.set('scenario', scenario)
  for (const [name, value] of Object.entries(look)) url.searchParams.set(name, value)
  await page.goto(url.href)
  await page.locator('h1').waitFor()
  await page.locator('.skeleton').waitFor({ state: 'detached' })
}

const violations = async (): Promise<readonly string[]> => {
  const axe = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  return axe.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
}

/** Controls that a thumb has to hit, smaller than 48 px in height; links within running text are as high as their line. */
const smallTargets = (): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a[href], summary, .input')]
      .filter(element => element.checkVisibility() && !element.matches('.skip, .state-line a'))
      .filter(element => element.getBoundingClientRect().height < 47.5)
      .map(element => element.outerHTML.slice(0, 120)),
  )

const isTooWide = (): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)

/** Each in one of both looks, every other one in the other: what differs between them lies in words and colours that all share. */
const shownIn = (look: 0 | 1) => screens.filter((_, index) => index % 2 === look)

describe.each([
  { lang: 'en', theme: 'light', shown: shownIn(0) },
  { lang: 'zh', theme: 'dark', shown: shownIn(1) },
])('in $lang and $theme', ({ shown, ...look }) => {
  test.each(shown)('%s (%s) is accessible, fits, and breaks no rule', async (path, scenario) => {
    await open(path, scenario, look)
    expect(await page.locator('html').getAttribute('lang')).toBe(look.lang === 'zh' ? 'zh-Hans' : 'en')
    await page.setViewportSize(tallPhone)
    expect(await violations()).toEqual([])
    expect(await smallTargets()).toEqual([])
    await page.setViewportSize(smallPhone)
    expect(await isTooWide()).toBe(false)
    expect(complaints).toEqual([])
  })
})

test('colours keep their contrast in the other combinations', async () => {
  for (const [path, scenario] of [
    ['/', 'full'],
    [update, 'consent'],
    ['/device/alarm', 'full'],
  ] as const) {
    for (const look of [
      { lang: 'en', theme: 'dark' },
      { lang: 'zh', theme: 'light' },
    ]) {
      await page.setViewportSize(tallPhone)
      await open(path, scenario, look)
      expect(await violations()).toEqual([])
    }
  }
})

test('sheets are accessible, closed by Escape, and give the focus back', async () => {
  await open('/device/front', 'full')
  const opener = page.getByRole('button', { name: en.evidence.open })
  await opener.click()
  const sheet = page.getByRole('dialog', { name: en.evidence.title })
  await sheet.getByText(en.evidence.manifestHash).waitFor()
  expect(await violations()).toEqual([])
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
  expect(await opener.evaluate(element => element === document.activeElement)).toBe(true)
})

test('the evidence is one tap away from the words', async () => {
  await open('/device/vendor', 'full')
  await page.getByRole('button', { name: en.evidence.openUnproven }).click()
  const sheet = page.getByRole('dialog')
  for (const text of [
    en.evidence.explainUnproven.oneEndpoint,
    'rpc.one.example',
    en.evidence.verdict.agreed,
    'node.two.example:8546',
  ]) {
    await sheet.getByText(text).first().waitFor()
  }
})

test('nothing is installed on an unproven release before everything was agreed to', async () => {
  await open(update, 'consent')
  const install = page.getByRole('button', { name: en.update.consent.install('1.3.0') })
  expect(await install.isDisabled()).toBe(true)
  await page.getByLabel(en.update.consent.unprovenCheck).check()
  expect(await install.isDisabled()).toBe(true)
  await page.getByLabel(en.update.consent.modelChosenCheck).check()
  expect(await install.isEnabled()).toBe(true)
  await page.getByLabel(en.update.consent.unprovenCheck).uncheck()
  expect(await install.isDisabled()).toBe(true)
})

test('a plan for several devices is accessible, and begins only when what it asks was agreed to', async () => {
  await open('/several', 'fleet', { lang: 'en', theme: 'dark' })
  await page.setViewportSize(tallPhone)
  await page.getByRole('button', { name: fleet.choose.scan }).click()
  await page.getByRole('dialog', { name: fleet.choose.scanTitle }).waitFor()
  expect(await violations()).toEqual([])
  await page.getByRole('button', { name: en.pin.paste }).click()
  await page.getByLabel(en.pin.pasteLabel).fill(`https://fob.example/device/${hex(1002)}`)
  await page.getByRole('button', { name: en.pin.read }).click()
  await page.getByText(fleet.choose.scanned('Cellar')).waitFor()
  await page.keyboard.press('Escape')
  expect(await page.getByRole('checkbox', { name: /Cellar/ }).isChecked()).toBe(true)
  await page.getByRole('button', { name: fleet.choose.selectShown(8) }).click()
  await page.getByRole('button', { name: fleet.choose.plan(8) }).click()
  const start = page.getByRole('button', { name: fleet.plan.start(6) })
  await start.waitFor()
  expect(await start.isDisabled()).toBe(true)
  expect(await violations()).toEqual([])
  expect(await smallTargets()).toEqual([])
  await page.getByLabel(fleet.plan.rememberedCheck('1.3.0')).check()
  await start.click()
  await page.getByRole('heading', { name: fleet.run.title }).waitFor()
})

test('a thousand devices are drawn a page at a time, and found by three letters', async () => {
  await open('/', 'thousand')
  expect(await page.locator('.device-card').count()).toBeLessThan(200)
  await page.getByLabel(en.devices.search).fill('Door 777')
  await page.getByRole('link', { name: /Door 777/ }).waitFor()
  expect(await page.locator('.device-card').count()).toBe(1)
})

test('an update can be paused, resumed and cancelled, and asks before it cancels', async () => {
  await open(update, 'uploading')
  await page.getByRole('button', { name: en.update.pause }).click()
  await page.getByText(en.update.pausedBody).waitFor()
  await page.getByRole('button', { name: en.update.resume }).click()
  await page.getByRole('button', { name: en.update.cancel }).click()
  await page.getByText(en.update.cancelBody('1.2.0')).waitFor()
  await page.getByRole('button', { name: en.update.cancelYes }).click()
  await page.getByRole('heading', { name: en.update.cancelledTitle }).waitFor()
})

test('an update that can’t be stopped any more offers no way to stop it, and says why', async () => {
  await open(update, 'restarting')
  await page.getByText(en.update.tooLate).waitFor()
  expect(await page.getByRole('button', { name: en.update.cancel }).count()).toBe(0)
})

test('a tab that does not drive the update can only watch', async () => {
  await open(update, 'elsewhere')
  await page.getByText(en.update.elsewhere).waitFor()
  expect(await page.getByRole('button', { name: en.update.pause }).count()).toBe(0)
  expect(await page.getByRole('button', { name: en.update.cancel }).count()).toBe(0)
})

test('a new build of the app is offered, but never while a device is being updated', async () => {
  await open('/', 'appUpdate')
  await page.getByRole('button', { name: en.notices.appUpdateAction }).waitFor()
  await open('/', 'appUpdateHidden')
  await page.getByText('Front door').first().waitFor()
  expect(await page.getByRole('button', { name: en.notices.appUpdateAction }).count()).toBe(0)
})

test('a browser without Bluetooth leads to the demo, and says which browsers have it', async () => {
  await open('/', 'unsupported')
  expect(await page.getByRole('button', { name: en.devices.add }).count()).toBe(0)
  await page.getByRole('link', { name: en.notices.radioUnsupportedLink }).click()
  await page.getByRole('heading', { name: en.browser.worksTitle }).waitFor()
  await page.getByRole('link', { name: en.common.nav.devices }).click()
  await page.getByRole('button', { name: en.devices.demo }).click()
  await page.getByRole('dialog').getByText(en.devices.demoKind.lock).waitFor()
})

test('going to another screen moves the focus to its heading and names the page', async () => {
  await open('/', 'full')
  await page.getByRole('link', { name: /Front door/ }).click()
  const heading = page.getByRole('heading', { level: 1, name: 'Front door' })
  await heading.waitFor()
  await expect.poll(() => heading.evaluate(element => element === document.activeElement)).toBe(true)
  expect(await page.title()).toContain('Front door')
})

test('the keyboard reaches the content past the navigation', async () => {
  await open('/makers', 'full')
  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: en.common.skipToContent })
  expect(await skip.evaluate(element => element === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
})

test('the language changes at once, and everywhere', async () => {
  await open('/settings', 'full')
  await page.getByText('简体中文').click()
  await page.getByRole('heading', { name: zh.settings.title }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-Hans')
  await page.getByRole('link', { name: zh.common.nav.makers }).click()
  await page.getByRole('heading', { name: zh.makers.title }).waitFor()
})

test('the theme follows the choice, and the system without one', async () => {
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  await open('/settings', 'full')
  const light = await paper()
  await page.getByText(en.settings.themeDark).click()
  await expect.poll(paper).not.toBe(light)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.getByText(en.settings.themeLight).click()
  await expect.poll(paper).toBe(light)
})

test('a changed network file is adopted only after a look at what differs', async () => {
  await open('/settings/network/change', 'networkChange')
  const accept = page.getByRole('button', { name: en.network.accept })
  expect(await accept.isDisabled()).toBe(true)
  await page.getByText('rpc.elsewhere.example').waitFor()
  await page.getByLabel(en.network.acceptCheck).check()
  await accept.click()
  await page.getByRole('heading', { name: en.network.title, level: 1 }).waitFor()
  expect(await page.getByText(en.notices.networkChanged).count()).toBe(0)
})

test('a pasted text that is no maker’s code is refused with words, a right one is shown before it counts', async () => {
  await open('/makers/add', 'empty')
  await page.getByRole('button', { name: en.pin.paste }).click()
  await page.getByLabel(en.pin.pasteLabel).fill('hello')
  await page.getByRole('button', { name: en.pin.read }).click()
  await page.getByText(en.failures.malformedPin.title).waitFor()
  await page.getByLabel(en.pin.pasteLabel).fill('{"version":1}')
  await page.getByRole('button', { name: en.pin.read }).click()
  await page.getByRole('heading', { name: en.pin.confirmTitle('Acme Access GmbH') }).waitFor()
  await page.getByRole('button', { name: en.pin.confirm }).click()
  await page.getByRole('heading', { name: 'Acme Access GmbH' }).waitFor()
})

test('a wide screen shows the same in a column, without scrolling sideways', async () => {
  await page.setViewportSize(desktop)
  for (const [path, scenario] of [
    ['/', 'full'],
    [update, 'done'],
    [model, 'full'],
  ] as const) {
    await open(path, scenario)
    expect(await isTooWide()).toBe(false)
    expect(await violations()).toEqual([])
  }
})

test('a fault of the app’s own is said, and the other screens still work', async () => {
  await open('/makers', 'bug')
  await page.getByRole('heading', { name: en.crash.title }).waitFor()
  expect(await violations()).toEqual([])
  await page.getByText(en.common.technicalDetail).click()
  await page.getByText('RangeError: a bug for looking at').waitFor()
  await page.getByRole('link', { name: en.common.nav.devices }).click()
  await page.getByText('Front door').first().waitFor()
})

describe('names as people and attackers write them', () => {
  test('never widen the page, and stay text', async () => {
    await page.setViewportSize(smallPhone)
    await open('/', 'many')
    expect(await isTooWide()).toBe(false)
    expect(await page.locator('.name b').count()).toBe(0)
    for (const key of ['long0', 'long1', 'long2']) {
      await open(`/device/${key}`, 'many')
      expect(await isTooWide()).toBe(false)
    }
  })

  test('are found by a few letters once the list is long', async () => {
    await open('/', 'many')
    await page.getByLabel(en.devices.search).fill('CELLAR')
    await expect.poll(() => page.locator('.device-card').count()).toBe(1)
    await page.getByLabel(en.devices.search).fill('nothing like it')
    await page.getByText(en.devices.searchNone('nothing like it')).waitFor()
  })
})
