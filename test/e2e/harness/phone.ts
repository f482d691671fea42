// A phone: a real Chromium with its own profile, on the test radio. It can be killed like a phone kills an app.
import { mkdir, mkdtemp, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { Chooser } from '../../radio/chooser.ts'
import type { Radio } from '../../radio/radio.ts'
import { quietArgs } from './quietArgs.ts'

export interface PhoneOptions {
  /** What `findChromium` found. */
  readonly chromiumPath: string
  /** The page that it opens. */
  readonly url: string
  /** Without one, the browser finds no Bluetooth adapter. */
  readonly radio?: Radio
  /** Kept at the end; default: a fresh one, removed at the end. */
  readonly profileDir?: string
  /** Default `en-US`. */
  readonly locale?: string
  readonly colorScheme?: 'light' | 'dark'
  /** CSS pixels. Default 390 x 844. */
  readonly viewport?: { readonly width: number; readonly height: number }
  /** True for an app that installs itself for use without a network: two seconds of a processor for each new profile. Default false. */
  readonly installs?: boolean
  /** False for a browser without Web Bluetooth, like those on iOS. Default true. */
  readonly webBluetooth?: boolean
  /** Command-line switches beyond the usual ones. */
  readonly args?: readonly string[]
  /** Chromium features beyond WebBluetooth, such as `WebBluetoothNewPermissionsBackend` (getDevices). */
  readonly features?: readonly string[]
}

export interface Tab {
  readonly page: Page
  readonly chooser: Chooser
}

const SCREENS = fileURLToPath(new URL('../.screens/', import.meta.url))
/** Milliseconds until a browser must be up and show its page. */
const LIMIT = 30_000
/** Milliseconds until a browser that is asked to end must be gone. */
const CLOSE_LIMIT = 10_000

export async function openPhone(options: PhoneOptions): Promise<Phone> {
  const profile = options.profileDir ?? (await mkdtemp(join(tmpdir(), 'fob-phone-')))
  const phone = new Phone(options, profile)
  try {
    await phone.start()
  } catch (error) {
    await phone.discard()
    throw error
  }
  return phone
}

/** Made by `openPhone`. Close it in the test's clean-up: `close` is also what fails on errors in the console. */
export class Phone {
  readonly profileDir: string
  private readonly options: PhoneOptions
  private context: BrowserContext | undefined
  private tab: Tab | undefined
  private readonly errors: string[] = []
  private readonly allowed: RegExp[] = []

  constructor(options: PhoneOptions, profileDir: string) {
    this.options = options
    this.profileDir = profileDir
  }

  /** The first tab's page; another one after `reopen`. */
  get page(): Page {
    return this.running().page
  }

  get chooser(): Chooser {
    return this.running().chooser
  }

  /** The running browser's context, for what this class does not know: network emulation, permissions, CDP sessions. */
  get browser(): BrowserContext {
    if (this.context === undefined) throw new Error('the phone is off')
    return this.context
  }

  /** Starts the browser on its profile and opens the page. */
  async start(): Promise<void> {
    const { chromiumPath, radio, locale, colorScheme, viewport, webBluetooth, features, args, installs } =
      this.options
    const enabled = [...(webBluetooth === false ? [] : ['WebBluetooth']), ...(features ?? [])]
    const context = await chromium.launchPersistentContext(this.profileDir, {
      executablePath: chromiumPath,
      headless: true,
      chromiumSandbox: false,
      timeout: LIMIT,
      args: [
        ...quietArgs,
        ...(args ?? []),
        ...(enabled.length > 0 ? [`--enable-features=${enabled.join(',')}`] : []),
      ],
      env: { ...process.env, ...withoutBluetooth, ...radio?.env },
      locale: locale ?? 'en-US',
      colorScheme: colorScheme ?? 'light',
      viewport: viewport ?? { width: 390, height: 844 },
      // What turns round and round while something is waited for takes an eighth of a processor, which the stories share.
      reducedMotion: 'reduce',
      serviceWorkers: installs === true ? 'allow' : 'block',
    })
    this.context = context
    context.on('page', page => this.listen(page))
    const [first] = context.pages()
    if (first !== undefined) this.listen(first)
    this.tab = await this.prepare(first ?? (await context.newPage()), this.options.url)
  }

  /** One more tab of the same browser. */
  async openTab(url: string = this.options.url): Promise<Tab> {
    return this.prepare(await this.browser.newPage(), url)
  }

  /** Ends the browser at once (SIGKILL), as a phone that needs memory does: no event reaches the page. */
  async kill(): Promise<void> {
    const context = this.browser
    const gone = new Promise<void>(resolve => context.once('close', () => resolve()))
    process.kill(await this.pid(), 'SIGKILL')
    await gone
    this.context = undefined
    this.tab = undefined
  }

  /** After `kill`: the same profile again, with its databases and permissions. */
  reopen(): Promise<void> {
    return this.start()
  }

  /** Process id of the running browser. */
  async pid(): Promise<number> {
    // Chromium's own lock: a link to "<host>-<pid>".
    const owner = await readlink(join(this.profileDir, 'SingletonLock'))
    const pid = Number(/-(\d+)$/.exec(owner)?.[1])
    if (!Number.isInteger(pid)) throw new Error(`no process id in ${owner}`)
    return pid
  }

  /** A picture for whoever wants to look: only with FOB_PICTURES set, since each takes a browser half a second. */
  async picture(name: string): Promise<void> {
    if (process.env.FOB_PICTURES) await this.screenshot(name)
  }

  /** Saves what the screen shows as `test/e2e/.screens/<name>.png`, which is not kept in git. */
  async screenshot(name: string, page: Page = this.page): Promise<string> {
    await mkdir(SCREENS, { recursive: true })
    const path = join(SCREENS, `${name}.png`)
    await page.screenshot({ path })
    return path
  }

  /** Errors in the console, and uncaught ones, that match are expected from now on. */
  allowErrors(pattern: RegExp): void {
    this.allowed.push(pattern)
  }

  /** What pages put into the console as errors, or threw, and nobody allowed. */
  unexpectedErrors(): readonly string[] {
    return this.errors.filter(error => !this.allowed.some(pattern => pattern.test(error)))
  }

  /** Ends the browser and removes a profile of its own. Throws where a page had an error that nobody allowed. */
  async close(): Promise<void> {
    await this.discard()
    const errors = this.unexpectedErrors()
    if (errors.length > 0) throw new Error(`errors in the page:\n  ${errors.join('\n  ')}`)
  }

  /** `close` for a test that has failed already. */
  async discard(): Promise<void> {
    const context = this.context
    this.context = undefined
    this.tab = undefined
    if (context !== undefined) await this.end(context)
    if (this.options.profileDir !== undefined) return
    // A browser that was killed leaves processes that write for a moment more.
    await rm(this.profileDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }

  private async end(context: BrowserContext): Promise<void> {
    const pid = await this.pid().catch(() => undefined)
    // A browser that is stuck in its own Bluetooth code never ends by itself.
    const late = setTimeout(() => {
      if (pid !== undefined) process.kill(pid, 'SIGKILL')
    }, CLOSE_LIMIT)
    try {
      await context.close()
    } finally {
      clearTimeout(late)
    }
  }

  private running(): Tab {
    if (this.tab === undefined) throw new Error('the phone is off')
    return this.tab
  }

  private async prepare(page: Page, url: string): Promise<Tab> {
    const chooser = await Chooser.attach(page)
    await page.goto(url, { timeout: LIMIT })
    return { page, chooser }
  }

  private listen(page: Page): void {
    page.on('pageerror', error => this.errors.push(`uncaught: ${error.message}`))
    page.on('console', message => {
      if (message.type() === 'error') this.errors.push(`${message.text()} (${message.location().url})`)
    })
  }
}

/** A browser without a radio must not find the one of this machine. */
const withoutBluetooth = { DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nonexistent/fob-no-bluetooth' }
