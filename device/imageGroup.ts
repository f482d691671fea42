// SMP group 1 as Zephyr answers it (img_mgmt.c, img_mgmt_state.c): state, upload, erase, slot info; two slots for each image.
import { formatVersion } from '../src/core/mcuboot/version.ts'
import {
  type CborMap,
  isCborMap,
  readArray,
  readBool,
  readBytes,
  readOptional,
  readUint,
} from '../src/core/smp/cbor.ts'
import { ImageError, MgmtError } from '../src/core/smp/errors.ts'
import { ImageCommand } from '../src/core/smp/image.ts'
import { SmpGroup } from '../src/core/smp/message.ts'
import { type Flash, isErased, type SlotName } from './flash.ts'
import { ImageUpload } from './imageUpload.ts'
import { findSlotByHash, readSlotImage } from './slotImage.ts'
import { eraseTrailer, maxImageSize, nextSwap, readTrailer, writeImageOk, writeMagic } from './slotTrailer.ts'
import {
  body,
  groupError,
  mgmtError,
  type SmpCommand,
  type SmpGroupServer,
  type SmpReply,
} from './smpDispatch.ts'

export interface ImageGroupOptions {
  /** One for each image, by its number. */
  readonly flashes: readonly [Flash, ...Flash[]]
  /** Leave out what is false or zero, for small buffers (CONFIG_MCUMGR_GRP_IMG_FRUGAL_LIST). */
  readonly isFrugal?: boolean
  /** Time that erasing a slot takes, milliseconds. */
  readonly eraseMs: number
  readonly onState: (change: 'uploaded' | 'erased' | 'pending' | 'confirmed') => void
}

const SLOTS: readonly SlotName[] = ['primary', 'secondary']

export function imageGroup({
  flashes,
  eraseMs,
  onState,
  isFrugal = false,
}: ImageGroupOptions): SmpGroupServer {
  const state = () => (isFrugal ? frugal(stateBody(flashes)) : stateBody(flashes))
  const uploads = flashes.map(flash => new ImageUpload(flash, eraseMs))
  /** The one upload that is under way, as `g_img_mgmt_state` is one. */
  let upload = uploads[0]
  return {
    id: SmpGroup.image,
    commands: new Map<number, SmpCommand>([
      [
        ImageCommand.state,
        {
          read: () => body(state()),
          write: request => writeState(flashes, request, state, onState),
        },
      ],
      [
        ImageCommand.upload,
        {
          write: request => {
            const index = request && readOptional(request, 'image', readUint, 0)
            const isFirst = request && readOptional(request, 'off', readUint, null) === 0
            if (isFirst) {
              // With one image the number is not looked at; one of another type is found out below.
              const named = uploads.length === 1 || index === undefined ? uploads[0] : uploads[index]
              if (!named) return groupError(ImageError.INVALID_SLOT)
              if (named !== upload) upload?.reset()
              upload = named
            }
            if (!upload) return mgmtError(MgmtError.EINVAL)
            const reply = upload.handle(request)
            if (reply.kind === 'body' && Object.hasOwn(reply.body, 'match')) onState('uploaded')
            return reply
          },
        },
      ],
      [
        ImageCommand.erase,
        {
          write: request => {
            const slot = request && readOptional(request, 'slot', readUint, 1)
            if (slot === undefined) return mgmtError(MgmtError.EINVAL)
            // Slots are counted through all images.
            const flash = flashes[slot >> 1]
            if (!flash) return groupError(ImageError.INVALID_SLOT)
            const rc = eraseFault(flash, slot & 1)
            if (rc !== ImageError.OK) return groupError(rc)
            uploads[slot >> 1]?.reset()
            if (isErased(flash, 'secondary')) return body({})
            flash.erase('secondary', 0, flash.size('secondary'))
            onState('erased')
            return body({}, eraseMs)
          },
        },
      ],
      [ImageCommand.slotInfo, { read: () => body(slotInfoBody(flashes)) }],
    ]),
    toMgmtError,
  }
}

/** `img_mgmt_erase`: whatever is in use is refused, but only while it holds an image. */
function eraseFault(flash: Flash, slot: number): number {
  const name = SLOTS[slot]
  if (!name) return ImageError.INVALID_SLOT
  const isInUse = name === 'primary' || nextSwap(flash) !== 'none'
  return isInUse && (name === 'primary' || readSlotImage(flash, name).ok)
    ? ImageError.NO_FREE_SLOT
    : ImageError.OK
}

/** `img_mgmt_state_read`: slots without a readable image are left out. */
function stateBody(flashes: readonly Flash[]): CborMap {
  return {
    images: flashes.flatMap((flash, image) => stateOf(flash, flashes.length > 1 ? { image } : {})),
    splitStatus: 0,
  }
}

