// Starts a whole local Fob: chain, two endpoints, contracts, seed, demo releases, attestors, agent, app. `npm start` and the tests use it.
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { privateKeyToAccount } from 'viem/accounts'
import { DEMO_MODELS } from '../device/demo.ts'
import { type Address, toHex } from '../src/core/bytes.ts'
import { makerPinPath } from '../src/core/makerPin.ts'
import { type NetworkConfig, networkPath } from '../src/core/network.ts'
import { loadOrMakeDemoKeys } from './chain/demoKeys.ts'
import { deployOnce } from './chain/deploy.ts'
import { createEndpoint, type Endpoint } from './chain/endpoint.ts'
import { createFaucet, faucetPath } from './chain/faucet.ts'
import { type LocalChain, startLocalChain } from './chain/localChain.ts'
import { writeFileWhole } from './files.ts'
import { type Home, openHome, projectRoot } from './home.ts'
import { checkPortIsFree } from './http.ts'
import { type DemoOwner, startDemoOwner } from './local/demoOwner.ts'
import { claimInstance, instancePath } from './local/instance.ts'
import { type LocalNetwork, makerPin, networkConfig } from './local/network.ts'
import { allPorts, type Ports } from './local/ports.ts'
import { type LocalSigners, startLocalAgent, startLocalAttestors } from './local/signers.ts'
import { demoFactoryImage, demoFirmwareKey, publishDemoReleases } from './release/demo.ts'
import { openRegistry } from './release/registry.ts'
import { type SeedControl, startSeedControl } from './seed/control.ts'
import { type Seed, startSeed } from './seed/seed.ts'
import { startAppServer } from './web/appServer.ts'
import { createDemoMemory, demoMemoryPath, placeDemoDevice } from './web/demoMemory.ts'

const chainId = 31_337
const host = '127.0.0.1'

export interface StartOptions {
  /** State directory: chain, blocks, keys. */
  readonly home: string
  readonly ports: Ports
  /** The built app; default: `dist` in the project. */
  readonly appDirectory?: string
  /** Whether all browsers meet the same demo devices (but for the sensor), as people do who try it by hand; else each has its own. */
  readonly sharesDemoDevices?: boolean
  /** Seconds between writes of the chain. Default 1. */
  readonly saveChainEvery?: number
  /** False: the seed is reached over WebSockets alone. One that is gone is known to be gone at once then. */
  readonly webRtcDirect?: boolean
  /** Progress, one line at a time. */
  readonly log: (line: string) => void
  /** The chain died for good while we were running; whoever started us decides what to do. */
  readonly onGone: (reason: string) => void
}

/** The seed, which tests stop and start again. */
interface SeedHandle {
  /** Throws while it is stopped. */
  current(): Seed
  stop(): Promise<void>
  start(): Promise<void>
}

export interface Running {
  /** Where the app is. */
  readonly url: string
  readonly home: Home
  readonly chain: LocalChain
  readonly endpoints: readonly [Endpoint, Endpoint]
  readonly seed: SeedHandle
  /** As served now. */
  network(): NetworkConfig
  /** Of the demo vending machine; null where each browser has its own. */
  readonly till: Address | null
  /** Ends everything, state written. Never rejects; the second call does nothing. */
  stop(): Promise<void>
}

/**
 * Throws PortInUse, AlreadyRunning, or an Error with a message for the person; whatever was started by then is ended.
 */
