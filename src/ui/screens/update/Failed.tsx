// An update that stopped: what happened, what that means for the device, what to do next.
import { RotateCw } from 'lucide-react'
import { lazy, Suspense } from 'react'
import type { UpdateView } from '../../../app/fob.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import type { UpdateState } from '../../../core/update/state.ts'
import { Button } from '../../components/Button.tsx'
import { TechnicalDetail } from '../../components/FailureNotice.tsx'
import { toneIcons } from '../../components/Notice.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob } from '../../fobContext.ts'
import type { ScreenMessages } from '../../i18n/en.ts'
import { failureText } from '../../i18n/failureText.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { deviceNow } from './deviceNow.ts'
import { Timeline } from './Timeline.tsx'
import { BringBack } from './UpdateActions.tsx'
import { useDismiss } from './useDismiss.ts'

// The wallet's code comes with the button: most updates are of devices without an owner.
const UnlockButton = lazy(async () => ({
  default: (await import('../wallet/lock/UnlockButton.tsx')).UnlockButton,
}))

/** After these, the device has to be found again before anything else can go on. */
const linkFailures: ReadonlySet<string> = new Set([
  'mustChooseAgain',
  'outOfReach',
  'deviceChanged',
  'linkLost',
])

// Where nobody gives the file away: comes with the wallet, and only then.
const BuyFile = lazy(async () => ({ default: (await import('../channels/BuyFile.tsx')).BuyFile }))

export function Failed({ view, name }: { view: UpdateView; name: string }) {
  const fob = useFob()
  const messages = useMessages()
  const words = messages.update
  const { state } = view
  const key = state.deviceKey
  const dismiss = useDismiss(key)
  const kind = state.failure?.kind ?? 'unexpectedError'
  const text = failureText(messages, kind, state.failure?.reason ?? null)
  // What only waits for the person is no alarm.
  const tone = kind === 'walletLocked' ? 'attention' : 'alarm'
  const Icon = toneIcons[tone]
  return (
    <Screen
      title={words.failedTitle}
      back={paths.device(key)}
      actions={
        view.mine && (
          <>
            {linkFailures.has(kind) ? (
              <BringBack deviceKey={key} />
            ) : kind === 'walletLocked' ? (
              <Suspense fallback={null}>
                <UnlockButton onUnlocked={() => void fob.resumeUpdate(key)} />
              </Suspense>
            ) : (
              <Button look="primary" icon={RotateCw} wide onClick={() => void fob.resumeUpdate(key)}>
                {messages.common.retry}
              </Button>
            )}
            <Button look="quiet" wide onClick={dismiss}>
              {words.dismiss}
            </Button>
          </>
        )
      }
    >
      <section className={`verdict tone-${tone}`}>
        <div className="verdict-head">
          <Icon size={24} aria-hidden />
          <div className="stack tight">
            <p className="row-note">{name}</p>
            <h2 className="verdict-title">{text.title}</h2>
            <p className="prose">{text.meaning}</p>
          </div>
        </div>
      </section>
      <section className="card stack">
        <div className="stack tight">
          <h2 className="card-title">{words.whatNow}</h2>
          <p className="prose">{deviceSentence(state, messages)}</p>
        </div>
        <div className="stack tight">
          <h2 className="card-title">{messages.failureUi.whatToDo}</h2>
          <p className="prose">{text.next}</p>
        </div>
        <TechnicalDetail
          kind={`${state.step}/${state.failure?.reason ?? kind}`}
          detail={state.failure?.detail ?? null}
        />
      </section>
      {view.mine && kind === 'firmwareUnavailable' && state.plan !== null && (
        <Suspense fallback={null}>
          <BuyFile file={state.plan.manifest} onGoOn={() => void fob.resumeUpdate(key)} />
        </Suspense>
      )}
      <section className="card">
        <Timeline state={state} />
      </section>
    </Screen>
  )
}

function deviceSentence(state: UpdateState, { update: words }: ScreenMessages): string {
  const from = state.plan?.from ? formatVersion(state.plan.from) : null
  switch (deviceNow(state)) {
    case 'reverted':
      return from === null ? words.deviceRevertedUnknown : words.deviceReverted(from)
    case 'restarted':
      return words.deviceRestarted
    case 'startsNew':
      return words.deviceStartsNew
    case 'inLoader':
      return words.deviceInLoader
    case 'partly':
      return from === null ? words.devicePartlyUnknown : words.devicePartly(from)
    case 'untouched':
      return from === null ? words.deviceUntouchedUnknown : words.deviceUntouched(from)
  }
}
