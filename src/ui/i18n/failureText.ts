// Finds the words for a failure's kind; an unknown kind gets the general text, so that nothing is ever silent.
import type { BlockReason } from '../../core/registry/decision.ts'
import type { ScreenMessages } from './en.ts'
import type { FailureText } from './failureKinds.ts'

type Known = Pick<ScreenMessages, 'failures' | 'blocked'>

export function failureText(
  messages: Known & Pick<ScreenMessages, 'failureUi'>,
  kind: string,
  reason: BlockReason | null = null,
): FailureText {
  return knownText(messages, kind, reason) ?? messages.failureUi.fallback
}

/** undefined for a kind that nobody knows, and for any as long as the words are being loaded. */
export function knownText(
  { failures, blocked }: Known,
  kind: string,
  reason: BlockReason | null = null,
): FailureText | undefined {
  if (reason !== null) return blocked[reason]
  // A stored history names a refusal by its reason alone.
  const known = Object.hasOwn(failures, kind) ? failures : blocked
  return Object.hasOwn(known, kind) ? known[kind] : undefined
}
