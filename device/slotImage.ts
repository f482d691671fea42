// The image in a slot, as the SMP server reports it (lenient, like Zephyr's img_mgmt_read_info) and as a whole file.
import { type Bytes, bytesEqual } from '../src/core/bytes.ts'
import { IMAGE_MAGIC, ImageFlag, parseImageHeader } from '../src/core/mcuboot/image.ts'
import { PROTECTED_TLV_INFO_MAGIC, readTlvArea, TLV_INFO_MAGIC, TlvType } from '../src/core/mcuboot/tlv.ts'
import type { ImageVersion } from '../src/core/mcuboot/version.ts'
import { fail, ok, type Result } from '../src/core/result.ts'
import { ImageError } from '../src/core/smp/errors.ts'
import type { Flash, SlotName } from './flash.ts'

export interface SlotImage {
  readonly version: ImageVersion
  /** As written in the image; nobody has recomputed it. */
  readonly hash: Bytes
  readonly isBootable: boolean
  /** Bytes of the whole image file. */
  readonly size: number
}

export interface SlotError {
  readonly kind: 'slotError'
  /** A code of Zephyr's `enum img_mgmt_err_code_t`. */
  readonly rc: number
}

const HASH_TYPES: readonly number[] = [TlvType.sha256, TlvType.sha384, TlvType.sha512]
const ERASED_MAGIC = 0xffffffff

/** Version and hash from the image's header and TLVs; says nothing about whether the image is sound. */
export function readSlotImage(flash: Flash, slot: SlotName): Result<SlotImage, SlotError> {
  const bytes = flash.read(slot, 0, flash.size(slot))
  const magic = new DataView(bytes.buffer).getUint32(0, true)
  if (magic === ERASED_MAGIC) return slotError(ImageError.NO_IMAGE)
  const header = parseImageHeader(bytes)
  if (magic !== IMAGE_MAGIC || !header.ok) return slotError(ImageError.INVALID_IMAGE_HEADER_MAGIC)

  let offset = header.value.headerSize + header.value.bodySize
  const protectedArea = readTlvArea(bytes, offset, PROTECTED_TLV_INFO_MAGIC)
  if (protectedArea.ok) offset += protectedArea.value.size
  const area = readTlvArea(bytes, offset, TLV_INFO_MAGIC)
  if (!area.ok) return slotError(ImageError.NO_TLVS)
  const [hash, another] = area.value.entries.filter(tlv => HASH_TYPES.includes(tlv.type))
  if (!hash) return slotError(ImageError.HASH_NOT_FOUND)
  if (another) return slotError(ImageError.TLV_MULTIPLE_HASHES_FOUND)
  return ok({
    version: header.value.version,
    hash: hash.value,
    isBootable: (header.value.flags & ImageFlag.nonBootable) === 0,
    size: offset + area.value.size,
  })
}

/** The slot whose image has this hash, primary first, as Zephyr's img_mgmt_find_by_hash looks. */
export function findSlotByHash(flash: Flash, hash: Uint8Array): SlotName | undefined {
  return (['primary', 'secondary'] as const).find(slot => {
    const image = readSlotImage(flash, slot)
    return image.ok && bytesEqual(image.value.hash, hash)
  })
}

/** The image file in a slot, without what lies behind it; undefined where there is none. */
export function readSlotFile(flash: Flash, slot: SlotName): Bytes | undefined {
  const image = readSlotImage(flash, slot)
  return image.ok ? flash.read(slot, 0, image.value.size) : undefined
}

const slotError = (rc: number) => fail({ kind: 'slotError', rc } as const)
