// What became of the last try: read out once, counted down in silence.
import { Hourglass } from 'lucide-react'
import { useState } from 'react'
import { Notice } from '../../../components/Notice.tsx'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useNow } from '../../../useNow.ts'
import { WalletFailure } from '../WalletFailure.tsx'
import type { PassphraseTry } from './usePassphraseTry.ts'

export function PassphraseStatus({
  attempt,
  working,
  hasPasskey = false,
}: {
  attempt: PassphraseTry
  /** Said while the passphrase is being worked on. */
  working: string
  /** A passkey would open it in spite of the waiting. */
  hasPasskey?: boolean
}) {
  const { lock: words } = useWalletMessages()
  const formats = useFormats()
  const now = useNow()
  const isWaiting = attempt.waitingUntil !== null
  // A clock that runs ahead must not say that it is over before the vault does.
  const left = attempt.waitingUntil === null ? 0 : Math.max(1, attempt.waitingUntil - now)
  const announced = useAnnouncedWait(attempt, isWaiting, left)
  const said = attempt.isBusy
    ? working
    : isWaiting
      ? words.waitingSaid(formats.duration(announced ?? left))
      : announced !== null
        ? words.waitingOver
        : attempt.isWrong
          ? words.wrong
          : ''
  return (
    <>
      <p className="hidden-text" role="status">
        {said}
      </p>
      {attempt.isBusy && <p className="soft small">{working}</p>}
      {isWaiting && (
        <Notice tone="attention" icon={Hourglass} title={words.waiting(formats.duration(left))}>
          <p>{words.waitingBody}</p>
          {hasPasskey && <p>{words.waitingPasskey}</p>}
        </Notice>
      )}
      {attempt.failure !== null && <WalletFailure failure={attempt.failure} />}
    </>
  )
}

/** The seconds that were left when the last wait began: what is read out must not change with each second. */
function useAnnouncedWait({ isBusy, waitingUntil }: PassphraseTry, isWaiting: boolean, left: number) {
  const [known, setKnown] = useState<{ until: number; left: number } | null>(null)
  if (isBusy) {
    if (known !== null) setKnown(null)
  } else if (isWaiting && waitingUntil !== null && Math.abs(waitingUntil - (known?.until ?? 0)) > 2) {
    // A clock that was set shifts `until` by its jump: a second's difference is still the same wait.
    setKnown({ until: waitingUntil, left })
  }
  return known?.left ?? null
}
