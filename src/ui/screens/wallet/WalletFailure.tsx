// A failure of the wallet in words; kinds that the rest of the app knows too keep their words from there.
import type { ReactNode } from 'react'
import { FailureWords } from '../../components/FailureNotice.tsx'
import { FailurePlace } from '../../components/FailurePlace.tsx'
import type { Tone } from '../../deviceState.ts'
import type { FailureText } from '../../i18n/failureKinds.ts'
import { failureText } from '../../i18n/failureText.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../i18n/useWalletMessages.ts'

export interface ShownFailure {
  readonly kind: string
  readonly detail?: string
}

export function WalletFailure({
  failure,
  tone = 'attention',
  actions,
}: {
  failure: ShownFailure
  tone?: Tone
  actions?: ReactNode
}) {
  const text = useWalletFailureText(failure.kind)
  return (
    <FailurePlace failure={failure}>
      <FailureWords
        text={text}
        kind={failure.kind}
        detail={failure.detail ?? null}
        tone={tone}
        actions={actions}
      />
    </FailurePlace>
  )
}

function useWalletFailureText(kind: string): FailureText {
  const messages = useMessages()
  const known: Readonly<Record<string, FailureText>> = useWalletMessages().failures
  return (Object.hasOwn(known, kind) ? known[kind] : undefined) ?? failureText(messages, kind)
}
