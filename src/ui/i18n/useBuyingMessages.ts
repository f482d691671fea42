// The messages of buying at a kiosk in the person's language. Only those screens import this.
import { use } from 'react'
import { type BuyingMessages, buyingEn } from './buyingEn.ts'
import { useFormats } from './useMessages.tsx'

let chinese: Promise<BuyingMessages> | null = null

/** English stands in where the Chinese file can't be had. */
function loadChinese(): Promise<BuyingMessages> {
  chinese ??= import('./buyingZh.ts').then(
    module => module.buyingZh,
    () => buyingEn,
  )
  return chinese
}

/** Suspends while the language is being loaded. */
export function useBuyingMessages(): BuyingMessages {
  const { language } = useFormats()
  return language === 'zh' ? use(loadChinese()) : buyingEn
}
