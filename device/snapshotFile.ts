// A flash’s snapshot as bytes, to be kept or sent somewhere else: the sector size, and each area with its length in front.
import { type Bytes, concat } from '../src/core/bytes.ts'
import type { FlashSnapshot } from './flash.ts'

const AREAS = ['primary', 'secondary', 'scratch', 'swapStatus', 'counters', 'settings'] as const

/** Lengths are four bytes, little-endian; an area that the snapshot does not have is of none. */
export function encodeSnapshot({ sectorSize, areas }: FlashSnapshot): Bytes {
  const parts = AREAS.flatMap(name => {
    const bytes = areas[name] ?? new Uint8Array()
    return [uint32(bytes.length), bytes]
  })
  return concat(uint32(sectorSize), ...parts)
}

/** undefined for bytes that are no snapshot. Whether a flash can have been like that is for `MemoryFlash.restore` to say. */
export function decodeSnapshot(bytes: Uint8Array): FlashSnapshot | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 4
  const next = (): Bytes | undefined => {
    if (at + 4 > bytes.length) return undefined
    const length = view.getUint32(at, true)
    at += 4 + length
    return at > bytes.length ? undefined : Uint8Array.from(bytes.subarray(at - length, at))
  }
  const [primary, secondary, scratch, swapStatus, counters, settings] = AREAS.map(next)
  if (!primary || !secondary || !scratch || !swapStatus || !counters || !settings || at !== bytes.length) {
    return undefined
  }
  const areas = { primary, secondary, scratch, swapStatus, counters }
  return {
    sectorSize: view.getUint32(0, true),
    areas: settings.length > 0 ? { ...areas, settings } : areas,
  }
}

function uint32(value: number): Bytes {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}
