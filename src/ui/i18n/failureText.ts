// Finds the words for a failure's kind; an unknown kind gets the general text, so that nothing is ever silent.
import type { BlockReason } from '../../core/registry/decision.ts'
import type { Messages } from './en.ts'
import type { FailureText } from './failureKinds.ts'

export function failureText(
  messages: Messages,
  kind: string,
  reason: BlockReason | null = null,
): FailureText {
  if (reason !== null) return messages.blocked[reason]
  // A stored history names a refusal by its reason alone.
  const known: Readonly<Record<string, FailureText>> = { ...messages.blocked, ...messages.failures }
  return (Object.hasOwn(known, kind) ? known[kind] : undefined) ?? messages.failureUi.fallback
}