export async function startFob(options: StartOptions): Promise<Running> {
  const { ports, log } = options
  const home = openHome(options.home)
  // By name: a browser has no passkeys for an address (WebAuthn Level 3, 5.1.3, step 7).
  const url = `http://localhost:${ports.app}`
  const claim = await claimInstance(home.running, url)
  const cleanups: (() => void | Promise<void>)[] = [() => claim.release()]
  let isStopped = false
  const stop = async () => {
    if (isStopped) return
    isStopped = true
    // In reverse: what depends on others ends first.
    for (const cleanup of cleanups.toReversed()) await Promise.resolve(cleanup()).catch(() => {})
  }
  try {
    // Before anything slow: a port in use should be said at once.
    for (const port of allPorts(ports)) {
      await checkPortIsFree(port, host)
    }
    const keys = loadOrMakeDemoKeys(home.demoKeys)
    const chain = await startLocalChain({
      ...{ directory: home.chain, chainId, log, onGone: options.onGone },
      ...(options.saveChainEvery !== undefined && { saveEvery: options.saveChainEvery }),
    })
    cleanups.push(() => chain.stop())
    const endpointAt = (port: number): Endpoint =>
      createEndpoint({ host, port, upstream: chain.url, onCall: chain.touch })
    const endpoints = [endpointAt(ports.endpoints[0]), endpointAt(ports.endpoints[1])] as const
    for (const endpoint of endpoints) {
      await endpoint.start()
      cleanups.push(() => endpoint.stop())
    }
    const addressOf = (key: 'maker' | 'release' | 'guardian') =>
      privateKeyToAccount(keys[key]).address.toLowerCase() as Address
    const { registry, demoToken, ...contracts } = await deployOnce({
      url: await chain.url(),
      file: home.deployment,
      deployer: keys.maker,
      fund: [addressOf('release'), addressOf('guardian')],
      log,
    })
    const signers: LocalSigners = await startLocalAttestors({
      directory: home.signers,
      host,
      ports: ports.attestors,
      chainId,
      chain: chain.url,
    })
    cleanups.push(() => signers.stop())
    // Each other's neighbours, and neither knows the other before both are there.
    const relayAddresses: string[] = []
    const seed = await startSeedHandle(home, options, () => relayAddresses)
    cleanups.push(() => seed.stop())
    const relay = await startRelay(home, ports, log, seed.lastAddresses)
    cleanups.push(() => relay?.stop())
    relayAddresses.push(...(relay?.addresses() ?? []))

    const local: LocalNetwork = {
      chainId,
      registry,
      endpoints: endpoints.map(endpoint => endpoint.url),
      gateway: `http://${host}:${ports.gateway}`,
      maker: addressOf('maker'),
      firmwareKey: toHex(demoFirmwareKey(keys)),
      models: DEMO_MODELS.map(({ kind, name, hardware }) => ({
        kind,
        name,
        hardware,
        image: `/demo/${kind}.bin`,
      })),
      wallet: { contracts, demoToken, faucet: faucetPath },
      attestors: signers.attestors,
      agent: `http://${host}:${ports.agent}`,
      ...(options.sharesDemoDevices === true && { demoMemory: demoMemoryPath }),
    }
    const releases = await publishDemoReleases({
      registry: openRegistry({ chainId, registry, endpoints: [await chain.url()] }),
      keys,
      addToSeed: bytes => seed.current().add(bytes),
      now: Math.floor(Date.now() / 1000),
    })
    if (releases.length > 0) log(`Released ${releases.join(', ')}.`)

    // A seed that is down is still the network's peer: its addresses stay.
    const network = () => networkConfig(local, [...seed.lastAddresses(), ...relayAddresses])
    const demoDevices = join(signers.directory, 'demo-devices')
    const app = await startAppServer({
      host,
      port: ports.app,
      directory: options.appDirectory ?? join(projectRoot, 'dist'),
      documents: new Map<string, () => unknown>([
        [networkPath, network],
        [makerPinPath, () => makerPin(local)],
        [instancePath, () => claim.instance],
      ]),
      files: new Map(DEMO_MODELS.map(model => [`/demo/${model.kind}.bin`, demoFactoryImage(model, keys)])),
      actions: new Map([
        [faucetPath, createFaucet({ chain: chain.url, onUse: chain.touch, token: demoToken })],
      ]),
      ...(options.sharesDemoDevices === true && {
        demoMemory: createDemoMemory(
          demoDevices,
          demoIds(local, kind => kind !== 'sensor'),
          // Each browser's own: who wants to see files go from one to another needs two that are not updated yet.
          demoIds(local, kind => kind === 'sensor'),
        ),
      }),
    })
    cleanups.push(() => app.stop())
    const owner =
      options.sharesDemoDevices === true
        ? await startDemoOwner({
            directory: join(signers.directory, 'kiosk-owner'),
            network: network(),
            chain: chain.url,
            factoryImage: () => demoVendingImage(keys),
            keepMachine: (id, bytes) => placeDemoDevice(demoDevices, id, bytes),
            addPicture: bytes => seed.current().add(bytes),
            log,
          })
        : null
    const agent = await startLocalAgent({
      signers,
      answerKiosk: owner?.answerKiosk ?? null,
      network: network(),
      host,
      port: ports.agent,
      chain: chain.url,
      log,
    })
    cleanups.push(() => agent.stop())
    if (owner) void publishCatalogue(`http://${host}:${ports.agent}`, owner, () => isStopped)
    writeFileWhole(home.network, `${JSON.stringify(network(), null, 2)}\n`)
    return { url, home, chain, endpoints, seed, network, till: owner?.till ?? null, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const demoIds = ({ models }: LocalNetwork, isMeant: (kind: string) => boolean): ReadonlySet<string> =>
  new Set(models.filter(({ kind }) => isMeant(kind)).map(({ name, hardware }) => `${name}/${hardware}`))

/** Asked again until the owner's claim is final. Twice is once: a box that has it refuses it as not newer. */
async function publishCatalogue(
  box: string,
  { catalogue }: DemoOwner,
  isStopped: () => boolean,
): Promise<void> {
  while (!isStopped()) {
    const response = await fetch(`${box}/kiosk/${catalogue.deviceId}/catalogue`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(catalogue),
    }).catch(() => undefined)
    if (response?.ok || (await response?.text())?.includes('catalogueOlder')) return
    await setTimeout(1_000)
  }
}

function demoVendingImage(keys: Parameters<typeof demoFactoryImage>[1]): Uint8Array {
  const model = DEMO_MODELS.find(({ kind }) => kind === 'vending')
  if (!model) throw new Error('no demo vending machine')
  return demoFactoryImage(model, keys)
}

interface LocalSeed extends SeedHandle {
  /** Multiaddrs; of one that is off, those that it had. */
  lastAddresses(): readonly string[]
}

async function startSeedHandle(
  home: Home,
  { ports, log, webRtcDirect = true }: StartOptions,
  neighbours: () => readonly string[],
): Promise<LocalSeed> {
  let running: Seed | undefined
  let control: SeedControl | undefined
  let lastAddresses: readonly string[] = []
  const on = async () => {
    running ??= await startSeed({
      directory: home.seed,
      host,
      port: ports.seed,
      gatewayPort: ports.gateway,
      ...(webRtcDirect ? {} : { webRtcDirect }),
      neighbours: () => neighbours().filter(isWebSocket),
      log,
    })
    lastAddresses = running.addresses()
  }
  const off = async () => {
    const ending = running
    running = undefined
    await ending?.stop()
  }
  const handle = {
    lastAddresses: () => lastAddresses,
    current() {
      if (running === undefined) throw new Error('the seed is stopped')
      return running
    },
    async start() {
      await on()
      const turn = (isOn: boolean) => (isOn ? on() : off())
      control ??= await startSeedControl({ current: () => running, turn }, home.seed)
    },
    async stop() {
      await control?.stop()
      control = undefined
      await off()
    },
  }
  await handle.start()
  return handle
}

/** A relay as any neighbour may run one: with its own key, no file, and nothing to do with the maker. */
async function startRelay(
  home: Home,
  ports: Ports,
  log: (line: string) => void,
  neighbours: () => readonly string[],
): Promise<Seed | undefined> {
  if (ports.relay === undefined) return undefined
  return startSeed({
    directory: home.relay,
    host,
    port: ports.relay,
    webRtcDirect: false,
    neighbours: () => neighbours().filter(isWebSocket),
    log,
  })
}

const isWebSocket = (address: string): boolean => address.includes('/ws/')
