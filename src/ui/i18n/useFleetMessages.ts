// The messages of the screens for several devices in the person's language. Only those screens import this.
import { use } from 'react'
import { fleet as english, type FleetMessages } from './en/fleet.ts'
import { useFormats } from './useMessages.tsx'

let chinese: Promise<FleetMessages> | null = null

/** English stands in where the Chinese file can't be had. */
function loadChinese(): Promise<FleetMessages> {
  chinese ??= import('./zh/fleet.ts').then(
    module => module.fleet,
    () => english,
  )
  return chinese
}

/** Suspends while the language is being loaded. */
export function useFleetMessages(): FleetMessages {
  const { language } = useFormats()
  return language === 'zh' ? use(loadChinese()) : english
}
