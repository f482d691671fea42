// Locks the vault when nobody used it for a while, and soon after its page was hidden.
import type { Timer } from '../../core/smp/transport.ts'

/** The page, as far as locking is concerned. */
export interface PageEvents {
  isHidden(): boolean
  /** Hidden or shown again. */
  onVisibilityChange(listener: () => void): () => void
  /** The page is frozen or left: no timer of ours may run again while it holds the keys. */
  onSuspend(listener: () => void): () => void
}

export interface AutoLockSettings {
  /** Without any use, in milliseconds. */
  readonly idleMs: number
  /** Hidden, in milliseconds: time enough to take a photo of a code or to copy an address. */
  readonly hiddenMs: number
}

export const DEFAULT_AUTO_LOCK: AutoLockSettings = { idleMs: 5 * 60_000, hiddenMs: 60_000 }

export interface AutoLock {
  /** The vault was unlocked. */
  start(): void
  /** It was used. Locks instead where its time was over already (a page that slept). */
  touch(): void
  stop(): void
}

export function createAutoLock(options: {
  readonly timer: Timer
  /** Wall clock in milliseconds: timers may stand still while a device sleeps. Set back, it does no harm. */
  readonly wallNow: () => number
  readonly page: PageEvents
  readonly settings: AutoLockSettings
  readonly lock: () => void
}): AutoLock {
  const { timer, wallNow, page, settings, lock } = options
  const moment = () => ({ steady: timer.now(), wall: wallNow() })
  /** The greater of both clocks' differences: one may have slept, the other may have been set back. */
  const since = (then: { steady: number; wall: number }): number =>
    Math.max(timer.now() - then.steady, wallNow() - then.wall)

  let used = moment()
  let hidden: ReturnType<typeof moment> | undefined
  let cancels: (() => void)[] = []
  let cancelTimer = () => {}

  function check(): void {
    const isOver =
      since(used) >= settings.idleMs || (hidden !== undefined && since(hidden) >= settings.hiddenMs)
    if (isOver) {
      stop()
      lock()
      return
    }
    cancelTimer()
    const idle = settings.idleMs - since(used)
    const wait = hidden ? Math.min(idle, settings.hiddenMs - since(hidden)) : idle
    cancelTimer = timer.after(wait, check)
  }

  function stop(): void {
    cancelTimer()
    for (const cancel of cancels) cancel()
    cancels = []
    hidden = undefined
  }

  return {
    start() {
      stop()
      used = moment()
      hidden = page.isHidden() ? moment() : undefined
      cancels = [
        page.onVisibilityChange(() => {
          if (page.isHidden()) hidden ??= moment()
          check()
          if (!page.isHidden()) hidden = undefined
        }),
        page.onSuspend(() => {
          stop()
          lock()
        }),
      ]
      check()
    },
    touch() {
      if (cancels.length === 0) return
      check()
      if (cancels.length === 0) return
      used = moment()
      check()
    },
    stop,
  }
}

/** Of this document (Page Lifecycle: `freeze` where the browser has it, `pagehide` everywhere). */
export const documentEvents: PageEvents = {
  isHidden: () => document.visibilityState === 'hidden',
  onVisibilityChange(listener) {
    document.addEventListener('visibilitychange', listener)
    return () => document.removeEventListener('visibilitychange', listener)
  },
  onSuspend(listener) {
    document.addEventListener('freeze', listener)
    addEventListener('pagehide', listener)
    return () => {
      document.removeEventListener('freeze', listener)
      removeEventListener('pagehide', listener)
    }
  },
}
