// Every change of the vault, interrupted at every operation on the disk in every way: the vault is never lost.
import { afterEach, describe, expect, it } from 'vitest'
import type { VaultPort } from '../../../src/app/ports/vault.ts'
import { openKeyStore } from '../../../src/io/keys/keyDatabase.ts'
import { Browser, FIRST, OWNER, outcome, ownerOf, SECOND, secret, type Tab, WORDS } from './browser.ts'
import { type Fault, FaultyStore } from './killedStore.ts'

const browsers: Browser[] = []
afterEach(() => {
  for (const browser of browsers.splice(0)) browser.close()
})

async function openFaulty(browser: Browser, ms?: number): Promise<{ tab: Tab; disk: FaultyStore }> {
  let disk: FaultyStore | undefined
  const wrap = (store: ReturnType<typeof openKeyStore>) => {
    disk = new FaultyStore(store)
    return disk
  }
  const tab = await browser.open(ms === undefined ? { wrap } : { wrap, ms })
  if (!disk) throw new Error('no disk')
  return { tab, disk }
}

const credential = (vault: VaultPort): Uint8Array => {
  const state = vault.state.get()
  return ('passkeys' in state && state.passkeys[0]?.credentialId) || new Uint8Array()
}

interface Change {
  readonly name: string
  /** What there is before: nothing, or a vault of WORDS with a passkey, open under FIRST. */
  readonly from: 'nothing' | 'vault' | 'unconfirmed'
  run(vault: VaultPort, file: Uint8Array): Promise<{ ok: true } | { ok: false; error: { kind: string } }>
  /** The passphrase that opens it once the change was made; null: no vault is left. */
  readonly opensAfter: string | null
  /** The device's speed, where the change depends on it. */
  readonly ms?: number
}

const changes: readonly Change[] = [
  {
    name: 'restoring from words',
    from: 'nothing',
    run: vault => vault.restore({ phrase: WORDS, passphrase: secret(FIRST) }),
    opensAfter: FIRST,
  },
  {
    name: 'importing a file',
    from: 'nothing',
    run: (vault, file) => vault.importFile({ file, passphrase: secret(FIRST) }),
    opensAfter: FIRST,
  },
  {
    name: 'changing the passphrase',
    from: 'vault',
    run: vault => vault.changePassphrase({ present: secret(FIRST), next: secret(SECOND) }),
    opensAfter: SECOND,
  },
  {
    name: 'adding a passkey',
    from: 'vault',
    run: vault => vault.addPasskey({ passphrase: secret(FIRST), label: 'Another' }),
    opensAfter: FIRST,
  },
  {
    name: 'removing a passkey',
    from: 'vault',
    run: vault => vault.removePasskey({ passphrase: secret(FIRST), credentialId: credential(vault) }),
    opensAfter: FIRST,
  },
  {
    name: 'stretching harder at an unlock',
    from: 'vault',
    run: vault => vault.unlock(secret(FIRST)),
    opensAfter: FIRST,
    ms: 1,
  },
  { name: 'erasing', from: 'vault', run: vault => vault.erase(), opensAfter: null },
]

const ways: readonly Omit<Fault, 'at'>[] = [
  { how: 'before', ending: 'killed' },
  { how: 'after', ending: 'killed' },
  { how: 'torn', ending: 'killed' },
  { how: 'before', ending: 'once' },
  { how: 'after', ending: 'once' },
  { how: 'torn', ending: 'once' },
  { how: 'before', ending: 'once', error: 'QuotaExceededError' },
]

async function fileOfWords(): Promise<Uint8Array> {
  const browser = new Browser()
  browsers.push(browser)
  const tab = await browser.open()
  await tab.vault.restore({ phrase: WORDS, passphrase: secret(FIRST) })
  const file = await tab.vault.exportFile()
  if (!file.ok) throw new Error(file.error.kind)
  return file.value
}

/** Runs `change` with the fault; false where the change ended before the fault came. */
async function interrupt(change: Change, fault: Fault, file: Uint8Array): Promise<boolean> {
  const browser = new Browser()
  browsers.push(browser)
  browser.authenticator.isAlwaysAnother = true
  if (change.from === 'vault') {
    const before = await browser.open()
    await before.vault.restore({ phrase: WORDS, passphrase: secret(FIRST) })
    await before.vault.addPasskey({ passphrase: secret(FIRST), label: 'Phone' })
    browser.kill(before)
  }
  const { tab, disk } = await openFaulty(browser, change.ms)
  if (change.from === 'vault' && change.ms === undefined) await tab.vault.unlock(secret(FIRST))
  disk.arm(fault)
  const result = outcome(await change.run(tab.vault, file))

  if (fault.ending === 'once') {
    // The tab lives on: whatever it says of itself must be true.
    disk.arm({ ...fault, at: Number.POSITIVE_INFINITY })
    if (tab.vault.state.get().kind === 'unlocked') expect(await ownerOf(tab.vault)).toBe(OWNER)
  }
  browser.kill(tab)
  await mustBeWhole(browser, change, result, disk.hasFailed)
  return disk.hasFailed
}

