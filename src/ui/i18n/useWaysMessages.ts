// The messages of the other ways to a device in the person's language. Only their screens import this.
import { use } from 'react'
import { useFormats } from './useMessages.tsx'
import { type WaysMessages, waysEn } from './waysEn.ts'

let chinese: Promise<WaysMessages> | null = null

/** English stands in where the Chinese file can't be had. */
function loadChinese(): Promise<WaysMessages> {
  chinese ??= import('./waysZh.ts').then(
    module => module.waysZh,
    () => waysEn,
  )
  return chinese
}

/** Suspends while the language is being loaded. */
export function useWaysMessages(): WaysMessages {
  const { language } = useFormats()
  return language === 'zh' ? use(loadChinese()) : waysEn
}
