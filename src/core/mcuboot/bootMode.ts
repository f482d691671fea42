// How MCUboot starts images, as a device tells it (`enum mcuboot_mode` of bootutil/boot_status.h), and what follows for an update.

/**
 * `swap`: with scratch, by moving or with an offset, which is the same from outside. The two direct-XIP modes run an image
 * where it lies, so each slot has a build of its own.
 */
export type BootMode =
  | 'singleSlot'
  | 'swap'
  | 'overwrite'
  | 'directXip'
  | 'directXipRevert'
  | 'ramLoad'
  | 'firmwareLoader'

/** By number, from 0 on. */
const MODES: readonly BootMode[] = [
  'singleSlot',
  'swap',
  'overwrite',
  'swap',
  'directXip',
  'directXipRevert',
  'ramLoad',
  'firmwareLoader',
  'singleSlot',
  'swap',
]

/** MCUboot's number for modes that a device of ours can be in. */
export const BOOT_MODE_NUMBERS = {
  swap: 1,
  overwrite: 2,
  directXip: 4,
  directXipRevert: 5,
  firmwareLoader: 7,
} as const satisfies Partial<Record<BootMode, number>>

/** null for a mode that is not known here, among them -1, with which a device says that it does not know either. */
export const bootModeOf = (mode: number | null): BootMode | null =>
  mode === null ? null : (MODES[mode] ?? null)

/** Each slot takes its own build, linked for its address. */
export const hasSlotBuilds = (mode: BootMode | null): boolean =>
  mode === 'directXip' || mode === 'directXipRevert'

/** Of two sound images the one with the higher version is started, whichever slot it is in; a build number does not count. */
export const startsHighest = (mode: BootMode | null): boolean => hasSlotBuilds(mode) || mode === 'ramLoad'

/** Whether an image is started on trial and left again unless it is confirmed. A device that tells no mode is taken to swap. */
export const goesBack = (mode: BootMode | null): boolean =>
  mode === null || mode === 'swap' || mode === 'directXipRevert'

/** Whether the device has to be told to start what was uploaded: where not, its bootloader looks for itself. */
export const isMarked = (mode: BootMode | null): boolean => goesBack(mode) || mode === 'overwrite'
