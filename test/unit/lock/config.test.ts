// Config against the real device: one version after the other, by the owner's word, signed for and read again.
import { describe, expect, it } from 'vitest'
import { MAX_ATTESTORS, readConfigTaken } from '../../../src/core/lock/config.ts'
import { factoryResetTypedData, resetToFactory } from '../../../src/core/lock/pairing.ts'
import { isDigestSignedBy } from '../../../src/core/p256.ts'
import { configTakenDigest, type DeviceConfig } from '../../../src/core/registry/deviceStatements.ts'
import { FobCommand } from '../../../src/core/smp/fob.ts'
import { DEVICE_PUBLIC_KEY, DOMAIN, kindOf, LockWorld, must, STRANGER, testKey } from './lockWorld.ts'
import { Tap } from './tap.ts'

const keys = (count: number) => Array.from({ length: count }, (_, i) => testKey(50 + i).publicKey)
const FULL: Partial<DeviceConfig> = { attestors: { threshold: 5, keys: keys(MAX_ATTESTORS) } }

const taken = (world: LockWorld) =>
  world.passing(readConfigTaken(world.client, { domain: DOMAIN, devicePublicKey: DEVICE_PUBLIC_KEY }))

describe('a Config', () => {
  it.each([256, 2475])(
    'is taken, signed for and can be read again, with a buffer of %i bytes',
    async bufSize => {
      const world = await LockWorld.paired({ bufSize })
      const signature = must(await world.deliver(FULL))
      const config = world.config(FULL)
      expect(isDigestSignedBy(DEVICE_PUBLIC_KEY, configTakenDigest(DOMAIN, config), signature)).toBe(true)
      expect(must(await taken(world))).toEqual({ config, signature })
      await world.cyclePower()
      expect(must(await taken(world))).toEqual({ config, signature })
      expect(await world.ownership()).toMatchObject({ configVersion: 1, epoch: 0 })
    },
  )

  it('that was delivered is answered in the same way when it comes again', async () => {
    const world = await LockWorld.paired()
    const first = must(await world.deliver())
    expect(must(await world.deliver())).toEqual(first)
    expect((await world.ownership()).configVersion).toBe(1)
  })

  it('is taken one version after the other', async () => {
    const world = await LockWorld.paired()
    for (const version of [1, 2, 3]) must(await world.deliver({ version, epoch: version }))
    expect(await world.ownership()).toMatchObject({ configVersion: 3, epoch: 3 })
  })

  it.each([
    ['skips a version', { version: 4 }, 'configVersionRefused'],
    ['has the present version and another content', { version: 2, epoch: 9 }, 'configVersionRefused'],
    ['is an earlier one', { version: 1 }, 'configVersionRefused'],
    ['has version 0', { version: 0 }, 'deviceError'],
    ['lets the epoch fall', { version: 3, epoch: 1 }, 'configEpochRefused'],
    [
      'is for another device',
      { version: 3, deviceId: `0x${'77'.repeat(32)}` as const },
      'deviceRefusedSignature',
    ],
    [
      'wants more attestors than there are',
      { version: 3, attestors: { threshold: 3, keys: keys(2) } },
      'deviceError',
    ],
    ['wants no attestor of two', { version: 3, attestors: { threshold: 0, keys: keys(2) } }, 'deviceError'],
    [
      'counts an attestor twice',
      { version: 3, attestors: { threshold: 2, keys: [...keys(1), ...keys(1)] } },
      'deviceError',
    ],
  ] as const)('that %s is refused', async (_, change, kind) => {
    const world = await LockWorld.paired()
    must(await world.deliver())
    must(await world.deliver({ version: 2, epoch: 2 }))
    expect(kindOf(await world.deliver({ epoch: 2, ...change }))).toBe(kind)
    expect(await world.ownership()).toMatchObject({ configVersion: 2, epoch: 2 })
  })

  it('is refused from a stranger, and from everybody while the device is free', async () => {
    const world = await LockWorld.start()
    expect(kindOf(await world.deliver())).toBe('deviceNotPaired')
    must(await world.pair())
    expect(kindOf(await world.deliver({}, STRANGER))).toBe('deviceRefusedSignature')
    expect(kindOf(await taken(world))).toBe('noDeviceConfig')
  })

  it('is refused with any byte of it changed', async () => {
    const world = await LockWorld.paired()
    let tap = new Tap(world.transport)
    await world.reconnect(transport => {
      tap = new Tap(transport)
      return tap
    })
    let length = 1
    for (let at = 0; at < length; at++) {
      tap.toDevice = message => {
        if (message.group !== 64 || message.command !== FobCommand.config || message.op !== 2)
          return [message]
        length = message.payload.length
        const payload = Uint8Array.from(message.payload)
        payload[at] = (payload[at] ?? 0) ^ 0x20
        return [{ ...message, payload }]
      }
      expect((await world.deliver()).ok, `byte ${at}`).toBe(false)
    }
    expect(length).toBeGreaterThan(150)
    expect((await world.ownership()).configVersion).toBe(0)
    tap.toDevice = message => [message]
    must(await world.deliver())
  })

  it('goes with a factory reset, but for its version and epoch', async () => {
    const world = await LockWorld.paired()
    must(await world.deliver())
    must(await world.deliver({ version: 2, epoch: 4 }))
    const statement = { deviceId: world.deviceId, pairingCounter: 2 }
    const signature = world.sign(factoryResetTypedData(DOMAIN, statement), testKey(21))
    const request = { domain: DOMAIN, devicePublicKey: DEVICE_PUBLIC_KEY, statement, signature }
    must(await world.passing(resetToFactory(world.client, request)))
    must(await world.pair())
    expect(await world.ownership()).toMatchObject({ configVersion: 2, epoch: 4 })
    expect(kindOf(await taken(world))).toBe('noDeviceConfig')
    expect(kindOf(await world.deliver({ version: 1 }))).toBe('configVersionRefused')
    expect(kindOf(await world.deliver({ version: 3, epoch: 3 }))).toBe('configEpochRefused')
    must(await world.deliver({ version: 3, epoch: 4 }))
  })

  it("is not believed to be taken without the device's own signature", async () => {
    const world = await LockWorld.paired()
    let tap = new Tap(world.transport)
    await world.reconnect(transport => {
      tap = new Tap(transport)
      return tap
    })
    tap.toPhone = message => {
      const payload = Uint8Array.from(message.payload)
      payload[payload.length - 1] = (payload.at(-1) ?? 0) ^ 1
      return message.op === 3 ? [{ ...message, payload }] : [message]
    }
    expect(kindOf(await world.deliver())).toBe('deviceAnswerInvalid')
  })
})
