// The messages of the screens of paid unlocks in the person's language. Only those screens import this.
import { use } from 'react'
import { type MarketMessages, marketEn } from './marketEn.ts'
import { useFormats } from './useMessages.tsx'

let chinese: Promise<MarketMessages> | null = null

/** English stands in where the Chinese file can't be had. */
function loadChinese(): Promise<MarketMessages> {
  chinese ??= import('./marketZh.ts').then(
    module => module.marketZh,
    () => marketEn,
  )
  return chinese
}

/** Suspends while the language is being loaded. */
export function useMarketMessages(): MarketMessages {
  const { language } = useFormats()
  return language === 'zh' ? use(loadChinese()) : marketEn
}
