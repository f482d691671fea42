// A failure at the kiosk in words; kinds that the rest of the app knows keep their words from there.
import type { Failure } from '../../core/result.ts'
import { FailureWords } from '../components/FailureNotice.tsx'
import { FailurePlace } from '../components/FailurePlace.tsx'
import type { FailureText } from '../i18n/failureKinds.ts'
import { failureText } from '../i18n/failureText.ts'
import { useKioskMessages } from '../i18n/useKioskMessages.ts'
import { useMessages } from '../i18n/useMessages.tsx'

export function KioskFailure({ failure }: { failure: Failure }) {
  const messages = useMessages()
  const own: Readonly<Record<string, FailureText>> = useKioskMessages().failures
  const text = Object.hasOwn(own, failure.kind) ? own[failure.kind] : undefined
  return (
    <FailurePlace failure={failure} takesFocus>
      <FailureWords
        text={text ?? failureText(messages, failure.kind)}
        kind={failure.kind}
        detail={failure.detail ?? null}
        tone="attention"
      />
    </FailurePlace>
  )
}
