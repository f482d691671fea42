// A reference bootloader with Nordic's Secure DFU and two banks, as far as its published protocol goes.
//
// Source: Nordic, nRF5 SDK 17, "DFU request handling" and "Firmware activation". The new image goes to the second bank; only
// when its SHA-256 is what a signed init packet says is the first bank overwritten, and a cut in the middle of that is gone on
// with at the next boot. What lies in `NordicFlash` survives a power cut, everything else does not.
import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, bytesEqual, concat } from '../src/core/bytes.ts'
import { crc32 } from '../src/core/dfu/crc.ts'
import { DfuExtendedError, DfuObject, DfuOp, DfuResult } from '../src/core/dfu/nordicControl.ts'
import { type InitCommand, readInitPacket } from '../src/core/dfu/nordicPackage.ts'

/** Bytes of a page of flash, which is what a data object has at most. */
const PAGE = 4096
const MAX_COMMAND = 512

/** Each field is written at once, as the settings page with its copy and each page of flash are. */
export class NordicFlash {
  application: Bytes
  version: number
  command: Bytes = new Uint8Array()
  /** Pages that were executed, one after the other. */
  pages: Bytes[] = []
  /** The second bank is whole and right: the next boot copies it. */
  activates = false
  /** Called before each write; one that throws is a power cut. */
  beforeWrite: () => void = () => undefined

  constructor(application: Bytes, version: number) {
    this.application = application
    this.version = version
  }

  write(change: (flash: this) => void): void {
    this.beforeWrite()
    change(this)
  }
}

export interface NordicTarget {
  readonly hardwareVersion: number
  /** FWID of its SoftDevice. */
  readonly softDevice: number
  /** x || y of the key that signs packages, 64 bytes big-endian. */
  readonly trustedKey: Uint8Array
  /** Bytes of a bank. */
  readonly bankSize: number
  /** Bytes that one packet may have: the ATT MTU less 3. Longer ones are lost. */
  readonly maxPacket: number
}

/** One life of the bootloader, from a reset to the next. */
export class NordicBootloader {
  readonly #flash: NordicFlash
  readonly #target: NordicTarget
  readonly #notify: (bytes: Uint8Array) => void
  readonly #restart: () => void
  #selected: 'command' | 'data' | null = null
  #commandSize = 0
  #command: Bytes
  #init: InitCommand | null = null
  #objectSize = 0
  #object: Bytes = new Uint8Array()
  #isExecuted = true
  #receiptsEvery = 0
  #packets = 0
  #isComplete = false

  /** `restart` is called when the image is complete: the next life is `bootNordic`'s. */
  constructor(
    flash: NordicFlash,
    target: NordicTarget,
    notify: (bytes: Uint8Array) => void,
    restart: () => void,
  ) {
    this.#flash = flash
    this.#target = target
    this.#notify = notify
    this.#restart = restart
    this.#command = flash.command
    this.#commandSize = flash.command.length
  }

  /** A write to the control point. */
  control(request: Uint8Array): void {
    this.#notify(this.#answerTo(request))
    if (this.#isComplete) this.#restart()
  }

  #answerTo(request: Uint8Array): Bytes {
    const op = request[0] ?? 0
    const view = new DataView(request.buffer, request.byteOffset, request.byteLength)
    switch (op) {
      case DfuOp.create:
        return request.length === 6
          ? this.#create(view.getUint8(1), view.getUint32(2, true))
          : answer(op, DfuResult.invalidParameter)
      case DfuOp.setReceipts:
        this.#receiptsEvery = request.length === 3 ? view.getUint16(1, true) : 0
        this.#packets = 0
        return answer(op, DfuResult.success)
      case DfuOp.checksum:
        return answer(op, DfuResult.success, this.#progress())
      case DfuOp.execute:
        return this.#execute()
      case DfuOp.select:
        return this.#select(request[1] ?? 0)
      default:
        return answer(op, DfuResult.notSupported)
    }
  }

  /** A write to the packet characteristic. */
  packet(bytes: Uint8Array): void {
    if (bytes.length > this.#target.maxPacket) return
    if (this.#selected === 'command' && this.#command.length + bytes.length <= this.#commandSize) {
      this.#command = concat(this.#command, bytes)
    } else if (this.#selected === 'data' && this.#object.length + bytes.length <= this.#objectSize) {
      this.#object = concat(this.#object, bytes)
    } else return
    this.#packets++
    if (this.#receiptsEvery > 0 && this.#packets % this.#receiptsEvery === 0) {
      this.#notify(answer(DfuOp.checksum, DfuResult.success, this.#progress()))
    }
  }

  get #stored(): Bytes {
    return concat(...this.#flash.pages)
  }

  #progress(): Bytes {
    const data = this.#selected === 'command' ? this.#command : concat(this.#stored, this.#pending)
    return uint32s(data.length, crc32(data))
  }

  /** Of a page that was not executed yet: kept over a lost link, lost with the power. */
  get #pending(): Bytes {
    return this.#isExecuted ? new Uint8Array() : this.#object
  }

