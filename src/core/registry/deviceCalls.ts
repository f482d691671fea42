// Call data of what the wallet asks of DeviceRegistry.sol: claim, hand-over, Config, report, user.
import { type Address, type Bytes, concat, fromHex } from '../bytes.ts'
import type { DeviceId } from '../identity.ts'
import { selectorOf } from '../wallet/abiShape.ts'
import { type AbiValue, abiAddress, abiBytes32, abiEncode, abiUint } from './abi.ts'
import {
  type DeviceClaim,
  type DeviceConfig,
  type HandOver,
  packAttestorKeys,
  packThreshold,
} from './deviceStatements.ts'

/** A device's key and its signature: x || y and r || s, 64 bytes each. */
export interface DeviceSignature {
  readonly publicKey: Uint8Array
  readonly signature: Uint8Array
}

/** As the contract's enum counts them. */
const REPORTS = { none: 0, lost: 1, stolen: 2 } as const
export type DeviceReport = keyof typeof REPORTS

/**
 * `claim(address account,bytes32 modelId,uint48 counter,uint40 deadline,(bytes32 x,bytes32 y,bytes32 r,bytes32 s))`: sent by
 * `claim.owner`. All functions here throw TypeError or RangeError for fields of another size: bugs of the caller.
 */
export function claimCall(claim: DeviceClaim, signed: DeviceSignature): Bytes {
  const { account, modelId, counter, deadline } = claim
  return call('claim(address,bytes32,uint48,uint40,(bytes32,bytes32,bytes32,bytes32))', [
    abiAddress(account),
    abiBytes32(modelId),
    abiUint(counter),
    abiUint(deadline),
    ...signatureWords(signed),
  ])
}

/**
 * `handOver(address newOwner,address newAccount,uint48 counter,uint40 deadline,(bytes32 x,bytes32 y,bytes32 r,bytes32 s),bytes
 * given,bytes accepted)`; the consent of the person who sends it may be empty.
 */
export function handOverCall(
  handOver: HandOver,
  signed: DeviceSignature,
  { given, accepted }: { readonly given: Uint8Array; readonly accepted: Uint8Array },
): Bytes {
  const { newOwner, newAccount, counter, deadline } = handOver
  return call('handOver(address,address,uint48,uint40,(bytes32,bytes32,bytes32,bytes32),bytes,bytes)', [
    abiAddress(newOwner),
    abiAddress(newAccount),
    abiUint(counter),
    abiUint(deadline),
    ...signatureWords(signed),
    { kind: 'tail', bytes: given },
    { kind: 'tail', bytes: accepted },
  ])
}

/**
 * `fileConfig((uint32 version,bytes32 issuerX,bytes32 issuerY,uint8 attestorThreshold,bytes attestorKeys,uint32 epoch,address
 * market),(bytes32 x,bytes32 y,bytes32 r,bytes32 s))`, with the device's `ConfigTaken`.
 */
export function fileConfigCall(config: DeviceConfig, signed: DeviceSignature): Bytes {
  const { version, issuerKey, attestors, epoch, market } = config
  const struct = abiEncode([
    abiUint(version),
    ...words(issuerKey),
    abiUint(packThreshold(attestors)),
    { kind: 'tail', bytes: packAttestorKeys(attestors.keys) },
    abiUint(epoch),
    abiAddress(market),
  ])
  const signature = signatureWords(signed)
  // The struct is dynamic, so the head holds its place: after its own word and the signature's four.
  const head = abiEncode([abiUint(32 * (1 + signature.length)), ...signature])
  return concat(
    selector(
      'fileConfig((uint32,bytes32,bytes32,uint8,bytes,uint32,address),(bytes32,bytes32,bytes32,bytes32))',
    ),
    head,
    struct,
  )
}

/** `report(bytes32 deviceId,uint8 value)`: by the owner alone. */
export function reportCall(deviceId: DeviceId, report: DeviceReport): Bytes {
  return call('report(bytes32,uint8)', [abiBytes32(deviceId), abiUint(REPORTS[report])])
}

/** `setUser(uint256 tokenId,address user,uint64 expires)` of ERC-4907; `expires` in Unix seconds, inclusive. */
export function setUserCall(deviceId: DeviceId, user: Address, expires: number): Bytes {
  return call('setUser(uint256,address,uint64)', [abiBytes32(deviceId), abiAddress(user), abiUint(expires)])
}

const call = (signature: string, values: readonly AbiValue[]): Bytes =>
  concat(selector(signature), abiEncode(values))

function selector(signature: string): Bytes {
  const bytes = fromHex(selectorOf(signature))
  if (!bytes) throw new TypeError(signature)
  return bytes
}

const signatureWords = ({ publicKey, signature }: DeviceSignature): readonly AbiValue[] => [
  ...words(publicKey),
  ...words(signature),
]

function words(pair: Uint8Array): readonly AbiValue[] {
  if (pair.length !== 64) throw new RangeError(`${pair.length} bytes, not 64`)
  return [
    { kind: 'word', bytes: pair.subarray(0, 32) },
    { kind: 'word', bytes: pair.subarray(32) },
  ]
}
