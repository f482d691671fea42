// The codes that we showed to take devices: each names a device account of its own, so that no two devices share one.
import type { Address } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import type { StatementDomain } from '../../../core/registry/deviceStatements.ts'
import { ok, type Result } from '../../../core/result.ts'
import type { VaultLocked } from '../../ports/vault.ts'
import type { OwnershipParts } from './parts.ts'

interface ShownCode {
  readonly chainId: number
  readonly registry: Address
  readonly accountIndex: number
  readonly account: Address
  /** The device that it was used for; null until then. */
  readonly deviceId: DeviceId | null
}

const VALUE = 'takeCodes'

export class TakeCodes {
  readonly #parts: Pick<OwnershipParts, 'stores' | 'accounts'>

  constructor(parts: Pick<OwnershipParts, 'stores' | 'accounts'>) {
    this.#parts = parts
  }

  /** The account for the next device: the same until a device has used it, however often the code is shown. */
  async next({ chainId, registry }: StatementDomain): Promise<Result<ShownCode, VaultLocked>> {
    const shown = await this.#all()
    const free = shown.find(
      code => code.deviceId === null && code.chainId === chainId && code.registry === registry,
    )
    if (free) return ok(free)
    const made = await this.#parts.accounts.allocateDevice()
    if (!made.ok) return made
    const { index, address } = made.value
    const code: ShownCode = { chainId, registry, accountIndex: index, account: address, deviceId: null }
    await this.#parts.stores.values.put(VALUE, [...shown, code])
    return ok(code)
  }

  async find(account: Address): Promise<ShownCode | undefined> {
    return (await this.#all()).find(code => code.account === account)
  }

  /** From now on the code is this device's. */
  async use(account: Address, deviceId: DeviceId): Promise<void> {
    const shown = await this.#all()
    const used = shown.map(code => (code.account === account ? { ...code, deviceId } : code))
    await this.#parts.stores.values.put(VALUE, used)
  }

  async forgetAll(): Promise<void> {
    if ((await this.#all()).length > 0) await this.#parts.stores.values.put(VALUE, [])
  }

  async #all(): Promise<readonly ShownCode[]> {
    return (await this.#parts.stores.values.get<readonly ShownCode[]>(VALUE)) ?? []
  }
}
