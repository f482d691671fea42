// A failure of paying for blocks in words; kinds that the wallet knows too keep their words from there.
import { FailureWords } from '../../components/FailureNotice.tsx'
import type { FailureText } from '../../i18n/failureKinds.ts'
import { useChannelsMessages } from '../../i18n/useChannelsMessages.ts'
import { type ShownFailure, WalletFailure } from '../wallet/WalletFailure.tsx'

export function ChannelFailure({ failure }: { failure: ShownFailure }) {
  const known: Readonly<Record<string, FailureText>> = useChannelsMessages().failures
  const text = Object.hasOwn(known, failure.kind) ? known[failure.kind] : undefined
  if (text === undefined) return <WalletFailure failure={failure} />
  return <FailureWords text={text} kind={failure.kind} detail={failure.detail ?? null} tone="attention" />
}
