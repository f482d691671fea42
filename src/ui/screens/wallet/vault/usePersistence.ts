// What the browser answered when it was asked not to clear the wallet, and asking it again.
import { useState } from 'react'
import { useFob } from '../../../fobContext.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'

export function usePersistence(): { readonly answer: boolean | null; readonly ask: () => Promise<void> } {
  const fob = useFob()
  const known = useReadable(useWallet().isPersisted)
  const [asked, setAsked] = useState<boolean | null>(null)
  return { answer: asked ?? known, ask: async () => setAsked(await fob.askForPersistence()) }
}
