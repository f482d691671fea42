// A failure of buying in words; kinds that the wallet or the rest of the app knows too keep their words from there.
import type { ReactNode } from 'react'
import { FailureWords } from '../../components/FailureNotice.tsx'
import { FailurePlace } from '../../components/FailurePlace.tsx'
import type { FailureText } from '../../i18n/failureKinds.ts'
import { failureText } from '../../i18n/failureText.ts'
import { useBuyingMessages } from '../../i18n/useBuyingMessages.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../i18n/useWalletMessages.ts'
import type { ShownFailure } from '../wallet/WalletFailure.tsx'

export function BuyFailure({ failure, actions }: { failure: ShownFailure; actions?: ReactNode }) {
  const messages = useMessages()
  const ofBuying: Readonly<Record<string, FailureText>> = useBuyingMessages().failures
  const ofWallet: Readonly<Record<string, FailureText>> = useWalletMessages().failures
  const { kind, detail } = failure
  const text =
    [ofBuying, ofWallet].find(known => Object.hasOwn(known, kind))?.[kind] ?? failureText(messages, kind)
  return (
    <FailurePlace failure={failure} takesFocus>
      <FailureWords text={text} kind={kind} detail={detail ?? null} tone="attention" actions={actions} />
    </FailurePlace>
  )
}
