// One channel: with whom, what is put aside, paid and left, what is locked until when, and what can be done about it.

import { useState } from 'react'
import type { ChannelView } from '../../../app/channels/channels.ts'
import { leftOf } from '../../../app/channels/funds.ts'
import { Button } from '../../components/Button.tsx'
import { Fact, Facts } from '../../components/Facts.tsx'
import { Notice } from '../../components/Notice.tsx'
import { ProofLink } from '../../components/ProofLink.tsx'
import { exactAmount, shortAmount } from '../../i18n/amounts.ts'
import { shortHash } from '../../i18n/formats.ts'
import { useChannelsMessages } from '../../i18n/useChannelsMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { useNames } from '../wallet/signing/useNames.ts'
import type { ShownFailure } from '../wallet/WalletFailure.tsx'
import { ChannelFailure } from './ChannelFailure.tsx'
import { useChannels } from './useChannels.ts'
import { useProposing } from './useProposing.tsx'

export function ChannelCard({ channel }: { channel: ChannelView }) {
  const words = useChannelsMessages()
  const formats = useFormats()
  const names = useNames()
  const { role, other, deposit, promised, claimed, state, evidence } = channel
  const who = names.ofAddress(other) ?? shortHash(other)
  const money = (value: typeof deposit) => exactAmount(value, formats.language)
  return (
    <div className="card stack">
      <div className="stack tight">
        <h3 className="row-title breakable">{role === 'payer' ? words.to(who) : words.by(who)}</h3>
        <p className="row-note">{words.states[state.kind]}</p>
      </div>
      <Facts>
        <Fact name={words.deposit}>{money(deposit)}</Fact>
        {role === 'payer' ? (
          <>
            <Fact name={words.paid}>{money(promised)}</Fact>
            <Fact name={words.left} note={words.lockedFor(formats.duration(channel.exitDelay))}>
              {money({ ...deposit, value: leftOf(channel) > 0n ? leftOf(channel) : 0n })}
            </Fact>
          </>
        ) : (
          <>
            <Fact name={words.earnedOf}>{money(promised)}</Fact>
            <Fact name={words.taken}>{money(claimed)}</Fact>
          </>
        )}
      </Facts>
      {role === 'payer' ? <PayerPart channel={channel} /> : <PayeePart channel={channel} />}
      {evidence !== null && <ProofLink evidence={evidence} manifest={null} />}
    </div>
  )
}

function PayerPart({ channel }: { channel: ChannelView }) {
  const words = useChannelsMessages()
  const formats = useFormats()
  const channels = useChannels()
  const { isBusy, propose, view } = useProposing()
  const { channelId, state, canPay } = channel
  return (
    <>
      {!canPay && state.kind !== 'closed' && <p className="row-note">{words.notPayable}</p>}
      {state.kind === 'leaving' && (
        <p className="row-note">{words.leavingUntil(formats.dateTime(state.until))}</p>
      )}
      {view}
      {(state.kind === 'open' || state.kind === 'leaving') && <CloseNow channel={channel} />}
      {state.kind === 'open' && (
        <Button busy={isBusy} onClick={() => propose(() => channels.proposeLeave(channelId))}>
          {words.leave}
        </Button>
      )}
      {state.kind === 'ready' && (
        <Button look="primary" busy={isBusy} onClick={() => propose(() => channels.proposeEmpty(channelId))}>
          {words.empty}
        </Button>
      )}
      {state.kind === 'closed' && <Forget channel={channel} />}
    </>
  )
}

