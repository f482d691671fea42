// The wallet's screens over a fake wallet: a person who never had one gets through, and nothing secret stays on the screen.
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { walletEn as en } from '../../src/ui/i18n/walletEn.ts'
import { fakePassphrase } from '../preview/fakeVault.ts'
import { everyOther, previewPage, type ShownScreen } from './harness/previewPage.ts'

/** Address and scenario (see test/preview/fakeWallet.ts). */
const screens: readonly ShownScreen[] = [
  ['/wallet', 'walletNone'],
  ['/wallet', 'walletLocked'],
  ['/wallet', 'walletNotBackedUp'],
  ['/wallet', 'walletUnreadable'],
  ['/wallet', 'walletLost'],
  ['/wallet', 'walletNewer'],
  ['/wallet/create', 'walletNone'],
  ['/wallet/restore', 'walletNone'],
  ['/wallet/backup', 'walletNotBackedUp'],
  ['/wallet/vault', 'walletPasskeys'],
  ['/wallet/vault', 'walletLockedPlain'],
  ['/wallet/vault', 'walletNoPasskeys'],
]

const preview = previewPage()
const { open, resize, expectAccessible, button, link, heading, field } = preview
let page: Page
beforeAll(() => {
  page = preview.page
})

const isFocused = (element: ReturnType<typeof field>) =>
  element.evaluate(node => node === document.activeElement)
/** Submits and covers say more than their title. */
const showWords = () => page.locator('.words-cover').click()
/** As the vault does after five minutes without use. */
const lockByTime = () => page.evaluate(() => dispatchEvent(new Event('preview:lock')))
/** Words as the person would have them on paper. */
const shownWords = () => page.locator('ol.words .word').allTextContents()

async function createUpToWords(scenario = 'walletNone'): Promise<void> {
  await open('/wallet', scenario)
  await link(en.wallet.create).click()
  await field(en.passphrase.label).fill(fakePassphrase)
  await field(en.passphrase.repeat).fill(fakePassphrase)
  await button(en.create.submit).click()
  await heading(en.backup.title).waitFor()
}

/** Picks what `paper` says at each place that is asked for. */
async function pickFrom(paper: readonly string[]): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    const asked = page.locator('.picked > [aria-current]')
    const place = Number(/\d+/.exec((await asked.textContent()) ?? '')?.[0])
    await page.locator('.chip', { hasText: new RegExp(`^${paper[place - 1] ?? ''}$`) }).click()
  }
}

preview.describeScreens([
  { lang: 'en', theme: 'light', shown: everyOther(screens, 0) },
  { lang: 'zh', theme: 'dark', shown: everyOther(screens, 1) },
])

