// The upload command of SMP group 1, check by check in the order of Zephyr's img_mgmt_upload_inspect.
import { type Bytes, bytesEqual } from '../src/core/bytes.ts'
import { IMAGE_HEADER_SIZE, IMAGE_MAGIC, imageDigest, parseImageHeader } from '../src/core/mcuboot/image.ts'
import { compareVersions } from '../src/core/mcuboot/version.ts'
import {
  type CborMap,
  type CborValue,
  readBool,
  readBytes,
  readOptional,
  readUint,
} from '../src/core/smp/cbor.ts'
import { ImageError, MgmtError } from '../src/core/smp/errors.ts'
import { type Flash, isErased, type SlotName } from './flash.ts'
import type { ImageSlots } from './imageSlots.ts'
import { readSlotImage } from './slotImage.ts'
import { maxImageSize } from './slotTrailer.ts'
import { body, groupError, mgmtError, type SmpReply } from './smpDispatch.ts'

/** In memory only, as in Zephyr: it outlives a connection, not a reset. */
interface UploadState {
  readonly slot: SlotName
  readonly size: number
  readonly sha: Bytes
  offset: number
}

interface UploadRequest {
  readonly data: Bytes
  readonly size: number | null
  readonly offset: number | null
  readonly sha: Bytes
  readonly upgrade: boolean
}

const SHA_SIZE = 32

export class ImageUpload {
  readonly #flash: Flash
  readonly #slots: ImageSlots
  readonly #eraseMs: number
  #state: UploadState | undefined

  /** `eraseMs`: time that erasing a whole slot takes. */
  constructor(flash: Flash, slots: ImageSlots, eraseMs: number) {
    this.#flash = flash
    this.#slots = slots
    this.#eraseMs = eraseMs
  }

  /** Forgets an upload that has begun. */
  reset(): void {
    this.#state = undefined
  }

  handle(map: CborMap | undefined): SmpReply {
    const request = map && readRequest(map)
    if (!request) return mgmtError(MgmtError.EINVAL)
    if (request.offset === null) return this.#refuse(ImageError.INVALID_OFFSET)
    return request.offset === 0 ? this.#begin(request) : this.#goOn(request, request.offset)
  }

  #begin(request: UploadRequest): SmpReply {
    const { data, size, sha, upgrade } = request
    if (data.length < IMAGE_HEADER_SIZE) return this.#refuse(ImageError.INVALID_IMAGE_HEADER)
    if (size === null) return this.#refuse(ImageError.INVALID_LENGTH)
    const magic = new DataView(data.buffer).getUint32(0, true)
    if (magic !== IMAGE_MAGIC) return this.#refuse(ImageError.INVALID_IMAGE_HEADER_MAGIC)
    if (sha.length > SHA_SIZE) return this.#refuse(ImageError.INVALID_HASH)
    if (sha.length > 0 && this.#state && bytesEqual(this.#state.sha, sha)) return this.#progress()
    const slot = this.#slots.uploadTarget()
    if (slot === null) return this.#refuse(ImageError.NO_FREE_SLOT)
    if (size > maxImageSize(this.#flash)) return this.#refuse(ImageError.INVALID_IMAGE_TOO_LARGE)
    if (upgrade) {
      const running = readSlotImage(this.#flash, this.#slots.active)
      const header = parseImageHeader(data)
      if (!running.ok || !header.ok) return this.#refuse(ImageError.VERSION_GET_FAILED)
      if (compareVersions(running.value.version, header.value.version) >= 0) {
        return this.#refuse(ImageError.CURRENT_VERSION_IS_NEWER)
      }
    }

    this.#state = { slot, size, sha, offset: 0 }
    if (sha.length === SHA_SIZE && this.#storedMatches(this.#state)) {
      this.#state = undefined
      return body({ off: size, match: true })
    }
    let busyMs = 0
    if (!isErased(this.#flash, slot)) {
      this.#flash.erase(slot, 0, this.#flash.size(slot))
      busyMs = this.#eraseMs
    }
    return this.#store(this.#state, data, busyMs)
  }

  #goOn({ data }: UploadRequest, offset: number): SmpReply {
    const state = this.#state
    if (!state || offset !== state.offset) return this.#progress()
    if (offset + data.length > state.size) return this.#refuse(ImageError.INVALID_IMAGE_DATA_OVERRUN)
    return this.#store(state, data, 0)
  }

  #store(state: UploadState, data: Bytes, busyMs: number): SmpReply {
    // The first packet's length is not checked against `len` by Zephyr; the flash would be overrun all the same.
    if (state.offset + data.length > this.#flash.size(state.slot)) {
      return this.#refuse(ImageError.FLASH_WRITE_FAILED)
    }
    this.#flash.write(state.slot, state.offset, data)
    state.offset += data.length
    if (state.offset !== state.size) return body({ off: state.offset }, busyMs)
    this.#state = undefined
    return body({ off: state.offset, match: this.#storedMatches(state) }, busyMs)
  }

  /** CONFIG_IMG_ENABLE_IMAGE_CHECK: the SHA-256 of what is stored, against what the first packet announced. */
  #storedMatches({ slot, size, sha }: UploadState): boolean {
    return bytesEqual(imageDigest('sha256', this.#flash.read(slot, 0, size)), sha)
  }

  /** A wrong offset is no error: the answer says which one is expected; 0 where no upload is under way. */
  #progress(): SmpReply {
    return body({ off: this.#state?.offset ?? 0 })
  }

  /** A refusal also ends the upload that was under way (img_mgmt_upload). */
  #refuse(rc: number): SmpReply {
    this.#state = undefined
    return groupError(rc)
  }
}

/** undefined where a field is there but is not of its type (zcbor_map_decode_bulk fails then). */
function readRequest(map: CborMap): UploadRequest | undefined {
  const empty: CborValue = new Uint8Array()
  const data = readOptional(map, 'data', readBytes, empty)
  const sha = readOptional(map, 'sha', readBytes, empty)
  const size = readOptional(map, 'len', readUint, null)
  const offset = readOptional(map, 'off', readUint, null)
  const upgrade = readOptional(map, 'upgrade', readBool, false)
  const image = readOptional(map, 'image', readUint, 0)
  if (data === undefined || sha === undefined || size === undefined) return undefined
  if (offset === undefined || upgrade === undefined || image === undefined) return undefined
  return { data: Uint8Array.from(data), sha: Uint8Array.from(sha), size, offset, upgrade }
}
