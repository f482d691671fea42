// The messages of the kiosk in the customer's language. Only its screens import this.
import { use } from 'react'
import { type KioskMessages, kioskEn } from './kioskEn.ts'
import { useFormats } from './useMessages.tsx'

let chinese: Promise<KioskMessages> | null = null

/** English stands in where the Chinese file can't be had. */
function loadChinese(): Promise<KioskMessages> {
  chinese ??= import('./kioskZh.ts').then(
    module => module.kioskZh,
    () => kioskEn,
  )
  return chinese
}

/** Suspends while the language is being loaded. */
export function useKioskMessages(): KioskMessages {
  const { language } = useFormats()
  return language === 'zh' ? use(loadChinese()) : kioskEn
}
