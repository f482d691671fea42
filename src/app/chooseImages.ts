// Which images of a release a device is sent, by how its bootloader starts them, and why it may have refused one.
import type { Hex } from '../core/bytes.ts'
import type { PackedImage } from '../core/firmware/package.ts'
import type { VerifiedFirmware } from '../core/firmware/verified.ts'
import { type BootMode, hasSlotBuilds } from '../core/mcuboot/bootMode.ts'
import { fail, ok, type Result } from '../core/result.ts'
import type { SmpFailure } from '../core/smp/client.ts'
import type { ImageSlot } from '../core/smp/image.ts'
import type { UploadFailure } from '../core/smp/upload.ts'
import type { SlotFacts } from '../core/update/step.ts'
import type { SessionFailure } from './deviceSession.ts'

export const noLoader = { kind: 'loaderNotEntered', detail: 'its application answers' } as const

/** All images of a set, or the one that is built for the slot that does not run. */
export function imagesFor(
  firmware: VerifiedFirmware,
  state: readonly ImageSlot[],
  mode: BootMode | null,
): Result<readonly PackedImage<Hex>[], SessionFailure> {
  const isOfSlots = firmware.images.some(({ slot }) => slot !== null)
  if (isOfSlots !== hasSlotBuilds(mode)) {
    return fail({ kind: 'wrongBootMode', detail: mode ?? 'the device tells no mode' })
  }
  if (!isOfSlots) return ok(firmware.images)
  const active = state.find(slot => slot.image === 0 && slot.active)
  const target = active ? 1 - active.slot : null
  const image = firmware.images.find(({ slot }) => slot === target)
  return image ? ok([image]) : fail({ kind: 'wrongBootMode', detail: `slot ${active?.slot ?? 'none'} runs` })
}

/** Servers answer both cases with one code, and what helps against one does harm in the other. */
export function explainRefusal(
  error: UploadFailure | SmpFailure,
  { running, other }: SlotFacts,
): SessionFailure {
  if (error.kind !== 'deviceError') return error
  if (other?.pending) return { kind: 'slotHoldsPending', detail: other.hash }
  if (running?.confirmed === false) return { kind: 'runningOnTrial', detail: running.hash }
  return error
}
