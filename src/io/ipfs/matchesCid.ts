// Compares bytes with the CID that names them, by the browser's own SHA-256: a thread of its own, several times as quick.
import type { CID } from 'multiformats/cid'
import { bytesEqual, concat } from '../../core/bytes.ts'

/** As `isBlockOf`; `cid` has passed `parseFileCid` or `decodeFileCid`. */
export async function matchesCid(cid: CID, bytes: Uint8Array): Promise<boolean> {
  const own =
    bytes.buffer instanceof ArrayBuffer
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
      : concat(bytes)
  return bytesEqual(new Uint8Array(await crypto.subtle.digest('SHA-256', own)), cid.multihash.digest)
}
