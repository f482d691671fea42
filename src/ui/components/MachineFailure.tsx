// Why a machine did not do it, in words; kinds that are not a machine's keep their words where they are met.
import type { ReactNode } from 'react'
import type { FailureText } from '../i18n/failureKinds.ts'
import { useMachineMessages } from '../i18n/useMachineMessages.ts'
import { FailureWords } from './FailureNotice.tsx'
import { FailurePlace } from './FailurePlace.tsx'

interface Shown {
  readonly kind: string
  readonly detail?: string
}

export function MachineFailure({
  failure,
  others,
}: {
  failure: Shown
  others: (failure: Shown) => ReactNode
}) {
  const ofMachines: Readonly<Record<string, FailureText>> = useMachineMessages().failures
  const { kind, detail } = failure
  const text = Object.hasOwn(ofMachines, kind) ? ofMachines[kind] : undefined
  if (text === undefined) return others(failure)
  return (
    <FailurePlace failure={failure} takesFocus>
      <FailureWords text={text} kind={kind} detail={detail ?? null} tone="attention" />
    </FailurePlace>
  )
}
