// What an account pays without this browser: looked for when the person asks, and told as far as the chain knows it.
import { Search } from 'lucide-react'
import { useState } from 'react'
import type { PaidElsewhere as Paid } from '../../../app/channels/channels.ts'
import type { Address } from '../../../core/bytes.ts'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { ProofLink } from '../../components/ProofLink.tsx'
import { useFob } from '../../fobContext.ts'
import { exactAmount } from '../../i18n/amounts.ts'
import { shortHash } from '../../i18n/formats.ts'
import { useChannelsMessages } from '../../i18n/useChannelsMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { useReadable } from '../../useReadable.ts'
import { useNames } from '../wallet/signing/useNames.ts'
import type { ShownFailure } from '../wallet/WalletFailure.tsx'
import { ChannelFailure } from './ChannelFailure.tsx'

export function PaidElsewhere({ account }: { account: Address }) {
  const { elsewhere: words } = useChannelsMessages()
  const fob = useFob()
  const network = useReadable(fob.network)
  const [paid, setPaid] = useState<Paid | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const [isBusy, setBusy] = useState(false)
  if (network.status !== 'ready' || network.config.chain.contracts?.paymentChannels === undefined) return null
  const look = async () => {
    setBusy(true)
    setFailure(null)
    try {
      // Loaded when somebody wants to know: the account's screen does without.
      const looked = await (await fob.channels()).paidElsewhere(account)
      if (looked.ok) setPaid(looked.value)
      else setFailure(looked.error)
    } catch (error) {
      setFailure({ kind: 'unexpectedError', detail: String(error) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Section title={words.title}>
      <div className="stack snug">
        <p className="row-note indent">{words.hint}</p>
        {paid !== null && <Told paid={paid} />}
        {failure !== null && <ChannelFailure failure={failure} />}
        <Button icon={Search} busy={isBusy} onClick={() => void look()}>
          {words.look}
        </Button>
      </div>
    </Section>
  )
}

function Told({ paid: { channels, evidence } }: { paid: Paid }) {
  const { elsewhere: words, states, to } = useChannelsMessages()
  const { language } = useFormats()
  const names = useNames()
  if (channels.length === 0) {
    return (
      <p className="row-note indent" role="status">
        {words.none}
      </p>
    )
  }
  return (
    <div className="card flush" role="status">
      <ul className="rows">
        {channels.map(({ channelId, payee, deposit, claimed, state }) => (
          <li key={channelId} className="row">
            <span className="grow">
              <span className="row-title breakable">{to(names.ofAddress(payee) ?? shortHash(payee))}</span>
              <br />
              <span className="row-note">
                {words.gotOf(exactAmount(claimed, language), exactAmount(deposit, language))}
                <br />
                {states[state.kind]}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <p className="row-note card-foot">{words.more}</p>
      {evidence !== null && (
        <div className="card-foot">
          <ProofLink evidence={evidence} manifest={null} />
        </div>
      )}
    </div>
  )
}
