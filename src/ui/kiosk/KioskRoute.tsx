// The kiosk behind one lazily loaded door: set up where it is not, then nothing but selling until its owner’s PIN.
import '../styles/money.css'
import '../styles/kiosk.css'
import '../styles/kioskAttract.css'
import '../styles/kioskProducts.css'
import '../styles/kioskPay.css'
import '../styles/kioskMoments.css'
import '../styles/kioskDialog.css'
import { lazy, Suspense, use, useEffect, useMemo, useState } from 'react'
import type { Fob } from '../../app/fob.ts'
import type { Kiosk } from '../../app/kiosk/kiosk.ts'
import { useFob } from '../fobContext.ts'
import type { Language } from '../i18n/formats.ts'
import { useKioskMessages } from '../i18n/useKioskMessages.ts'
import { useFormats, WordsProvider } from '../i18n/useMessages.tsx'
import { NotFoundScreen } from '../screens/NotFoundScreen.tsx'
import { useReadable } from '../useReadable.ts'
import { KioskContext } from './kioskContext.tsx'
import { SellingScreen } from './SellingScreen.tsx'

const SetupScreen = lazy(async () => ({ default: (await import('./setup/SetupScreen.tsx')).SetupScreen }))

const loading = new WeakMap<Fob, Promise<Kiosk>>()

/** The same promise each time: React would wait for ever on a new one per render. */
function kioskOf(fob: Fob, load: () => Promise<Kiosk>): Promise<Kiosk> {
  const known = loading.get(fob) ?? load()
  loading.set(fob, known)
  return known
}

export function KioskRoute() {
  const fob = useFob()
  const load = fob.kiosk
  return load === undefined ? <NotFoundScreen /> : <Opened kiosk={use(kioskOf(fob, () => load()))} />
}

function Opened({ kiosk }: { kiosk: Kiosk }) {
  const { language: usual } = useFormats()
  const [language, setLanguage] = useState<Language>(usual)
  const [hasVoice, setVoice] = useState(false)
  const access = useMemo(() => ({ kiosk, setLanguage, hasVoice, setVoice }), [kiosk, hasVoice])
  const forget = useMemo(
    () => () => {
      setLanguage(usual)
      setVoice(false)
    },
    [usual],
  )
  return (
    <KioskContext value={access}>
      <WordsProvider language={language}>
        <Suspense fallback={null}>
          <Chosen kiosk={kiosk} onForget={forget} />
        </Suspense>
      </WordsProvider>
    </KioskContext>
  )
}

/** `onForget`: the customer has gone, and what was his goes too. */
function Chosen({ kiosk, onForget }: { kiosk: Kiosk; onForget: () => void }) {
  const words = useKioskMessages()
  const setup = useReadable(kiosk.setup)
  const hasPin = useReadable(kiosk.pin.isSet)
  // A tablet that comes back from a power cut sells again without anybody touching it.
  const [isStarted, setStarted] = useState(() => setup.kind === 'ready' && hasPin)
  const [isLooked, setLooked] = useState(setup.kind !== 'loading')
  useEffect(() => {
    if (isLooked || setup.kind === 'loading') return
    setLooked(true)
    if (setup.kind === 'ready' && hasPin) setStarted(true)
  }, [isLooked, setup.kind, hasPin])
  useEffect(() => {
    document.title = words.documentTitle
  }, [words.documentTitle])
  if (!isLooked) return <main className="kiosk calm" aria-busy="true" aria-label={words.loading} />
  if (isStarted && setup.kind === 'ready') return <SellingScreen onForget={onForget} />
  return <SetupScreen onStart={() => setStarted(true)} />
}
