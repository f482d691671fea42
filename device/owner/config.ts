// Taking a Config: exactly the next version, by the owner key's word, and the device's own signature for it.
import type { Bytes } from '../../src/core/bytes.ts'
import { bytesEqual, toHex } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import { type ConfigTerms, decodeConfig, encodeConfig } from '../../src/core/lock/config.ts'
import { isDigestSignedBy, signDigest } from '../../src/core/p256.ts'
import { configDigest, configTakenDigest } from '../../src/core/registry/deviceStatements.ts'
import { FobError } from '../../src/core/smp/errors.ts'
import { body, groupError, type SmpReply } from '../smpDispatch.ts'
import type { OwnerState } from './ownerState.ts'

export interface ConfigOptions {
  readonly state: OwnerState
  readonly deviceId: DeviceId
  /** P-256 scalar, 32 bytes. */
  readonly key: Uint8Array
}

/** A Config, as `encodeConfig` lays it out, with the owner key's signature. */
export function takeConfig(message: Uint8Array, { state, deviceId, key }: ConfigOptions): SmpReply {
  const request = decodeConfig(message)
  if (!request || !isSound(request.config)) return groupError(FobError.MALFORMED)
  const { owner, config: present } = state
  if (!owner) return groupError(FobError.NOT_PAIRED)
  const config = { ...request.config, deviceId }
  if (!isDigestSignedBy(owner.key, configDigest(owner.domain, config), request.signature)) {
    return groupError(FobError.SIGNATURE_INVALID)
  }
  if (present && isSame(present.config, request.config)) return body({ sg: present.signature })
  if (config.version !== state.configVersion + 1) return groupError(FobError.VERSION_WRONG)
  if (config.epoch < state.epoch) return groupError(FobError.EPOCH_WRONG)
  // The signature is stored with what it is for, in one write, and only then given out.
  const signature = signDigest(configTakenDigest(owner.domain, config), key)
  state.takeConfig(request.config, signature)
  return body({ sg: signature })
}

/** Part of the taken Config from `offset` on, with the device's signature, at most `room` bytes of it. */
export function readTakenConfig(offset: number, room: number, { state }: ConfigOptions): SmpReply {
  const { config } = state
  if (!config) return groupError(FobError.NO_CONFIG)
  const message = encodeConfig(config)
  if (offset >= message.length) return groupError(FobError.MALFORMED)
  return body({ l: message.length, d: message.slice(offset, offset + room) })
}

/** The threshold can be met, nobody counts twice, and nobody is not let open. */
function isSound({ version, attestors }: ConfigTerms): boolean {
  const { threshold, keys, mayOpen } = attestors
  if (mayOpen === true && threshold === 0) return false
  if (version === 0 || threshold > keys.length || (threshold === 0) !== (keys.length === 0)) return false
  return new Set(keys.map(toHex)).size === keys.length
}

const NO_SIGNATURE: Bytes = new Uint8Array(64)

const isSame = (a: ConfigTerms, b: ConfigTerms): boolean =>
  bytesEqual(
    encodeConfig({ config: a, signature: NO_SIGNATURE }),
    encodeConfig({ config: b, signature: NO_SIGNATURE }),
  )
