// Values that must survive a power cut at any byte: a log of whole changes in flash, each with its check sum.
import { type Bytes, concat } from '../../src/core/bytes.ts'
import { ERASED, type Flash } from '../flash.ts'

/** Number of a value, 16 bits. */
export type SettingKey = number

/**
 * Two banks take turns. A bank begins with `FOBS`, its sequence number (4) and the CRC-32 of both (4). A change is the
 * length of its entries (2), the CRC-32 of length and entries (4), and the entries: key (2), length (2), value. All
 * big-endian. A full bank is copied to the other one, whose beginning is written last: until then the old one holds.
 */
const MAGIC = Uint8Array.of(0x46, 0x4f, 0x42, 0x53)
const BANK_HEADER = 12
const CHANGE_HEADER = 6
const ENTRY_HEADER = 4
const NO_LENGTH = 0xffff

export class Settings {
  readonly #flash: Flash
  readonly #bankSize: number
  readonly #values = new Map<SettingKey, Bytes>()
  readonly #onWrite: () => void
  #bank = 0
  #sequence = 0
  /** Where the next change goes; the bank's end where it holds none. */
  #end: number

  /** Reads the area; a change that a power cut has torn is as if it had never been. `onWrite` hears of each that was made. */
  constructor(flash: Flash, onWrite: () => void = () => {}) {
    this.#flash = flash
    this.#onWrite = onWrite
    this.#bankSize = flash.size('settings') / 2
    this.#end = this.#bankSize
    const sequences = [0, 1].map(bank => this.#sequenceOf(bank))
    const [first, second] = sequences
    if (first === undefined && second === undefined) return
    this.#bank = (second ?? 0) > (first ?? 0) ? 1 : 0
    this.#sequence = sequences[this.#bank] ?? 0
    this.#read()
  }

  get(key: SettingKey): Bytes | undefined {
    const value = this.#values.get(key)
    return value && Uint8Array.from(value)
  }

  /** All of it or nothing: a power cut in the middle leaves every value as it was. Throws RangeError where nothing fits. */
  write(changes: ReadonlyMap<SettingKey, Uint8Array>): void {
    const record = changeOf(changes)
    if (this.#end + record.length > this.#bankSize) this.#turn(record.length)
    const at = this.#end
    // A write that is cut leaves bytes that are not erased: nothing goes after them before the next turn.
    this.#end = this.#bankSize
    this.#flash.write('settings', this.#start(this.#bank) + at, record)
    this.#end = at + record.length
    for (const [key, value] of changes) this.#values.set(key, Uint8Array.from(value))
    this.#onWrite()
  }

  /** Begins the other bank with what is held now. */
  #turn(needed: number): void {
    const records = [...this.#values].map(([key, value]) => changeOf(new Map([[key, value]])))
    const size = BANK_HEADER + records.reduce((sum, { length }) => sum + length, 0)
    if (size + needed > this.#bankSize)
      throw new RangeError(`the settings do not fit ${this.#bankSize} bytes`)
    const bank = 1 - this.#bank
    const start = this.#start(bank)
    this.#flash.erase('settings', start, this.#bankSize)
    if (records.length > 0) this.#flash.write('settings', start + BANK_HEADER, concat(...records))
    const header = concat(MAGIC, uint32(this.#sequence + 1))
    this.#flash.write('settings', start, concat(header, uint32(crc32(header))))
    this.#bank = bank
    this.#sequence++
    this.#end = size
  }

  #start(bank: number): number {
    return bank * this.#bankSize
  }

  #sequenceOf(bank: number): number | undefined {
    const header = this.#flash.read('settings', this.#start(bank), BANK_HEADER)
    const view = viewOf(header)
    const isBegun =
      MAGIC.every((byte, i) => header[i] === byte) && view.getUint32(8) === crc32(header.subarray(0, 8))
    return isBegun ? view.getUint32(4) : undefined
  }

  #read(): void {
    const bytes = this.#flash.read('settings', this.#start(this.#bank), this.#bankSize)
    const view = viewOf(bytes)
    let at = BANK_HEADER
    while (at + CHANGE_HEADER <= bytes.length) {
      const length = view.getUint16(at)
      const end = at + CHANGE_HEADER + length
      if (length === NO_LENGTH || end > bytes.length) break
      const entries = bytes.subarray(at + CHANGE_HEADER, end)
      if (view.getUint32(at + 2) !== crc32(concat(bytes.subarray(at, at + 2), entries))) break
      this.#apply(entries)
      at = end
    }
    // What is not erased behind the last whole change is the beginning of one that was cut.
    if (bytes.subarray(at).every(byte => byte === ERASED)) this.#end = at
  }

  #apply(entries: Uint8Array): void {
    const view = viewOf(entries)
    for (let at = 0; at + ENTRY_HEADER <= entries.length; ) {
      const end = at + ENTRY_HEADER + view.getUint16(at + 2)
      this.#values.set(view.getUint16(at), Uint8Array.from(entries.subarray(at + ENTRY_HEADER, end)))
      at = end
    }
  }
}

function changeOf(changes: ReadonlyMap<SettingKey, Uint8Array>): Bytes {
  const entries = concat(
    ...[...changes].flatMap(([key, value]) => [uint16(key), uint16(value.length), value]),
  )
  const length = uint16(entries.length)
  return concat(length, uint32(crc32(concat(length, entries))), entries)
}

function uint16(value: number): Uint8Array {
  const bytes = new Uint8Array(2)
  viewOf(bytes).setUint16(0, value)
  return bytes
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  viewOf(bytes).setUint32(0, value)
  return bytes
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** IEEE 802.3, reflected, as in zlib. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1))
  }
  return ~crc >>> 0
}