  #select(type: number): Bytes {
    if (type !== DfuObject.command && type !== DfuObject.data) {
      return answer(DfuOp.select, DfuResult.unsupportedType)
    }
    this.#selected = type === DfuObject.command ? 'command' : 'data'
    const max = type === DfuObject.command ? MAX_COMMAND : PAGE
    return answer(DfuOp.select, DfuResult.success, concat(uint32s(max), this.#progress()))
  }

  #create(type: number, size: number): Bytes {
    this.#packets = 0
    if (type === DfuObject.command && size > 0 && size <= MAX_COMMAND) {
      this.#selected = 'command'
      this.#commandSize = size
      this.#command = new Uint8Array()
      this.#init = null
      // Another package: nothing of the one before is of use.
      this.#flash.write(flash => {
        flash.command = new Uint8Array()
        flash.pages = []
      })
      this.#object = new Uint8Array()
      this.#isExecuted = true
      return answer(DfuOp.create, DfuResult.success)
    }
    if (type !== DfuObject.data) return answer(DfuOp.create, DfuResult.invalidParameter)
    const init = this.#init
    const left = init ? init.applicationSize - this.#stored.length : 0
    if (!init || size !== Math.min(left, PAGE) || size === 0) {
      return answer(DfuOp.create, DfuResult.notPermitted)
    }
    this.#selected = 'data'
    this.#objectSize = size
    this.#object = new Uint8Array()
    this.#isExecuted = false
    return answer(DfuOp.create, DfuResult.success)
  }

  #execute(): Bytes {
    if (this.#selected === 'command') return this.#executeCommand()
    const init = this.#init
    if (!init || this.#isExecuted || this.#object.length !== this.#objectSize) {
      return answer(DfuOp.execute, DfuResult.notPermitted)
    }
    const page = this.#object
    this.#flash.write(flash => flash.pages.push(page))
    this.#isExecuted = true
    const image = this.#stored
    if (image.length < init.applicationSize) return answer(DfuOp.execute, DfuResult.success)
    if (!bytesEqual(sha256(image), init.hash)) {
      this.#flash.write(flash => {
        flash.pages = []
      })
      return refuse(DfuExtendedError.hashFailed)
    }
    this.#flash.write(flash => {
      flash.activates = true
    })
    this.#isComplete = true
    return answer(DfuOp.execute, DfuResult.success)
  }

  #executeCommand(): Bytes {
    if (this.#init) return answer(DfuOp.execute, DfuResult.success)
    if (this.#commandSize === 0 || this.#command.length !== this.#commandSize) {
      return answer(DfuOp.execute, DfuResult.notPermitted)
    }
    const packet = readInitPacket(this.#command)
    if (!packet.ok) return answer(DfuOp.execute, DfuResult.invalidObject)
    const { init, signature, signedCommand } = packet.value
    const { hardwareVersion, softDevice, trustedKey, bankSize } = this.#target
    if (!signature) return refuse(DfuExtendedError.signatureMissing)
    const isSigned = p256.verify(signature, signedCommand, concat(Uint8Array.of(0x04), trustedKey), {
      lowS: false,
    })
    if (!isSigned) return refuse(DfuExtendedError.signatureWrong)
    if (init.hardwareVersion !== hardwareVersion) return refuse(DfuExtendedError.wrongHardware)
    if (!init.softDevices.includes(softDevice)) return refuse(DfuExtendedError.wrongSoftDevice)
    if (init.firmwareVersion < this.#flash.version) return refuse(DfuExtendedError.versionTooLow)
    if (init.applicationSize > bankSize) return answer(DfuOp.execute, DfuResult.insufficientResources)
    const command = this.#command
    if (!bytesEqual(command, this.#flash.command)) {
      this.#flash.write(flash => {
        flash.command = command
        flash.pages = []
      })
    }
    this.#init = init
    return answer(DfuOp.execute, DfuResult.success)
  }
}

const answer = (op: number, result: number, payload: Uint8Array = new Uint8Array()): Bytes =>
  concat(Uint8Array.of(DfuOp.response, op, result), payload)

const refuse = (extended: number): Bytes => answer(DfuOp.execute, DfuResult.extended, Uint8Array.of(extended))

/** What the bootloader does at each reset: finishes what it has promised, then starts what lies in the first bank. */
export function bootNordic(flash: NordicFlash): void {
  if (!flash.activates) return
  const image = concat(...flash.pages)
  const packet = readInitPacket(flash.command)
  const version = packet.ok ? packet.value.init.firmwareVersion : flash.version
  // Page by page; until the last of them is there, the flag stays and the next boot begins anew.
  for (let at = 0; at < image.length; at += PAGE) {
    flash.write(({ application }) => {
      flash.application = concat(image.subarray(0, at + PAGE), application.subarray(at + PAGE))
    })
  }
  flash.write(() => {
    flash.application = image
    flash.version = version
    flash.activates = false
    flash.pages = []
    flash.command = new Uint8Array()
  })
}

function uint32s(...values: number[]): Bytes {
  const bytes = new Uint8Array(4 * values.length)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => {
    view.setUint32(4 * i, value, true)
  })
  return bytes
}
