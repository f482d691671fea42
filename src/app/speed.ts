// Bytes per second over the last seconds, from samples of a growing counter.

const windowMs = 5000

export class SpeedMeter {
  #samples: { at: number; done: number }[] = []

  reset(): void {
    this.#samples = []
  }

  /** `now` in milliseconds. null until there are two samples at least half a second apart. */
  sample(done: number, now: number): number | null {
    const last = this.#samples.at(-1)
    if (last && done < last.done) this.reset()
    this.#samples.push({ at: now, done })
    this.#samples = this.#samples.filter(({ at }) => now - at <= windowMs)
    const [first] = this.#samples
    if (!first || now - first.at < 500) return null
    const speed = ((done - first.done) * 1000) / (now - first.at)
    return speed > 0 ? speed : null
  }
}
