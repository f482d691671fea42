// SMP over a console (Zephyr, "SMP Transport Specification", UART/serial and console; Mynewt's newtmgr): packets as lines of text.
import { base64pad } from 'multiformats/bases/base64'
import { type Bytes, concat } from '../bytes.ts'

/** Bytes of the longest line, with its two bytes of marker and the newline. */
export const CONSOLE_LINE_LENGTH = 127
/** Bytes that fit a line before they become base64: three for each four characters. */
const BYTES_PER_LINE = Math.floor((CONSOLE_LINE_LENGTH - 3) / 4) * 3
/** The length, two bytes, counts the packet and its checksum. */
const LENGTH_SIZE = 2
const CRC_SIZE = 2
/** Bytes of the longest packet that a length can name. */
export const LONGEST_CONSOLE_PACKET = 0xffff - CRC_SIZE

const FIRST = [0x06, 0x09] as const
const NEXT = [0x04, 0x14] as const
const NEWLINE = 0x0a
/** Of a line of anything else, which is kept as text for a log. */
const LONGEST_NOISE = 512

/** CRC-16/XMODEM: polynomial 0x1021, from 0, not reflected; of "123456789" it is 0x31c3. */
export function crc16Xmodem(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
  }
  return crc
}

/**
 * A packet as the lines that carry it: length and checksum are big-endian, and every line is base64 by itself. Throws
 * RangeError for a packet that is empty or longer than 65,533 bytes.
 */
export function encodeConsolePacket(packet: Uint8Array): Bytes {
  if (packet.length === 0 || packet.length > LONGEST_CONSOLE_PACKET) {
    throw new RangeError(`a packet of ${packet.length} bytes on a console`)
  }
  const content = concat(uint16(packet.length + CRC_SIZE), packet, uint16(crc16Xmodem(packet)))
  const lines: Uint8Array[] = []
  for (let at = 0; at < content.length; ) {
    let end = at + BYTES_PER_LINE
    // Zephyr sends no half of a checksum in a line of its own, and a reader may count on it.
    if (end === content.length - 1) end -= 3
    const text = base64pad.baseEncode(content.subarray(at, end))
    lines.push(Uint8Array.of(...(at === 0 ? FIRST : NEXT)), ascii(text), Uint8Array.of(NEWLINE))
    at = end
  }
  return concat(...lines)
}

export interface ConsoleReading {
  /** Packets that are complete, with the right checksum, in order. */
  readonly packets: readonly Bytes[]
  /** Lines that carry no packet: what the device's log says. Printable ASCII; other bytes are left out. */
  readonly log: readonly string[]
}

/**
 * Cuts a console's bytes into packets. A log that prints between the lines, in front of a line, or into one costs at most
 * the packet that it hits: the next first line begins anew. Never holds more than one packet and one line.
 */
export class ConsoleReader {
  /** Packets that began and were given up: broken off, or with a wrong checksum. */
  damaged = 0
  readonly #limit: number
  readonly #line = new Uint8Array(CONSOLE_LINE_LENGTH + LONGEST_NOISE)
  #lineLength = 0
  #expected = 0
  #held: Bytes[] = []
  #heldLength = 0

  /** `limit`: bytes of the longest packet that is taken. */
  constructor(limit = LONGEST_CONSOLE_PACKET) {
    this.#limit = limit
  }

  push(chunk: Uint8Array): ConsoleReading {
    const packets: Bytes[] = []
    const log: string[] = []
    for (const byte of chunk) {
      if (byte !== NEWLINE) {
        this.#append(byte)
        continue
      }
      const line = this.#line.subarray(0, this.#lineLength)
      this.#lineLength = 0
      const at = markerOf(line)
      const said = printable(at < 0 ? line : line.subarray(0, at))
      if (said !== '') log.push(said)
      if (at < 0) continue
      const packet = this.#take(line[at] === FIRST[0], line.subarray(at + 2))
      if (packet !== undefined) packets.push(packet)
    }
    return { packets, log }
  }

  /** Drops a packet and a line that have begun. */
  reset(): void {
    this.#lineLength = 0
    this.#drop()
  }

  /** A line that is too long keeps its end: that is where a frame would be. */
  #append(byte: number): void {
    if (this.#lineLength === this.#line.length) {
      this.#line.copyWithin(0, LONGEST_NOISE)
      this.#lineLength -= LONGEST_NOISE
    }
    this.#line[this.#lineLength++] = byte
  }

  #take(isFirst: boolean, text: Uint8Array): Bytes | undefined {
    const isUnderWay = this.#expected > 0
    if (isFirst && isUnderWay) this.#fault()
    if (!isFirst && !isUnderWay) return undefined
    const bytes = decodeBase64(text)
    if (bytes === undefined) return this.#fault()
    if (isFirst) {
      const length = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
      if (bytes.length < LENGTH_SIZE || length <= CRC_SIZE || length > this.#limit + CRC_SIZE) {
        return this.#fault()
      }
      this.#expected = length
    }
    const part = isFirst ? bytes.slice(LENGTH_SIZE) : bytes
    this.#held.push(part)
    this.#heldLength += part.length
    if (this.#heldLength < this.#expected) return undefined
    const packet = concat(...this.#held)
    // Over the packet and its own checksum, a CRC that is not inverted is zero.
    if (packet.length !== this.#expected || crc16Xmodem(packet) !== 0) return this.#fault()
    this.#drop()
    return packet.slice(0, -CRC_SIZE)
  }

  #fault(): undefined {
    this.damaged++
    this.#drop()
  }

  #drop(): void {
    this.#expected = 0
    this.#held = []
    this.#heldLength = 0
  }
}

/** Where a frame begins: at the last marker, for a log may have stopped in the middle of anything; -1: nowhere. */
function markerOf(line: Uint8Array): number {
  for (let at = line.length - 2; at >= 0; at--) {
    const [first, second] = [line[at], line[at + 1]]
    if (first === FIRST[0] && second === FIRST[1]) return at
    if (first === NEXT[0] && second === NEXT[1]) return at
  }
  return -1
}

function printable(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte)
  return text.trim()
}

/** undefined for what is no base64 with its padding. A carriage return at the end is the console's. */
function decodeBase64(text: Uint8Array): Bytes | undefined {
  const end = text.at(-1) === 0x0d ? text.length - 1 : text.length
  if (end % 4 !== 0) return undefined
  try {
    return Uint8Array.from(base64pad.baseDecode(String.fromCharCode(...text.subarray(0, end))))
  } catch {
    return undefined
  }
}

const uint16 = (value: number) => Uint8Array.of(value >> 8, value & 0xff)

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, character => character.charCodeAt(0))
}
