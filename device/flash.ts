// The device's flash: named areas of NOR flash, which writes can only clear bits in and erases set back, sector by sector.
import type { Bytes } from '../src/core/bytes.ts'

export type SlotName = 'primary' | 'secondary'
/**
 * `primary` runs, `secondary` takes uploads; `scratch` and `swapStatus` are the bootloader's while it swaps them;
 * `counters` holds the security counter, which outlives every image; `settings` what the device knows of its owner.
 */
export type FlashArea = SlotName | 'scratch' | 'swapStatus' | 'counters' | 'settings'

/** All offsets and lengths in bytes. Everything out of range throws RangeError: that is a bug of the firmware. */
export interface Flash {
  readonly sectorSize: number
  size(area: FlashArea): number
  /** A copy. */
  read(area: FlashArea, offset: number, length: number): Bytes
  /** Clears bits only: what was not erased before becomes old AND new. */
  write(area: FlashArea, offset: number, bytes: Uint8Array): void
  /** Whole sectors; they read 0xff afterwards. */
  erase(area: FlashArea, offset: number, length: number): void
}

export const ERASED = 0xff

export const otherSlot = (slot: SlotName): SlotName => (slot === 'primary' ? 'secondary' : 'primary')

/** Bytes of the bootloader, which lies before the slots. */
const BOOTLOADER_SIZE = 0xc000

/** Where a slot begins in the device's memory: what an image that runs there is linked for. */
export const slotAddress = (flash: Pick<Flash, 'size'>, slot: SlotName): number =>
  slot === 'primary' ? BOOTLOADER_SIZE : BOOTLOADER_SIZE + flash.size('primary')

/** Structured-cloneable, so that it can be kept in IndexedDB as it is. */
export interface FlashSnapshot {
  readonly sectorSize: number
  /** Snapshots of earlier versions have no `settings`: they are of devices that nobody had paired. */
  readonly areas: Readonly<Record<Exclude<FlashArea, 'settings'>, Bytes>> & { readonly settings?: Bytes }
}

export interface FlashGeometry {
  /** Bytes per image slot, a multiple of `sectorSize`. */
  readonly slotSize: number
  /** Bytes; 4096 where left out. */
  readonly sectorSize?: number
}

const AREAS = ['primary', 'secondary', 'scratch', 'swapStatus', 'counters', 'settings'] as const
/** Bytes at least, of which one half is in use at a time. */
const SETTINGS_SIZE = 2 * 16_384

export class MemoryFlash implements Flash {
  readonly sectorSize: number
  readonly #areas: ReadonlyMap<FlashArea, Bytes>
  readonly #listeners = new Set<() => void>()

  constructor({ slotSize, sectorSize = 4096 }: FlashGeometry) {
    if (slotSize < 2 * sectorSize || slotSize % sectorSize !== 0) {
      throw new RangeError(`a slot of ${slotSize} bytes is not two or more sectors of ${sectorSize}`)
    }
    const sizes: Record<FlashArea, number> = {
      primary: slotSize,
      secondary: slotSize,
      scratch: sectorSize,
      swapStatus: sectorSize,
      counters: 2 * sectorSize,
      settings: 2 * sectorSize * Math.ceil(SETTINGS_SIZE / 2 / sectorSize),
    }
    this.sectorSize = sectorSize
    this.#areas = new Map(AREAS.map(area => [area, new Uint8Array(sizes[area]).fill(ERASED)]))
  }

  /** undefined where the snapshot is not one of a flash like this. */
  static restore(snapshot: FlashSnapshot): MemoryFlash | undefined {
    const { sectorSize, areas } = snapshot
    const slotSize = areas.primary.length
    if (!(sectorSize > 0) || slotSize < 2 * sectorSize || slotSize % sectorSize !== 0) return undefined
    const flash = new MemoryFlash({ slotSize, sectorSize })
    for (const [area, bytes] of flash.#areas) {
      const kept = areas[area]
      if (kept === undefined && area === 'settings') continue
      if (kept?.length !== bytes.length) return undefined
      bytes.set(kept)
    }
    return flash
  }

  snapshot(): FlashSnapshot {
    const copy = (area: FlashArea) => Uint8Array.from(this.#bytes(area))
    return {
      sectorSize: this.sectorSize,
      areas: {
        primary: copy('primary'),
        secondary: copy('secondary'),
        scratch: copy('scratch'),
        swapStatus: copy('swapStatus'),
        counters: copy('counters'),
        settings: copy('settings'),
      },
    }
  }

  /** Calls back after every write and erase, so that a page can store a snapshot. Returns the unsubscribe. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  size(area: FlashArea): number {
    return this.#bytes(area).length
  }

  read(area: FlashArea, offset: number, length: number): Bytes {
    this.#check(area, offset, length)
    return this.#bytes(area).slice(offset, offset + length)
  }

  write(area: FlashArea, offset: number, bytes: Uint8Array): void {
    this.#check(area, offset, bytes.length)
    const target = this.#bytes(area)
    for (let i = 0; i < bytes.length; i++) target[offset + i] = (target[offset + i] ?? 0) & (bytes[i] ?? 0)
    this.#changed()
  }

  erase(area: FlashArea, offset: number, length: number): void {
    this.#check(area, offset, length)
    if (offset % this.sectorSize !== 0 || length % this.sectorSize !== 0) {
      throw new RangeError(`erase of ${length} bytes at ${offset} does not fall on sectors`)
    }
    this.#bytes(area).fill(ERASED, offset, offset + length)
    this.#changed()
  }

  #bytes(area: FlashArea): Bytes {
    const bytes = this.#areas.get(area)
    if (!bytes) throw new RangeError(`no flash area ${area}`)
    return bytes
  }

  #check(area: FlashArea, offset: number, length: number): void {
    const isInside = offset >= 0 && length >= 0 && offset + length <= this.#bytes(area).length
    if (!isInside || !Number.isInteger(offset) || !Number.isInteger(length)) {
      throw new RangeError(`${length} bytes at ${offset} are outside of ${area}`)
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

/** Whether an area holds nothing but erased bytes. */
export function isErased(flash: Flash, area: FlashArea): boolean {
  return flash.read(area, 0, flash.size(area)).every(byte => byte === ERASED)
}
