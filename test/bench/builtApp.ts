// The production build that is measured: what `npm start` would serve now.
import { join } from 'node:path'
import { projectRoot } from '../../node/home.ts'
import { buildIfStale } from '../../node/web/build.ts'

/** The folder of the build, made anew where its sources changed. Throws, with the bundler's last lines, if it fails. */
export async function builtApp(): Promise<string> {
  const outcome = await buildIfStale(projectRoot, join(projectRoot, '.fob'), () =>
    console.error('  building the app'),
  )
  if (outcome.kind === 'failed') throw new Error(`the app could not be built:\n${outcome.detail}`)
  return join(projectRoot, 'dist')
}
