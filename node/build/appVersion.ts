// This build's name: the package's version and, where the sources are a git checkout, their commit.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Plugin } from 'vite'
import { projectRoot } from '../home.ts'

const manifest = v.object({ version: v.string() })

/**
 * `0.1.0+1a2b3c4d5e` (semver's build metadata), with `.changed` behind it where files differ from that commit; `0.1.0`
 * outside of a checkout. The same sources give the same name, so that a build can be reproduced.
 */
export function appVersion(root = projectRoot): string {
  const { version } = v.parse(manifest, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  // A git above the project's own directory tells nothing about it.
  if (!existsSync(join(root, '.git'))) return version
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    const commit = git('rev-parse', '--short=10', 'HEAD')
    return `${version}+${commit}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '.changed'}`
  } catch {
    // No git on this machine, or no commit yet.
    return version
  }
}

/** Gives the app `import.meta.env.VITE_APP_VERSION`. */
export const nameBuild = (): Plugin => ({
  name: 'fob:app-version',
  config: () => ({ define: { 'import.meta.env.VITE_APP_VERSION': JSON.stringify(appVersion()) } }),
})
