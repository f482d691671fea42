// The vault through its port: making, opening, locking, changing, carrying to another browser.
import { afterEach, describe, expect, it } from 'vitest'
import { type Bytes, bytesEqual } from '../../../src/core/bytes.ts'
import { readRequest } from '../../../src/core/wallet/door.ts'
import { phraseWords, readPhrase } from '../../../src/core/wallet/phrase.ts'
import { readVault } from '../../../src/core/wallet/vaultFile.ts'
import { bob, context, transactionTo } from '../wallet/signing.ts'
import { Browser, FIRST, OWNER, outcome, ownerOf, SECOND, secret, type Tab, WORDS } from './browser.ts'

const browsers: Browser[] = []
afterEach(() => {
  for (const browser of browsers.splice(0)) browser.close()
})
function newBrowser(): Browser {
  const browser = new Browser()
  browsers.push(browser)
  return browser
}

async function restored(
  options: Parameters<Browser['open']>[0] = {},
): Promise<{ browser: Browser; tab: Tab }> {
  const browser = newBrowser()
  const tab = await browser.open(options)
  expect(outcome(await tab.vault.restore({ phrase: WORDS, passphrase: secret(FIRST) }))).toBe('ok')
  return { browser, tab }
}

const kindOf = (tab: Tab) => tab.vault.state.get().kind

async function exported(tab: Tab): Promise<Bytes> {
  const file = await tab.vault.exportFile()
  if (!file.ok) throw new Error(file.error.kind)
  return file.value
}

describe('a new vault', () => {
  it.each([
    [12, 'en'],
    [24, 'en'],
    [12, 'zh'],
    [24, 'zh'],
  ] as const)(
    'of %i words (%s) is open, and shows the words that make it again elsewhere',
    async (words, language) => {
      const tab = await newBrowser().open()
      expect(kindOf(tab)).toBe('none')
      const made = await tab.vault.create({ words, language, passphrase: secret(FIRST) })
      if (!made.ok) throw new Error(made.error.kind)
      expect(made.value.phrase).toHaveLength(words)
      expect(tab.vault.state.get()).toEqual({ kind: 'unlocked', isBackedUp: false, passkeys: [] })
      const other = await newBrowser().open()
      await other.vault.restore({ phrase: made.value.phrase.join(' '), passphrase: secret(SECOND) })
      expect(await ownerOf(other.vault)).toBe(await ownerOf(tab.vault))
    },
  )

  it('is another one each time', async () => {
    const owners = new Set<string>()
    for (let i = 0; i < 3; i++) {
      const tab = await newBrowser().open()
      await tab.vault.create({ words: 12, language: 'en', passphrase: secret(FIRST) })
      owners.add(await ownerOf(tab.vault))
    }
    expect(owners.size).toBe(3)
  })

  it('of known words has the accounts that other wallets have', async () => {
    const { tab } = await restored()
    expect(await ownerOf(tab.vault)).toBe(OWNER)
    expect(tab.vault.state.get()).toMatchObject({ kind: 'unlocked', isBackedUp: true })
  })

  it.each([
    ['test test', 'phraseLength'],
    [WORDS.replace('junk', 'junkk'), 'phraseUnknownWord'],
    [WORDS.replace('junk', 'test'), 'phraseChecksum'],
  ])('is not made of %j', async (phrase, kind) => {
    const tab = await newBrowser().open()
    expect(outcome(await tab.vault.restore({ phrase, passphrase: secret(FIRST) }))).toBe(kind)
    expect(kindOf(tab)).toBe('none')
  })

  it.each([
    ['short', 'passphraseTooShort'],
    ['aaaaaaaaaaaaaaaa', 'passphraseTooSimple'],
    ['x1y2z3'.repeat(200), 'passphraseTooLong'],
  ])('is not made with the passphrase %s', async (passphrase, kind) => {
    const tab = await newBrowser().open()
    expect(
      outcome(await tab.vault.create({ words: 12, language: 'en', passphrase: secret(passphrase) })),
    ).toBe(kind)
  })

  it('never takes the place of one that is there', async () => {
    const { tab } = await restored()
    const file = await exported(tab)
    const passphrase = () => secret(SECOND)
    expect(outcome(await tab.vault.create({ words: 12, language: 'en', passphrase: passphrase() }))).toBe(
      'vaultExists',
    )
    expect(outcome(await tab.vault.restore({ phrase: WORDS, passphrase: passphrase() }))).toBe('vaultExists')
    expect(outcome(await tab.vault.importFile({ file, passphrase: secret(FIRST) }))).toBe('vaultExists')
    expect(await exported(tab)).toEqual(file)
  })
})

