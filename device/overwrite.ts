// MCUboot's overwrite mode: a marked image is copied over the one that runs, and nothing is kept to go back to.
//
// bootutil's `boot_copy_image` with MCUBOOT_OVERWRITE_ONLY: what was marked stays marked until the copy is done, so a power cut in it only
// makes it begin anew.
import { fail, ok, type Result } from '../src/core/result.ts'
import {
  type Boot,
  type BootFailure,
  type BootPolicy,
  checkSlot,
  dropSecondary,
  type ImageRefusal,
  refusalOfSwap,
} from './bootloader.ts'
import type { Flash } from './flash.ts'
import { raiseSecurityCounter } from './securityCounter.ts'
import { readSlotFile } from './slotImage.ts'
import { eraseTrailer, nextSwap } from './slotTrailer.ts'

export function bootOverwrite(flash: Flash, policy: BootPolicy): Result<Boot, BootFailure> {
  let refused: ImageRefusal | null = null
  const asked = nextSwap(flash)
  if (asked !== 'none') {
    refused = refusalOfSwap(flash, policy, asked)
    if (refused) dropSecondary(flash)
    else copyOver(flash)
  }
  const checked = checkSlot(flash, 'primary', policy)
  if (!checked.ok) return fail({ kind: 'noBootableImage', refused: checked.error })
  raiseSecurityCounter(flash, checked.value.image.securityCounter ?? 0)
  return ok({
    ...checked.value,
    slot: 'primary',
    isLoader: false,
    swapped: null,
    resumed: false,
    refused,
    onTrial: false,
  })
}

function copyOver(flash: Flash): void {
  const file = readSlotFile(flash, 'secondary')
  if (!file) return
  flash.erase('primary', 0, flash.size('primary'))
  flash.write('primary', 0, file)
  eraseTrailer(flash, 'secondary')
}
