// Times an update on its screen, and in the same page what the same bytes take by the shortest way.
import type { Page } from 'playwright-core'
import { SMP_CHARACTERISTIC, SMP_SERVICE } from '../../src/core/smp/gattUuids.ts'

/** The groups of steps that the update screen shows, in its order. */
const phases = ['check', 'fetch', 'verify', 'send', 'restart', 'confirm'] as const

/** Milliseconds. */
export type PhaseTimes = Readonly<Record<(typeof phases)[number], number>>

/** Milliseconds. */
export interface PlainTimes {
  readonly fetch: number
  readonly hash: number
  readonly write: number
}

interface Mark {
  /** Index of the phase that began; -1 for the tap that began it all, the number of phases for the end. */
  readonly phase: number
  /** Milliseconds, of the page's own clock. */
  readonly at: number
}

/** Call before the tap that starts the update; resolves when the result is on the screen. Rejects after a minute. */
export async function timePhases(page: Page): Promise<PhaseTimes> {
  const marks: readonly Mark[] = await page.evaluate(
    count =>
      new Promise<Mark[]>((resolve, reject) => {
        const marks: Mark[] = []
        const mark = (phase: number) => {
          if (phase > (marks.at(-1)?.phase ?? -2)) marks.push({ phase, at: performance.now() })
        }
        const observer = new MutationObserver(() => {
          if (document.querySelector('.result-head') !== null) {
            observer.disconnect()
            mark(count)
            resolve(marks)
            return
          }
          const steps = [...document.querySelectorAll('.timeline > li')]
          const now = steps.findIndex(step => step.getAttribute('aria-current') === 'step')
          if (now >= 0) mark(now)
        })
        document.addEventListener('click', () => mark(-1), { capture: true, once: true })
        observer.observe(document.body, { subtree: true, childList: true, attributes: true })
        setTimeout(() => reject(new Error(`no result in time: ${JSON.stringify(marks)}`)), 60_000)
      }),
    phases.length,
  )
  return durations(marks)
}

/** The check begins with the tap: the screen on which it is shown has to be loaded, too. */
function durations(marks: readonly Mark[]): PhaseTimes {
  const at = (phase: number): number => {
    const found = marks.find(mark => mark.phase === phase)
    if (found === undefined) throw new Error(`phase ${phase} was never on the screen`)
    return found.at
  }
  return Object.fromEntries(phases.map((name, i) => [name, at(i + 1) - at(i === 0 ? -1 : i)])) as PhaseTimes
}

/**
 * Fetches, hashes and writes the demo lock's file, `size` bytes at a time, to a device that takes everything: the one that
 * the chooser is answered with.
 */
export async function timePlain(page: Page, size: number): Promise<PlainTimes> {
  // A page in the background gets no chooser.
  await page.bringToFront()
  const times = page.evaluate(
    async ({ service, characteristic, size }) => {
      // The browser opens its chooser for a real tap only; what is tapped must not notice.
      const chosen = await new Promise<BluetoothDevice>((resolve, reject) => {
        const choose = (tap: Event) => {
          tap.preventDefault()
          tap.stopImmediatePropagation()
          navigator.bluetooth.requestDevice({ filters: [{ services: [service] }] }).then(resolve, reject)
        }
        document.addEventListener('click', choose, { capture: true, once: true })
      })
      const begun = performance.now()
      const response = await fetch('/demo/lock.bin', { cache: 'no-store' })
      const bytes = new Uint8Array(await response.arrayBuffer())
      const fetched = performance.now()
      await crypto.subtle.digest('SHA-256', bytes)
      const hashed = performance.now()
      const server = await chosen.gatt?.connect()
      const smp = await (await server?.getPrimaryService(service))?.getCharacteristic(characteristic)
      if (smp === undefined) throw new Error('the sink has no characteristic')
      const connected = performance.now()
      for (let at = 0; at < bytes.length; at += size) {
        await smp.writeValueWithoutResponse(bytes.subarray(at, at + size))
      }
      const written = performance.now()
      server?.disconnect()
      return { fetch: fetched - begun, hash: hashed - fetched, write: written - connected }
    },
    { service: SMP_SERVICE, characteristic: SMP_CHARACTERISTIC, size },
  )
  const [plain] = await Promise.all([times, page.getByRole('heading', { level: 1 }).click()])
  return plain
}
