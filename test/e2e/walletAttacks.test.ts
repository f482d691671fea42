// Attacks on the wallet in a real browser with a real chain: what must never be signed or sent twice.
//
// Each attack, and where else it is tested. “unit” is test/unit; “here” is this file, “vault” walletAttacksVault.test.ts.
//
// | attack                          | end to end                     | below                                               |
// | ------------------------------- | ------------------------------ | --------------------------------------------------- |
// | wrong passphrase, many of them  | vault: have to wait            | unit keys/vault (guessing), keys/interrupted        |
// | wrong words, wrong checksum     | vault: bring back nothing      | unit wallet/phrase, ui/walletWordEntry              |
// | corrupted vault                 | vault: a damaged record        | unit wallet/vaultFile (any bit), keys/interrupted   |
// | older and newer vault           | every test opens the first     | unit wallet/vaultFile, keys/stretch (first version) |
// |                                 | version; vault: a newer app    |                                                     |
// | export file cut                 | vault: cut anywhere, sampled   | unit keys/vault (cut at any byte)                   |
// | clock moved                     | vault: whatever the clock says;| unit keys/vault, wallet/rules, app/ownership        |
// |                                 | here: set back, set forward    | (a claim’s deadline), lock/attacksTime              |
// | quota gone                      | vault: a full disk; here: ditto| unit keys/interrupted (at any operation),           |
// |                                 |                                | app/walletSending (can’t be written down)           |
// | service worker updated midway   | vault: replaced by a newer one | serviceWorker.test.ts                               |
// | injected script                 | vault: a script that got in    | securityPolicy.test.ts, unit wallet/door,           |
// |                                 |                                | app/walletAccounts (hands nothing that signs)       |
// | look-alike address              | here: looks like one           | unit wallet/address, app/walletSending              |
// | chain with another id           | here: answers with another id  | unit chain/walletChain, app/walletSending           |
// | reorg of a claimed device       | here: whose block is dropped   | unit app/ownership (undone after it was final),     |
// |                                 |                                | app/walletOnChain                                   |
// | changed network.json            | here: asked about first;       | unit app/network, app/walletAccounts,               |
// |                                 | offline.test.ts                | app/walletSending (stays with its network)          |
// | killed while sending            | here: killed while it sends    | unit app/walletKilled (every step)                  |
// | killed while the vault changes  | vault: killed at a step        | unit keys/interrupted (every step)                  |
// | killed while claiming, taking   |                                | unit app/ownershipKilled (every step)               |
// | two tabs, one nonce             |                                | unit app/walletKilled                               |
// | device, phone or endpoint lies  | refusals.test.ts, chain.test.ts| unit app/ownershipLies, chain/walletChain,          |
// |                                 |                                | chain/walletDevices                                 |
// | EIP-7702, unknown calls         |                                | unit wallet/transaction, wallet/describe            |
import type { Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { rpc } from '../../node/chain/rpc.ts'
import type { Address } from '../../src/core/bytes.ts'
import { walletEn as words } from '../../src/ui/i18n/walletEn.ts'
import {
  fillStorage,
  knownVault,
  limitStorage,
  moveClock,
  openWithVault,
  storedPayments,
  watchWrites,
} from './harness/knownWallet.ts'
import { Owner } from './harness/owner.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

const ETHER = 10n ** 18n
const friend: Address = '0x7a3c4bd2e9015f66ab8123cd90ef4471d2b53c1e'
/** The same beginning and the same end, as a screen shows them. */
const lookAlike: Address = '0x7a3c4b0000000000000000000000000000b53c1e'

type Host = Awaited<ReturnType<World['host']>>

let world: World
let host: Host
let phone: Phone
let owner: Owner
let chain: string
/** Megabytes that the host's pages may store. */
let room: (megabytes: number) => Promise<void>
/** Signed transactions that reached an endpoint. */
const arrived: string[] = []
/** Called once a signed transaction has arrived, before its sender hears so. */
let onArrival: (() => Promise<void> | void) | null = null
/** Said by both endpoints instead of the chain's id. */
let falseChainId: string | null = null

beforeAll(async () => {
  world = await startWorld({ hasRadio: false })
  chain = await world.fob.chain.url()
  await rpc(chain, 'anvil_setBalance', [knownVault.owner, `0x${(100n * ETHER).toString(16)}`])
  for (const endpoint of world.fob.endpoints)
    endpoint.setTamper(async ({ method, params }, result) => {
      if (method === 'eth_chainId') return falseChainId ?? result
      if (method !== 'eth_sendRawTransaction') return result
      arrived.push(String(Array.isArray(params) ? params[0] : params))
      await onArrival?.()
      return result
    })
  host = await world.host()
  phone = await world.phone({ webBluetooth: false, url: 'about:blank' })
  phone.allowErrors(/net::ERR_|Failed to load resource/)
  meet()
  room = await limitStorage(owner.page, new URL(host.url).origin)
  await room(30)
  await openWithVault(owner.page, host.url, knownVault.file)
  // An account is known from the first unlocking on.
  await owner.button(words.lock.unlock).click()
  await owner.unlock()
})

afterEach(async ({ task }) => {
  falseChainId = null
  onArrival = null
  if (task.result?.state === 'fail') await owner.looks(`failed ${task.name.slice(0, 30)}`).catch(() => {})
})

afterAll(async () => {
  try {
    await phone?.close()
  } finally {
    await world?.stop()
  }
})

/** The person at the phone as it is now: another page after it was killed. */
function meet(): void {
  owner = new Owner(phone, 'robbed', knownVault.passphrase)
}

const failed = ({ title }: { title: string }): Locator => owner.page.getByText(title, { exact: true })
const signing = (): Locator => owner.page.getByRole('dialog', { name: words.signing.titleTransaction })
const signButton = (amount: string): Locator => owner.button(`Send ${amount}`, signing())
const balanceOf = async (address: Address): Promise<bigint> =>
  BigInt(String(await rpc(chain, 'eth_getBalance', [address, 'latest'])))
const nonce = async (): Promise<number> =>
  Number(await rpc(chain, 'eth_getTransactionCount', [knownVault.owner, 'latest']))

/** Fills the screen in and asks for the look at it. */
async function propose(amount: string, to: Address): Promise<void> {
  await owner.page.goto(new URL('/wallet/account/owner/send', host.url).href)
  await owner.field(words.send.to).fill(to)
  await owner.field(`${words.send.amount} (ETH)`).fill(amount)
  await owner.button(words.send.next).click()
  await owner.unlockIfAsked(signing().or(owner.page.locator('.notice')).first())
}

it('a chain that answers with another id gets nothing signed, neither before the look nor after it', async () => {
  await propose('1', friend)
  await signing().waitFor()
  falseChainId = '0x1'
  await signButton('1 ETH').click()
  await failed(owner.person.words.failures.wrongChain).waitFor()
  await owner.looks('another chain after the look')
  falseChainId = '0x1'
  await propose('1', friend)
  await failed(owner.person.words.failures.wrongChain).waitFor()
  expect(await signing().count()).toBe(0)
  expect(await storedPayments(owner.page)).toEqual([])
  expect(arrived).toEqual([])
  falseChainId = null
})

it('a clock that is set back leaves what was looked at to be signed; one that is set forward asks to look again', async () => {
  const before = { nonce: await nonce(), friend: await balanceOf(friend) }
  await propose('1', friend)
  await signing().waitFor()
  await moveClock(owner.page, 86_400)
  // What keeps a fresh proposal from being made is said in the sheet, which lies over the screen.
  falseChainId = '0x1'
  await owner.button(words.signing.again, signing()).click()
  const said = signing().getByText(owner.person.words.failures.wrongChain.title, { exact: true })
  // A day without a touch locks.
  await owner.unlockIfAsked(said)
  await said.waitFor()
  falseChainId = null
  await moveClock(owner.page, -86_400)
  await signButton('1 ETH').waitFor()
  await moveClock(owner.page, 0)
  await signButton('1 ETH').click()
  await owner.seesItFinal()
  expect(await balanceOf(friend)).toBe(before.friend + ETHER)
  expect(await nonce()).toBe(before.nonce + 1)
})

it('an address that looks like one that was paid is told from it, and the button stays shut until that is answered', async () => {
  const sent = arrived.length
  await propose('1', lookAlike)
  const { warnings } = words.sentenceWords
  await signing().getByText(warnings.lookAlike.title).waitFor()
  await owner.looks('look-alike')
  expect(await signButton('1 ETH').isDisabled()).toBe(true)
  await signing().getByRole('checkbox', { name: warnings.lookAlike.sure }).check()
  expect(await signButton('1 ETH').isDisabled()).toBe(false)
  await owner.button(words.signing.cancel, signing()).click()
  expect(arrived.length).toBe(sent)
})

it('a full disk keeps a payment from being sent, not only from being written down; with room again it is paid once', async () => {
  const before = { nonce: await nonce(), friend: await balanceOf(friend), arrived: arrived.length }
  const written = await storedPayments(owner.page)
  await propose('2', friend)
  await signing().waitFor()
  await fillStorage(owner.page)
  await signButton('2 ETH').click()
  await failed(words.failures.notStored).waitFor()
  await owner.looks('full disk')
  expect(arrived.length).toBe(before.arrived)
  expect(await storedPayments(owner.page)).toEqual(written)
  await room(100)
  await signButton('2 ETH').click()
  await owner.seesItFinal()
  expect(await nonce()).toBe(before.nonce + 1)
  expect(await balanceOf(friend)).toBe(before.friend + 2n * ETHER)
})

it('a tab that is killed while it sends has paid once or not at all, and the list says which', async () => {
  for (const step of ['put payments', 'arrival']) {
    const before = { nonce: await nonce(), friend: await balanceOf(friend) }
    const written = await storedPayments(owner.page)
    await propose('1', friend)
    await signing().waitFor()
    const killed = Promise.withResolvers<void>()
    let isKilled = false
    const kill = () => {
      if (isKilled) return
      isKilled = true
      phone.kill().then(killed.resolve, killed.reject)
    }
    if (step === 'arrival') onArrival = kill
    else await watchWrites(phone.browser, write => write === step && kill())
    await signButton('1 ETH').click()
    await killed.promise
    onArrival = null
    await phone.reopen()
    meet()
    await owner.page.goto(new URL('/wallet', host.url).href)
    await owner.heading(words.wallet.title).waitFor()
    const paid = (await storedPayments(owner.page)).length - written.length
    if (step === 'arrival') expect(paid).toBe(1)
    // Locked as it is, it sends what is signed and written down.
    await expect.poll(nonce, { timeout: 30_000 }).toBe(before.nonce + paid)
    expect(await balanceOf(friend)).toBe(before.friend + BigInt(paid) * ETHER)
    expect(await owner.page.getByText(words.payments.states.final).count()).toBeGreaterThan(0)
  }
})

it('another network.json is asked about first, and what was sent on one network is not shown on the other', async () => {
  const { page, person } = owner
  const { notices, network } = person.words
  const shown = page.getByText(words.payments.title, { exact: true })
  const written = await storedPayments(page)
  await page.goto(new URL('/wallet', host.url).href)
  await shown.waitFor()
  for (const isHonest of [false, true]) {
    host.serve(honest => {
      const { chain } = honest
      const contracts = { ...chain.contracts, deviceRegistry: `0x${'99'.repeat(20)}` as const }
      return isHonest ? honest : { ...honest, chain: { ...chain, contracts } }
    })
    await page.reload()
    await person.sees(person.text(notices.networkChanged))
    // Until it is decided, everything is as it was.
    await owner.heading(words.wallet.title).waitFor()
    expect(await shown.count()).toBe(isHonest ? 0 : 1)
    await person.link(notices.networkChangedLink).click()
    await page.getByRole('checkbox', { name: network.acceptCheck }).check()
    await person.button(network.accept).click()
    await person.goTo('wallet')
    await owner.heading(words.wallet.title).waitFor()
    await owner.looks(isHonest ? 'network as before' : 'other network')
    await expect.poll(() => shown.count()).toBe(isHonest ? 1 : 0)
  }
  expect(await storedPayments(page)).toEqual(written)
})

it('a claim whose block the chain drops waits again, and is sent again as it was signed', async () => {
  const phoneAtHome = await world.phone({ webBluetooth: false })
  const claimer = new Owner(phoneAtHome, 'reorganised', knownVault.passphrase)
  const { person, page } = claimer
  await openWithVault(page, world.fob.url, knownVault.file)
  await claimer.button(words.lock.unlock).click()
  await claimer.unlock()
  await person.goTo('devices')
  await person.button(person.words.devices.demo).click()
  await page.getByRole('dialog').getByText(person.words.devices.demoKind.lock).click()
  await claimer.openOwnership()
  await claimer.pairByButton(() => claimer.button(words.claim.buttonDemo).click())
  const before = arrived.length
  await claimer.button(words.claim.claimAction).click()
  await claimer.button(claimer.confirms.claimDevice).waitFor()

  await rpc(chain, 'evm_setIntervalMining', [0])
  const snapshot = await rpc(chain, 'evm_snapshot', [])
  await claimer.sign(claimer.confirms.claimDevice)
  const state = (kind: keyof typeof words.payments.states) => page.getByText(words.payments.states[kind])
  await state('waiting').waitFor()
  await rpc(chain, 'evm_mine', [])
  await state('mined').waitFor()
  await claimer.looks('mined')
  await rpc(chain, 'evm_revert', [snapshot])
  await state('waiting').waitFor()
  await claimer.looks('dropped')
  await rpc(chain, 'evm_setIntervalMining', [1])
  await claimer.button(words.claim.deliver).waitFor({ timeout: 60_000 })
  const sent = arrived.slice(before)
  expect(sent.length).toBeGreaterThan(1)
  expect(new Set(sent).size).toBe(1)
  await phoneAtHome.close()
})