describe('opening and locking', () => {
  it('needs the passphrase after a reload, and nothing else', async () => {
    const { browser, tab } = await restored()
    browser.kill(tab)
    const next = await browser.open()
    expect(next.vault.state.get()).toEqual({ kind: 'locked', passkeys: [] })
    expect(await ownerOf(next.vault)).toBe('vaultLocked')
    expect(outcome(await next.vault.unlock(secret(SECOND)))).toBe('wrongPassphrase')
    expect(outcome(await next.vault.unlock(secret(FIRST)))).toBe('ok')
    expect(await ownerOf(next.vault)).toBe(OWNER)
  })

  it('takes the passphrase in any Unicode form', async () => {
    const tab = await newBrowser().open()
    await tab.vault.restore({ phrase: WORDS, passphrase: secret('Größenwahn im Café') })
    tab.vault.lock()
    expect(outcome(await tab.vault.unlock(secret('Größenwahn im Café'.normalize('NFD'))))).toBe('ok')
  })

  it('signs while it is open, and not after', async () => {
    const { tab } = await restored()
    const signable = readRequest(transactionTo(bob, '0x', { value: 1n }), context)
    if (!signable.ok) throw new Error(signable.error.kind)
    const signed = await tab.vault.sign(signable.value, { kind: 'owner' })
    expect(signed).toMatchObject({ ok: true, value: { kind: 'transaction', signed: { from: OWNER } } })
    tab.vault.lock()
    expect(kindOf(tab)).toBe('locked')
    expect(outcome(await tab.vault.sign(signable.value, { kind: 'owner' }))).toBe('vaultLocked')
    expect(outcome(await tab.vault.signWithOwnerKey(signable.value, 0))).toBe('vaultLocked')
    expect(outcome(await tab.vault.ownerPublicKey(0))).toBe('vaultLocked')
    expect(outcome(await tab.vault.receiveAddress({ kind: 'owner' }))).toBe('vaultLocked')
  })

  it('tells its subscribers each change, until they leave', async () => {
    const { tab } = await restored()
    const seen: string[] = []
    const stop = tab.vault.state.subscribe(() => seen.push(kindOf(tab)))
    tab.vault.lock()
    await tab.vault.unlock(secret(FIRST))
    stop()
    tab.vault.lock()
    expect(seen[0]).toBe('locked')
    expect(seen.at(-1)).toBe('unlocked')
  })

  it('overwrites the passphrases that it was given, and those that it stretched', async () => {
    const { tab } = await restored()
    const given = [secret(FIRST), secret(FIRST), secret(SECOND), secret('wrong but long')] as const
    await tab.vault.unlock(given[0])
    await tab.vault.changePassphrase({ present: given[1], next: given[2] })
    await tab.vault.unlock(given[3])
    expect(tab.passphrases.length).toBeGreaterThan(4)
    for (const bytes of [...given, ...tab.passphrases]) expect(bytes.every(byte => byte === 0)).toBe(true)
  })
})

describe('locking by itself', () => {
  it('happens after five minutes without use, and each use starts them again', async () => {
    const { tab } = await restored()
    await tab.timer.advance(4 * 60_000)
    await ownerOf(tab.vault)
    await tab.timer.advance(4 * 60_000)
    expect(kindOf(tab)).toBe('unlocked')
    tab.vault.touch()
    await tab.timer.advance(5 * 60_000)
    expect(kindOf(tab)).toBe('locked')
  })

  it('happens a minute after the page was hidden, and not when it came back before', async () => {
    const { tab } = await restored()
    tab.page.setHidden(true)
    await tab.timer.advance(59_000)
    tab.page.setHidden(false)
    await tab.timer.advance(61_000)
    expect(kindOf(tab)).toBe('unlocked')
    tab.page.setHidden(true)
    await tab.timer.advance(60_000)
    expect(kindOf(tab)).toBe('locked')
  })

  it('happens at once when the page is frozen or left', async () => {
    const { tab } = await restored()
    tab.page.suspend()
    expect(kindOf(tab)).toBe('locked')
  })

  it('happens at the first use after a sleep in which no timer ran', async () => {
    const { tab } = await restored()
    tab.setWall(1_800_000_000_000 + 3_600_000)
    expect(await ownerOf(tab.vault)).toBe('vaultLocked')
    expect(kindOf(tab)).toBe('locked')
  })

  it('is not put off by a clock that was set back', async () => {
    const { tab } = await restored()
    tab.setWall(1_000_000_000_000)
    await tab.timer.advance(5 * 60_000)
    expect(kindOf(tab)).toBe('locked')
  })
})

