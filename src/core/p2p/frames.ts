// Messages out of a stream of bytes that comes in pieces of any size: each has its length in front, big-endian.
import type { Bytes } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'

export interface MalformedFrame {
  readonly kind: 'frameMalformed'
  readonly detail: string
}

interface FrameOptions {
  readonly headerBytes?: 2 | 4
  readonly borrows?: boolean
}

/** Room that is made for a message as soon as its length is known; for longer ones it grows with what comes. */
const EAGER_BYTES = 128 * 1024

/**
 * Cuts a stream of bytes into messages, whatever pieces they come in. `push` returns the bodies that are complete; a length
 * of zero or above `limit` is malformed, and nothing after it can be read. Bytes are copied once, and no piece is held on to,
 * unless it `borrows`.
 */
export class Frames {
  readonly #limit: number
  readonly #headerBytes: number
  readonly #borrows: boolean
  #headerRead = 0
  #length = 0
  #body: Bytes | null = null
  #filled = 0

  /**
   * `headerBytes`: how many say the length. `borrows`: a body that came in one piece is a view of that piece, for whoever is
   * done with it before he keeps anything.
   */
  constructor(limit: number, { headerBytes = 4, borrows = false }: FrameOptions = {}) {
    this.#limit = limit
    this.#headerBytes = headerBytes
    this.#borrows = borrows
  }

  push(piece: Uint8Array): Result<readonly Uint8Array[], MalformedFrame> {
    const bodies: Uint8Array[] = []
    for (let at = 0; at < piece.length; ) {
      if (this.#body === null) {
        this.#length = this.#length * 256 + (piece[at++] ?? 0)
        if (++this.#headerRead < this.#headerBytes) continue
        if (this.#length === 0 || this.#length > this.#limit) {
          return fail({ kind: 'frameMalformed', detail: `a message of ${this.#length} bytes` })
        }
        if (this.#borrows && piece.length - at >= this.#length) {
          bodies.push(piece.subarray(at, at + this.#length))
          at += this.#length
          this.#headerRead = this.#length = 0
          continue
        }
        this.#body = new Uint8Array(Math.min(this.#length, EAGER_BYTES))
        continue
      }
      const part = piece.subarray(at, at + this.#length - this.#filled)
      const body = this.#withRoomFor(this.#body, this.#filled + part.length)
      body.set(part, this.#filled)
      this.#filled += part.length
      at += part.length
      this.#body = body
      if (this.#filled < this.#length) continue
      bodies.push(body)
      this.#body = null
      this.#headerRead = this.#length = this.#filled = 0
    }
    return ok(bodies)
  }

  #withRoomFor(body: Bytes, needed: number): Bytes {
    if (body.length >= needed) return body
    const larger = new Uint8Array(Math.min(this.#length, Math.max(needed, 2 * body.length)))
    larger.set(body)
    return larger
  }
}
