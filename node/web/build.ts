// Builds the app when its sources changed since the last build.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readFileIfThere, writeFileWhole } from '../files.ts'

const sources = [
  'contracts/generated',
  'device',
  'index.html',
  'node/build',
  'package-lock.json',
  'package.json',
  'public',
  'src',
  'sw',
  'tsconfig.json',
  'vite.config.ts',
]

export type BuildOutcome =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'built'; readonly seconds: number }
  /** `detail`: the bundler's last lines. */
  | { readonly kind: 'failed'; readonly detail: string }

/** `stampDirectory` remembers what the build in `{root}/dist` was made of. */
export async function buildIfStale(
  root: string,
  stampDirectory: string,
  onStart: () => void,
): Promise<BuildOutcome> {
  const stamp = join(stampDirectory, 'app-build')
  const lock = join(stampDirectory, 'app-build.lock')
  const wanted = hashSources(root)
  const isFresh = () =>
    readFileIfThere(stamp)?.toString() === wanted && existsSync(join(root, 'dist/index.html'))
  if (isFresh()) return { kind: 'fresh' }
  // Two starts at once (a person's and a test's) would write into the same directory.
  while (isHeld(lock)) await new Promise(resolve => setTimeout(resolve, 250))
  if (isFresh()) return { kind: 'fresh' }
  writeFileWhole(lock, String(process.pid))
  try {
    onStart()
    const start = performance.now()
    const { code, output } = await runVite(root)
    if (code !== 0) return { kind: 'failed', detail: output.trimEnd().split('\n').slice(-15).join('\n') }
    writeFileWhole(stamp, wanted)
    return { kind: 'built', seconds: (performance.now() - start) / 1000 }
  } finally {
    rmSync(lock, { force: true })
  }
}

function runVite(root: string): Promise<{ code: number; output: string }> {
  return new Promise(resolve => {
    const vite = join(root, 'node_modules/vite/bin/vite.js')
    const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-8000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const end = () => child.kill()
    process.once('exit', end)
    child.on('error', error => resolve({ code: 1, output: error.message }))
    child.on('close', code => {
      process.off('exit', end)
      resolve({ code: code ?? 1, output })
    })
  })
}

function isHeld(lock: string): boolean {
  const pid = Number(readFileIfThere(lock)?.toString() ?? Number.NaN)
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function hashSources(root: string): string {
  const hash = createHash('sha256')
  const visit = (path: string): void => {
    const full = join(root, path)
    const info = statSync(full, { throwIfNoEntry: false })
    if (info === undefined) return
    if (!info.isDirectory()) return void hash.update(`${path}\0${info.size}\0`).update(readFileSync(full))
    for (const name of readdirSync(full).sort()) visit(`${path}/${name}`)
  }
  for (const source of sources) visit(source)
  return hash.digest('hex')
}
