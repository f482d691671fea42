// The revocation list, proven complete by one storage word.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Hex, toHex } from '../bytes.ts'
import { abiBytes32, abiEncode, abiUint } from './abi.ts'
import type { ModelId } from './model.ts'
import type { Revocation } from './release.ts'

/**
 * What FirmwareRegistry's `Model.revocations` holds after these revocations, in the order in which they happened: it
 * starts as the model's id and becomes `keccak256(abi.encode(bytes32 previous, bytes32 digest, uint8 reason))` with each.
 */
export function foldRevocations(modelId: ModelId, revocations: readonly Revocation[]): Hex {
  return revocations.reduce<Hex>(
    (accumulator, { digest, reason }) =>
      toHex(keccak_256(abiEncode([abiBytes32(accumulator), abiBytes32(digest), abiUint(reason)]))),
    modelId,
  )
}
