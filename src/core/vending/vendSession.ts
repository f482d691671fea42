// A session with a vending machine, from the kiosk's side: what its grant and terms allow, one sealed request for each thing.
import { type DeviceId, deviceIdOf } from '../identity.ts'
import { ManagedTransport } from '../lock/managedTransport.ts'
import { SessionAction } from '../lock/openMessage.ts'
import type { OpenRefusal } from '../lock/openResult.ts'
import { explainRefusal } from '../lock/refusal.ts'
import { openSession, type SessionFailure, type SessionReport, type SessionRequest } from '../lock/session.ts'
import { type TellTimeFailure, type TimeSource, tellTime } from '../lock/tellTime.ts'
import { fail, ok, type Result } from '../result.ts'
import { SmpClient } from '../smp/client.ts'
import { FobCommand } from '../smp/fob.ts'
import { SmpGroup } from '../smp/message.ts'
import { type CallOptions, readParams } from '../smp/os.ts'
import type { Timer } from '../smp/transport.ts'
import { explainVend, type VendFailure } from './failures.ts'
import { type SignedVendTerms, vendTermsBody } from './vendTerms.ts'

export interface VendSessionRequest extends Omit<SessionRequest, 'action' | 'ephemeralSecret' | 'requestId'> {
  /** Of this grant, signed by the grant's signer. */
  readonly terms: SignedVendTerms
  /** At each call 32 random bytes that are a P-256 scalar. */
  newEphemeralSecret(): Uint8Array<ArrayBuffer>
  /** At each call 16 random bytes. */
  newRequestId(): Uint8Array<ArrayBuffer>
  /** null without a connection. */
  readonly timeSource: TimeSource | null
  readonly timer: Timer
}

/**
 * Lives as long as its link, its grant, and for ten minutes after the last request. Once it is over while the link holds,
 * requests fail with `linkLost` for the reason `refused`: open another one.
 */
export interface VendSession {
  /** Inside: sealed, and with the errors of vending. */
  readonly client: SmpClient
  readonly deviceId: DeviceId
  readonly devicePublicKey: Uint8Array
  readonly timer: Timer
  readonly report: SessionReport
}

export type VendSessionFailure =
  | SessionFailure
  | VendFailure
  /** The machine refused for want of the time, and could not be told it. */
  | {
      readonly kind: 'lockTimeUntold'
      readonly refusal: Extract<SessionFailure, { kind: 'openRefused' }>
      readonly why: TellTimeFailure
    }
  /** Not signed by the grant's signer, or of another grant. */
  | { readonly kind: 'vendTermsRefused' }

const FOR_THE_TIME: ReadonlySet<OpenRefusal> = new Set(['timeUncertain', 'notYet', 'outsideHours'])

/**
 * Over `client`, which is connected to the machine: a session, in which the terms were taken and, where there is a source,
 * the time is known. Throws RangeError or Eip712Error where a field of the grant does not fit: that is a bug of the caller.
 */
export async function openVendSession(
  client: SmpClient,
  request: VendSessionRequest,
  options: CallOptions = {},
): Promise<Result<VendSession, VendSessionFailure>> {
  const { terms, newEphemeralSecret, newRequestId, timeSource, timer, ...common } = request
  const { domain, devicePublicKey } = common
  const params = await readParams(client, options)
  if (!params.ok) return fail(explainRefusal(params.error))
  const long = { ...options, bufSize: params.value.bufSize }
  const once = () =>
    openSession(
      client,
      {
        ...common,
        action: SessionAction.vend,
        ephemeralSecret: newEphemeralSecret(),
        requestId: newRequestId(),
      },
      long,
    )
  let opened = await once()
  const needsTime = opened.ok
    ? !opened.value.challenge.isTimeCertain
    : opened.error.kind === 'openRefused' && FOR_THE_TIME.has(opened.error.reason)
  if (needsTime && timeSource) {
    const told = await tellTime(client, { domain, devicePublicKey }, timeSource, long)
    if (!opened.ok && opened.error.kind === 'openRefused') {
      if (!told.ok) return fail({ kind: 'lockTimeUntold', refusal: opened.error, why: told.error })
      opened = await once()
    }
  }
  if (!opened.ok) return opened
  const report = opened.value
  if (!report.keys) return fail({ kind: 'sessionRepeated' })
  const transport = new ManagedTransport(client, report.keys, params.value)
  const inside = new SmpClient(transport, { timer })
  const write = { op: 'write', group: SmpGroup.fob, command: FobCommand.vendTerms } as const
  const taken = await inside.request({ ...write, body: vendTermsBody(terms), ...options })
  if (!taken.ok) {
    inside.dispose()
    const why = explainVend(taken.error)
    return fail(why.kind === 'deviceRefusedSignature' ? { kind: 'vendTermsRefused' } : why)
  }
  return ok({ client: inside, deviceId: deviceIdOf(devicePublicKey), devicePublicKey, timer, report })
}
