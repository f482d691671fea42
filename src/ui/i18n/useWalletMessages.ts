// The messages of the wallet's screens in the person's language. Only those screens import this, so that the words come with them.
import { use } from 'react'
import { useFormats } from './useMessages.tsx'
import { type WalletMessages, walletEn } from './walletEn.ts'

let chinese: Promise<WalletMessages> | null = null

/** English stands in where the Chinese file can't be had. */
function loadChinese(): Promise<WalletMessages> {
  chinese ??= import('./walletZh.ts').then(
    module => module.walletZh,
    () => walletEn,
  )
  return chinese
}

/** Suspends while the language is being loaded. */
export function useWalletMessages(): WalletMessages {
  const { language } = useFormats()
  return language === 'zh' ? use(loadChinese()) : walletEn
}
