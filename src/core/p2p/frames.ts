// Messages out of a stream of bytes that comes in pieces of any size: each has its length in front, four bytes, big-endian.
import { type Bytes, concat, toHex } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'

export interface MalformedFrame {
  readonly kind: 'frameMalformed'
  readonly detail: string
}

/**
 * Cuts a stream of bytes into messages, whatever pieces they come in. `push` returns the bodies that are complete; a length
 * of zero or above `limit` is malformed, and nothing after it can be read.
 */
export class Frames {
  readonly #limit: number
  #pieces: Uint8Array[] = []
  #held = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  push(piece: Uint8Array): Result<readonly Bytes[], MalformedFrame> {
    this.#pieces.push(piece)
    this.#held += piece.length
    const bodies: Bytes[] = []
    for (;;) {
      if (this.#held < 4) return ok(bodies)
      const length = Number(BigInt(toHex(this.#peek(4))))
      if (length === 0 || length > this.#limit) {
        return fail({ kind: 'frameMalformed', detail: `a message of ${length} bytes` })
      }
      if (this.#held < 4 + length) return ok(bodies)
      const all = concat(...this.#pieces)
      bodies.push(all.slice(4, 4 + length))
      this.#pieces = [all.subarray(4 + length)]
      this.#held = all.length - 4 - length
    }
  }

  #peek(length: number): Bytes {
    const [first] = this.#pieces
    if (first !== undefined && first.length >= length) return Uint8Array.from(first.subarray(0, length))
    this.#pieces = [concat(...this.#pieces)]
    return Uint8Array.from(this.#pieces[0]?.subarray(0, length) ?? [])
  }
}
