// What the person lets this browser give to others; kept, and the same in every tab.
import type { Model } from '../../core/registry/model.ts'

export interface ServingRules {
  readonly isOn: boolean
  /** null: as much as is asked for. */
  readonly bytesPerDay: number | null
  /** Percent below which nothing is given away, unless the battery is being charged. */
  readonly minBattery: number
  /** Their newest release is fetched without being asked for, and never removed to make room. */
  readonly keptModels: readonly Model[]
  /** Bytes that files may take which nothing keeps; above that the least useful go. */
  readonly quota: number
  /** For each 64 KiB, in the coin's smallest unit, decimal text; zero: given away. */
  readonly pricePerUnit: string
  /** Given away, and whoever wants to pay for that, as a maker may, is told to which account. */
  readonly takesThanks: boolean
}

/** Where they are stored. */
export const servingRulesKey = 'servingRules'

export const defaultServingRules: ServingRules = {
  isOn: false,
  bytesPerDay: 250_000_000,
  minBattery: 30,
  keptModels: [],
  quota: 256_000_000,
  pricePerUnit: '0',
  takesThanks: false,
}

export const isSameModel = (a: Model, b: Model): boolean =>
  a.maker === b.maker && a.name === b.name && a.hardware === b.hardware
