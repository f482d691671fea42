// A failure of a paid unlock in words; kinds that the wallet or the rest of the app knows too keep their words from there.
import type { ReactNode } from 'react'
import { FailureWords } from '../../components/FailureNotice.tsx'
import { FailurePlace } from '../../components/FailurePlace.tsx'
import type { FailureText } from '../../i18n/failureKinds.ts'
import { failureText } from '../../i18n/failureText.ts'
import { useMarketMessages } from '../../i18n/useMarketMessages.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../i18n/useWalletMessages.ts'
import type { ShownFailure } from '../wallet/WalletFailure.tsx'

export function MarketFailure({
  failure,
  actions,
  isAnswer = true,
}: {
  failure: ShownFailure
  actions?: ReactNode
  /** False for what was read without anybody having asked for it just then. */
  isAnswer?: boolean
}) {
  return (
    <FailurePlace failure={failure} isAnswer={isAnswer} takesFocus>
      <FailureWords
        text={useMarketFailureText()(failure.kind)}
        kind={failure.kind}
        detail={failure.detail ?? null}
        tone="attention"
        actions={actions}
      />
    </FailurePlace>
  )
}

export function useMarketFailureText(): (kind: string) => FailureText {
  const messages = useMessages()
  const ofMarket: Readonly<Record<string, FailureText>> = useMarketMessages().failures
  const ofWallet: Readonly<Record<string, FailureText>> = useWalletMessages().failures
  return kind =>
    [ofMarket, ofWallet].find(known => Object.hasOwn(known, kind))?.[kind] ?? failureText(messages, kind)
}
