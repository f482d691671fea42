// Everything that an app needs around it, once per test file: radio, chain, endpoints, seed, maker, devices, phones.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { ReferenceDeviceOptions } from '../../../device/referenceDevice.ts'
import { loadOrMakeDemoKeys } from '../../../node/chain/demoKeys.ts'
import { freePort } from '../../../node/http.ts'
import { demoFirmwareKey } from '../../../node/release/demo.ts'
import type { Running } from '../../../node/startFob.ts'
import { startAppServer } from '../../../node/web/appServer.ts'
import type { Address } from '../../../src/core/bytes.ts'
import { makerPinPath } from '../../../src/core/makerPin.ts'
import { decodeImagePublicKey } from '../../../src/core/mcuboot/publicKey.ts'
import { type NetworkConfig, networkPath } from '../../../src/core/network.ts'
import type { Model } from '../../../src/core/registry/model.ts'
import { type Radio, startRadio } from '../../radio/radio.ts'
import { Maker } from './maker.ts'
import { OnAir } from './onAir.ts'
import { openPhone, type Phone, type PhoneOptions } from './phone.ts'
import { copyStartedHome, startAtHome } from './startedHome.ts'

interface DeviceOptions {
  /** As it advertises itself; default: its model's name. */
  readonly name?: string
  /** What it left the factory with; default: 1.0.0 of its model. */
  readonly factoryImage?: Uint8Array
  /** What it says of itself instead of the truth. */
  readonly claims?: { readonly registry?: Address; readonly maker?: Address }
  readonly device?: Partial<ReferenceDeviceOptions>
}

/** A host of the same app under an address of its own: a browser that comes there has never seen Fob. */
interface Host {
  readonly url: string
  /** What it serves as network.json from now on. */
  serve(network: (honest: NetworkConfig) => NetworkConfig): void
  stop(): Promise<void>
}

export interface World {
  readonly fob: Running
  /** Throws on machines without a test radio. */
  readonly radio: Radio
  readonly maker: Maker
  /** A device of the model on the air. */
  device(model: Model, options?: DeviceOptions): OnAir
  /** Its app is at `fob.url` unless another address is given. */
  phone(options?: Partial<PhoneOptions>): Promise<Phone>
  host(network?: (honest: NetworkConfig) => NetworkConfig): Promise<Host>
  /** Ends everything, also after a start that failed half-way. */
  stop(): Promise<void>
}

export async function startWorld({
  hasRadio = true,
  hasRelay = false,
  webRtcDirect = true,
} = {}): Promise<World> {
  const home = await mkdtemp(join(tmpdir(), 'fob-world-'))
  const ends: (() => unknown)[] = [() => rm(home, { recursive: true, force: true, maxRetries: 5 })]
  const stop = async () => {
    for (const end of ends.splice(0).toReversed()) await end()
  }
  try {
    return await assemble(home, { hasRadio, hasRelay, webRtcDirect }, ends, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function assemble(
  home: string,
  {
    hasRadio,
    hasRelay,
    webRtcDirect,
  }: { readonly hasRadio: boolean; readonly hasRelay: boolean; readonly webRtcDirect: boolean },
  ends: (() => unknown)[],
  stop: () => Promise<void>,
): Promise<World> {
  const radio = hasRadio ? await startRadio() : undefined
  ends.push(() => radio?.stop())
  await copyStartedHome(inject('startedHome'), home)
  const fob = await startAtHome(home, { appDirectory: inject('appFolder'), hasRelay, webRtcDirect })
  ends.push(() => fob.stop())
  const keys = loadOrMakeDemoKeys(fob.home.demoKeys)
  const maker = await Maker.of(fob, keys)
  await maker.settle()
  const trusted = decodeImagePublicKey(demoFirmwareKey(keys))
  if (trusted === undefined) throw new Error('the demo key can not be decoded')
  let devices = 0
  const someRadio = (): Radio => {
    if (radio === undefined) throw new Error('this world has no radio')
    return radio
  }

  return {
    fob,
    maker,
    stop,
    get radio() {
      return someRadio()
    },
    device(model, options = {}) {
      const { id, registry } = fob.network().chain
      devices++
      const onAir = new OnAir({
        kind: 'lock',
        model,
        name: options.name ?? model.name,
        address: `C0:00:00:00:01:${devices.toString(16).padStart(2, '0')}`,
        chainId: id,
        maker: options.claims?.maker ?? model.maker,
        registry: options.claims?.registry ?? registry,
        trustedKeys: [trusted],
        key: scalar(),
        factoryImage: options.factoryImage ?? maker.build(model, { version: '1.0.0' }),
        ...(options.device === undefined ? {} : { device: options.device }),
      })
      someRadio().add(onAir.peripheral)
      ends.push(() => onAir.device.dispose())
      return onAir
    },
    async phone(options = {}) {
      const phone = await openPhone({
        chromiumPath: inject('chromiumPath'),
        url: `${fob.url}/`,
        ...(radio === undefined ? {} : { radio }),
        ...options,
      })
      ends.push(() => phone.discard())
      return phone
    },
    async host(network = honest => honest) {
      let serving = network
      const server = await startAppServer({
        host: '127.0.0.1',
        port: await freePort(),
        directory: inject('appFolder'),
        documents: new Map<string, () => unknown>([
          [networkPath, () => serving(fob.network())],
          [makerPinPath, () => ({})],
        ]),
        files: new Map(),
      })
      ends.push(() => server.stop())
      return {
        url: `${server.url}/`,
        serve: next => {
          serving = next
        },
        stop: () => server.stop(),
      }
    },
  }
}

/** A P-256 secret key: below the group's order, for its first byte is below 0xff. */
function scalar(): Uint8Array {
  const bytes = Uint8Array.from(randomBytes(32))
  bytes[0] = 1
  return bytes
}
