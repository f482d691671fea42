// Finds a Chromium to test in, and the D-Bus daemon that the test radio needs; installs them where that is possible.
import { type ChildProcess, spawn } from 'node:child_process'
import { access, constants, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { chromium as playwright } from 'playwright-core'

/** A download or a package installation that says nothing for this long is taken for stuck. Milliseconds. */
const SILENCE_LIMIT = 60_000
const INSTALL_LIMIT = 900_000

type Say = (line: string) => void

/** Paths in which an installed browser is looked for before anything is downloaded. */
function usualPlaces(): string[] {
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].flatMap(name =>
      ['/Applications', join(homedir(), 'Applications')].map(root =>
        join(root, `${name}.app`, 'Contents', 'MacOS', name),
      ),
    )
  }
  if (process.platform === 'win32') {
    const roots = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    return roots
      .filter(root => root !== undefined)
      .flatMap(root => [
        join(root, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        join(root, 'Chromium', 'Application', 'chrome.exe'),
        join(root, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
      ])
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  return [...names.flatMap(onPath), ...names.map(name => join('/usr/bin', name)), '/opt/google/chrome/chrome']
}

function onPath(name: string): string[] {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter(folder => folder !== '')
    .map(folder => join(folder, name))
}

/**
 * Path of a Chromium or Chrome that starts: `FOB_CHROMIUM`, an installed one, the one in Playwright's cache, or else one
 * that is installed now (by Playwright's own downloader; on Debian and Ubuntu, as root, from the distribution's packages).
 * Rejects with what to do by hand.
 */
export async function findChromium(say: Say = console.error): Promise<string> {
  const asked = process.env.FOB_CHROMIUM
  if (asked !== undefined && asked !== '') {
    const fault = await faultOf(asked)
    if (fault === undefined) return asked
    throw new Error(`FOB_CHROMIUM names ${asked}, which ${fault}.`)
  }
  const here = await firstThatStarts([...usualPlaces(), ...(await downloaded())])
  if (here !== undefined) return here

  say('No Chromium or Chrome found: trying to download one (FOB_CHROMIUM=/path/to/chrome skips this).')
  const downloadFault = await download(say)
  const fetched = await firstThatStarts(await downloaded())
  if (fetched !== undefined) return fetched

  const packageFault = await installPackages(['chromium'], say)
  const packaged = await firstThatStarts(usualPlaces())
  if (packaged !== undefined) return packaged
  throw new Error(
    [
      'The tests need Chromium or Chrome, and none could be installed.',
      `  download: ${downloadFault ?? 'done, but what was downloaded does not start (system libraries missing?)'}`,
      `  packages: ${packageFault ?? 'installed, but no browser that starts was found'}`,
      'Install Chromium or Chrome, or set FOB_CHROMIUM to its path.',
    ].join('\n'),
  )
}

/** Why there can be no test radio on this machine, in one line; undefined where there can. */
export function radioObstacle(): string | undefined {
  return process.platform === 'linux'
    ? undefined
    : `the test radio needs Linux (it stands in for BlueZ), this is ${process.platform}: Bluetooth tests are skipped`
}

/** Path of `dbus-daemon`, installed where it is missing. Rejects with what to do by hand. */
export async function findDbusDaemon(say: Say = console.error): Promise<string> {
  const places = [...onPath('dbus-daemon'), '/usr/bin/dbus-daemon', '/bin/dbus-daemon']
  const here = await firstExecutable(places)
  if (here !== undefined) return here
  say('No dbus-daemon found: installing it.')
  const fault = await installPackages(['dbus'], say)
  const installed = await firstExecutable(places)
  if (installed !== undefined) return installed
  throw new Error(
    `The test radio needs dbus-daemon (${fault ?? 'installed, but not found'}). Install the package "dbus".`,
  )
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isExecutable(path)) return path
  return undefined
}

async function firstThatStarts(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if ((await faultOf(path)) === undefined) return path
  return undefined
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, process.platform === 'win32' ? constants.F_OK : constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Ubuntu's chromium-browser may be a stub and a downloaded one may lack libraries: only running tells. */
async function faultOf(path: string): Promise<string | undefined> {
  if (!(await isExecutable(path))) return 'does not exist or may not be run'
  // chrome.exe opens a window instead of printing its version.
  if (process.platform === 'win32') return undefined
  const fault = await run(path, ['--version'], { silence: 30_000 })
  return fault === undefined ? undefined : `does not start (${fault})`
}

/** What Playwright's downloader left on this machine: the revision that it would fetch, then newer before older. */
async function downloaded(): Promise<string[]> {
  const expected = playwright.executablePath()
  const [, cache, inFolder] = /^(.*)[\\/]chromium-\d+[\\/](.*)$/.exec(expected) ?? []
  if (cache === undefined || inFolder === undefined) return [expected]
  const folders = await readdir(cache).catch(() => [])
  const others = folders.filter(name => /^chromium-\d+$/.test(name))
  others.sort((a, b) => revision(b) - revision(a))
  return [expected, ...others.map(folder => join(cache, folder, inFolder))]
}

const revision = (folder: string) => Number(folder.slice('chromium-'.length))

function download(say: Say): Promise<string | undefined> {
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js')
  return run(process.execPath, [cli, 'install', 'chromium'], { silence: SILENCE_LIMIT, say })
}

async function installPackages(packages: readonly string[], say: Say): Promise<string | undefined> {
  const apt = await firstExecutable(['/usr/bin/apt-get'])
  if (apt === undefined) return 'this is neither Debian nor Ubuntu'
  if (process.getuid?.() !== 0) return `not root: run "sudo apt-get install ${packages.join(' ')}"`
  say(`Installing ${packages.join(', ')} with apt-get.`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const options = { silence: 4 * SILENCE_LIMIT, env }
  const stale = await run(apt, ['update'], options)
  const fault = await run(apt, ['install', '-y', '--no-install-recommends', ...packages], options)
  return fault !== undefined && stale !== undefined ? `${fault} (and the update: ${stale})` : fault
}

interface RunOptions {
  /** Milliseconds without output after which it is ended. */
  readonly silence: number
  readonly env?: Readonly<Record<string, string>>
  readonly say?: Say
}

/** Runs a program to its end; resolves to what went wrong, in one line, or undefined. */
function run(program: string, args: readonly string[], options: RunOptions): Promise<string | undefined> {
  return new Promise(resolve => {
    const child: ChildProcess = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      // A group of its own, so that what it starts ends with it.
      detached: process.platform !== 'win32',
    })
    let last = ''
    let stopped: string | undefined
    const stop = (why: string) => {
      stopped ??= why
      if (child.pid === undefined) return
      try {
        if (process.platform === 'win32') child.kill()
        else process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It ended by itself in the meantime.
      }
    }
    const tooLong = setTimeout(() => stop(`not done after ${INSTALL_LIMIT / 1000} s`), INSTALL_LIMIT)
    const quiet = () => stop(`nothing heard for ${options.silence / 1000} s`)
    let silence = setTimeout(quiet, options.silence)
    const hear = (chunk: Buffer) => {
      clearTimeout(silence)
      silence = setTimeout(quiet, options.silence)
      const lines = chunk
        .toString()
        .split(/[\r\n]+/)
        .filter(line => line.trim() !== '')
      last = lines.at(-1)?.trim() ?? last
      for (const line of lines) options.say?.(`  ${line.trim()}`)
    }
    const done = (fault: string | undefined) => {
      clearTimeout(tooLong)
      clearTimeout(silence)
      resolve(fault)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('error', error => done(error.message))
    child.once('close', code => done(stopped ?? (code === 0 ? undefined : `exit ${code}: ${last}`)))
  })
}
