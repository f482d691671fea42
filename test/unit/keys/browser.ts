// A browser with tabs for the vault's tests: real code over fake-indexeddb, time that tests move, an authenticator.
import 'fake-indexeddb/auto'
import { createHmac, randomBytes as nodeRandom } from 'node:crypto'
import { scrypt } from '@noble/hashes/scrypt.js'
import type { VaultPort } from '../../../src/app/ports/vault.ts'
import { type Bytes, concat } from '../../../src/core/bytes.ts'
import { passphraseBytes } from '../../../src/core/wallet/passphrase.ts'
import { type KeyStore, openKeyStore } from '../../../src/io/keys/keyDatabase.ts'
import { createPasskeys } from '../../../src/io/keys/passkeys.ts'
import type { Stretch } from '../../../src/io/keys/stretch.ts'
import { createVault } from '../../../src/io/keys/vault.ts'
import type { VaultWorld } from '../../../src/io/keys/world.ts'
import { ManualTimer } from '../device/manualTimer.ts'

const randomBytes = (length: number): Bytes => Uint8Array.from(nodeRandom(length))

export const secret = passphraseBytes
export const FIRST = 'correct horse battery'
export const SECOND = 'staple over the moon'
/** What anvil and every tutorial use. */
export const WORDS = 'test test test test test test test test test test test junk'
export const OWNER = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

class TestPage {
  #hidden = false
  readonly #visibility = new Set<() => void>()
  readonly #suspend = new Set<() => void>()

  isHidden = (): boolean => this.#hidden

  onVisibilityChange = (listener: () => void): (() => void) => {
    this.#visibility.add(listener)
    return () => this.#visibility.delete(listener)
  }

  onSuspend = (listener: () => void): (() => void) => {
    this.#suspend.add(listener)
    return () => this.#suspend.delete(listener)
  }

