// Pictures of products, named by their CID: fetched by this page's node from whoever has their blocks, and kept.
import type { Bytes } from '../../core/bytes.ts'
import { type Failure, ok, type Result } from '../../core/result.ts'
import type { KioskStores } from '../ports/kiosk.ts'

/** Bytes. */
export const MAX_PICTURE = 512 << 10

export const pictureName = (cid: string): string => `picture/${cid}`

interface PictureParts {
  readonly values: KioskStores['values']
  /** Verified bytes: of the network's peers and gateways, and of these trustless gateways besides. */
  readonly file: (cid: string, gateways: readonly string[]) => Promise<Result<Bytes, Failure>>
}

/** `boxUrl`: of the owner's box, one source of blocks among others. */
export async function pictureOf(
  { values, file }: PictureParts,
  cid: string,
  boxUrl: string | null,
): Promise<Result<Bytes, Failure>> {
  const kept = await values.get<Bytes>(pictureName(cid)).catch(() => undefined)
  if (kept) return ok(kept)
  const found = await file(cid, boxUrl === null || boxUrl === '' ? [] : [boxUrl])
  // Without a place for it, it is fetched again the next time.
  if (found.ok) await values.put(pictureName(cid), found.value).catch(() => {})
  return found
}
