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
import { type DeviceBootMode, type ImageSlots, imageSlots } from './imageSlots.ts'
import { ImageUpload } from './imageUpload.ts'
import { findSlotByHash, readSlotImage } from './slotImage.ts'
import { maxImageSize } from './slotTrailer.ts'
import {
  body,
  groupError,
  mgmtError,
  type SmpCommand,
  type SmpGroupServer,
  type SmpReply,
} from './smpDispatch.ts'

interface Image {
  readonly flash: Flash
  readonly slots: ImageSlots
}

export interface ImageGroupOptions {
  /** One for each image, by its number. */
  readonly flashes: readonly [Flash, ...Flash[]]
  /** Of the application; further images are always swapped. Default: swapped, from the primary slot. */
  readonly boot?: { readonly mode: DeviceBootMode; readonly active: SlotName }
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
  boot: { mode, active } = { mode: 'swap', active: 'primary' },
}: ImageGroupOptions): SmpGroupServer {
  const [application, ...companions] = flashes
  const images = [
    { flash: application, slots: imageSlots(application, mode, active) },
    ...companions.map(flash => ({ flash, slots: imageSlots(flash, 'swap', 'primary') })),
  ] as const
  const state = () => (isFrugal ? frugal(stateBody(images)) : stateBody(images))
  const uploads = images.map(({ flash, slots }) => new ImageUpload(flash, slots, eraseMs))
  /** The one upload that is under way, as `g_img_mgmt_state` is one. */
  let upload = uploads[0]
  return {
    id: SmpGroup.image,
    commands: new Map<number, SmpCommand>([
      [
        ImageCommand.state,
        {
          read: () => body(state()),
          write: request => writeState(images, request, state, onState),
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
            const image = images[slot >> 1]
            const name = SLOTS[slot & 1]
            if (!image || !name) return groupError(ImageError.INVALID_SLOT)
            const { flash, slots } = image
            const rc = eraseFault(flash, slots, name)
            if (rc !== ImageError.OK) return groupError(rc)
            uploads[slot >> 1]?.reset()
            if (isErased(flash, name)) return body({})
            flash.erase(name, 0, flash.size(name))
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
function eraseFault(flash: Flash, slots: ImageSlots, slot: SlotName): number {
  const isInUse = slots.isInUse(slot) && (slot === slots.active || readSlotImage(flash, slot).ok)
  return isInUse ? ImageError.NO_FREE_SLOT : ImageError.OK
}

/** `img_mgmt_state_read`: slots without a readable image are left out. */
function stateBody(images: readonly Image[]): CborMap {
  return {
    images: images.flatMap((image, number) => stateOf(image, images.length > 1 ? { image: number } : {})),
    splitStatus: 0,
  }
}

function stateOf({ flash, slots }: Image, number: CborMap): readonly CborMap[] {
  return SLOTS.flatMap((name, slot) => {
    const image = readSlotImage(flash, name)
    if (!image.ok) return []
    const { version, hash, isBootable } = image.value
    const { pending, confirmed, permanent } = slots.flags(name)
    return {
      ...number,
      slot,
      version: formatVersion(version).replace('+', '.'),
      hash,
      bootable: isBootable,
      pending,
      confirmed,
      active: name === slots.active,
      permanent,
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
  images: readonly [Image, ...Image[]],
  request: CborMap | undefined,
  state: () => CborMap,
  onState: ImageGroupOptions['onState'],
): SmpReply {
  const confirm = request && readOptional(request, 'confirm', readBool, false)
  const hash = request && readOptional(request, 'hash', readBytes, null)
  if (confirm === undefined || hash === undefined) return mgmtError(MgmtError.EINVAL)
  // The first image that has it, else what the application's slots answer.
  const image = images.find(({ flash }) => hash && findSlotByHash(flash, hash)) ?? images[0]
  const slot = slotOf(image, hash, confirm)
  if (typeof slot === 'number') return groupError(slot)
  const isActive = slot === image.slots.active
  const rc =
    isActive && !confirm
      ? ImageError.IMAGE_SETTING_TEST_TO_ACTIVE_DENIED
      : image.slots.setNextBoot(slot, confirm)
  if (rc !== ImageError.OK) return groupError(rc)
  onState(isActive ? 'confirmed' : 'pending')
  return body(state())
}

/** The slot that a state request means, or an error code. */
function slotOf({ flash, slots }: Image, hash: Uint8Array | null, confirm: boolean): SlotName | number {
  if (hash === null || hash.length === 0) return confirm ? slots.active : ImageError.INVALID_HASH
  const running = readSlotImage(flash, slots.active)
  const length = running.ok ? running.value.hash.length : 32
  if (hash.length !== length) return ImageError.INVALID_HASH
  return findSlotByHash(flash, hash) ?? ImageError.HASH_NOT_FOUND
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
