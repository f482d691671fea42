// MCUboot's firmware loader mode: the application in the primary slot, a small loader in the other one that alone can replace it.
//
// boot/zephyr/firmware_loader.c, with BOOT_FIRMWARE_LOADER_BOOT_MODE and BOOT_FIRMWARE_LOADER_NO_APPLICATION: the loader is started when the
// last reset asked for it, and whenever there is no sound application. It is never written to, so there is always something to go on from.
import { fail, ok, type Result } from '../src/core/result.ts'
import { type Boot, type BootFailure, type BootPolicy, checkSlot, type ImageRefusal } from './bootloader.ts'
import type { Flash } from './flash.ts'
import { raiseSecurityCounter } from './securityCounter.ts'

/** `wantsLoader`: what the retained memory held, which the bootloader clears as it reads it. */
export function bootWithLoader(
  flash: Flash,
  policy: BootPolicy,
  wantsLoader: boolean,
): Result<Boot, BootFailure> {
  const rest = { swapped: null, resumed: false, onTrial: false } as const
  // The counter counts applications: a loader that was never replaced must go on being started.
  const startLoader = (refused: ImageRefusal | null): Result<Boot, BootFailure> => {
    const loader = checkSlot(flash, 'secondary', policy, false)
    return loader.ok
      ? ok({ ...loader.value, ...rest, slot: 'secondary', isLoader: true, refused })
      : fail({ kind: 'noBootableImage', refused: refused ?? loader.error })
  }
  if (wantsLoader) {
    const loader = startLoader(null)
    if (loader.ok) return loader
  }
  const application = checkSlot(flash, 'primary', policy)
  if (!application.ok) return startLoader(application.error)
  raiseSecurityCounter(flash, application.value.image.securityCounter ?? 0)
  return ok({ ...application.value, ...rest, slot: 'primary', isLoader: false, refused: null })
}
