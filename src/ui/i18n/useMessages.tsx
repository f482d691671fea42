// The messages and formats of the person's language; Chinese is loaded on first use, English failures behind the first screen.
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react'
import type { Settings } from '../../app/ports/store.ts'
import type { ScreenMessages } from './en.ts'
import { enAtOnce } from './enAtOnce.ts'
import { type Formats, formatsFor, type Language, languageTags } from './formats.ts'

interface Words {
  readonly messages: ScreenMessages
  readonly formats: Formats
}

const withoutFailures: ScreenMessages = { ...enAtOnce, failures: {}, blocked: {} }

const WordsContext = createContext<Words>({ messages: withoutFailures, formats: formatsFor('en') })

const loadEnglish = (): Promise<ScreenMessages> => import('./en.ts').then(module => module.en)

let chinese: Promise<ScreenMessages> | null = null

/** English stands in where the Chinese file can't be had (first visit, then offline at once). */
function loadChinese(): Promise<ScreenMessages> {
  chinese ??= import('./zh.ts').then(
    module => module.zh,
    () => loadEnglish().catch(() => withoutFailures),
  )
  return chinese
}

export function languageOf(setting: Settings['language'], preferred: readonly string[]): Language {
  if (setting !== 'auto') return setting
  const first = preferred.find(tag => /^(zh|en)\b/i.test(tag))
  return first !== undefined && /^zh\b/i.test(first) ? 'zh' : 'en'
}

/** Suspends while a language is being loaded. */
export function WordsProvider({ language, children }: { language: Language; children: ReactNode }) {
  const [english, setEnglish] = useState(withoutFailures)
  useEffect(() => {
    // Offline before it was ever loaded: the general text stands in for each failure.
    loadEnglish().then(setEnglish, () => {})
  }, [])
  const messages = language === 'zh' ? use(loadChinese()) : english
  useEffect(() => {
    document.documentElement.lang = languageTags[language]
  }, [language])
  const words = useMemo(() => ({ messages, formats: formatsFor(language) }), [messages, language])
  return <WordsContext value={words}>{children}</WordsContext>
}

export const useMessages = (): ScreenMessages => use(WordsContext).messages

export const useFormats = (): Formats => use(WordsContext).formats
