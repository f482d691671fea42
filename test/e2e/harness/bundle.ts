// Builds what the browser gets: the app's production bundle, the preview of its screens, and the fixture pages of tests.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../../../', import.meta.url))
/** All that a bundle is made of. */
const inputs = [
  'index.html',
  'vite.config.ts',
  'package-lock.json',
  'src',
  'sw',
  'public',
  'device',
  'contracts/generated',
]

/** The folder with the production build, which is made only when something it is made of is newer. */
export const buildApp = (): Promise<string> =>
  buildWhenOlder(join(root, 'dist'), inputs, () => build({ root, logLevel: 'warn' }))

/** The folder with the preview of the screens over fake use cases, made anew as `buildApp` does. */
export const buildPreview = (): Promise<string> =>
  buildWhenOlder(join(root, '.fob', 'preview'), [...inputs, 'test/preview'], outDir =>
    build({
      configFile: join(root, 'test', 'preview', 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir },
    }),
  )

async function buildWhenOlder(
  folder: string,
  madeOf: readonly string[],
  make: (folder: string) => Promise<unknown>,
): Promise<string> {
  const built = await newest(join(folder, 'index.html'))
  const changed = Math.max(...(await Promise.all(madeOf.map(input => newest(join(root, input))))))
  if (changed >= built) await make(folder)
  return folder
}

/** Builds the page in `pageFolder` (with an index.html) into `outFolder`. */
export async function buildPage(pageFolder: string, outFolder: string): Promise<void> {
  await build({
    configFile: false,
    root: pageFolder,
    logLevel: 'warn',
    build: { outDir: outFolder, emptyOutDir: true, target: 'esnext' },
  })
}

/** Time of the newest file at or below `path`, in milliseconds since 1970; 0 where there is none. */
async function newest(path: string): Promise<number> {
  const info = await stat(path).catch(() => undefined)
  if (info === undefined) return 0
  if (!info.isDirectory()) return info.mtimeMs
  const entries = await readdir(path, { withFileTypes: true, recursive: true })
  const files = entries.filter(entry => entry.isFile())
  const times = await Promise.all(files.map(file => stat(join(file.parentPath, file.name))))
  return Math.max(0, ...times.map(time => time.mtimeMs))
}