describe('a first wallet', () => {
  test('is made, written down, confirmed and opened by a passkey, without leaving the way', async () => {
    await createUpToWords()
    await expectAccessible()
    expect(await shownWords()).toEqual([])
    expect(await button(en.backup.written).isDisabled()).toBe(true)
    await showWords()
    const paper = await shownWords()
    expect(paper).toHaveLength(12)
    await expectAccessible()
    await button(en.backup.written).click()
    await heading(en.backup.checkTitle).waitFor()
    await expectAccessible()
    await pickFrom(paper)
    await heading(en.create.readyTitle).waitFor()
    await page.getByText(en.persistence.granted).waitFor()
    await expectAccessible()
    await button(en.passkeys.add).click()
    await page.getByText(en.passkeys.added).waitFor()
    await link(en.create.open).click()
    await heading(en.wallet.title).waitFor()
    expect(await page.getByText(en.lock.notBackedUp).count()).toBe(0)
    expect(preview.complaints()).toEqual([])
  })

  test('wants a passphrase that holds, typed twice or seen once', async () => {
    await open('/wallet/create', 'walletNone')
    const submit = button(en.create.submit)
    const isOff = () => submit.getAttribute('aria-disabled')
    await field(en.passphrase.label).fill('abc')
    await page.getByText(en.passphrase.missing(7)).waitFor()
    await field(en.passphrase.label).fill(fakePassphrase)
    await field(en.passphrase.repeat).fill('something else')
    await page.getByText(en.passphrase.repeatDiffers).waitFor()
    expect(await isOff()).toBe('true')
    await submit.click({ force: true })
    await page.waitForTimeout(600)
    expect(await heading(en.create.title).count()).toBe(1)
    await page.getByRole('button', { name: en.passphrase.show }).first().click()
    expect(await field(en.passphrase.repeat).count()).toBe(0)
    expect(await isOff()).toBeNull()
  })

  test('may have 24 words, in Chinese', async () => {
    await open('/wallet/create', 'walletNone')
    await field(en.passphrase.label).fill(fakePassphrase)
    await field(en.passphrase.repeat).fill(fakePassphrase)
    await page.getByText(en.create.options).click()
    await page.getByText(en.create.words24, { exact: true }).click()
    await page.getByText(en.create.languageZh, { exact: true }).click()
    await button(en.create.submit).click()
    await showWords()
    const words = await shownWords()
    expect(words).toHaveLength(24)
    expect(words.every(word => /^\p{Script=Han}$/u.test(word))).toBe(true)
    expect(await page.locator('ol.words').getAttribute('lang')).toBe('zh-Hans')
  })

  test('lets a person leave the words for later, says what that means, and goes on reminding', async () => {
    await createUpToWords()
    await button(en.backup.later).click()
    await page.getByRole('dialog').getByText(en.backup.laterBody).waitFor()
    await expectAccessible()
    await button(en.backup.laterYes).click()
    await page.getByText(en.create.readyUnconfirmed).waitFor()
    await link(en.create.open).click()
    await link(en.lock.backUp).click()
    await heading(en.backup.askTitle).waitFor()
  })

  test('says which passkey can’t open it, and how the browser keeps it', async () => {
    await createUpToWords('walletNoneRefusing')
    await button(en.backup.later).click()
    await button(en.backup.laterYes).click()
    await button(en.passkeys.add).click()
    await page.getByText(en.failures.passkeyWithoutPrf.title).waitFor()
    await page.getByText(en.persistence.refused).waitFor()
  })

  test('is not made over one that is there', async () => {
    await open('/wallet/create', 'wallet')
    await heading(en.wallet.title).waitFor()
    await open('/wallet/restore', 'walletLocked')
    await heading(en.wallet.title).waitFor()
  })
})

describe('recovery words', () => {
  test('that were picked wrongly are asked for again, other ones', async () => {
    await createUpToWords()
    await showWords()
    const paper = await shownWords()
    await button(en.backup.written).click()
    await pickFrom(paper.map((_, index) => paper[(index + 1) % paper.length] ?? '').map(firstOther(paper)))
    await page.getByText(en.backup.mismatch).waitFor()
    await pickFrom(paper)
    await heading(en.create.readyTitle).waitFor()
  })

  test('are hidden when the page is put away, and gone when the wallet locks', async () => {
    await open('/wallet/backup', 'wallet')
    await field(en.passphrase.label).fill(fakePassphrase)
    await button(en.backup.show).click()
    await heading(en.backup.title).waitFor()
    await showWords()
    const paper = await shownWords()
    expect(paper).toHaveLength(12)
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
      Object.defineProperty(document, 'hidden', { value: false, configurable: true })
    })
    await expect.poll(shownWords).toEqual([])
    await showWords()
    expect(await shownWords()).toEqual(paper)
    await lockByTime()
    await heading(en.backup.askTitle).waitFor()
    await page.getByText(en.backup.lockedMeanwhile).waitFor()
    expect(await shownWords()).toEqual([])
    expect(await field(en.passphrase.label).inputValue()).toBe('')
  })

  test('of a wallet that was just made are gone as well when it locks, and can be asked for again', async () => {
    await createUpToWords()
    await showWords()
    const paper = await shownWords()
    await lockByTime()
    await heading(en.backup.askTitle).waitFor()
    expect(await shownWords()).toEqual([])
    await field(en.passphrase.label).fill(fakePassphrase)
    await button(en.backup.show).click()
    await heading(en.backup.title).waitFor()
    await showWords()
    expect(await shownWords()).toEqual(paper)
    await button(en.backup.written).click()
    await pickFrom(paper)
    await heading(en.backup.confirmedTitle).waitFor()
    await link(en.create.open).click()
    await heading(en.wallet.title).waitFor()
    expect(await page.getByText(en.lock.notBackedUp).count()).toBe(0)
  })

  test('are not shown for a wrong passphrase', async () => {
    await open('/wallet/backup', 'wallet')
    await field(en.passphrase.label).fill('not the passphrase')
    await button(en.backup.show).click()
    await page.getByText(en.lock.wrong).first().waitFor()
    expect(await heading(en.backup.askTitle).count()).toBe(1)
  })
})

