// What image management says of an image's two slots, and lets be done with them, for each way that the bootloader starts images.
//
// As in Zephyr's img_mgmt_state.c, which is built for one mode: what the next boot starts, and why, decides everything else.
import type { BOOT_MODE_NUMBERS } from '../src/core/mcuboot/bootMode.ts'
import { compareVersions } from '../src/core/mcuboot/version.ts'
import { ImageError } from '../src/core/smp/errors.ts'
import { type Flash, otherSlot, type SlotName } from './flash.ts'
import { readSlotImage } from './slotImage.ts'
import { eraseTrailer, nextSwap, readTrailer, type Trailer, writeImageOk, writeMagic } from './slotTrailer.ts'

/** The modes of MCUboot that a device here can be built with. */
export type DeviceBootMode = keyof typeof BOOT_MODE_NUMBERS

interface SlotFlags {
  readonly pending: boolean
  readonly confirmed: boolean
  readonly permanent: boolean
}

/** Codes are Zephyr's `enum img_mgmt_err_code_t`. */
export interface ImageSlots {
  readonly active: SlotName
  flags(slot: SlotName): SlotFlags
  /** Where an upload goes; null where both slots are in use. */
  uploadTarget(): SlotName | null
  /** Whether something needs what is in the slot. */
  isInUse(slot: SlotName): boolean
  /** `img_mgmt_set_next_boot_slot`. */
  setNextBoot(slot: SlotName, confirm: boolean): number
}

/** `active`: what runs; always the primary one where images are brought there. */
export function imageSlots(flash: Flash, mode: DeviceBootMode, active: SlotName): ImageSlots {
  switch (mode) {
    case 'swap':
    case 'overwrite':
      return new SwappedSlots(flash)
    case 'directXip':
      return new DirectSlots(flash, active)
    case 'directXipRevert':
      return new RevertingSlots(flash, active)
    case 'firmwareLoader':
      return new LoaderSlots(active)
  }
}

class SwappedSlots implements ImageSlots {
  readonly active = 'primary'
  readonly #flash: Flash

  constructor(flash: Flash) {
    this.#flash = flash
  }

