// Espressif's ble_ota, byte by byte: commands of 20 bytes, and sectors of 4 KiB in packets.
//
// Source: esp-iot-solution, component ble_ota, "Data transmission". Numbers are little-endian, checksums CRC-16/XMODEM.
//
//   command, its answer   id (2)  payload (16)  CRC of the 18 bytes before (2)
//   packet of a sector    sector (2)  sequence (1)  data; the last one has the sequence 0xff and ends with the sector's CRC (2)
//   answer to a sector    sector (2)  status (2)  expected sector (2)  zeros (12)  CRC of the 18 bytes before (2)
import { type Bytes, concat } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { crc16 } from './crc.ts'

export const EspCommand = { start: 0x0001, stop: 0x0002, answer: 0x0003 } as const
export const EspStatus = { accepted: 0, crcError: 1, wrongSector: 2, wrongLength: 3 } as const
export const ESP_SECTOR = 4096

const FRAME = 20
const HEAD = 3
const LAST = 0xff
const LONGEST_SEQUENCE = LAST - 1

export type EspFrameError = { readonly kind: 'malformedResponse'; readonly detail: string }

function sealed(fields: readonly (readonly [offset: number, value: number])[]): Bytes {
  const bytes = new Uint8Array(FRAME)
  const view = new DataView(bytes.buffer)
  for (const [offset, value] of fields) view.setUint16(offset, value, true)
  view.setUint16(FRAME - 2, crc16(bytes.subarray(0, FRAME - 2)), true)
  return bytes
}

/** Announces a firmware of so many bytes: what was begun before is let go of. */
export const startCommand = (size: number): Bytes =>
  sealed([
    [0, EspCommand.start],
    [2, size & 0xffff],
    [4, size >>> 16],
  ])

/** All sectors are there: the device checks the image and starts it. */
export const stopCommand = (): Bytes => sealed([[0, EspCommand.stop]])

export const commandAnswer = (command: number, isAccepted: boolean): Bytes =>
  sealed([
    [0, EspCommand.answer],
    [2, command],
    [4, isAccepted ? 0 : 1],
  ])

export const sectorAnswer = (sector: number, status: number, expected = 0): Bytes =>
  sealed([
    [0, sector],
    [2, status],
    [4, expected],
  ])

function open(bytes: Uint8Array): DataView | undefined {
  if (bytes.length !== FRAME) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return view.getUint16(FRAME - 2, true) === crc16(bytes.subarray(0, FRAME - 2)) ? view : undefined
}

const malformed = (what: string) => fail<EspFrameError>({ kind: 'malformedResponse', detail: what })

export interface EspCommandFrame {
  readonly command: number
  /** Of `start`: bytes of the firmware. */
  readonly size: number
}

export function readCommand(bytes: Uint8Array): Result<EspCommandFrame, EspFrameError> {
  const view = open(bytes)
  if (!view) return malformed('command')
  return ok({ command: view.getUint16(0, true), size: view.getUint32(2, true) })
}

export interface EspCommandAnswer {
  readonly command: number
  readonly isAccepted: boolean
}

export function readCommandAnswer(bytes: Uint8Array): Result<EspCommandAnswer, EspFrameError> {
  const view = open(bytes)
  if (view?.getUint16(0, true) !== EspCommand.answer) return malformed('answer to a command')
  return ok({ command: view.getUint16(2, true), isAccepted: view.getUint16(4, true) === 0 })
}

export interface EspSectorAnswer {
  readonly sector: number
  readonly status: number
  /** Where `status` is `wrongSector`: the one that the device waits for. */
  readonly expected: number
}

export function readSectorAnswer(bytes: Uint8Array): Result<EspSectorAnswer, EspFrameError> {
  const view = open(bytes)
  if (!view) return malformed('answer to a sector')
  const [sector = 0, status = 0, expected = 0] = [0, 2, 4].map(offset => view.getUint16(offset, true))
  return ok({ sector, status, expected })
}

/**
 * The packets of one sector, of at most `packetSize` bytes each. Throws RangeError where that is too short to number them,
 * or the data is empty or longer than a sector.
 */
export function sectorPackets(sector: number, data: Uint8Array, packetSize: number): readonly Bytes[] {
  const room = packetSize - HEAD
  if (data.length === 0 || data.length > ESP_SECTOR) throw new RangeError(`a sector of ${data.length} bytes`)
  if (room < 2 || Math.ceil(data.length / room) > LONGEST_SEQUENCE) {
    throw new RangeError(`packets of ${packetSize} bytes are too short for a sector`)
  }
  const head = (sequence: number) => Uint8Array.of(sector & 0xff, sector >> 8, sequence)
  const packets: Bytes[] = []
  let at = 0
  // The last packet has the checksum too.
  for (; data.length - at > room - 2; ) {
    const take = Math.min(room, data.length - at)
    packets.push(concat(head(packets.length), data.subarray(at, at + take)))
    at += take
  }
  const crc = crc16(data)
  packets.push(concat(head(LAST), data.subarray(at), Uint8Array.of(crc & 0xff, crc >> 8)))
  return packets
}

export interface EspPacket {
  readonly sector: number
  readonly sequence: number
  readonly isLast: boolean
  readonly data: Uint8Array
  /** Of the whole sector; in its last packet only. */
  readonly crc: number | null
}

export function readPacket(bytes: Uint8Array): Result<EspPacket, EspFrameError> {
  const isLast = bytes[2] === LAST
  if (bytes.length < HEAD + (isLast ? 2 : 1)) return malformed('packet')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = isLast ? bytes.length - 2 : bytes.length
  return ok({
    sector: view.getUint16(0, true),
    sequence: view.getUint8(2),
    isLast,
    data: bytes.subarray(HEAD, end),
    crc: isLast ? view.getUint16(end, true) : null,
  })
}
