// What the person must agree to in words before anything is written to the device.
import { useState } from 'react'
import type { UpdateView } from '../../../app/fob.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import type { Confirmation } from '../../../core/registry/decision.ts'
import type { UpdatePlan } from '../../../core/update/state.ts'
import { Button } from '../../components/Button.tsx'
import { Check } from '../../components/Field.tsx'
import { ProofLink } from '../../components/ProofLink.tsx'
import { Screen } from '../../components/Screen.tsx'
import { Versions } from '../../components/Versions.tsx'
import { useFob } from '../../fobContext.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useNow } from '../../useNow.ts'

export function Consent({ view, name }: { view: UpdateView; name: string }) {
  const { state } = view
  return state.plan === null ? null : <ConsentTo plan={state.plan} view={view} name={name} />
}

function ConsentTo({ plan, view, name }: { plan: UpdatePlan; view: UpdateView; name: string }) {
  const fob = useFob()
  const { update, releases } = useMessages()
  const formats = useFormats()
  const [agreed, setAgreed] = useState<ReadonlySet<Confirmation>>(new Set())
  const words = update.consent
  const key = view.state.deviceKey
  const version = formatVersion(plan.manifest.version)
  const isComplete = plan.confirm.every(confirmation => agreed.has(confirmation))
  const toggle = (confirmation: Confirmation, checked: boolean) =>
    setAgreed(before => {
      const after = new Set(before)
      if (checked) after.add(confirmation)
      else after.delete(confirmation)
      return after
    })
  return (
    <Screen
      title={words.title}
      back={paths.device(key)}
      actions={
        view.mine && (
          <>
            <Button look="primary" wide disabled={!isComplete} onClick={() => fob.consent(key)}>
              {words.install(version)}
            </Button>
            <Button look="quiet" wide onClick={() => fob.cancelUpdate(key)}>
              {words.decline}
            </Button>
          </>
        )
      }
    >
      <section className="card stack snug">
        <p className="row-note">{name}</p>
        <p className="consent-versions">
          <Versions from={plan.from} to={plan.manifest.version} />
        </p>
        <p className="row-note tabular">
          {plan.model.name} · {formats.bytes(plan.manifest.size)}
        </p>
        <p className="prose lines">{plan.manifest.notes === '' ? releases.noNotes : plan.manifest.notes}</p>
      </section>
      {plan.confirm.map(confirmation => (
        <Demand
          key={confirmation}
          confirmation={confirmation}
          plan={plan}
          checked={agreed.has(confirmation)}
          onChange={checked => toggle(confirmation, checked)}
        />
      ))}
    </Screen>
  )
}

export function Demand({
  confirmation,
  plan,
  checked,
  onChange,
}: {
  confirmation: Confirmation
  plan: UpdatePlan
  checked: boolean
  onChange: (checked: boolean) => void
}) {
  const { evidence } = useMessages()
  const text = useDemandText(confirmation, plan)
  return (
    <section className="verdict tone-attention">
      <h2 className="verdict-title">{text.title}</h2>
      {confirmation === 'unproven' && plan.evidence.level === 'unproven' && (
        <p className="prose">{evidence.explainUnproven[plan.evidence.reason]}</p>
      )}
      <p className="prose">{text.body}</p>
      {!isOfDevice.has(confirmation) && <ProofLink evidence={plan.evidence} manifest={plan.manifest} />}
      <div className="demand-check">
        <Check checked={checked} onChange={onChange}>
          {text.check}
        </Check>
      </div>
    </section>
  )
}

/** What the device itself is like: no proof shows it. */
const isOfDevice: ReadonlySet<Confirmation> = new Set([
  'modelChosen',
  'runningUnknown',
  'noWayBack',
  'overwrittenByLoader',
])

function useDemandText(confirmation: Confirmation, plan: UpdatePlan) {
  const { update } = useMessages()
  const formats = useFormats()
  const now = useNow()
  const words = update.consent
  switch (confirmation) {
    case 'unproven':
      return { title: words.unproven, body: words.unprovenBody, check: words.unprovenCheck }
    case 'remembered':
      return {
        title: words.remembered(formats.age(plan.evidence.verifiedAt, now)),
        body: words.rememberedBody,
        check: words.rememberedCheck,
      }
    case 'modelChosen':
      return {
        title: words.modelChosen(plan.model.name),
        body: words.modelChosenBody,
        check: words.modelChosenCheck,
      }
    case 'runningUnknown':
      return {
        title: words.runningUnknown,
        body: words.runningUnknownBody,
        check: words.runningUnknownCheck,
      }
    case 'deviceChecksNothing':
      return {
        title: words.deviceChecksNothing,
        body: words.deviceChecksNothingBody,
        check: words.deviceChecksNothingCheck,
      }
    case 'noWayBack':
      return { title: words.noWayBack, body: words.noWayBackBody, check: words.noWayBackCheck }
    case 'overwrittenByLoader':
      return {
        title: words.overwrittenByLoader,
        body: words.overwrittenByLoaderBody,
        check: words.overwrittenByLoaderCheck,
      }
  }
}
