// The changes of a vault, each one a new revision under a new vault key: made, written down, re-keyed, with other passkeys.
import type {
  ChangedElsewhere,
  NewVaultFailure,
  PasskeyFailure,
  PassphraseFailure,
  PhraseAnswer,
  StorageFailure,
  VaultLocked,
} from '../../app/ports/vault.ts'
import { type Bytes, bytesEqual } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { type PassphraseFault, passphraseFault } from '../../core/wallet/passphrase.ts'
import type { Phrase } from '../../core/wallet/phrase.ts'
import { phraseSeed, phraseWords } from '../../core/wallet/phrase.ts'
import { wipe } from '../../core/wallet/secretBytes.ts'
import { chooseStretching, type Stretching } from '../../core/wallet/stretching.ts'
import {
  MAX_PASSKEYS,
  openWithPassphrase,
  passkeyWrappingKey,
  readVault,
  resealSecrets,
  sealVault,
  type VaultFileError,
  type VaultHeader,
  wipeOpenVault,
} from '../../core/wallet/vaultFile.ts'
import { type Opened, stretchWith, tryPassphrase } from './openWith.ts'
import type { Session } from './session.ts'
import type { VaultWorld } from './world.ts'

/** A strength that is tried to learn how fast this device is: an eighth of the least that is used. */
const PROBE: Stretching = { log2N: 14 }

export async function makeVault(
  session: Session,
  phrase: Phrase,
  passphrase: Bytes,
  isBackedUp: boolean,
): Promise<Result<null, NewVaultFailure>> {
  const { world } = session
  const fault = passphraseFault(passphrase)
  if (fault) return fail(fault)
  const free = await mustBeNone(session)
  if (!free.ok) return free
  const stretching = await measureStretching(world)
  if (!stretching.ok) return stretching
  const salt = world.randomBytes(32)
  const key = await stretchWith(world, passphrase, salt, stretching.value)
  if (!key.ok) return key
  const now = Math.floor(world.wallNow() / 1000)
  const secrets = {
    ...phrase,
    entropy: Uint8Array.from(phrase.entropy),
    seed: phraseSeed(phrase),
    createdAt: now,
    backedUpAt: isBackedUp ? now : null,
  }
  const header: VaultHeader = {
    id: world.randomBytes(16),
    revision: 1,
    stretching: stretching.value,
    salt,
    passkeys: [],
  }
  const content = { header, passphraseKey: key.value, passkeyKeys: [], secrets }
  const { bytes, vaultKey } = sealVault(content, world.randomBytes)
  wipe(key.value)
  return session.save(bytes, { vaultKey, secrets, passkeyKeys: [] })
}

export async function importVault(
  session: Session,
  file: Uint8Array,
  passphrase: Bytes,
): Promise<Result<null, NewVaultFailure | VaultFileError | { readonly kind: 'wrongPassphrase' }>> {
  const bytes = Uint8Array.from(file)
  const sealed = readVault(bytes)
  if (!sealed.ok) return sealed
  const free = await mustBeNone(session)
  if (!free.ok) return free
  const { salt, stretching } = sealed.value.header
  const key = await stretchWith(session.world, passphrase, salt, stretching)
  if (!key.ok) return key
  const opened = openWithPassphrase(sealed.value, key.value)
  wipe(key.value)
  return opened.ok ? session.save(bytes, opened.value) : opened
}

export async function changePassphrase(
  session: Session,
  present: Bytes,
  next: Bytes,
): Promise<Result<null, PassphraseFailure | PassphraseFault>> {
  const fault = passphraseFault(next)
  if (fault) return fail(fault)
  const opened = await tryPassphrase(session, present)
  if (!opened.ok) return opened
  return rekey(session, opened.value, next, chooseStretching(measured(opened.value)))
}

/** After an unlock that was faster than it need be: the same passphrase, stretched harder. Keeps the vault open. */
export async function strengthen(session: Session, opened: Opened, passphrase: Bytes): Promise<void> {
  const { stretching } = opened.stored.sealed.header
  const better = chooseStretching(measured(opened))
  if (better.log2N <= stretching.log2N) return
  // The session holds `opened.open` by now, and a failure must leave it as it is: strong enough.
  await rekey(session, { ...opened, open: copyOpen(opened.open) }, passphrase, better)
}

export async function addPasskey(
  session: Session,
  passphrase: Bytes,
  label: string,
): Promise<Result<null, PassphraseFailure | PasskeyFailure>> {
  const { world } = session
  const known = session.stored?.sealed.header.passkeys ?? []
  if (known.length >= MAX_PASSKEYS) return fail({ kind: 'passkeyLimit', max: MAX_PASSKEYS })
  const salt = world.randomBytes(32)
  const name = shortened(label)
  // Before anything is awaited: browsers want the click that asked for it to be fresh.
  const existing = known.map(slot => slot.credentialId)
  const made = await world.passkeys.create({ label: name, salt, existing })
  if (!made.ok) return made
  const key = passkeyWrappingKey(made.value.prf, salt)
  wipe(made.value.prf)
  return session.exclusively(async () => {
    const opened = await tryPassphrase(session, passphrase)
    if (!opened.ok) {
      wipe(key)
      return opened
    }
    const { header } = opened.value.stored.sealed
    const addedAt = Math.floor(world.wallNow() / 1000)
    const slot = { credentialId: made.value.credentialId, salt, label: name, addedAt }
    if (header.passkeys.length >= MAX_PASSKEYS) {
      discard(opened.value)
      wipe(key)
      return fail({ kind: 'passkeyLimit', max: MAX_PASSKEYS })
    }
    return reseal(
      session,
      opened.value,
      [...header.passkeys, slot],
      [...opened.value.open.passkeyKeys.map(old => Uint8Array.from(old)), key],
    )
  })
}

