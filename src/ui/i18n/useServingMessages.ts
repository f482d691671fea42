// The messages of serving onward in the person's language. Only its screens import this.
import { use } from 'react'
import { type ServingMessages, servingEn } from './servingEn.ts'
import { useFormats } from './useMessages.tsx'

let chinese: Promise<ServingMessages> | null = null

/** English stands in where the Chinese file can't be had. */
function loadChinese(): Promise<ServingMessages> {
  chinese ??= import('./servingZh.ts').then(
    module => module.servingZh,
    () => servingEn,
  )
  return chinese
}

/** Suspends while the language is being loaded. */
export function useServingMessages(): ServingMessages {
  const { language } = useFormats()
  return language === 'zh' ? use(loadChinese()) : servingEn
}
