// The accounts of the wallet, known by address so that they are shown while it is locked, and whose device each is.
import type { Address } from '../../core/bytes.ts'
import { ok, type Result } from '../../core/result.ts'
import { Observable } from '../observable.ts'
import type { VaultLocked } from '../ports/vault.ts'
import type { AccountReading } from '../ports/walletChain.ts'
import type { AccountRecord } from '../ports/walletStore.ts'
import type { WalletParts } from './parts.ts'
import type { AccountId, OwnerView } from './wallet.ts'
import { networkOf, unitKey } from './walletNetwork.ts'

/** The injected wallet that stands in for the vault's owner account. */
export interface ExternalOwner {
  readonly walletId: string
  readonly walletName: string
  readonly address: Address
}

/** Of the wallet as a whole, whatever the network: the same keys have the same addresses everywhere. */
const OWNER = 'owner'
const VAULT_OWNER = 'vaultOwner'
/** The lowest index of a device account that was never given out. */
const NEXT_INDEX = 'nextDeviceIndex'

export function accountIdOf(name: AccountRecord['name']): AccountId {
  switch (name.kind) {
    case 'owner':
    case 'external':
      return name.kind
    case 'device':
      return `device/${name.index}`
  }
}

export class Accounts {
  /** Of the present network. */
  readonly records = new Observable<ReadonlyMap<AccountId, AccountRecord>>(new Map())
  readonly owner = new Observable<OwnerView | null>(null)
  readonly #parts: Pick<WalletParts, 'stores' | 'vault' | 'platform' | 'config'>
  #external: ExternalOwner | null = null
  /** Until it was looked for. */
  #isExternalThere = true
  /** Of the vault, as last seen open. */
  #vaultOwner: Address | null = null

  constructor(parts: Pick<WalletParts, 'stores' | 'vault' | 'platform' | 'config'>) {
    this.#parts = parts
  }

  async load(): Promise<void> {
    const { accounts, values } = this.#parts.stores
    const prefix = this.#keyOf('')
    const [all, external, vaultOwner] = await Promise.all([
      accounts.all(),
      values.get<ExternalOwner | null>(OWNER),
      values.get<Address | null>(VAULT_OWNER),
    ])
    this.#external = external ?? null
    this.#vaultOwner = vaultOwner ?? null
    const here = all.filter(({ key }) => key.startsWith(prefix))
    this.records.set(new Map(here.map(record => [record.key.slice(prefix.length), record])))
    // On a network that was not looked at before, the same owner has the same address.
    await this.#addOwners()
    this.#showOwner()
  }

  get(id: AccountId): AccountRecord | undefined {
    return this.records.get().get(id)
  }

  get ownerId(): AccountId {
    return this.#external ? 'external' : 'owner'
  }

  get external(): ExternalOwner | null {
    return this.#external
  }

  isOwn(address: Address): boolean {
    return this.#external?.address === address || this.#vaultOwner === address
  }

  /** The vault's own owner account, as last seen open; null where there is no vault. */
  get vaultOwner(): Address | null {
    return this.#vaultOwner
  }

