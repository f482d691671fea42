// The kiosk that `npm start` prints, with its machine in the page and a real chain behind it: sold to any wallet, split, refunded, and gone on with after a kill.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { bankAddress, sendFromBank } from '../../node/chain/bank.ts'
import { publicClientFor } from '../../node/chain/client.ts'
import type { Running } from '../../node/startFob.ts'
import { kioskEn as en } from '../../src/ui/i18n/kioskEn.ts'
import { openPhone, type Phone } from './harness/phone.ts'
import { copyStartedHome, startAtHome } from './harness/startedHome.ts'

/** Milliseconds until a payment is seen, proven and answered on a busy machine. */
const SOON = 90_000
const PIN = '2580'

let home: string
let fob: Running
let tablet: Phone

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fob-kiosk-'))
  await copyStartedHome(inject('startedHome'), home)
  fob = await startAtHome(home, {
    appDirectory: inject('appFolder'),
    hasRelay: false,
    sharesDemoDevices: true,
  })
  tablet = await openPhone({
    chromiumPath: inject('chromiumPath'),
    url: new URL('kiosk', fob.url).href,
    viewport: { width: 800, height: 1280 },
  })
  await tablet.page.emulateMedia({ reducedMotion: 'reduce' })
}, 180_000)

afterAll(async () => {
  await tablet?.discard()
  await fob?.stop()
  await rm(home, { recursive: true, force: true, maxRetries: 5 })
})

const on = (page: Page) => ({
  button: (name: string) => page.getByRole('button', { name, exact: true }),
  heading: (name: string) => page.getByRole('heading', { name, exact: true, level: 1 }),
})

/** Keeps the screen where the story breaks. */
async function tell(story: () => Promise<void>): Promise<void> {
  try {
    await story()
  } catch (error) {
    await tablet.screenshot('kiosk when it failed').catch(() => undefined)
    throw error
  }
}

async function typePin(): Promise<void> {
  for (const digit of PIN) await on(tablet.page).button(digit).click()
  await on(tablet.page).button(en.pin.enter).click()
}

/** From the loop to the code: what the screen asks for, read off it as a person would. */
async function choose(name: RegExp): Promise<{ readonly to: `0x${string}`; readonly value: bigint }> {
  const { page } = tablet
  await on(page).button(en.attract.touch).click({ timeout: SOON })
  const tile = page.locator('.kiosk-tile:not([aria-disabled="true"])', { hasText: name })
  // What is for sale is known once machine and chain have answered; whoever waits touches the screen now and then.
  await expect
    .poll(
      async () => {
        await page.locator('.kiosk-title').click()
        return tile.count()
      },
      { timeout: SOON, interval: 2000 },
    )
    .toBeGreaterThan(0)
  await tile.first().click()
  // Just set up, or with the last sale still being settled, it asks for a moment’s patience: the button is pressed again.
  const pressed: (string | null)[] = []
  await expect
    .poll(
      async () => {
        const payButton = page.locator('.kiosk.product .kiosk-foot .button.primary')
        if ((await payButton.isVisible()) && (await payButton.isEnabled())) await payButton.click()
        if (await page.locator('.kiosk.product .notice').isVisible())
          pressed.push(await page.locator('.kiosk.product .notice').textContent())
        return (await page.locator('.kiosk-exact').isVisible()) || `refused: ${String(pressed.at(-1))}`
      },
      { timeout: SOON, interval: 2000 },
    )
    .toBe(true)
  const [shown, address] = await Promise.all([
    page.locator('.kiosk-exact').textContent(),
    page.locator('.kiosk-code .kiosk-address span').first().textContent(),
  ])
  const [whole = '', fraction = ''] = (
    /([\d.]+)\s*ETH/.exec(shown?.replaceAll('\u00a0', ' ') ?? '')?.[1] ?? ''
  ).split('.')
  const to = address?.replaceAll('\u200b', '').toLowerCase() as `0x${string}`
  return { to, value: BigInt(whole) * 10n ** 18n + BigInt(fraction.padEnd(18, '0')) }
}

/** A plain JSON-RPC transfer of the chain’s own account: no wallet knows anything of Fob. */
async function pay({ to, value }: { readonly to: `0x${string}`; readonly value: bigint }): Promise<void> {
  await sendFromBank(await fob.chain.url(), { to, value: `0x${value.toString(16)}` })
}

const says = (name: string) => on(tablet.page).heading(name).waitFor({ timeout: SOON })

/** All that the Market owes to anybody, and what it holds. */
async function books(): Promise<{ readonly held: bigint; readonly payer: bigint }> {
  const url = await fob.chain.url()
  const client = publicClientFor(url)
  const market = fob.network().chain.contracts?.market
  if (market === undefined) throw new Error('no Market')
  const [held, payer] = await Promise.all([
    client.getBalance({ address: market }),
    client.getBalance({ address: await bankAddress(url) }),
  ])
  return { held, payer }
}

describe('the kiosk of the demo network', () => {
  test('is set up with a PIN and the demo machine, whose owner answers, and sells', () =>
    tell(async () => {
      const { page } = tablet
      await typePin()
      await typePin()
      await on(page).button(en.setup.demo).click()
      await page.getByText(en.setup.readyTitle).waitFor({ timeout: SOON })
      await on(page).button(en.setup.start).click()
      await on(page).button(en.attract.touch).waitFor({ timeout: SOON })
    }))

  test('drops what a plain transfer has paid, and the money goes to those who share it', () =>
    tell(async () => {
      const before = await books()
      const asked = await choose(/water/i)
      expect(asked.to).toBe(fob.till)
      await pay(asked)
      await says(en.dropped.title)
      await tablet.page.getByText(en.dropped.settled).waitFor({ timeout: SOON })
      const after = await books()
      const price = asked.value - (asked.value % 10n ** 12n)
      // Payees withdraw; until then the Market holds just the price, and the tag has come back.
      expect(after.held - before.held).toBe(price)
      await on(tablet.page).button(en.dropped.done).click()
    }))

  test('refunds by itself what jammed', () =>
    tell(async () => {
      const { page } = tablet
      for (let times = 0; times < 5; times++) await page.locator('.kiosk-name').click()
      await typePin()
      await on(page).button(en.inside.demoJam).click()
      await page.getByText(en.inside.demoSet).waitFor()
      await on(page).button(en.inside.back).click()
      const before = await books()
      await pay(await choose(/cola/i))
      await says(en.refunding.title)
      await page.getByText(en.why.nothingDropped).waitFor()
      await says(en.refunded.title)
      const after = await books()
      expect(after.held).toBe(before.held)
      await on(page).button(en.startOver).click()
    }))

  test('goes on by itself where the browser was killed after the payment', () =>
    tell(async () => {
      const before = await books()
      const asked = await choose(/water/i)
      await tablet.kill()
      await pay(asked)
      await tablet.reopen()
      await tablet.page.emulateMedia({ reducedMotion: 'reduce' })
      await says(en.dropped.title)
      await tablet.page.getByText(en.dropped.settled).waitFor({ timeout: SOON })
      const after = await books()
      expect(after.held - before.held).toBe(asked.value - (asked.value % 10n ** 12n))
    }))
})
