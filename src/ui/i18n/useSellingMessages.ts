// The messages of an owner’s kiosks in the person's language. Only those screens import this.
import { use } from 'react'
import { type SellingMessages, sellingEn } from './sellingEn.ts'
import { useFormats } from './useMessages.tsx'

let chinese: Promise<SellingMessages> | null = null

/** English stands in where the Chinese file can't be had. */
function loadChinese(): Promise<SellingMessages> {
  chinese ??= import('./sellingZh.ts').then(
    module => module.sellingZh,
    () => sellingEn,
  )
  return chinese
}

/** Suspends while the language is being loaded. */
export function useSellingMessages(): SellingMessages {
  const { language } = useFormats()
  return language === 'zh' ? use(loadChinese()) : sellingEn
}
