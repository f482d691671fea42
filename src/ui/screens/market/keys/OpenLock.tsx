// Opening: the lock is chosen where the browser wants it chosen, asked, and what it answered is told, truthfully.
import { FlaskConical } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { KeyView, OpenFailure } from '../../../../app/market/market.ts'
import { Button } from '../../../components/Button.tsx'
import { useFob } from '../../../fobContext.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useNow } from '../../../useNow.ts'
import { useReadable } from '../../../useReadable.ts'
import { useUnlocked } from '../../../walletContext.tsx'
import { DemoSheet } from '../../devices/DemoSheet.tsx'
import type { ShownFailure } from '../../wallet/WalletFailure.tsx'
import { useMarketFailureText } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { OpenButton } from './OpenButton.tsx'
import { type CannotOpen, type OpenEnd, openLook } from './openLook.ts'
import { useAtHand } from './useAtHand.ts'

/** Milliseconds: then the button is ready for the next time. */
const showOpenFor = 12_000

export function OpenLock({ view }: { view: KeyView }) {
  const words = useMarketMessages()
  const fob = useFob()
  const market = useMarket()
  const askUnlock = useUnlocked()
  const textOf = useMarketFailureText()
  const step = useReadable(market.openings).get(view.id) ?? null
  const { known, isChoosing, chooseAgain, reach } = useAtHand(view.deviceKey)
  const demos = useReadable(fob.demoDevices)
  const cannot = useCannotOpen(view)
  const [isDemoOpen, setDemoOpen] = useState(false)
  const [end, setEnd] = useState<OpenEnd | null>(null)
  const isOpened = end?.kind === 'answer' && end.status === 'done'
  useEffect(() => {
    if (!isOpened) return
    const timer = setTimeout(() => setEnd(null), showOpenFor)
    return () => clearTimeout(timer)
  }, [isOpened])

  const fail = (failure: OpenFailure | ShownFailure) => {
    if (failure.kind === 'lockRefused' && 'reason' in failure) {
      setEnd({ kind: 'answer', status: failure.reason })
      return
    }
    if (failure.kind === 'mustChooseAgain' || failure.kind === 'otherLock') chooseAgain(true)
    const { title, next } = textOf(failure.kind)
    setEnd({ kind: 'failure', title, next })
  }
  const openWith = async (deviceKey: string) => {
    setEnd(null)
    let opened = await market.open(view.id, deviceKey)
    // The owner's own key, the first time: it is signed by a key that the wallet keeps.
    if (!opened.ok && opened.error.kind === 'vaultLocked' && (await askUnlock()))
      opened = await market.open(view.id, deviceKey)
    if (opened.ok) {
      chooseAgain(false)
      setEnd({ kind: 'answer', status: opened.value.status })
    } else fail(opened.error)
  }
  const press = () => {
    setEnd(null)
    reach(openWith, fail)
  }

  const shown = openLook(words, cannot, isChoosing ? 'choosing' : step, end)
  return (
    <>
      <OpenButton {...shown} onPress={press} />
      {known === undefined && demos.length > 0 && cannot === null && step === null && (
        <Button look="quiet" icon={FlaskConical} wide onClick={() => setDemoOpen(true)}>
          {words.oneKey.isDemo}
        </Button>
      )}
      {isDemoOpen && (
        <DemoSheet
          onClose={() => setDemoOpen(false)}
          onAdded={deviceKey => {
            setDemoOpen(false)
            void openWith(deviceKey)
          }}
        />
      )}
    </>
  )
}

export function useCannotOpen({ state }: KeyView): CannotOpen | null {
  const { oneKey: words } = useMarketMessages()
  const formats = useFormats()
  const now = useNow()
  switch (state.kind) {
    case 'notYet':
      return {
        label: 'notNow',
        text: words.off.later(formats.duration(Math.ceil(Math.max(1, state.from - now) / 60) * 60)),
      }
    case 'closedHours':
      return { label: 'notNow', text: words.off.hours }
    case 'ended':
      return { label: 'ended', text: words.off.ended }
    case 'spent':
      return { label: 'ended', text: words.off.spent }
    case 'revoked':
      return { label: 'ended', text: words.off.revoked }
    case 'moved':
      return { label: 'ended', text: words.off.moved }
    default:
      return null
  }
}
