// Attacks on the vault in a real browser: guessing, wrong words, cut and damaged files, a full disk, tabs that are killed,
// an app that is updated in the midst of it, scripts that look for it. The list of all attacks is in walletAttacks.test.ts.
import { createHash } from 'node:crypto'
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest'
import { freePort } from '../../node/http.ts'
import { type AppServer, startAppServer } from '../../node/web/appServer.ts'
import { networkPath } from '../../src/core/network.ts'
import { phraseSeed, readPhrase } from '../../src/core/wallet/phrase.ts'
import { walletEn as words } from '../../src/ui/i18n/walletEn.ts'
import {
  fillStorage,
  knownVault,
  limitStorage,
  moveClock,
  openWithVault,
  storedVaults,
  watchWrites,
  writeKeys,
} from './harness/knownWallet.ts'
import { Owner } from './harness/owner.ts'
import { openPhone, type Phone } from './harness/phone.ts'

const OTHER = 'nine green kettles hum'

/** Where nobody answers: a vault needs no chain. */
const lonely = {
  version: 1,
  name: 'Lonely',
  chain: {
    id: 31_337,
    name: 'Lonely chain',
    registry: `0x${'22'.repeat(20)}`,
    endpoints: ['http://127.0.0.1:9', 'http://localhost:9'],
    minAgreeing: 2,
    maxAgeSeconds: 120,
    currency: { symbol: 'ETH', decimals: 18 },
  },
  peers: [],
  gateways: [],
  makers: [],
}

let folder: string
let server: AppServer
let phone: Phone
let owner: Owner

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fob-attacked-'))
  await cp(inject('appFolder'), folder, { recursive: true })
  server = await startAppServer({
    host: '127.0.0.1',
    port: await freePort(),
    directory: folder,
    documents: new Map([[networkPath, () => lonely]]),
    files: new Map(),
  })
  phone = await openPhone({
    chromiumPath: inject('chromiumPath'),
    url: `${server.url}/`,
    webBluetooth: false,
    installs: true,
  })
  phone.allowErrors(/net::ERR_|Failed to load resource/)
  meet()
})

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await owner.looks(`failed ${task.name.slice(0, 30)}`).catch(() => {})
})

