// What every page of the kiosk has: the machine’s name, the language, the voice, and a way to begin again.
import { ArrowLeft, Languages, RotateCcw, Volume2, VolumeX } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from '../components/Button.tsx'
import { type Language, languageTags } from '../i18n/formats.ts'
import { useKioskMessages } from '../i18n/useKioskMessages.ts'
import { useFormats } from '../i18n/useMessages.tsx'
import { useReadable } from '../useReadable.ts'
import { useKiosk, useKioskAccess } from './kioskContext.tsx'
import { textIn } from './productText.ts'
import { canSpeak, useSpoken } from './speak.ts'

export interface Ways {
  readonly onStartOver: () => void
  readonly onOwner: () => void
}

export function KioskFrame({
  title,
  spoken,
  look = '',
  onStartOver,
  onOwner,
  onBack,
  actions,
  hasVisibleTitle = true,
  children,
}: Ways & {
  title: string
  spoken: string
  look?: string
  onBack?: () => void
  /** The page’s own, at the bottom beside starting over. */
  actions?: ReactNode
  hasVisibleTitle?: boolean
  children: ReactNode
}) {
  const words = useKioskMessages()
  const heading = useRef<HTMLHeadingElement>(null)
  useSpoken(spoken)
  // A change of page is announced by the focus on its heading, as anywhere in the app.
  useEffect(() => {
    if (title !== '') heading.current?.focus({ preventScroll: true })
  }, [title])
  return (
    <div className={`kiosk ${look}`}>
      <KioskHead onOwner={onOwner} />
      <main id="content" className="kiosk-main" tabIndex={-1}>
        <h1 ref={heading} tabIndex={-1} className={hasVisibleTitle ? 'kiosk-title' : 'hidden-text'}>
          {title}
        </h1>
        {children}
      </main>
      <footer className="kiosk-foot">
        <Button icon={RotateCcw} onClick={onStartOver}>
          {words.startOver}
        </Button>
        {onBack !== undefined && (
          <Button icon={ArrowLeft} onClick={onBack}>
            {words.back}
          </Button>
        )}
        {actions}
      </footer>
    </div>
  )
}

/** Each in its own words, for who can’t read the present one. */
const languageNames: Record<Language, string> = { en: 'English', zh: '中文' }

const KNOCKS = 5
const KNOCKS_WITHIN_MS = 4000

export function KioskHead({ onOwner }: { onOwner: () => void }) {
  const words = useKioskMessages()
  const { language } = useFormats()
  const { setLanguage, hasVoice, setVoice } = useKioskAccess()
  const title = useReadable(useKiosk().catalogue)?.title
  const other: Language = language === 'zh' ? 'en' : 'zh'
  const knocks = useRef<number[]>([])
  const knock = () => {
    const now = performance.now()
    knocks.current = [...knocks.current.filter(at => now - at < KNOCKS_WITHIN_MS), now]
    if (knocks.current.length < KNOCKS) return
    knocks.current = []
    onOwner()
  }
  return (
    <header className="kiosk-head">
      {/* Five times quickly: the owner’s way out, which nobody stumbles into. */}
      <button type="button" className="kiosk-name" onClick={knock}>
        {title === undefined || textIn(title, language) === '' ? 'Fob' : textIn(title, language)}
      </button>
      {canSpeak() && (
        <button
          type="button"
          className="kiosk-tool"
          aria-label={hasVoice ? words.speech.off : words.speech.on}
          aria-pressed={hasVoice}
          onClick={() => setVoice(!hasVoice)}
        >
          {hasVoice ? <Volume2 aria-hidden /> : <VolumeX aria-hidden />}
        </button>
      )}
      <button
        type="button"
        className="kiosk-tool"
        lang={languageTags[other]}
        onClick={() => setLanguage(other)}
      >
        <Languages aria-hidden />
        <span>{languageNames[other]}</span>
      </button>
    </header>
  )
}
