// One channel: with whom, what is put aside, paid and left, what is locked until when, and what can be done about it.

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