afterAll(async () => {
  try {
    await phone?.close()
  } finally {
    await server?.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})

/** The person at the phone as it is now: another page after it was killed. */
function meet(): void {
  owner = new Owner(phone, 'attacked', knownVault.passphrase)
}

const at = (path: string): string => new URL(path, server.url).href
const sheet = (name: string = words.lock.title): Locator => owner.page.getByRole('dialog', { name })
const failure = (kind: keyof typeof words.failures, within: Page | Locator = owner.page): Locator =>
  within.getByText(words.failures[kind].title, { exact: true })
const isOff = (button: Locator): Promise<boolean> =>
  button.getAttribute('aria-disabled').then(value => value === 'true')

async function askToUnlock(): Promise<void> {
  await owner.button(words.lock.unlock).first().click()
  await sheet().waitFor()
}

/** What comes of it: open, or told to be wrong. */
async function tryPassphrase(passphrase: string): Promise<'open' | 'wrong'> {
  await owner.field(words.passphrase.label, sheet()).fill(passphrase)
  await owner.button(words.lock.unlock, sheet()).click()
  const wrong = sheet().getByText(words.lock.wrong).first()
  await expect
    .poll(async () => (await wrong.isVisible()) || !(await sheet().isVisible()), { timeout: 15_000 })
    .toBe(true)
  return (await sheet().isVisible()) ? 'wrong' : 'open'
}

async function openSettings(url = server.url): Promise<void> {
  await owner.page.goto(new URL('/wallet/vault', url).href)
  await owner.heading(words.vault.title).waitFor()
}

/** In the settings: types the present passphrase and the next one, and sends them off. */
async function beginChange(next: string): Promise<void> {
  await owner.button(words.vault.changePassphrase).click()
  const dialog = sheet(words.vault.changePassphrase)
  await owner.field(words.passphrase.present, dialog).fill(knownVault.passphrase)
  await owner.field(words.passphrase.next, dialog).fill(next)
  await owner.field(words.passphrase.repeat, dialog).fill(next)
  await owner.button(words.vault.changePassphrase, dialog).click()
}

it('wrong passphrases have to wait, whatever is reloaded and whatever the clock says; then the right one opens', async () => {
  await openWithVault(owner.page, server.url, knownVault.file)
  await askToUnlock()
  for (let tries = 0; tries < 4; tries++) expect(await tryPassphrase(`no ${tries} ${OTHER}`)).toBe('wrong')
  const since = performance.now()
  const waiting = () => sheet().getByText(words.lock.waiting('').trim()).first()
  const submit = () => owner.button(words.lock.unlock, sheet())
  await waiting().waitFor()

  await moveClock(owner.page, 86_400)
  await owner.page.reload()
  await askToUnlock()
  await waiting().waitFor()
  await owner.field(words.passphrase.label, sheet()).fill(knownVault.passphrase)
  expect(await isOff(submit())).toBe(true)
  await owner.page.keyboard.press('Enter')
  await moveClock(owner.page, -86_400)
  await waiting().waitFor()
  expect(await isOff(submit())).toBe(true)

  await expect.poll(() => isOff(submit()), { timeout: 30_000, interval: 200 }).toBe(false)
  expect(performance.now() - since).toBeGreaterThan(9_500)
  expect(await tryPassphrase(knownVault.passphrase)).toBe('open')
  await moveClock(owner.page, 0)
})

it('wrong words, words that do not belong together, and files cut anywhere bring back nothing, and say why', async () => {
  await openWithVault(owner.page, server.url, null)
  const { page } = owner
  await page.goto(at('/wallet/restore'))
  const type = (phrase: readonly string[]) =>
    owner.field(words.restore.nextWord(1)).fill(`${phrase.join(' ')} `)
  await type(knownVault.words.with(3, 'tesst'))
  await page.getByText(words.restore.notInList('tesst')).waitFor()
  await owner.button(words.restore.clear).click()
  await type(knownVault.words.toReversed())
  await page.getByText(words.restore.checksumWrong).waitFor()
  await owner.field(words.passphrase.label).fill(OTHER)
  await owner.field(words.passphrase.repeat).fill(OTHER)
  expect(await isOff(owner.button(words.restore.submitWords))).toBe(true)

  await page.getByText(words.restore.fromFile, { exact: true }).click()
  const give = async (bytes: Uint8Array, passphrase: string) => {
    const buffer = Buffer.from(bytes)
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'wallet.fobvault', mimeType: 'application/octet-stream', buffer })
    await owner.field(words.passphrase.ofFile).fill(passphrase)
    await owner.button(words.restore.submitFile).click()
  }
  const { file } = knownVault
  for (const length of [0, 7, 8, 24, 100, file.length >> 1, file.length - 33, file.length - 1]) {
    await give(file.subarray(0, length), knownVault.passphrase)
    await failure(length === 0 ? 'notAVault' : 'vaultDamaged').waitFor()
  }
  await give(file, OTHER)
  await page.getByText(words.lock.wrong).first().waitFor()
  expect(await storedVaults(page)).toEqual({})

  // And all that did no harm to the whole one.
  await give(file, knownVault.passphrase)
  await page.getByRole('link', { name: words.create.open, exact: true }).click()
  await owner.heading(words.wallet.title).waitFor()
})

it('a damaged record, and one of a newer app, are told apart from a wrong passphrase, and stay as they are', async () => {
  const damaged = knownVault.file.with(200, (knownVault.file[200] ?? 0) ^ 1)
  const body = knownVault.file.with(8, 2).subarray(0, -32)
  const newer = Uint8Array.from([...body, ...createHash('sha256').update(body).digest()])
  await openWithVault(owner.page, server.url, damaged)
  for (const [record, why] of [
    [damaged, 'vaultDamaged'],
    [newer, 'vaultNewer'],
  ] as const) {
    await writeKeys(owner.page, { 'vault-a': record })
    await owner.page.reload()
    await owner.heading(words.unreadable.title).waitFor()
    await failure(why).waitFor()
    await owner.page.getByText(words.unreadable.untouched).waitFor()
    await owner.page.goto(at('/wallet/create'))
    await owner.page.getByRole('heading', { level: 1 }).waitFor()
    expect(await owner.button(words.create.submit).count()).toBe(0)
    expect(await storedVaults(owner.page)).toEqual({ 'vault-a': record })
    // What a newer app can read is not offered to be thrown away.
    expect(await owner.button(words.vault.erase).count()).toBe(why === 'vaultNewer' ? 0 : 1)
  }
  // A half-written revision beside it, as a tab leaves that is killed: the whole one is found, and what was half is cleared.
  await writeKeys(owner.page, { 'vault-a': knownVault.file, 'vault-b': damaged.subarray(0, 300) })
  await owner.page.goto(at('/wallet'))
  await askToUnlock()
  expect(await tryPassphrase(knownVault.passphrase)).toBe('open')
  expect(Object.keys(await storedVaults(owner.page))).toHaveLength(1)
})

