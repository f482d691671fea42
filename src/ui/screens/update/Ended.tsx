// An update that ended without writing anything new: cancelled, or not needed.
import { CircleCheck, CircleSlash } from 'lucide-react'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import type { UpdateState } from '../../../core/update/state.ts'
import { Button } from '../../components/Button.tsx'
import { ProofLink } from '../../components/ProofLink.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { deviceNow } from './deviceNow.ts'
import { useDismiss } from './useDismiss.ts'

export function Ended({ state }: { state: UpdateState }) {
  const { update: words } = useMessages()
  const dismiss = useDismiss(state.deviceKey)
  const isUpToDate = state.status === 'upToDate'
  const Icon = isUpToDate ? CircleCheck : CircleSlash
  return (
    <Screen
      title={isUpToDate ? words.upToDateTitle : words.cancelledTitle}
      back={paths.device(state.deviceKey)}
      actions={
        <Button look="primary" wide onClick={dismiss}>
          {words.toDevice}
        </Button>
      }
    >
      <section className={`verdict ${isUpToDate ? 'tone-ok' : 'tone-plain'}`}>
        <div className="verdict-head">
          <Icon size={24} aria-hidden />
          <p className="prose">{isUpToDate ? words.upToDateBody : <WhatIsLeft state={state} />}</p>
        </div>
        {state.plan !== null && <ProofLink evidence={state.plan.evidence} manifest={state.plan.manifest} />}
      </section>
    </Screen>
  )
}

function WhatIsLeft({ state }: { state: UpdateState }) {
  const { update: words } = useMessages()
  const from = state.plan?.from ? formatVersion(state.plan.from) : null
  const device = deviceNow(state)
  if (device === 'inLoader') return words.deviceInLoader
  if (device === 'partly') {
    return from === null ? words.devicePartlyUnknown : words.devicePartly(from)
  }
  return from === null ? words.deviceUntouchedUnknown : words.deviceUntouched(from)
}
