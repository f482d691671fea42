// Swaps the two image slots through a scratch sector so that a power cut at any moment can be made good afterwards.
//
// MCUboot's swap using scratch (docs/design.md, "Image swapping" and "Swap status"): three steps per sector pair, each
// recorded after it was done, so that a step is at worst repeated. Unlike MCUboot, the records have an area of their own
// rather than the trailers' tail, which costs a sector of flash and saves the trailers' special cases.
import { ERASED, type Flash } from './flash.ts'
import {
  eraseTrailer,
  type SwapType,
  trailerSize,
  writeCopyDone,
  writeImageOk,
  writeMagic,
} from './slotTrailer.ts'

export type PendingSwap = Exclude<SwapType, 'none'>

interface SwapPlan {
  readonly type: PendingSwap
  /** Sector pairs to swap, counted from the start of the slots. */
  readonly sectors: number
}

// Layout of the status area: type, number of sectors (4 bytes, little-endian), state, three records per sector pair.
const TYPE_AT = 0
const SECTORS_AT = 4
const STATE_AT = 8
const RECORDS_AT = 16
const UNDER_WAY = 0x01
const FINISHED = 0x00
const TYPES: readonly PendingSwap[] = ['test', 'permanent', 'revert']

/** Begins and completes a swap of the first `bytes` of both slots, then writes the trailers that `type` calls for. */
export function swapImages(flash: Flash, type: PendingSwap, bytes: number): void {
  const room = flash.size('primary') - trailerSize(flash)
  const sectors = Math.ceil(Math.min(bytes, room) / flash.sectorSize)
  flash.erase('swapStatus', 0, flash.size('swapStatus'))
  const count = new Uint8Array(4)
  new DataView(count.buffer).setUint32(0, sectors, true)
  flash.write('swapStatus', TYPE_AT, Uint8Array.of(TYPES.indexOf(type)))
  flash.write('swapStatus', SECTORS_AT, count)
  // One byte, written last: before it the swap has not begun, and the trailers still ask for it.
  flash.write('swapStatus', STATE_AT, Uint8Array.of(UNDER_WAY))
  complete(flash, { type, sectors })
}

/** Completes a swap that a reset interrupted; says which, or undefined where none was under way. */
export function resumeSwap(flash: Flash): PendingSwap | undefined {
  const [state] = flash.read('swapStatus', STATE_AT, 1)
  if (state !== UNDER_WAY) return undefined
  const type = TYPES[flash.read('swapStatus', TYPE_AT, 1)[0] ?? ERASED]
  const sectors = new DataView(flash.read('swapStatus', SECTORS_AT, 4).buffer).getUint32(0, true)
  if (type === undefined) return undefined
  complete(flash, { type, sectors })
  return type
}

/** Bytes that the status area needs for slots of this size; checked once, when a device is made. */
export function swapStatusSize(flash: Flash): number {
  return RECORDS_AT + 3 * (flash.size('primary') / flash.sectorSize)
}

function complete(flash: Flash, { type, sectors }: SwapPlan): void {
  for (let sector = sectors - 1; sector >= 0; sector--) swapSector(flash, sector)
  eraseTrailer(flash, 'secondary')
  eraseTrailer(flash, 'primary')
  writeMagic(flash, 'primary')
  if (type !== 'test') writeImageOk(flash, 'primary')
  writeCopyDone(flash, 'primary')
  flash.write('swapStatus', STATE_AT, Uint8Array.of(FINISHED))
}

function swapSector(flash: Flash, sector: number): void {
  const at = sector * flash.sectorSize
  const size = flash.sectorSize
  step(flash, sector, 0, () => {
    flash.erase('scratch', 0, size)
    flash.write('scratch', 0, flash.read('secondary', at, size))
  })
  step(flash, sector, 1, () => {
    flash.erase('secondary', at, size)
    flash.write('secondary', at, flash.read('primary', at, size))
  })
  step(flash, sector, 2, () => {
    flash.erase('primary', at, size)
    flash.write('primary', at, flash.read('scratch', 0, size))
  })
}

/** Does a step unless its record says that it was done. The source of a step is never touched by the step itself. */
function step(flash: Flash, sector: number, index: number, work: () => void): void {
  const recordAt = RECORDS_AT + 3 * sector + index
  if (flash.read('swapStatus', recordAt, 1)[0] !== ERASED) return
  work()
  flash.write('swapStatus', recordAt, Uint8Array.of(index + 1))
}
