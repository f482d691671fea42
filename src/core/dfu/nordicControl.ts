// The control point of Nordic's Secure DFU: requests and responses, byte by byte.
//
// Source: Nordic, nRF5 SDK 17, "DFU transport: BLE" and "DFU request handling". Numbers are little-endian. A request is an
// opcode and its parameters; a response is 0x60, that opcode, a result, and on success what was asked for.
import { type Bytes, concat } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'

export const DfuOp = {
  create: 0x01,
  setReceipts: 0x02,
  checksum: 0x03,
  execute: 0x04,
  select: 0x06,
  response: 0x60,
} as const

export const DfuResult = {
  success: 0x01,
  notSupported: 0x02,
  invalidParameter: 0x03,
  insufficientResources: 0x04,
  invalidObject: 0x05,
  unsupportedType: 0x07,
  notPermitted: 0x08,
  failed: 0x0a,
  extended: 0x0b,
} as const

/** Behind `DfuResult.extended`: what the bootloader found wrong with the init packet. */
export const DfuExtendedError = {
  versionTooLow: 0x05,
  wrongHardware: 0x06,
  wrongSoftDevice: 0x07,
  signatureMissing: 0x08,
  hashFailed: 0x0a,
  signatureWrong: 0x0c,
  noSpace: 0x0d,
} as const

export const DfuObject = { command: 0x01, data: 0x02 } as const
export type DfuObjectType = (typeof DfuObject)[keyof typeof DfuObject]

const uint32 = (value: number): Bytes => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

export const createRequest = (type: DfuObjectType, size: number): Bytes =>
  concat(Uint8Array.of(DfuOp.create, type), uint32(size))
export const selectRequest = (type: DfuObjectType): Bytes => Uint8Array.of(DfuOp.select, type)
/** After so many packets the device tells its checksum unasked; 0: never. uint16. */
export const receiptsRequest = (packets: number): Bytes =>
  Uint8Array.of(DfuOp.setReceipts, packets & 0xff, packets >> 8)
export const checksumRequest = (): Bytes => Uint8Array.of(DfuOp.checksum)
export const executeRequest = (): Bytes => Uint8Array.of(DfuOp.execute)

/** How far an object, or the whole image, has come on the device. */
export interface DfuProgress {
  /** Bytes, of all data objects together. */
  readonly offset: number
  /** CRC-32 over them. */
  readonly crc: number
}

export interface DfuSelection extends DfuProgress {
  /** Bytes that one object may have. */
  readonly maxSize: number
}

export interface DfuResponse {
  readonly op: number
  readonly result: number
  readonly extended: number | null
  readonly payload: Uint8Array
}

export type DfuResponseError = { readonly kind: 'malformedResponse'; readonly detail: string }

export function readResponse(bytes: Uint8Array): Result<DfuResponse, DfuResponseError> {
  const [start, op, result, extended] = bytes
  if (start !== DfuOp.response || op === undefined || result === undefined) {
    return fail({ kind: 'malformedResponse', detail: `${bytes.length} bytes` })
  }
  const hasExtended = result === DfuResult.extended && extended !== undefined
  return ok({ op, result, extended: hasExtended ? extended : null, payload: bytes.subarray(3) })
}

/** undefined unless it is exactly offset and checksum. */
export function readProgress({ payload }: DfuResponse): DfuProgress | undefined {
  if (payload.length !== 8) return undefined
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  return { offset: view.getUint32(0, true), crc: view.getUint32(4, true) }
}

/** undefined unless it is exactly the largest size, offset and checksum. */
export function readSelection({ payload }: DfuResponse): DfuSelection | undefined {
  if (payload.length !== 12) return undefined
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  return {
    maxSize: view.getUint32(0, true),
    offset: view.getUint32(4, true),
    crc: view.getUint32(8, true),
  }
}
