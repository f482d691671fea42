// The four demo devices: their models, and how the page, the tests and the publisher make them.
import type { Address } from '../src/core/bytes.ts'
import type { ImagePublicKey } from '../src/core/mcuboot/publicKey.ts'
import type { Timer } from '../src/core/smp/transport.ts'
import type { DemoKind } from './demoFirmware.ts'
import { MemoryFlash } from './flash.ts'
import { installFactoryImage, ReferenceDevice, type ReferenceDeviceOptions } from './referenceDevice.ts'
import { DEMO_OUTLET, DEMO_SPIRALS, DemoMachine } from './vending/demoMachine.ts'

export interface DemoModel {
  readonly kind: DemoKind
  readonly name: string
  readonly hardware: string
  /** Bytes per image slot. */
  readonly slotSize: number
  /** Percent. */
  readonly battery: number
}

export const DEMO_MODELS: readonly DemoModel[] = [
  { kind: 'lock', name: 'Fob Lock One', hardware: 'rev B', slotSize: 0x78000, battery: 82 },
  { kind: 'vending', name: 'Fob Vend 24', hardware: 'rev A', slotSize: 0x78000, battery: 100 },
  { kind: 'outlet', name: 'Fob Outlet', hardware: 'rev C', slotSize: 0x60000, battery: 100 },
  { kind: 'sensor', name: 'Fob Sensor Mini', hardware: 'rev A', slotSize: 0x60000, battery: 57 },
]

export interface DemoDeviceParameters {
  readonly kind: DemoKind
  /** As the network's configuration names them; the demo model's own where left out. */
  readonly name?: string
  readonly hardware?: string
  readonly maker: Address
  readonly registry: Address
  readonly chainId: number
  readonly trustedKeys: readonly ImagePublicKey[]
  /** The device's P-256 scalar, 32 bytes: the caller makes it at random and keeps it. */
  readonly key: Uint8Array
  readonly timer: Timer
  /** The firmware of a new device, or the flash of one that was made before. */
  readonly storage: { readonly factoryImage: Uint8Array } | { readonly flash: MemoryFlash }
  /** Times, sizes and behaviour that differ from the usual. */
  readonly options?: Partial<ReferenceDeviceOptions>
}

/** How long things take on a demo device: slow enough to be seen, quick enough not to bore. */
const PACE = { requestMs: 4, writeMs: 2, eraseMs: 600, bootMs: 1500 } as const

/** How long a turn, and a unit of energy or time, takes on a demo device. */
const TURN_MS = 1_200
const METER_MS = 2_000

/**
 * The device and its flash, whose snapshots make it survive a reload; of one that gives something out also what it does that
 * with, to be disturbed. Throws RangeError where the image does not fit.
 */
export function createDemoDevice(parameters: DemoDeviceParameters): {
  readonly device: ReferenceDevice
  readonly flash: MemoryFlash
  readonly machine: DemoMachine | null
} {
  const { kind, maker, registry, chainId, trustedKeys, key, timer, storage, options } = parameters
  const demo = DEMO_MODELS.find(model => model.kind === kind)
  if (!demo) throw new RangeError(`no demo model of kind ${kind}`)
  const flash = 'flash' in storage ? storage.flash : new MemoryFlash({ slotSize: demo.slotSize })
  if ('factoryImage' in storage) installFactoryImage(flash, storage.factoryImage)
  const machine = machineOf(kind, timer)
  const model = { maker, name: parameters.name ?? demo.name, hardware: parameters.hardware ?? demo.hardware }
  const device = new ReferenceDevice({
    ...PACE,
    battery: demo.battery,
    // The demo lock's bolt never jams.
    ...(kind === 'lock' ? { actuator: () => true } : {}),
    ...(machine ? { vending: machine } : {}),
    ...options,
    model,
    registry,
    chainId,
    trustedKeys,
    key,
    timer,
    flash,
  })
  return { device, flash, machine }
}

function machineOf(kind: DemoKind, timer: Timer): DemoMachine | null {
  if (kind === 'vending') return new DemoMachine({ timer, slots: DEMO_SPIRALS, unitMs: TURN_MS })
  if (kind === 'outlet')
    return new DemoMachine({ timer, slots: DEMO_OUTLET, unitMs: METER_MS, isMeter: true })
  return null
}
