// How many requests may be in flight: as many as the device can hold, fewer where packets are lost, and slowly more again.

/**
 * Halves with every loss and grows by one with every full window that was answered, as TCP's congestion avoidance does
 * (RFC 5681, section 3.1): a link that drops what comes too fast is found out, and so is that it has recovered.
 */
export class SendWindow {
  #ceiling: number
  #size: number
  /** Answers since the last change. */
  #answered = 0

  /** `ceiling`: what the device can buffer. */
  constructor(ceiling: number) {
    this.#ceiling = Math.max(1, ceiling)
    this.#size = this.#ceiling
  }

  get size(): number {
    return this.#size
  }

  /** `answers`: requests that were answered, or overtaken by the answer to a later one. */
  grow(answers: number): void {
    if (this.#size === this.#ceiling) return
    this.#answered += answers
    if (this.#answered < this.#size) return
    this.#answered = 0
    this.#size++
  }

  /** Something was lost. */
  shrink(): void {
    this.#answered = 0
    this.#size = Math.max(1, Math.floor(this.#size / 2))
  }

  /** The device says that it ran out of buffers: what it can hold is less than it told. One at a time for the rest. */
  limit(): void {
    this.#ceiling = 1
    this.#size = 1
  }
}