/** By both together: asked for here, agreed to by the other side, carried out by one transaction of ours. */
function CloseNow({ channel: { channelId, closing, canPay } }: { channel: ChannelView }) {
  const words = useChannelsMessages()
  const channels = useChannels()
  const { isBusy, propose, view } = useProposing()
  const [isAsking, setAsking] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  // The wish is signed by the key that pays.
  if (!canPay) return null
  const closeNow = () => propose(() => channels.proposeCloseNow(channelId))
  const ask = async () => {
    setAsking(true)
    setFailure(null)
    const asked = await channels.askToClose(channelId)
    setAsking(false)
    if (asked.ok) closeNow()
    else if (asked.error.kind !== 'askedToClose') setFailure(asked.error)
  }
  return (
    <>
      {closing !== 'none' && (
        <p className="row-note" role="status">
          {closing === 'agreed' ? words.closing.theyAgreed : words.closing.asked}
        </p>
      )}
      {failure !== null && <ChannelFailure failure={failure} />}
      {view}
      <Button
        look={closing === 'agreed' ? 'primary' : 'secondary'}
        busy={isBusy || isAsking}
        onClick={closing === 'agreed' ? closeNow : () => void ask()}
      >
        {closing === 'asked' ? words.closing.again : words.closing.now}
      </Button>
    </>
  )
}

/** The other side wants to end it: agreeing costs nothing, and takes nothing that was paid. */
function AgreeToClose({ channel: { channelId, closing, promised } }: { channel: ChannelView }) {
  const words = useChannelsMessages()
  const { language } = useFormats()
  const channels = useChannels()
  const { isBusy, sign, view } = useProposing()
  if (closing === 'none') return null
  const amount = exactAmount(promised, language)
  if (closing === 'agreed') {
    return (
      <p className="row-note" role="status">
        {words.closing.youAgreed(amount)}
      </p>
    )
  }
  return (
    <Notice
      tone="attention"
      title={words.closing.wished}
      actions={
        <Button
          busy={isBusy}
          onClick={() =>
            sign(
              () => channels.proposeAgreeing(channelId),
              proposal => channels.agreeToClose(proposal),
            )
          }
        >
          {words.closing.agree}
        </Button>
      }
    >
      <p>{words.closing.wishedHint(amount)}</p>
      {view}
    </Notice>
  )
}

function PayeePart({ channel }: { channel: ChannelView }) {
  const words = useChannelsMessages()
  const { language, dateTime } = useFormats()
  const channels = useChannels()
  const { isBusy, propose, view } = useProposing()
  const { channelId, state, claim } = channel
  const gain = claim && shortAmount(claim.gain, language)
  const cost = claim?.cost ? shortAmount(claim.cost, language) : null
  const isLeaving = state.kind === 'leaving' || state.kind === 'ready'
  return (
    <>
      {(state.kind === 'open' || isLeaving) && <AgreeToClose channel={channel} />}
      {isLeaving && claim !== null && (
        <Notice
          tone={state.kind === 'ready' ? 'alarm' : 'attention'}
          title={state.kind === 'leaving' ? words.payerLeaves(dateTime(state.until)) : words.payerGone}
        />
      )}
      {claim !== null && gain !== null && (
        <p className="row-note">
          {cost === null
            ? words.claimUnknown
            : claim.isWorthIt
              ? words.claimCost(cost)
              : words.claimDear(gain, cost)}
        </p>
      )}
      {view}
      {claim !== null && gain !== null && (
        <Button
          look={claim.isWorthIt || isLeaving ? 'primary' : 'secondary'}
          busy={isBusy}
          onClick={() => propose(() => channels.proposeClaim(channelId))}
        >
          {words.claim(gain)}
        </Button>
      )}
      {(state.kind === 'open' || isLeaving) && (
        <Button look="quiet" busy={isBusy} onClick={() => propose(() => channels.proposeClose(channelId))}>
          {words.closeIt}
        </Button>
      )}
      {state.kind === 'closed' && <Forget channel={channel} />}
    </>
  )
}

function Forget({ channel: { channelId } }: { channel: ChannelView }) {
  const words = useChannelsMessages()
  const channels = useChannels()
  return (
    <Button look="quiet" onClick={() => void channels.forget(channelId)}>
      {words.forget}
    </Button>
  )
}
