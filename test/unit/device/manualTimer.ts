// A timer that runs only when a test says so, in the order of due times; also lets pending promises settle.
import type { Timer } from '../../../src/core/smp/transport.ts'

export class ManualTimer implements Timer {
  #now = 0
  #tasks: { readonly due: number; readonly order: number; readonly task: () => void }[] = []
  #order = 0

  now(): number {
    return this.#now
  }

  after(ms: number, task: () => void): () => void {
    const entry = { due: this.#now + ms, order: this.#order++, task }
    this.#tasks.push(entry)
    return () => {
      this.#tasks = this.#tasks.filter(other => other !== entry)
    }
  }

  /** Runs what is due within `ms`, with a turn of the microtask queue after each; at most 100,000 tasks. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    for (let i = 0; i < 100_000; i++) {
      await settle()
      const next = this.#next(end)
      if (!next) break
      this.#now = next.due
      next.task()
    }
    this.#now = end
    await settle()
  }

  /** The same without promises: for code that must not be torn apart by an await. */
  advanceNow(ms: number): void {
    const end = this.#now + ms
    for (let i = 0; i < 100_000; i++) {
      const next = this.#next(end)
      if (!next) break
      this.#now = next.due
      next.task()
    }
    this.#now = end
  }

  #next(end: number) {
    const [next] = this.#tasks
      .filter(({ due }) => due <= end)
      .sort((a, b) => a.due - b.due || a.order - b.order)
    this.#tasks = this.#tasks.filter(entry => entry !== next)
    return next
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 8; i++) await Promise.resolve()
}