it('a full disk says so when a wallet is made or its passphrase changed, and loses nothing', async () => {
  // The same app under a name of its own has storage of its own.
  const roomy = new URL(server.url)
  roomy.hostname = 'localhost'
  const { page } = owner
  const room = await limitStorage(page, roomy.origin)
  await room(20)
  await page.goto(new URL('/wallet/create', roomy).href)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await owner.field(words.passphrase.label).fill(knownVault.passphrase)
  await owner.field(words.passphrase.repeat).fill(knownVault.passphrase)
  await fillStorage(page)
  await owner.button(words.create.submit).click()
  await failure('vaultStorageFull').waitFor()
  expect(await storedVaults(page)).toEqual({})
  await room(40)
  await owner.button(words.create.submit).click()
  await page.locator('.words-cover').waitFor()
  const stored = await storedVaults(page)
  expect(Object.keys(stored)).toHaveLength(1)

  await fillStorage(page)
  await openSettings(roomy.href)
  await beginChange(OTHER)
  await failure('vaultStorageFull', sheet(words.vault.changePassphrase)).waitFor()
  expect(await storedVaults(page)).toEqual(stored)
  await page.reload()
  await askToUnlock()
  expect(await tryPassphrase(knownVault.passphrase)).toBe('open')
})

it('a tab that is killed at a step of a change of the passphrase leaves a vault that the old or the new one opens', async () => {
  const opened: string[] = []
  for (const step of ['put vault-b', 'put vault-current', 'delete vault-a']) {
    await openWithVault(owner.page, server.url, knownVault.file)
    await openSettings()
    const killed = Promise.withResolvers<void>()
    let isKilled = false
    await watchWrites(phone.browser, write => {
      if (write !== step || isKilled) return
      isKilled = true
      phone.kill().then(killed.resolve, killed.reject)
    })
    await beginChange(OTHER)
    await killed.promise
    await phone.reopen()
    meet()
    await openSettings()
    await askToUnlock()
    const isOld = (await tryPassphrase(knownVault.passphrase)) === 'open'
    if (!isOld) expect(await tryPassphrase(OTHER)).toBe('open')
    opened.push(isOld ? 'old' : 'new')
    expect(Object.keys(await storedVaults(owner.page))).toHaveLength(1)
  }
  // Once the pointer is on the disk, which the last step follows, there is no way back.
  expect(opened[2]).toBe('new')
})

it('an app that is replaced by a newer one in the midst of a change of the passphrase ends the change', async () => {
  await openWithVault(owner.page, server.url, knownVault.file)
  await openSettings()
  await owner.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await appendFile(join(folder, 'sw.js'), '\n// another build\n')
  await owner.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    await registration.update()
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = function (...record) {
      if (record[1] === 'vault-b') registration.waiting?.postMessage({ type: 'SKIP_WAITING' })
      return put.apply(this, record)
    }
  })
  const isWaiting = () =>
    owner.page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null)
  await expect.poll(isWaiting, { timeout: 20_000 }).toBe(true)
  await beginChange(OTHER)
  await owner.page.getByText(words.vault.changed).waitFor()
  await owner.page.reload()
  await expect.poll(isWaiting, { timeout: 20_000 }).toBe(false)
  await askToUnlock()
  expect(await tryPassphrase(OTHER)).toBe('open')
})

