// Flash whose power goes in the middle of an operation of the test's choice.
import { type Flash, type FlashArea, MemoryFlash } from '../../../device/flash.ts'

export class PowerCut extends Error {}

/** Passes operations through until the power goes in the middle of one: half of it is done, then it throws. */
export class FailingFlash implements Flash {
  readonly sectorSize: number
  readonly #flash: MemoryFlash
  #left: number

  constructor(flash: MemoryFlash, operations: number) {
    this.#flash = flash
    this.sectorSize = flash.sectorSize
    this.#left = operations
  }

  size(area: FlashArea): number {
    return this.#flash.size(area)
  }

  read(area: FlashArea, offset: number, length: number) {
    return this.#flash.read(area, offset, length)
  }

  write(area: FlashArea, offset: number, bytes: Uint8Array): void {
    const isCut = this.#left-- <= 0
    this.#flash.write(area, offset, isCut ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes)
    if (isCut) throw new PowerCut()
  }

  erase(area: FlashArea, offset: number, length: number): void {
    const isCut = this.#left-- <= 0
    const half = Math.floor(length / 2 / this.sectorSize) * this.sectorSize
    this.#flash.erase(area, offset, isCut ? half : length)
    if (isCut) throw new PowerCut()
  }
}

/** A device's own flash: the power goes in the middle of the operation of the test's choice, as often as it chooses. */
export class PluggedFlash extends MemoryFlash {
  left = Number.POSITIVE_INFINITY

  override write(area: FlashArea, offset: number, bytes: Uint8Array): void {
    const isCut = this.left-- <= 0
    super.write(area, offset, isCut ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes)
    if (isCut) throw new PowerCut()
  }

  override erase(area: FlashArea, offset: number, length: number): void {
    const isCut = this.left-- <= 0
    super.erase(area, offset, isCut ? Math.floor(length / 2 / this.sectorSize) * this.sectorSize : length)
    if (isCut) throw new PowerCut()
  }
}
