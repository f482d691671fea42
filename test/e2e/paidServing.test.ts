// Firmware that is sold from browser to browser with the seed gone: the price is seen before, blocks are paid one by one, and the vouchers are money.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { type Address, createPublicClient, getContract, http, parseEther, zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { paymentChannelsAbi as abi } from '../../contracts/generated/PaymentChannels.ts'
import { DEMO_MODELS } from '../../device/demo.ts'
import { exactAmount } from '../../src/ui/i18n/amounts.ts'
import { channelsEn as words } from '../../src/ui/i18n/channelsEn.ts'
import { handOverEn as handOver } from '../../src/ui/i18n/handOverEn.ts'
import { servingEn } from '../../src/ui/i18n/servingEn.ts'
import { nothing, Owner } from './harness/owner.ts'
import type { Phone } from './harness/phone.ts'
import { blocksGiven, hasLeftToday, openServing } from './harness/servingScreen.ts'
import { startWorld, type World } from './harness/world.ts'

const [lock] = DEMO_MODELS
if (lock === undefined) throw new Error('there is no demo model')
/** Several blocks of 64 KiB, and small enough for the demo device's slot. */
const release = { version: '1.2.0', bodySize: 420_000 }
/** Milliseconds: several browsers on two cores are slow to start, and a payment takes until it is final. */
const PATIENCE = 60_000
/** For each MiB, as the seller types it; the sixteenth of it for each block. */
const perMiB = '0.0016'
const perBlock = parseEther('0.0001')
const perMiBOfSecond = '0.0018'
const perBlockOfSecond = parseEther('0.0001125')

let world: World
/** Somebody who has the file in the end. */
let giver: Owner | undefined
const phones: Phone[] = []

beforeAll(async () => {
  world = await startWorld({ hasRadio: false, hasRelay: true, webRtcDirect: false })
  await world.maker.release(world.maker.model(lock.name, lock.hardware), release)
  await world.maker.settle()
})

afterAll(async () => {
  for (const [i, phone] of phones.entries()) {
    await phone.picture(`phone ${i + 1} at the end`).catch(() => undefined)
    await phone.discard()
  }
  await world?.stop()
})

interface Somebody {
  readonly phone: Phone
  readonly owner: Owner
}

async function somebody(name: string): Promise<Somebody> {
  const phone = await world.phone({ webBluetooth: false })
  phones.push(phone)
  phone.allowErrors(/net::ERR_|Failed to load resource|WebSocket connection/)
  const owner = new Owner(phone, name, 'seven quiet otters knit')
  owner.page.setDefaultTimeout(PATIENCE)
  return { phone, owner }
}

/** After `phone.reopen`: the same person, with a new page. */
function reopened({ phone, owner: { name, passphrase } }: Somebody): Owner {
  const owner = new Owner(phone, name, passphrase)
  owner.page.setDefaultTimeout(PATIENCE)
  return owner
}

async function atTheUpdate({ person }: Owner): Promise<void> {
  await person.pinSuggestedMaker()
  await person.goTo('devices')
  await person.button(person.words.devices.demo).click()
  await person.page.getByRole('dialog').getByText(person.words.devices.demoKind.lock).click()
  await person.sees(person.heading(person.words.device.verdict.update(release.version)))
}

/** With a wallet, and play money on its way. */
async function withWallet(owner: Owner): Promise<void> {
  await owner.createWallet()
  const offer = owner.button(owner.words.accounts.faucet)
  await offer.click()
  await offer.waitFor({ state: 'detached' })
  await atTheUpdate(owner)
}

/** The title of the status, and not the rule that has the word in it. */
const serves = ({ page }: Owner): Promise<void> =>
  page.getByText(servingEn.status.serving.title, { exact: true }).waitFor()

async function setsPrice(owner: Owner, perMiB: string): Promise<void> {
  await openServing(owner.person)
  await owner.field(words.sell.label('ETH')).fill(perMiB)
  await owner.button(words.sell.save).click()
  await owner.page.getByRole('switch', { name: servingEn.switch }).first().check()
  await serves(owner)
}

/** Unlocked where it is asked for, sent, and made final without waiting for the chain's own pace. */
async function sign(owner: Owner, confirm: string): Promise<void> {
  const sheet = owner.page.getByRole('dialog', { name: owner.words.signing.titleTransaction })
  await owner.button(confirm, sheet).click()
  const lock = owner.page.getByRole('dialog', { name: owner.words.lock.title })
  await Promise.race([lock.waitFor(), sheet.waitFor({ state: 'detached' })])
  if (await lock.isVisible()) await owner.unlock()
  await sheet.waitFor({ state: 'detached' })
  await world.maker.settle()
}

async function putsAside(owner: Owner, amount: string): Promise<void> {
  await owner.button(words.buy.putAside).click()
  await sign(owner, owner.words.sentences.openChannel({ ...nothing, amount }).confirm)
}

