// The kiosk that `npm start` prints, with its machine in the page and a real chain behind it: sold to any wallet, split, refunded, gone on with after a kill, and sold to Fob.
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { encodeFunctionData } from 'viem'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { marketAbi } from '../../contracts/generated/Market.ts'
import { sendFromBank } from '../../node/chain/bank.ts'
import { publicClientFor } from '../../node/chain/client.ts'
import { projectRoot } from '../../node/home.ts'
import type { Running } from '../../node/startFob.ts'
import { buyingEn } from '../../src/ui/i18n/buyingEn.ts'
import { kioskEn as en } from '../../src/ui/i18n/kioskEn.ts'
import { walletEn } from '../../src/ui/i18n/walletEn.ts'
import { Owner } from './harness/owner.ts'
import { openPhone, type Phone } from './harness/phone.ts'
import { copyStartedHome, startAtHome } from './harness/startedHome.ts'

/** Milliseconds until a payment is seen, proven and answered on a busy machine. */
const SOON = 90_000
const PIN = '2580'

let home: string
let fob: Running
let tablet: Phone
let phone: Phone | undefined
/** Somebody with Fob on a phone, who gets a wallet and play money while others buy. */
let customer: Promise<Owner>

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
  customer = fobCustomer()
  customer.catch(() => {})
}, 180_000)

afterAll(async () => {
  await tablet?.discard()
  await phone?.discard()
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
    await phone?.screenshot('kiosk’s customer when it failed').catch(() => undefined)
    throw error
  }
}

async function typePin(): Promise<void> {
  for (const digit of PIN) await on(tablet.page).button(digit).click()
  await on(tablet.page).button(en.pin.enter).click()
}

/** From the loop to the code: what the screen asks for, read off it as a person would. */
async function choose(
  name: RegExp,
): Promise<{ readonly to: `0x${string}`; readonly value: bigint; readonly link: string }> {
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
  await page.locator('.kiosk.product .kiosk-foot .button.primary').click()
  await page.locator('.kiosk-exact').waitFor()
  const [shown, link, address] = await Promise.all([
    page.locator('.kiosk-exact').textContent(),
    page.locator('.kiosk-link').textContent(),
    page.locator('.kiosk-code .kiosk-address span').first().textContent(),
  ])
  const [whole = '', fraction = ''] = (
    /([\d.]+)\s*ETH/.exec(shown?.replaceAll('\u00a0', ' ') ?? '')?.[1] ?? ''
  ).split('.')
  const to = address?.replaceAll('\u200b', '').toLowerCase() as `0x${string}`
  return { to, value: BigInt(whole) * 10n ** 18n + BigInt(fraction.padEnd(18, '0')), link: link ?? '' }
}

/** What the printed command does: a plain transfer from an account that knows nothing of Fob. Its address. */
async function payByScript({ link }: { readonly link: string }): Promise<`0x${string}`> {
  const args = [join(projectRoot, 'node', 'fob.ts'), 'pay-till', link, '--json']
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, FOB_HOME: home },
    timeout: SOON,
  })
  const paid: { readonly from: `0x${string}` } = JSON.parse(stdout)
  return paid.from
}

const says = (name: string) => on(tablet.page).heading(name).waitFor({ timeout: SOON })

/** Of the demo machine's price these two get so much per thousand (node/local/demoProducts.ts), and its owner the rest. */
const SHARES = [
  { payee: `0x${'51'.repeat(20)}`, perThousand: 600n },
  { payee: `0x${'1a'.repeat(20)}`, perThousand: 100n },
] as const

async function market() {
  const url = await fob.chain.url()
  const address = fob.network().chain.contracts?.market
  if (address === undefined) throw new Error('no Market')
  return { url, address, client: publicClientFor(url) }
}

/** In the chain's coin. */
async function held(): Promise<bigint> {
  const { client, address } = await market()
  return client.getBalance({ address })
}

/** What has been sold is paid out to those who share it, as anybody may have done: what each of them got. */
async function payOut(): Promise<readonly bigint[]> {
  const { client, address, url } = await market()
  const made = await client.getContractEvents({
    address,
    abi: marketAbi,
    eventName: 'OfferMade',
    fromBlock: 0n,
  })
  const terms = made.flatMap(({ args }) => args.terms ?? [])
  const got: bigint[] = []
  for (const { payee } of SHARES) {
    const before = await client.getBalance({ address: payee })
    const data = encodeFunctionData({
      abi: marketAbi,
      functionName: 'payOut',
      args: [terms, `0x${'00'.repeat(20)}`, payee],
    })
    await client.waitForTransactionReceipt({ hash: await sendFromBank(url, { to: address, data }) })
    got.push((await client.getBalance({ address: payee })) - before)
  }
  return got
}

