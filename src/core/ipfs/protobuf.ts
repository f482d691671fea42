// The part of the Protocol Buffers wire format that DAG-PB and UnixFS use: varints and length-delimited fields.
import { concat } from '../bytes.ts'

/** What a decoder of this folder throws inside; their faces turn it into a returned failure. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError'
}

export type ProtobufField =
  | { readonly number: number; readonly wire: 'varint'; readonly value: number }
  | { readonly number: number; readonly wire: 'bytes'; readonly value: Uint8Array }
  | { readonly number: number; readonly wire: 'fixed'; readonly value: Uint8Array }

/**
 * The fields of one message in their order; `value` of a length-delimited field is a view into `bytes`.
 * Throws ProtobufError for a truncated field, a group, field number 0 or a varint above 2^53 - 1.
 */
export function* readFields(bytes: Uint8Array): Generator<ProtobufField> {
  let at = 0
  while (at < bytes.length) {
    const [tag, afterTag] = readVarint(bytes, at)
    const number = Math.floor(tag / 8)
    if (number === 0) throw new ProtobufError(`field number 0 at byte ${at}`)
    switch (tag % 8) {
      case 0: {
        const [value, next] = readVarint(bytes, afterTag)
        yield { number, wire: 'varint', value }
        at = next
        break
      }
      case 1:
        yield { number, wire: 'fixed', value: slice(bytes, afterTag, 8) }
        at = afterTag + 8
        break
      case 2: {
        const [length, start] = readVarint(bytes, afterTag)
        yield { number, wire: 'bytes', value: slice(bytes, start, length) }
        at = start + length
        break
      }
      case 5:
        yield { number, wire: 'fixed', value: slice(bytes, afterTag, 4) }
        at = afterTag + 4
        break
      default:
        throw new ProtobufError(`wire type ${tag % 8} at byte ${at}`)
    }
  }
}

/** Reads the varint at `at`: its value and the offset after it. */
export function readVarint(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0
  let scale = 1
  for (let next = at; next < at + 8; next++) {
    const byte = bytes[next]
    if (byte === undefined) throw new ProtobufError(`varint at byte ${at} is cut off`)
    value += (byte & 0x7f) * scale
    if (value > Number.MAX_SAFE_INTEGER) break
    if (byte < 0x80) return [value, next + 1]
    scale *= 128
  }
  throw new ProtobufError(`varint at byte ${at} is above 2^53 - 1`)
}

function slice(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (start + length > bytes.length)
    throw new ProtobufError(`field of ${length} bytes at ${start} is cut off`)
  return bytes.subarray(start, start + length)
}

export const varintField = (number: number, value: number): Uint8Array =>
  concat(varint(number * 8), varint(value))

export const bytesField = (number: number, value: Uint8Array): Uint8Array =>
  concat(varint(number * 8 + 2), varint(value.length), value)

function varint(value: number): Uint8Array {
  const out: number[] = []
  let rest = value
  while (rest >= 128) {
    out.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  out.push(rest)
  return Uint8Array.from(out)
}
