// One try of a passphrase after the other: busy, wrong, made to wait, or another failure.
import { useState } from 'react'
import type { Bytes } from '../../../../core/bytes.ts'
import { passphraseBytes } from '../../../../core/wallet/passphrase.ts'
import { useNow } from '../../../useNow.ts'
import { useVaultState } from '../../../walletContext.tsx'
import type { ShownFailure } from '../WalletFailure.tsx'

/** What the vault answers, as far as a form has to know it. */
export type Tried = { readonly ok: true } | { readonly ok: false; readonly error: ShownFailure }

export interface PassphraseTry {
  readonly isBusy: boolean
  readonly isWrong: boolean
  /** Unix seconds until which no passphrase is tried; null where one may be. */
  readonly waitingUntil: number | null
  readonly failure: ShownFailure | null
  /** `task` gets the passphrase as bytes, which the vault overwrites. */
  readonly run: (text: string, task: (passphrase: Bytes) => Promise<Tried>) => Promise<void>
  readonly clear: () => void
}

export function usePassphraseTry(): PassphraseTry {
  const state = useVaultState()
  const now = useNow()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  // While the vault is open its state says nothing of waiting; the refused try does.
  const waitingUntil =
    state.kind === 'waiting' ? state.until : failure === null ? null : untilOf(failure, state.kind, now)
  return {
    isBusy,
    isWrong: failure?.kind === 'wrongPassphrase',
    waitingUntil,
    failure: failure?.kind === 'wrongPassphrase' || failure?.kind === 'vaultWaiting' ? null : failure,
    async run(text, task) {
      if (isBusy) return
      setBusy(true)
      try {
        const tried = await task(passphraseBytes(text))
        setFailure(tried.ok ? null : tried.error)
      } finally {
        setBusy(false)
      }
    },
    clear: () => setFailure(null),
  }
}

/** A locked vault tells by its state when the time is over, whatever the clock was set to meanwhile. */
function untilOf(failure: ShownFailure, state: string, now: number): number | null {
  if (failure.kind !== 'vaultWaiting' || state === 'locked') return null
  return 'until' in failure && typeof failure.until === 'number' && failure.until > now ? failure.until : null
}