describe('guessing', () => {
  async function guess(tab: Tab, times: number): Promise<string> {
    let last = ''
    for (let i = 0; i < times; i++) last = outcome(await tab.vault.unlock(secret(`wrong guess ${i}`)))
    return last
  }

  it('is free three times, and then has to wait, also with the right passphrase', async () => {
    const { tab } = await restored({ ms: 1 })
    tab.vault.lock()
    expect(await guess(tab, 4)).toBe('wrongPassphrase')
    expect(kindOf(tab)).toBe('waiting')
    expect(outcome(await tab.vault.unlock(secret(FIRST)))).toBe('vaultWaiting')
    await tab.timer.advance(10_000)
    expect(kindOf(tab)).toBe('locked')
    expect(outcome(await tab.vault.unlock(secret(FIRST)))).toBe('ok')
  })

  it('waits longer each time, and starts again after the right one', async () => {
    const { tab } = await restored({ ms: 1 })
    tab.vault.lock()
    await guess(tab, 4)
    const waits: number[] = []
    for (let i = 0; i < 6; i++) {
      const begun = tab.timer.now()
      while (kindOf(tab) === 'waiting') await tab.timer.advance(1000)
      waits.push(Math.round((tab.timer.now() - begun) / 1000))
      await guess(tab, 1)
    }
    expect(waits).toEqual([10, 30, 60, 120, 300, 300])
    await tab.timer.advance(300_000)
    expect(outcome(await tab.vault.unlock(secret(FIRST)))).toBe('ok')
    tab.vault.lock()
    expect(await guess(tab, 3)).toBe('wrongPassphrase')
    expect(kindOf(tab)).toBe('locked')
  })

  it('does not get shorter by a reload, nor by setting the clock forward or back', async () => {
    const { browser, tab } = await restored({ ms: 1 })
    tab.vault.lock()
    await guess(tab, 4)
    for (const wall of [2_000_000_000_000, 1_000_000_000_000]) {
      tab.setWall(wall)
      expect(outcome(await tab.vault.unlock(secret(FIRST)))).toBe('vaultWaiting')
      const next = await browser.open({ ms: 1 })
      next.setWall(wall)
      expect(kindOf(next)).toBe('waiting')
      expect(outcome(await next.vault.unlock(secret(FIRST)))).toBe('vaultWaiting')
      browser.kill(next)
    }
  })

  it('gives back after a reload what was waited before it', async () => {
    const { browser, tab } = await restored({ ms: 1 })
    tab.vault.lock()
    await guess(tab, 4)
    await tab.timer.advance(6000)
    await browser.settled()
    browser.kill(tab)
    const next = await browser.open({ ms: 1 })
    await next.timer.advance(5000)
    expect(outcome(await next.vault.unlock(secret(FIRST)))).toBe('ok')
  })

  it('counts a try that was killed in its midst', async () => {
    const { browser, tab } = await restored({ ms: 1 })
    browser.kill(tab)
    for (let i = 0; i < 4; i++) {
      let isTrying = false
      const dying = await browser.open({
        stretch: () => {
          isTrying = true
          return new Promise(() => {})
        },
      })
      void dying.vault.unlock(secret(`guess number ${i}`))
      while (!isTrying) await new Promise(resolve => setImmediate(resolve))
      browser.kill(dying)
    }
    expect(kindOf(await browser.open())).toBe('waiting')
  })

  it('is counted over all tabs and all methods that take a passphrase', async () => {
    const { browser, tab } = await restored({ ms: 1 })
    const other = await browser.open({ ms: 1 })
    await guess(tab, 1)
    await other.vault.unlock(secret('wrong in the other'))
    expect(outcome(await tab.vault.revealPhrase(secret('wrong for the words')))).toBe('wrongPassphrase')
    const change = { present: secret('wrong to change'), next: secret(SECOND) }
    expect(outcome(await other.vault.changePassphrase(change))).toBe('wrongPassphrase')
    expect(outcome(await tab.vault.revealPhrase(secret(FIRST)))).toBe('vaultWaiting')
  })

  it('of a count that somebody edited waits longest', async () => {
    const { browser, tab } = await restored({ ms: 1 })
    browser.kill(tab)
    const { openKeyStore } = await import('../../../src/io/keys/keyDatabase.ts')
    const store = openKeyStore(browser.name)
    await store.put('vault-attempts', { failures: -3, waitMs: 'none' })
    store.close()
    const next = await browser.open({ ms: 1 })
    await next.timer.advance(299_000)
    expect(kindOf(next)).toBe('waiting')
    await next.timer.advance(1000)
    expect(outcome(await next.vault.unlock(secret(FIRST)))).toBe('ok')
  })
})

