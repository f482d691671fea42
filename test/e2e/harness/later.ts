// Hours that pass at once, for everybody: the services of this process, the chain, the phones, and the locks' own clocks.
import type { BrowserContext } from 'playwright-core'
import { vi } from 'vitest'
import { rpc } from '../../../node/chain/rpc.ts'
import type { OnAir } from './onAir.ts'
import type { World } from './world.ts'

export interface Clocks {
  readonly world: World
  /** Pages that are open go on with the new time as if they had slept. */
  readonly phones: readonly BrowserContext[]
  readonly locks: readonly OnAir[]
}

/** What everybody's clock shows is `seconds` more from now on. Undone by `vi.restoreAllMocks` for this process. */
export async function letPass(seconds: number, { world, phones, locks }: Clocks): Promise<void> {
  const milliseconds = seconds * 1000
  const before = Date.now
  vi.spyOn(Date, 'now').mockImplementation(() => before() + milliseconds)
  for (const lock of locks) lock.letPass(milliseconds)
  await rpc(await world.fob.chain.url(), 'evm_increaseTime', [seconds])
  for (const phone of phones) await bringForward(phone, seconds)
}

async function bringForward(phone: BrowserContext, seconds: number): Promise<void> {
  await phone.addInitScript(setForward, seconds * 1000)
  for (const page of phone.pages()) await page.evaluate(setForward, seconds * 1000)
}

/** Runs in the page. Timers stay as they are, like those of a page that was frozen. */
function setForward(milliseconds: number): void {
  const honest = Date
  const now = () => honest.now() + milliseconds
  globalThis.Date = new Proxy(honest, {
    construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  })
}
