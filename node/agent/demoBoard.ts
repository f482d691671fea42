// A reference device on this box, in place of a radio: its flash is a file, so that it is the same device at every start.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { p256 } from '@noble/curves/nist.js'
import { createDemoDevice, DEMO_MODELS, type DemoModel } from '../../device/demo.ts'
import { type FlashSnapshot, MemoryFlash } from '../../device/flash.ts'
import type { ReferenceDevice } from '../../device/referenceDevice.ts'
import { fromHex } from '../../src/core/bytes.ts'
import { decodeImagePublicKey } from '../../src/core/mcuboot/publicKey.ts'
import type { NetworkConfig } from '../../src/core/network.ts'
import type { Timer } from '../../src/core/smp/transport.ts'
import { readFileIfThere, writeFileWhole } from '../files.ts'

export interface DemoBoard {
  readonly device: ReferenceDevice
  stop(): void
}

/** Throws where the network has no demo devices of this kind, or the flash's file is damaged. */
export function startDemoBoard(
  kind: DemoModel['kind'],
  options: {
    readonly directory: string
    readonly network: NetworkConfig
    readonly factoryImage: () => Uint8Array
    readonly timer: Timer
    /** What a unit of service does. */
    readonly actuator?: () => boolean
  },
): DemoBoard {
  const { directory, network, timer, actuator } = options
  const model = DEMO_MODELS.find(each => each.kind === kind)
  if (network.demo === undefined || model === undefined)
    throw new Error(`no demo devices of kind ${kind} here`)
  const flashFile = join(directory, 'flash.bin')
  const keyFile = join(directory, 'device-key')
  const key = readFileIfThere(keyFile) ?? p256.utils.randomSecretKey()
  writeFileWhole(keyFile, key, 0o600)
  const stored = readFileIfThere(flashFile)
  const flash = stored && MemoryFlash.restore(deserialize(stored) as FlashSnapshot)
  if (stored !== undefined && flash === undefined) throw new Error(`${flashFile} is no flash of this device`)
  const made = createDemoDevice({
    kind,
    maker: network.demo.maker,
    registry: network.chain.registry,
    chainId: network.chain.id,
    trustedKeys: network.demo.trustedKeys.flatMap(text => {
      return decodeImagePublicKey(fromHex(text) ?? new Uint8Array()) ?? []
    }),
    key,
    timer,
    storage: flash ? { flash } : { factoryImage: options.factoryImage() },
    options: { noise: length => randomBytes(length), ...(actuator && { actuator }) },
  })
  let isDue = false
  const save = () => {
    isDue = false
    writeFileWhole(flashFile, serialize(made.flash.snapshot()), 0o600)
  }
  // Once for many writes: an upload makes thousands of them.
  const stopListening = made.flash.onChange(() => {
    if (isDue) return
    isDue = true
    setTimeout(save, 200).unref()
  })
  return {
    device: made.device,
    stop() {
      stopListening()
      made.device.dispose()
      save()
    },
  }
}