async function mustBeWhole(
  browser: Browser,
  change: Change,
  result: string,
  hasFailed: boolean,
): Promise<void> {
  const next = await browser.open()
  const { kind } = next.vault.state.get()
  expect(['none', 'locked']).toContain(kind)
  if (kind === 'none') {
    expect(change.from === 'nothing' || change.opensAfter === null).toBe(true)
    if (change.opensAfter !== null) expect(result).not.toBe('ok')
  } else {
    const candidates = result === 'ok' || !hasFailed ? [change.opensAfter] : [change.opensAfter, FIRST]
    let hasOpened = false
    for (const passphrase of candidates) {
      if (passphrase !== null && !hasOpened) {
        hasOpened = outcome(await next.vault.unlock(secret(passphrase))) === 'ok'
      }
    }
    expect(hasOpened).toBe(true)
    expect(await ownerOf(next.vault)).toBe(OWNER)
    // Its passkeys were sealed with it.
    const passkeys = next.vault.state.get()
    if ('passkeys' in passkeys && passkeys.passkeys.length > 0) {
      next.vault.lock()
      expect(outcome(await next.vault.unlockWithPasskey())).toBe('ok')
    }
  }
  browser.kill(next)
  const slots = openKeyStore(browser.name)
  const left = await Promise.all(['vault-a', 'vault-b'].map(slot => slots.get(slot)))
  slots.close()
  expect(left.filter(value => value !== undefined).length).toBeLessThanOrEqual(1)
}

describe.each(changes)('$name', change => {
  it.each(ways)('interrupted at any operation ($how, $ending, $error)', async way => {
    const file = await fileOfWords()
    let at = 1
    while (await interrupt(change, { ...way, at }, file)) at++
    // At least: look, write, read back, swap.
    expect(at).toBeGreaterThan(3)
  })
})

describe('confirming the backup', () => {
  it.each(ways)('interrupted at any operation ($how, $ending, $error) keeps vault and words', async way => {
    for (let at = 1; ; at++) {
      const browser = new Browser()
      browsers.push(browser)
      const { tab, disk } = await openFaulty(browser)
      const made = await tab.vault.create({ words: 12, language: 'en', passphrase: secret(FIRST) })
      if (!made.ok) throw new Error(made.error.kind)
      const words = made.value.phrase
      const owner = await ownerOf(tab.vault)
      disk.arm({ ...way, at })
      const answers = [0, 4, 9].map(index => ({ index, word: words[index] ?? '' }))
      const result = outcome(await tab.vault.confirmBackup(answers))
      browser.kill(tab)
      const next = await browser.open()
      expect(outcome(await next.vault.unlock(secret(FIRST)))).toBe('ok')
      expect(await ownerOf(next.vault)).toBe(owner)
      expect(await next.vault.revealPhrase(secret(FIRST))).toEqual({ ok: true, value: words })
      if (result === 'ok') expect(next.vault.state.get()).toMatchObject({ isBackedUp: true })
      if (!disk.hasFailed) break
    }
  })
})

