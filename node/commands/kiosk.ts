// fob kiosk: a browser that fills the screen with the kiosk, keeps its profile, finds its machine by itself and is started again when it dies.
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Command, failed, type Input, type Io, type Outcome, usageError } from '../cli/command.ts'
import { debuggingPipe, onCrashedPage, pipedStdio } from '../kiosk/crashedPage.ts'

const names = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser']
/** Lets a page reach devices that it was given once, without anybody's touching the screen. */
const features = 'WebBluetoothNewPermissionsBackend'
/** Milliseconds. */
const firstPause = 1_000
const longestPause = 60_000
/** Whoever lived so long had no trouble starting. */
const wellAfter = 60_000
/** Milliseconds for a browser to end by itself. */
const endsWithin = 10_000

export const kiosk: Command = {
  usage: '[options]',
  description: `Runs Chrome or Chromium full screen on the kiosk until Ctrl-C. The profile keeps the kiosk's keys and its sales: one for each machine.`,
  positionals: [],
  options: {
    url: { type: 'string', value: 'URL', help: 'where the app is; default http://localhost:8640' },
    browser: { type: 'string', value: 'FILE', help: 'Chrome or Chromium; default: the first on the PATH' },
    profile: { type: 'string', value: 'DIRECTORY', help: 'default: kiosk-profile in FOB_HOME' },
    windowed: { type: 'boolean', help: 'in a window, for trying it out' },
  },
  run,
}

async function run(input: Input, io: Io): Promise<Outcome> {
  const url = addressOf(input.text('url') ?? 'http://localhost:8640')
  if (url === undefined) return usageError('--url takes an http(s) address.')
  const browser = input.text('browser') ?? findBrowser(io.env.PATH ?? '')
  if (browser === undefined)
    return failed('noBrowser', 'No Chrome or Chromium on the PATH: name it with --browser.')
  const profile = input.text('profile') ?? join(io.home.directory, 'kiosk-profile')
  mkdirSync(profile, { recursive: true, mode: 0o700 })
  const args = kioskArguments({ url, profile, isWindowed: input.isSet('windowed') })
  let isEnding = false
  let running: ChildProcess | undefined
  const ended = io.interrupted().then(() => {
    isEnding = true
    running?.kill('SIGTERM')
  })
  let pause = firstPause
  while (!isEnding) {
    const began = performance.now()
    let late: NodeJS.Timeout | undefined
    const started = spawn(browser, args, { stdio: [...pipedStdio] })
    running = started
    onCrashedPage(started, () => {
      io.print('The page crashed.')
      started.kill('SIGTERM')
      late = globalThis.setTimeout(() => started.kill('SIGKILL'), endsWithin)
    })
    const why = await endOf(started)
    clearTimeout(late)
    if (isEnding) break
    pause = performance.now() - began > wellAfter ? firstPause : Math.min(2 * pause, longestPause)
    io.print(`The browser ended (${why}). It is started again in ${pause / 1000} s.`)
    await Promise.race([setTimeout(pause, undefined, { ref: false }), ended])
  }
  return { ok: true, text: 'The kiosk is closed.', data: { url } }
}

/** For Chrome's command line. Sales that were under way go on in the same profile, so no session has to be restored. */
const kioskArguments = ({
  url,
  profile,
  isWindowed,
}: {
  readonly url: string
  readonly profile: string
  readonly isWindowed: boolean
}): readonly string[] => [
  `--user-data-dir=${profile}`,
  `--enable-features=${features}`,
  debuggingPipe,
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-session-crashed-bubble',
  '--hide-crash-restore-bubble',
  '--disable-pinch',
  '--overscroll-history-navigation=0',
  '--autoplay-policy=no-user-gesture-required',
  // A page that nobody touches is not slowed down.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  ...(isWindowed ? [`--app=${url}`] : ['--kiosk', url]),
]

function addressOf(text: string): string | undefined {
  try {
    const { protocol, href } = new URL('kiosk', text.endsWith('/') ? text : `${text}/`)
    return protocol === 'http:' || protocol === 'https:' ? href : undefined
  } catch {
    return undefined
  }
}

const findBrowser = (path: string): string | undefined =>
  path
    .split(delimiter)
    .flatMap(directory => names.map(name => join(directory, name)))
    .find(isExecutable)

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const endOf = (child: ChildProcess): Promise<string> =>
  new Promise(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`))
  })
