// Every screen in every state, over a fake Fob: accessible in both themes and languages, and usable by keyboard.
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { fleet } from '../../src/ui/i18n/en/fleet.ts'
import { en } from '../../src/ui/i18n/en.ts'
import { servingEn } from '../../src/ui/i18n/servingEn.ts'
import { zh } from '../../src/ui/i18n/zh.ts'
import { gardenPath } from '../preview/fakeWays.ts'
import { acme, hex, lockModel, other } from '../preview/fixtures.ts'
import { everyOther, previewPage, type ShownScreen } from './harness/previewPage.ts'

const model = `/releases/${acme}/${encodeURIComponent(lockModel.name)}/${lockModel.hardware}`
const update = '/device/front/update'

/** Address and scenario (see test/preview/fakeFob.ts). */
const screens: readonly ShownScreen[] = [
  ['/', 'full'],
  ['/', 'empty'],
  ['/', 'unsupported'],
  ['/', 'notices'],
  ['/', 'networkMissing'],
  ['/', 'memoryUnreadable'],
  ['/', 'memoryGone'],
  ['/settings/network/change', 'networkPinUnreadable'],
  ['/makers', 'makerUnreadable'],
  ['/device/front', 'full'],
  ['/device/alarm', 'full'],
  ['/device/sensor', 'full'],
  ['/device/vendor', 'full'],
  ['/device/plain', 'full'],
  ['/device/front', 'checking'],
  ['/device/front/console', 'full'],
  [update, 'connecting'],
  [update, 'uploading'],
  [update, 'awaitingDevice'],
  [update, 'fetchingQuiet'],
  [update, 'consent'],
  [update, 'noWayBack'],
  [update, 'loaderConsent'],
  [update, 'loader'],
  ['/device/front', 'loader'],
  [update, 'failed'],
  [update, 'cancelled'],
  [update, 'done'],
  ['/device/front/result/h2', 'full'],
  ['/several', 'fleet'],
  ['/several', 'fleet-running'],
  ['/several', 'fleet-ended'],
  ['/several', 'fleetForSale'],
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
  ['/settings/serving', 'servingPaid'],
  [update, 'buying'],
  [update, 'buyingTrouble'],
  [update, 'buyingFunded'],
  [update, 'buyingSeveral'],
  ['/wallet/channels', 'channels'],
  ['/settings/serving/hand-over', 'servingOn'],
  ['/browser', 'unsupported'],
  ['/add', 'waysGateways'],
  [gardenPath, 'waysGateways'],
  [gardenPath, 'waysDown'],
  ['/nothing/here', 'full'],
]

const preview = previewPage()
const { open, resize, expectAccessible, isTooWide } = preview
let page: Page
beforeAll(() => {
  page = preview.page
})

preview.describeScreens([
  { lang: 'en', theme: 'light', shown: everyOther(screens, 0) },
  { lang: 'zh', theme: 'dark', shown: everyOther(screens, 1) },
])

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
      await resize('tall')
      await open(path, scenario, look)
      await expectAccessible()
    }
  }
})

test('sheets are accessible, closed by Escape, and give the focus back', async () => {
  await open('/device/front', 'full')
  const opener = page.getByRole('button', { name: en.evidence.open })
  await opener.click()
  const sheet = page.getByRole('dialog', { name: en.evidence.title })
  await sheet.getByText(en.evidence.manifestHash).waitFor()
  await expectAccessible()
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
  await resize('tall')
  await page.getByRole('button', { name: fleet.choose.scan }).click()
  await page.getByRole('dialog', { name: fleet.choose.scanTitle }).waitFor()
  await expectAccessible()
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
  await expectAccessible()
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

test('what had the focus may go: the focus stays where it was in the page', async () => {
  await open('/settings/serving', 'servingOn')
  const remove = page.getByRole('button', { name: servingEn.removeName('Acme Lock 2', '1.2.0') })
  // What looks after it is loaded when nothing else is to be done.
  const held = page.locator('.section', { has: page.getByRole('heading', { name: servingEn.held }) })
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(each => each.name.includes('keepFocus')),
  )
  await remove.click()
  await remove.waitFor({ state: 'detached' })
  await expect.poll(() => held.evaluate(element => element === document.activeElement)).toBe(true)
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
  await resize('desktop')
  for (const [path, scenario] of [
    ['/', 'full'],
    [update, 'done'],
    [model, 'full'],
  ] as const) {
    await open(path, scenario)
    expect(await isTooWide()).toBe(false)
    await expectAccessible()
  }
})

test('a fault of the app’s own is said, and the other screens still work', async () => {
  await open('/makers', 'bug')
  await page.getByRole('heading', { name: en.crash.title }).waitFor()
  await expectAccessible()
  await page.getByText(en.common.technicalDetail).click()
  await page.getByText('RangeError: a bug for looking at').waitFor()
  await page.getByRole('link', { name: en.common.nav.devices }).click()
  await page.getByText('Front door').first().waitFor()
})

describe('names as people and attackers write them', () => {
  test('never widen the page, and stay text', async () => {
    await resize('small')
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