/** Keeps a word where it is another one at its place, else takes any that differs. */
function firstOther(paper: readonly string[]) {
  return (word: string, index: number): string =>
    word === paper[index] ? (paper.find(other => other !== word) ?? word) : word
}

describe('unlocking', () => {
  test('shows accounts before, asks when it is needed, and leaves the focus on the screen', async () => {
    await open('/wallet', 'walletLocked')
    await page.getByText('Front door').first().waitFor()
    const opener = button(en.lock.unlock)
    await opener.click()
    const input = field(en.passphrase.label)
    await input.fill(fakePassphrase)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByText(en.lock.locked).waitFor({ state: 'detached' })
    await expect.poll(() => isFocused(heading(en.wallet.title))).toBe(true)
  })

  test('tells a wrong passphrase, keeps it to be corrected, and never moves the focus away', async () => {
    await open('/wallet', 'walletLocked')
    await button(en.lock.unlock).click()
    const input = field(en.passphrase.label)
    await input.fill('wrong one')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('status').filter({ hasText: en.lock.wrong }).waitFor()
    expect(await input.inputValue()).toBe('wrong one')
    expect(await isFocused(input)).toBe(true)
    await resize('tall')
    await expectAccessible()
  })

  test('makes guessing wait, counts down, reads it out once, and goes on by itself', async () => {
    await open('/wallet', 'walletLocked')
    const dialog = page.getByRole('dialog')
    await page.getByRole('main').getByRole('button', { name: en.lock.unlock, exact: true }).click()
    const input = field(en.passphrase.label)
    const status = dialog.getByRole('status').first()
    for (let round = 0; round < 4; round += 1) {
      await input.fill(`guess ${String(round)}`)
      await page.keyboard.press('Enter')
      await expect.poll(() => status.textContent()).not.toBe(en.lock.checking)
    }
    const said = await status.textContent()
    const notice = dialog.locator('.notice-title')
    const first = await notice.textContent()
    expect(first).toMatch(/\d sec/)
    expect(said).toMatch(/\d sec/)
    await expect.poll(() => notice.textContent()).not.toBe(first)
    expect(await status.textContent()).toBe(said)
    await resize('tall')
    await expectAccessible()
    await expect.poll(() => status.textContent(), { timeout: 8000 }).toBe(en.lock.waitingOver)
    expect(await isFocused(input)).toBe(true)
    await input.fill(fakePassphrase)
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
  })

  test('by passkey works while a passphrase would have to wait', async () => {
    await open('/wallet', 'walletWaiting')
    await button(en.lock.unlock).first().click()
    await page.locator('.notice-title', { hasText: /1 min/ }).waitFor()
    await button(en.lock.withPasskey).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('can be given up with Escape, and leads a person who forgot to what can be done', async () => {
    await open('/wallet', 'walletLocked')
    await button(en.lock.unlock).click()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await isFocused(button(en.lock.unlock))).toBe(true)
    await button(en.lock.unlock).click()
    await page.getByText(en.lock.forgotten).click()
    await page.getByRole('dialog').getByRole('link', { name: en.lock.forgottenLink }).click()
    await heading(en.vault.title).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
  })
})

test('the wallet stays open while the page is used, on any screen, and is not told of each key', async () => {
  await open('/wallet', 'wallet')
  await page.evaluate(() => {
    addEventListener('preview:touch', () => document.body.append(document.createElement('touched-mark')))
  })
  const touched = () => page.locator('touched-mark').count()
  await page.mouse.click(5, 5)
  expect(await touched()).toBe(1)
  await page.keyboard.press('Shift')
  await page.keyboard.press('Shift')
  expect(await touched()).toBe(1)
  await page.getByRole('navigation').getByRole('link').last().click()
  await page.waitForTimeout(2100)
  const before = await touched()
  await page.keyboard.press('Shift')
  expect(await touched()).toBe(before + 1)
})

describe('restoring', () => {
  const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow'

  test('from pasted words names the wrong one, takes a correction, and opens the wallet', async () => {
    await open('/wallet', 'walletNone')
    await link(en.wallet.restore).click()
    await field(en.restore.nextWord(1)).fill(`${phrase.replace('winner', 'winer')} `)
    await page.getByText(en.restore.notInList('winer')).waitFor()
    await resize('tall')
    await expectAccessible()
    await button(`2 winer ${en.restore.notTheWord}`).click()
    await button(en.restore.take('winner')).click()
    await page.getByText(en.restore.complete).waitFor()
    await field(en.passphrase.label).fill(fakePassphrase)
    await field(en.passphrase.repeat).fill(fakePassphrase)
    await button(en.restore.submitWords).click()
    await heading(en.create.readyTitle).waitFor()
    expect(await page.getByText(en.create.readyUnconfirmed).count()).toBe(0)
  })

  test('says that words don’t belong together, and offers nothing then', async () => {
    await open('/wallet/restore', 'walletNone')
    await field(en.restore.nextWord(1)).fill(`${phrase.replace('legal', 'zoo')} `)
    await page.getByText(en.restore.checksumWrong).waitFor()
    await field(en.passphrase.label).fill(fakePassphrase)
    await field(en.passphrase.repeat).fill(fakePassphrase)
    expect(await button(en.restore.submitWords).getAttribute('aria-disabled')).toBe('true')
  })

  test('from a file refuses what is none, tells a wrong passphrase, and takes a right one', async () => {
    await open('/wallet/restore', 'walletNone')
    await page.getByText(en.restore.fromFile, { exact: true }).click()
    const choose = (name: string, text: string) =>
      page.locator('input[type=file]').setInputFiles({ name, mimeType: '', buffer: Buffer.from(text) })
    await choose('holiday.fobvault', 'JFIF…')
    await field(en.passphrase.ofFile).fill('not it at all')
    await button(en.restore.submitFile).click()
    await page.getByText(en.failures.notAVault.title).waitFor()
    await choose('fob.fobvault', 'FOBVAULT…')
    await button(en.restore.submitFile).click()
    await page.getByText(en.lock.wrong).first().waitFor()
    await field(en.passphrase.ofFile).fill(fakePassphrase)
    await button(en.restore.submitFile).click()
    await heading(en.create.readyTitle).waitFor()
  })
})

describe('the wallet’s settings', () => {
  test('lock at once, and offer the way back in the same place', async () => {
    await open('/wallet/vault', 'wallet')
    await button(en.vault.lockNow).click()
    await page.getByText(en.vault.locked).waitFor()
    expect(await isFocused(button(en.lock.unlock))).toBe(true)
  })

  test('change the passphrase only for who knows the present one', async () => {
    await open('/wallet/vault', 'wallet')
    await button(en.vault.changePassphrase).click()
    const dialog = page.getByRole('dialog')
    await field(en.passphrase.present).fill('not it')
    await field(en.passphrase.next).fill('another four words here')
    await field(en.passphrase.repeat).fill('another four words here')
    await dialog.getByRole('button', { name: en.vault.changePassphrase, exact: true }).click()
    await dialog.getByText(en.lock.wrong).first().waitFor()
    await field(en.passphrase.present).fill(fakePassphrase)
    await expectAccessible()
    await dialog.getByRole('button', { name: en.vault.changePassphrase, exact: true }).click()
    await page.getByText(en.vault.changed).waitFor()
  })

  test('save a backup file under the day’s name', async () => {
    await open('/wallet/vault', 'wallet')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: en.vault.exportFile }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^fob-wallet-\d{4}-\d\d-\d\d\.fobvault$/)
    expect(await readFile(await download.path(), 'utf8')).toContain('FOBVAULT')
    await page.getByText(en.vault.exportBody).waitFor()
  })

  test('add and remove passkeys', async () => {
    await open('/wallet/vault', 'walletPasskeys')
    await button(en.passkeys.removeNamed('Pixel 9')).click()
    const dialog = page.getByRole('dialog')
    await field(en.passphrase.label).fill(fakePassphrase)
    await expectAccessible()
    await dialog.getByRole('button', { name: en.passkeys.remove, exact: true }).click()
    await page.getByText(en.passkeys.gone).waitFor()
    expect(await page.getByText('Pixel 9').count()).toBe(0)
    await button(en.passkeys.add).click()
    await field(en.passkeys.name).fill('Key ring')
    await field(en.passphrase.label).fill(fakePassphrase)
    await dialog.getByRole('button', { name: en.passkeys.add, exact: true }).click()
    await page.getByText('Key ring').waitFor()
  })

  test('let another wallet of the browser be the owner, and go back', async () => {
    await open('/wallet/vault', 'walletInjected')
    await button(en.owner.change).click()
    await expectAccessible()
    await page.getByRole('button', { name: /very long name/ }).click()
    await page.getByText(en.failures.injectedRefused.title).waitFor()
    await button(en.owner.connect('Fox Wallet')).click()
    await page.getByText(en.owner.external('Fox Wallet')).waitFor()
    await button(en.owner.back).click()
    await page.getByText(en.owner.own, { exact: true }).waitFor()
  })

  test('sign unknown things only after a warning was agreed to', async () => {
    await open('/wallet/vault', 'wallet')
    const toggle = page.getByRole('switch')
    await toggle.click()
    expect(await toggle.isChecked()).toBe(false)
    expect(await button(en.vault.expertOn).isDisabled()).toBe(true)
    await page.getByLabel(en.vault.expertCheck).check()
    await expectAccessible()
    await button(en.vault.expertOn).click()
    await expect.poll(() => toggle.isChecked()).toBe(true)
    await toggle.click()
    await expect.poll(() => toggle.isChecked()).toBe(false)
  })

  test('erase only after a word was typed, and say what is lost', async () => {
    await open('/wallet/vault', 'walletNotBackedUp')
    await button(en.vault.erase).click()
    await page.getByText(en.vault.eraseUnconfirmed).waitFor()
    await expectAccessible()
    const confirm = field(en.vault.eraseLabel(en.vault.eraseWord))
    await confirm.fill('eras')
    await button(en.vault.eraseYes).click({ force: true })
    expect(await page.getByRole('dialog').count()).toBe(1)
    await confirm.fill('Erase ')
    await button(en.vault.eraseYes).click()
    await page.getByText(en.wallet.welcomeTitle).waitFor()
  })

  test('of a wallet that can’t be read still lead to a new start', async () => {
    await open('/wallet', 'walletUnreadable')
    await page.getByText(en.failures.vaultDamaged.title).waitFor()
    await button(en.vault.erase).click()
    await field(en.vault.eraseLabel(en.vault.eraseWord)).fill('erase')
    await button(en.vault.eraseYes).click()
    await link(en.wallet.restore).waitFor()
    await open('/wallet', 'walletNewer')
    expect(await button(en.vault.erase).count()).toBe(0)
  })
})
