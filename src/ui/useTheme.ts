// Puts the chosen theme on the document, and the matching colour on the browser's own bars.
import { useEffect } from 'react'
import type { Settings } from '../app/ports/store.ts'

/** Where public/early-theme.js looks before the first paint. */
const storageKey = 'fob-theme'

/** null until the settings are read: until then the document keeps what it has. */
export function useTheme(theme: Settings['theme'] | null): void {
  useEffect(() => {
    if (theme === null) return
    const root = document.documentElement
    if (theme === 'auto') delete root.dataset.theme
    else root.dataset.theme = theme
    rememberEarly(theme)
    const dark = window.matchMedia('(prefers-color-scheme: dark)')
    const paint = () => {
      const color = getComputedStyle(root).backgroundColor
      for (const meta of themeColors()) meta.setAttribute('content', color)
    }
    paint()
    dark.addEventListener('change', paint)
    return () => dark.removeEventListener('change', paint)
  }, [theme])
}

function rememberEarly(theme: Settings['theme']): void {
  try {
    localStorage.setItem(storageKey, theme)
  } catch {
    // Site data is blocked: the first paint follows the system.
  }
}

function themeColors(): readonly Element[] {
  const known = [...document.querySelectorAll('meta[name="theme-color"]')]
  if (known.length > 0) return known
  const meta = document.createElement('meta')
  meta.setAttribute('name', 'theme-color')
  document.head.append(meta)
  return [meta]
}
