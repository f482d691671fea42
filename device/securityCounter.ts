// The device's security counter: the highest that a confirmed image had; it only grows (bootutil/security_cnt.h).
import type { Flash } from './flash.ts'

/** A record is the counter and its complement, 4 bytes each, little-endian: a torn write is no record. */
const RECORD_SIZE = 8

/** 0 on a fresh device. */
export function readSecurityCounter(flash: Flash): number {
  let highest = 0
  for (const counter of records(flash, 0, flash.size('counters'))) highest = Math.max(highest, counter ?? 0)
  return highest
}

/** Appends a record where `counter` is higher than the stored one; else does nothing. */
export function raiseSecurityCounter(flash: Flash, counter: number): void {
  if (counter <= readSecurityCounter(flash)) return
  const bytes = new Uint8Array(RECORD_SIZE)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, counter, true)
  view.setUint32(4, ~counter, true)
  flash.write('counters', freeRecord(flash), bytes)
}

/** Two sectors take turns: the one with the lower counters is erased only when the other one is full. */
function freeRecord(flash: Flash): number {
  const size = flash.sectorSize
  const sectors = [0, size].map(start => ({ start, entries: records(flash, start, size) }))
  for (const { start, entries } of sectors) {
    const free = entries.indexOf(null)
    if (free !== -1) return start + free * RECORD_SIZE
  }
  const [oldest] = sectors
    .map(({ start, entries }) => ({ start, highest: Math.max(...entries.map(entry => entry ?? 0)) }))
    .sort((a, b) => a.highest - b.highest)
  const start = oldest?.start ?? 0
  flash.erase('counters', start, size)
  return start
}

/** Per record: the counter, undefined where it is torn, null where it is still erased. */
function records(flash: Flash, start: number, length: number): (number | undefined | null)[] {
  const view = new DataView(flash.read('counters', start, length).buffer)
  const found: (number | undefined | null)[] = []
  for (let at = 0; at + RECORD_SIZE <= length; at += RECORD_SIZE) {
    const counter = view.getUint32(at, true)
    const complement = view.getUint32(at + 4, true)
    const isErased = counter === 0xffffffff && complement === 0xffffffff
    found.push(isErased ? null : complement === ~counter >>> 0 ? counter : undefined)
  }
  return found
}
