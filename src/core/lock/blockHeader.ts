// A block's header as a device is shown it: the RLP that is hashed, and the few fields that matter to a lock.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Bytes, type Hex, toHex } from '../bytes.ts'
import { decodeRlp } from '../proof/rlp.ts'
import { type Attestation, type Attestors, areAttested, attestedHeaderDigest } from './attestation.ts'

export interface BlockHeader {
  /** keccak256 of the RLP, 32 bytes. */
  readonly hash: Bytes
  readonly number: number
  /** Unix seconds. */
  readonly timestamp: number
  readonly receiptsRoot: Hex
}

/** Of the list: execution-specs, `Header`. The forks only add fields behind the first fifteen. */
const FIELDS = { receiptsRoot: 5, number: 8, timestamp: 11 } as const
const FEWEST_FIELDS = 15

/** undefined for anything but a header's RLP with numbers in range. */
export function readBlockHeader(rlp: Uint8Array): BlockHeader | undefined {
  const decoded = decodeRlp(rlp)
  if (!decoded.ok || decoded.value instanceof Uint8Array || decoded.value.length < FEWEST_FIELDS)
    return undefined
  const field = (place: number) => decoded.value[place]
  const receiptsRoot = field(FIELDS.receiptsRoot)
  const number = uintOf(field(FIELDS.number), 6)
  const timestamp = uintOf(field(FIELDS.timestamp), 5)
  if (!(receiptsRoot instanceof Uint8Array) || receiptsRoot.length !== 32) return undefined
  if (number === undefined || timestamp === undefined) return undefined
  return { hash: Uint8Array.from(keccak_256(rlp)), number, timestamp, receiptsRoot: toHex(receiptsRoot) }
}

/** The header, where enough of the Config's attestors have signed for it as one of this chain. */
export function readAttestedHeader(
  rlp: Uint8Array,
  attestations: readonly Attestation[],
  { chainId, attestors }: { readonly chainId: number; readonly attestors: Attestors },
): BlockHeader | undefined {
  const header = readBlockHeader(rlp)
  if (!header) return undefined
  const { hash, number } = header
  return areAttested(attestedHeaderDigest({ chainId, number, hash }), attestations, attestors)
    ? header
    : undefined
}

/** A number of at most so many bytes, without leading zeros. */
function uintOf(item: unknown, longest: number): number | undefined {
  if (!(item instanceof Uint8Array) || item.length > longest || item[0] === 0) return undefined
  return item.reduce((sum, byte) => sum * 256 + byte, 0)
}
