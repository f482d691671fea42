// Paid files: what is put aside for whom, what others paid, and the limits within which this browser pays by itself.
import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { TechnicalDetail } from '../../components/FailureNotice.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Screen } from '../../components/Screen.tsx'
import { exactAmount } from '../../i18n/amounts.ts'
import { useChannelsMessages } from '../../i18n/useChannelsMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import type { ShownFailure } from '../wallet/WalletFailure.tsx'
import { ChannelCard } from './ChannelCard.tsx'
import { ChannelFailure } from './ChannelFailure.tsx'
import { LimitsForm } from './LimitsForm.tsx'
import { useChannels } from './useChannels.ts'
import { useProposing } from './useProposing.tsx'

export function ChannelsScreen() {
  const words = useChannelsMessages()
  const channels = useChannels()
  const view = useReadable(channels.view)
  useEffect(() => void channels.refresh(), [channels])
  const paying = view.channels.filter(({ role }) => role === 'payer')
  const paid = view.channels.filter(({ role }) => role === 'payee')
  return (
    <Screen title={words.title} back={paths.wallet}>
      <p className="prose soft">{words.lead}</p>
      {!channels.isThere && <Notice tone="info" title={words.notHere} />}
      {view.lastFailure !== null && (
        <Notice tone="attention" title={words.readFailed} live>
          <TechnicalDetail kind={view.lastFailure.kind} detail={null} />
        </Notice>
      )}
      {view.channels.length === 0 && <p className="row-note indent">{words.none}</p>}
      {paid.length > 0 && (
        <Section title={words.asPayee}>
          {paid.map(channel => (
            <ChannelCard key={channel.channelId} channel={channel} />
          ))}
        </Section>
      )}
      <Kept />
      {paying.length > 0 && (
        <Section title={words.asPayer}>
          {paying.map(channel => (
            <ChannelCard key={channel.channelId} channel={channel} />
          ))}
        </Section>
      )}
      {channels.isThere && <LimitsForm />}
      {channels.isThere && <FindOwn />}
    </Screen>
  )
}

/** What others' claims and exits have left for us in the contract. */
function Kept() {
  const words = useChannelsMessages()
  const { language } = useFormats()
  const channels = useChannels()
  const { kept } = useReadable(channels.view)
  const { isBusy, propose, view } = useProposing()
  if (kept === null || kept.value === 0n) return view
  return (
    <Notice
      tone="info"
      title={words.kept(exactAmount(kept, language))}
      actions={
        <Button busy={isBusy} onClick={() => propose(() => channels.proposeWithdraw())}>
          {words.withdraw}
        </Button>
      }
    >
      {view}
    </Notice>
  )
}

function FindOwn() {
  const words = useChannelsMessages()
  const { number } = useFormats()
  const channels = useChannels()
  const [found, setFound] = useState<number | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const [isBusy, setBusy] = useState(false)
  const find = async () => {
    setBusy(true)
    setFailure(null)
    const looked = await channels.findOwn()
    setBusy(false)
    if (looked.ok) setFound(looked.value)
    else setFailure(looked.error)
  }
  return (
    <div className="stack tight">
      <Button icon={Search} busy={isBusy} onClick={() => void find()}>
        {words.find}
      </Button>
      <p className="row-note">{words.findHint}</p>
      <p className="row-note" role="status">
        {found === null ? '' : found === 0 ? words.foundNone : words.found(number(found))}
      </p>
      {failure !== null && <ChannelFailure failure={failure} />}
    </div>
  )
}
