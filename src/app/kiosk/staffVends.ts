// What staff has taken for nothing: the machine's receipts of it are collected, counted and written down, and then acknowledged.
import type { DeviceId } from '../../core/identity.ts'
import type { Failure, Result } from '../../core/result.ts'
import type { VendReceipt } from '../../core/vending/vendRecord.ts'
import { VendUse } from '../../core/vending/vendTerms.ts'
import type { KioskStores } from '../ports/kiosk.ts'

interface ReceiptGiver {
  /** That nobody has acknowledged, the oldest first. */
  pending(): Promise<Result<readonly VendReceipt[], Failure>>
  acknowledge(receipt: VendReceipt): Promise<Result<null, Failure>>
}

/** One free vend as the kiosk lists it. */
export interface FreeVend {
  /** Of the device's receipts. */
  readonly counter: number
  /** Unix seconds, when it was collected. */
  readonly at: number
  readonly slot: number
  readonly dropped: number
}

interface Stored {
  /** Newest first. */
  readonly latest: readonly FreeVend[]
  /** The greatest counter that was counted. */
  readonly upTo: number
  /** Units, by slot. */
  readonly units: Readonly<Record<number, number>>
}

const KEPT = 100

export class StaffVends {
  readonly #values: KioskStores['values']
  readonly #place: string
  readonly #machine: ReceiptGiver
  readonly #unixNow: () => number
  #stored: Stored = { latest: [], upTo: 0, units: {} }

  constructor(
    values: KioskStores['values'],
    deviceId: DeviceId,
    machine: ReceiptGiver,
    unixNow: () => number,
  ) {
    this.#values = values
    this.#place = `staffVends/${deviceId}`
    this.#machine = machine
    this.#unixNow = unixNow
  }

  async load(): Promise<void> {
    this.#stored = (await this.#values.get<Stored>(this.#place)) ?? this.#stored
  }

  get latest(): readonly FreeVend[] {
    return this.#stored.latest
  }

  unitsOf(slot: number): number {
    return this.#stored.units[slot] ?? 0
  }

  /** Each is on the disk before the machine may forget it, and is counted once, whatever dies in between. */
  async collect(): Promise<void> {
    const pending = await this.#machine.pending()
    if (!pending.ok) return
    for (const receipt of pending.value) {
      if (receipt.use !== VendUse.free) continue
      await this.#count(receipt)
      const told = await this.#machine.acknowledge(receipt)
      if (!told.ok) return
    }
  }

  async #count({ counter, slot, dropped }: VendReceipt): Promise<void> {
    const { latest, upTo, units } = this.#stored
    if (counter <= upTo) return
    const stored: Stored = {
      latest: [{ counter, at: this.#unixNow(), slot, dropped }, ...latest].slice(0, KEPT),
      upTo: counter,
      units: { ...units, [slot]: (units[slot] ?? 0) + dropped },
    }
    await this.#values.put(this.#place, stored)
    this.#stored = stored
  }
}
