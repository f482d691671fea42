// Compares bytes with the CID that names them, by the browser's own SHA-256: a thread of its own, several times as quick.
import type { CID } from 'multiformats/cid'
import { bytesEqual, unshared } from '../../core/bytes.ts'

/** As `isBlockOf`; `cid` has passed `parseFileCid` or `decodeFileCid`. */
export async function matchesCid(cid: CID, bytes: Uint8Array): Promise<boolean> {
  return bytesEqual(
    new Uint8Array(await crypto.subtle.digest('SHA-256', unshared(bytes))),
    cid.multihash.digest,
  )
}
