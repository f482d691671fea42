// The messages of a device's console in the person's language. Only its screen imports this.
import { use } from 'react'
import { type ConsoleMessages, consoleEn } from './consoleEn.ts'
import { useFormats } from './useMessages.tsx'

let chinese: Promise<ConsoleMessages> | null = null

/** English stands in where the Chinese file can't be had. */
function loadChinese(): Promise<ConsoleMessages> {
  chinese ??= import('./consoleZh.ts').then(
    module => module.consoleZh,
    () => consoleEn,
  )
  return chinese
}

/** Suspends while the language is being loaded. */
export function useConsoleMessages(): ConsoleMessages {
  const { language } = useFormats()
  return language === 'zh' ? use(loadChinese()) : consoleEn
}
