// The messages of machines for staff and owners in the person's language. Only those screens import this.
import { use } from 'react'
import { type MachineMessages, machineEn } from './machineEn.ts'
import { useFormats } from './useMessages.tsx'

let chinese: Promise<MachineMessages> | null = null

/** English stands in where the Chinese file can't be had. */
function loadChinese(): Promise<MachineMessages> {
  chinese ??= import('./machineZh.ts').then(
    module => module.machineZh,
    () => machineEn,
  )
  return chinese
}

/** Suspends while the language is being loaded. */
export function useMachineMessages(): MachineMessages {
  const { language } = useFormats()
  return language === 'zh' ? use(loadChinese()) : machineEn
}
