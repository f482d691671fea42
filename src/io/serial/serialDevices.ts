// The DevicePort over a cable: Web Serial, with SMP in the lines of the device's console.
import type {
  ChooseFailure,
  ConnectFailure,
  DeviceConnection,
  DevicePort,
  ReachableDevice,
} from '../../app/ports/device.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { SmpClient } from '../../core/smp/client.ts'
import { echo } from '../../core/smp/os.ts'
import type { Timer } from '../../core/smp/transport.ts'
import { type OpenPort, SerialTransport } from './serialTransport.ts'

/** What is used of `SerialPort` (Web Serial API). */
export interface WebSerialPort extends OpenPort {
  open(options: { readonly baudRate: number; readonly bufferSize?: number }): Promise<void>
  getInfo(): { readonly usbVendorId?: number; readonly usbProductId?: number }
  forget?(): Promise<void>
}

/** What is used of `navigator.serial`. */
export interface WebSerial {
  requestPort(): Promise<WebSerialPort>
  getPorts(): Promise<readonly WebSerialPort[]>
}

/** Zephyr's usual one; a USB device with a port of its own does not care. */
const BAUD = 115_200
/** More than any message with its base64: what comes while the page is busy must not be lost. */
const BUFFER_SIZE = 16_384
/** A device that restarts says nothing for a while, and one that logs much may lose the first question. */
const HELLO_MS = 700
const HELLOS = 12

export function createSerialDevices(serial: WebSerial, timer: Timer): DevicePort {
  const numbers = new Map<WebSerialPort, number>()
  const open = new Map<string, SerialTransport>()

  /** USB tells no serial number: two of a kind are told apart by the order in which this page met them. */
  function idOf(port: WebSerialPort): string {
    const { usbVendorId = 0, usbProductId = 0 } = port.getInfo()
    const kind = `${hex(usbVendorId)}:${hex(usbProductId)}`
    const known = numbers.get(port)
    if (known !== undefined) return `${kind}/${known}`
    const taken = [...numbers].filter(([other]) => sameKind(other, port)).length
    numbers.set(port, taken)
    return `${kind}/${taken}`
  }

  const present = (): Promise<readonly WebSerialPort[]> => serial.getPorts().catch(() => [])

  const reachable = (port: WebSerialPort): ReachableDevice => ({ source: 'serial', id: idOf(port), name: '' })

  async function find(id: string): Promise<WebSerialPort | undefined> {
    const ports = await present()
    return ports.find(port => idOf(port) === id)
  }

  /** Whether somebody at the other end speaks SMP; any answer will do. */
  async function isAnswering(transport: SerialTransport): Promise<boolean> {
    const client = new SmpClient(transport, { timer, timeoutMs: HELLO_MS })
    try {
      for (let tries = 0; tries < HELLOS; tries++) {
        const reply = await echo(client, 'fob')
        if (reply.ok || reply.error.kind === 'deviceError') return true
        if (reply.error.kind === 'linkLost') return false
      }
      return false
    } finally {
      client.dispose()
    }
  }

  return {
    source: 'serial',
    radioState: async () => 'ready',
    async choose(): Promise<Result<ReachableDevice, ChooseFailure>> {
      try {
        // Nothing may be awaited before this line, or the gesture no longer counts.
        return ok(reachable(await serial.requestPort()))
      } catch (error) {
        const detail = textOf(error)
        const isCancelled = error instanceof Error && error.name === 'NotFoundError'
        return fail(isCancelled ? { kind: 'chooserCancelled' } : { kind: 'chooserRefused', detail })
      }
    },
    known: async () => (await present()).map(reachable),
    async connect(id): Promise<Result<DeviceConnection, ConnectFailure>> {
      await open.get(id)?.close()
      open.delete(id)
      const port = await find(id)
      if (!port) return fail({ kind: 'mustChooseAgain' })
      try {
        await port.open({ baudRate: BAUD, bufferSize: BUFFER_SIZE })
      } catch (error) {
        return fail({ kind: 'cableBusy', detail: textOf(error) })
      }
      const transport = new SerialTransport(port)
      if (!(await isAnswering(transport))) {
        await transport.close()
        return fail({ kind: 'notSmp', detail: 'nobody answers SMP at this port' })
      }
      open.set(id, transport)
      return ok({ transport, batteryLevel: async () => null })
    },
    async forget(id) {
      await open.get(id)?.close()
      open.delete(id)
      const port = await find(id)
      if (port) numbers.delete(port)
      await port?.forget?.().catch(() => undefined)
    },
  }
}

const hex = (value: number) => value.toString(16).padStart(4, '0')

function sameKind(a: WebSerialPort, b: WebSerialPort): boolean {
  const [x, y] = [a.getInfo(), b.getInfo()]
  return x.usbVendorId === y.usbVendorId && x.usbProductId === y.usbProductId
}

const textOf = (error: unknown) =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error)
