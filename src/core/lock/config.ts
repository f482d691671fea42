// Config on its way to a device, and the device's word that it has taken it.
import { type Bytes, concat, fromHex, toHex } from '../bytes.ts'
import { deviceIdOf } from '../identity.ts'
import { isDigestSignedBy } from '../p256.ts'
import {
  ATTESTORS_MAY_OPEN,
  configTakenDigest,
  type DeviceConfig,
  packAttestorKeys,
  packThreshold,
  type StatementDomain,
} from '../registry/deviceStatements.ts'
import { fail, ok, type Result } from '../result.ts'
import { readBytes, readUint } from '../smp/cbor.ts'
import type { SmpClient } from '../smp/client.ts'
import { FobCommand } from '../smp/fob.ts'
import { SmpGroup } from '../smp/message.ts'
import type { CallOptions } from '../smp/os.ts'
import { uintBytes } from '../wallet/byteReader.ts'
import { decodeLayout, sized } from './layout.ts'
import { type LongCallOptions, sendLong } from './longMessage.ts'
import { explainRefusal, type LockFailure } from './refusal.ts'

/** All but the device's id, which the device knows. */
export type ConfigTerms = Omit<DeviceConfig, 'deviceId'>

/** With the owner key's signature on the way to the device, with the device's on the way back. */
export interface SignedConfig {
  readonly config: ConfigTerms
  /** r || s, 64 bytes. */
  readonly signature: Bytes
}

const VERSION = 1
/** More attestors than anybody needs, and few enough for a device's buffer. */
export const MAX_ATTESTORS = 8
/** Bytes of the longest message: with all attestors. */
const MAX_CONFIG_LENGTH = 1 + 4 + 4 + 64 + 20 + 1 + 1 + 64 * MAX_ATTESTORS + 64

export interface ConfigDelivery {
  readonly domain: StatementDomain
  readonly devicePublicKey: Uint8Array
  readonly config: DeviceConfig
  /** The owner key's, over `configTypedData`: r || s, 64 bytes. */
  readonly signature: Uint8Array
}

/**
 * Tells the device its next Config; needs no session, for the signature is the authorisation. Resolves with the device's
 * signature over `configTakenDigest`, which is what `DeviceRegistry.fileConfig` takes, once that was verified. Delivered
 * again, the present Config is answered in the same way.
 */
export async function deliverConfig(
  client: SmpClient,
  { domain, devicePublicKey, config, signature }: ConfigDelivery,
  options: LongCallOptions = {},
): Promise<Result<Bytes, LockFailure>> {
  const message = encodeConfig({ config, signature: Uint8Array.from(signature) })
  const reply = await sendLong(client, FobCommand.config, message, options)
  if (!reply.ok) return fail(explainRefusal(reply.error))
  const taken = readBytes(reply.value, 'sg')
  if (taken?.length !== 64) return fail({ kind: 'malformed', detail: 'field sg' })
  return isDigestSignedBy(devicePublicKey, configTakenDigest(domain, config), taken)
    ? ok(taken)
    : fail({ kind: 'deviceAnswerInvalid', detail: 'Config signature' })
}

/** Reads again what the device has taken last, with its verified signature: whoever reads it can file it. */
export async function readConfigTaken(
  client: SmpClient,
  { domain, devicePublicKey }: Pick<ConfigDelivery, 'domain' | 'devicePublicKey'>,
  options: CallOptions = {},
): Promise<Result<{ readonly config: DeviceConfig; readonly signature: Bytes }, LockFailure>> {
  const parts: Bytes[] = []
  let received = 0
  for (let length = 1; received < length; ) {
    const request = { op: 'read', group: SmpGroup.fob, command: FobCommand.config } as const
    const reply = await client.request({ ...request, body: { o: received }, ...options })
    if (!reply.ok) return fail(explainRefusal(reply.error))
    const part = readBytes(reply.value, 'd')
    length = readUint(reply.value, 'l') ?? 0
    if (!part || part.length === 0 || received + part.length > length || length > MAX_CONFIG_LENGTH) {
      return fail({ kind: 'malformed', detail: 'part of a Config' })
    }
    parts.push(part)
    received += part.length
  }
  const taken = decodeConfig(concat(...parts))
  if (!taken) return fail({ kind: 'malformed', detail: 'Config' })
  const config = { ...taken.config, deviceId: deviceIdOf(devicePublicKey) }
  return isDigestSignedBy(devicePublicKey, configTakenDigest(domain, config), taken.signature)
    ? ok({ config, signature: taken.signature })
    : fail({ kind: 'deviceAnswerInvalid', detail: 'Config signature' })
}

/**
 * version 1 (1 byte), Config's version (4), epoch (4), issuer key (64), market (20), attestors' threshold (1; its highest
 * bit: they may open), number of attestors (1), their keys (64 each), signature (64). Throws RangeError for fields of another size or range.
 */
export function encodeConfig({ config, signature }: SignedConfig): Bytes {
  const { version, epoch, issuerKey, market, attestors } = config
  if (attestors.keys.length > MAX_ATTESTORS) throw new RangeError(`${attestors.keys.length} attestors`)
  return concat(
    Uint8Array.of(VERSION),
    uintBytes(version, 4),
    uintBytes(epoch, 4),
    sized(issuerKey, 64),
    sized(fromHex(market) ?? new Uint8Array(), 20),
    uintBytes(packThreshold(attestors), 1),
    uintBytes(attestors.keys.length, 1),
    packAttestorKeys(attestors.keys),
    sized(signature, 64),
  )
}

/** undefined for anything that `encodeConfig` does not make. */
export function decodeConfig(message: Uint8Array): SignedConfig | undefined {
  return decodeLayout(message, VERSION, reader => {
    const version = reader.uint(4)
    const epoch = reader.uint(4)
    const issuerKey = reader.bytes(64)
    const market = toHex(reader.bytes(20))
    const packed = reader.uint(1)
    const count = reader.uint(1)
    if (count > MAX_ATTESTORS) return undefined
    const keys = Array.from({ length: count }, () => reader.bytes(64))
    const mayOpen = packed >= ATTESTORS_MAY_OPEN
    const threshold = packed % ATTESTORS_MAY_OPEN
    const attestors = { threshold, keys, ...(mayOpen ? { mayOpen } : {}) }
    const config = { version, epoch, issuerKey, market, attestors }
    return { config, signature: reader.bytes(64) }
  })
}
