// Opening a lock, from the phone's side, in one call: the session and, where the lock does not know the time, the time too.
import { fail, ok, type Result } from '../result.ts'
import type { SmpClient } from '../smp/client.ts'
import type { LongCallOptions } from './longMessage.ts'
import { SessionAction } from './openMessage.ts'
import type { OpenRefusal } from './openResult.ts'
import { openSession, type SessionFailure, type SessionReport, type SessionRequest } from './session.ts'
import { type TellTimeFailure, type TimeSource, tellTime } from './tellTime.ts'

export interface OpenLockRequest extends Omit<SessionRequest, 'action' | 'ephemeralSecret'> {
  /** 32 random bytes at each call, that are a P-256 scalar: a second try has an ephemeral key of its own. */
  newEphemeralSecret(): Uint8Array
  /** null without a connection: the lock may open all the same. */
  readonly timeSource: TimeSource | null
}

/** To be kept: the device has signed it. `result.status` is `done`, `failed` (the bolt did not move) or `interrupted`. */
export interface OpenLockReport extends Omit<SessionReport, 'keys'> {
  /** The lock was told the time on the way. */
  readonly hasToldTime: boolean
}

export type OpenLockFailure =
  | SessionFailure
  /**
   * The lock refused for the time that it knows or does not know, and it could not be told a better one: `timeUnreachable`
   * and `ownerTimeNeeded` are what a person can do something about.
   */
  | {
      readonly kind: 'lockTimeUntold'
      readonly refusal: Extract<SessionFailure, { kind: 'openRefused' }>
      readonly why: TellTimeFailure
    }

/** Refusals that the right time may change. */
const FOR_THE_TIME: ReadonlySet<OpenRefusal> = new Set(['timeUncertain', 'notYet', 'outsideHours'])

/**
 * Where the link is lost (`linkLost`, `timeout`), nobody knows what came of it: connect again and ask with the **same** request id. Nothing
 * is done and no use is counted twice, and the report says what came of it.
 */
export async function openLock(
  client: SmpClient,
  request: OpenLockRequest,
  options: LongCallOptions = {},
): Promise<Result<OpenLockReport, OpenLockFailure>> {
  const { newEphemeralSecret, timeSource, ...common } = request
  const once = () => {
    const session = { ...common, action: SessionAction.open, ephemeralSecret: newEphemeralSecret() }
    return openSession(client, session, options)
  }
  const first = await once()
  if (first.ok) return ok(reportOf(first.value, false))
  const refusal = first.error
  if (timeSource === null || refusal.kind !== 'openRefused' || !FOR_THE_TIME.has(refusal.reason)) return first
  const told = await tellTime(client, request, timeSource, options)
  if (!told.ok) return fail({ kind: 'lockTimeUntold', refusal, why: told.error })
  const second = await once()
  return second.ok ? ok(reportOf(second.value, true)) : second
}

function reportOf({ keys: _, ...report }: SessionReport, hasToldTime: boolean): OpenLockReport {
  return { ...report, hasToldTime }
}
