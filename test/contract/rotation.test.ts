// The release key's rotation: proposed by the maker, accepted by the new key, not before the time lock has run out.
import { type Hex, zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cast, cast } from './cast.ts'
import type { Done } from './deployed.ts'
import { type Registry, rotationDelay, startRegistry } from './registry.ts'

let registry: Registry
let who: Cast
beforeAll(async () => {
  registry = await startRegistry()
  who = cast(registry)
})
afterAll(() => registry?.stop())

async function proposed(modelId: Hex, key = who.nextKey): Promise<Done & { readyAt: number }> {
  const outcome = await registry.send(who.maker, 'proposeReleaseKey', [modelId, key])
  if (!outcome.ok) throw new Error(outcome.error)
  return { ...outcome, readyAt: outcome.block.timestamp + rotationDelay }
}

test('a proposal is recorded with the time at which it is ready, and the present key stays', async () => {
  const { modelId } = await who.newModel()
  const { events, readyAt } = await proposed(modelId)
  expect(events).toEqual([
    { name: 'ReleaseKeyProposed', args: { modelId, releaseKey: who.nextKey, readyAt } },
  ])
  expect(await registry.read.modelOf([modelId])).toMatchObject({
    releaseKey: who.releaseKey,
    pendingReleaseKey: who.nextKey,
    pendingReadyAt: readyAt,
  })
  const publish = (from: typeof who.maker, version: bigint) =>
    registry.send(from, 'publish', [modelId, who.channel, version, 0, '0x01'])
  expect(await publish(who.releaseKey, 1n)).toMatchObject({ ok: true })
  expect(await publish(who.nextKey, 2n)).toMatchObject({ error: 'NotReleaseKey' })
})

test('the new key takes over in the first second at which it may, and the former one is out', async () => {
  const { modelId } = await who.newModel()
  const { readyAt } = await proposed(modelId)
  expect(await registry.send(who.nextKey, 'acceptReleaseKey', [modelId], readyAt - 1)).toEqual({
    ok: false,
    error: 'RotationNotReady',
    args: [readyAt],
  })
  expect(await registry.send(who.nextKey, 'acceptReleaseKey', [modelId], readyAt)).toMatchObject({
    ok: true,
    events: [
      { name: 'ReleaseKeyAccepted', args: { modelId, releaseKey: who.nextKey, previous: who.releaseKey } },
    ],
  })
  expect(await registry.read.modelOf([modelId])).toMatchObject({
    releaseKey: who.nextKey,
    pendingReleaseKey: zeroAddress,
    pendingReadyAt: 0,
  })
  const { send } = registry
  const { channel, releaseKey, nextKey } = who
  expect(await send(releaseKey, 'publish', [modelId, channel, 1n, 0, '0x01'])).toMatchObject({ ok: false })
  expect(await send(releaseKey, 'revoke', [modelId, modelId, 1])).toMatchObject({ ok: false })
  expect(await send(nextKey, 'publish', [modelId, channel, 1n, 0, '0x01'])).toMatchObject({ ok: true })
  expect(await send(nextKey, 'revoke', [modelId, modelId, 1])).toMatchObject({ ok: true })
  expect(await send(nextKey, 'acceptReleaseKey', [modelId])).toMatchObject({ error: 'NotPendingReleaseKey' })
})

test('the head goes on under the new key: its version and counter still bind', async () => {
  const { modelId } = await who.newModel()
  await registry.send(who.releaseKey, 'publish', [modelId, who.channel, 5n, 2, '0x01'])
  const { readyAt } = await proposed(modelId)
  await registry.send(who.nextKey, 'acceptReleaseKey', [modelId], readyAt)
  const publish = (version: bigint, counter: number) =>
    registry.send(who.nextKey, 'publish', [modelId, who.channel, version, counter, '0x02'])
  expect(await publish(5n, 2)).toMatchObject({ error: 'VersionNotGreater' })
  expect(await publish(6n, 1)).toMatchObject({ error: 'SecurityCounterLowered' })
  expect(await publish(6n, 2)).toMatchObject({ ok: true, events: [{ args: { seq: 2 } }] })
})

