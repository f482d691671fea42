// The test radio: everything that a real browser takes for this machine's Bluetooth, with peripherals in TypeScript.
import { Bluez } from './bluez.ts'
import { startPrivateBus } from './bus.ts'
import type { Peripheral } from './peripheral.ts'

export interface RadioOptions {
  /** Refuse overlapping GATT operations, as phones do. Default true. */
  readonly oneAtATime?: boolean
  /** Keep services over a disconnection, as BlueZ does unless it is told otherwise. Default true. */
  readonly cachesServices?: boolean
}

/** One radio is one phone's adapter: two browsers that use the same one are two programs on the same phone. */
export interface Radio {
  /** What a browser's environment must hold to use this radio. */
  readonly env: Readonly<Record<string, string>>
  add<P extends Peripheral>(peripheral: P): P
  remove(peripheral: Peripheral): void
  /** Removes all. */
  clear(): void
  /** Makes the system forget a device until it is heard in a scan again. */
  forget(peripheral: Peripheral): void
  setPowered(on: boolean): void
  /** GATT operations so far that came while another one of the same device was under way. */
  overlaps(): number
  stop(): Promise<void>
}

/** Linux only: see `radioObstacle`. */
export async function startRadio(options: RadioOptions = {}): Promise<Radio> {
  const bus = await startPrivateBus('org.bluez')
  const bluez = new Bluez(bus.connection, { oneAtATime: true, cachesServices: true, ...options })
  bus.onClientLeft(client => bluez.clientLeft(client))
  return {
    env: { DBUS_SYSTEM_BUS_ADDRESS: bus.address },
    add(peripheral) {
      bluez.add(peripheral)
      return peripheral
    },
    remove: peripheral => bluez.remove(peripheral),
    clear: () => bluez.clear(),
    forget: peripheral => bluez.forget(peripheral),
    setPowered: on => bluez.setPowered(on),
    overlaps: () => bluez.overlaps,
    async stop() {
      bluez.stop()
      await bus.stop()
    },
  }
}