  /** The vault is open, and this is its owner account. */
  async openedVault(owner: Address): Promise<void> {
    if (this.#vaultOwner !== owner) await this.#parts.stores.values.put(VAULT_OWNER, owner)
    this.#vaultOwner = owner
    await this.#addOwners()
    this.#showOwner()
  }

  /** The vault is gone: so are its accounts, on every network. */
  async forgetVault(): Promise<void> {
    const { accounts, values } = this.#parts.stores
    for (const { key, name } of await accounts.all()) {
      // The account of an injected wallet has its own words.
      if (name.kind !== 'external') await accounts.delete(key)
    }
    await values.put(NEXT_INDEX, 0)
    // Last: whatever dies before is done again.
    await values.put(VAULT_OWNER, null)
    this.#vaultOwner = null
    this.records.update(records => new Map([...records].filter(([id]) => id === 'external')))
    this.#showOwner()
  }

  async allocateDevice(): Promise<
    Result<{ readonly index: number; readonly address: Address }, VaultLocked>
  > {
    // A vault that is locked must not cost an index.
    const open = await this.#parts.vault.address({ kind: 'owner' })
    if (!open.ok) return open
    const index = await this.#inOneTab(async () => {
      const next = await this.#nextIndex()
      await this.#parts.stores.values.put(NEXT_INDEX, next + 1)
      return next
    })
    const adopted = await this.adoptDevice(index)
    return adopted.ok ? ok({ index, address: adopted.value.address }) : adopted
  }

  async adoptDevice(index: number): Promise<Result<{ readonly address: Address }, VaultLocked>> {
    const name = { kind: 'device', index } as const
    const address = await this.#parts.vault.address(name)
    if (!address.ok) return address
    await this.reserveDevices(index)
    await this.#add(name, address.value)
    return ok({ address: address.value })
  }

  reserveDevices(upTo: number): Promise<void> {
    return this.#inOneTab(async () => {
      if ((await this.#nextIndex()) <= upTo) await this.#parts.stores.values.put(NEXT_INDEX, upTo + 1)
    })
  }

  /** From now on an injected wallet's account is the owner; null: the vault's again. */
  async setExternal(external: ExternalOwner | null): Promise<void> {
    const { accounts, values } = this.#parts.stores
    await values.put(OWNER, external)
    this.#external = external
    this.#isExternalThere = external !== null
    if (this.get('external') && this.get('external')?.address !== external?.address) {
      await accounts.delete(this.#keyOf('external'))
      this.records.update(records => new Map([...records].filter(([id]) => id !== 'external')))
    }
    await this.#addOwners()
    this.#showOwner()
  }

  /** Whether the injected wallet is there, and gives that account. */
  setExternalThere(isThere: boolean): void {
    this.#isExternalThere = isThere
    this.#showOwner()
  }

  async noteReading(id: AccountId, { address, balance, tokens, evidence }: AccountReading): Promise<void> {
    const record = this.get(id)
    if (record?.address !== address) return
    const read: Record<string, string> = { coin: balance.toString() }
    for (const [token, value] of tokens) read[unitKey(token)] = value.toString()
    // A token that no endpoint told of stays as it was.
    await this.#put(id, { ...record, balances: { ...record.balances, ...read }, evidence })
  }

  async #addOwners(): Promise<void> {
    if (this.#vaultOwner) await this.#add({ kind: 'owner' }, this.#vaultOwner)
    if (!this.#external) return
    const { walletId, walletName, address } = this.#external
    await this.#add({ kind: 'external', walletId, walletName }, address)
  }

  async #add(name: AccountRecord['name'], address: Address): Promise<void> {
    const id = accountIdOf(name)
    if (this.get(id)?.address === address) return
    await this.#put(id, { key: this.#keyOf(id), name, address, balances: null, evidence: null })
  }

  async #put(id: AccountId, record: AccountRecord): Promise<void> {
    await this.#parts.stores.accounts.put(record)
    if (record.key === this.#keyOf(id)) this.records.update(records => new Map(records).set(id, record))
  }

  #showOwner(): void {
    if (this.#external) {
      const { address, walletName } = this.#external
      this.owner.set({ kind: 'external', address, walletName, isThere: this.#isExternalThere })
      return
    }
    const address = this.#vaultOwner
    this.owner.set(address && { kind: 'vault', address, walletName: null, isThere: true })
  }

  async #nextIndex(): Promise<number> {
    return (await this.#parts.stores.values.get<number>(NEXT_INDEX)) ?? 0
  }

  /** One tab at a time gives out indices; the others wait for it, which is a matter of two writes. */
  async #inOneTab<T>(task: () => Promise<T>): Promise<T> {
    const { platform } = this.#parts
    for (;;) {
      const held = await platform.withLock('fob-wallet-indices', task)
      if (held) return held.value
      await new Promise<void>(resolve => void platform.timer.after(20, resolve))
    }
  }

  #keyOf(id: AccountId): string {
    return `${networkOf(this.#parts.config())}/${id}`
  }
}
