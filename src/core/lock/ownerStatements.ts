// What a device signs for its owner, in his own session: the claim, and its part of a hand-over.
import { type Bytes, fromHex } from '../bytes.ts'
import { deviceIdOf } from '../identity.ts'
import { isDigestSignedBy } from '../p256.ts'
import {
  claimDigest,
  type DeviceClaim,
  type HandOver,
  handOverDigest,
  type StatementDomain,
} from '../registry/deviceStatements.ts'
import { fail, ok, type Result } from '../result.ts'
import { type CborMap, readBytes, readUint } from '../smp/cbor.ts'
import type { SmpClient } from '../smp/client.ts'
import { FobCommand } from '../smp/fob.ts'
import { SmpGroup } from '../smp/message.ts'
import type { CallOptions } from '../smp/os.ts'
import { explainRefusal, type LockFailure } from './refusal.ts'

/** Which device, and the DeviceRegistry that it was told. */
export interface StatementSource {
  readonly domain: StatementDomain
  readonly devicePublicKey: Uint8Array
}

/** The device chooses the counter, and signs the deadline that it is asked for: it has no clock to judge it by. */
export type ClaimTerms = Omit<DeviceClaim, 'deviceId' | 'counter'>
export type HandOverTerms = Omit<HandOver, 'deviceId' | 'counter'>

export interface SignedByDevice<T> {
  readonly statement: T
  /** r || s, 64 bytes. */
  readonly signature: Bytes
}

/** `session`: an SmpClient over a ManagedTransport whose grant has `GrantAction.own`. */
export async function requestClaim(
  session: SmpClient,
  { domain, devicePublicKey }: StatementSource,
  terms: ClaimTerms,
  options: CallOptions = {},
): Promise<Result<SignedByDevice<DeviceClaim>, LockFailure>> {
  const { owner, account, modelId, deadline } = terms
  const body = { ow: bytesOf(owner, 20), ac: bytesOf(account, 20), mi: bytesOf(modelId, 32), dl: deadline }
  const answer = await ask(session, FobCommand.claim, body, options)
  if (!answer.ok) return answer
  const { counter, signature } = answer.value
  const statement = { ...terms, deviceId: deviceIdOf(devicePublicKey), counter }
  return isDigestSignedBy(devicePublicKey, claimDigest(domain, statement), signature)
    ? ok({ statement, signature })
    : fail({ kind: 'deviceAnswerInvalid', detail: 'claim signature' })
}

/** As `requestClaim`; the device signs `DeviceHandOver`. */
export async function requestHandOver(
  session: SmpClient,
  { domain, devicePublicKey }: StatementSource,
  terms: HandOverTerms,
  options: CallOptions = {},
): Promise<Result<SignedByDevice<HandOver>, LockFailure>> {
  const { owner, newOwner, newAccount, deadline } = terms
  const body = {
    ow: bytesOf(owner, 20),
    nw: bytesOf(newOwner, 20),
    ac: bytesOf(newAccount, 20),
    dl: deadline,
  }
  const answer = await ask(session, FobCommand.handOver, body, options)
  if (!answer.ok) return answer
  const { counter, signature } = answer.value
  const statement = { ...terms, deviceId: deviceIdOf(devicePublicKey), counter }
  return isDigestSignedBy(devicePublicKey, handOverDigest(domain, statement, 'device'), signature)
    ? ok({ statement, signature })
    : fail({ kind: 'deviceAnswerInvalid', detail: 'hand-over signature' })
}

async function ask(
  session: SmpClient,
  command: number,
  body: CborMap,
  options: CallOptions,
): Promise<Result<{ readonly counter: number; readonly signature: Bytes }, LockFailure>> {
  const reply = await session.request({ op: 'write', group: SmpGroup.fob, command, body, ...options })
  if (!reply.ok) return fail(explainRefusal(reply.error))
  const counter = readUint(reply.value, 'n')
  const signature = readBytes(reply.value, 'sg')
  if (counter === undefined || counter >= 2 ** 48 || signature?.length !== 64) {
    return fail({ kind: 'malformed', detail: 'field n or sg' })
  }
  return ok({ counter, signature })
}

function bytesOf(text: string, length: number): Bytes {
  const bytes = fromHex(text)
  if (bytes?.length !== length) throw new RangeError(`${text} has not ${length} bytes`)
  return bytes
}
