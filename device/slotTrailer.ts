// The trailer at the end of an image slot and what the two trailers mean (MCUboot docs/design.md, "Image trailers").
import { bytesEqual, fromHex } from '../src/core/bytes.ts'
import { ERASED, type Flash, type SlotName } from './flash.ts'

// From the end of the slot, with BOOT_MAX_ALIGN of 8 (bootutil_public.c): 16 bytes of magic, then one flag per 8 bytes.
const MAGIC = fromHex('0x77c295f360d2ef7f3552500f2cb67980') ?? new Uint8Array()
const IMAGE_OK_FROM_END = 24
const COPY_DONE_FROM_END = 32
const FLAG_SET = 0x01

export type FlagState = 'set' | 'unset' | 'bad'

export interface Trailer {
  readonly magic: 'good' | 'unset' | 'bad'
  readonly imageOk: FlagState
  readonly copyDone: FlagState
}

/** What the bootloader does at the next reset: `BOOT_SWAP_TYPE_*`. */
export type SwapType = 'none' | 'test' | 'permanent' | 'revert'

/** Bytes at the end of a slot that no image may reach into: the trailer is erased with its whole sector. */
export const trailerSize = (flash: Flash): number => flash.sectorSize

/** Bytes of the largest image file that a slot takes. */
export const maxImageSize = (flash: Flash): number => flash.size('secondary') - trailerSize(flash)

export function readTrailer(flash: Flash, slot: SlotName): Trailer {
  const end = flash.size(slot)
  const magic = flash.read(slot, end - MAGIC.length, MAGIC.length)
  const isUnset = magic.every(byte => byte === ERASED)
  return {
    magic: bytesEqual(magic, MAGIC) ? 'good' : isUnset ? 'unset' : 'bad',
    imageOk: readFlag(flash, slot, end - IMAGE_OK_FROM_END),
    copyDone: readFlag(flash, slot, end - COPY_DONE_FROM_END),
  }
}

function readFlag(flash: Flash, slot: SlotName, offset: number): FlagState {
  const [byte] = flash.read(slot, offset, 1)
  return byte === FLAG_SET ? 'set' : byte === ERASED ? 'unset' : 'bad'
}

export const writeMagic = (flash: Flash, slot: SlotName): void =>
  flash.write(slot, flash.size(slot) - MAGIC.length, MAGIC)

export const writeImageOk = (flash: Flash, slot: SlotName): void =>
  flash.write(slot, flash.size(slot) - IMAGE_OK_FROM_END, Uint8Array.of(FLAG_SET))

export const writeCopyDone = (flash: Flash, slot: SlotName): void =>
  flash.write(slot, flash.size(slot) - COPY_DONE_FROM_END, Uint8Array.of(FLAG_SET))

export const eraseTrailer = (flash: Flash, slot: SlotName): void =>
  flash.erase(slot, flash.size(slot) - trailerSize(flash), trailerSize(flash))

/** The states I to IV of MCUboot's documentation, in their order of precedence (`boot_swap_tables`). */
export function swapTypeOf(primary: Trailer, secondary: Trailer): SwapType {
  if (secondary.magic === 'good' && secondary.imageOk === 'unset') return 'test'
  if (secondary.magic === 'good' && secondary.imageOk === 'set') return 'permanent'
  const isOnTrial = primary.magic === 'good' && primary.imageOk === 'unset' && primary.copyDone === 'set'
  return isOnTrial && secondary.magic === 'unset' ? 'revert' : 'none'
}

export const nextSwap = (flash: Flash): SwapType =>
  swapTypeOf(readTrailer(flash, 'primary'), readTrailer(flash, 'secondary'))
