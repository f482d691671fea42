// Firmware that is sold from browser to browser with the seed gone: the price is seen before, blocks are paid one by one, and the vouchers are money.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { createPublicClient, formatEther, getContract, http, parseEther } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { paymentChannelsAbi as abi } from '../../contracts/generated/PaymentChannels.ts'
import { DEMO_MODELS } from '../../device/demo.ts'
import { channelsEn as words } from '../../src/ui/i18n/channelsEn.ts'
import { handOverEn as handOver } from '../../src/ui/i18n/handOverEn.ts'
import { servingEn } from '../../src/ui/i18n/servingEn.ts'
import { nothing, Owner } from './harness/owner.ts'
import type { Phone } from './harness/phone.ts'
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

let world: World
let shop: Owner | undefined
const phones: Phone[] = []

beforeAll(async () => {
  world = await startWorld({ hasRadio: false, hasRelay: true })
  await world.maker.release(world.maker.model(lock.name, lock.hardware), release)
  await world.maker.settle()
})

afterAll(async () => {
  for (const phone of phones) await phone.discard()
  await world?.stop()
})

async function somebody(name: string): Promise<{ readonly phone: Phone; readonly owner: Owner }> {
  const phone = await world.phone({ webBluetooth: false })
  phones.push(phone)
  phone.allowErrors(/net::ERR_|Failed to load resource|WebSocket connection/)
  const owner = new Owner(phone, name, 'seven quiet otters knit')
  owner.page.setDefaultTimeout(PATIENCE)
  return { phone, owner }
}

/** With a wallet that holds play money, at the update of a demo device. */
async function withMoneyAtTheUpdate(owner: Owner): Promise<void> {
  await owner.createWallet()
  await owner.getPlayMoney()
  await atTheUpdate(owner)
}

async function atTheUpdate({ person }: Owner): Promise<void> {
  await person.pinSuggestedMaker()
  await person.goTo('devices')
  await person.button(person.words.devices.demo).click()
  await person.page.getByRole('dialog').getByText(person.words.devices.demoKind.lock).click()
  await person.sees(person.heading(person.words.device.verdict.update(release.version)))
}

async function openHandOver(owner: Owner): Promise<void> {
  await openServing(owner)
  await owner.page.getByRole('link', { name: handOver.title }).click()
  await owner.person.sees(owner.person.heading(handOver.title))
}

async function openServing({ person }: Owner): Promise<void> {
  await person.goTo('settings')
  await person.page.getByRole('link', { name: servingEn.title }).click()
  await person.sees(person.heading(servingEn.title))
}

const ether = (value: bigint) => `${formatEther(value)}\u00a0ETH`
const fact = ({ page }: Owner, name: string): Locator =>
  page.locator('.fact', { hasText: name }).locator('dd').first()

it('sells a file block by block to a browser that has seen the price, through a kill of the seller, and the vouchers are claimed on chain', {
  timeout: 400_000,
}, async () => {
  const image = world.maker.build(world.maker.model(lock.name, lock.hardware), release)
  const blocks = BigInt(Math.ceil(image.length / 65_536) + 1)
  const price = blocks * perBlock

  // The seller has the file from the seed, sets a price, and serves.
  const { phone: sellersPhone, owner: seller } = await somebody('seller')
  await withMoneyAtTheUpdate(seller)
  await seller.person.startUpdate(release.version)
  await seller.person.seesResult(lock.name, release.version)
  await openServing(seller)
  await seller.field(words.sell.label('ETH')).fill(perMiB)
  await seller.button(words.sell.save).click()
  await seller.page.getByRole('switch', { name: servingEn.switch }).first().check()
  await seller.person.sees(seller.person.text(servingEn.status.serving.title))
  await seller.picture('sells')
  await world.fob.seed.stop()
  await rm(join(world.fob.home.seed, 'blocks'), { recursive: true })

  // The buyer sees that nobody gives it away, who sells it, and for how much at most; nothing is paid before.
  const { owner: buyer } = await somebody('buyer')
  await withMoneyAtTheUpdate(buyer)
  await buyer.person.startUpdate(release.version)
  await buyer.person.sees(
    buyer.person.text(words.buy.freeNone),
    buyer.person.text(words.buy.sellers('1', ether(price))),
  )
  await buyer.looks('price before anything is paid')
  await buyer.button(words.buy.putAside).click()
  const confirm = buyer.words.sentences.openChannel({ ...nothing, amount: ether(price) }).confirm
  await buyer.button(confirm).waitFor()
  await buyer.looks('putting money aside')
  await buyer.sign(confirm)
  await buyer.button(words.buy.agree(ether(price))).click()

  // The seller's browser is killed and opened again: it sells on by itself, with its vault locked.
  await sellersPhone.kill()
  await sellersPhone.reopen()
  const again = new Owner(sellersPhone, 'seller', seller.passphrase)
  shop = again
  again.page.setDefaultTimeout(PATIENCE)
  await openServing(again)
  await again.person.sees(again.person.text(servingEn.status.serving.title))
  const goOn = buyer.button(words.buy.goOn)
  const taken = buyer.person.heading(buyer.person.words.result.title(lock.name, release.version))
  await goOn
    .or(taken)
    .first()
    .waitFor({ timeout: 2 * PATIENCE })
  if (await goOn.isVisible()) await goOn.click()
  await taken.waitFor({ timeout: 2 * PATIENCE })

  // Each block was paid once, on both sides alike.
  await expect
    .poll(() => fact(again, words.sell.earned).textContent(), { timeout: PATIENCE })
    .toBe(ether(price))
  await buyer.button(buyer.person.words.result.done).click()
  await buyer.person.goTo('wallet')
  await buyer.page.getByRole('link', { name: buyer.words.accounts.channels }).click()
  await expect.poll(() => fact(buyer, words.paid).textContent(), { timeout: PATIENCE }).toBe(ether(price))
  await buyer.looks('channels of the buyer')

  // The voucher is worth what it says: claimed, the amounts balance.
  await again.page.getByRole('link', { name: words.sell.open }).click()
  const claim = again.button(words.claim(ether(price)))
  await claim.waitFor()
  await again.looks('before claiming')
  await claim.click()
  const taking = again.words.sentences.claimChannel({ ...nothing }).confirm
  const sheet = again.page.getByRole('dialog', { name: again.words.signing.titleTransaction })
  await again.button(taking, sheet).click()
  // The browser was killed since: the vault is locked, and serving went on without it.
  await again.unlock()
  await sheet.waitFor({ state: 'detached' })
  await expect.poll(() => fact(again, words.taken).textContent(), { timeout: PATIENCE }).toBe(ether(price))
  const { chain } = world.fob.network()
  const contract = chain.contracts?.paymentChannels
  const [url] = chain.endpoints
  if (contract === undefined || url === undefined) throw new Error('no PaymentChannels')
  const client = createPublicClient({ transport: http(url) })
  const [opened] = await client.getContractEvents({
    address: contract,
    abi,
    eventName: 'Opened',
    fromBlock: 0n,
  })
  const { channelId, amount } = opened?.args ?? {}
  if (channelId === undefined) throw new Error('no channel was opened')
  const held = await getContract({ address: contract, abi, client }).read.channelOf([channelId])
  expect({ amount, deposit: held.deposit, claimed: held.claimed }).toEqual({
    amount: price,
    deposit: price,
    claimed: price,
  })
  expect(await client.getBalance({ address: contract })).toBe(0n)
})

it('hands the file over to the phone next to it by two codes, with no peer between them, and for nothing', {
  timeout: 120_000,
}, async () => {
  const giver = shop
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
