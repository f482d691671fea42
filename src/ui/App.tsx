// The whole ui: words, theme, frame and routes over one Fob.
import './styles/tokens.css'
import './styles/base.css'
import './styles/buttons.css'
import './styles/surfaces.css'
import './styles/notices.css'
import './styles/fields.css'
import './styles/sheets.css'
import './styles/shell.css'
import './styles/devices.css'
import './styles/update.css'
import './styles/screens.css'
import { lazy, Suspense, useMemo, useSyncExternalStore } from 'react'
import { Router, useLocation } from 'wouter'
import type { Fob } from '../app/fob.ts'
import type { Readable } from '../app/observable.ts'
import { ErrorBoundary } from './components/ErrorBoundary.tsx'
import { Navigation } from './components/Navigation.tsx'
import { FobContext, type Frame, FrameContext, useFob } from './fobContext.ts'
import { languageOf, useMessages, WordsProvider } from './i18n/useMessages.tsx'
import { paths } from './paths.ts'
import { Routes } from './Routes.tsx'
import { useReadable } from './useReadable.ts'
import { useTheme } from './useTheme.ts'

/** Few ever see it. */
const MemoryScreen = lazy(async () => ({
  default: (await import('./screens/memory/MemoryScreen.tsx')).MemoryScreen,
}))

/** A frame that never has a newer build: development, tests. */
const noAppUpdate: Readable<'none' | 'ready'> = { get: () => 'none', subscribe: () => () => {} }

/**
 * `appUpdate` says whether a newer build waits, `applyAppUpdate` switches to it; it is never offered while an update of a
 * device is under way. `version` is this build's name for the settings.
 */
export function App({
  fob,
  appUpdate = noAppUpdate,
  applyAppUpdate,
  version = 'dev',
}: {
  fob: Fob
  appUpdate?: Readable<'none' | 'ready'>
  applyAppUpdate?: () => void
  version?: string
}) {
  const settings = useReadable(fob.settings)
  const language = languageOf(settings.language, usePreferredLanguages())
  useTheme(useReadable(fob.isLoaded) ? settings.theme : null)
  const frame = useMemo<Frame>(
    () => ({ appUpdate, applyAppUpdate: applyAppUpdate ?? (() => {}), version }),
    [appUpdate, applyAppUpdate, version],
  )
  return (
    <FobContext value={fob}>
      <FrameContext value={frame}>
        <Suspense fallback={null}>
          <WordsProvider language={language}>
            <Router base={import.meta.env.BASE_URL.replace(/\/$/, '')}>
              <Shell />
            </Router>
          </WordsProvider>
        </Suspense>
      </FrameContext>
    </FobContext>
  )
}

function Shell() {
  const { common } = useMessages()
  const [location] = useLocation()
  const memory = useReadable(useFob().memory)
  const isLost = memory.status === 'unreadable' || memory.status === 'gone'
  const hasNavigation = !isLost && !isFocused(location)
  return (
    <div className={hasNavigation ? 'shell with-nav' : 'shell focused'}>
      {location !== paths.kiosk && !isLost && (
        <>
          <a className="button primary skip" href="#content">
            {common.skipToContent}
          </a>
          <Navigation />
        </>
      )}
      <ErrorBoundary key={location}>
        <Suspense fallback={<Waiting label={common.loading} />}>
          {isLost ? <MemoryScreen memory={memory} /> : <Routes />}
        </Suspense>
      </ErrorBoundary>
    </div>
  )
}

/** One thing with its own primary action: on a phone the navigation bar gives its place to that. */
const isFocused = (location: string): boolean =>
  location.startsWith('/device/') ||
  location.startsWith('/wallet/') ||
  location.startsWith('/keys/') ||
  location.startsWith('/offer/') ||
  location.startsWith('/let/') ||
  location.startsWith('/sell/') ||
  location.startsWith('/buy') ||
  location === paths.addMaker ||
  location === paths.fleet ||
  location === paths.networkChange

/** While a screen's code is loaded: nothing for a moment, then a quiet placeholder (see .waiting). */
function Waiting({ label }: { label: string }) {
  return (
    <main id="content" className="screen waiting" aria-busy="true">
      <span className="hidden-text">{label}</span>
      <div className="skeleton" />
    </main>
  )
}

function usePreferredLanguages(): readonly string[] {
  // As one text: an emulated locale makes `languages` a new array at every look, and React would never come to rest.
  const joined = useSyncExternalStore(
    listener => {
      window.addEventListener('languagechange', listener)
      return () => window.removeEventListener('languagechange', listener)
    },
    () => navigator.languages.join(' '),
  )
  return joined.split(' ')
}
