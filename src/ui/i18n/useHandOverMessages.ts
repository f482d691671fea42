// The messages of handing a file over in the person's language. Only its screens import this.
import { use } from 'react'
import { type HandOverMessages, handOverEn } from './handOverEn.ts'
import { useFormats } from './useMessages.tsx'

let chinese: Promise<HandOverMessages> | null = null

/** English stands in where the Chinese file can't be had. */
function loadChinese(): Promise<HandOverMessages> {
  chinese ??= import('./handOverZh.ts').then(
    module => module.handOverZh,
    () => handOverEn,
  )
  return chinese
}

/** Suspends while the language is being loaded. */
export function useHandOverMessages(): HandOverMessages {
  const { language } = useFormats()
  return language === 'zh' ? use(loadChinese()) : handOverEn
}
