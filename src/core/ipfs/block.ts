// Blocks and the CIDs that name them: nothing that came from a peer or a gateway is used before it matched here.
import { sha256 } from '@noble/hashes/sha2.js'
import { CID } from 'multiformats/cid'
import { create as createMultihash } from 'multiformats/hashes/digest'
import { bytesEqual } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'

/** Multicodec codes, https://github.com/multiformats/multicodec/blob/master/table.csv */
export const RAW = 0x55
export const DAG_PB = 0x70
const SHA2_256 = 0x12

/**
 * The largest block that is asked for. Bitswap's specification lets a peer refuse more than 2 MiB.
 */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024

export interface UnsupportedCid {
  readonly kind: 'unsupportedCid'
  readonly detail: string
}

/**
 * Parses a CID (version 0 or 1, any multibase) that can name a file's block: codec raw or dag-pb, hash SHA-256 in full.
 * Other hashes are refused so that one function verifies everything, and identity CIDs because nothing is hashed there.
 */
export function parseFileCid(text: string): Result<CID, UnsupportedCid> {
  try {
    return checkFileCid(CID.parse(text))
  } catch (error) {
    return unsupported(error instanceof Error ? error.message : String(error))
  }
}

/** As `parseFileCid`, for the binary form in a DAG-PB link; nothing may follow it. */
export function decodeFileCid(bytes: Uint8Array): Result<CID, UnsupportedCid> {
  try {
    return checkFileCid(CID.decode(bytes))
  } catch (error) {
    return unsupported(error instanceof Error ? error.message : String(error))
  }
}

function checkFileCid(cid: CID): Result<CID, UnsupportedCid> {
  if (cid.code !== RAW && cid.code !== DAG_PB) return unsupported(`codec 0x${cid.code.toString(16)}`)
  if (cid.multihash.code !== SHA2_256) return unsupported(`hash 0x${cid.multihash.code.toString(16)}`)
  if (cid.multihash.digest.length !== 32) return unsupported(`hash of ${cid.multihash.digest.length} bytes`)
  return ok(cid)
}

const unsupported = (detail: string) => fail<UnsupportedCid>({ kind: 'unsupportedCid', detail })

/** CIDv1 of a block. */
export function cidOf(codec: typeof RAW | typeof DAG_PB, bytes: Uint8Array): CID {
  return CID.createV1(codec, createMultihash(SHA2_256, sha256(bytes)))
}

/** Whether `bytes` are the block that `cid` names; `cid` has passed `parseFileCid` or `decodeFileCid`. */
export function isBlockOf(cid: CID, bytes: Uint8Array): boolean {
  return bytesEqual(sha256(bytes), cid.multihash.digest)
}
