// Reads a byte layout field by field and never past its end.

/** Thrown where the bytes end too early; caught by the parser that made the reader. */
export class EndOfBytes extends Error {
  override readonly name = 'EndOfBytes'
}

export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get position(): number {
    return this.#at
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  /** A copy of the next `length` bytes. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.view(length))
  }

  /** The next `length` bytes where they are, for what is too long to be held twice. */
  view(length: number): Uint8Array {
    if (length > this.left) throw new EndOfBytes(`${length} bytes at ${this.#at}, ${this.left} left`)
    const part = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return part
  }

  /** An unsigned big-endian integer of up to 6 bytes. */
  uint(length: number): number {
    return this.bytes(length).reduce((sum, byte) => sum * 256 + byte, 0)
  }
}

/** An unsigned big-endian integer in `length` bytes, up to 6. Throws RangeError where it does not fit. */
export function uintBytes(value: number, length: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** length) {
    throw new RangeError(`${value} does not fit ${length} bytes`)
  }
  const bytes = new Uint8Array(length)
  let rest = value
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return bytes
}
