// The one thing to do next about a device, and the check that is always possible.
import { Bluetooth, Cable, PackageSearch, Pin, RefreshCw } from 'lucide-react'
import { useLocation } from 'wouter'
import type { DeviceView } from '../../../app/fob.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import { Button, LinkButton } from '../../components/Button.tsx'
import type { DeviceState } from '../../deviceState.ts'
import { useFob } from '../../fobContext.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useAddDevice } from '../../useAddDevice.ts'
import { useReadable } from '../../useReadable.ts'

export function DeviceActions({
  view,
  state,
  onChooseModel,
}: {
  view: DeviceView
  state: DeviceState
  onChooseModel: () => void
}) {
  const { device: words } = useMessages()
  if (state.kind === 'update') {
    return (
      <LinkButton look="primary" wide href={paths.update(view.record.key)}>
        {words.openUpdate}
      </LinkButton>
    )
  }
  const isBusy = state.kind === 'busy'
  return (
    <>
      {!isBusy && <NextStep view={view} onChooseModel={onChooseModel} />}
      <CheckButton view={view} isBusy={isBusy} isNext={nextStep(view) === 'check'} />
    </>
  )
}

type Step = 'pinMaker' | 'chooseModel' | 'update' | 'keep' | 'check'

/** What stands between this device and an answer, or the update that the answer offers. */
function nextStep({ record, maker }: DeviceView): Step {
  const wasMet = record.running !== null || (record.format ?? 'mcuboot') !== 'mcuboot'
  if (wasMet && record.model === null) return 'chooseModel'
  if (record.model !== null && maker === null) return 'pinMaker'
  const decided = record.lastCheck?.decision.kind
  if (decided === 'upToDate' && record.running?.confirmed === false) return 'keep'
  return decided === 'update' ? 'update' : 'check'
}

function NextStep({ view, onChooseModel }: { view: DeviceView; onChooseModel: () => void }) {
  const fob = useFob()
  const { device: words } = useMessages()
  const [, navigate] = useLocation()
  const network = useReadable(fob.network)
  const { key, model, lastCheck, running } = view.record
  const start = () => {
    void fob.startUpdate(key)
    navigate(paths.update(key))
  }
  switch (nextStep(view)) {
    case 'chooseModel':
      return (
        <Button look="primary" icon={PackageSearch} wide onClick={onChooseModel}>
          {words.chooseModel}
        </Button>
      )
    case 'pinMaker': {
      const isSuggested =
        network.status === 'ready' && network.config.makers.some(({ address }) => address === model?.maker)
      const href =
        isSuggested && model !== null ? paths.addSuggested(model.maker, key) : paths.addMakerOf(key)
      return (
        <LinkButton look="primary" icon={Pin} wide href={href}>
          {words.pinMaker}
        </LinkButton>
      )
    }
    case 'update': {
      const decision = lastCheck?.decision
      if (decision?.kind !== 'update') return null
      const version = formatVersion(decision.manifest.version)
      return (
        <Button look="primary" wide onClick={start}>
          {decision.confirm.includes('unproven') ? words.updateAnyway(version) : words.update(version)}
        </Button>
      )
    }
    case 'keep':
      return running === null ? null : (
        <Button look="primary" wide onClick={start}>
          {words.keep(formatVersion(running.version))}
        </Button>
      )
    case 'check':
      return null
  }
}

function CheckButton({ view, isBusy, isNext }: { view: DeviceView; isBusy: boolean; isNext: boolean }) {
  const fob = useFob()
  const { device: words, update } = useMessages()
  const [, navigate] = useLocation()
  const choosing = useAddDevice(chosen => navigate(paths.device(chosen)))
  const { key, lastCheck, source } = view.record
  const look = !isNext ? 'quiet' : lastCheck === null ? 'primary' : 'secondary'
  if (!view.reachable && view.lastFailure?.kind === 'mustChooseAgain') {
    if (source === 'serial') {
      return (
        <LinkButton look={isNext ? 'primary' : 'quiet'} icon={Cable} wide href={paths.ways}>
          {update.chooseAgain}
        </LinkButton>
      )
    }
    return (
      <Button
        look={isNext ? 'primary' : 'quiet'}
        icon={Bluetooth}
        wide
        busy={choosing.isOpen}
        onClick={choosing.add}
      >
        {update.chooseAgain}
      </Button>
    )
  }
  return (
    <Button look={look} icon={RefreshCw} wide busy={isBusy} onClick={() => void fob.checkDevice(key)}>
      {isBusy ? words.verdict.checking : lastCheck === null ? words.checkFirst : words.check}
    </Button>
  )
}
