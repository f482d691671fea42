// The end of an update that was read back from the device: the receipt, to keep or to share.
import { lazy, Suspense } from 'react'
import type { UpdateReceipt } from '../../../app/ports/store.ts'
import { isReadBack, type UpdateState } from '../../../core/update/state.ts'
import { Button } from '../../components/Button.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob } from '../../fobContext.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { Receipt } from './Receipt.tsx'
import { useDismiss } from './useDismiss.ts'

/** Offline before it was ever loaded: then nothing is offered. */
const PassOnOffer = lazy(() =>
  import('../serving/PassOnOffer.tsx').then(
    module => ({ default: module.PassOnOffer }),
    () => ({ default: () => null }),
  ),
)

export function UpdateResult({ state, name }: { state: UpdateState; name: string }) {
  const { result: words } = useMessages()
  const dismiss = useDismiss(state.deviceKey)
  const network = useReadable(useFob().network)
  const chain = network.status === 'ready' ? network.config.chain : null
  const receipt = receiptOf(state, name, chain)
  return (
    <Screen
      title={words.pageTitle}
      back={paths.device(state.deviceKey)}
      actions={
        <Button look="primary" wide onClick={dismiss}>
          {words.done}
        </Button>
      }
    >
      {receipt !== null && <Receipt receipt={receipt} />}
      {receipt !== null && (
        <Suspense fallback={null}>
          <PassOnOffer modelName={receipt.model.name} />
        </Suspense>
      )}
    </Screen>
  )
}

function receiptOf(
  state: UpdateState,
  deviceName: string,
  chain: NonNullable<UpdateReceipt['chain']> | null,
): UpdateReceipt | null {
  const { plan } = state
  if (plan === null) return null
  return {
    deviceId: state.deviceId,
    deviceName,
    model: plan.model,
    from: plan.from,
    to: plan.manifest.version,
    imageHash: plan.manifest.imageHash,
    manifest: plan.manifest,
    evidence: plan.evidence,
    startedAt: state.startedAt,
    finishedAt: state.finishedAt ?? state.startedAt,
    bytesSent: state.bytesSent,
    ...(isReadBack(plan) ? {} : { readBack: false }),
    ...(chain && { chain: { id: chain.id, name: chain.name, registry: chain.registry } }),
  }
}
