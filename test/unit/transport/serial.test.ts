// The contract of transports, over a cable: Web Serial's streams at one end, the device's console at the other, and a log on it.
import { describe, expect, test } from 'vitest'
import { ConsoleLink } from '../../../device/consoleLink.ts'
import type { ReferenceDevice } from '../../../device/referenceDevice.ts'
import { systemTimer as timer } from '../../../node/systemTimer.ts'
import { concat, utf8 } from '../../../src/core/bytes.ts'
import {
  createSerialDevices,
  type WebSerial,
  type WebSerialPort,
} from '../../../src/io/serial/serialDevices.ts'
import { transportContract } from './contract.ts'

/** A port with a device behind it, as the browser hands it out. */
class CablePort implements WebSerialPort {
  readable: ReadableStream<Uint8Array> | null = null
  writable: WritableStream<Uint8Array> | null = null
  isForgotten = false
  readonly #console: ConsoleLink
  #out: ReadableStreamDefaultController<Uint8Array> | undefined
  #in: WritableStreamDefaultController | undefined

  constructor(device: { connect: ReferenceDevice['connect'] }) {
    let lines = 0
    this.#console = new ConsoleLink({
      device,
      timer,
      idleMs: 60_000,
      print: bytes => {
        // What else the firmware says: between packets, and in front of their lines.
        const log = ++lines % 2 === 0 ? utf8('[00:00:01.000] <inf> app: tick\r\n') : utf8('uart:~$ ')
        this.#print(concat(log, bytes))
      },
    })
  }

  async open(): Promise<void> {
    if (this.readable)
      throw Object.assign(new Error('The port is already open.'), { name: 'InvalidStateError' })
    this.readable = new ReadableStream({
      start: controller => {
        this.#out = controller
      },
    })
    this.writable = new WritableStream({
      start: controller => {
        this.#in = controller
      },
      write: bytes => {
        // A UART brings what comes in pieces of any size.
        for (let at = 0; at < bytes.length; at += 37) this.#console.receive(bytes.subarray(at, at + 37))
      },
    })
  }

  async close(): Promise<void> {
    this.readable = null
    this.writable = null
    this.#out = undefined
  }

  getInfo() {
    return { usbVendorId: 0x2fe3, usbProductId: 0x0100 }
  }

  async forget(): Promise<void> {
    this.isForgotten = true
  }

  /** The cable is pulled out, and put back in. */
  unplug(): void {
    const gone = Object.assign(new Error('The device has been lost.'), { name: 'NetworkError' })
    this.#out?.error(gone)
    this.#in?.error(gone)
    void this.#console.close()
  }

  #print(bytes: Uint8Array): void {
    try {
      this.#out?.enqueue(Uint8Array.from(bytes))
    } catch {
      // Nobody reads any more.
    }
  }
}

const serialOf = (...ports: CablePort[]): WebSerial => ({
  requestPort: async () => {
    const [port] = ports
    if (!port) throw Object.assign(new Error('No port selected by the user.'), { name: 'NotFoundError' })
    return port
  },
  getPorts: async () => ports.filter(port => !port.isForgotten),
})

transportContract('over a cable', async device => {
  const port = new CablePort(device)
  const devices = createSerialDevices(serialOf(port), timer)
  const chosen = await devices.choose()
  if (!chosen.ok) throw new Error(chosen.error.kind)
  return {
    async connect() {
      const opened = await devices.connect(chosen.value.id)
      return opened.ok && 'transport' in opened.value ? opened.value.transport : undefined
    },
    cut: () => port.unplug(),
    stop: () => devices.forget(chosen.value.id),
  }
})

describe('choosing a port', () => {
  const silent = { connect: () => Promise.reject(new Error('nobody is there')) }

  test('that is cancelled is no fault, and a port that another program has is told as that', async () => {
    expect(await createSerialDevices(serialOf(), timer).choose()).toEqual({
      ok: false,
      error: { kind: 'chooserCancelled' },
    })
    const port = new CablePort(silent)
    await port.open()
    const devices = createSerialDevices(serialOf(port), timer)
    const chosen = await devices.choose()
    expect(chosen).toMatchObject({ ok: true, value: { source: 'serial', id: '2fe3:0100/0' } })
    expect(await devices.connect('2fe3:0100/0')).toMatchObject({ ok: false, error: { kind: 'cableBusy' } })
  })

  test('two of a kind are two devices, and one that is forgotten must be chosen again', async () => {
    const ports = [new CablePort(silent), new CablePort(silent)]
    const devices = createSerialDevices(serialOf(...ports), timer)
    expect((await devices.known()).map(({ id }) => id)).toEqual(['2fe3:0100/0', '2fe3:0100/1'])
    await devices.forget('2fe3:0100/1')
    expect(ports[1]?.isForgotten).toBe(true)
    expect(await devices.connect('2fe3:0100/1')).toEqual({ ok: false, error: { kind: 'mustChooseAgain' } })
  })
})
