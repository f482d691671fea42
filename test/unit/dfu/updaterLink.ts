// A link to a bootloader that loses, doubles and delays what it carries, and is cut: as told by a list, and then no more.
import type { Pipe } from '../../../src/core/dfu/pipe.ts'
import { LinkError, type LinkLoss, type Timer } from '../../../src/core/smp/transport.ts'

/** What becomes of the next thing that is carried. `power` cuts the link, and the device starts anew. */
export type Fault = 'deliver' | 'drop' | 'double' | 'delay' | 'cut' | 'power' | 'refuse'

export class PowerCut extends Error {
  override readonly name = 'PowerCut'
}

const LATE = 3000

export class FaultyLink {
  readonly #faults: Fault[]
  readonly #timer: Timer
  readonly #closed = new Set<(loss: LinkLoss) => void>()
  #isOpen = true
  powerWasCut = false

  constructor(faults: Fault[], timer: Timer) {
    this.#faults = faults
    this.#timer = timer
  }

  onClose(listener: (loss: LinkLoss) => void): () => void {
    if (!this.#isOpen) listener('lost')
    this.#closed.add(listener)
    return () => this.#closed.delete(listener)
  }

  cut(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    for (const listener of [...this.#closed]) listener('lost')
  }

  /** `reliable`: writes with response are told of by the link itself when they are lost. */
  pipe(
    deliver: (bytes: Uint8Array) => void,
    reliable: boolean,
  ): { pipe: Pipe; notify: (bytes: Uint8Array) => void } {
    const listeners = new Set<(bytes: Uint8Array) => void>()
    const hear = (bytes: Uint8Array) => {
      for (const listener of [...listeners]) listener(Uint8Array.from(bytes))
    }
    return {
      pipe: {
        write: async bytes => {
          if (!this.#isOpen) throw new LinkError('lost', 'the link is gone')
          this.#carry(Uint8Array.from(bytes), received => this.#onDevice(() => deliver(received)), reliable)
        },
        onData: listener => {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      },
      notify: bytes => this.#carry(Uint8Array.from(bytes), hear, false),
    }
  }

  #onDevice(run: () => void): void {
    try {
      run()
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error
      this.powerWasCut = true
      this.cut()
    }
  }

  #carry(bytes: Uint8Array, deliver: (bytes: Uint8Array) => void, reliable: boolean): void {
    if (!this.#isOpen) return
    const fault = this.#faults.shift() ?? 'deliver'
    if (fault === 'refuse' && !reliable) throw new LinkError('refused', 'too long for this link')
    if (fault === 'cut' || fault === 'power') {
      this.powerWasCut ||= fault === 'power'
      this.cut()
      return
    }
    if (fault === 'drop' && !reliable) return
    if (fault === 'delay') {
      this.#timer.after(LATE, () => this.#isOpen && deliver(bytes))
      return
    }
    deliver(bytes)
    if (fault === 'double' && !reliable && this.#isOpen) deliver(bytes)
  }
}
