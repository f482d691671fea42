// One thing at a time that a person has asked of a device or of the chain: busy, then done or failed in words.
import { useState } from 'react'
import type { Result } from '../../../core/result.ts'
import { useUnlocked } from '../../walletContext.tsx'
import type { ShownFailure } from './WalletFailure.tsx'

export interface Task {
  readonly isBusy: boolean
  readonly failure: ShownFailure | null
  /** Asks for the wallet to be unlocked, then runs; undefined where it was not unlocked or failed. */
  run<T>(task: () => Promise<Result<T, ShownFailure>>): Promise<{ readonly value: T } | undefined>
  clear(): void
}

export function useDeviceTask(): Task {
  const askUnlock = useUnlocked()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  return {
    isBusy,
    failure,
    async run(task) {
      setFailure(null)
      if (!(await askUnlock())) return undefined
      setBusy(true)
      const result = await task()
      setBusy(false)
      if (result.ok) return { value: result.value }
      setFailure(result.error)
      return undefined
    },
    clear: () => setFailure(null),
  }
}
