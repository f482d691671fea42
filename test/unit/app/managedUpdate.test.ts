// Updates of paired devices: a session under the owner's leave, asked for once; nothing at all for somebody else's device.
import { mnemonicToSeedSync } from '@scure/bip39'
import { describe, expect, it } from 'vitest'
import { MemoryFlash } from '../../../device/flash.ts'
import { installFactoryImage, type ReferenceDevice } from '../../../device/referenceDevice.ts'
import type { UpdateView } from '../../../src/app/fob.ts'
import { passKey } from '../../../src/app/keptPass.ts'
import type { WalletPorts } from '../../../src/app/ports.ts'
import { hashTypedData } from '../../../src/core/eip712.ts'
import { devicePublicKey } from '../../../src/core/identity.ts'
import { readOwnership } from '../../../src/core/lock/ownership.ts'
import { pairDevice, pairingTypedData, readPairingNonce } from '../../../src/core/lock/pairing.ts'
import { formatVersion } from '../../../src/core/mcuboot/version.ts'
import { signDigest } from '../../../src/core/p256.ts'
import { SmpClient } from '../../../src/core/smp/client.ts'
import { erase } from '../../../src/core/smp/image.ts'
import { withOwnerKey } from '../../../src/core/wallet/accounts.ts'
import { type AppWorld, appWorld, image, until, type WorldOptions } from '../../fixtures/appWorld.ts'
import { nodeTimer } from '../../fixtures/memoryPorts.ts'
import { ALICE, BOB } from '../../fixtures/ownershipWorld.ts'
import { type TestVault, testVault } from '../../fixtures/testVault.ts'
import { memoryLockKeys, walletDisk } from '../../fixtures/walletMemory.ts'

const domain = { chainId: 31_337, registry: `0x${'33'.repeat(20)}` } as const
const publicKey = devicePublicKey(new Uint8Array(32).fill(9))

/** The device in the world, with the owner key of these words. */
async function pairWith(device: ReferenceDevice, words: string): Promise<void> {
  const transport = await device.connect()
  const client = new SmpClient(transport, { timer: nodeTimer })
  const ownership = await readOwnership(client, {
    challenge: crypto.getRandomValues(new Uint8Array(32)),
    devicePublicKey: publicKey,
  })
  const nonce = await readPairingNonce(client)
  if (!ownership.ok || !nonce.ok) throw new Error('the device does not speak of owners')
  const paired = await withOwnerKeyOf(words, async key => {
    const { deviceId } = device
    const pairingCounter = ownership.value.pairingCounter + 1
    const pairing = { deviceId, ownerKey: devicePublicKey(key), nonce: nonce.value, pairingCounter }
    const signature = signDigest(hashTypedData(pairingTypedData(domain, pairing)), key)
    device.pressButton()
    return pairDevice(client, { domain, devicePublicKey: publicKey, pairing, signature, claimCode: null })
  })
  if (!paired.ok) throw new Error(paired.error.kind)
  client.dispose()
  await transport.close()
}

function withOwnerKeyOf<T>(words: string, use: (key: Uint8Array) => Promise<T>): Promise<T> {
  // The key that is lent is overwritten as soon as the call returns.
  return use(withOwnerKey(mnemonicToSeedSync(words), 0, key => Uint8Array.from(key)))
}

interface Managed extends AppWorld {
  readonly key: string
  readonly vault: TestVault
  readonly fetches: () => number
}

async function managedWorld(
  words: string,
  { vaultOf = ALICE, ...options }: WorldOptions & { vaultOf?: string } = {},
): Promise<Managed> {
  const vault = testVault(vaultOf)
  const wallet = {
    vault,
    lockKeys: memoryLockKeys(),
    stores: walletDisk().stores(),
  } as unknown as WalletPorts
  let fetches = 0
  const world = await appWorld({
    ...options,
    ports: own => ({
      wallet: async () => wallet,
      firmware: async config => {
        const source = await own.firmware(config)
        return {
          ...source,
          fetch: (request, how) => {
            fetches++
            return source.fetch(request, how)
          },
        }
      },
    }),
  })
  await pairWith(world.device, words)
  const key = await world.meet()
  return { ...world, key, vault, fetches: () => fetches }
}

const versionOf = ({ device }: AppWorld) => device.runningVersion && formatVersion(device.runningVersion)
const viewIn = (fob: AppWorld['fob'], key: string) => fob.updates.get().get(key)

async function rest(fob: AppWorld['fob'], key: string): Promise<UpdateView> {
  const resting = ['done', 'failed', 'awaitingDevice', 'cancelled', 'upToDate', 'awaitingConsent']
  await until(() => resting.includes(viewIn(fob, key)?.state.status ?? ''), 'the end of the update')
  const view = viewIn(fob, key)
  if (!view) throw new Error('no update')
  return view
}

const grants = (vault: TestVault) => vault.signedByOwnerKey.filter(kind => kind === 'deviceGrant').length
const keptPass = (world: AppWorld) => world.stores.values.get(passKey(world.device.deviceId))

