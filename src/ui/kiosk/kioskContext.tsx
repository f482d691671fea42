// The kiosk for its screens, and what belongs to one customer alone: language and voice, gone with him.
import { createContext, use } from 'react'
import type { Kiosk } from '../../app/kiosk/kiosk.ts'
import type { Language } from '../i18n/formats.ts'

interface KioskAccess {
  readonly kiosk: Kiosk
  readonly setLanguage: (language: Language) => void
  readonly hasVoice: boolean
  readonly setVoice: (hasVoice: boolean) => void
}

export const KioskContext = createContext<KioskAccess | null>(null)

export function useKioskAccess(): KioskAccess {
  const access = use(KioskContext)
  if (access === null) throw new Error('the kiosk is used outside of its route')
  return access
}

export const useKiosk = (): Kiosk => useKioskAccess().kiosk
