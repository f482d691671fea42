// A vault that is not there any more: erased by the person, or lost by the browser. Only the first forgets what belonged to it.
import type { Address } from '../../core/bytes.ts'
import { Observable } from '../observable.ts'
import type { Accounts } from './accounts.ts'
import type { WalletParts } from './parts.ts'

/** Set before the vault is erased: the tab may die between that and forgetting what belonged to it. */
const ERASING = 'erasingVault'

export class LostVault {
  /** The owner account of a vault that was here and was not erased; null where nothing is missed. */
  readonly address = new Observable<Address | null>(null)
  readonly #parts: Pick<WalletParts, 'vault' | 'stores'>
  readonly #accounts: Pick<Accounts, 'vaultOwner'>
  /** It was there in this tab's life: what takes it away then is the person, here or in another tab. */
  #wasHere = false

  constructor(parts: Pick<WalletParts, 'vault' | 'stores'>, accounts: Pick<Accounts, 'vaultOwner'>) {
    this.#parts = parts
    this.#accounts = accounts
  }

  /** To be told of each state; whether what belonged to the vault is to be forgotten. */
  async isErased(): Promise<boolean> {
    const { kind } = this.#parts.vault.state.get()
    if (kind === 'loading') return false
    const { values } = this.#parts.stores
    if (kind !== 'none') {
      // Begun in another life, and not carried out.
      if (!this.#wasHere && (await values.get(ERASING))) await values.put(ERASING, false)
      this.#wasHere = true
      this.address.set(null)
      return false
    }
    const owner = this.#accounts.vaultOwner
    if (!owner) return false
    if (this.#wasHere || (await values.get(ERASING))) return true
    this.address.set(owner)
    return false
  }

  async willErase(): Promise<void> {
    await this.#parts.stores.values.put(ERASING, true)
  }

  /** What belonged to it is forgotten. */
  async erased(): Promise<void> {
    this.address.set(null)
    await this.#parts.stores.values.put(ERASING, false)
  }
}