test('a second proposal replaces the first and starts the delay anew', async () => {
  const { modelId } = await who.newModel()
  const first = await proposed(modelId)
  const outcome = await registry.send(
    who.maker,
    'proposeReleaseKey',
    [modelId, who.stranger],
    first.readyAt - 10,
  )
  const readyAt = first.readyAt - 10 + rotationDelay
  expect(outcome).toMatchObject({ ok: true, events: [{ args: { releaseKey: who.stranger, readyAt } }] })
  expect(await registry.send(who.nextKey, 'acceptReleaseKey', [modelId], first.readyAt)).toEqual({
    ok: false,
    error: 'NotPendingReleaseKey',
    args: [modelId, who.nextKey],
  })
  expect(await registry.send(who.stranger, 'acceptReleaseKey', [modelId])).toMatchObject({
    error: 'RotationNotReady',
  })
  expect(await registry.send(who.stranger, 'acceptReleaseKey', [modelId], readyAt)).toMatchObject({
    ok: true,
  })
})

test('proposing the same key again does not shorten the delay', async () => {
  const { modelId } = await who.newModel()
  const first = await proposed(modelId)
  const again = first.block.timestamp + 100
  await registry.send(who.maker, 'proposeReleaseKey', [modelId, who.nextKey], again)
  const readyAt = again + rotationDelay
  expect(await registry.send(who.nextKey, 'acceptReleaseKey', [modelId], readyAt - 1)).toEqual({
    ok: false,
    error: 'RotationNotReady',
    args: [readyAt],
  })
})

test('a cancelled rotation can not be accepted', async () => {
  const { modelId } = await who.newModel()
  const { readyAt } = await proposed(modelId)
  expect(await registry.send(who.maker, 'cancelReleaseKey', [modelId])).toMatchObject({
    ok: true,
    events: [{ name: 'ReleaseKeyCancelled', args: { modelId, releaseKey: who.nextKey } }],
  })
  expect(await registry.read.modelOf([modelId])).toMatchObject({
    releaseKey: who.releaseKey,
    pendingReleaseKey: zeroAddress,
    pendingReadyAt: 0,
  })
  expect(await registry.send(who.nextKey, 'acceptReleaseKey', [modelId], readyAt)).toMatchObject({
    error: 'NotPendingReleaseKey',
  })
})

test('there is nothing to cancel without a rotation', async () => {
  const { modelId } = await who.newModel()
  expect(await registry.send(who.maker, 'cancelReleaseKey', [modelId])).toEqual({
    ok: false,
    error: 'NoRotation',
    args: [modelId],
  })
})

test('only the maker proposes and cancels: a stolen release key can not keep itself in', async () => {
  const { modelId } = await who.newModel()
  await proposed(modelId)
  for (const caller of [who.releaseKey, who.guardian, who.nextKey, who.stranger]) {
    const refused = { ok: false, error: 'NotMaker', args: [modelId, caller] }
    expect(await registry.send(caller, 'proposeReleaseKey', [modelId, caller])).toEqual(refused)
    expect(await registry.send(caller, 'cancelReleaseKey', [modelId])).toEqual(refused)
  }
})

test('only the proposed key accepts, not the maker for it', async () => {
  const { modelId } = await who.newModel()
  const { readyAt } = await proposed(modelId)
  await registry.client.setNextBlockTimestamp({ timestamp: BigInt(readyAt) })
  for (const caller of [who.maker, who.releaseKey, who.guardian, who.stranger]) {
    expect(await registry.send(caller, 'acceptReleaseKey', [modelId])).toEqual({
      ok: false,
      error: 'NotPendingReleaseKey',
      args: [modelId, caller],
    })
  }
})

test('neither zero nor the present key can be proposed', async () => {
  const { modelId } = await who.newModel()
  for (const key of [zeroAddress, who.releaseKey]) {
    expect(await registry.send(who.maker, 'proposeReleaseKey', [modelId, key])).toEqual({
      ok: false,
      error: 'InvalidReleaseKey',
      args: [key],
    })
  }
})

test('a guardian that becomes release key, and a former key that is guardian, keep their other right', async () => {
  const { modelId } = await who.newModel({ guardian: who.releaseKey })
  const { readyAt } = await proposed(modelId)
  await registry.send(who.nextKey, 'acceptReleaseKey', [modelId], readyAt)
  expect(await registry.send(who.releaseKey, 'revoke', [modelId, modelId, 1])).toMatchObject({ ok: true })

  const { readyAt: backAt } = await proposed(modelId, who.releaseKey)
  await registry.send(who.releaseKey, 'acceptReleaseKey', [modelId], backAt)
  await registry.send(who.maker, 'setGuardian', [modelId, zeroAddress])
  const published = await registry.send(who.releaseKey, 'publish', [modelId, who.channel, 1n, 0, '0x01'])
  expect(published).toMatchObject({ ok: true })
})
