// Passkeys on the production build, with an authenticator that can keep a secret for a page (PRF), and one that can't.
import type { CDPSession } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { walletEn as words } from '../../src/ui/i18n/walletEn.ts'
import { Owner } from './harness/owner.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

let world: World
let phone: Phone
let owner: Owner
let authenticators: CDPSession

beforeAll(async () => {
  world = await startWorld({ hasRadio: false })
})

afterAll(() => world?.stop())

beforeEach(async () => {
  phone = await world.phone({ webBluetooth: false })
  owner = new Owner(phone, 'passkeys', 'slow amber lanterns drift')
  await owner.page.emulateMedia({ reducedMotion: 'reduce' })
  authenticators = await phone.browser.newCDPSession(phone.page)
  await authenticators.send('WebAuthn.enable')
})

afterEach(async context => {
  if (context.task.result?.state === 'fail') await owner.picture('when it failed').catch(() => undefined)
  await phone.close()
})

/** The phone's own. It is touched at once whenever it asks. */
async function authenticator({ hasPrf }: { hasPrf: boolean }): Promise<string> {
  const { authenticatorId } = await authenticators.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  })
  return authenticatorId
}

const sheet = () => owner.page.getByRole('dialog', { name: words.lock.title })
const failure = (kind: 'passkeyCancelled' | 'passkeyWithoutPrf') =>
  owner.page.getByRole('dialog').getByText(words.failures[kind].title)

async function openSettings(): Promise<void> {
  await owner.page.getByRole('link', { name: words.wallet.settings }).click()
  await owner.heading(words.vault.title).waitFor()
}

it('a passkey with PRF opens the wallet after a reload, is not needed for the passphrase, and can be removed', async () => {
  const id = await authenticator({ hasPrf: true })
  await owner.person.goTo('wallet')
  await owner.person.link(words.wallet.create).click()
  await owner.chooseWallet()
  await owner.button(words.passkeys.add).click()
  await owner.page.getByText(words.passkeys.added).waitFor()
  await owner.looks('added')
  const { credentials } = await authenticators.send('WebAuthn.getCredentials', { authenticatorId: id })
  expect(credentials).toHaveLength(1)
  await owner.person.link(words.create.open).click()

  await openSettings()
  await owner.button(words.vault.lockNow).click()
  await owner.button(words.lock.unlock).click()
  await owner.looks('asked')
  await sheet().getByRole('button', { name: words.lock.withPasskey }).click()
  await sheet().waitFor({ state: 'detached' })
  await owner.button(words.vault.lockNow).waitFor()

  // A new page has nothing in memory: all that opens it is what the authenticator makes of the stored salt.
  await owner.page.reload()
  await owner.button(words.lock.unlock).click()
  await sheet().getByRole('button', { name: words.lock.withPasskey }).click()
  await sheet().waitFor({ state: 'detached' })

  await authenticators.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: false })
  await owner.button(words.vault.lockNow).click()
  await owner.button(words.lock.unlock).click()
  await sheet().getByRole('button', { name: words.lock.withPasskey }).click()
  await failure('passkeyCancelled').waitFor()
  await owner.looks('not the finger')
  await owner.unlock()

  await owner.page
    .getByRole('button', { name: words.passkeys.removeNamed(words.passkeys.defaultName) })
    .click()
  const removal = owner.page.getByRole('dialog', {
    name: words.passkeys.removeTitle(words.passkeys.defaultName),
  })
  await owner.field(words.passphrase.label, removal).fill(owner.passphrase)
  await owner.button(words.passkeys.remove, removal).click()
  await owner.page.getByText(words.passkeys.gone).waitFor()
  await owner.button(words.vault.lockNow).click()
  await owner.button(words.lock.unlock).click()
  await owner.field(words.passphrase.label, sheet()).waitFor()
  expect(await sheet().getByRole('button', { name: words.lock.withPasskey }).count()).toBe(0)
})

it('a passkey without PRF is refused in words, and the passphrase goes on working', async () => {
  await authenticator({ hasPrf: false })
  await owner.createWallet()
  await openSettings()
  await owner.button(words.passkeys.add).click()
  const adding = owner.page.getByRole('dialog', { name: words.passkeys.addTitle })
  await owner.field(words.passphrase.label, adding).fill(owner.passphrase)
  await owner.button(words.passkeys.add, adding).click()
  await failure('passkeyWithoutPrf').waitFor()
  await owner.looks('without PRF')
  await owner.page.keyboard.press('Escape')
  await owner.page.getByText(words.passkeys.none).waitFor()
  await owner.page.reload()
  await owner.button(words.lock.unlock).click()
  await owner.field(words.passphrase.label, sheet()).waitFor()
  expect(await sheet().getByRole('button', { name: words.lock.withPasskey }).count()).toBe(0)
  await owner.unlock()
  await owner.button(words.vault.lockNow).waitFor()
})
