// A vault for looking at its screens: it keeps nothing, and every refusal that a person can meet can be had from it.
import { Observable } from '../../src/app/observable.ts'
import type { StorageFailure, VaultState } from '../../src/app/ports/vault.ts'
import type { WalletVault } from '../../src/app/wallet/wallet.ts'
import { type Bytes, utf8 } from '../../src/core/bytes.ts'
import { fail, ok, type Result } from '../../src/core/result.ts'
import { passphraseFault } from '../../src/core/wallet/passphrase.ts'
import { phraseWords, readPhrase } from '../../src/core/wallet/phrase.ts'
import type { VaultFileError } from '../../src/core/wallet/vaultFile.ts'
import { now } from './fixtures.ts'

/** What opens the vault in every scenario. */
export const fakePassphrase = 'lamp orbit velvet seven'

export interface VaultScenario {
  readonly begin: 'loading' | 'none' | 'locked' | 'waiting' | 'unlocked' | 'unreadable'
  readonly isBackedUp: boolean
  readonly passkeys: number
  readonly canUsePasskeys: boolean
  readonly why: VaultFileError | StorageFailure
  /** How the next passkey is answered. */
  readonly passkeyAnswer: 'ok' | 'passkeyCancelled' | 'passkeyWithoutPrf'
}

export const baseVault: VaultScenario = {
  begin: 'unlocked',
  isBackedUp: true,
  passkeys: 1,
  canUsePasskeys: true,
  why: { kind: 'vaultDamaged', detail: 'checksum' },
  passkeyAnswer: 'ok',
}

type Passkey = Extract<VaultState, { kind: 'unlocked' }>['passkeys'][number]

type Refusal =
  | { readonly kind: 'wrongPassphrase' }
  | { readonly kind: 'vaultWaiting'; readonly until: number }

const names = [
  'Pixel 9',
  'A very long name that somebody gave to the security key on the ring of keys',
  'YubiKey',
]

