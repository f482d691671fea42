// Something that is read when a screen needs it, and again when the person asks.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Result } from '../../../core/result.ts'
import type { ShownFailure } from '../wallet/WalletFailure.tsx'

export interface Read<T> {
  /** What was read last, also while it is read again. */
  readonly value: T | null
  readonly failure: ShownFailure | null
  readonly again: () => void
}

/** `read` has to be the same function while the same is to be read. */
export function useRead<T>(read: () => Promise<Result<T, ShownFailure>>): Read<T> {
  const [value, setValue] = useState<T | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const round = useRef(0)
  const again = useCallback(() => {
    round.current += 1
    const mine = round.current
    setFailure(null)
    void read().then(result => {
      if (mine !== round.current) return
      if (result.ok) setValue(result.value)
      else setFailure(result.error)
    })
  }, [read])
  useEffect(() => {
    again()
    return () => {
      round.current += 1
    }
  }, [again])
  return { value, failure, again }
}
