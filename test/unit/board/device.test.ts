// `fob device` as people run it: made once, updated, paired with its printed code, opened, and killed between any two of these.
import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BluezObjects } from '../../../node/bluez/bluezObjects.ts'
import { BluezCentral } from '../../../node/bluez/central.ts'
import { systemTimer as timer } from '../../../node/systemTimer.ts'
import { type Bytes, toHex } from '../../../src/core/bytes.ts'
import { hashTypedData } from '../../../src/core/eip712.ts'
import { type DeviceIdentity, devicePublicKey, verifyIdentity } from '../../../src/core/identity.ts'
import { parseClaimCode } from '../../../src/core/lock/claimCode.ts'
import { GrantAction, grantDigest } from '../../../src/core/lock/grant.ts'
import { openLock } from '../../../src/core/lock/openLock.ts'
import { keyHash, readOwnership } from '../../../src/core/lock/ownership.ts'
import { pairDevice, pairingTypedData, readPairingNonce } from '../../../src/core/lock/pairing.ts'
import { encodeImagePublicKey } from '../../../src/core/mcuboot/publicKey.ts'
import { signDigest } from '../../../src/core/p256.ts'
import type { Failure, Result } from '../../../src/core/result.ts'
import { SmpClient } from '../../../src/core/smp/client.ts'
import { readIdentity } from '../../../src/core/smp/fob.ts'
import { readState, setState } from '../../../src/core/smp/image.ts'
import { readParams, reset } from '../../../src/core/smp/os.ts'
import { uploadImage } from '../../../src/core/smp/upload.ts'
import { radioObstacle } from '../../chromium.ts'
import { type Radio, startRadio } from '../../radio/radio.ts'
import { POLICY, testImage } from '../device/fixtures.ts'
import { eventually, type Started, startEntry } from '../node/process.ts'
import { temporaryDirectory } from '../node/temporary.ts'
import { firmwareOf } from '../transport/contract.ts'

const OWNER = new Uint8Array(32).fill(21)
const PHONE = new Uint8Array(32).fill(24)
const REGISTRY = `0x${'3c'.repeat(20)}` as const
const NO_MARKET = `0x${'00'.repeat(20)}` as const
const domain = { chainId: 31337, registry: REGISTRY }
const home = temporaryDirectory()
const tools = temporaryDirectory()
const moves = join(tools, 'moves')

let radio: Radio
let bluez: BluezObjects
let central: BluezCentral
let board: Started | undefined
let name = ''
let fresh = 0
const random = (length: number): Bytes => {
  const bytes = new Uint8Array(length).fill(3)
  bytes[0] = ++fresh
  return bytes
}

function must<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(`${result.error.kind} ${result.error.detail ?? ''}`)
  return result.value
}

beforeAll(async () => {
  if (radioObstacle() !== undefined) return
  writeFileSync(join(home, 'lock.bin'), testImage({ bodySize: 60_000 }))
  const [trusted] = POLICY.trustedKeys
  if (!trusted) throw new Error('no key')
  const network = {
    version: 1,
    name: 'Test network',
    chain: {
      id: 31337,
      name: 'Local',
      registry: REGISTRY,
      endpoints: ['http://127.0.0.1:8641', 'http://127.0.0.1:8642'],
      minAgreeing: 2,
      maxAgeSeconds: 120,
      currency: { symbol: 'ETH', decimals: 18 },
    },
    ...{ peers: [], gateways: [], makers: [] },
    demo: {
      maker: `0x${'1a'.repeat(20)}`,
      trustedKeys: [toHex(encodeImagePublicKey(trusted))],
      models: [{ kind: 'lock', name: 'Fob Lock One', hardware: 'rev B', image: '/demo/lock.bin' }],
    },
  }
  writeFileSync(join(home, 'network.json'), JSON.stringify(network))
  // What libgpiod's gpioset does, without pins: it holds the line for the time that it is told.
  const gpioset = `#!/bin/sh\n[ "$1" = --version ] && echo 'gpioset (libgpiod) v1.6.3' && exit 0\necho "$@" >> '${moves}'\n`
  writeFileSync(join(tools, 'gpioset'), gpioset)
  chmodSync(join(tools, 'gpioset'), 0o755)
  radio = await startRadio()
  bluez = await BluezObjects.open(radio.env.DBUS_SYSTEM_BUS_ADDRESS)
  central = new BluezCentral({ bluez, timer, log: () => {} })
})
afterAll(async () => {
  board?.child.kill('SIGKILL')
  await board?.finished
  await central?.stop()
  bluez?.close()
  await radio?.stop()
})

const args = ['device', '--network', join(home, 'network.json'), '--bolt', 'gpiochip0:17', '--pulse', '10']

async function start(...more: string[]): Promise<Started> {
  const env = { ...radio.env, FOB_HOME: home, PATH: `${tools}:${process.env.PATH}` }
  board = startEntry('node/fob.ts', [...args, ...more], env)
  await board.printed('is on the air')
  name = /^(.*) is on the air/m.exec(board.output())?.[1] ?? ''
  return board
}

async function kill(): Promise<void> {
  board?.child.kill('SIGKILL')
  await board?.finished
}

/** As a phone does: heard, connected, and who it is is proven. */
async function meet<T>(
  task: (client: SmpClient, identity: DeviceIdentity & { publicKey: Bytes }) => Promise<T>,
): Promise<T> {
  central.listen()
  const find = () => central.heard().find(device => device.name === name)
  await eventually(() => find() !== undefined)
  const { transport } = must(await central.connect(find()?.id ?? ''))
  const client = new SmpClient(transport, { timer, timeoutMs: 3_000 })
  try {
    const challenge = random(32)
    const { maker, registry, model, hardware, ...rest } = must(await readIdentity(client, challenge))
    const signed = { maker: toHex(maker), name: model, hardware }
    const identity = must(verifyIdentity({ ...rest, challenge, registry: toHex(registry), model: signed }))
    return await task(client, { ...identity, publicKey: Uint8Array.from(rest.publicKey) })
  } finally {
    client.dispose()
    await transport.close()
  }
}