describe('the backup', () => {
  async function fresh(): Promise<{ tab: Tab; browser: Browser; words: readonly string[] }> {
    const browser = newBrowser()
    const tab = await browser.open()
    const made = await tab.vault.create({ words: 12, language: 'en', passphrase: secret(FIRST) })
    if (!made.ok) throw new Error(made.error.kind)
    return { tab, browser, words: made.value.phrase }
  }
  const at = (words: readonly string[], ...places: number[]) =>
    places.map(index => ({ index, word: words[index] ?? '' }))

  it('is needed before an address to be paid at is shown', async () => {
    const { tab, browser, words } = await fresh()
    expect(outcome(await tab.vault.receiveAddress({ kind: 'owner' }))).toBe('backupNeeded')
    expect(outcome(await tab.vault.confirmBackup(at(words, 1, 5, 11)))).toBe('ok')
    expect(tab.vault.state.get()).toMatchObject({ kind: 'unlocked', isBackedUp: true })
    expect(await tab.vault.receiveAddress({ kind: 'owner' })).toEqual({
      ok: true,
      value: await ownerOf(tab.vault),
    })
    browser.kill(tab)
    const next = await browser.open()
    await next.vault.unlock(secret(FIRST))
    expect(outcome(await next.vault.receiveAddress({ kind: 'device', index: 0 }))).toBe('ok')
  })

  it.each([
    [
      'a wrong word',
      (words: readonly string[]) => [
        ...at(words, 1, 5),
        { index: 11, word: words[11] === 'zebra' ? 'zoo' : 'zebra' },
      ],
    ],
    ['two words', (words: readonly string[]) => at(words, 1, 5)],
    ['one word three times', (words: readonly string[]) => at(words, 1, 1, 1)],
    ['words beyond the end', (words: readonly string[]) => [...at(words, 1, 5), { index: 12, word: 'zoo' }]],
    ['nothing', () => []],
  ])('is not proven by %s', async (_, answers) => {
    const { tab, words } = await fresh()
    expect(outcome(await tab.vault.confirmBackup(answers(words)))).toBe('backupMismatch')
    expect(tab.vault.state.get()).toMatchObject({ isBackedUp: false })
  })

  it('shows the words again for the passphrase alone, and leaves the vault as locked as it was', async () => {
    const { tab, words } = await fresh()
    tab.vault.lock()
    expect(await tab.vault.revealPhrase(secret(FIRST))).toEqual({ ok: true, value: words })
    expect(kindOf(tab)).toBe('locked')
    const read = readPhrase(words.join(' '))
    expect(read.ok && phraseWords(read.value)).toEqual(words)
  })
})

describe('another passphrase', () => {
  it('takes the place of the first one', async () => {
    const { tab } = await restored()
    expect(outcome(await tab.vault.changePassphrase({ present: secret(FIRST), next: secret(SECOND) }))).toBe(
      'ok',
    )
    expect(await ownerOf(tab.vault)).toBe(OWNER)
    tab.vault.lock()
    expect(outcome(await tab.vault.unlock(secret(FIRST)))).toBe('wrongPassphrase')
    expect(outcome(await tab.vault.unlock(secret(SECOND)))).toBe('ok')
    expect(await ownerOf(tab.vault)).toBe(OWNER)
  })

  it('needs the present one, and is held to the same rules', async () => {
    const { tab } = await restored()
    const before = await exported(tab)
    expect(outcome(await tab.vault.changePassphrase({ present: secret(SECOND), next: secret(FIRST) }))).toBe(
      'wrongPassphrase',
    )
    expect(outcome(await tab.vault.changePassphrase({ present: secret(FIRST), next: secret('short') }))).toBe(
      'passphraseTooShort',
    )
    expect(await exported(tab)).toEqual(before)
  })

  it('leaves nothing of the old file behind, and no key of it in use', async () => {
    const { tab, browser } = await restored()
    const before = await exported(tab)
    await tab.vault.changePassphrase({ present: secret(FIRST), next: secret(SECOND) })
    const { openKeyStore } = await import('../../../src/io/keys/keyDatabase.ts')
    const store = openKeyStore(browser.name)
    const slots = await Promise.all(['vault-a', 'vault-b'].map(slot => store.get(slot)))
    store.close()
    const left = slots.filter(slot => slot instanceof Uint8Array)
    expect(left).toHaveLength(1)
    expect(left.some(bytes => bytesEqual(bytes, before))).toBe(false)
  })
})

