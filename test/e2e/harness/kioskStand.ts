// A kiosk at its place: a tablet in a real Chromium, its machine on the test radio, a real chain behind endpoints that may lie, its owner's box.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { freePort } from '../../../node/http.ts'
import { allowEveryPage } from '../../../node/jsonHttp.ts'
import { createKioskBox } from '../../../node/kiosk/kioskBox.ts'
import { startAppServer } from '../../../node/web/appServer.ts'
import { catalogueTypedData, writeContent } from '../../../src/core/kiosk/catalogue.ts'
import { decodeKioskCode, encodeKioskGrantCode } from '../../../src/core/kiosk/codes.ts'
import { networkPath } from '../../../src/core/network.ts'
import { readTillAmount } from '../../../src/core/registry/tillAmount.ts'
import { ok } from '../../../src/core/result.ts'
import { en as app } from '../../../src/ui/i18n/en.ts'
import { kioskEn as en } from '../../../src/ui/i18n/kioskEn.ts'
import {
  type AskedSale,
  type KioskWorld,
  type KioskWorldOptions,
  startKioskWorld,
} from '../../fixtures/kioskWorld.ts'
import type { Peripheral } from '../../radio/peripheral.ts'
import { startRadio } from '../../radio/radio.ts'
import { smpPeripheral } from '../../radio/smpPeripheral.ts'
import { IDENTITY } from '../../unit/device/fixtures.ts'
import { openPhone, type Phone } from './phone.ts'

const PIN = '2580'
const NAME = 'Fob Vend 24'
/** Milliseconds of this machine's time until something has come to the screen. */
const PATIENCE = 60_000
/** Milliseconds without a word between the page and the world, at least: then it is waiting for the time to pass. */
const QUIET = 60
/** A busy machine needs longer to say anything: as many times what a call into the page takes. */
const SLOWNESS = 4
/** Milliseconds after which time passes all the same. */
const LONG = 3_000

/** What the screen asks for. */
export interface Asked {
  readonly sale: AskedSale
  /** To the smallest unit. */
  readonly amount: bigint
}

export class KioskStand {
  readonly world: KioskWorld
  readonly machine: Peripheral
  readonly tablet: Phone
  /** A block comes with each step of the tablet's time; else with each transaction alone. */
  hasBlocks = true
  /** Called in each millisecond or so of the machine's time, to do something just then. */
  onMachineTime: (() => void) | null = null
  readonly #url: string
  readonly #stops: readonly (() => unknown)[]
  readonly #boxUrl: string
  #lastWord = performance.now()
  #lastPass = performance.now()
  #quiet = QUIET
  /** Milliseconds that the page is ahead of chain and machine. */
  #ahead = 0
  #isOwnerThere = false
  #pump: NodeJS.Timeout