  flags(slot: SlotName): SlotFlags {
    const next = nextSwap(this.#flash)
    if (slot === 'primary') return { pending: false, confirmed: next !== 'revert', permanent: false }
    return {
      pending: next === 'test' || next === 'permanent',
      confirmed: next === 'revert',
      permanent: next === 'permanent',
    }
  }

  /** A pending image, and the one to go back to while another is on trial, are in use (img_mgmt_slot_in_use). */
  uploadTarget = (): SlotName | null => (nextSwap(this.#flash) === 'none' ? 'secondary' : null)

  isInUse = (slot: SlotName): boolean => slot === 'primary' || nextSwap(this.#flash) !== 'none'

  setNextBoot(slot: SlotName, confirm: boolean): number {
    const isActive = slot === 'primary'
    switch (nextSwap(this.#flash)) {
      case 'test':
        return !confirm && !isActive ? ImageError.OK : ImageError.IMAGE_ALREADY_PENDING
      case 'permanent':
        return confirm && !isActive ? ImageError.OK : ImageError.IMAGE_ALREADY_PENDING
      case 'revert':
        if (!confirm) return ImageError.IMAGE_ALREADY_PENDING
        // The other image is confirmed already: it is the one to go back to.
        if (isActive) writeImageOk(this.#flash, 'primary')
        return ImageError.OK
      case 'none':
        return isActive ? ImageError.OK : setNext(this.#flash, slot, false, confirm)
    }
  }
}

/** Neither trial nor confirmation: whichever of the two is the higher version is next. */
class DirectSlots implements ImageSlots {
  readonly active: SlotName
  readonly #flash: Flash

  constructor(flash: Flash, active: SlotName) {
    this.#flash = flash
    this.active = active
  }

  #next(): SlotName {
    const other = otherSlot(this.active)
    return isHigher(this.#flash, other, this.active) ? other : this.active
  }

  flags(slot: SlotName): SlotFlags {
    const isActive = slot === this.active
    const isNext = !isActive && this.#next() === slot
    return { pending: isNext, confirmed: isActive, permanent: isNext }
  }

  uploadTarget = (): SlotName => otherSlot(this.active)

  isInUse = (slot: SlotName): boolean => slot === this.active

  setNextBoot(slot: SlotName, confirm: boolean): number {
    const next = this.#next()
    if (slot === next) return ImageError.OK
    if (next !== this.active) return ImageError.IMAGE_ALREADY_PENDING
    return setNext(this.#flash, slot, slot === this.active, confirm)
  }
}

type TrialState = 'unset' | 'once' | 'revert' | 'forever'

/** With the trailer's flags for a trial, in the slot of the image itself (`read_directxip_state`). */
class RevertingSlots implements ImageSlots {
  readonly active: SlotName
  readonly #flash: Flash

  constructor(flash: Flash, active: SlotName) {
    this.#flash = flash
    this.active = active
  }

  #next(): { readonly slot: SlotName; readonly type: 'normal' | 'test' | 'revert' } {
    const other = otherSlot(this.active)
    if (!readSlotImage(this.#flash, other).ok) return { slot: this.active, type: 'normal' }
    const [activeState, otherState] = [this.active, other].map(slot =>
      trialOf(readTrailer(this.#flash, slot)),
    )
    if (activeState === 'revert') return { slot: other, type: 'revert' }
    if (isHigher(this.#flash, other, this.active)) {
      if (otherState === 'forever') return { slot: other, type: 'normal' }
      if (otherState === 'once') return { slot: other, type: 'test' }
    }
    return { slot: this.active, type: 'normal' }
  }

  flags(slot: SlotName): SlotFlags {
    const next = this.#next()
    if (slot === this.active) return { pending: false, confirmed: next.type !== 'revert', permanent: false }
    const isNext = next.slot === slot
    return {
      pending: isNext && next.type !== 'revert',
      confirmed: isNext && next.type === 'revert',
      permanent: isNext && next.type === 'normal',
    }
  }

  uploadTarget(): SlotName | null {
    const other = otherSlot(this.active)
    return this.#next().slot === other ? null : other
  }

  isInUse = (slot: SlotName): boolean => slot === this.active || slot === this.#next().slot

  setNextBoot = (slot: SlotName, confirm: boolean): number =>
    setNext(this.#flash, slot, slot === this.active, confirm)
}

/** The application lies in the primary slot, the loader in the other one, and is the only one that writes. */
class LoaderSlots implements ImageSlots {
  readonly active: SlotName

  constructor(active: SlotName) {
    this.active = active
  }

  /** The application counts as confirmed, which does not keep the loader from erasing it. */
  flags = (slot: SlotName): SlotFlags => ({
    pending: false,
    confirmed: slot === 'primary',
    permanent: false,
  })

  uploadTarget = (): SlotName | null => (this.active === 'secondary' ? 'primary' : null)

  isInUse = (slot: SlotName): boolean => slot === 'secondary' || this.active === 'primary'

  setNextBoot = (): number => ImageError.INVALID_SLOT
}

const trialOf = ({ magic, imageOk, copyDone }: Trailer): TrialState => {
  if (magic !== 'good') return 'unset'
  if (imageOk === 'set') return 'forever'
  return copyDone === 'set' ? 'revert' : 'once'
}

/** As MCUboot compares them unless it is built to look at build numbers. */
function isHigher(flash: Flash, slot: SlotName, than: SlotName): boolean {
  const [one, other] = [readSlotImage(flash, slot), readSlotImage(flash, than)]
  if (!one.ok || !other.ok) return false
  return compareVersions({ ...one.value.version, build: 0 }, { ...other.value.version, build: 0 }) > 0
}

/** `boot_set_next`: the flag for good is written after the magic, so a cut leaves a trial. */
function setNext(flash: Flash, slot: SlotName, isActive: boolean, confirm: boolean): number {
  const { magic, imageOk } = readTrailer(flash, slot)
  if (magic === 'good') {
    if (isActive && imageOk === 'unset') writeImageOk(flash, slot)
    return ImageError.OK
  }
  if (isActive) return magic === 'bad' ? ImageError.INVALID_IMAGE_VECTOR_TABLE : ImageError.OK
  if (magic === 'bad') {
    eraseTrailer(flash, slot)
    return ImageError.INVALID_IMAGE_VECTOR_TABLE
  }
  writeMagic(flash, slot)
  if (confirm) writeImageOk(flash, slot)
  return ImageError.OK
}
