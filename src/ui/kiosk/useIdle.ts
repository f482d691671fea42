// Nobody touches it: counts down, and then everything of the last customer goes.
import { useCallback, useEffect, useRef, useState } from 'react'

export interface Idle {
  /** null where nothing runs out. */
  readonly secondsLeft: number | null
  readonly stay: () => void
}

const touches = ['pointerdown', 'keydown', 'wheel'] as const

/** `limit` in seconds, null: as long as it takes. `place`: another one begins the count anew. */
export function useIdle(limit: number | null, place: string, onOver: () => void): Idle {
  const [secondsLeft, setSecondsLeft] = useState<number | null>(limit)
  const last = useRef({ place, at: 0 })
  const over = useRef(onOver)
  useEffect(() => {
    over.current = onOver
  })
  const stay = useCallback(() => {
    last.current = { place, at: performance.now() }
    setSecondsLeft(limit)
  }, [limit, place])
  useEffect(() => {
    stay()
    if (limit === null) return
    const count = () => {
      const left = Math.ceil(limit - (performance.now() - last.current.at) / 1000)
      if (left <= 0) over.current()
      else setSecondsLeft(left)
    }
    const timer = setInterval(count, 1000)
    for (const type of touches) document.addEventListener(type, stay, { capture: true, passive: true })
    return () => {
      clearInterval(timer)
      for (const type of touches) document.removeEventListener(type, stay, { capture: true })
    }
  }, [limit, stay])
  return { secondsLeft: limit === null ? null : secondsLeft, stay }
}
