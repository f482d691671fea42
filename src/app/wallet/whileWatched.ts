// Reads again while somebody looks: the page is seen, and a screen is subscribed. Nothing runs for nobody.
import type { Readable } from '../observable.ts'
import type { Platform } from '../ports/platform.ts'
import type { PageVisibility } from '../ports.ts'

export interface Tick {
  /** Milliseconds until it is done again. */
  readonly everyMs: () => number
  readonly run: () => Promise<void>
}

export class WhileWatched {
  readonly #platform: Pick<Platform, 'timer' | 'isOnline' | 'onOnlineChange'>
  readonly #page: PageVisibility
  readonly #tick: Tick
  #watchers = 0
  #cancel: (() => void) | null = null
  #isRunning = false
  #lastRun = Number.NEGATIVE_INFINITY

  constructor(
    platform: Pick<Platform, 'timer' | 'isOnline' | 'onOnlineChange'>,
    page: PageVisibility,
    tick: Tick,
  ) {
    this.#platform = platform
    this.#page = page
    this.#tick = tick
    page.onVisibilityChange(() => this.#schedule())
    platform.onOnlineChange(() => this.#schedule())
  }

  /** The same value; whoever subscribes to it is somebody who looks. */
  watched<T>(source: Readable<T>): Readable<T> {
    return {
      get: () => source.get(),
      subscribe: listener => {
        const unsubscribe = source.subscribe(listener)
        this.#watchers++
        this.#schedule()
        let isOver = false
        return () => {
          unsubscribe()
          if (isOver) return
          isOver = true
          this.#watchers--
          this.#schedule()
        }
      },
    }
  }

  /** Something was done that is to be followed sooner than was planned. */
  soon(): void {
    this.#schedule()
  }

  #schedule(): void {
    this.#cancel?.()
    this.#cancel = null
    const isWanted = this.#watchers > 0 && !this.#page.isHidden() && this.#platform.isOnline()
    if (!isWanted || this.#isRunning) return
    const due = this.#lastRun + this.#tick.everyMs() - this.#platform.timer.now()
    this.#cancel = this.#platform.timer.after(Math.max(0, due), () => void this.#run())
  }

  async #run(): Promise<void> {
    this.#cancel = null
    this.#isRunning = true
    try {
      await this.#tick.run()
    } finally {
      this.#isRunning = false
      this.#lastRun = this.#platform.timer.now()
      this.#schedule()
    }
  }
}
