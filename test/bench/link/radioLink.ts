// A model of the link layer of Bluetooth LE: connection events, packets with their time on air, and losses, on a given clock.
import { type ByteTransport, LinkError, type Timer } from '../../../src/core/smp/transport.ts'

export interface Radio {
  readonly intervalMs: number
  readonly phy: '1M' | '2M'
  /** Bytes of a link-layer payload: 27, or up to 251 with the data length extension. */
  readonly payload: number
  /** Bytes: a write or notification has three less. */
  readonly attMtu: number
  /** Packets that a side sends in one connection event at most. */
  readonly packetsPerEvent: number
  /** Milliseconds that a GATT call or an event takes between page and controller. */
  readonly hostMs: number
  /** Of packets, from 0 to 1. The link layer repeats them, in the next event. */
  readonly loss: number
  /** Link-layer packets that the controller keeps for sending; writes wait until there is room. */
  readonly controllerPackets: number
}

/** L2CAP's header and ATT's opcode with handle: Core Specification, Vol 3, Part A, 3.1, and Part F, 3.4.5. */
const ATT_HEADERS = 4 + 3
/** Between two packets of an event: Core Specification, Vol 6, Part B, 4.1. */
const INTER_FRAME_MS = 0.15
/** What an event leaves free at its end for others. */
const GUARD_MS = 1

interface Packet {
  readonly length: number
  readonly onArrival: () => void
}

/** What went over the air, for the bench. */
export interface AirCount {
  writes: number
  notifications: number
  /** Of attribute values, both ways. */
  bytes: number
}

/** Carries what a central writes to `device`, and what that notifies, by the model's time. Nothing is lost for good. */
export class RadioLink implements ByteTransport {
  readonly maxWrite: number
  readonly count: AirCount = { writes: 0, notifications: 0, bytes: 0 }
  readonly #timer: Timer
  readonly #radio: Radio
  readonly #device: Pick<ByteTransport, 'write' | 'onData' | 'onClose' | 'close'>
  readonly #random: () => number
  readonly #up: Packet[] = []
  readonly #down: Packet[] = []
  readonly #listeners = new Set<(bytes: Uint8Array) => void>()
  #waitingForRoom: (() => void)[] = []
  #delivered: Promise<void> = Promise.resolve()
  #isScheduled = false

  /** `random`: from 0 to 1, says which packets are lost. */
  constructor(
    timer: Timer,
    radio: Radio,
    device: Pick<ByteTransport, 'write' | 'onData' | 'onClose' | 'close'>,
    random: () => number,
  ) {
    this.#timer = timer
    this.#radio = radio
    this.#device = device
    this.#random = random
    this.maxWrite = radio.attMtu - 3
    device.onData(bytes => this.#notify(bytes))
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length > this.maxWrite) throw new LinkError('refused', `${bytes.length} bytes in one write`)
    const value = Uint8Array.from(bytes)
    await this.#pass(this.#radio.hostMs)
    this.count.writes++
    this.count.bytes += value.length
    this.#enqueue(this.#up, value.length, () => {
      // The device takes one write at a time, in order.
      this.#delivered = this.#delivered.then(() => this.#device.write(value))
    })
    while (this.#up.length > this.#radio.controllerPackets) {
      await new Promise<void>(resolve => this.#waitingForRoom.push(resolve))
    }
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  onClose: ByteTransport['onClose'] = listener => this.#device.onClose(listener)

  close(): Promise<void> {
    return this.#device.close()
  }

  #notify(bytes: Uint8Array): void {
    const value = Uint8Array.from(bytes)
    this.count.notifications++
    this.count.bytes += value.length
    this.#enqueue(this.#down, value.length, () =>
      this.#timer.after(this.#radio.hostMs, () => {
        for (const listener of [...this.#listeners]) listener(value)
      }),
    )
  }

  /** Cuts an attribute value into link-layer packets; it arrives with the last of them. */
  #enqueue(queue: Packet[], valueLength: number, onArrival: () => void): void {
    for (let left = valueLength + ATT_HEADERS; left > 0; left -= this.#radio.payload) {
      const isLast = left <= this.#radio.payload
      queue.push({
        length: Math.min(left, this.#radio.payload),
        onArrival: isLast ? onArrival : () => {},
      })
    }
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled || this.#up.length + this.#down.length === 0) return
    this.#isScheduled = true
    const { intervalMs } = this.#radio
    const now = this.#timer.now()
    const next = (Math.floor(now / intervalMs) + 1) * intervalMs
    this.#timer.after(next - now, () => this.#exchange(next, 0))
  }

  /** The central's packet and the peripheral's answer to it, each empty where there is nothing to send. */
  #exchange(begun: number, done: number): void {
    const up = this.#up[0]
    const down = this.#down[0]
    const duration = this.#airtime(up) + this.#airtime(down) + 2 * INTER_FRAME_MS
    const isOver = this.#timer.now() + duration > begun + this.#radio.intervalMs - GUARD_MS
    if ((!up && !down) || done === this.#radio.packetsPerEvent || (isOver && done > 0)) {
      this.#endEvent()
      return
    }
    this.#timer.after(duration, () => {
      // A packet that is not understood ends the event, and both are sent again in the next.
      if (this.#random() < this.#radio.loss) {
        this.#endEvent()
        return
      }
      if (up) this.#up.shift()
      if (down) this.#down.shift()
      up?.onArrival()
      down?.onArrival()
      for (const resolve of this.#waitingForRoom.splice(0)) resolve()
      this.#exchange(begun, done + 1)
    })
  }

  #endEvent(): void {
    this.#isScheduled = false
    this.#schedule()
  }

  /** Milliseconds: preamble, access address, header, payload, MIC and CRC. Core Specification, Vol 6, Part B, 2.1 and 2.2. */
  #airtime(packet: Packet | undefined): number {
    const { phy } = this.#radio
    const length = packet ? packet.length + 4 : 0
    const bytes = (phy === '1M' ? 1 : 2) + 4 + 2 + length + 3
    return (bytes * (phy === '1M' ? 8 : 4)) / 1000
  }

  #pass(ms: number): Promise<void> {
    return new Promise(resolve => this.#timer.after(ms, resolve))
  }
}
