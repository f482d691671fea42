// Flash in files, one for each area: what was written is on the disk before the device says so, as on a chip.
import { closeSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Flash, type FlashArea, type FlashGeometry, MemoryFlash } from '../../device/flash.ts'
import type { Bytes } from '../../src/core/bytes.ts'
import { readFileIfThere, writeFileDurably } from '../files.ts'

const AREAS = ['primary', 'secondary', 'scratch', 'swapStatus', 'counters', 'settings'] as const

/**
 * A write or an erase goes to its place in the area's file, and is synchronised before the call returns: a power cut loses
 * at most the one that was under way, in part, as flash does; the device's own order of writes makes that harmless.
 */
export class FileFlash implements Flash {
  readonly #memory: MemoryFlash
  readonly #files: ReadonlyMap<FlashArea, number>

  private constructor(memory: MemoryFlash, files: ReadonlyMap<FlashArea, number>) {
    this.#memory = memory
    this.#files = files
  }

  /** Makes erased areas where there are none yet. Throws where a file is not of this geometry. */
  static open(directory: string, geometry: FlashGeometry): FileFlash {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const memory = new MemoryFlash(geometry)
    const files = new Map<FlashArea, number>()
    for (const area of AREAS) {
      const path = join(directory, `${area}.bin`)
      const erased = memory.read(area, 0, memory.size(area))
      if (readFileIfThere(path) === undefined) writeFileDurably(path, erased, 0o600)
      const stored = readFileSync(path)
      if (stored.length !== erased.length) {
        throw new Error(`${path} has ${stored.length} bytes, not ${erased.length}: it is another device's`)
      }
      memory.write(area, 0, stored)
      files.set(area, openSync(path, 'r+'))
    }
    return new FileFlash(memory, files)
  }

  get sectorSize(): number {
    return this.#memory.sectorSize
  }

  size(area: FlashArea): number {
    return this.#memory.size(area)
  }

  read(area: FlashArea, offset: number, length: number): Bytes {
    return this.#memory.read(area, offset, length)
  }

  write(area: FlashArea, offset: number, bytes: Uint8Array): void {
    this.#memory.write(area, offset, bytes)
    this.#store(area, offset, bytes.length)
  }

  erase(area: FlashArea, offset: number, length: number): void {
    this.#memory.erase(area, offset, length)
    this.#store(area, offset, length)
  }

  close(): void {
    for (const file of this.#files.values()) {
      fsyncSync(file)
      closeSync(file)
    }
  }

  #store(area: FlashArea, offset: number, length: number): void {
    const file = this.#files.get(area)
    if (file === undefined) throw new RangeError(`no flash area ${area}`)
    const bytes = this.#memory.read(area, offset, length)
    for (let done = 0; done < length; ) done += writeSync(file, bytes, done, length - done, offset + done)
    fdatasyncSync(file)
  }
}