function stateOf(flash: Flash, number: CborMap): readonly CborMap[] {
  const next = nextSwap(flash)
  return SLOTS.flatMap((name, slot) => {
    const image = readSlotImage(flash, name)
    if (!image.ok) return []
    const isRunning = name === 'primary'
    const { version, hash, isBootable } = image.value
    return {
      ...number,
      slot,
      version: formatVersion(version).replace('+', '.'),
      hash,
      bootable: isBootable,
      pending: !isRunning && (next === 'test' || next === 'permanent'),
      confirmed: isRunning ? next !== 'revert' : next === 'revert',
      active: isRunning,
      permanent: !isRunning && next === 'permanent',
    }
  })
}

/** `slot` is never left out. */
function frugal(state: CborMap): CborMap {
  const images = readArray(state, 'images') ?? []
  return {
    images: images
      .filter(isCborMap)
      .map(image =>
        Object.fromEntries(Object.entries(image).filter(([key, value]) => key === 'slot' || value !== false)),
      ),
  }
}

function writeState(
  flashes: readonly [Flash, ...Flash[]],
  request: CborMap | undefined,
  state: () => CborMap,
  onState: ImageGroupOptions['onState'],
): SmpReply {
  const confirm = request && readOptional(request, 'confirm', readBool, false)
  const hash = request && readOptional(request, 'hash', readBytes, null)
  if (confirm === undefined || hash === undefined) return mgmtError(MgmtError.EINVAL)
  // The first image that has it, else what the application's slots answer.
  const flash = flashes.find(candidate => hash && findSlotByHash(candidate, hash)) ?? flashes[0]
  const slot = slotOf(flash, hash, confirm)
  if (typeof slot === 'number') return groupError(slot)
  const rc = setNextBoot(flash, slot, confirm)
  if (rc !== ImageError.OK) return groupError(rc)
  onState(slot === 'primary' ? 'confirmed' : 'pending')
  return body(state())
}

/** The slot that a state request means, or an error code. */
function slotOf(flash: Flash, hash: Uint8Array | null, confirm: boolean): SlotName | number {
  if (hash === null || hash.length === 0) return confirm ? 'primary' : ImageError.INVALID_HASH
  const running = readSlotImage(flash, 'primary')
  const length = running.ok ? running.value.hash.length : 32
  if (hash.length !== length) return ImageError.INVALID_HASH
  return findSlotByHash(flash, hash) ?? ImageError.HASH_NOT_FOUND
}

/** `img_mgmt_set_next_boot_slot` for one image: what may be set while which swap is due. */
function setNextBoot(flash: Flash, slot: SlotName, confirm: boolean): number {
  const isActive = slot === 'primary'
  if (!confirm && isActive) return ImageError.IMAGE_SETTING_TEST_TO_ACTIVE_DENIED
  switch (nextSwap(flash)) {
    case 'test':
      return !confirm && !isActive ? ImageError.OK : ImageError.IMAGE_ALREADY_PENDING
    case 'permanent':
      return confirm && !isActive ? ImageError.OK : ImageError.IMAGE_ALREADY_PENDING
    case 'revert':
      if (!confirm) return ImageError.IMAGE_ALREADY_PENDING
      // The other image is confirmed already: it is the one to go back to.
      if (isActive) writeImageOk(flash, 'primary')
      return ImageError.OK
    case 'none':
      return isActive ? ImageError.OK : markPending(flash, confirm)
  }
}

/** `boot_set_next` for the slot that does not run: the flag for good is written after the magic, so a cut leaves a trial. */
function markPending(flash: Flash, confirm: boolean): number {
  if (readTrailer(flash, 'secondary').magic === 'bad') {
    eraseTrailer(flash, 'secondary')
    return ImageError.INVALID_IMAGE_VECTOR_TABLE
  }
  writeMagic(flash, 'secondary')
  if (confirm) writeImageOk(flash, 'secondary')
  return ImageError.OK
}

function slotInfoBody(flashes: readonly Flash[]): CborMap {
  const images = flashes.map((flash, image) => ({
    image,
    slots: SLOTS.map((name, slot) => ({ slot, size: flash.size(name) })),
    max_image_size: maxImageSize(flash),
  }))
  return { images }
}

/** `img_mgmt_translate_error_code`. */
function toMgmtError(rc: number): number {
  switch (rc) {
    case ImageError.NO_IMAGE:
    case ImageError.NO_TLVS:
      return MgmtError.ENOENT
    case ImageError.NO_FREE_SLOT:
    case ImageError.CURRENT_VERSION_IS_NEWER:
    case ImageError.IMAGE_ALREADY_PENDING:
      return MgmtError.EBADSTATE
    case ImageError.NO_FREE_MEMORY:
      return MgmtError.ENOMEM
    case ImageError.INVALID_SLOT:
    case ImageError.INVALID_PAGE_OFFSET:
    case ImageError.INVALID_OFFSET:
    case ImageError.INVALID_LENGTH:
    case ImageError.INVALID_IMAGE_HEADER:
    case ImageError.INVALID_HASH:
    case ImageError.INVALID_FLASH_ADDRESS:
      return MgmtError.EINVAL
    default:
      return MgmtError.EUNKNOWN
  }
}