export function createFakeVault(scenario: VaultScenario): WalletVault {
  const entropy = { 12: new Uint8Array(16).fill(0x5a), 24: new Uint8Array(32).fill(0xa5) } as const
  let phrase: readonly string[] = phraseWords({ language: 'en', entropy: entropy[12] })
  let secret = fakePassphrase
  let isBackedUp = scenario.isBackedUp
  let wrong = 0
  let passkeys: readonly Passkey[] = Array.from({ length: scenario.passkeys }, (_, index) => ({
    credentialId: Uint8Array.of(index + 1),
    label: names[index] ?? `Key ${String(index + 1)}`,
    addedAt: now - (index + 1) * 9 * 86_400,
  }))
  const open = (): VaultState => ({ kind: 'unlocked', isBackedUp, passkeys })
  const closed = (): VaultState => ({ kind: 'locked', passkeys })
  const first: Record<VaultScenario['begin'], VaultState> = {
    loading: { kind: 'loading' },
    none: { kind: 'none' },
    locked: closed(),
    waiting: { kind: 'waiting', until: now + 95, passkeys },
    unlocked: open(),
    unreadable: { kind: 'unreadable', why: scenario.why },
  }
  const state = new Observable(first[scenario.begin])

  /** As long as the real one takes to stretch a passphrase, so that what is shown meanwhile can be seen. */
  const stretch = () => new Promise<void>(resolve => setTimeout(resolve, 400))
  const refresh = () => {
    if (state.get().kind === 'unlocked') state.set(open())
  }
  async function tried(passphrase: Bytes): Promise<Result<null, Refusal>> {
    await stretch()
    const text = new TextDecoder().decode(passphrase)
    passphrase.fill(0)
    const before = state.get()
    if (before.kind === 'waiting') return fail({ kind: 'vaultWaiting', until: before.until })
    if (text === secret) {
      wrong = 0
      return ok(null)
    }
    wrong += 1
    if (wrong >= 4 && before.kind === 'locked') {
      const until = Math.floor(Date.now() / 1000) + 4
      state.set({ kind: 'waiting', until, passkeys })
      setTimeout(() => state.set(closed()), 4000)
    }
    return fail({ kind: 'wrongPassphrase' })
  }
  const adopt = (passphrase: Bytes) => {
    secret = new TextDecoder().decode(passphrase)
    passphrase.fill(0)
    state.set(open())
  }

  const lock = () => {
    if (state.get().kind === 'unlocked') state.set(closed())
  }
  // As after five minutes without use, for who does not want to wait.
  addEventListener('preview:lock', lock)

  return {
    state,
    async create({ words, language, passphrase }) {
      const fault = passphraseFault(passphrase)
      if (fault) return fail(fault)
      await stretch()
      phrase = phraseWords({ language, entropy: entropy[words] })
      isBackedUp = false
      passkeys = []
      adopt(passphrase)
      return ok({ phrase })
    },
    async restore({ phrase: text, passphrase }) {
      const read = readPhrase(text)
      if (!read.ok) return read
      await stretch()
      phrase = phraseWords(read.value)
      isBackedUp = true
      passkeys = []
      adopt(passphrase)
      return ok(null)
    },
    async importFile({ file, passphrase }) {
      if (new TextDecoder().decode(file.subarray(0, 8)) !== 'FOBVAULT') return fail({ kind: 'notAVault' })
      const opened = await tried(passphrase)
      if (!opened.ok) return fail({ kind: 'wrongPassphrase' })
      isBackedUp = true
      state.set(open())
      return ok(null)
    },
    exportFile: async () => ok(utf8('FOBVAULT for looking at')),
    async erase() {
      state.set({ kind: 'none' })
      return ok(null)
    },
    async unlock(passphrase) {
      const opened = await tried(passphrase)
      if (opened.ok) state.set(open())
      return opened
    },
    async unlockWithPasskey() {
      if (scenario.passkeyAnswer !== 'ok') return fail({ kind: 'passkeyCancelled' })
      state.set(open())
      return ok(null)
    },
    lock,
    touch: () => void dispatchEvent(new Event('preview:touch')),
    async changePassphrase({ present, next }) {
      const opened = await tried(present)
      if (!opened.ok) return opened
      const fault = passphraseFault(next)
      if (fault) return fail(fault)
      secret = new TextDecoder().decode(next)
      return ok(null)
    },
    async addPasskey({ passphrase, label }) {
      const opened = await tried(passphrase)
      if (!opened.ok) return opened
      if (scenario.passkeyAnswer !== 'ok') return fail({ kind: scenario.passkeyAnswer })
      const credentialId = Uint8Array.of(100 + passkeys.length)
      passkeys = [...passkeys, { credentialId, label, addedAt: now }]
      refresh()
      return ok(null)
    },
    async removePasskey({ passphrase, credentialId }) {
      const opened = await tried(passphrase)
      if (!opened.ok) return opened
      passkeys = passkeys.filter(passkey => passkey.credentialId[0] !== credentialId[0])
      refresh()
      return ok(null)
    },
    canUsePasskeys: async () => scenario.canUsePasskeys,
    async revealPhrase(passphrase) {
      const opened = await tried(passphrase)
      return opened.ok ? ok(phrase) : opened
    },
    async confirmBackup(answers) {
      if (state.get().kind !== 'unlocked') return fail({ kind: 'vaultLocked' })
      if (answers.some(({ index, word }) => phrase[index] !== word)) return fail({ kind: 'backupMismatch' })
      isBackedUp = true
      refresh()
      return ok(null)
    },
    async receiveAddress() {
      if (state.get().kind !== 'unlocked') return fail({ kind: 'vaultLocked' })
      if (!isBackedUp) return fail({ kind: 'backupNeeded' })
      return ok('0x52908400098527886e0f7030069857d2e4169ee7')
    },
    async ownerPublicKey() {
      return state.get().kind === 'unlocked' ? ok(new Uint8Array(64).fill(7)) : fail({ kind: 'vaultLocked' })
    },
  }
}
