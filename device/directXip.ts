// MCUboot's direct-XIP: of two images, each built for its slot, the higher version is started where it lies.
//
// bootutil's loader for direct-XIP (`boot_load_and_validate_images`, `boot_select_or_erase`): nothing is moved, so nothing can be
// torn. With revert, an image is started once and erased at the next reset unless it was confirmed.
import { ImageFlag, parseImageHeader } from '../src/core/mcuboot/image.ts'
import { compareVersions, type ImageVersion } from '../src/core/mcuboot/version.ts'
import { fail, ok, type Result } from '../src/core/result.ts'
import { type Boot, type BootFailure, type BootPolicy, checkSlot, type ImageRefusal } from './bootloader.ts'
import { type Flash, type SlotName, slotAddress } from './flash.ts'
import { raiseSecurityCounter } from './securityCounter.ts'
import { readTrailer, writeCopyDone } from './slotTrailer.ts'

/** One reset: looks at one image after the other, the highest version first, until one may run. */
export function bootDirectXip(
  flash: Flash,
  policy: BootPolicy,
  canRevert: boolean,
): Result<Boot, BootFailure> {
  let refused: ImageRefusal | null = null
  for (const slot of byVersion(flash)) {
    // Left where it is: in the other slot it would run.
    const misplaced = placeFault(flash, slot)
    if (misplaced) {
      refused ??= misplaced
      continue
    }
    const trailer = readTrailer(flash, slot)
    if (
      canRevert &&
      (trailer.magic !== 'good' || (trailer.copyDone === 'set' && trailer.imageOk !== 'set'))
    ) {
      refused ??= { kind: 'notConfirmed', detail: `${slot} slot` }
      flash.erase(slot, 0, flash.size(slot))
      continue
    }
    // Before the image is looked at, so that one that fails is not tried again; what is not sound is erased anyway.
    if (canRevert && trailer.copyDone === 'unset') writeCopyDone(flash, slot)
    const checked = checkSlot(flash, slot, policy)
    if (!checked.ok) {
      refused ??= checked.error
      flash.erase(slot, 0, flash.size(slot))
      continue
    }
    const onTrial = canRevert && trailer.imageOk !== 'set'
    // Only an image that stays may raise the counter; one on trial would lock out the image to go back to.
    if (!onTrial) raiseSecurityCounter(flash, checked.value.image.securityCounter ?? 0)
    return ok({
      ...checked.value,
      slot,
      isLoader: false,
      swapped: null,
      resumed: false,
      refused,
      onTrial,
    })
  }
  return fail({ kind: 'noBootableImage', refused: refused ?? { kind: 'noImage', detail: 'both slots' } })
}

/** Slots that begin with an image's header, the higher version first; of two that are the same, the primary one. */
function byVersion(flash: Flash): readonly SlotName[] {
  const found: { readonly slot: SlotName; readonly version: ImageVersion }[] = []
  for (const slot of ['primary', 'secondary'] as const) {
    const header = parseImageHeader(flash.read(slot, 0, flash.size(slot)))
    if (header.ok) found.push({ slot, version: { ...header.value.version, build: 0 } })
  }
  return found.sort((a, b) => compareVersions(b.version, a.version)).map(({ slot }) => slot)
}

/** `boot_rom_address_check`: an image that says where it runs must lie there. */
function placeFault(flash: Flash, slot: SlotName): ImageRefusal | null {
  const header = parseImageHeader(flash.read(slot, 0, flash.size(slot)))
  if (!header.ok || (header.value.flags & ImageFlag.romFixed) === 0) return null
  const { loadAddress } = header.value
  if (loadAddress === slotAddress(flash, slot)) return null
  return { kind: 'wrongSlot', detail: `built for 0x${loadAddress.toString(16)}, lies in the ${slot} slot` }
}
