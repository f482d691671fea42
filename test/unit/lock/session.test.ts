import { describe, expect, it } from 'vitest'
import { bytesEqual } from '../../../src/core/bytes.ts'
import { verifyChallenge } from '../../../src/core/lock/challenge.ts'
import { type Grant, GrantAction, grantDigest } from '../../../src/core/lock/grant.ts'
import { SessionAction } from '../../../src/core/lock/openMessage.ts'
import { resultDigest } from '../../../src/core/lock/openResult.ts'
import { keyHash } from '../../../src/core/lock/ownership.ts'
import { isDigestSignedBy } from '../../../src/core/p256.ts'
import { FobCommand } from '../../../src/core/smp/fob.ts'
import { IDENTITY } from '../device/fixtures.ts'
import {
  DEVICE_PUBLIC_KEY,
  DOMAIN,
  fresh,
  ISSUER,
  LockWorld,
  MARKET,
  must,
  NOW,
  outcomeOf,
  PHONE,
  RENTER,
  STRANGER,
  testKey,
} from './lockWorld.ts'
import { letLock, rented, tapped } from './rental.ts'

const { open, vend, own, withoutTime } = GrantAction

describe('the lock opens', () => {
  it('for its owner, before the first Config, without knowing the time', async () => {
    const world = await LockWorld.paired()
    expect(outcomeOf(await world.open())).toBe('done')
    expect(world.opened).toBe(1)
  })

  it('for its owner, with a pass of before the Config, and with one for its Market', async () => {
    const world = await letLock()
    expect(outcomeOf(await world.open())).toBe('done')
    expect(outcomeOf(await world.open({ market: MARKET }))).toBe('done')
  })

  it('for whom the issuer has signed a grant, as often as he likes', async () => {
    const world = await letLock()
    for (let use = 1; use <= 3; use++) {
      const report = must(await world.open(rented()))
      expect(report.result).toMatchObject({ status: 'done', counter: use, orderId: 7n, action: open })
      expect(report.keys).toBeNull()
    }
    expect(world.opened).toBe(3)
    expect(world.events.findLast(({ kind }) => kind === 'opened')).toMatchObject({
      orderId: 7n,
      hasMoved: true,
    })
  })

  it('and signs for it', async () => {
    const world = await letLock()
    const { result, signature } = must(await world.open(rented()))
    expect(isDigestSignedBy(DEVICE_PUBLIC_KEY, resultDigest(DOMAIN, result), signature)).toBe(true)
    const other = resultDigest(DOMAIN, { ...result, status: 'failed' })
    expect(isDigestSignedBy(DEVICE_PUBLIC_KEY, other, signature)).toBe(false)
  })

  it('in no more than four round trips, with a buffer of 256 bytes', async () => {
    const world = await LockWorld.start({ bufSize: 256 })
    const tap = await tapped(world)
    must(await world.pair())
    must(
      await world.deliver({ attestors: { threshold: 2, keys: [40, 41, 42].map(i => testKey(i).publicKey) } }),
    )
    world.device.takeTime(NOW)
    tap.sent.length = 0
    expect(outcomeOf(await world.open(rented()))).toBe('done')
    expect(tap.sent.length).toBeLessThanOrEqual(4)
    expect(Math.max(...tap.sent.map(({ payload }) => payload.length + 8))).toBeLessThanOrEqual(256)
    expect(Math.max(...tap.received.map(({ payload }) => payload.length + 8))).toBeLessThanOrEqual(256)
  })

  it('says truthfully that its bolt did not move', async () => {
    const world = await LockWorld.paired({ actuator: () => false })
    expect(outcomeOf(await world.open())).toBe('failed')
  })
})