/** The purchase is done, also where it had to be gone on with: the seller was not met at once. */
async function takesIt(owner: Owner, name: string): Promise<void> {
  const goOn = owner.button(words.buy.goOn)
  const taken = owner.person.heading(owner.person.words.result.title(name, release.version))
  for (let tries = 0; tries < 3; tries++) {
    await goOn
      .or(taken)
      .first()
      .waitFor({ timeout: 2 * PATIENCE })
    if (await taken.isVisible()) return
    await goOn.click()
    await goOn.waitFor({ state: 'detached' })
  }
  await taken.waitFor()
}

async function openChannels(owner: Owner): Promise<void> {
  await owner.person.goTo('wallet')
  await owner.page.getByRole('link', { name: owner.words.accounts.channels }).click()
  await owner.heading(words.title).waitFor()
}

async function openHandOver(owner: Owner): Promise<void> {
  await openServing(owner.person)
  await owner.page.getByRole('link', { name: handOver.title }).click()
  await owner.person.sees(owner.person.heading(handOver.title))
}

const ether = (value: bigint) => exactAmount({ value, token: null, symbol: 'ETH', decimals: 18 }, 'en')
const facts = ({ page }: Owner, name: string): Locator =>
  page.locator('.fact', { hasText: name }).locator('dd')

/** Everything that the contract holds and has paid, by the channels that were ever opened. */
async function onChain() {
  const { chain } = world.fob.network()
  const address = chain.contracts?.paymentChannels
  const [url] = chain.endpoints
  if (address === undefined || url === undefined) throw new Error('no PaymentChannels')
  const client = createPublicClient({ transport: http(url) })
  const contract = getContract({ address, abi, client })
  const opened = await client.getContractEvents({ address, abi, eventName: 'Opened', fromBlock: 0n })
  const channels = await Promise.all(
    opened.map(async ({ args }) => {
      const { channelId, payer, payee } = args
      if (channelId === undefined || payer === undefined || payee === undefined) throw new Error('no channel')
      return { payer, payee, ...(await contract.read.channelOf([channelId])) }
    }),
  )
  const keptFor = (account: Address) => contract.read.balanceOf([account, zeroAddress])
  return { channels, keptFor, held: await client.getBalance({ address }) }
}