  setHidden(hidden: boolean): void {
    this.#hidden = hidden
    for (const listener of [...this.#visibility]) listener()
  }

  suspend(): void {
    for (const listener of [...this.#suspend]) listener()
  }
}

/** An authenticator with the PRF extension (HMAC, as CTAP's hmac-secret), behind the browser's own interface. */
export class Authenticator {
  readonly #secrets = new Map<string, Bytes>()
  hasPrf = true
  /** Some give PRF output only at sign-in. */
  givesPrfAtCreation = true
  /** A new device each time, rather than one that knows its own. */
  isAlwaysAnother = false
  /** Thrown by the next call. */
  refusal: DOMException | undefined
  readonly asked: PublicKeyCredentialRequestOptions[] = []
  readonly created: PublicKeyCredentialCreationOptions[] = []

  create = async (options?: CredentialCreationOptions): Promise<Credential | null> => {
    this.#refuse()
    const publicKey = options?.publicKey
    if (!publicKey) throw new TypeError('no public key is asked for')
    this.created.push(publicKey)
    const existing = (publicKey.excludeCredentials ?? []).map(({ id }) => hexOf(id))
    if (!this.isAlwaysAnother && existing.some(id => this.#secrets.has(id)))
      throw new DOMException('exists', 'InvalidStateError')
    const id = randomBytes(16)
    this.#secrets.set(hexOf(id), randomBytes(32))
    const first = publicKey.extensions?.prf?.eval?.first
    const results = this.givesPrfAtCreation && first ? { first: this.#prf(hexOf(id), first) } : undefined
    return credential(id, this.hasPrf ? { enabled: true, ...(results && { results }) } : undefined)
  }

  get = async (options?: CredentialRequestOptions): Promise<Credential | null> => {
    this.#refuse()
    const publicKey = options?.publicKey
    if (!publicKey) throw new TypeError('no public key is asked for')
    this.asked.push(publicKey)
    const id = (publicKey.allowCredentials ?? []).map(({ id }) => hexOf(id)).find(id => this.#secrets.has(id))
    if (id === undefined) throw new DOMException('none of them', 'NotAllowedError')
    const raw = Uint8Array.from(Buffer.from(id, 'hex'))
    const salt = publicKey.extensions?.prf?.evalByCredential?.[Buffer.from(raw).toString('base64url')]?.first
    return credential(raw, this.hasPrf && salt ? { results: { first: this.#prf(id, salt) } } : undefined)
  }

  /** As after a reset of the authenticator: the same id, and another secret. */
  forgetSecrets(): void {
    for (const id of this.#secrets.keys()) this.#secrets.set(id, randomBytes(32))
  }

  #prf(id: string, salt: BufferSource): ArrayBuffer {
    const mac = createHmac('sha256', this.#secrets.get(id) ?? new Uint8Array())
    return Uint8Array.from(mac.update(Buffer.from(hexOf(salt), 'hex')).digest()).buffer
  }

  #refuse(): void {
    const { refusal } = this
    this.refusal = undefined
    if (refusal) throw refusal
  }
}

function credential(id: Bytes, prf: AuthenticationExtensionsPRFOutputs | undefined): Credential {
  const made = {
    id: Buffer.from(id).toString('base64url'),
    type: 'public-key',
    rawId: id.buffer,
    getClientExtensionResults: () => (prf ? { prf } : {}),
  }
  return made
}

const hexOf = (source: BufferSource): string => {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)
  return Buffer.from(bytes).toString('hex')
}

/** Lets storage answer between the steps: virtual time must not outrun it. */
class TabTimer extends ManualTimer {
  override async advance(ms: number): Promise<void> {
    const end = this.now() + ms
    do {
      await super.advance(Math.min(1000, end - this.now()))
      for (let i = 0; i < 40; i++) await new Promise(resolve => setImmediate(resolve))
    } while (this.now() < end)
  }
}

export interface Tab {
  readonly vault: VaultPort & { close(): void }
  readonly timer: ManualTimer
  readonly page: TestPage
  /** The wall clock that a person may set, in milliseconds. */
  setWall(ms: number): void
  readonly passphrases: Bytes[]
}

let count = 0

/** One profile on one disk; its tabs share storage, locks and messages. */
export class Browser {
  readonly name = `fob-keys-${++count}`
  readonly authenticator: Authenticator
  readonly #listeners = new Set<() => void>()
  #queue: Promise<unknown> = Promise.resolve()
  readonly #tabs: Tab[] = []

  constructor(authenticator = new Authenticator()) {
    this.authenticator = authenticator
  }

  /** `ms`: how long scrypt at 2^17 takes here. */
  async open(
    options: { wrap?: (store: KeyStore) => KeyStore; ms?: number; stretch?: Stretch } = {},
  ): Promise<Tab> {
    const { wrap = store => store, ms = 1000 } = options
    const timer = new TabTimer()
    const page = new TestPage()
    const passphrases: Bytes[] = []
    let wall = 1_800_000_000_000
    const heard = new Set<() => void>()
    /** scrypt as it is, at a strength that tests can afford; the file's own strength is mixed in. */
    const quick: Stretch = async (passphrase, salt, { log2N }) => {
      passphrases.push(passphrase)
      timer.advanceNow(ms * 2 ** (log2N - 17))
      const mixed = concat(salt, Uint8Array.of(log2N))
      return Uint8Array.from(scrypt(passphrase, mixed, { N: 4, r: 8, p: 1, dkLen: 32 }))
    }
    const hear = () => {
      for (const listener of heard) listener()
    }
    this.#listeners.add(hear)
    const world: VaultWorld = {
      store: wrap(openKeyStore(this.name)),
      stretch: options.stretch ?? quick,
      passkeys: createPasskeys(this.authenticator, randomBytes),
      randomBytes,
      timer,
      wallNow: () => wall + timer.now(),
      page,
      exclusively: task => {
        const run = this.#queue.then(task)
        this.#queue = run.catch(() => {})
        return run
      },
      otherTabs: {
        tell: () => {
          for (const listener of this.#listeners) if (listener !== hear) listener()
        },
        onChange(listener) {
          heard.add(listener)
          return () => heard.delete(listener)
        },
      },
    }
    const vault = createVault(world)
    const tab = { vault, timer, page, passphrases, setWall: (to: number) => (wall = to - timer.now()) }
    this.#tabs.push(tab)
    await this.settled()
    return tab
  }

  /** All that was begun under the lock is done. */
  async settled(): Promise<void> {
    let seen: unknown
    while (seen !== this.#queue) {
      seen = this.#queue
      await seen
    }
  }

  /** The tab is gone, with all that it had not stored. */
  kill(tab: Tab): void {
    // A dead tab gives its lock back.
    this.#queue = Promise.resolve()
    tab.vault.close()
  }

  close(): void {
    for (const tab of this.#tabs.splice(0)) tab.vault.close()
  }
}

export async function ownerOf(vault: VaultPort): Promise<string> {
  const read = await vault.address({ kind: 'owner' })
  return read.ok ? read.value : read.error.kind
}

/** The failure's kind, or `ok`. */
export const outcome = (result: { ok: true } | { ok: false; error: { kind: string } }): string =>
  result.ok ? 'ok' : result.error.kind
