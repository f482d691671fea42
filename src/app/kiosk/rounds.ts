// The kiosk's clock: named steps, one after the other, each bounded in time; none that fails or hangs keeps the others from being done.
import type { Timer } from '../../core/smp/transport.ts'
import { TimeLimitError, within } from '../../core/timeLimit.ts'
import { Observable } from '../observable.ts'

export type StepName =
  | 'sales'
  | 'box'
  | 'peers'
  | 'catalogue'
  | 'offers'
  | 'machine'
  | 'gas'
  | 'report'
  | 'staff'
  | 'owner'
  | 'tidy'

export interface Step {
  readonly name: StepName
  /** Milliseconds from one run to the next; asked each time. 0: in each round. */
  readonly every: () => number
  /** Milliseconds until the others go on without it. It is not begun again before it has come back. */
  readonly limit: number
  run(): Promise<unknown>
}

export interface StepTrouble {
  readonly step: StepName
  /** Unix seconds. */
  readonly since: number
  readonly why: string
}

interface RoundParts {
  readonly timer: Timer
  readonly unixNow: () => number
  readonly steps: readonly Step[]
  /** Milliseconds from the end of one round to the next one. */
  readonly pace: () => number
  readonly onStep: () => void
}

/** Milliseconds, and rounds: whoever has not come back by then never will. A tablet that slept has had few rounds. */
const LOST_AFTER = 600_000
const LOST_ROUNDS = 20

export class Rounds {
  /** A step has hung for so long that the page had better begin anew: all that counts is on the disk. */
  readonly isLost = new Observable(false)
  readonly #parts: RoundParts
  readonly #troubles = new Map<StepName, StepTrouble>()
  readonly #under = new Map<StepName, { readonly began: number; missed: number }>()
  readonly #last = new Map<StepName, number>()
  #running: Promise<void> | null = null
  #isWanted = false
  #isClosed = false
  #cancel = () => {}

  constructor(parts: RoundParts) {
    this.#parts = parts
  }

  /** What does not go on as it should. */
  get troubles(): readonly StepTrouble[] {
    return [...this.#troubles.values()]
  }

  /** The step is due in the next round, whenever it was done last. */
  soon(...names: readonly StepName[]): void {
    for (const name of names) this.#last.delete(name)
  }

  /** A round at once; while one is running, another one right after it. Resolves when that is done. */
  async work(): Promise<void> {
    this.#isWanted = true
    this.#cancel()
    this.#running ??= this.#go().finally(() => {
      this.#running = null
    })
    await this.#running
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancel()
    await this.#running
  }

  async #go(): Promise<void> {
    while (this.#isWanted && !this.#isClosed) {
      this.#isWanted = false
      for (const step of this.#parts.steps) {
        if (this.#isClosed) return
        if (this.#isDue(step)) await this.#run(step)
      }
    }
    if (this.#isClosed) return
    const { timer, pace } = this.#parts
    this.#cancel = timer.after(pace(), () => void this.work())
  }

  #isDue({ name, every }: Step): boolean {
    const last = this.#last.get(name)
    return last === undefined || this.#parts.timer.now() - last >= every()
  }

  async #run(step: Step): Promise<void> {
    const { timer, onStep } = this.#parts
    const { name, limit } = step
    const under = this.#under.get(name)
    if (under) {
      under.missed++
      if (timer.now() - under.began >= LOST_AFTER && under.missed >= LOST_ROUNDS) this.isLost.set(true)
      return
    }
    this.#last.set(name, timer.now())
    this.#under.set(name, { began: timer.now(), missed: 0 })
    try {
      await within(timer, limit, name, this.#attempt(step))
    } catch (error) {
      if (!(error instanceof TimeLimitError)) throw error
      this.#fault(name, error.message)
    }
    onStep()
  }

  async #attempt({ name, run }: Step): Promise<void> {
    try {
      await run()
      this.#troubles.delete(name)
    } catch (error) {
      // What could not be written down was not done either: the next round tries it again.
      this.#fault(name, error instanceof Error ? error.message : String(error))
    } finally {
      this.#under.delete(name)
    }
  }

  #fault(step: StepName, why: string): void {
    const since = this.#troubles.get(step)?.since ?? this.#parts.unixNow()
    this.#troubles.set(step, { step, since, why })
  }
}