describe('passkeys', () => {
  async function withPasskey() {
    const { browser, tab } = await restored()
    expect(outcome(await tab.vault.addPasskey({ passphrase: secret(FIRST), label: 'Phone' }))).toBe('ok')
    return { browser, tab }
  }
  const keysOf = (tab: Tab) => {
    const state = tab.vault.state.get()
    return 'passkeys' in state ? state.passkeys : []
  }

  it('open the vault beside the passphrase, never instead of it', async () => {
    const { browser, tab } = await withPasskey()
    expect(keysOf(tab)).toMatchObject([{ label: 'Phone', addedAt: 1_800_000_002 }])
    tab.vault.lock()
    expect(outcome(await tab.vault.unlockWithPasskey())).toBe('ok')
    expect(await ownerOf(tab.vault)).toBe(OWNER)
    browser.kill(tab)
    const next = await browser.open()
    expect(next.vault.state.get()).toMatchObject({ kind: 'locked', passkeys: [{ label: 'Phone' }] })
    expect(outcome(await next.vault.unlock(secret(FIRST)))).toBe('ok')
  })

  it('are asked for with verification, their own salt, and no other passkey', async () => {
    const { browser, tab } = await withPasskey()
    tab.vault.lock()
    await tab.vault.unlockWithPasskey()
    const [asked] = browser.authenticator.asked
    expect(asked?.userVerification).toBe('required')
    expect(asked?.allowCredentials).toHaveLength(1)
    expect(browser.authenticator.created[0]?.authenticatorSelection?.userVerification).toBe('required')
  })

  it('work with an authenticator that gives its secret at sign-in only', async () => {
    const { browser, tab } = await restored()
    browser.authenticator.givesPrfAtCreation = false
    expect(outcome(await tab.vault.addPasskey({ passphrase: secret(FIRST), label: 'Key' }))).toBe('ok')
    tab.vault.lock()
    expect(outcome(await tab.vault.unlockWithPasskey())).toBe('ok')
  })

  it('still open it after the passphrase was changed, and open it while guesses wait', async () => {
    const { tab } = await withPasskey()
    await tab.vault.changePassphrase({ present: secret(FIRST), next: secret(SECOND) })
    tab.vault.lock()
    for (let i = 0; i < 4; i++) await tab.vault.unlock(secret(`wrong guess ${i}`))
    expect(kindOf(tab)).toBe('waiting')
    expect(outcome(await tab.vault.unlockWithPasskey())).toBe('ok')
    expect(await ownerOf(tab.vault)).toBe(OWNER)
  })

  it('that were removed open nothing any more', async () => {
    const { browser, tab } = await withPasskey()
    browser.authenticator.isAlwaysAnother = true
    await tab.vault.addPasskey({ passphrase: secret(FIRST), label: 'Laptop' })
    const [first, second] = keysOf(tab)
    if (!first || !second) throw new Error('no passkeys')
    const removed = await tab.vault.removePasskey({
      passphrase: secret(FIRST),
      credentialId: second.credentialId,
    })
    expect(outcome(removed)).toBe('ok')
    expect(keysOf(tab)).toMatchObject([{ label: 'Phone' }])
    tab.vault.lock()
    expect(outcome(await tab.vault.unlockWithPasskey())).toBe('ok')
    const again = await tab.vault.removePasskey({
      passphrase: secret(FIRST),
      credentialId: second.credentialId,
    })
    expect(outcome(again)).toBe('passkeyUnknown')
    await tab.vault.removePasskey({ passphrase: secret(FIRST), credentialId: first.credentialId })
    tab.vault.lock()
    expect(outcome(await tab.vault.unlockWithPasskey())).toBe('passkeyUnknown')
    expect(outcome(await tab.vault.unlock(secret(FIRST)))).toBe('ok')
  })

  it('are not added twice, nor more than eight, nor with a wrong passphrase', async () => {
    const { browser, tab } = await withPasskey()
    expect(outcome(await tab.vault.addPasskey({ passphrase: secret(FIRST), label: 'Again' }))).toBe(
      'passkeyExists',
    )
    const excluded = browser.authenticator.created.at(-1)?.excludeCredentials
    expect(excluded).toHaveLength(1)
    browser.authenticator.isAlwaysAnother = true
    const add = (label: string) => tab.vault.addPasskey({ passphrase: secret(FIRST), label })
    for (let i = 2; i <= 8; i++) expect(outcome(await add(`Key ${i}`))).toBe('ok')
    expect(outcome(await add('Key 9'))).toBe('passkeyLimit')
    const { tab: other } = await restored()
    expect(outcome(await other.vault.addPasskey({ passphrase: secret(SECOND), label: 'Phone' }))).toBe(
      'wrongPassphrase',
    )
    expect(keysOf(other)).toEqual([])
  })

  it.each([
    ['NotAllowedError', 'passkeyCancelled'],
    ['AbortError', 'passkeyCancelled'],
    ['SecurityError', 'passkeyUnavailable'],
    ['NotSupportedError', 'passkeyUnavailable'],
    ['UnknownError', 'passkeyFailed'],
  ])('that end in %s are %s, and the vault is as it was', async (name, kind) => {
    const { browser, tab } = await withPasskey()
    const before = await exported(tab)
    browser.authenticator.refusal = new DOMException('no', name)
    expect(outcome(await tab.vault.addPasskey({ passphrase: secret(FIRST), label: 'X' }))).toBe(kind)
    tab.vault.lock()
    browser.authenticator.refusal = new DOMException('no', name)
    expect(outcome(await tab.vault.unlockWithPasskey())).toBe(kind)
    expect(kindOf(tab)).toBe('locked')
    expect(await exported(tab)).toEqual(before)
  })

  it('without PRF are refused before anything is stored', async () => {
    const { browser, tab } = await restored()
    browser.authenticator.hasPrf = false
    browser.authenticator.givesPrfAtCreation = false
    expect(outcome(await tab.vault.addPasskey({ passphrase: secret(FIRST), label: 'Old' }))).toBe(
      'passkeyWithoutPrf',
    )
    expect(keysOf(tab)).toEqual([])
  })

  it('of an authenticator that was reset open nothing, and that is said', async () => {
    const { browser, tab } = await withPasskey()
    browser.authenticator.forgetSecrets()
    tab.vault.lock()
    expect(outcome(await tab.vault.unlockWithPasskey())).toBe('wrongPasskey')
    expect(kindOf(tab)).toBe('locked')
  })

  it('keep what fits of a long name', async () => {
    const { tab } = await restored()
    await tab.vault.addPasskey({ passphrase: secret(FIRST), label: '钥匙'.repeat(40) })
    expect(keysOf(tab)[0]?.label).toBe(`${'钥匙'.repeat(10)}钥`)
  })
})

