// The messages and formats of the person's language; Chinese is loaded on first use.
import { createContext, type ReactNode, use, useEffect } from 'react'
import type { Settings } from '../../app/ports/store.ts'
import { en, type Messages } from './en.ts'
import { type Formats, formatsFor, type Language, languageTags } from './formats.ts'

interface Words {
  readonly messages: Messages
  readonly formats: Formats
}

const WordsContext = createContext<Words>({ messages: en, formats: formatsFor('en') })

let chinese: Promise<Messages> | null = null

/** English stands in where the Chinese file can't be had (first visit, then offline at once). */
function loadChinese(): Promise<Messages> {
  chinese ??= import('./zh.ts').then(
    module => module.zh,
    () => en,
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
  const messages = language === 'zh' ? use(loadChinese()) : en
  useEffect(() => {
    document.documentElement.lang = languageTags[language]
  }, [language])
  return <WordsContext value={{ messages, formats: formatsFor(language) }}>{children}</WordsContext>
}

export const useMessages = (): Messages => use(WordsContext).messages

export const useFormats = (): Formats => use(WordsContext).formats
