// Another wallet of the browser as the owner account: it is asked for each signature, says no once, and once nothing at all.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEMO_MODELS } from '../../device/demo.ts'
import { walletZh as words } from '../../src/ui/i18n/walletZh.ts'
import { InjectedWallet } from './harness/injectedWallet.ts'
import { Owner } from './harness/owner.ts'
import { startWorld, type World } from './harness/world.ts'

const [lock] = DEMO_MODELS
if (lock === undefined) throw new Error('there is no demo model')

let world: World

beforeAll(async () => {
  world = await startWorld({ hasRadio: false })
})

afterAll(() => world?.stop())

it('is connected, claims a device and sends money; where it refuses or does not answer, nothing is lost and nothing is stuck', async () => {
  // In Chinese and in the dark: the other stories are told in English by day.
  const phone = await world.phone({ webBluetooth: false, locale: 'zh-CN', colorScheme: 'dark' })
  const fox = new InjectedWallet(await world.fob.chain.url())
  await fox.install(phone)
  const owner = new Owner(phone, 'fox', 'green kettles hum at noon', 'zh')
  try {
    await owner.page.emulateMedia({ reducedMotion: 'reduce' })
    await owner.page.reload()
    await tell(owner, fox)
  } catch (error) {
    await owner.picture('when it failed').catch(() => undefined)
    throw error
  }
  await owner.close()
}, 240_000)

async function tell(owner: Owner, fox: InjectedWallet): Promise<void> {
  await owner.createWallet()
  await connect(owner, fox)
  await claim(owner, fox)
  await send(owner, fox)
}

async function connect({ page, person, button, looks, heading }: Owner, fox: InjectedWallet): Promise<void> {
  await page.getByRole('link', { name: words.wallet.settings }).click()
  await button(words.owner.change).click()
  const sheet = page.getByRole('dialog', { name: words.owner.change })
  const use = sheet.getByRole('button', { name: words.owner.connect(fox.name) })
  fox.mood = 'refuses'
  await use.click()
  await sheet.getByText(words.failures.injectedRefused.title).waitFor()
  await looks('refused')

  // Its window is left alone: the person closes the sheet, and is not held up.
  fox.mood = 'silent'
  await use.click()
  await expect.poll(() => fox.asked.length).toBe(2)
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })

  fox.mood = 'agrees'
  await button(words.owner.change).click()
  await use.click()
  await page.getByText(words.owner.external(fox.name)).waitFor()
  await looks('connected')
  expect(fox.asked).toEqual(['eth_requestAccounts', 'eth_requestAccounts', 'eth_requestAccounts'])
  await person.goTo('wallet')
  await heading(words.wallet.title).waitFor()
  await page.getByText(words.accounts.ownerIn(fox.name)).waitFor()
}

async function claim(owner: Owner, fox: InjectedWallet): Promise<void> {
  const { page, person } = owner
  await owner.getPlayMoney()
  await person.goTo('devices')
  await person.button(person.words.devices.demo).click()
  await page.getByRole('dialog').getByText(person.words.devices.demoKind.lock).click()
  await owner.openOwnership()
  await owner.pairByButton(() => owner.button(words.claim.buttonDemo).click())
  await owner.button(words.claim.claimAction).click()
  const sheet = page.getByRole('dialog', { name: words.signing.titleTransaction })
  await sheet.getByText(words.signing.inWallet(fox.name)).waitFor()
  await owner.looks('to be signed there')
  fox.mood = 'refuses'
  await owner.button(owner.confirms.claimDevice, sheet).click()
  await expect
    .poll(() => sheet.getByRole('status').textContent())
    .toContain(words.failures.injectedOtherChain.title)
  await owner.looks('other chain')
  fox.mood = 'agrees'
  await owner.button(owner.confirms.claimDevice, sheet).click()
  await sheet.waitFor({ state: 'detached' })
  await owner.button(words.claim.deliver).click({ timeout: 60_000 })
  await page.getByText(words.claim.doneTitle, { exact: true }).first().waitFor()
  await owner.looks('claimed')
}

async function send(owner: Owner, fox: InjectedWallet): Promise<void> {
  const { page, person } = owner
  await person.goTo('wallet')
  fox.mood = 'silent'
  const sheet = await owner.beginToSend('2 ETH', lock?.name ?? '')
  await owner.button(owner.confirms.transfer('2 ETH'), sheet).click()
  await expect.poll(() => fox.asked.at(-1)).toBe('eth_sendTransaction')
  await sheet.getByText(words.signing.waitingFor(fox.name)).waitFor()
  await owner.looks('unanswered')
  await owner.button(words.signing.cancel, sheet).click()
  await sheet.waitFor({ state: 'detached' })
  await person.goTo('wallet')
  await page.getByText(words.payments.unanswered).click()
  await person.sees(person.text(words.payments.storedExternal))
  await owner.looks('unanswered payment')
  await owner.button(words.payments.storedExternalForget).click()
  await owner.heading(words.wallet.title).waitFor()
  expect(await page.getByText(words.payments.unanswered).count()).toBe(0)

  fox.mood = 'agrees'
  await owner.send('1 ETH', lock?.name ?? '')
  await person.link(words.payments.done).click()
  await page.getByText(/^8\.99\d+…\s?ETH$/).waitFor()
  await owner.looks('wallet')

  // It is there again on the next visit without being asked for anything.
  const { length } = fox.asked
  await page.reload()
  await page.getByText(words.accounts.ownerIn(fox.name)).waitFor()
  await page.getByText(words.accounts.externalGone(fox.name)).waitFor({ state: 'detached' })
  expect(fox.asked).toHaveLength(length)
}
