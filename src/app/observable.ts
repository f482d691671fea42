// A value that tells when it changes; what the ui subscribes to.

export interface Readable<T> {
  get(): T
  subscribe(listener: () => void): () => void
}

export class Observable<T> implements Readable<T> {
  #value: T
  readonly #listeners = new Set<() => void>()

  constructor(initial: T) {
    this.#value = initial
  }

  get = (): T => this.#value

  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of [...this.#listeners]) listener()
  }

  update(change: (value: T) => T): void {
    this.set(change(this.#value))
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** Resolves as soon as the value is as it should be, at once where it is. */
export function until<T>(source: Readable<T>, isMet: (value: T) => boolean): Promise<void> {
  if (isMet(source.get())) return Promise.resolve()
  return new Promise(resolve => {
    const unsubscribe = source.subscribe(() => {
      if (!isMet(source.get())) return
      unsubscribe()
      resolve()
    })
  })
}
