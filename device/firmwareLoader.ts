// MCUboot's firmware loader mode: the application in the primary slot, a small loader in the other one that alone can replace it.
//
// boot/zephyr/firmware_loader.c, with BOOT_FIRMWARE_LOADER_BOOT_MODE and BOOT_FIRMWARE_LOADER_NO_APPLICATION: the loader is started when the
// last reset asked for it, and whenever there is no sound application. It is never written to, so there is always something to go on from.
import { fail, ok, type Result } from '../src/core/result.ts'
import { type Boot, type BootFailure, type BootPolicy, checkSlot } from './bootloader.ts'
import type { Flash } from './flash.ts'
import { raiseSecurityCounter } from './securityCounter.ts'

/** `wantsLoader`: what the retained memory held, which the bootloader clears as it reads it. */
export function bootWithLoader(
  flash: Flash,
  policy: BootPolicy,
  wantsLoader: boolean,
): Result<Boot, BootFailure> {
  // The counter counts applications: a loader that was never replaced must go on being started.
  const loader = checkSlot(flash, 'secondary', policy, false)
  const application = checkSlot(flash, 'primary', policy)
  const rest = { swapped: null, resumed: false, onTrial: false } as const
  if (loader.ok && (wantsLoader || !application.ok)) {
    const refused = application.ok ? null : application.error
    return ok({ ...loader.value, ...rest, slot: 'secondary', isLoader: true, refused })
  }
  if (!application.ok) return fail({ kind: 'noBootableImage', refused: application.error })
  raiseSecurityCounter(flash, application.value.image.securityCounter ?? 0)
  return ok({ ...application.value, ...rest, slot: 'primary', isLoader: false, refused: null })
}
