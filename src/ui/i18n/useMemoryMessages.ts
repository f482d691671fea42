// The messages about this browser's memory in the person's language. Only their screen imports this.
import { use } from 'react'
import { type MemoryMessages, memoryEn } from './memoryEn.ts'
import { useFormats } from './useMessages.tsx'

let chinese: Promise<MemoryMessages> | null = null

/** English stands in where the Chinese file can't be had. */
function loadChinese(): Promise<MemoryMessages> {
  chinese ??= import('./memoryZh.ts').then(
    module => module.memoryZh,
    () => memoryEn,
  )
  return chinese
}

/** Suspends while the language is being loaded. */
export function useMemoryMessages(): MemoryMessages {
  const { language } = useFormats()
  return language === 'zh' ? use(loadChinese()) : memoryEn
}
