// Reads the wire format of protocol buffers (protobuf.dev, "Encoding"), as far as init packets use it.
import type { Bytes } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'

export interface MalformedProtobuf {
  readonly kind: 'malformedProtobuf'
  readonly detail: string
}

/** `varint`: an unsigned number below 2^53. */
export type ProtobufField =
  | { readonly id: number; readonly kind: 'varint'; readonly value: number }
  | { readonly id: number; readonly kind: 'bytes'; readonly value: Bytes }

const malformed = (detail: string) => fail<MalformedProtobuf>({ kind: 'malformedProtobuf', detail })

/** The fields of one message in their order. Never throws. */
export function readProtobuf(bytes: Uint8Array): Result<readonly ProtobufField[], MalformedProtobuf> {
  const fields: ProtobufField[] = []
  let at = 0
  while (at < bytes.length) {
    const tag = readVarint(bytes, at)
    if (!tag) return malformed(`no tag at ${at}`)
    const [id, wireType] = [Math.floor(tag.value / 8), tag.value % 8]
    if (id === 0) return malformed(`field 0 at ${at}`)
    const number = wireType === 0 || wireType === 2 ? readVarint(bytes, tag.end) : undefined
    if (!number) return malformed(`wire type ${wireType} at ${at}`)
    if (wireType === 0) {
      fields.push({ id, kind: 'varint', value: number.value })
      at = number.end
      continue
    }
    const end = number.end + number.value
    if (end > bytes.length) return malformed(`field ${id} goes beyond the message`)
    fields.push({ id, kind: 'bytes', value: Uint8Array.from(bytes.subarray(number.end, end)) })
    at = end
  }
  return ok(fields)
}

/** A run of varints, which is how a packed repeated field is written. */
export function readPackedVarints(bytes: Uint8Array): Result<readonly number[], MalformedProtobuf> {
  const values: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const next = readVarint(bytes, at)
    if (!next) return malformed(`no varint at ${at}`)
    values.push(next.value)
    at = next.end
  }
  return ok(values)
}

/** undefined where the bytes end in it, or the number is 2^53 or more. */
function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  let value = 0
  for (let i = 0; i < 8; i++) {
    const byte = bytes[start + i]
    if (byte === undefined) return undefined
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return value <= Number.MAX_SAFE_INTEGER ? { value, end: start + i + 1 } : undefined
  }
  return undefined
}
