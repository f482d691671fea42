// Copies text to the clipboard and says for a moment that it did.
import { useEffect, useState } from 'react'

export function useCopy(): { copied: boolean; copy: (text: string) => Promise<void> } {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  return {
    copied,
    async copy(text) {
      try {
        await navigator.clipboard.writeText(text)
        setCopied(true)
      } catch {
        // Refused by the browser or its policy: the text stays selectable on the screen.
        setCopied(false)
      }
    },
  }
}