export async function removePasskey(
  session: Session,
  passphrase: Bytes,
  credentialId: Uint8Array,
): Promise<Result<null, PassphraseFailure | PasskeyFailure>> {
  const opened = await tryPassphrase(session, passphrase)
  if (!opened.ok) return opened
  const { passkeys } = opened.value.stored.sealed.header
  const index = passkeys.findIndex(slot => bytesEqual(slot.credentialId, credentialId))
  if (index < 0) {
    discard(opened.value)
    return fail({ kind: 'passkeyUnknown' })
  }
  const isKept = (_: unknown, i: number): boolean => i !== index
  const keys = opened.value.open.passkeyKeys.filter(isKept).map(key => Uint8Array.from(key))
  return reseal(session, opened.value, passkeys.filter(isKept), keys)
}

const MIN_ANSWERS = 3

export async function confirmBackup(
  session: Session,
  answers: readonly PhraseAnswer[],
): Promise<
  Result<null, VaultLocked | ChangedElsewhere | StorageFailure | { readonly kind: 'backupMismatch' }>
> {
  const present = await session.present()
  if (!present.ok) return present
  const { stored, open } = present.value
  const words = phraseWords(open.secrets)
  const places = new Set(answers.map(answer => answer.index))
  const isRight = ({ index, word }: PhraseAnswer): boolean =>
    words[index] === word.normalize('NFKD').trim().toLowerCase()
  if (places.size < MIN_ANSWERS || !answers.every(isRight)) return fail({ kind: 'backupMismatch' })
  const backedUpAt = Math.floor(session.world.wallNow() / 1000)
  const after = { ...open, secrets: { ...open.secrets, backedUpAt } }
  const copy = copyOpen(after)
  const bytes = resealSecrets(stored.sealed, copy, session.world.randomBytes)
  return session.save(bytes, copy)
}

/** What `tryPassphrase` gave, where nothing comes of it. */
export function discard({ open, passphraseKey }: Opened): void {
  wipeOpenVault(open)
  wipe(passphraseKey)
}

async function rekey(
  session: Session,
  opened: Opened,
  passphrase: Bytes,
  stretching: Stretching,
): Promise<Result<null, StorageFailure | { readonly kind: 'stretchFailed'; readonly detail: string }>> {
  const salt = session.world.randomBytes(32)
  const key = await stretchWith(session.world, passphrase, salt, stretching)
  if (!key.ok) {
    discard(opened)
    return key
  }
  wipe(opened.passphraseKey)
  const { header } = opened.stored.sealed
  const keys = opened.open.passkeyKeys.map(old => Uint8Array.from(old))
  return reseal(session, { ...opened, passphraseKey: key.value }, header.passkeys, keys, { stretching, salt })
}

/** Seals the next revision, stores it, and leaves the vault as open or locked as it was. */
async function reseal(
  session: Session,
  { stored, open, passphraseKey }: Opened,
  passkeys: VaultHeader['passkeys'],
  passkeyKeys: readonly Bytes[],
  rekeyed: Partial<Pick<VaultHeader, 'stretching' | 'salt'>> = {},
): Promise<Result<null, StorageFailure>> {
  const wasOpen = session.isOpen
  const { header } = stored.sealed
  const next = { ...header, ...rekeyed, passkeys, revision: header.revision + 1 }
  const content = { header: next, passphraseKey, passkeyKeys, secrets: open.secrets }
  const { bytes, vaultKey } = sealVault(content, session.world.randomBytes)
  const after = copyOpen({ vaultKey, secrets: open.secrets, passkeyKeys })
  wipe(vaultKey, passphraseKey, ...passkeyKeys)
  wipeOpenVault(open)
  const saved = await session.save(bytes, after)
  if (saved.ok && !wasOpen) session.lock()
  return saved
}

const copyOpen = ({ vaultKey, secrets, passkeyKeys }: Opened['open']): Opened['open'] => ({
  vaultKey: Uint8Array.from(vaultKey),
  secrets: {
    ...secrets,
    entropy: Uint8Array.from(secrets.entropy),
    seed: Uint8Array.from(secrets.seed),
  },
  passkeyKeys: passkeyKeys.map(key => Uint8Array.from(key)),
})

const measured = ({ stored, ms }: Opened) => ({ log2N: stored.sealed.header.stretching.log2N, ms })

async function measureStretching(
  world: VaultWorld,
): Promise<Result<Stretching, { readonly kind: 'stretchFailed'; readonly detail: string }>> {
  const begun = world.timer.now()
  const probe = await stretchWith(world, new Uint8Array(16), new Uint8Array(32), PROBE)
  if (!probe.ok) return probe
  return ok(chooseStretching({ ...PROBE, ms: world.timer.now() - begun }))
}

/** A vault that can't be read is in the way as well: nobody's money is overwritten. */
async function mustBeNone(
  session: Session,
): Promise<Result<null, { readonly kind: 'vaultExists' } | StorageFailure>> {
  const loaded = await session.load()
  if (loaded.ok) return loaded.value ? fail({ kind: 'vaultExists' }) : ok(null)
  const { error } = loaded
  switch (error.kind) {
    case 'vaultStorageFull':
    case 'vaultStorageUnavailable':
    case 'vaultNotStored':
      return fail(error)
    default:
      return fail({ kind: 'vaultExists' })
  }
}

/** At most 64 bytes of UTF-8, whole characters. */
function shortened(label: string): string {
  let text = ''
  for (const character of label.trim()) {
    if (new TextEncoder().encode(text + character).length > 64) break
    text += character
  }
  return text === '' ? 'Fob' : text
}
