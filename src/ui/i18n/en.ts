// English: the messages that every other language must have.
import { blocked } from './en/blocked.ts'
import { failures } from './en/failures.ts'
import { enAtOnce } from './enAtOnce.ts'
import type { FailureText } from './failureKinds.ts'

export const en = { ...enAtOnce, failures, blocked }

export type Messages = typeof en

/** What screens are given: English has its failures a moment later than the rest, and until then none by name. */
export interface ScreenMessages extends Omit<Messages, 'failures' | 'blocked'> {
  readonly failures: Readonly<Record<string, FailureText>>
  readonly blocked: Readonly<Record<string, FailureText>>
}