describe('an export file', () => {
  it('opens in another browser with its passphrase, and not with another', async () => {
    const { tab } = await restored()
    const file = await exported(tab)
    const other = await newBrowser().open()
    expect(outcome(await other.vault.importFile({ file, passphrase: secret(SECOND) }))).toBe(
      'wrongPassphrase',
    )
    expect(kindOf(other)).toBe('none')
    expect(outcome(await other.vault.importFile({ file, passphrase: secret(FIRST) }))).toBe('ok')
    expect(await ownerOf(other.vault)).toBe(OWNER)
    expect(await exported(other)).toEqual(file)
  })

  it('carries the passkeys, which open it at the same origin', async () => {
    const { browser, tab } = await restored()
    await tab.vault.addPasskey({ passphrase: secret(FIRST), label: 'Synced' })
    const file = await exported(tab)
    await tab.vault.erase()
    expect(kindOf(tab)).toBe('none')
    const next = await browser.open()
    await next.vault.importFile({ file, passphrase: secret(FIRST) })
    next.vault.lock()
    expect(outcome(await next.vault.unlockWithPasskey())).toBe('ok')
  })

  it('cut at any byte is refused with a reason, and leaves no vault', async () => {
    const { tab } = await restored()
    const file = await exported(tab)
    const other = await newBrowser().open()
    for (let length = 0; length < file.length; length++) {
      const cut = await other.vault.importFile({ file: file.subarray(0, length), passphrase: secret(FIRST) })
      expect(outcome(cut)).toBe(length === 0 ? 'notAVault' : 'vaultDamaged')
    }
    expect(kindOf(other)).toBe('none')
  })

  it('is to be had of a locked vault, and not where there is none', async () => {
    const { tab } = await restored()
    tab.vault.lock()
    expect(outcome(await tab.vault.exportFile())).toBe('ok')
    const empty = await newBrowser().open()
    expect(outcome(await empty.vault.exportFile())).toBe('vaultMissing')
    expect(outcome(await empty.vault.unlock(secret(FIRST)))).toBe('vaultMissing')
    expect(outcome(await empty.vault.unlockWithPasskey())).toBe('vaultMissing')
  })
})

