// The statements that a device signs for its owner: its claim, and its part of a hand-over. The counter is stored first.
import { toHex } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import { signDigest } from '../../src/core/p256.ts'
import { claimDigest, handOverDigest } from '../../src/core/registry/deviceStatements.ts'
import type { Model } from '../../src/core/registry/model.ts'
import { modelIdOf } from '../../src/core/registry/modelId.ts'
import { type CborMap, readBytes, readUint } from '../../src/core/smp/cbor.ts'
import { FobError } from '../../src/core/smp/errors.ts'
import { body, groupError, type SmpReply } from '../smpDispatch.ts'
import { type OwnerState, Setting } from './ownerState.ts'

export interface StatementOptions {
  readonly state: OwnerState
  readonly deviceId: DeviceId
  /** P-256 scalar, 32 bytes. */
  readonly key: Uint8Array
  readonly model: Model
}

/** `{ow: owner, ac: device account, mi: model id, dl: deadline}`; only its own model is signed. */
export function signClaim(request: CborMap | undefined, options: StatementOptions): SmpReply {
  const { state, deviceId, key, model } = options
  const owner = addressOf(request, 'ow')
  const account = addressOf(request, 'ac')
  const modelId = request && readBytes(request, 'mi')
  const deadline = deadlineOf(request)
  if (!owner || !account || deadline === undefined) return groupError(FobError.MALFORMED)
  if (!modelId || toHex(modelId) !== modelIdOf(model)) return groupError(FobError.MALFORMED)
  if (!state.owner) return groupError(FobError.NOT_PAIRED)
  const counter = state.next(Setting.claimCounter)
  const claim = { deviceId, owner, account, modelId: toHex(modelId), counter, deadline }
  return body({ n: counter, sg: signDigest(claimDigest(state.owner.domain, claim), key) })
}

/** `{ow: present owner, nw: new owner, ac: new device account, dl: deadline}` */
export function signHandOver(request: CborMap | undefined, options: StatementOptions): SmpReply {
  const { state, deviceId, key } = options
  const owner = addressOf(request, 'ow')
  const newOwner = addressOf(request, 'nw')
  const newAccount = addressOf(request, 'ac')
  const deadline = deadlineOf(request)
  if (!owner || !newOwner || !newAccount || deadline === undefined) return groupError(FobError.MALFORMED)
  if (!state.owner) return groupError(FobError.NOT_PAIRED)
  const counter = state.next(Setting.claimCounter)
  const handOver = { deviceId, owner, newOwner, newAccount, counter, deadline }
  return body({ n: counter, sg: signDigest(handOverDigest(state.owner.domain, handOver, 'device'), key) })
}

function addressOf(request: CborMap | undefined, key: string) {
  const bytes = request && readBytes(request, key)
  return bytes?.length === 20 ? toHex(bytes) : undefined
}

/** uint40. */
function deadlineOf(request: CborMap | undefined): number | undefined {
  const deadline = request && readUint(request, 'dl')
  return deadline !== undefined && deadline < 2 ** 40 ? deadline : undefined
}
