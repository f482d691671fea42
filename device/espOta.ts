// A reference application with Espressif's ble_ota: two partitions, sectors with CRC-16, and an image checked before it is started.
//
// Source: esp-iot-solution, component ble_ota; ESP-IDF, "Over The Air Updates": the partition that runs is never written, and
// `otadata` names another one to start only after the image in it was found whole.
import { type Bytes, concat } from '../src/core/bytes.ts'
import { crc16 } from '../src/core/dfu/crc.ts'
import {
  commandAnswer,
  ESP_SECTOR,
  EspCommand,
  EspStatus,
  readCommand,
  readPacket,
  sectorAnswer,
} from '../src/core/dfu/espFrames.ts'
import { readEspImage } from '../src/core/dfu/espImage.ts'

/** What survives a power cut. */
export class EspFlash {
  running: Bytes
  /** The other partition, as far as it was written. */
  other: Bytes = new Uint8Array()
  /** `otadata`: the other one is started at the next boot. */
  switches = false
  /** Called before each write; one that throws is a power cut. */
  beforeWrite: () => void = () => undefined

  constructor(running: Bytes) {
    this.running = running
  }

  write(change: (flash: this) => void): void {
    this.beforeWrite()
    change(this)
  }
}

export interface EspTarget {
  readonly chip: number
  readonly partitionSize: number
  /** Bytes that one packet may have: the ATT MTU less 3. Longer ones are lost. */
  readonly maxPacket: number
}

/** One life of the application, from a boot to the next. */
export class EspOtaDevice {
  readonly #flash: EspFlash
  readonly #target: EspTarget
  readonly #notify: {
    readonly command: (bytes: Uint8Array) => void
    readonly firmware: (bytes: Uint8Array) => void
  }
  readonly #restart: () => void
  #size: number | null = null
  #sector = 0
  #sequence = 0
  #data: Bytes = new Uint8Array()

  constructor(
    flash: EspFlash,
    target: EspTarget,
    notify: { readonly command: (bytes: Uint8Array) => void; readonly firmware: (bytes: Uint8Array) => void },
    restart: () => void,
  ) {
    this.#flash = flash
    this.#target = target
    this.#notify = notify
    this.#restart = restart
  }

  /** A write to 0x8022. */
  command(bytes: Uint8Array): void {
    const read = readCommand(bytes)
    if (!read.ok) return
    const { command, size } = read.value
    if (command === EspCommand.start) {
      const fits = size > 0 && size <= this.#target.partitionSize
      if (fits) {
        this.#flash.write(flash => {
          flash.other = new Uint8Array()
        })
        this.#size = size
        this.#sector = 0
        this.#begin()
      }
      this.#notify.command(commandAnswer(command, fits))
    } else if (command === EspCommand.stop) {
      const isWhole = this.#size !== null && this.#flash.other.length === this.#size
      const image = isWhole ? readEspImage(this.#flash.other) : null
      const isRight = image?.ok === true && image.value.chip === this.#target.chip
      this.#size = null
      if (isRight) {
        this.#flash.write(flash => {
          flash.switches = true
        })
      }
      this.#notify.command(commandAnswer(command, isRight))
      if (isRight) this.#restart()
    } else {
      this.#notify.command(commandAnswer(command, false))
    }
  }

  /** A write to 0x8020. */
  packet(bytes: Uint8Array): void {
    if (bytes.length > this.#target.maxPacket || this.#size === null) return
    const read = readPacket(bytes)
    if (!read.ok) return
    const { sector, sequence, isLast, data, crc } = read.value
    if (sector !== this.#sector) {
      // Each packet of it would be answered alike: said once, at its end.
      if (isLast) this.#notify.firmware(sectorAnswer(sector, EspStatus.wrongSector, this.#sector))
      return
    }
    if (!isLast && sequence === 0) this.#begin()
    const isNext = isLast || sequence === this.#sequence
    if (isNext && this.#data.length + data.length <= ESP_SECTOR) {
      this.#data = concat(this.#data, data)
      this.#sequence++
    } else {
      this.#sequence = Number.POSITIVE_INFINITY
    }
    if (!isLast) return
    const isDamaged = this.#sequence === Number.POSITIVE_INFINITY || crc !== crc16(this.#data)
    const expected = Math.min(ESP_SECTOR, this.#size - sector * ESP_SECTOR)
    if (!isDamaged && this.#data.length === expected) {
      const whole = this.#data
      this.#flash.write(flash => {
        flash.other = concat(flash.other, whole)
      })
      this.#sector++
    }
    const status = isDamaged
      ? EspStatus.crcError
      : this.#data.length === expected
        ? EspStatus.accepted
        : EspStatus.wrongLength
    this.#begin()
    this.#notify.firmware(sectorAnswer(sector, status, this.#sector))
  }

  #begin(): void {
    this.#sequence = 0
    this.#data = new Uint8Array()
  }
}

/** What the chip does at each boot. */
export function bootEsp(flash: EspFlash): void {
  if (!flash.switches) return
  flash.write(() => {
    const { other, running } = flash
    flash.running = other
    flash.other = running
    flash.switches = false
  })
}
