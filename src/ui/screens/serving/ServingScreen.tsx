// Serve onward: the switch and what it means, limits, what was given, who is connected, and the files.
import '../../styles/money.css'
import { Smartphone } from 'lucide-react'
import type { ServingStatus } from '../../../app/serving/serving.ts'
import { LinkButton } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { TechnicalDetail } from '../../components/FailureNotice.tsx'
import { SwitchRow } from '../../components/Field.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Screen } from '../../components/Screen.tsx'
import type { Tone } from '../../deviceState.ts'
import { useFob } from '../../fobContext.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { useServingMessages } from '../../i18n/useServingMessages.ts'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { PeersSection } from '../settings/PeersSection.tsx'
import { GivenSection } from './GivenSection.tsx'
import { HeldSection } from './HeldSection.tsx'
import { LimitsSection } from './LimitsSection.tsx'
import { PriceSection } from './PriceSection.tsx'
import { type LoadedServing, useServing } from './useServing.ts'

export function ServingScreen() {
  const words = useServingMessages()
  const loaded = useServing()
  return (
    <Screen title={words.title} back={paths.settings}>
      {loaded === null ? <NotLoaded /> : <Loaded {...loaded} />}
    </Screen>
  )
}

/** Without a network there is nobody to serve; else it is there in a moment. */
function NotLoaded() {
  const { common, network: words } = useMessages()
  const network = useReadable(useFob().network)
  return <p className="soft">{network.status === 'missing' ? words.missing : common.loading}</p>
}

function Loaded({ serving, view }: LoadedServing) {
  const words = useServingMessages()
  const network = useReadable(useFob().network)
  const { rules, status } = view
  return (
    <>
      <div className="card flush rows">
        <SwitchRow
          label={words.switch}
          hint={words.switchHint}
          checked={rules.isOn}
          onChange={isOn => void serving.change({ isOn })}
        />
      </div>
      <Status status={status} />
      <Section title={words.consequences}>
        <ul className="card stack tight prose">
          <li>{rules.pricePerUnit === '0' && !rules.takesThanks ? words.leaves : words.leavesSold}</li>
          <li>{words.seen}</li>
          <li>{words.costs}</li>
        </ul>
      </Section>
      <LimitsSection rules={rules} onChange={change => void serving.change(change)} />
      <PriceSection rules={rules} onChange={change => void serving.change(change)} />
      <GivenSection view={view} />
      <HeldSection view={view} serving={serving} />
      <LinkButton icon={Smartphone} wide href={paths.handOver}>
        {words.handOver}
      </LinkButton>
      {rules.isOn && network.status === 'ready' && <PeersSection config={network.config} />}
    </>
  )
}

const tones: Record<ServingStatus['kind'], Tone> = {
  off: 'plain',
  starting: 'info',
  serving: 'ok',
  elsewhere: 'info',
  offline: 'attention',
  hidden: 'info',
  dataSpent: 'info',
  batteryLow: 'attention',
  nothingHeld: 'info',
  servingUnavailable: 'alarm',
  nobodyToPay: 'attention',
}

function Status({ status }: { status: ServingStatus }) {
  const words = useServingMessages()
  const { title, body } = words.status[status.kind]
  return (
    <Notice tone={tones[status.kind]} title={title} live>
      <p>{body}</p>
      {status.kind === 'servingUnavailable' && <TechnicalDetail kind={status.kind} detail={status.detail} />}
    </Notice>
  )
}