describe('a device that is paired with our key', () => {
  it('is checked as any other, and updated in a session, by one leave that is gone afterwards', async () => {
    const world = await managedWorld(ALICE)
    expect(world.fob.devices.get()[0]?.record.lastCheck?.decision.kind).toBe('update')
    await world.fob.startUpdate(world.key)
    expect((await rest(world.fob, world.key)).state).toMatchObject({ status: 'done', failure: null })
    expect(versionOf(world)).toBe('1.1.0')
    world.device.cyclePower()
    await until(() => versionOf(world) === '1.1.0')
    expect(grants(world.vault)).toBe(1)
    expect(await keptPass(world)).toBeUndefined()
  })

  it('with a loader is managed in it too: nobody else can write over its application', async () => {
    const flash = new MemoryFlash({ slotSize: 0x10000 })
    installFactoryImage(flash, image(0))
    installFactoryImage(flash, image(0, { kind: 'sensor', bodySize: 3000 }), { slot: 'secondary' })
    const world = await managedWorld(ALICE, { device: { flash, bootMode: 'firmwareLoader' } })
    const refusals: unknown[] = []
    world.device.onEvent(event => {
      if (event.kind !== 'booted' || !event.boot.isLoader) return
      void world.device.connect().then(async transport => {
        const client = new SmpClient(transport, { timer: nodeTimer })
        refusals.push(await erase(client, { slot: 0 }))
        await transport.close()
      })
    })
    await world.fob.startUpdate(world.key)
    expect((await rest(world.fob, world.key)).state.status).toBe('awaitingConsent')
    await world.fob.consent(world.key)
    await until(() => viewIn(world.fob, world.key)?.state.status === 'done')
    expect(versionOf(world)).toBe('1.1.0')
    expect(refusals).toMatchObject([{ ok: false, error: { kind: 'deviceError' } }])
    expect(grants(world.vault)).toBe(1)
  })

  it('through a small buffer and long waits as well', async () => {
    const world = await managedWorld(ALICE, { device: { bufSize: 384, bufCount: 1, maxWrite: 100 } })
    await world.fob.startUpdate(world.key)
    expect((await rest(world.fob, world.key)).state.status).toBe('done')
  })

  it('asks for the open wallet, before anything is fetched, and goes on once it is', async () => {
    const world = await managedWorld(ALICE)
    world.vault.lock()
    await world.fob.startUpdate(world.key)
    expect((await rest(world.fob, world.key)).state).toMatchObject({
      status: 'failed',
      failure: { kind: 'walletLocked', step: 'identify' },
    })
    expect(world.fetches()).toBe(0)
    world.vault.unlock()
    await world.fob.resumeUpdate(world.key)
    expect((await rest(world.fob, world.key)).state.status).toBe('done')
    expect(versionOf(world)).toBe('1.1.0')
  })

  it('goes on over lost links and the restart when the wallet has locked itself meanwhile', async () => {
    const world = await managedWorld(ALICE, { device: { bufSize: 512, bufCount: 1 } })
    await world.fob.startUpdate(world.key)
    const done = () => viewIn(world.fob, world.key)?.state.progress.done ?? 0
    await until(() => viewIn(world.fob, world.key)?.state.step === 'upload' && done() > 0)
    world.vault.lock()
    const sent = done()
    world.device.dropLink()
    await until(() => done() > sent)
    world.device.dropLink()
    expect((await rest(world.fob, world.key)).state.status).toBe('done')
    expect(grants(world.vault)).toBe(1)
  })

  it('goes on in a browser that was killed, with the wallet locked', async () => {
    const world = await managedWorld(ALICE, { device: { bufSize: 512, bufCount: 1, requestMs: 2 } })
    await world.fob.startUpdate(world.key)
    await until(
      () =>
        (viewIn(world.fob, world.key)?.state.bytesSent ?? 0) === 0 &&
        viewIn(world.fob, world.key)?.state.step === 'upload',
    )
    // Nothing is under way in the first one any more: it might as well be dead.
    world.fob.pauseUpdate(world.key)
    world.device.dropLink()
    world.vault.lock()
    const later = world.reopened()
    await until(() => viewIn(later, world.key) !== undefined)
    await later.resumeUpdate(world.key)
    expect((await rest(later, world.key)).state.status).toBe('done')
    expect(versionOf(world)).toBe('1.1.0')
    expect(grants(world.vault)).toBe(1)
    expect(await keptPass(world)).toBeUndefined()
  })

  it('that was cancelled or put aside asks for our leave again', async () => {
    const world = await managedWorld(ALICE, { device: { requestMs: 20 } })
    await world.fob.startUpdate(world.key)
    await until(() => viewIn(world.fob, world.key)?.state.step === 'upload')
    expect(await keptPass(world)).toBeDefined()
    world.fob.cancelUpdate(world.key)
    await rest(world.fob, world.key)
    await until(() => world.fob.devices.get()[0]?.activity === 'idle')
    expect(await keptPass(world)).toBeUndefined()
  })
})

describe("somebody else's device", () => {
  it('is not fetched for, written to or restarted, and the update says why', async () => {
    const world = await managedWorld(BOB)
    await world.fob.startUpdate(world.key)
    expect((await rest(world.fob, world.key)).state).toMatchObject({
      status: 'failed',
      failure: { kind: 'deviceManaged', step: 'identify' },
    })
    expect(world.fetches()).toBe(0)
    expect(grants(world.vault)).toBe(0)
    expect(versionOf(world)).toBe('1.0.0')
  })

  it('is so for a browser without a wallet', async () => {
    const world = await managedWorld(BOB)
    // Nobody looked at the wallet before: whether there is one is read only now.
    world.vault.reload()
    await world.fob.startUpdate(world.key)
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(viewIn(world.fob, world.key)?.state.failure).toBeNull()
    world.vault.erase()
    expect((await rest(world.fob, world.key)).state.failure?.kind).toBe('deviceManaged')
  })
})
