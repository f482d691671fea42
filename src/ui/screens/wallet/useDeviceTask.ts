// One thing at a time that a person has asked of a device or of the chain: busy, then done or failed in words.
import { useEffect, useState } from 'react'
import type { Result } from '../../../core/result.ts'
import { useReadable } from '../../useReadable.ts'
import { useUnlocked } from '../../walletContext.tsx'
import { DeviceTask } from './deviceTask.ts'
import type { ShownFailure } from './WalletFailure.tsx'

export interface Task {
  readonly isBusy: boolean
  readonly failure: ShownFailure | null
  /**
   * Asks for the wallet to be unlocked where that is needed (it is, unless told otherwise), then runs; undefined where it
   * was not unlocked or failed, or the screen is gone.
   */
  run<T>(
    task: () => Promise<Result<T, ShownFailure>>,
    needsVault?: boolean,
  ): Promise<{ readonly value: T } | undefined>
  /** What went wrong elsewhere, and is to be said here. */
  fail(failure: ShownFailure): void
  clear(): void
}

export function useDeviceTask(): Task {
  const askUnlock = useUnlocked()
  const [task] = useState(() => new DeviceTask(askUnlock))
  useEffect(() => {
    task.setThere(true)
    return () => task.setThere(false)
  }, [task])
  const { run, fail, clear } = task
  return { ...useReadable(task.state), run, fail, clear }
}
