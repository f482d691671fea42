// Bringing a device the present time: the attestors that its own Config names are asked and, for a long step, its owner.
import { type Bytes, bytesEqual } from '../bytes.ts'
import type { TypedData } from '../eip712.ts'
import { type DeviceId, deviceIdOf } from '../identity.ts'
import { isDigestSignedBy } from '../p256.ts'
import type { StatementDomain } from '../registry/deviceStatements.ts'
import { fail, type Result } from '../result.ts'
import type { SmpClient } from '../smp/client.ts'
import { type Attestation, type Attestors, type DeviceTime, deviceTimeDigest } from './attestation.ts'
import { readConfigTaken } from './config.ts'
import type { LongCallOptions } from './longMessage.ts'
import {
  deliverTime,
  LONGEST_STEP_S,
  ownerTimeTypedData,
  readTimeNonce,
  type TimeFailure,
  type ToldTime,
} from './timeToken.ts'

export interface AskedTime {
  readonly deviceId: DeviceId
  /** 16 bytes, the device's; good for 60 s. */
  readonly nonce: Bytes
  /** Of the device's Config, as it has signed for it. */
  readonly attestors: Attestors
}

/** Who has signed `deviceTimeDigest` of one and the same time. Which of them count is seen here. */
export interface AttestedTime {
  /** Unix seconds. */
  readonly time: number
  readonly signatures: readonly { readonly publicKey: Uint8Array; readonly signature: Uint8Array }[]
}

export interface TimeSource {
  /** Over the network; null where too few could be reached. */
  askAttestors(asked: AskedTime): Promise<AttestedTime | null>
  /** Where the owner key is at hand: left out on everybody else's phone. */
  readonly owner?: {
    /** What the owner takes for the time, Unix seconds, where no attestor is named. */
    readonly time: number
    /** r || s, 64 bytes, by the owner key over what is shown to him; null where he would rather not. */
    sign(statement: TypedData): Promise<Bytes | null>
  }
}

export type TellTimeFailure =
  | TimeFailure
  /** Without a connection nobody can be asked; or too few of the Config's attestors have answered. */
  | { readonly kind: 'timeUnreachable' }

/** Resolves with what the device then knows. */
export async function tellTime(
  client: SmpClient,
  { domain, devicePublicKey }: { readonly domain: StatementDomain; readonly devicePublicKey: Uint8Array },
  source: TimeSource,
  options: LongCallOptions = {},
): Promise<Result<ToldTime, TellTimeFailure>> {
  const { bufSize: _, ...call } = options
  const taken = await readConfigTaken(client, { domain, devicePublicKey }, call)
  if (!taken.ok && taken.error.kind !== 'noDeviceConfig') return taken
  const attestors = taken.ok ? taken.value.config.attestors : { threshold: 0, keys: [] }
  const asked = await readTimeNonce(client, call)
  if (!asked.ok) return asked
  const { nonce, time: known } = asked.value
  const deviceId = deviceIdOf(devicePublicKey)
  const isTimeless = attestors.threshold === 0
  const answer = isTimeless ? null : await source.askAttestors({ deviceId, nonce, attestors })
  if (!isTimeless && !answer) return fail({ kind: 'timeUnreachable' })
  const time = answer?.time ?? source.owner?.time
  if (time === undefined) return fail({ kind: 'ownerTimeNeeded' })
  const statement = { deviceId, nonce, time }
  const attestations = answer ? firstAttestations(statement, answer, attestors) : []
  if (attestations.length < attestors.threshold) return fail({ kind: 'timeUnreachable' })

  // A refused token would have used the nonce up: so it is seen here whether the owner is needed.
  const isLong = isTimeless || time - known > LONGEST_STEP_S
  const word = isLong ? await source.owner?.sign(ownerTimeTypedData(domain, statement)) : null
  if (isLong && !word) return fail({ kind: 'ownerTimeNeeded' })
  const ownerSignature = word ?? null
  return deliverTime(client, { kind: 'token', time, attestations, ownerSignature }, options)
}

/** As many as are asked for, by their places in the Config; signatures that do not hold are nobody's. */
function firstAttestations(
  statement: DeviceTime,
  { signatures }: AttestedTime,
  { threshold, keys }: Attestors,
): readonly Attestation[] {
  const digest = deviceTimeDigest(statement)
  const found = keys.flatMap((key, place) => {
    const signed = signatures.find(
      ({ publicKey, signature }) => bytesEqual(publicKey, key) && isDigestSignedBy(key, digest, signature),
    )
    return signed ? [{ place, signature: signed.signature }] : []
  })
  return found.slice(0, threshold)
}
