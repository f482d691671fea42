// What a device account may pay on its own, how much and whom: decided where the key is, and off by default.
import type { Address } from '../bytes.ts'

/** What is paid for: blocks that others serve, the device's own updates, the service of another device. */
export type PaymentPurpose = 'serving' | 'ownUpdates' | 'otherDevices'

export const paymentPurposes: readonly PaymentPurpose[] = ['serving', 'ownUpdates', 'otherDevices']

/** Limits for one purpose and one asset. Amounts in the smallest unit, as decimal text: they are stored and signed. */
export interface PurposeRule {
  readonly isOn: boolean
  /** null for the chain's coin. */
  readonly token: Address | null
  readonly perPayment: string
  /** Within any 24 hours. */
  readonly perDay: string
  /** Whom; empty: anybody. */
  readonly payees: readonly Address[]
}

export type AccountRules = Readonly<Record<PaymentPurpose, PurposeRule>>

const off: PurposeRule = { isOn: false, token: null, perPayment: '0', perDay: '0', payees: [] }

export const noRules: AccountRules = { serving: off, ownUpdates: off, otherDevices: off }

/** One payment that was made, or is about to be: written down before it leaves. */
export interface SpendingEntry {
  readonly purpose: PaymentPurpose
  /** Unix seconds. */
  readonly at: number
  readonly token: Address | null
  readonly amount: string
  readonly payee: Address
}
