// Once before all end-to-end tests: a Chromium, the test radio's daemon, the production build, and a Fob that was started once.
import type { TestProject } from 'vitest/node'
import { findChromium, findDbusDaemon, radioObstacle } from '../chromium.ts'
import { buildApp } from './harness/bundle.ts'
import { makeStartedHome } from './harness/startedHome.ts'

declare module 'vitest' {
  interface ProvidedContext {
    chromiumPath: string
    /** Folder of the production build. */
    appFolder: string
    /** What every world begins with a copy of: see harness/startedHome.ts. */
    startedHome: string
    /** Why tests with Bluetooth can't run on this machine; null where they can. */
    radioObstacle: string | null
  }
}

export default async function prepare(project: TestProject): Promise<() => Promise<void>> {
  const obstacle = radioObstacle()
  if (obstacle === undefined) await findDbusDaemon()
  else console.warn(obstacle)
  project.provide('radioObstacle', obstacle ?? null)
  project.provide('chromiumPath', await findChromium())
  const [app, home] = await Promise.allSettled([buildApp(), makeStartedHome()])
  if (home.status === 'rejected') throw home.reason
  const { folder, remove } = home.value
  if (app.status === 'rejected') {
    await remove()
    throw app.reason
  }
  project.provide('appFolder', app.value)
  project.provide('startedHome', folder)
  return remove
}