it('a script that got into the page runs no text as code, and no secret is in anything that it can reach', async () => {
  const { page } = owner
  await openWithVault(page, server.url, knownVault.file)
  await askToUnlock()
  expect(await tryPassphrase(knownVault.passphrase)).toBe('open')
  // The words were on the screen once, and nobody is on that screen any more.
  await page.getByRole('link', { name: words.wallet.settings }).click()
  await page.getByRole('link', { name: words.vault.words }).click()
  await owner.field(words.passphrase.label).fill(knownVault.passphrase)
  await owner.button(words.backup.show).click()
  await page.locator('.words-cover').click()
  await page.locator('ol.words .word').first().waitFor()
  const phrase = readPhrase(knownVault.words.join(' '))
  if (!phrase.ok) throw new Error(phrase.error.kind)
  const sought = {
    texts: [knownVault.passphrase, knownVault.words.join(' ')],
    bytes: [phraseSeed(phrase.value), phrase.value.entropy].map(secret => [...secret]),
    words: knownVault.words,
    names: ['revealPhrase', 'signWithOwnerKey'],
  }
  // While they are to be read, a script can read them as well: the search is one that finds.
  expect((await page.evaluate(searchEverything, sought)).secrets).not.toEqual([])
  await owner.person.goTo('devices')
  await owner.person.goTo('wallet')
  await owner.heading(words.wallet.title).waitFor()

  phone.allowErrors(/Trusted|Content Security Policy|unsafe-eval|unsafe-inline/i)
  expect(await page.evaluate(runText)).toEqual([])
  const found = await page.evaluate(searchEverything, sought)
  // It gets as far as to what the screens hold of the wallet, which shows no words without the passphrase and can't sign.
  expect(found.names).toEqual(['revealPhrase'])
  expect(found.secrets).toEqual([])
})

/** In the page, but not in the call of the debugger, which may do what the page may not. What ran all the same. */
function runText(): Promise<readonly string[]> {
  const ran: string[] = []
  Object.assign(globalThis, { noteRun: (way: string) => ran.push(way) })
  const ways: Record<string, (code: string) => unknown> = {
    eval: code => Reflect.get(globalThis, 'eval')(code),
    function: code => Reflect.construct(Function, [code])(),
    timer: code => Reflect.apply(setTimeout, globalThis, [code]),
    attribute(code) {
      document.body.setAttribute('onclick', code)
      document.body.click()
    },
    inline(code) {
      const script = document.createElement('script')
      script.append(code)
      document.body.append(script)
    },
    address(code) {
      const link = document.createElement('a')
      link.setAttribute('href', `javascript:${code}`)
      document.body.append(link)
      link.click()
      link.remove()
    },
    frame(code) {
      const frame = document.createElement('iframe')
      frame.setAttribute('src', `javascript:parent.${code}`)
      document.body.append(frame)
    },
  }
  return new Promise(resolve => {
    setTimeout(() => {
      for (const [way, attempt] of Object.entries(ways)) {
        try {
          attempt(`noteRun('${way}')`)
        } catch {
          // Refused at once; what is refused without a word has not run either.
        }
      }
      setTimeout(() => resolve(ran), 300)
    })
  })
}

interface Sought {
  readonly texts: readonly string[]
  readonly bytes: readonly (readonly number[])[]
  readonly words: readonly string[]
  /** Of properties. */
  readonly names: readonly string[]
}

/** Follows every property, from the window and from every node, as a script would: also into what React hangs on nodes. */
function searchEverything({ texts, bytes, words: phrase, names }: Sought) {
  const asText = (values: ArrayLike<number>) =>
    Array.from(values, value => String.fromCharCode(value & 255)).join('')
  const secretBytes = bytes.map(asText)
  const secrets: string[] = []
  const seenNames = new Set<string>()
  const seen = new Set<object>()
  const queue: { readonly value: object; readonly path: string }[] = []
  const look = (value: unknown, path: string) => {
    if (typeof value === 'string' && texts.some(text => value.includes(text))) secrets.push(path)
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
      return
    seen.add(value)
    queue.push({ value, path })
  }
  look(globalThis, 'window')
  const nodes = document.createTreeWalker(document)
  do look(nodes.currentNode, nodes.currentNode.nodeName)
  while (nodes.nextNode())
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { value, path } = next
    if (ArrayBuffer.isView(value)) {
      const held = asText(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
      if (secretBytes.some(secret => held.includes(secret))) secrets.push(path)
      continue
    }
    if (
      Array.isArray(value) &&
      value.length === phrase.length &&
      phrase.every((word, i) => word === value[i])
    )
      secrets.push(path)
    if (value instanceof Map || value instanceof Set) for (const entry of value) look(entry, `${path}[entry]`)
    for (const key of Reflect.ownKeys(value)) {
      const name = String(key)
      if (names.includes(name)) seenNames.add(name)
      const property = Reflect.getOwnPropertyDescriptor(value, key)
      if (property && 'value' in property) look(property.value, `${path}.${name}`)
    }
  }
  return { secrets, names: [...seenNames] }
}