/** In escrow, or earned and not paid out: the price alone, for the tag of the amount has come back. */
const expectTaken = async (before: bigint, price: bigint) => {
  taken += price
  expect((await held()) - before).toBe(price)
}
let taken = 0n

const priceOf = (value: bigint): bigint => value - (value % 10n ** 12n)

async function fobCustomer(): Promise<Owner> {
  phone = await openPhone({ chromiumPath: inject('chromiumPath'), url: fob.url })
  const owner = new Owner(phone, 'customer', 'a thirsty passphrase of hers')
  await owner.page.emulateMedia({ reducedMotion: 'reduce' })
  await owner.createWallet()
  await owner.getPlayMoney()
  return owner
}

describe('the kiosk of the demo network', () => {
  test('is set up with a PIN and the demo machine, whose owner answers, and sells', () =>
    tell(async () => {
      const { page } = tablet
      await page.getByText(en.setup.pinTitle).first().waitFor({ timeout: SOON })
      await typePin()
      await typePin()
      await on(page).button(en.setup.demo).click()
      await page.getByText(en.setup.readyTitle).waitFor({ timeout: SOON })
      await on(page).button(en.setup.start).click()
      await on(page).button(en.attract.touch).waitFor({ timeout: SOON })
    }))

  test('drops what the printed command has paid, and the money goes to those who share it', () =>
    tell(async () => {
      const before = await held()
      const asked = await choose(/water/i)
      expect(asked.to).toBe(fob.till)
      await payByScript(asked)
      await says(en.dropped.title)
      await tablet.page.getByText(en.dropped.settled).waitFor({ timeout: SOON })
      await expectTaken(before, priceOf(asked.value))
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
      const before = await held()
      const asked = await choose(/cola/i)
      const payer = await payByScript(asked)
      await says(en.refunding.title)
      await page.getByText(en.why.nothingDropped).waitFor()
      await says(en.refunded.title)
      expect(await held()).toBe(before)
      // All of it but the gas is the payer’s again, without anybody’s asking.
      const left = await publicClientFor(await fob.chain.url()).getBalance({ address: payer })
      expect(left).toBeGreaterThan(asked.value)
      await on(page).button(en.startOver).click()
    }))

  test('goes on by itself where the browser was killed after the payment', () =>
    tell(async () => {
      const before = await held()
      const asked = await choose(/water/i)
      await Promise.all([payByScript(asked), tablet.kill()])
      await tablet.reopen()
      await tablet.page.emulateMedia({ reducedMotion: 'reduce' })
      await says(en.dropped.title)
      await tablet.page.getByText(en.dropped.settled).waitFor({ timeout: SOON })
      await expectTaken(before, priceOf(asked.value))
      await on(tablet.page).button(en.dropped.done).click()
    }))

  test('sells to Fob on another phone in two taps: its code is scanned, the price seen, one sheet signed, the drop told', () =>
    tell(async () => {
      const owner = await customer
      const { page } = owner
      const before = await held()
      const { value } = await choose(/orange/i)
      await tablet.page.getByRole('radio', { name: en.pay.fob }).check()
      const picture = await tablet.page.locator('.kiosk-code .qr').screenshot()
      await page.goto(new URL('buy', fob.url).href)
      await page
        .locator('input[type="file"]')
        .setInputFiles({ name: 'kiosk.png', mimeType: 'image/png', buffer: picture })
      await page.getByText(buyingEn.parties(3)).waitFor({ timeout: SOON })
      await page.locator('.action-bar .button.primary').click({ timeout: SOON })
      const sheet = page.getByRole('dialog', { name: walletEn.signing.titleTransaction })
      const sign = sheet.locator('.sheet-foot .button.primary')
      // Where it took others so long that her wallet has locked itself.
      await owner.unlockIfAsked(sign)
      await sign.click({ timeout: SOON })
      await says(en.dropped.title)
      await page.getByRole('heading', { name: buyingEn.state.dropped.title }).waitFor({ timeout: SOON })
      await tablet.page.getByText(en.dropped.settled).waitFor({ timeout: SOON })
      await expectTaken(before, priceOf(value))
      expect(await payOut()).toEqual(SHARES.map(({ perThousand }) => (taken * perThousand) / 1000n))
      expect(phone?.unexpectedErrors()).toEqual([])
    }))
})
