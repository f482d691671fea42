// Once before all end-to-end tests: a Chromium, the test radio's daemon, what browsers load, and a Fob that was started once.
import type { TestProject } from 'vitest/node'
import { findChromium, findDbusDaemon, radioObstacle } from '../chromium.ts'
import { buildApp, buildPreview } from './harness/bundle.ts'
import { makeStartedHome } from './harness/startedHome.ts'

declare module 'vitest' {
  interface ProvidedContext {
    chromiumPath: string
    /** Folder of the production build. */
    appFolder: string
    /** Folder of the built preview of the screens (test/preview). */
    previewFolder: string
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
  const home = makeStartedHome()
  try {
    const [appFolder, previewFolder, startedHome] = await Promise.all([buildApp(), buildPreview(), home])
    project.provide('appFolder', appFolder)
    project.provide('previewFolder', previewFolder)
    project.provide('startedHome', startedHome.folder)
    return startedHome.remove
  } catch (error) {
    await home.then(({ remove }) => remove()).catch(() => undefined)
    throw error
  }
}
