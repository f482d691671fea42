// Registers the service worker and tells when a new version of the app waits. It waits until the person says so.

export interface AppUpdates {
  readonly appUpdate: {
    get(): 'none' | 'ready'
    subscribe(listener: () => void): () => void
  }
  applyAppUpdate(): void
}

export function watchAppUpdates(): AppUpdates {
  let state: 'none' | 'ready' = 'none'
  const listeners = new Set<() => void>()
  const appUpdate: AppUpdates['appUpdate'] = {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  if (!('serviceWorker' in navigator)) return { appUpdate, applyAppUpdate: () => {} }

  let applies = (): void => {}
  const register = async (): Promise<void> => {
    // Not needed for the first paint, so not part of the first download.
    const { Workbox } = await import('workbox-window')
    const workbox = new Workbox('/sw.js')
    let reloadsOnControl = false
    workbox.addEventListener('waiting', () => {
      state = 'ready'
      for (const listener of [...listeners]) listener()
    })
    workbox.addEventListener('controlling', () => {
      // The first worker of a fresh visit takes control as well: nothing to reload for then.
      if (reloadsOnControl) location.reload()
    })
    applies = () => {
      reloadsOnControl = true
      workbox.messageSkipWaiting()
    }
    await workbox.register()
  }
  register().catch(() => {
    // No worker (a private window, a bad certificate): the app works, but not offline.
  })
  return { appUpdate, applyAppUpdate: () => applies() }
}
