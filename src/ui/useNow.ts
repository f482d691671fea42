// The present, for ages that are shown: one clock for all of them, still while the page is hidden.
import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let seconds = Math.floor(Date.now() / 1000)
let ticking: ReturnType<typeof setInterval> | null = null

function tick(): void {
  if (document.hidden) return
  seconds = Math.floor(Date.now() / 1000)
  for (const listener of [...listeners]) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  ticking ??= setInterval(tick, 1000)
  document.addEventListener('visibilitychange', tick)
  return () => {
    listeners.delete(listener)
    document.removeEventListener('visibilitychange', tick)
    if (listeners.size === 0 && ticking !== null) {
      clearInterval(ticking)
      ticking = null
    }
  }
}

/** Unix seconds; renders again each second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => {
    if (ticking === null) seconds = Math.floor(Date.now() / 1000)
    return seconds
  })
}
