// The vault over this browser's storage: carries out what the app's port promises.
import type { VaultPort } from '../../app/ports/vault.ts'
import type { Bytes } from '../../core/bytes.ts'
import { fail, ok } from '../../core/result.ts'
import { accountAddress, ownerPublicKey, withAccountKey, withOwnerKey } from '../../core/wallet/accounts.ts'
import { signForAccount, signForOwnerKey } from '../../core/wallet/door.ts'
import { phraseWords, readPhrase } from '../../core/wallet/phrase.ts'
import { wipe } from '../../core/wallet/secretBytes.ts'
import {
  addPasskey,
  changePassphrase,
  confirmBackup,
  discard,
  importVault,
  makeVault,
  removePasskey,
  strengthen,
} from './changes.ts'
import { tryPasskey, tryPassphrase } from './openWith.ts'
import { Session } from './session.ts'
import type { VaultWorld } from './world.ts'

/** Reads what is stored at once; the state is `loading` until then. `close` locks it and lets go of the storage. */
export function createVault(world: VaultWorld): VaultPort & { close(): void } {
  const session = new Session(world)
  void session.start()

  /** The passphrases are overwritten however the task ends. */
  async function wiping<T>(passphrases: readonly Bytes[], task: () => Promise<T>): Promise<T> {
    try {
      return await task()
    } finally {
      wipe(...passphrases)
    }
  }

  return {
    state: { get: () => session.state, subscribe: listener => session.subscribe(listener) },

    create: ({ words, language, passphrase }) =>
      wiping([passphrase], () =>
        session.exclusively(async () => {
          const phrase = { language, entropy: world.randomBytes(words === 12 ? 16 : 32) }
          const made = await makeVault(session, phrase, passphrase, false)
          const shown = made.ok ? ok({ phrase: phraseWords(phrase) }) : made
          wipe(phrase.entropy)
          return shown
        }),
      ),
    restore: ({ phrase: text, passphrase }) =>
      wiping([passphrase], async () => {
        const phrase = readPhrase(text)
        if (!phrase.ok) return phrase
        const made = await session.exclusively(() => makeVault(session, phrase.value, passphrase, true))
        wipe(phrase.value.entropy)
        return made
      }),
    importFile: ({ file, passphrase }) =>
      wiping([passphrase], () => session.exclusively(() => importVault(session, file, passphrase))),
    exportFile: () =>
      session.exclusively(async () => {
        const loaded = await session.load()
        if (!loaded.ok) return loaded
        return loaded.value ? ok(Uint8Array.from(loaded.value.bytes)) : fail({ kind: 'vaultMissing' })
      }),
    erase: () => session.exclusively(() => session.erase()),

    unlock: passphrase =>
      wiping([passphrase], () =>
        session.exclusively(async () => {
          const opened = await tryPassphrase(session, passphrase)
          if (!opened.ok) return opened
          const { stored, open, passphraseKey } = opened.value
          session.adopt(stored.bytes, open)
          wipe(passphraseKey)
          await strengthen(session, opened.value, passphrase)
          return ok(null)
        }),
      ),
    async unlockWithPasskey() {
      const slots = session.stored?.sealed.header.passkeys ?? []
      if (slots.length === 0) return fail({ kind: session.stored ? 'passkeyUnknown' : 'vaultMissing' })
      const answer = await world.passkeys.ask(slots)
      if (!answer.ok) return answer
      const opened = await session.exclusively(async () => {
        const tried = await tryPasskey(session, answer.value)
        if (tried.ok) session.adopt(tried.value.stored.bytes, tried.value.open)
        return tried
      })
      wipe(answer.value.prf)
      return opened.ok ? ok(null) : opened
    },
    lock: () => session.lock(),
    touch: () => session.touch(),

    changePassphrase: ({ present, next }) =>
      wiping([present, next], () => session.exclusively(() => changePassphrase(session, present, next))),
    addPasskey: ({ passphrase, label }) => wiping([passphrase], () => addPasskey(session, passphrase, label)),
    removePasskey: ({ passphrase, credentialId }) =>
      wiping([passphrase], () => session.exclusively(() => removePasskey(session, passphrase, credentialId))),
    canUsePasskeys: () => world.passkeys.isAvailable(),

    revealPhrase: passphrase =>
      wiping([passphrase], () =>
        session.exclusively(async () => {
          const opened = await tryPassphrase(session, passphrase)
          if (!opened.ok) return opened
          const words = phraseWords(opened.value.open.secrets)
          discard(opened.value)
          return ok(words)
        }),
      ),
    confirmBackup: answers => session.exclusively(() => confirmBackup(session, answers)),

    address: async account => session.use(({ secrets }) => accountAddress(secrets.seed, account)),
    async receiveAddress(account) {
      const read = session.use(({ secrets }) =>
        secrets.backedUpAt === null ? null : accountAddress(secrets.seed, account),
      )
      if (!read.ok) return read
      return read.value === null ? fail({ kind: 'backupNeeded' }) : ok(read.value)
    },
    ownerPublicKey: async generation =>
      session.use(({ secrets }) => ownerPublicKey(secrets.seed, generation)),

    async sign(signable, account) {
      const signed = session.use(({ secrets }) =>
        withAccountKey(secrets.seed, account, key => signForAccount(signable, key)),
      )
      return signed.ok ? signed.value : signed
    },
    signWithOwnerKey: async (signable, generation) =>
      session.use(({ secrets }) =>
        withOwnerKey(secrets.seed, generation, key => signForOwnerKey(signable, key)),
      ),

    close() {
      session.close()
      world.store.close()
    },
  }
}
