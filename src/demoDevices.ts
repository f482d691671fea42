// The demo devices: the reference device running in this page, as one more way to reach a device. Loaded on first use.
import { createDemoDevice } from '../device/demo.ts'
import { MemoryFlash } from '../device/flash.ts'
import type { ReferenceDevice } from '../device/referenceDevice.ts'
import type { DemoMachine } from '../device/vending/demoMachine.ts'
import type { DeviceConnection, DevicePort } from './app/ports/device.ts'
import type { Platform } from './app/ports/platform.ts'
import type { Stores } from './app/ports/store.ts'
import { type Bytes, fromHex } from './core/bytes.ts'
import { decodeImagePublicKey } from './core/mcuboot/publicKey.ts'
import type { DemoNetwork, NetworkConfig } from './core/network.ts'
import { fail, ok } from './core/result.ts'
import { type ByteTransport, LinkError } from './core/smp/transport.ts'
import { pause } from './core/timeLimit.ts'
import { DemoMemory } from './demoMemory.ts'

interface Live {
  readonly device: ReferenceDevice
  readonly machine: DemoMachine | null
  revision: number
  /** Resolves when all of it is written down, and shared as far as that can be. */
  store(): Promise<void>
}

/** Milliseconds of quiet after which the flash is stored. */
const settle = 300
/** Milliseconds, and how often: a write that is under way takes less. */
const TAKE_AGAIN = 400
const TAKE_TRIES = 10
/** Milliseconds. */
const HOLD_EVERY = 4_000
const maxImageBytes = 4 * 1024 * 1024

export function createDemoDevices(config: NetworkConfig, stores: Stores, platform: Platform): DevicePort {
  const live = new Map<string, Live>()
  const memory = new DemoMemory(config, stores, platform)

  async function wake(id: string): Promise<Live | undefined> {
    const found = config.demo?.models.find(({ name, hardware }) => `${name}/${hardware}` === id)
    if (!found || !config.demo) return undefined
    const connected = live.get(id)
    if (connected?.device.isConnected) return connected
    const stored = await memory.read(id)
    const running = live.get(id)
    if (running && (running.device.isConnected || !stored || stored.revision <= running.revision))
      return running
    running?.device.dispose()
    const flash = stored && MemoryFlash.restore(stored.flash)
    const made =
      stored && flash
        ? assemble(id, config.demo, found, stored.key, { flash }, stored.revision)
        : assemble(
            id,
            config.demo,
            found,
            randomScalar(platform),
            { factoryImage: await factoryImage(found.image) },
            0,
          )
    live.set(id, made)
    return made
  }

  /** Whoever has just hung up still writes down what came of it: that is waited for, and not much longer. */
  async function take(id: string): Promise<boolean> {
    for (let left = TAKE_TRIES; ; left--) {
      if (await memory.hold(id)) return true
      if (left === 0) return false
      await pause(platform.timer, TAKE_AGAIN)
    }
  }

  /** This browser's for as long as it is connected, and until what came of it is shared. */
  function keep(id: string, transport: ByteTransport): void {
    let cancel = platform.timer.after(HOLD_EVERY, again)
    function again(): void {
      void memory.hold(id)
      cancel = platform.timer.after(HOLD_EVERY, again)
    }
    transport.onClose(async () => {
      cancel()
      await live.get(id)?.store()
      if (live.get(id)?.device.isConnected !== true) await memory.letGo(id)
    })
  }

  function assemble(
    id: string,
    { maker, trustedKeys }: DemoNetwork,
    { kind, name, hardware }: DemoNetwork['models'][number],
    key: Bytes,
    storage: { readonly factoryImage: Uint8Array } | { readonly flash: MemoryFlash },
    revision: number,
  ): Live {
    const { id: chainId, registry } = config.chain
    const { device, flash, machine } = createDemoDevice({
      kind,
      name,
      hardware,
      maker,
      registry,
      chainId,
      trustedKeys: trustedKeys.flatMap(text => {
        const parsed = decodeImagePublicKey(fromHex(text) ?? new Uint8Array())
        return parsed ? [parsed] : []
      }),
      key,
      timer: platform.timer,
      storage,
      options: {
        // A page may be closed before its last snapshot was stored: what the flash counts can repeat.
        noise: length => platform.randomBytes(length),
        // Each page that meets it starts it anew: to whoever stands before it, it is one lock that never lost its power.
        keptClock: () => platform.unixNow(),
      },
    })
    let isChanged = true
    let writing = Promise.resolve()
    const store = (): Promise<void> => {
      if (isChanged) {
        isChanged = false
        made.revision++
        writing = memory.write(id, made.revision, { key, flash: flash.snapshot() })
      }
      return writing
    }
    const made: Live = { device, machine, revision, store }
    let cancel = platform.timer.after(0, () => void store())
    flash.onChange(() => {
      isChanged = true
      cancel()
      cancel = platform.timer.after(settle, () => void store())
    })
    // What the device tells others must outlive a page that is closed in the next moment, as flash outlives a power cut.
    device.onEvent(event => {
      if (event.kind !== 'slots' && event.kind !== 'booted' && event.kind !== 'settings') return
      cancel()
      void store()
    })
    return made
  }

  return {
    source: 'demo',
    radioState: async () => 'ready',
    choose: async () => fail({ kind: 'chooserCancelled' }),
    known: async () =>
      (config.demo?.models ?? []).map(({ name, hardware }) => ({
        source: 'demo',
        id: `${name}/${hardware}`,
        name,
      })),
    async connect(id) {
      try {
        if (!(await take(id))) return fail({ kind: 'deviceTaken' })
        const running = await wake(id)
        if (!running) return fail({ kind: 'mustChooseAgain' })
        const transport = await running.device.connect()
        keep(id, transport)
        const connection: DeviceConnection = {
          transport,
          batteryLevel: async () => running.device.battery(),
        }
        return ok(connection)
      } catch (error) {
        if (error instanceof LinkError) return fail({ kind: 'outOfReach', detail: error.message })
        if (error instanceof FactoryImageMissing) return fail({ kind: 'outOfReach', detail: error.message })
        throw error
      }
    },
    async pressButton(id) {
      const running = await wake(id)
      running?.device.pressButton()
      return running !== undefined
    },
    async disturb(id, disturbance) {
      const machine = (await wake(id))?.machine
      machine?.disturb(disturbance)
      return machine !== undefined && machine !== null
    },
    async forget(id) {
      live.get(id)?.device.dispose()
      live.delete(id)
      await memory.forget(id)
    },
  }
}

class FactoryImageMissing extends Error {
  override readonly name = 'FactoryImageMissing'
}

async function factoryImage(url: string): Promise<Uint8Array> {
  const response = await fetch(url).catch(() => undefined)
  if (!response?.ok)
    throw new FactoryImageMissing(`the demo device's factory image is not to be had (${url})`)
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (bytes.length > maxImageBytes) throw new FactoryImageMissing('the factory image is too large')
  return bytes
}

/** Below the group order with a probability of all but 2^-32; a scalar that is not is drawn again. */
function randomScalar(platform: Platform): Bytes {
  for (;;) {
    const bytes = platform.randomBytes(32)
    if (bytes[0] !== 0xff && bytes.some(byte => byte !== 0)) return bytes
  }
}
