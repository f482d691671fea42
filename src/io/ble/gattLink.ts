// One connection to one device: its single queue of GATT operations, and its one end.
import { LinkError, type LinkLoss, type Timer } from '../../core/smp/transport.ts'
import { pause, TimeLimitError, within } from '../../core/timeLimit.ts'
import { isBusy, textOf } from './browserErrors.ts'
import type { BleTiming } from './timing.ts'

/**
 * Browsers pass GATT calls straight to the system, and phones refuse a second one while the first is under way. So every
 * call of a connection goes through `run`, in order, whoever wants it.
 */
export class GattLink {
  readonly server: BluetoothRemoteGATTServer
  readonly timing: BleTiming
  private readonly device: BluetoothDevice
  private readonly timer: Timer
  private tail: Promise<unknown> = Promise.resolve()
  private ending: LinkLoss | undefined
  /** Rejects the operation under way: there is one at most. */
  private interrupt: ((error: LinkError) => void) | undefined
  private readonly listeners = new Set<(loss: LinkLoss) => void>()
  private readonly onDisconnected = () => this.end('lost')

  /** `server` must be connected. */
  constructor(device: BluetoothDevice, server: BluetoothRemoteGATTServer, timer: Timer, timing: BleTiming) {
    this.device = device
    this.server = server
    this.timer = timer
    this.timing = timing
    device.addEventListener('gattserverdisconnected', this.onDisconnected)
    // The link may have gone between the browser's answer and this line; its event would then be missed.
    if (!server.connected) this.end('lost')
  }

  /** Why the link ended; undefined while it lives. */
  get loss(): LinkLoss | undefined {
    return this.ending
  }

  /**
   * Runs a GATT operation when all earlier ones are done. Rejects with LinkError when the link ends meanwhile, stays
   * busy, or `limit` (milliseconds, from its start) passes; else with the browser's own error.
   *
   * An operation past its limit still blocks the system's queue and can't be taken back: the link is ended.
   */
  run<T>(what: string, limit: number, operation: () => Promise<T>): Promise<T> {
    const turn = this.tail.then(() => this.perform(what, limit, operation))
    this.tail = turn.catch(() => undefined)
    return turn
  }

  onEnd(listener: (loss: LinkLoss) => void): () => void {
    if (this.ending !== undefined) {
      listener(this.ending)
      return () => undefined
    }
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Ends the link; what waits or is under way rejects. Only the first end counts. */
  end(loss: LinkLoss): void {
    if (this.ending !== undefined) return
    this.ending = loss
    this.device.removeEventListener('gattserverdisconnected', this.onDisconnected)
    if (this.server.connected) this.server.disconnect()
    this.interrupt?.(endedError(loss))
    const listeners = [...this.listeners]
    this.listeners.clear()
    for (const listener of listeners) listener(loss)
  }

  private async perform<T>(what: string, limit: number, operation: () => Promise<T>): Promise<T> {
    const busyUntil = this.timer.now() + this.timing.busy
    for (;;) {
      if (this.ending !== undefined) throw endedError(this.ending)
      try {
        return await this.attempt(() => within(this.timer, limit, what, operation()))
      } catch (error) {
        if (error instanceof LinkError) throw error
        if (error instanceof TimeLimitError) {
          this.end('timeout')
          throw new LinkError('timeout', error.message, { cause: error })
        }
        if (!this.server.connected) {
          this.end('lost')
          throw new LinkError('lost', `${what}: ${textOf(error)}`, { cause: error })
        }
        if (!isBusy(error)) throw error
        if (this.timer.now() >= busyUntil) {
          throw new LinkError('busy', `${what}: another page keeps the link busy`, { cause: error })
        }
      }
      await pause(this.timer, this.timing.busyPause)
    }
  }

  private attempt<T>(operation: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.interrupt = reject
      operation().then(resolve, reject)
    })
  }
}

const endedError = (loss: LinkLoss) => new LinkError(loss, `the Bluetooth link ended (${loss})`)
