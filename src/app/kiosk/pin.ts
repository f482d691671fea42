// The kiosk's PIN: a slow hash with a salt of its own, and a longer wait after each wrong try that a restart does not end.
import type { Bytes, Hex } from '../../core/bytes.ts'
import { fail, ok } from '../../core/result.ts'
import { Observable } from '../observable.ts'
import type { KioskPorts } from '../ports/kiosk.ts'
import type { Platform } from '../ports/platform.ts'
import type { KioskPin } from './kiosk.ts'

interface StoredPin {
  readonly salt: Bytes
  readonly hash: Hex
  readonly wrong: number
  /** Unix seconds. */
  readonly until: number
}

const STORED = 'pin'
const FREE_TRIES = 3
/** Seconds after the fourth wrong one; doubled with each, to at most an hour. */
const FIRST_WAIT = 15
const LONGEST_WAIT = 3600

export async function openPin(
  { stores, slowHash }: Pick<KioskPorts, 'stores' | 'slowHash'>,
  platform: Pick<Platform, 'unixNow' | 'randomBytes'>,
): Promise<KioskPin> {
  const { values } = stores
  const isSet = new Observable((await values.get<StoredPin>(STORED)) !== undefined)
  let isChecked = false
  let queue: Promise<unknown> = Promise.resolve()
  const inOrder = <T>(task: () => Promise<T>): Promise<T> => {
    const done = queue.then(task)
    queue = done.catch(() => {})
    return done
  }
  return {
    isSet,
    set: pin =>
      inOrder(async () => {
        if (!/^\d{4,12}$/.test(pin) || /^(\d)\1+$/.test(pin) || '0123456789'.includes(pin)) {
          return fail({ kind: 'pinTooSimple' })
        }
        if (isSet.get() && !isChecked) return fail({ kind: 'pinNotStored' })
        const salt = platform.randomBytes(16)
        try {
          const stored: StoredPin = { salt, hash: await slowHash(pin, salt), wrong: 0, until: 0 }
          await values.put(STORED, stored)
        } catch {
          return fail({ kind: 'pinNotStored' })
        }
        isSet.set(true)
        isChecked = false
        return ok(null)
      }),
    check: pin =>
      inOrder(async () => {
        const stored = await values.get<StoredPin>(STORED)
        if (!stored) return ok(null)
        const now = platform.unixNow()
        // A clock that was set back makes nobody wait longer than the longest.
        if (now < stored.until && stored.until - now <= LONGEST_WAIT) {
          return fail({ kind: 'pinWaiting', until: stored.until })
        }
        const wrong = stored.wrong + 1
        const wait =
          wrong <= FREE_TRIES ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (wrong - FREE_TRIES - 1))
        // Counted before it is tried: a tab that is killed meanwhile has had its try.
        await values.put(STORED, { ...stored, wrong, until: now + wait })
        if ((await slowHash(pin, stored.salt)) !== stored.hash) return fail({ kind: 'pinWrong' })
        await values.put(STORED, { ...stored, wrong: 0, until: 0 })
        isChecked = true
        return ok(null)
      }),
  }
}
