// SMP messages: the 8-byte header (Zephyr, "SMP Protocol Specification", frame layout) and reassembly from a byte pipe.
import type { Bytes } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'

export const SmpOp = { read: 0, readResponse: 1, write: 2, writeResponse: 3 } as const
export type SmpOp = (typeof SmpOp)[keyof typeof SmpOp]

/** What the header's version bits hold: 0 is SMP version 1 (`{rc}` errors), 1 is SMP version 2 (`{err}`). */
export const SmpVersion = { v1: 0, v2: 1 } as const
export type SmpVersion = (typeof SmpVersion)[keyof typeof SmpVersion]

/** Group ids of Zephyr's `mgmt_defines.h` that Fob speaks; ids from 64 on are user-defined. */
export const SmpGroup = { os: 0, image: 1, enumeration: 10, fob: 64 } as const

export interface SmpMessage {
  readonly op: SmpOp
  readonly version: SmpVersion
  /** 8 bits; no flag is defined yet. */
  readonly flags: number
  /** 16 bits. */
  readonly group: number
  /** 8 bits; a response repeats its request's. */
  readonly sequence: number
  /** 8 bits. */
  readonly command: number
  /** The body, CBOR, not decoded: at most 65,535 bytes. */
  readonly payload: Uint8Array
}

export const SMP_HEADER_LENGTH = 8

export interface SmpCodecError {
  readonly kind: 'malformedSmp'
  readonly detail: string
  /** Messages that were complete before the fault. */
  readonly complete: readonly SmpMessage[]
}

/**
 * Header, big-endian: `reserved:3 | version:2 | op:3`, flags:8, payload length:16, group:16, sequence:8, command:8; then
 * the payload. Throws RangeError for a field out of range: that is a bug of the caller.
 */
export function encodeMessage(message: SmpMessage): Bytes {
  const { op, version, flags, group, sequence, command, payload } = message
  if (payload.length > 0xffff) throw new RangeError(`payload of ${payload.length} bytes, more than 65535`)
  for (const [name, value, max] of [
    ['op', op, 3],
    ['version', version, 1],
    ['flags', flags, 0xff],
    ['group', group, 0xffff],
    ['sequence', sequence, 0xff],
    ['command', command, 0xff],
  ] as const) {
    if (!Number.isInteger(value) || value < 0 || value > max) throw new RangeError(`${name} ${value}`)
  }
  const bytes = new Uint8Array(SMP_HEADER_LENGTH + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, (version << 3) | op)
  view.setUint8(1, flags)
  view.setUint16(2, payload.length)
  view.setUint16(4, group)
  view.setUint8(6, sequence)
  view.setUint8(7, command)
  bytes.set(payload, SMP_HEADER_LENGTH)
  return bytes
}

/** The response to a request: same version, group, sequence and command, op + 1. */
export function responseTo(request: SmpMessage, payload: Uint8Array): SmpMessage {
  return { ...request, op: request.op === SmpOp.write ? SmpOp.writeResponse : SmpOp.readResponse, payload }
}

/**
 * Cuts a byte pipe into messages by the header's length: SMP over BLE has no other framing.
 *
 * It never holds more than one message. Bytes that can't be a header (reserved bits, op above 3, unknown version, length
 * above the limit) are an error: everything held is dropped, and the next chunk is taken for the start of a message.
 */
export class Reassembler {
  private readonly maxPayload: number
  private readonly header = new Uint8Array(SMP_HEADER_LENGTH)
  private headerFilled = 0
  private payload: Bytes | undefined
  private payloadFilled = 0

  /** `maxPayload` in bytes, at most 65,535. */
  constructor(maxPayload: number) {
    this.maxPayload = maxPayload
  }

  /** Whether a message has begun and is not complete. */
  get isPartial(): boolean {
    return this.headerFilled > 0
  }

  /** Drops a message that has begun. */
  reset(): void {
    this.headerFilled = 0
    this.payload = undefined
    this.payloadFilled = 0
  }

  /** The messages that this chunk completes, in order; their payloads are copies. */
  push(chunk: Uint8Array): Result<SmpMessage[], SmpCodecError> {
    const complete: SmpMessage[] = []
    let at = 0
    while (at < chunk.length) {
      if (this.payload === undefined) {
        const part = chunk.subarray(at, at + SMP_HEADER_LENGTH - this.headerFilled)
        this.header.set(part, this.headerFilled)
        this.headerFilled += part.length
        at += part.length
        const fault = this.headerFault()
        if (fault !== undefined) {
          this.reset()
          return fail({ kind: 'malformedSmp', detail: fault, complete })
        }
        if (this.headerFilled < SMP_HEADER_LENGTH) break
        this.payload = new Uint8Array(this.headerView().getUint16(2))
      }
      const part = chunk.subarray(at, at + this.payload.length - this.payloadFilled)
      this.payload.set(part, this.payloadFilled)
      this.payloadFilled += part.length
      at += part.length
      if (this.payloadFilled === this.payload.length) {
        complete.push(this.message(this.payload))
        this.reset()
      }
    }
    return ok(complete)
  }

  private headerView(): DataView {
    return new DataView(this.header.buffer)
  }

  /** What is wrong with as much of the header as is there. */
  private headerFault(): string | undefined {
    const view = this.headerView()
    const first = view.getUint8(0)
    if ((first & 0b1110_0100) !== 0) return `first byte 0x${first.toString(16).padStart(2, '0')}`
    if (first >> 3 > SmpVersion.v2) return `version bits ${first >> 3}`
    const length = view.getUint16(2)
    if (this.headerFilled >= 4 && length > this.maxPayload) {
      return `payload of ${length} bytes, more than ${this.maxPayload}`
    }
    return undefined
  }

  private message(payload: Bytes): SmpMessage {
    const view = this.headerView()
    const first = view.getUint8(0)
    return {
      op: asOp(first & 0b11),
      version: first >> 3 === SmpVersion.v2 ? SmpVersion.v2 : SmpVersion.v1,
      flags: view.getUint8(1),
      group: view.getUint16(4),
      sequence: view.getUint8(6),
      command: view.getUint8(7),
      payload,
    }
  }
}

function asOp(bits: number): SmpOp {
  if (bits === SmpOp.read) return SmpOp.read
  if (bits === SmpOp.readResponse) return SmpOp.readResponse
  return bits === SmpOp.write ? SmpOp.write : SmpOp.writeResponse
}