describe('the lock stays shut', () => {
  it('for an action that is not built yet', async () => {
    const world = await letLock()
    const vending = { ...rented({ actions: vend }), action: vend }
    expect(outcomeOf(await world.open(vending))).toBe('actionUnavailable')
    expect(world.opened).toBe(0)
  })

  it('for everybody while it is free', async () => {
    const world = await LockWorld.start()
    expect(outcomeOf(await world.open())).toBe('deviceNotPaired')
  })

  it('for the issuer that the owner has replaced, and for a former owner', async () => {
    const world = await letLock()
    must(await world.deliver({ version: 2, issuerKey: STRANGER.publicKey }))
    expect(outcomeOf(await world.open(rented()))).toBe('authorisationInvalid')
    must(await world.deliver({ version: 3, issuerKey: new Uint8Array(64) }))
    expect(outcomeOf(await world.open({ ...rented(), grantSigner: STRANGER }))).toBe('authorisationInvalid')
  })

  it('for a grant that holds only while the time is known, after a power loss', async () => {
    const world = await letLock()
    await world.cyclePower()
    expect(outcomeOf(await world.open(rented()))).toBe('timeUncertain')
    expect(outcomeOf(await world.open(rented({ actions: open | withoutTime })))).toBe('timeUncertain')
    expect(outcomeOf(await world.open(rented({ actions: open | withoutTime, maxUses: 2 })))).toBe('done')
    // What had ended by the last known time has ended.
    const ended = rented({ actions: open | withoutTime, maxUses: 2, orderId: 8n, notAfter: NOW - 1 })
    expect(outcomeOf(await world.open(ended))).toBe('expired')
  })

  it('and knows the time that had passed by its last ten minutes', async () => {
    const world = await letLock()
    await world.timer.advance(25 * 60_000)
    await world.cyclePower()
    const { challenge } = must(await world.open())
    expect(challenge).toMatchObject({ isTimeCertain: false, time: NOW + 1200 })
    world.device.takeTime(NOW)
    expect(must(await world.open()).challenge.isTimeCertain).toBe(false)
    world.device.takeTime(NOW + 3000)
    expect(must(await world.open()).challenge).toMatchObject({ isTimeCertain: true, time: NOW + 3000 })
  })

  it('and goes on where a battery keeps its clock, unless nobody ever told it the time, or that clock fell behind', async () => {
    let kept = NOW + 5
    const untold = await LockWorld.paired({ keptClock: () => kept })
    await untold.cyclePower()
    expect(must(await untold.open()).challenge.isTimeCertain).toBe(false)
    untold.device.takeTime(NOW)
    await untold.cyclePower()
    expect(must(await untold.open()).challenge).toMatchObject({ isTimeCertain: true, time: NOW + 5 })
    kept = NOW - 1000
    await untold.cyclePower()
    expect(must(await untold.open()).challenge.isTimeCertain).toBe(false)
  })
})

describe('uses', () => {
  const twice = (grant: Partial<Grant> = {}) => rented({ maxUses: 2, ...grant })

  it('are counted, also through a power loss, and then spent', async () => {
    const world = await letLock()
    expect(outcomeOf(await world.open(twice()))).toBe('done')
    await world.cyclePower()
    world.device.takeTime(NOW)
    expect(outcomeOf(await world.open(twice()))).toBe('done')
    expect(outcomeOf(await world.open(twice()))).toBe('usesSpent')
    await world.cyclePower()
    world.device.takeTime(NOW)
    expect(outcomeOf(await world.open(twice()))).toBe('usesSpent')
    expect(world.opened).toBe(2)
  })

  it('are those of the order, whichever key it is bound to', async () => {
    const world = await letLock()
    await world.open(twice())
    expect(outcomeOf(await world.open({ ...twice({ seq: 1 }), userKey: PHONE }))).toBe('done')
    expect(outcomeOf(await world.open({ ...twice({ seq: 1 }), userKey: PHONE }))).toBe('usesSpent')
  })

  it('of one free grant are not those of another', async () => {
    const world = await letLock()
    const free = (maxUses: number) => ({ by: 'owner' as const, userKey: RENTER, grant: { maxUses } })
    expect(outcomeOf(await world.open(free(1)))).toBe('done')
    expect(outcomeOf(await world.open(free(1)))).toBe('usesSpent')
    expect(outcomeOf(await world.open(free(2)))).toBe('done')
  })

  it('end for a key whose order was bound to another one', async () => {
    const world = await letLock()
    expect(outcomeOf(await world.open(rented()))).toBe('done')
    expect(outcomeOf(await world.open({ ...rented({ seq: 3 }), userKey: PHONE }))).toBe('done')
    expect(outcomeOf(await world.open(rented()))).toBe('superseded')
    expect(outcomeOf(await world.open(rented({ seq: 2 })))).toBe('superseded')
  })

  it('of many grants are counted until no room is left, and there is room again when they are void', async () => {
    const world = await letLock()
    let order = 100n
    const next = (grant: Partial<Grant> = {}) =>
      world.open(rented({ maxUses: 1, orderId: order++, ...grant }))
    for (let i = 0; i < 128; i++) expect(outcomeOf(await next()), `grant ${i}`).toBe('done')
    expect(outcomeOf(await next())).toBe('noRoom')
    expect(world.opened).toBe(128)
    world.device.takeTime(NOW + 7200)
    expect(outcomeOf(await next({ notAfter: NOW + 9999 }))).toBe('done')
    // And what has ended stays ended, though its count is gone.
    expect(outcomeOf(await world.open(rented({ maxUses: 1, orderId: 100n })))).toBe('expired')
  })
})