  private constructor(
    world: KioskWorld,
    machine: Peripheral,
    tablet: Phone,
    place: { readonly url: string; readonly boxUrl: string; readonly stops: readonly (() => unknown)[] },
  ) {
    this.world = world
    this.machine = machine
    this.tablet = tablet
    this.#url = place.url
    this.#boxUrl = place.boxUrl
    this.#stops = place.stops
    let last = performance.now()
    let isRunning = false
    this.#pump = setInterval(async () => {
      if (isRunning || this.#isOwnerThere) return
      isRunning = true
      const now = performance.now()
      const { timer } = world.machine.lock
      const passed = Math.min(200, Math.round(now - last))
      if (!this.onMachineTime) await timer.advance(passed)
      else
        for (let ms = 0; ms < passed; ms++) {
          await timer.advance(1)
          this.onMachineTime?.()
        }
      last = now
      isRunning = false
    }, 4)
  }

  static async start(
    { chromiumPath, appFolder }: { readonly chromiumPath: string; readonly appFolder: string },
    options: KioskWorldOptions = {},
  ): Promise<KioskStand> {
    const world = await startKioskWorld(options)
    await world.machine.lock.transport.close()
    const profileDir = await mkdtemp(join(tmpdir(), 'fob-stand-'))
    const radio = await startRadio()
    const air = { onWord: () => {} }
    const machine = radio.add(
      smpPeripheral({
        device: {
          connect() {
            air.onWord()
            return world.machine.lock.device.connect()
          },
        },
        name: NAME,
        linkModel: { carry: async () => air.onWord() },
      }),
    )
    const box = await startBox(world, join(profileDir, 'box'))
    const network = world.config()
    const config = {
      ...network,
      chain: { ...network.chain, registry: IDENTITY.registry },
      agents: [{ name: 'Box', url: box.url }],
    }
    const port = await freePort()
    const server = await startAppServer({
      host: '127.0.0.1',
      port,
      directory: appFolder,
      documents: new Map([[networkPath, () => config]]),
      files: new Map(),
    })
    const tablet = await openPhone({
      chromiumPath,
      url: 'about:blank',
      radio,
      profileDir: join(profileDir, 'profile'),
      viewport: { width: 800, height: 1280 },
      features: ['WebBluetoothNewPermissionsBackend'],
    })
    const stops = [
      () => tablet.discard(),
      () => server.stop(),
      box.stop,
      () => radio.stop(),
      () => world.stop(),
      () => rm(profileDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
    ]
    const stand = new KioskStand(world, machine, tablet, {
      url: `http://localhost:${port}/kiosk`,
      boxUrl: box.url,
      stops,
    })
    air.onWord = stand.#heard
    await stand.#open()
    return stand
  }

  get page(): Page {
    return this.tablet.page
  }

  readonly heading = (name: string) => this.page.getByRole('heading', { name, exact: true, level: 1 })
  readonly button = (name: string) => this.page.getByRole('button', { name, exact: true })

  /** PIN, machine, the owner's answer, coins for gas: as somebody does once. */
  async setUp(): Promise<void> {
    const { page } = this
    await this.#typePin()
    await this.#typePin()
    this.tablet.chooser.setAnswer({ take: NAME })
    await this.button(en.setup.bluetooth).click()
    const shown = page.getByRole('textbox', { name: en.setup.code })
    // Connecting takes the system's own time.
    await shown.waitFor({ timeout: PATIENCE })
    const answer = await this.#answer(await shown.inputValue())
    await this.button(app.pin.paste).click()
    await page.getByLabel(app.pin.pasteLabel).fill(answer)
    await this.button(app.pin.read).click()
    await this.until(() => page.getByText(en.setup.readyTitle).isVisible())
    await this.button(en.setup.start).click()
    await this.until(() => this.button(en.attract.touch).isVisible())
  }

  async #answer(code: string): Promise<string> {
    const { world } = this
    const read = decodeKioskCode(code)
    if (!read) throw new Error(`no kiosk's code: ${code}`)
    await world.client.setBalance({ address: read.gasAddress, value: 10n ** 18n })
    await world.client.mine({ blocks: 3 })
    return encodeKioskGrantCode(world.grantFor(read.kioskKeyHash, this.#boxUrl))
  }

  /** What is before the customer, in one look. */
  look(): Promise<{ readonly title: string; readonly exact: string | null; readonly text: string }> {
    return this.page.evaluate(() => {
      const textOf = (selector: string) => document.querySelector(selector)?.textContent ?? null
      return { title: textOf('h1') ?? '', exact: textOf('.kiosk-exact'), text: textOf('.kiosk') ?? '' }
    })
  }

  /** Puts a finger on the first thing of that kind, with that in its text, that can be touched; false where there is none. */
  async touch(selector: string, text = ''): Promise<boolean> {
    const at = await this.page.evaluate(
      ([wanted, said]) => {
        const found = [...document.querySelectorAll<HTMLElement>(wanted)].find(
          element =>
            element.checkVisibility() &&
            (element.textContent ?? '').includes(said) &&
            element.getAttribute('aria-disabled') !== 'true' &&
            !(element instanceof HTMLButtonElement && element.disabled),
        )
        found?.scrollIntoView({ block: 'center' })
        const box = found?.getBoundingClientRect()
        return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 }
      },
      [selector, text] as const,
    )
    if (at) await this.page.mouse.click(at.x, at.y)
    return at !== undefined
  }

  /** From the loop to the code, and what that asks for. */
  async choose(number: number): Promise<Asked> {
    const { world } = this
    const terms = world.termsOf(number)
    let asked: string | null = null
    await this.until(async () => {
      asked = (await this.look()).exact
      if (asked !== null) return true
      if (await this.touch('.kiosk.product .kiosk-foot .button.primary')) return false
      if (await this.touch('.kiosk-tile', `Product ${terms.slot}`)) return false
      if (await this.touch('.attract-touch')) return false
      // What came back to the screen because it was paid after all, or a product that is not for sale yet.
      if (!(await this.leaveOne())) await this.touch('.kiosk-title')
      return false
    })
    const shown = `${asked}`.replaceAll('\u00a0', ' ')
    const [whole = '', fraction = ''] = (/([\d.]+)\s*ETH/.exec(shown)?.[1] ?? '').split('.')
    const amount = BigInt(whole) * 10n ** 18n + BigInt(fraction.padEnd(18, '0'))
    await this.catchUp()
    const read = readTillAmount(terms, amount, world.unixNow())
    if (!read.ok) throw new Error(`${shown}: ${read.error.kind}`)
    const { lastMinute, quantity } = read.value
    const nonce = BigInt(lastMinute) * 10_000n + BigInt(read.value.number)
    return { sale: { terms, nonce, quantity, until: lastMinute * 60 + 59 }, amount }
  }

  /** Hands a signed order to the owner's box, as a buyer's app does. */
  async handIn(code: string): Promise<void> {
    const response = await fetch(`${this.#boxUrl}/kiosk/${this.world.device.deviceId}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    })
    if (!response.ok) throw new Error(await response.text())
  }

  /** One of these is what the screen is about. */
  says(...names: readonly string[]): Promise<void> {
    return this.until(async () => names.includes((await this.look()).title))
  }

  /** What has ended goes from the screen; false where nothing has. */
  async leaveOne(): Promise<boolean> {
    const ends = [en.dropped, en.refunding, en.refunded, en.timedOut].map(({ title }) => title)
    const { title } = await this.look()
    return [...ends, en.refunded.notCharged].includes(title) && this.startOver()
  }

  startOver(): Promise<boolean> {
    return this.touch('.kiosk button', en.startOver)
  }

  /** Lets the tablet's time pass whenever nobody has anything to say, until something is so. */
  async until(isSo: () => Promise<boolean>, step = 1_000): Promise<void> {
    const end = performance.now() + PATIENCE
    while (!(await isSo())) {
      const now = performance.now()
      if (now > end) throw new Error(`it never came to be; there is: ${(await this.look()).text}`)
      // On a busy machine somebody always has something to say.
      if (now - this.#lastWord > this.#quiet || now - this.#lastPass > LONG) await this.pass(step)
      await new Promise(resolve => setTimeout(resolve, 30))
    }
  }

  /** The tablet's clock goes on by so much at once; what was due in between is done once. */
  async pass(ms: number): Promise<void> {
    const began = performance.now()
    this.#ahead += ms
    await this.page.clock.fastForward(ms)
    this.#heard()
    this.#lastPass = performance.now()
    this.#quiet = Math.max(QUIET, SLOWNESS * (performance.now() - began))
    if (this.#ahead >= 20_000) await this.catchUp()
    else if (this.hasBlocks) await this.world.client.mine({ blocks: 1 })
  }

  /** Chain and machine are as late as the tablet, and what was mined is final. */
  async catchUp(): Promise<void> {
    const seconds = Math.floor(this.#ahead / 1000)
    this.#ahead -= seconds * 1000
    await this.#alone(() => this.world.skip(seconds))
  }

  /** While the owner is at the machine with his phone, no kiosk reaches it. */
  async visit(work: () => Promise<void>): Promise<void> {
    const { lock } = this.world.machine
    this.machine.isInReach = false
    await this.#alone(async () => {
      await this.world.machine.reconnect()
      await work()
      await lock.transport.close()
      await lock.timer.advance(100)
    })
    this.machine.isInReach = true
  }

  async kill(): Promise<void> {
    await this.tablet.kill()
  }

  async reopen(): Promise<void> {
    await this.tablet.reopen()
    await this.#open()
  }

  /** What the owner finds behind the PIN. */
  async inside(): Promise<string> {
    for (let times = 0; times < 5; times++) await this.touch('.kiosk-name')
    await this.#typePin()
    await this.heading(en.inside.title).waitFor()
    const { text } = await this.look()
    await this.button(en.inside.back).click()
    return text
  }

  /** Lets so much of the tablet's time pass, and waits until all that was due is done. */
  async rest(ms: number): Promise<void> {
    await this.pass(ms)
    while (performance.now() - this.#lastWord <= this.#quiet) {
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#pump)
    for (const stop of this.#stops) await stop()
  }

  async #typePin(): Promise<void> {
    for (const digit of PIN) await this.button(digit).click()
    await this.button(en.pin.enter).click()
  }

  async #open(): Promise<void> {
    const { page } = this
    page.on('request', this.#heard)
    page.on('requestfinished', this.#heard)
    page.on('requestfailed', this.#heard)
    await page.clock.install({ time: this.world.unixNow() * 1000 + this.#ahead })
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.addInitScript(watchWakeLocks)
    await page.goto(this.#url)
  }

  readonly #heard = (): void => {
    this.#lastWord = performance.now()
  }

  /** The machine's time is somebody else's meanwhile. */
  async #alone<T>(task: () => Promise<T>): Promise<T> {
    this.#isOwnerThere = true
    try {
      return await task()
    } finally {
      this.#isOwnerThere = false
    }
  }
}

/** The screen's wake locks, in the order in which they were asked for: a browser without a screen refuses them. */
function watchWakeLocks(): void {
  const locks: { readonly type: string; released: boolean; release(): Promise<void> }[] = []
  Object.assign(window, { locks })
  navigator.wakeLock.request = async type => {
    const lock = Object.assign(new EventTarget(), {
      type: type ?? 'screen',
      released: false,
      onrelease: null,
      async release() {
        lock.released = true
      },
    })
    locks.push(lock)
    return lock
  }
}

/** With the newest catalogue in it, as the owner's app publishes it. */
async function startBox(world: KioskWorld, directory: string) {
  const { owner, device, catalogue, market } = world
  const answer = createKioskBox({
    directory,
    domain: market.domain,
    ownerOf: async () => ok(owner.address),
    serves: () => true,
    now: () => world.unixNow(),
    answerKiosk: null,
  })
  const server = createServer(async (request, response) => {
    allowEveryPage(response)
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    if (!(await answer(request, response))) response.writeHead(404).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const unsigned = {
    ...{ owner: owner.address, deviceId: device.deviceId, version: 1 },
    content: writeContent(catalogue),
  }
  const signature = await owner.sign(catalogueTypedData(market.domain, unsigned))
  const taken = await fetch(`${url}/kiosk/${device.deviceId}/catalogue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...unsigned, signature }),
  })
  if (!taken.ok) throw new Error(await taken.text())
  const stop = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url, stop }
}
