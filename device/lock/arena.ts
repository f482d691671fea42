// The lock's memory: one block of bytes that is given to it. What the lock holds is taken from its beginning, and given back in order.
import type { Bytes } from '../../src/core/bytes.ts'

/** Bytes that are enough for the longest chain proof, and for what a connection keeps. */
export const LOCK_MEMORY = 8192

/** There is not so much left. Whoever asked is refused; nothing is moved to make room. */
export class ArenaOverflow extends Error {
  override readonly name = 'ArenaOverflow'
}

export class Arena {
  readonly #memory: Bytes
  #used = 0

  constructor(memory: Bytes) {
    this.#memory = memory
  }

  get size(): number {
    return this.#memory.length
  }

  /** A mark for `release`. */
  get used(): number {
    return this.#used
  }

  /** Zeros, where they lie in the memory. Throws ArenaOverflow. */
  take(length: number): Bytes {
    const end = this.#used + length
    if (end > this.#memory.length) {
      throw new ArenaOverflow(`${length} bytes, ${this.#memory.length - this.#used} are left`)
    }
    const taken = this.#memory.subarray(this.#used, end)
    this.#used = end
    return taken.fill(0)
  }

  /** Gives back everything that was taken since the mark, and leaves none of its bytes: keys and plain text are among them. */
  release(mark: number): void {
    if (mark > this.#used) throw new RangeError(`${mark} is behind ${this.#used}`)
    this.#memory.fill(0, mark, this.#used)
    this.#used = mark
  }
}