it('carries a file on from browser to browser for vouchers: from one through kills of both sides, from two at once, claimed and closed', {
  timeout: 600_000,
}, async () => {
  const image = world.maker.build(world.maker.model(lock.name, lock.hardware), release)
  const blocks = BigInt(Math.ceil(image.length / 65_536) + 1)
  const price = blocks * perBlock

  // The first has the file from the seed, which ends; three blocks of the day's data are left to sell.
  const [first, second, third] = await Promise.all(['first', 'second', 'third'].map(somebody))
  if (!first || !second || !third) throw new Error('there are three')
  await Promise.all([first, second, third].map(({ owner }) => withWallet(owner)))
  await first.owner.person.startUpdate(release.version)
  await first.owner.person.seesResult(lock.name, release.version)
  await setsPrice(first.owner, perMiB)
  await world.fob.seed.stop()
  await rm(join(world.fob.home.seed, 'blocks'), { recursive: true })
  await hasLeftToday(first.owner.page, 3 * 65_536)

  // The second sees that nobody gives it away, who sells it, and for how much at most; nothing is paid before.
  const buyer = second.owner
  await buyer.person.startUpdate(release.version)
  await buyer.person.sees(
    buyer.person.text(words.buy.freeNone),
    buyer.person.text(words.buy.sellers('1', ether(price))),
  )
  await buyer.looks('price before anything is paid')
  await putsAside(buyer, ether(price))
  await buyer.button(words.buy.agree(ether(price))).click()

  // In the middle of the file both browsers are killed. The seller’s sells on by itself, with its vault locked.
  await first.owner.person.sees(first.owner.person.text(servingEn.status.dataSpent.title))
  const before = await blocksGiven(first.owner.person)
  expect(before).toBeGreaterThan(0)
  expect(before).toBeLessThan(Number(blocks))
  await Promise.all([first, second].map(({ phone }) => phone.kill()))
  await first.phone.reopen()
  const shop = reopened(first)
  await openServing(shop.person)
  await shop.page.getByLabel(servingEn.perDayAny, { exact: true }).check()
  await serves(shop)
  await second.phone.reopen()
  const again = reopened(second)
  await again.page.getByRole('link', { name: lock.name }).click()
  await again.button(again.person.words.update.reconnect).click()
  await takesIt(again, lock.name)
  // Each block was paid once, over all lives of both.
  await expect.poll(() => facts(shop, words.sell.earned).first().textContent()).toBe(ether(price))

  // Now the second sells as well, for more; neither may give the whole file to the third, who buys from both at once.
  await again.button(again.person.words.result.done).click()
  await setsPrice(again, perMiBOfSecond)
  await shop.page.getByLabel('250 MB', { exact: true }).check()
  // By now it has written down what it gave: nothing overtakes what the next line writes.
  await shop.person.sees(shop.person.text(servingEn.status.dataSpent.title))
  await Promise.all([shop, again].map(({ page }) => hasLeftToday(page, 5 * 65_536)))
  for (const seller of [shop, again]) await serves(seller)
  const taker = third.owner
  await taker.person.startUpdate(release.version)
  const atMost = ether(blocks * perBlockOfSecond)
  await taker.person.sees(taker.person.text(words.buy.sellers('2', ether(price))))
  await taker.page.getByRole('checkbox', { name: words.buy.atMost(atMost) }).check()
  await taker.looks('two sellers at once')
  await putsAside(taker, ether(price))
  await taker.person.sees(taker.page.getByText('2 of 2:'))
  await putsAside(taker, atMost)
  await taker.button(words.buy.agree(atMost)).click()
  await takesIt(taker, lock.name)

  // What is left is the third's at once, where the first agrees. Who has given enough for today is not there to be asked.
  await shop.page.getByLabel(servingEn.perDayAny, { exact: true }).check()
  await serves(shop)
  await taker.button(taker.person.words.result.done).click()
  await openChannels(taker)
  const toFirst = taker.page.locator('.card', { has: taker.page.getByText(ether(price), { exact: true }) })
  await taker.button(words.closing.now, toFirst).click()
  await taker.person.sees(taker.person.text(words.closing.asked))
  await taker.looks('asked to close')
  await shop.page.getByRole('link', { name: words.sell.open }).click()
  await shop.button(words.closing.agree).click()
  await shop.looks('agreeing to close')
  const statement = shop.page.getByRole('dialog', { name: shop.words.signing.titleStatement })
  await shop.button(shop.words.sentences.agreeToClose({ ...nothing }).confirm, statement).click()
  await shop.unlock()
  await statement.waitFor({ state: 'detached' })
  await taker.button(words.closing.again, toFirst).click()
  await sign(taker, taker.words.sentences.closeChannel({ ...nothing }).confirm)
  await taker.person.sees(toFirst.getByText(words.states.closed))

  // The vouchers of the second are worth what they say: claimed, and every amount balances to the unit.
  const claim = shop.button(words.claim(ether(price)))
  await claim.click()
  await sign(shop, shop.words.sentences.claimChannel({ ...nothing }).confirm)
  await expect.poll(async () => (await onChain()).channels[0]?.claimed).toBe(price)
  const { channels, keptFor, held } = await onChain()
  const [bought, fromFirst, fromSecond] = channels
  if (!bought || !fromFirst || !fromSecond) throw new Error('three channels were opened')
  expect(channels.map(({ deposit }) => deposit)).toEqual([price, price, blocks * perBlockOfSecond])
  const ofFirst = fromFirst.claimed / perBlock
  expect(fromFirst).toMatchObject({ payee: bought.payee, claimed: ofFirst * perBlock, exitAt: 1 })
  // Both were paid, and neither for all of it.
  expect(ofFirst).toBeGreaterThan(0n)
  expect(ofFirst).toBeLessThan(blocks)
  await openServing(again.person)
  const ofSecond = (blocks - ofFirst) * perBlockOfSecond
  await expect.poll(() => facts(again, words.sell.earned).first().textContent()).toBe(ether(ofSecond))
  // The closed one's payee did not send it: his part is kept for him.
  expect(await keptFor(bought.payee)).toBe(fromFirst.claimed)
  expect(held).toBe(fromFirst.claimed + fromSecond.deposit)
  giver = again
})

it('hands the file over to the phone next to it by two codes, with no peer between them, and for nothing', {
  timeout: 120_000,
}, async () => {
  if (giver === undefined) throw new Error('there is nobody who has the file')
  const { owner: taker } = await somebody('taker')
  await atTheUpdate(taker)
  await openHandOver(giver)
  await giver.button(handOver.giveThis(lock.name, release.version)).click()
  await openHandOver(taker)
  await taker.pasteCode(await giver.codeOnScreen(handOver.offerLabel))
  await taker.looks('code for the phone that gives')
  await giver.pasteCode(await taker.codeOnScreen(handOver.answerLabel))
  await taker.person.sees(taker.person.text(handOver.taken))
  await giver.person.sees(giver.person.text(handOver.given))

  // It is the release: the device takes it, and nobody had to be paid.
  await taker.person.goTo('devices')
  await taker.page.getByRole('link', { name: lock.name }).click()
  await taker.person.startUpdate(release.version)
  await taker.person.seesResult(lock.name, release.version)
})
