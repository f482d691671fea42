// The person's settings: the same in every tab, and kept.
import { Observable } from './observable.ts'
import type { Settings, Stores } from './ports/store.ts'

const key = 'settings'
const defaults: Settings = {
  language: 'auto',
  theme: 'auto',
  channel: 'stable',
  hapticsAndSound: true,
  minBattery: 20,
}

export class AppSettings {
  readonly value = new Observable<Settings>(defaults)
  readonly #values: Stores['values']
  #unwritten = 0

  constructor({ values }: Stores) {
    this.#values = values
  }

  /** Reads what is stored, which another tab may have changed; what the person changed here meanwhile is newer. */
  async load(): Promise<void> {
    const before = this.value.get()
    const stored = { ...defaults, ...(await this.#values.get<Partial<Settings>>(key)) }
    if (this.value.get() !== before || this.#unwritten > 0) return
    if (JSON.stringify(stored) !== JSON.stringify(before)) this.value.set(stored)
  }

  async change(change: Partial<Settings>): Promise<void> {
    this.value.update(settings => ({ ...settings, ...change }))
    this.#unwritten++
    try {
      await this.#values.put(key, this.value.get())
    } finally {
      this.#unwritten--
    }
  }
}
