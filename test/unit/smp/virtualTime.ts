// Time for tests: moves only when nothing else can happen, so that time-outs take no time and a hang is a failure.
import type { Timer } from '../../../src/core/smp/transport.ts'

interface Task {
  readonly at: number
  readonly run: () => void
}

export class VirtualTime implements Timer {
  private time = 0
  private tasks: Task[] = []

  now(): number {
    return this.time
  }

  after(ms: number, run: () => void): () => void {
    const task = { at: this.time + ms, run }
    this.tasks.push(task)
    return () => {
      this.tasks = this.tasks.filter(other => other !== task)
    }
  }

  /** Timers that were neither run nor cancelled. */
  get waiting(): number {
    return this.tasks.length
  }

  /** Lets time pass until `promise` settles; rejects when it waits for nothing that time could bring. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false
    const done = () => {
      isSettled = true
    }
    promise.then(done, done)
    for (;;) {
      await new Promise(resolve => setImmediate(resolve))
      if (isSettled) return promise
      if (!this.step()) throw new Error(`hangs at ${this.time} ms`)
    }
  }

  /** Lets `ms` pass. */
  async pass(ms: number): Promise<void> {
    await this.until(new Promise<void>(resolve => this.after(ms, resolve)))
  }

  private step(): boolean {
    const next = this.tasks.reduce<Task | undefined>(
      (first, task) => (first && first.at <= task.at ? first : task),
      undefined,
    )
    if (!next) return false
    this.tasks = this.tasks.filter(task => task !== next)
    this.time = Math.max(this.time, next.at)
    next.run()
    return true
  }
}
