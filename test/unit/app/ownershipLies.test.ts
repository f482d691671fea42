// Devices and chains that lie while a device is claimed, told or handed over: nothing is built on it, and it is said.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReferenceDevice } from '../../../device/referenceDevice.ts'
import { until } from '../../fixtures/appWorld.ts'
import {
  ALICE,
  BOB,
  done,
  kindOf,
  type OwnershipWorld,
  type Phone,
  startOwnershipWorld,
} from '../../fixtures/ownershipWorld.ts'

let world: OwnershipWorld
beforeAll(async () => {
  world = await startOwnershipWorld()
})
afterAll(() => world.stop())

const viewOf = (phone: Phone, device: ReferenceDevice) =>
  phone.ownership.devices.get().find(({ deviceId }) => deviceId === device.deviceId)

async function paired(): Promise<{ alice: Phone; device: ReferenceDevice; key: string }> {
  const alice = await world.phone(ALICE)
  await world.fund(alice.owner)
  const device = world.device()
  const key = await alice.meet(device)
  device.pressButton()
  done(await alice.ownership.pair(key, { kind: 'button' }))
  return { alice, device, key }
}

/** Another device answers in this one's place from now on. */
function replaced(device: ReferenceDevice, by: ReferenceDevice): void {
  device.connect = () => by.connect()
}

describe('a device', () => {
  it('that is another one than it was is not told anything', async () => {
    const { alice, device } = await paired()
    done(await alice.ownership.changeConfig(device.deviceId, {}))
    replaced(device, world.device())
    expect(kindOf(await alice.ownership.deliverConfig(device.deviceId))).toBe('deviceChanged')
    expect(kindOf(await alice.ownership.proposeClaim(device.deviceId))).toBe('deviceChanged')
    expect(viewOf(alice, device)?.config.delivered).toBe(0)
  })

  it('of another chain or registry of firmware is not paired', async () => {
    const alice = await world.phone(ALICE)
    for (const options of [{ chainId: 1 }, { registry: `0x${'77'.repeat(20)}` as const }]) {
      const device = world.device(options)
      device.pressButton()
      const key = await alice.meet(device)
      expect(kindOf(await alice.ownership.pair(key, { kind: 'button' }))).toBe('identityForOtherNetwork')
    }
    expect(alice.ownership.devices.get()).toEqual([])
  })

  it('of whose answers any one is changed on the way is not believed, and asked again later', async () => {
    const { alice, device } = await paired()
    const connect = device.connect.bind(device)
    let twistedAt = 0
    device.connect = async () => {
      const transport = await connect()
      let count = 0
      return {
        maxWrite: transport.maxWrite,
        write: bytes => transport.write(bytes),
        onClose: listener => transport.onClose(listener),
        close: () => transport.close(),
        // The last byte of an answer is that of a signature, or of what is sealed.
        onData: listener =>
          transport.onData(bytes => {
            const twisted = Uint8Array.from(bytes)
            const last = twisted.length - 1
            if (twisted.length > 60 && ++count === twistedAt) twisted[last] = (twisted[last] ?? 0) ^ 1
            listener(twisted)
          }),
      }
    }
    const refusals = [
      'identitySignatureInvalid',
      'deviceAnswerInvalid',
      'malformed',
      'noDeviceSession',
      'timeout',
    ]
    const untilBelieved = async (ask: () => Promise<string>) => {
      const seen: string[] = []
      for (twistedAt = 1; twistedAt < 20; twistedAt++) {
        seen.push(await ask())
        if (seen.at(-1) === 'ok') return seen
        expect(refusals).toContain(seen.at(-1))
      }
      throw new Error('never believed')
    }
    const claims = await untilBelieved(async () =>
      kindOf(await alice.ownership.proposeClaim(device.deviceId)),
    )
    expect(claims).toContain('identitySignatureInvalid')
    expect(claims).toContain('deviceAnswerInvalid')
    done(await alice.ownership.changeConfig(device.deviceId, {}))
    const configs = await untilBelieved(async () =>
      kindOf(await alice.ownership.deliverConfig(device.deviceId)),
    )
    expect(configs.length).toBeGreaterThan(2)
    expect(viewOf(alice, device)?.config).toMatchObject({ delivered: 1, wanted: { version: 1 } })
  })

  it("that has an owner is nobody else's to claim, to tell or to take", async () => {
    const { alice, device } = await paired()
    const other = await world.phone(BOB)
    // Somebody else's phone sees whose it is, and can do nothing with it.
    const key = await other.meet(device)
    expect(done(await other.ownership.readOwnership(key)).pairing).toBe('others')
    for (const result of [
      await other.ownership.proposeClaim(device.deviceId),
      await other.ownership.deliverConfig(device.deviceId),
      await other.ownership.finishTaking(device.deviceId),
      await other.ownership.changeConfig(device.deviceId, {}),
      await other.ownership.proposeFileConfig(device.deviceId),
    ]) {
      expect(kindOf(result)).toBe('deviceNotOwned')
    }
    expect(viewOf(alice, device)?.stage.kind).toBe('paired')
  })
})

describe('a chain', () => {
  it('that calls us the owner unproven takes nothing back that was proven', async () => {
    const { alice, device } = await paired()
    await alice.confirm(done(await alice.ownership.proposeClaim(device.deviceId)))
    await until(() => viewOf(alice, device)?.stage.kind === 'owned')
    const lied = await alice.reopened({
      told: reading => ({
        ...reading,
        record: null,
        evidence: {
          level: 'unproven',
          reason: 'oneEndpoint',
          block: reading.evidence.block,
          endpoints: [],
          verifiedAt: reading.evidence.verifiedAt,
        },
      }),
    })
    await lied.ownership.refreshDevices()
    expect(viewOf(lied, device)?.stage.kind).toBe('owned')
    expect(viewOf(lied, device)?.evidence?.level).toBe('proven')
  })

  it('whose counter is beyond the device’s lets nothing be given away', async () => {
    const { alice, device } = await paired()
    await alice.confirm(done(await alice.ownership.proposeClaim(device.deviceId)))
    await until(() => viewOf(alice, device)?.stage.kind === 'owned')
    const bob = await world.phone(BOB)
    const { code } = done(await bob.ownership.makeTakeCode())
    const ahead = await alice.reopened({
      told: reading => ({ ...reading, record: reading.record && { ...reading.record, counter: 99 } }),
    })
    expect(kindOf(await ahead.ownership.proposeGive(device.deviceId, code))).toBe('deviceAnswerInvalid')
    const model = await alice.reopened({
      told: reading => ({
        ...reading,
        record: reading.record && { ...reading.record, modelId: `0x${'12'.repeat(32)}` },
      }),
    })
    expect(kindOf(await model.ownership.proposeGive(device.deviceId, code))).toBe('deviceModelChanged')
    expect(viewOf(alice, device)?.stage.kind).toBe('owned')
  })
})