const firmware = firmwareOf(testImage({ minor: 1, bodySize: 60_000 }))

test.skipIf(radioObstacle() !== undefined)(
  'a board is made, updated through a power cut, paired by its printed code, and opens its bolt as often as the grant says, whatever is pulled in between',
  {
    timeout: 120_000,
    retry: 0,
  },
  async () => {
    const refused = await startEntry('node/fob.ts', args, {
      ...radio.env,
      FOB_HOME: home,
      PATH: `${tools}:${process.env.PATH}`,
    }).finished
    expect(refused.stderr).toContain('--kind lock, vending')

    // Made of an image that its bootloader does not trust, it would never run: so it is not made.
    const foreign = join(home, 'foreign.pem')
    writeFileSync(
      foreign,
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }),
    )
    const own = ['--kind', 'lock', '--model', 'Own', '--hardware', 'rev B', '--maker', `0x${'1a'.repeat(20)}`]
    const unusable = await startEntry(
      'node/fob.ts',
      [...args, ...own, '--firmware', join(home, 'lock.bin'), '--image-key', foreign],
      { ...radio.env, FOB_HOME: home, PATH: `${tools}:${process.env.PATH}` },
    ).finished
    expect([unusable.code, unusable.stderr]).toEqual([1, expect.stringContaining('would not start')])

    const made = await start('--kind', 'lock', '--firmware', join(home, 'lock.bin'))
    const claimCode = must(parseClaimCode(/claim code: (\S+)/.exec(made.output())?.[1] ?? ''))
    const deviceId = /is on the air: (0x[0-9a-f]{64})/.exec(made.output())?.[1]

    // The plug is pulled in the middle of an upload.
    await meet(async (client, identity) => {
      expect(identity.deviceId).toBe(deviceId)
      const params = must(await readParams(client))
      const cut = await uploadImage(client, firmware, {
        params,
        onProgress: ({ sent }) => {
          if (sent > 20_000) board?.child.kill('SIGKILL')
        },
      })
      expect(cut.ok).toBe(false)
    })
    await board?.finished
    const again = await start()
    expect(again.output()).toContain('Started 1.0.0')
    expect(again.output()).not.toContain('claim code')

    await meet(async client => {
      must(await uploadImage(client, firmware, { params: must(await readParams(client)) }))
      must(await setState(client, { hash: firmware.imageHash, confirm: false }))
      must(await reset(client))
    })
    await again.printed('Started 1.1.0')
    await meet(async client => {
      const [active] = must(await readState(client))
      expect(toHex(active?.hash ?? new Uint8Array())).toBe(toHex(firmware.imageHash))
      must(await setState(client, { hash: firmware.imageHash, confirm: true }))
    })

    const owner = devicePublicKey(OWNER)
    await meet(async (client, { deviceId: id, publicKey }) => {
      const asked = { challenge: random(32), devicePublicKey: publicKey }
      const { pairingCounter } = must(await readOwnership(client, asked))
      const nonce = must(await readPairingNonce(client))
      const pairing = { deviceId: id, ownerKey: owner, nonce, pairingCounter: pairingCounter + 1 }
      const signature = signDigest(hashTypedData(pairingTypedData(domain, pairing)), OWNER)
      must(await pairDevice(client, { domain, devicePublicKey: publicKey, pairing, signature, claimCode }))
    })
    await kill()
    await start()
    expect(board?.output()).toContain('Started 1.1.0')

    const open = () =>
      meet(async (client, { deviceId: id, publicKey }) => {
        const ownership = must(
          await readOwnership(client, { challenge: random(32), devicePublicKey: publicKey }),
        )
        expect(ownership.ownerKeyHash && toHex(ownership.ownerKeyHash)).toBe(toHex(keyHash(owner)))
        const user = devicePublicKey(PHONE)
        const grant = {
          ...{ deviceId: id, orderId: 0n, userKeyHash: keyHash(user), epoch: 0, seq: 0 },
          ...{ notBefore: 0, notAfter: 4_000_000_000, weeklyHours: new Uint8Array(21) },
          ...{ maxUses: 2, actions: GrantAction.open | GrantAction.withoutTime },
        }
        const digest = grantDigest({ chainId: domain.chainId, market: NO_MARKET }, grant)
        const opened = await openLock(client, {
          ...{ domain, grant, devicePublicKey: publicKey, requestId: random(16), timeSource: null },
          authorisation: { by: 'owner', market: NO_MARKET, signature: signDigest(digest, OWNER) },
          user: { publicKey: user, sign: async it => signDigest(it, PHONE) },
          newEphemeralSecret: () => random(32),
        })
        if (opened.ok) return opened.value.result.status
        return opened.error.kind === 'openRefused' ? opened.error.reason : opened.error.kind
      })
    const driven = () => readFileSync(moves, 'utf8').match(/17=1/g)?.length ?? 0
    expect(driven()).toBe(0)
    expect(await open()).toBe('done')
    await eventually(() => driven() === 1)
    await kill()
    await start()
    expect(await open()).toBe('done')
    expect(await open()).toBe('usesSpent')
    expect(driven()).toBe(2)

    board?.child.kill('SIGTERM')
    expect(await board?.finished).toMatchObject({ code: 0 })
  },
)
