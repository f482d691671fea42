// Pictures of products: named by their CID, kept here until the catalogue that names them is out, then given to the box.
import type { Bytes } from '../../../core/bytes.ts'
import { layOutFile } from '../../../core/ipfs/unixfs.ts'
import { readContent, type SignedCatalogue } from '../../../core/kiosk/catalogue.ts'
import { type Failure, fail, ok, type Result } from '../../../core/result.ts'
import type { KioskPorts } from '../../ports/kiosk.ts'
import { MAX_PICTURE, pictureName } from '../pictures.ts'

type Ports = Pick<KioskPorts, 'box' | 'stores'>

export async function addPicture(
  { stores }: Ports,
  bytes: Bytes,
): Promise<Result<{ readonly cid: string }, Failure>> {
  if (bytes.length > MAX_PICTURE) return fail({ kind: 'pictureTooLarge' })
  const cid = layOutFile(bytes).root.toString()
  try {
    await stores.values.put(pictureName(cid), bytes)
  } catch (error) {
    return fail({ kind: 'pictureNotStored', detail: error instanceof Error ? error.message : String(error) })
  }
  return ok({ cid })
}

/** Those that lie here; the others are there already, or some node has them. */
export async function uploadPictures(
  { stores, box }: Ports,
  boxUrl: string,
  { deviceId, content }: Pick<SignedCatalogue, 'deviceId' | 'content'>,
): Promise<void> {
  const read = readContent(content)
  for (const { picture } of read.ok ? read.value.products : []) {
    const bytes = picture === null ? undefined : await stores.values.get<Bytes>(pictureName(picture))
    if (picture !== null && bytes) await box.putPicture(boxUrl, deviceId, picture, bytes)
  }
}
