// The vault of this tab: what is stored, what is open, and the state that the app sees.
import type { ChangedElsewhere, StorageFailure, VaultLocked, VaultState } from '../../app/ports/vault.ts'
import { bytesEqual } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { type OpenVault, readVault, type VaultFileError, wipeOpenVault } from '../../core/wallet/vaultFile.ts'
import { createAttempts } from './attempts.ts'
import { type AutoLock, createAutoLock, DEFAULT_AUTO_LOCK } from './autoLock.ts'
import { eraseVault, loadVault, type StoredVault, saveVault, tidyVault } from './slots.ts'
import type { VaultWorld } from './world.ts'

/** How often the time that was waited is written down, in milliseconds. */
const PROGRESS_MS = 5000

export class Session {
  readonly world: VaultWorld
  readonly #attempts
  readonly #autoLock: AutoLock
  readonly #listeners = new Set<() => void>()
  #state: VaultState = { kind: 'loading' }
  #stored: StoredVault | null = null
  #open: OpenVault | null = null
  #fault: VaultFileError | StorageFailure | null = null
  #isLoaded = false
  /** Unix seconds, for the screen; null: nothing to wait for. */
  #waitsUntil: number | null = null
  #cancelWait = () => {}
  readonly #stopListening: () => void

  constructor(world: VaultWorld) {
    this.world = world
    this.#attempts = createAttempts(world.store, world.timer)
    this.#autoLock = createAutoLock({
      timer: world.timer,
      wallNow: world.wallNow,
      page: world.page,
      settings: world.autoLock ?? DEFAULT_AUTO_LOCK,
      lock: () => this.lock(),
    })
    this.#stopListening = world.otherTabs.onChange(() => {
      void this.exclusively(() => this.load())
    })
  }

  get state(): VaultState {
    return this.#state
  }

  get stored(): StoredVault | null {
    return this.#stored
  }

  get attempts() {
    return this.#attempts
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** One change at a time, in all tabs. */
  exclusively<T>(task: () => Promise<T>): Promise<T> {
    return this.world.exclusively(task)
  }

  /** Reads what is stored now. A vault that another tab changed is locked here. */
  async load(): Promise<Result<StoredVault | null, VaultFileError | StorageFailure>> {
    const loaded = await loadVault(this.world.store)
    this.#isLoaded = true
    this.#fault = loaded.ok ? null : loaded.error
    if (loaded.ok) {
      const isSame = isSameVault(loaded.value, this.#stored)
      this.#stored = loaded.value
      if (!isSame) this.#close()
      await this.updateWait()
    } else if (!isStorageFailure(loaded.error)) {
      this.#close()
    }
    this.#emit()
    return loaded
  }

  /** Once at the start: what an interrupted change left is cleared away. */
  async start(): Promise<void> {
    await this.exclusively(async () => {
      await tidyVault(this.world.store)
      await this.load()
    })
  }

  /** Stores and takes over; `open` belongs to the session from then on, and is overwritten where the change fails. */
  async save(bytes: StoredVault['bytes'], open: OpenVault): Promise<Result<null, StorageFailure>> {
    const saved = await saveVault(this.world.store, bytes)
    if (!saved.ok) {
      if (open !== this.#open) wipeOpenVault(open)
      return saved
    }
    this.adopt(bytes, open)
    this.world.otherTabs.tell()
    return ok(null)
  }

  /** `bytes` is what is stored, `open` what it holds. */
  adopt(bytes: StoredVault['bytes'], open: OpenVault): void {
    const sealed = readVault(bytes)
    if (!sealed.ok) throw new TypeError(`what was just sealed can't be read: ${sealed.error.kind}`)
    if (this.#open !== open) this.#close()
    this.#stored = { bytes, sealed: sealed.value }
    this.#open = open
    this.#fault = null
    this.#autoLock.start()
    this.#emit()
  }

  async erase(): Promise<Result<null, StorageFailure>> {
    const erased = await eraseVault(this.world.store)
    if (erased.ok) {
      await this.#attempts.succeeded()
      this.#clearWait()
      this.world.otherTabs.tell()
    }
    await this.load()
    return erased
  }

  lock(): void {
    this.#close()
    this.#emit()
  }

  touch(): void {
    if (this.#open) this.#autoLock.touch()
  }

  /** Lends the open vault to `task`, which must not keep it. */
  use<T>(task: (open: OpenVault) => T): Result<T, VaultLocked> {
    this.touch()
    return this.#open ? ok(task(this.#open)) : fail({ kind: 'vaultLocked' })
  }

  get isOpen(): boolean {
    return this.#open !== null
  }

  /** The open vault, where it still is what is stored. */
  async present(): Promise<
    Result<{ stored: StoredVault; open: OpenVault }, VaultLocked | ChangedElsewhere | StorageFailure>
  > {
    this.touch()
    if (!this.#open) return fail({ kind: 'vaultLocked' })
    const loaded = await this.load()
    if (!loaded.ok) {
      return isStorageFailure(loaded.error) ? fail(loaded.error) : fail({ kind: 'vaultChangedElsewhere' })
    }
    if (!this.#open || !loaded.value) return fail({ kind: 'vaultChangedElsewhere' })
    return ok({ stored: loaded.value, open: this.#open })
  }

  /** Milliseconds until a passphrase may be tried; the state follows. */
  async updateWait(): Promise<number> {
    const remaining = await this.#attempts.remaining()
    this.#clearWait()
    if (remaining > 0) {
      this.#waitsUntil = Math.ceil((this.world.wallNow() + remaining) / 1000)
      this.#cancelWait = this.world.timer.after(Math.min(remaining, PROGRESS_MS), () => {
        void this.#attempts
          .noteProgress()
          .then(() => this.updateWait())
          .then(() => this.#emit())
      })
    }
    return remaining
  }

  emit(): void {
    this.#emit()
  }

  close(): void {
    this.#close()
    this.#clearWait()
    this.#stopListening()
    this.#listeners.clear()
  }

  #clearWait(): void {
    this.#cancelWait()
    this.#cancelWait = () => {}
    this.#waitsUntil = null
  }

  #close(): void {
    this.#autoLock.stop()
    if (this.#open) wipeOpenVault(this.#open)
    this.#open = null
  }

  #emit(): void {
    this.#state = this.#present()
    for (const listener of [...this.#listeners]) listener()
  }

  #present(): VaultState {
    if (!this.#isLoaded) return { kind: 'loading' }
    if (this.#fault && !this.#open) return { kind: 'unreadable', why: this.#fault }
    if (!this.#stored) return { kind: 'none' }
    const passkeys = this.#stored.sealed.header.passkeys.map(({ credentialId, label, addedAt }) => ({
      credentialId,
      label,
      addedAt,
    }))
    if (this.#open) {
      return { kind: 'unlocked', isBackedUp: this.#open.secrets.backedUpAt !== null, passkeys }
    }
    if (this.#waitsUntil !== null) return { kind: 'waiting', until: this.#waitsUntil, passkeys }
    return { kind: 'locked', passkeys }
  }
}

const isSameVault = (a: StoredVault | null, b: StoredVault | null): boolean =>
  a !== null && b !== null && bytesEqual(a.bytes, b.bytes)

function isStorageFailure(error: VaultFileError | StorageFailure): error is StorageFailure {
  return (
    error.kind === 'vaultStorageFull' ||
    error.kind === 'vaultStorageUnavailable' ||
    error.kind === 'vaultNotStored'
  )
}
