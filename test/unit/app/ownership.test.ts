// Owning devices from end to end: real devices, a real registry, two people with a phone each.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReferenceDevice } from '../../../device/referenceDevice.ts'
import { deviceIdOf, devicePublicKey } from '../../../src/core/identity.ts'
import { claimCodeKey, makeClaimCode } from '../../../src/core/lock/claimCode.ts'
import { decodeGiveCode, encodeGiveCode } from '../../../src/core/wallet/codes.ts'
import { noRules } from '../../../src/core/wallet/rules.ts'
import { until } from '../../fixtures/appWorld.ts'
import {
  ALICE,
  BOB,
  CAROL,
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

async function person(words: string): Promise<Phone> {
  const phone = await world.phone(words)
  await world.fund(phone.owner)
  return phone
}

async function paired(
  phone: Phone,
  device = world.device(),
): Promise<{ key: string; device: ReferenceDevice }> {
  const key = await phone.meet(device)
  device.pressButton()
  done(await phone.ownership.pair(key, { kind: 'button' }))
  return { key, device }
}

async function owned(phone: Phone): Promise<{ key: string; device: ReferenceDevice }> {
  const made = await paired(phone)
  await phone.confirm(done(await phone.ownership.proposeClaim(made.device.deviceId)))
  await until(() => stageOf(phone, made.device) === 'owned', 'the device is owned')
  return made
}

const viewOf = (phone: Phone, device: ReferenceDevice) =>
  phone.ownership.devices.get().find(({ deviceId }) => deviceId === device.deviceId)
const stageOf = (phone: Phone, device: ReferenceDevice) => viewOf(phone, device)?.stage.kind

it('a device of ours that was removed from the list is known again as soon as it is met again', async () => {
  const alice = await person(ALICE)
  const { key, device } = await owned(alice)
  await alice.devices.forget(key)
  expect(viewOf(alice, device)).toMatchObject({ deviceKey: null, stage: { kind: 'owned' } })
  const again = await alice.meet(device)
  expect(viewOf(alice, device)?.deviceKey).toBeNull()
  await alice.devices.change(again, { deviceId: device.deviceId })
  await until(() => viewOf(alice, device)?.deviceKey === again, 'the device is known')
  done(await alice.ownership.changeConfig(device.deviceId, {}))
  done(await alice.ownership.deliverConfig(device.deviceId))
})

describe('pairing', () => {
  it('pins our key once the button is pressed, and the device is in the list with an account of its own', async () => {
    const alice = await person(ALICE)
    const device = world.device()
    const key = await alice.meet(device)
    const tasks: string[] = []
    alice.ownership.tasks.subscribe(() => {
      const kind = alice.ownership.tasks.get().get(key)?.kind
      if (kind && tasks.at(-1) !== kind) tasks.push(kind)
      if (kind === 'waitingForButton') void alice.ownership.pressDemoButton(key)
    })
    expect(done(await alice.ownership.readOwnership(key))).toMatchObject({
      pairing: 'free',
      registry: { state: 'free', owner: null },
      hasButton: true,
      hasClaimCode: false,
    })
    expect(done(await alice.ownership.pair(key, { kind: 'button' }))).toBe(device.deviceId)
    expect(tasks).toContain('waitingForButton')
    expect(alice.ownership.tasks.get().size).toBe(0)
    expect(viewOf(alice, device)).toMatchObject({
      stage: { kind: 'paired' },
      account: { id: 'device/0' },
      deviceKey: key,
    })
    expect(done(await alice.ownership.readOwnership(key)).pairing).toBe('mine')
  })

  it('takes the printed code, refuses a mistyped one before it costs a try, and a wrong one', async () => {
    const alice = await person(ALICE)
    const code = makeClaimCode(new Uint8Array(11).fill(5))
    const other = makeClaimCode(new Uint8Array(11).fill(6))
    const key = new Uint8Array(32).fill(0x21)
    const deviceId = deviceIdOf(devicePublicKey(key))
    const device = world.device({ key, hasButton: false, claimCodeKey: claimCodeKey(code, deviceId) })
    const met = await alice.meet(device)
    const pair = (text: string) => alice.ownership.pair(met, { kind: 'code', code: text })
    expect(kindOf(await pair(code.replace(/.$/, last => (last === 'A' ? 'B' : 'A'))))).toBe(
      'claimCodeMistyped',
    )
    expect(kindOf(await alice.ownership.pair(met, { kind: 'button' }))).toBe('deviceHasNoButton')
    expect(kindOf(await pair(other))).toBe('claimCodeWrong')
    expect(kindOf(await pair(code.toLowerCase()))).toBe('ok')
  })

  it('is cancelled by the person, and nothing is pinned', async () => {
    const alice = await person(ALICE)
    const device = world.device()
    const key = await alice.meet(device)
    alice.ownership.tasks.subscribe(() => {
      if (alice.ownership.tasks.get().get(key)?.kind === 'waitingForButton') alice.ownership.cancelTask(key)
    })
    expect(kindOf(await alice.ownership.pair(key, { kind: 'button' }))).toBe('cancelled')
    expect(done(await alice.ownership.readOwnership(key)).pairing).toBe('free')
  })

  it("is refused for somebody else's device, a locked vault, a device that nobody can own", async () => {
    const [alice, bob] = [await person(ALICE), await person(BOB)]
    const { device } = await paired(alice)
    const key = await bob.meet(device)
    expect(done(await bob.ownership.readOwnership(key)).pairing).toBe('others')
    expect(kindOf(await bob.ownership.pair(key, { kind: 'button' }))).toBe('deviceOfOthers')
    expect(stageOf(bob, device)).toBeUndefined()
    const plain = await bob.meet(world.device({ hasFobGroup: false }))
    expect(kindOf(await bob.ownership.pair(plain, { kind: 'button' }))).toBe('deviceWithoutOwner')
    bob.vault.lock()
    expect(kindOf(await bob.ownership.pair(key, { kind: 'button' }))).toBe('vaultLocked')
  })
})

describe('a claim', () => {
  it('is signed by the device, made by us, and then we own it by proof', async () => {
    const alice = await person(ALICE)
    const { device } = await paired(alice)
    const proposal = done(await alice.ownership.proposeClaim(device.deviceId))
    expect(proposal.sentence).toMatchObject({
      kind: 'claimDevice',
      deviceId: device.deviceId,
      account: viewOf(alice, device)?.account.address,
    })
    await alice.confirm(proposal)
    await until(() => stageOf(alice, device) === 'owned')
    expect(viewOf(alice, device)).toMatchObject({
      stage: { kind: 'owned', isPaired: true },
      evidence: { level: 'proven' },
      report: 'none',
    })
    expect(done(await alice.ownership.custodyOf(device.deviceId))).toMatchObject([
      { event: { kind: 'claimed', owner: alice.owner } },
    ])
    expect(kindOf(await alice.ownership.proposeClaim(device.deviceId))).toBe('alreadyYours')
  })

  it('has an hour by the time of the chain, whatever the phone believes', async () => {
    const alice = await person(ALICE)
    const { device } = await paired(alice)
    const proposal = done(await alice.ownership.proposeClaim(device.deviceId))
    const now = await world.registry.now()
    expect(proposal.sentence).toMatchObject({ deadline: BigInt(now + 3600) })
  })

  it('is refused where the registry names somebody else, or the vault is locked', async () => {
    const alice = await person(ALICE)
    const { device } = await paired(alice)
    const phone = await alice.reopened({
      told: reading => ({
        ...reading,
        record: {
          owner: `0x${'99'.repeat(20)}`,
          account: `0x${'98'.repeat(20)}`,
          modelId: `0x${'00'.repeat(32)}`,
          counter: 1,
          report: 'none',
        },
      }),
    })
    expect(kindOf(await phone.ownership.proposeClaim(device.deviceId))).toBe('claimedByOthers')
    expect(stageOf(phone, device)).toBe('gone')
    alice.vault.lock()
    expect(kindOf(await alice.ownership.proposeClaim(device.deviceId))).toBe('vaultLocked')
  })

  it('that a reorganisation has undone is a paired device again, to be claimed anew', async () => {
    const alice = await person(ALICE)
    const snapshot = await world.client.snapshot()
    const { device } = await owned(alice)
    await world.client.revert({ id: snapshot })
    await world.client.mine({ blocks: 20 })
    await alice.ownership.refreshDevices()
    expect(stageOf(alice, device)).toBe('paired')
    await alice.confirm(done(await alice.ownership.proposeClaim(device.deviceId)))
    await until(() => stageOf(alice, device) === 'owned')
  })
})

describe('Config', () => {
  it('is signed, delivered, signed for and filed, and says at each step how far it is', async () => {
    const alice = await person(ALICE)
    const { device } = await owned(alice)
    const config = () => viewOf(alice, device)?.config
    expect(config()).toEqual({ isKnown: true, wanted: null, delivered: 0, filed: 0 })
    expect(kindOf(await alice.ownership.proposeFileConfig(device.deviceId))).toBe('configNotDelivered')
    done(await alice.ownership.changeConfig(device.deviceId, {}))
    expect(config()).toMatchObject({ wanted: { version: 1, epoch: 1 }, delivered: 0, filed: 0 })
    done(await alice.ownership.deliverConfig(device.deviceId))
    expect(config()).toMatchObject({ wanted: { version: 1 }, delivered: 1, filed: 0 })
    const proposal = done(await alice.ownership.proposeFileConfig(device.deviceId))
    expect(proposal.sentence).toMatchObject({ kind: 'fileConfig', version: 1n, epoch: 1n })
    await alice.confirm(proposal)
    await until(() => config()?.filed === 1)
    expect(kindOf(await alice.ownership.proposeFileConfig(device.deviceId))).toBe('configFiledAlready')
  })

  it('that was not delivered is replaced by another of its version, and the device takes the last wish', async () => {
    const alice = await person(ALICE)
    const { device } = await owned(alice)
    done(await alice.ownership.changeConfig(device.deviceId, { epoch: 3 }))
    done(await alice.ownership.changeConfig(device.deviceId, { epoch: 4 }))
    expect(viewOf(alice, device)?.config.wanted).toMatchObject({ version: 1, epoch: 4 })
    done(await alice.ownership.deliverConfig(device.deviceId))
    expect(viewOf(alice, device)?.config).toMatchObject({ delivered: 1, wanted: { version: 1, epoch: 4 } })
    expect(kindOf(await alice.ownership.changeConfig(device.deviceId, { epoch: 3 }))).toBe(
      'configEpochRefused',
    )
  })

  it('whose version came through unnoticed is told on top of it: the newest wish wins', async () => {
    const alice = await person(ALICE)
    const { device } = await owned(alice)
    // Two phones of one person: the second has delivered version 1, and the first does not know.
    const key = [...alice.devices.records.get().keys()][0] ?? ''
    done(await alice.ownership.changeConfig(device.deviceId, { epoch: 2 }))
    const second = await person(ALICE)
    await second.meet(device)
    done(await second.ownership.findDevices())
    expect(done(await second.ownership.readOwnership(await second.meet(device))).pairing).toBe('mine')
    done(await second.ownership.changeConfig(device.deviceId, { epoch: 5 }))
    done(await second.ownership.deliverConfig(device.deviceId))
    expect(key).not.toBe('')
    done(await alice.ownership.deliverConfig(device.deviceId))
    // Not below what the device knows: that would give back what was revoked.
    expect(viewOf(alice, device)?.config).toMatchObject({ delivered: 2, wanted: { version: 2, epoch: 5 } })
  })

  it('with nonsense in it is not signed', async () => {
    const alice = await person(ALICE)
    const { device } = await owned(alice)
    const before = alice.vault.signedByOwnerKey.length
    for (const change of [
      { attestors: { threshold: 2, keys: [] } },
      { issuerKey: '0x1234' as const },
      { epoch: -1 },
      { market: '0x12' as const },
    ]) {
      expect(['configInvalid', 'configEpochRefused']).toContain(
        kindOf(await alice.ownership.changeConfig(device.deviceId, change)),
      )
    }
    expect(alice.vault.signedByOwnerKey).toHaveLength(before)
  })
})

describe('a hand-over with two phones', () => {
  it('gives a device from one person to the other: registry, owner key and Config', async () => {
    const [alice, bob] = [await person(ALICE), await person(BOB)]
    const { device } = await owned(alice)
    done(await alice.ownership.changeConfig(device.deviceId, {}))
    done(await alice.ownership.deliverConfig(device.deviceId))

    const take = done(await bob.ownership.makeTakeCode())
    const to = done(alice.ownership.readTakeCode(take.text))
    expect(to).toEqual(take.code)
    const given = done(await alice.ownership.proposeGive(device.deviceId, to))
    expect(given).toMatchObject({
      kind: 'statement',
      sentence: { kind: 'handOverGiven', deviceId: device.deviceId, newOwner: bob.owner },
    })
    const give = done(await alice.ownership.confirmGive(given))
    expect(viewOf(alice, device)?.stage).toMatchObject({ kind: 'givingAway', to: bob.owner, code: give.text })

    const proposal = done(await bob.ownership.readGiveCode(give.text))
    expect(proposal.sentence).toMatchObject({ kind: 'handOverDevice', newOwner: bob.owner })
    expect(viewOf(bob, device)?.stage).toMatchObject({ kind: 'taking', from: alice.owner })
    // The former owner's word is not used before the registry says so.
    const key = await bob.meet(device)
    expect(kindOf(await bob.ownership.finishTaking(device.deviceId))).toBe('deviceNotMet')
    expect(done(await bob.ownership.readOwnership(key)).pairing).toBe('others')
    expect(kindOf(await bob.ownership.finishTaking(device.deviceId))).toBe('notYoursYet')

    await bob.confirm(proposal)
    await until(() => stageOf(bob, device) === 'owned')
    expect(viewOf(bob, device)?.stage).toEqual({ kind: 'owned', isPaired: false })
    await alice.ownership.refreshDevices()
    expect(viewOf(alice, device)?.stage).toEqual({ kind: 'gone', to: bob.owner })

    done(await bob.ownership.finishTaking(device.deviceId))
    expect(viewOf(bob, device)).toMatchObject({
      stage: { kind: 'owned', isPaired: true },
      account: { address: take.code.newAccount },
      // Higher than the former owner's, so that his grants end.
      config: { delivered: 2, wanted: { version: 2, epoch: 2 } },
    })
    expect(done(await alice.ownership.readOwnership(await alice.meet(device))).pairing).toBe('others')
    expect(kindOf(await alice.ownership.deliverConfig(device.deviceId))).toBe('deviceOfOthers')
    await alice.ownership.forgetOwned(device.deviceId)
    expect(stageOf(alice, device)).toBeUndefined()
  })

  it('comes back to the one who gave it, with an account that was never used', async () => {
    const [alice, bob] = [await person(ALICE), await person(BOB)]
    const { device } = await owned(alice)
    const first = viewOf(alice, device)?.account.address
    await handOver(alice, bob, device)
    await handOver(bob, alice, device)
    expect(viewOf(alice, device)?.stage).toEqual({ kind: 'owned', isPaired: true })
    expect(viewOf(alice, device)?.account.address).not.toBe(first)
  })

  async function handOver(giver: Phone, taker: Phone, device: ReferenceDevice): Promise<void> {
    const take = done(await taker.ownership.makeTakeCode())
    const given = done(await giver.ownership.proposeGive(device.deviceId, take.code))
    const give = done(await giver.ownership.confirmGive(given))
    await taker.confirm(done(await taker.ownership.readGiveCode(give.text)))
    await until(() => stageOf(taker, device) === 'owned')
    const key = await taker.meet(device)
    await taker.ownership.readOwnership(key)
    done(await taker.ownership.finishTaking(device.deviceId))
  }

  async function codes() {
    const [alice, bob] = [await person(ALICE), await person(BOB)]
    const { device } = await owned(alice)
    const take = done(await bob.ownership.makeTakeCode())
    const given = done(await alice.ownership.proposeGive(device.deviceId, take.code))
    const give = done(await alice.ownership.confirmGive(given))
    return { alice, bob, device, take, give }
  }

  it('shows the same code until a device has used it', async () => {
    const { alice, bob, take, give } = await codes()
    expect(done(await bob.ownership.makeTakeCode())).toEqual(take)
    done(await bob.ownership.readGiveCode(give.text))
    expect(done(await bob.ownership.makeTakeCode()).code.newAccount).not.toBe(take.code.newAccount)
    const other = await owned(alice)
    const second = done(await alice.ownership.proposeGive(other.device.deviceId, take.code))
    const again = done(await alice.ownership.confirmGive(second))
    expect(kindOf(await bob.ownership.readGiveCode(again.text))).toBe('takeCodeUsed')
  })

  it('refuses every code that is not whole, not for us, or signed by somebody else', async () => {
    const { alice, bob, take, give } = await codes()
    const code = decodeGiveCode(give.text)
    if (!code) throw new Error('no code')
    const read = async (change: Partial<typeof code>) =>
      bob.ownership.readGiveCode(encodeGiveCode({ ...code, ...change }))
    expect(kindOf(await bob.ownership.readGiveCode(give.text.slice(0, -1)))).toBe('notAGiveCode')
    expect(kindOf(await bob.ownership.readGiveCode(take.text))).toBe('notAGiveCode')
    expect(kindOf(alice.ownership.readTakeCode(give.text))).toBe('notATakeCode')
    expect(kindOf(await alice.ownership.readGiveCode(give.text))).toBe('notForUs')
    expect(kindOf(await read({ domain: { ...code.domain, chainId: 1 } }))).toBe('otherNetwork')
    expect(kindOf(await read({ deadline: 1 }))).toBe('giveCodeExpired')
    const flipped = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, i) => (i === 5 ? byte ^ 1 : byte))
    for (const [change, whose] of [
      [{ deviceSignature: flipped(code.deviceSignature) }, 'device'],
      [{ counter: code.counter + 1 }, 'device'],
      [{ given: flipped(code.given) }, 'owner'],
      [{ given: new Uint8Array() }, 'owner'],
      [{ keyChange: { ...code.keyChange, signature: flipped(code.keyChange.signature) } }, 'ownerKey'],
      [{ keyChange: { ...code.keyChange, pairingCounter: 9 } }, 'ownerKey'],
    ] as const) {
      expect(await read(change)).toMatchObject({ error: { kind: 'giveCodeInvalid', detail: whose } })
    }
    expect(await read({ model: { ...code.model, name: 'Fob Lock Two' } })).toMatchObject({
      error: { kind: 'giveCodeStale', detail: 'model' },
    })
    expect(bob.ownership.devices.get()).toHaveLength(0)
  })

  it('refuses a code that the registry has overtaken', async () => {
    const { alice, bob, device, give } = await codes()
    await world.registry.send(alice.owner, 'report', [device.deviceId, 2])
    expect(await bob.ownership.readGiveCode(give.text)).toMatchObject({
      error: { kind: 'giveCodeStale', detail: 'stolen' },
    })
    await world.registry.send(alice.owner, 'report', [device.deviceId, 0])
    const proposal = done(await bob.ownership.readGiveCode(give.text))
    await bob.confirm(proposal)
    await until(() => stageOf(bob, device) === 'owned')
    expect(await bob.ownership.proposeTaking(device.deviceId)).toMatchObject({
      error: { kind: 'giveCodeStale', detail: 'alreadyYours' },
    })
  })

  it('lapses: the giver owns it still, and says so again', async () => {
    const { alice, device } = await codes()
    const phone = await alice.reopened({
      told: reading => {
        const { evidence } = reading
        const timestamp = evidence.block.timestamp + 90_000
        return { ...reading, evidence: { ...evidence, block: { ...evidence.block, timestamp } } }
      },
    })
    expect(stageOf(phone, device)).toBe('givingAway')
    await phone.ownership.refreshDevices()
    expect(stageOf(phone, device)).toBe('owned')
  })

  it('that lapsed gives nobody the device any more: it takes our own key once more when it is met', async () => {
    const { alice, bob, device, give } = await codes()
    done(await bob.ownership.readGiveCode(give.text))
    const late = await alice.reopened({
      told: reading => {
        const { evidence } = reading
        const timestamp = evidence.block.timestamp + 90_000
        return { ...reading, evidence: { ...evidence, block: { ...evidence.block, timestamp } } }
      },
    })
    await late.ownership.refreshDevices()
    expect(done(await late.ownership.readOwnership(await late.meet(device))).pairing).toBe('mine')
    // As if the registry had said yes all the same.
    const sneaky = await bob.reopened({
      told: reading => ({ ...reading, record: reading.record && { ...reading.record, owner: bob.owner } }),
    })
    await sneaky.ownership.readOwnership(await sneaky.meet(device))
    expect(kindOf(await sneaky.ownership.finishTaking(device.deviceId))).toBe('pairingCounterPassed')
    expect(done(await late.ownership.readOwnership(await late.meet(device))).pairing).toBe('mine')
  })

  it('thought better of is worth nothing at the device any more, and still shown as open on the chain', async () => {
    const { alice, bob, device, give } = await codes()
    done(await bob.ownership.readGiveCode(give.text))
    expect(viewOf(alice, device)?.stage).toMatchObject({ kind: 'givingAway', isKeyPromised: true })
    alice.vault.lock()
    expect(kindOf(await alice.ownership.takeBackGiven(device.deviceId))).toBe('vaultLocked')
    expect(viewOf(alice, device)?.stage).toMatchObject({ isKeyPromised: true })
    alice.vault.unlock()
    for (let times = 0; times < 2; times++) {
      done(await alice.ownership.takeBackGiven(device.deviceId))
      expect(viewOf(alice, device)?.stage).toMatchObject({ kind: 'givingAway', isKeyPromised: false })
    }
    const sneaky = await bob.reopened({
      told: reading => ({ ...reading, record: reading.record && { ...reading.record, owner: bob.owner } }),
    })
    await sneaky.ownership.readOwnership(await sneaky.meet(device))
    expect(kindOf(await sneaky.ownership.finishTaking(device.deviceId))).toBe('pairingCounterPassed')
    // Its settings go on being ours to change, and it can be given to somebody else.
    done(await alice.ownership.changeConfig(device.deviceId, { epoch: 'next' }))
    done(await alice.ownership.deliverConfig(device.deviceId))
    expect(kindOf(await sneaky.ownership.takeBackGiven(device.deviceId))).toBe('deviceOfOthers')
  })

  it('given to a second person after all ends what the first could do at the device', async () => {
    const { alice, bob, device, give } = await codes()
    done(await bob.ownership.readGiveCode(give.text))
    const carol = await world.phone(CAROL)
    await world.fund(carol.owner)
    await handOver(alice, carol, device)
    expect(viewOf(carol, device)?.stage).toEqual({ kind: 'owned', isPaired: true })
    expect(await bob.ownership.proposeTaking(device.deviceId)).toMatchObject({
      error: { kind: 'giveCodeStale', detail: 'owner' },
    })
  })

  it('works for an owner account that is not in the vault', async () => {
    const alice = await person(ALICE)
    const owner = world.registry.people[5]?.address
    if (!owner) throw new Error('too few people')
    const bob = await world.phone(BOB, { owner })
    const { device } = await owned(alice)
    const take = done(await bob.ownership.makeTakeCode())
    expect(take.code.newOwner).toBe(owner)
    const given = done(await alice.ownership.proposeGive(device.deviceId, take.code))
    const give = done(await alice.ownership.confirmGive(given))
    const proposal = done(await bob.ownership.readGiveCode(give.text))
    expect(proposal.sentence).toMatchObject({ kind: 'handOverDevice', newOwner: owner })
  })
})

