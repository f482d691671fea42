// Spoken prompts, for whoever can’t read the screen: by the browser’s own voice, off until it is asked for.
import { useEffect } from 'react'
import { languageTags } from '../i18n/formats.ts'
import { useFormats } from '../i18n/useMessages.tsx'
import { useKioskAccess } from './kioskContext.tsx'

export const canSpeak = (): boolean => 'speechSynthesis' in window

/** Says `text` when it appears or changes. */
export function useSpoken(text: string): void {
  const { hasVoice } = useKioskAccess()
  const { language } = useFormats()
  useEffect(() => {
    if (!hasVoice || !canSpeak()) return
    const said = new SpeechSynthesisUtterance(text)
    said.lang = language === 'zh' ? 'zh-CN' : languageTags[language]
    speechSynthesis.cancel()
    speechSynthesis.speak(said)
    return () => speechSynthesis.cancel()
  }, [hasVoice, language, text])
}
