// A browser on the preview of the screens, over fake use cases: opened at an address and a scenario, and looked at.
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { type Preview, servePreview } from '../../preview/serve.ts'
import { axeViolations } from './accessible.ts'
import { quietArgs } from './quietArgs.ts'

const viewports = {
  phone: { width: 390, height: 844 },
  /** So tall that no control is scrolled half under the fixed bars, where axe would call it too small. */
  tall: { width: 390, height: 4600 },
  small: { width: 360, height: 640 },
  desktop: { width: 1280, height: 800 },
} as const

interface Look {
  readonly lang?: string
  readonly theme?: string
}

/** Address and scenario (see test/preview). */
export type ShownScreen = readonly [path: string, scenario: string]

/** Of one test file, started before its first test: call it once, at the top. */
export function previewPage() {
  let preview: Preview
  let browser: Browser
  let page: Page
  let complaints: string[] = []

  beforeAll(async () => {
    preview = await servePreview(inject('previewFolder'))
    browser = await chromium.launch({
      executablePath: inject('chromiumPath'),
      args: ['--no-sandbox', ...quietArgs],
    })
    // AxeBuilder wants a page of an explicit context.
    const context = await browser.newContext()
    page = await context.newPage()
    page.setDefaultTimeout(60_000)
    // A style or script that the policy refuses, a component that throws: all of them are said here.
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', error => complaints.push(error.message))
  })

  afterAll(async () => {
    await browser?.close()
    await preview?.close()
  })

  beforeEach(async () => {
    complaints = []
    await page.setViewportSize(viewports.phone)
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  })

  const addressOf = (path: string, scenario: string, look: Look = {}): string => {
    const url = new URL(path, preview.origin)
    url.searchParams.set('scenario', scenario)
    for (const [name, value] of Object.entries(look)) url.searchParams.set(name, value)
    return url.href
  }

  const open = async (path: string, scenario: string, look: Look = {}): Promise<void> => {
    await page.goto(addressOf(path, scenario, look))
    await isShown()
  }

  const isShown = async (): Promise<void> => {
    // A kiosk’s may be for the ear alone.
    await page.locator('h1').waitFor({ state: 'attached' })
    // Of all that is still read, on some screens two things at a time.
    await page.locator('body:not(:has(.skeleton))').waitFor({ state: 'attached' })
  }

  const resize = (to: keyof typeof viewports) => page.setViewportSize(viewports[to])

  /** What axe says, and controls that a thumb has to hit below 48 px; links within running text are as high as their line. */
  const expectAccessible = async (): Promise<void> => {
    expect(await axeViolations(page, { advice: true })).toEqual([])
    const small = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, a[href], summary, .input')]
        .filter(element => element.checkVisibility() && !element.matches('.skip, .state-line a'))
        .filter(element => element.getBoundingClientRect().height < 47.5)
        .map(element => element.outerHTML.slice(0, 120)),
    )
    expect(small).toEqual([])
  }

  const isTooWide = (): Promise<boolean> =>
    page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)

  /** Each screen in its look: accessible, as wide as a small phone, and without a word on the console. */
  const describeScreens = (
    looks: readonly {
      readonly lang: 'en' | 'zh'
      readonly theme: string
      readonly shown: readonly ShownScreen[]
    }[],
  ): void => {
    describe.each(looks)('in $lang and $theme', ({ shown, ...look }) => {
      beforeAll(() => open('/', 'full', look))
      test.each(shown)('%s (%s) is accessible, fits, and breaks no rule', async (path, scenario) => {
        // Without loading everything anew, which takes longer than to look at it.
        await page.evaluate(
          address => (window as unknown as { showScreen(address: string): void }).showScreen(address),
          addressOf(path, scenario, look),
        )
        await isShown()
        expect(await page.locator('html').getAttribute('lang')).toBe(look.lang === 'zh' ? 'zh-Hans' : 'en')
        await resize('tall')
        await expectAccessible()
        await resize('small')
        expect(await isTooWide()).toBe(false)
        expect(complaints).toEqual([])
      })
    })
  }

  return {
    /** The same one from the first test on. */
    get page() {
      return page
    },
    /** What the console said since the test began. */
    complaints: (): readonly string[] => complaints,
    open,
    resize,
    expectAccessible,
    isTooWide,
    describeScreens,
    button: (name: string): Locator => page.getByRole('button', { name, exact: true }),
    link: (name: string): Locator => page.getByRole('link', { name, exact: true }),
    heading: (name: string): Locator => page.getByRole('heading', { name, exact: true, level: 1 }),
    field: (name: string): Locator => page.getByLabel(name, { exact: true }),
    dialog: (): Locator => page.getByRole('dialog'),
  }
}

/** Every other one, as if by turns: what differs between looks lies in words and colours that all screens share. */
export const everyOther = (screens: readonly ShownScreen[], from: 0 | 1): readonly ShownScreen[] =>
  screens.filter((_, index) => index % 2 === from)