describe('a request that is repeated', () => {
  it('is answered as it was, counts no use and moves no bolt', async () => {
    const world = await letLock()
    const change = { ...rented({ maxUses: 1 }), requestId: fresh(16) }
    const first = must(await world.open(change))
    await world.reconnect()
    const again = must(await world.open(change))
    expect(again.isRepeated).toBe(true)
    expect([again.result, again.signature]).toEqual([first.result, first.signature])
    expect(world.opened).toBe(1)
  })

  it('is answered as it was also after a power loss', async () => {
    const world = await LockWorld.paired()
    const change = { requestId: fresh(16) }
    const first = must(await world.open(change))
    await world.cyclePower()
    expect(must(await world.open(change)).result).toEqual(first.result)
    expect(world.opened).toBe(1)
  })

  it('is known where the Result was lost with the link', async () => {
    const world = await letLock()
    const tap = await tapped(world)
    tap.toPhone = message => {
      if (message.group !== 64 || message.command !== FobCommand.open) return [message]
      world.device.dropLink()
      return []
    }
    const change = { ...rented({ maxUses: 1 }), requestId: fresh(16) }
    expect(outcomeOf(await world.open(change))).toBe('linkLost')
    await world.reconnect()
    expect(must(await world.open(change))).toMatchObject({ isRepeated: true, result: { status: 'done' } })
    expect(world.opened).toBe(1)
  })

  it('is refused where it asks for something else under the same id', async () => {
    const world = await letLock()
    const requestId = fresh(16)
    must(await world.open({ requestId }))
    expect(outcomeOf(await world.open({ requestId, action: SessionAction.manage }))).toBe('requestIdTaken')
    expect(outcomeOf(await world.open({ requestId, grant: { maxUses: 9 } }))).toBe('requestIdTaken')
  })

  it("is nobody else's: the same id of another user is another request", async () => {
    const world = await letLock()
    const requestId = fresh(16)
    must(await world.open({ requestId }))
    const other = must(await world.open({ ...rented(), requestId }))
    expect(other.isRepeated).toBe(false)
  })

  it('begins no second session', async () => {
    const world = await LockWorld.paired()
    const change = { action: SessionAction.manage, requestId: fresh(16) }
    must(await world.open(change))
    expect(outcomeOf(await world.open(change))).toBe('sessionRepeated')
  })
})

describe('nonces and ephemeral keys', () => {
  const challenge = async (world: LockWorld) => {
    const reply = await world.passing(world.client.request({ op: 'read', group: 64, command: 5, body: {} }))
    const verified = verifyChallenge(must(reply), DOMAIN, DEVICE_PUBLIC_KEY)
    if (!verified) throw new Error('no challenge')
    return verified.challenge
  }

  it('never repeat, not over connections, resets, or a flash that went back', async () => {
    const world = await LockWorld.paired()
    const seen = [await challenge(world), await challenge(world)]
    await world.reconnect()
    seen.push(await challenge(world))
    const boots = seen.map(({ bootCounter }) => bootCounter)
    await world.cyclePower()
    const after = await challenge(world)
    expect(after.bootCounter).toBe((boots[0] ?? 0) + 1)
    seen.push(after)
    expect(new Set(seen.map(({ nonce }) => nonce.join())).size).toBe(4)
    expect(new Set(seen.map(({ ephemeralKey }) => ephemeralKey.join())).size).toBe(4)
  })

  it('differ where the source of noise does, though the flash is the same', async () => {
    const nonces: string[] = []
    for (const byte of [1, 2]) {
      const world = await LockWorld.paired({ noise: length => new Uint8Array(length).fill(byte) })
      nonces.push((await challenge(world)).nonce.join())
    }
    expect(nonces[0]).not.toBe(nonces[1])
  })
})

it('what is signed for a grant is what the contract rebuilds: the digest binds every field', async () => {
  const world = await letLock()
  const { result } = must(await world.open(rented()))
  const grant = world.grant({
    ...rented().grant,
    userKeyHash: keyHash(RENTER.publicKey),
  })
  const digest = grantDigest({ chainId: DOMAIN.chainId, market: MARKET }, grant)
  expect(bytesEqual(result.grantDigest, digest)).toBe(true)
  expect(own).toBe(8)
  expect(ISSUER.publicKey.length + IDENTITY.key.length).toBe(96)
})