describe('a disk that lies', () => {
  it('and reads back other bytes than were written changes nothing, and says so', async () => {
    const browser = new Browser()
    browsers.push(browser)
    let isLying = false
    const tab = await browser.open({
      wrap: store => ({
        ...store,
        put: (key, value) =>
          isLying && value instanceof Uint8Array
            ? store.put(key, value.with(50, 0xff))
            : store.put(key, value),
      }),
    })
    await tab.vault.restore({ phrase: WORDS, passphrase: secret(FIRST) })
    isLying = true
    const change = { present: secret(FIRST), next: secret(SECOND) }
    expect(outcome(await tab.vault.changePassphrase(change))).toBe('vaultNotStored')
    browser.kill(tab)
    const next = await browser.open()
    expect(outcome(await next.vault.unlock(secret(FIRST)))).toBe('ok')
    expect(await ownerOf(next.vault)).toBe(OWNER)
  })

  it('and is full says so at every change, and never keeps anybody out', async () => {
    const browser = new Browser()
    browsers.push(browser)
    let isFull = false
    const tab = await browser.open({
      ms: 1,
      wrap: store => ({
        ...store,
        put: (key, value) =>
          isFull ? Promise.reject(new DOMException('full', 'QuotaExceededError')) : store.put(key, value),
      }),
    })
    isFull = true
    const passphrase = () => secret(FIRST)
    expect(outcome(await tab.vault.restore({ phrase: WORDS, passphrase: passphrase() }))).toBe(
      'vaultStorageFull',
    )
    expect(tab.vault.state.get().kind).toBe('none')
    isFull = false
    await tab.vault.restore({ phrase: WORDS, passphrase: passphrase() })
    isFull = true
    expect(outcome(await tab.vault.changePassphrase({ present: passphrase(), next: secret(SECOND) }))).toBe(
      'vaultStorageFull',
    )
    tab.vault.lock()
    expect(outcome(await tab.vault.unlock(passphrase()))).toBe('ok')
    expect(await ownerOf(tab.vault)).toBe(OWNER)
    // Guesses are counted in this tab then.
    tab.vault.lock()
    for (let i = 0; i < 4; i++) await tab.vault.unlock(secret(`wrong guess ${i}`))
    expect(tab.vault.state.get().kind).toBe('waiting')
  })

  it('and is gone is said, and the open vault goes on signing', async () => {
    const browser = new Browser()
    browsers.push(browser)
    const { tab, disk } = await openFaulty(browser)
    await tab.vault.restore({ phrase: WORDS, passphrase: secret(FIRST) })
    disk.arm({ at: 1, how: 'before', ending: 'killed' })
    expect(outcome(await tab.vault.exportFile())).toBe('vaultStorageUnavailable')
    expect(await ownerOf(tab.vault)).toBe(OWNER)
    tab.vault.lock()
    expect(tab.vault.state.get()).toMatchObject({
      kind: 'unreadable',
      why: { kind: 'vaultStorageUnavailable' },
    })
  })
})

describe('what is found at the start', () => {
  async function withSlots(values: Record<string, unknown>): Promise<Tab> {
    const browser = new Browser()
    browsers.push(browser)
    const store = openKeyStore(browser.name)
    for (const [key, value] of Object.entries(values)) await store.put(key, value)
    store.close()
    return browser.open()
  }

  it('a damaged vault is said to be damaged, kept, and not written over', async () => {
    const file = await fileOfWords()
    const damaged = file.with(100, (file[100] ?? 0) ^ 1)
    const tab = await withSlots({ 'vault-a': damaged, 'vault-current': 'vault-a' })
    expect(tab.vault.state.get()).toMatchObject({ kind: 'unreadable', why: { kind: 'vaultDamaged' } })
    expect(outcome(await tab.vault.restore({ phrase: WORDS, passphrase: secret(FIRST) }))).toBe('vaultExists')
    expect(outcome(await tab.vault.unlock(secret(FIRST)))).toBe('vaultDamaged')
    // After the person gave it up, the words make it again.
    expect(outcome(await tab.vault.erase())).toBe('ok')
    expect(outcome(await tab.vault.restore({ phrase: WORDS, passphrase: secret(FIRST) }))).toBe('ok')
    expect(await ownerOf(tab.vault)).toBe(OWNER)
  })

  it('beside a damaged one, the readable one is taken', async () => {
    const file = await fileOfWords()
    const tab = await withSlots({
      'vault-a': file.subarray(0, 99),
      'vault-b': file,
      'vault-current': 'vault-a',
    })
    expect(outcome(await tab.vault.unlock(secret(FIRST)))).toBe('ok')
  })

  it('without a pointer, or with a pointer at nothing, the vault that is there is taken', async () => {
    const file = await fileOfWords()
    for (const rest of [{}, { 'vault-current': 'vault-a' }, { 'vault-current': 7 }]) {
      const tab = await withSlots({ 'vault-b': file, ...rest })
      expect(outcome(await tab.vault.unlock(secret(FIRST)))).toBe('ok')
    }
  })

  it('what is no vault at all is not taken for one', async () => {
    const tab = await withSlots({ 'vault-a': 'text', 'vault-current': 'vault-a' })
    expect(tab.vault.state.get()).toMatchObject({ kind: 'unreadable', why: { kind: 'notAVault' } })
  })
})