describe('two tabs', () => {
  it('see each other make, change and erase the vault', async () => {
    const browser = newBrowser()
    const [a, b] = [await browser.open(), await browser.open()]
    await a.vault.restore({ phrase: WORDS, passphrase: secret(FIRST) })
    await browser.settled()
    expect(kindOf(b)).toBe('locked')
    await b.vault.unlock(secret(FIRST))
    await a.vault.changePassphrase({ present: secret(FIRST), next: secret(SECOND) })
    await browser.settled()
    expect(kindOf(b)).toBe('locked')
    expect(outcome(await b.vault.unlock(secret(SECOND)))).toBe('ok')
    await b.vault.erase()
    await browser.settled()
    expect(kindOf(a)).toBe('none')
    expect(await ownerOf(a.vault)).toBe('vaultLocked')
  })

  it('that change at the same moment do it one after the other, and lose nothing', async () => {
    const { browser, tab } = await restored()
    const other = await browser.open()
    const results = await Promise.all([
      tab.vault.addPasskey({ passphrase: secret(FIRST), label: 'A' }),
      other.vault.changePassphrase({ present: secret(FIRST), next: secret(SECOND) }),
      tab.vault.revealPhrase(secret(FIRST)),
    ])
    await browser.settled()
    expect(results.map(outcome).sort()).toContain('ok')
    const file = await exported(tab)
    const sealed = readVault(file)
    expect(sealed.ok && sealed.value.header.revision).toBeGreaterThan(1)
    tab.vault.lock()
    expect(outcome(await tab.vault.unlock(secret(SECOND)))).toBe('ok')
    expect(await ownerOf(tab.vault)).toBe(OWNER)
  })
})

describe('strength', () => {
  const strengthOf = async (tab: Tab) => {
    const sealed = readVault(await exported(tab))
    return sealed.ok ? sealed.value.header.stretching.log2N : 0
  }

  it.each([
    [60_000, 17],
    [1000, 17],
    [500, 18],
    [1, 18],
  ])('is measured where the vault is made: %i ms for the minimum makes 2^%i', async (ms, log2N) => {
    const { tab } = await restored({ ms })
    expect(await strengthOf(tab)).toBe(log2N)
  })

  it('grows at an unlock on a faster device, with the same passphrase, and never falls', async () => {
    const { browser, tab } = await restored({ ms: 2000 })
    browser.kill(tab)
    const faster = await browser.open({ ms: 100 })
    await faster.vault.unlock(secret(FIRST))
    expect(await strengthOf(faster)).toBe(18)
    expect(await ownerOf(faster.vault)).toBe(OWNER)
    browser.kill(faster)
    const slower = await browser.open({ ms: 10_000 })
    expect(outcome(await slower.vault.unlock(secret(FIRST)))).toBe('ok')
    expect(await strengthOf(slower)).toBe(18)
  })

  it('that the device has no memory for is said, and counts as no guess', async () => {
    const { browser, tab } = await restored()
    browser.kill(tab)
    const small = await browser.open({ stretch: () => Promise.reject(new RangeError('out of memory')) })
    for (let i = 0; i < 6; i++) expect(outcome(await small.vault.unlock(secret(FIRST)))).toBe('stretchFailed')
    expect(kindOf(small)).toBe('locked')
    const fresh = await newBrowser().open({ stretch: () => Promise.reject(new RangeError('out of memory')) })
    expect(outcome(await fresh.vault.restore({ phrase: WORDS, passphrase: secret(FIRST) }))).toBe(
      'stretchFailed',
    )
  })
})