describe('after a restore from words', () => {
  it('all devices are found again with their accounts, and no account is given out a second time', async () => {
    const first = await person(BOB)
    await paired(first)
    const { device } = await owned(first)
    done(await first.ownership.changeConfig(device.deviceId, { epoch: 7 }))
    done(await first.ownership.deliverConfig(device.deviceId))
    const account = viewOf(first, device)?.account
    const second = await person(BOB)
    const found = done(await second.ownership.findDevices())
    expect(found.isComplete).toBe(true)
    expect(found.found).toBeGreaterThan(0)
    expect(viewOf(second, device)).toMatchObject({
      stage: { kind: 'owned' },
      deviceKey: null,
      account,
      name: device.model.name,
      config: { isKnown: false, wanted: null, delivered: 0 },
    })
    const key = await second.meet(device)
    expect(done(await second.ownership.readOwnership(key)).pairing).toBe('mine')
    // The device tells what it was told from the other phone.
    expect(viewOf(second, device)?.config).toMatchObject({
      isKnown: true,
      wanted: { version: 1, epoch: 7 },
      delivered: 1,
    })
    expect(viewOf(second, device)?.deviceKey).toBe(key)
    const { device: next } = await paired(second)
    const used = first.ownership.devices.get().map(view => view.account.address)
    expect(used).not.toContain(viewOf(second, next)?.account.address)
    expect(done(await second.ownership.findDevices()).found).toBe(0)
  })

  it('a device that was only paired is known when it is met', async () => {
    const first = await person(ALICE)
    const { device } = await paired(first)
    const second = await person(ALICE)
    expect(done(await second.ownership.readOwnership(await second.meet(device))).pairing).toBe('mine')
    expect(stageOf(second, device)).toBe('paired')
  })

  it('needs the open vault', async () => {
    const phone = await person(ALICE)
    await owned(phone)
    phone.vault.lock()
    expect(kindOf(await phone.ownership.findDevices())).toBe('vaultLocked')
  })
})

describe('the list', () => {
  it('keeps names and rules, and is empty once the vault is forgotten', async () => {
    const alice = await person(ALICE)
    const { device, key } = await owned(alice)
    await alice.ownership.renameOwned(device.deviceId, ' Garage ')
    expect(viewOf(alice, device)?.name).toBe('Garage')
    expect(alice.devices.get(key)?.name).toBe('Garage')
    const rules = { ...noRules, ownUpdates: { ...noRules.ownUpdates, isOn: true, perDay: '5' } }
    done(await alice.ownership.changeRules(device.deviceId, rules))
    const crowd = Array.from({ length: 65 }, () => `0x${'98'.repeat(20)}` as const)
    const tooMany = { ...rules, serving: { ...rules.serving, payees: crowd } }
    expect(kindOf(await alice.ownership.changeRules(device.deviceId, tooMany))).toBe('rulesMalformed')
    const again = await alice.reopened()
    expect(viewOf(again, device)?.rules).toEqual(rules)
    await again.ownership.forgetOwned(device.deviceId)
    expect(stageOf(again, device)).toBe('owned')
    await again.ownership.forgetVault()
    expect(again.ownership.devices.get()).toEqual([])
    expect((await again.reopened()).ownership.devices.get()).toEqual([])
  })
})
