// Once before all end-to-end tests: a Chromium, the test radio's daemon, and the production build.
import type { TestProject } from 'vitest/node'
import { findChromium, findDbusDaemon, radioObstacle } from '../chromium.ts'
import { buildApp } from './harness/bundle.ts'

declare module 'vitest' {
  interface ProvidedContext {
    chromiumPath: string
    /** Folder of the production build. */
    appFolder: string
    /** Why tests with Bluetooth can't run on this machine; null where they can. */
    radioObstacle: string | null
  }
}

export default async function prepare(project: TestProject): Promise<void> {
  const obstacle = radioObstacle()
  if (obstacle === undefined) await findDbusDaemon()
  else console.warn(obstacle)
  project.provide('radioObstacle', obstacle ?? null)
  project.provide('chromiumPath', await findChromium())
  project.provide('appFolder', await buildApp())
}
