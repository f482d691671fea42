// Challenge, Open, Result against the real device: who is let in, who is not, and what a man in the middle can do.
import { p256 } from '@noble/curves/nist.js'
import { describe, expect, it } from 'vitest'
import { bytesEqual, concat } from '../../../src/core/bytes.ts'
import { devicePublicKey } from '../../../src/core/identity.ts'
import {
  type Challenge,
  challengeBody,
  challengeDigest,
  verifyChallenge,
} from '../../../src/core/lock/challenge.ts'
import { type Grant, GrantAction, grantDigest } from '../../../src/core/lock/grant.ts'
import { sendLong } from '../../../src/core/lock/longMessage.ts'
import { LONGEST_OPEN, SessionAction } from '../../../src/core/lock/openMessage.ts'
import { resultDigest } from '../../../src/core/lock/openResult.ts'
import { keyHash } from '../../../src/core/lock/ownership.ts'
import { openSession } from '../../../src/core/lock/session.ts'
import { isDigestSignedBy, signDigest } from '../../../src/core/p256.ts'
import { decodeCborMap, encodeCbor } from '../../../src/core/smp/cbor.ts'
import { FobCommand } from '../../../src/core/smp/fob.ts'
import type { SmpMessage } from '../../../src/core/smp/message.ts'
import { IDENTITY } from '../device/fixtures.ts'
import {
  DEVICE_PUBLIC_KEY,
  DOMAIN,
  fresh,
  ISSUER,
  kindOf,
  LockWorld,
  MARKET,
  must,
  NOW,
  OWNER,
  outcomeOf,
  PHONE,
  RENTER,
  type SessionChange,
  STRANGER,
  testKey,
} from './lockWorld.ts'
import { Tap } from './tap.ts'

const { open, vend, manage, own, withoutTime } = GrantAction

/** A paired lock with a Config, whose clock is right. */
async function lock(): Promise<LockWorld> {
  const world = await LockWorld.paired()
  must(await world.deliver())
  world.device.takeTime(NOW)
  return world
}

/** A renter's paid grant. */
const rented = (grant: Partial<Grant> = {}): SessionChange => ({
  by: 'issuer',
  userKey: RENTER,
  grant: { orderId: 7n, actions: open, maxUses: 0, notBefore: NOW - 100, notAfter: NOW + 7200, ...grant },
})

async function tapped(world: LockWorld): Promise<Tap> {
  let tap = new Tap(world.transport)
  await world.reconnect(transport => {
    tap = new Tap(transport)
    return tap
  })
  return tap
}

const isOpen = ({ group, command, op }: SmpMessage): boolean =>
  group === 64 && command === FobCommand.open && op === 2
const isChallenge = ({ group, command, op }: SmpMessage): boolean =>
  group === 64 && command === FobCommand.challenge && op === 1

describe('the lock opens', () => {
  it('for its owner, before the first Config, without knowing the time', async () => {
    const world = await LockWorld.paired()
    expect(outcomeOf(await world.open())).toBe('done')
    expect(world.opened).toBe(1)
  })

  it('for its owner, with a pass of before the Config, and with one for its Market', async () => {
    const world = await lock()
    expect(outcomeOf(await world.open())).toBe('done')
    expect(outcomeOf(await world.open({ market: MARKET }))).toBe('done')
  })

  it('for whom the issuer has signed a grant, as often as he likes', async () => {
    const world = await lock()
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
    const world = await lock()
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
  const cases: readonly (readonly [string, SessionChange, string])[] = [
    ['a grant that nobody signed for it', { grantSigner: STRANGER }, 'authorisationInvalid'],
    ["an issuer's grant that the owner signed", { ...rented(), grantSigner: OWNER }, 'authorisationInvalid'],
    ['a grant for another Market', { ...rented(), market: `0x${'5e'.repeat(20)}` }, 'authorisationInvalid'],
    [
      "an issuer's grant without Market",
      { ...rented(), market: `0x${'00'.repeat(20)}` },
      'authorisationInvalid',
    ],
    ['a grant for another device', rented({ deviceId: `0x${'77'.repeat(32)}` }), 'authorisationInvalid'],
    ["another user's grant", rented({ userKeyHash: keyHash(PHONE.publicKey) }), 'authorisationInvalid'],
    ["an owner's order without Market", { grant: { orderId: 9n } }, 'authorisationInvalid'],
    ['a grant to open that is used to manage', { ...rented(), action: manage }, 'actionNotGranted'],
    [
      'a grant to manage that is used to open',
      { grant: { actions: manage | withoutTime } },
      'actionNotGranted',
    ],
    ['an action that is not built yet', { ...rented({ actions: vend }), action: vend }, 'actionUnavailable'],
    ['a grant that has ended', rented({ notAfter: NOW }), 'expired'],
    ['a grant that has not begun', rented({ notBefore: NOW + 60 }), 'notYet'],
    // NOW is a Friday, 08:00 UTC: hour 104 of the week.
    ['another hour of the week', rented({ weeklyHours: hours(103, 105) }), 'outsideHours'],
    ['a user who did not sign', { ...rented(), user: lying() }, 'userSignatureInvalid'],
    ['a user signature with high s', { ...rented(), user: highS() }, 'userSignatureInvalid'],
    ['a user key that is no point', { ...rented(), user: offTheCurve() }, 'authorisationInvalid'],
  ]
  it.each(cases)('for %s', async (_, change, outcome) => {
    const world = await lock()
    expect(outcomeOf(await world.open(change))).toBe(outcome)
    expect(world.opened).toBe(0)
  })

  it('and opens in the granted hour', async () => {
    const world = await lock()
    expect(outcomeOf(await world.open(rented({ weeklyHours: hours(104) })))).toBe('done')
  })

  it.each([
    ['orderId', { orderId: 8n }],
    ['notBefore', { notBefore: NOW - 101 }],
    ['notAfter', { notAfter: NOW + 9999 }],
    ['weeklyHours', { weeklyHours: hours(104, 105) }],
    ['maxUses', { maxUses: 5 }],
    ['actions', { actions: open | manage }],
    ['epoch', { epoch: 5 }],
    ['seq', { seq: 5 }],
  ])('where the %s of the grant is not as it was signed', async (_, change) => {
    const world = await lock()
    const request = world.request(rented())
    const changed = { ...request, grant: { ...request.grant, ...change } }
    expect(outcomeOf(await world.passing(openSession(world.client, changed)))).toBe('authorisationInvalid')
  })

  it('for everybody while it is free', async () => {
    const world = await LockWorld.start()
    expect(outcomeOf(await world.open())).toBe('deviceNotPaired')
  })

  it('for grants of an epoch that the owner has ended', async () => {
    const world = await lock()
    expect(outcomeOf(await world.open(rented({ epoch: 1 })))).toBe('done')
    must(await world.deliver({ version: 2, epoch: 1 }))
    expect(outcomeOf(await world.open(rented()))).toBe('epochStale')
    expect(outcomeOf(await world.open())).toBe('epochStale')
    expect(outcomeOf(await world.open(rented({ epoch: 1 })))).toBe('done')
  })

  it('for the issuer that the owner has replaced, and for a former owner', async () => {
    const world = await lock()
    must(await world.deliver({ version: 2, issuerKey: STRANGER.publicKey }))
    expect(outcomeOf(await world.open(rented()))).toBe('authorisationInvalid')
    must(await world.deliver({ version: 3, issuerKey: new Uint8Array(64) }))
    expect(outcomeOf(await world.open({ ...rented(), grantSigner: STRANGER }))).toBe('authorisationInvalid')
  })

  it('for a grant that holds only while the time is known, after a power loss', async () => {
    const world = await lock()
    await world.cyclePower()
    expect(outcomeOf(await world.open(rented()))).toBe('timeUncertain')
    expect(outcomeOf(await world.open(rented({ actions: open | withoutTime })))).toBe('timeUncertain')
    expect(outcomeOf(await world.open(rented({ actions: open | withoutTime, maxUses: 2 })))).toBe('done')
    // What had ended by the last known time has ended.
    const ended = rented({ actions: open | withoutTime, maxUses: 2, orderId: 8n, notAfter: NOW - 1 })
    expect(outcomeOf(await world.open(ended))).toBe('expired')
  })

  it('and knows the time that had passed by its last ten minutes', async () => {
    const world = await lock()
    await world.timer.advance(25 * 60_000)
    await world.cyclePower()
    const { challenge } = must(await world.open())
    expect(challenge).toMatchObject({ isTimeCertain: false, time: NOW + 1200 })
    world.device.takeTime(NOW)
    expect(must(await world.open()).challenge.isTimeCertain).toBe(false)
    world.device.takeTime(NOW + 3000)
    expect(must(await world.open()).challenge).toMatchObject({ isTimeCertain: true, time: NOW + 3000 })
  })
})

describe('uses', () => {
  const twice = (grant: Partial<Grant> = {}) => rented({ maxUses: 2, ...grant })

  it('are counted, also through a power loss, and then spent', async () => {
    const world = await lock()
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
    const world = await lock()
    await world.open(twice())
    expect(outcomeOf(await world.open({ ...twice({ seq: 1 }), userKey: PHONE }))).toBe('done')
    expect(outcomeOf(await world.open({ ...twice({ seq: 1 }), userKey: PHONE }))).toBe('usesSpent')
  })

  it('of one free grant are not those of another', async () => {
    const world = await lock()
    const free = (maxUses: number) => ({ by: 'owner' as const, userKey: RENTER, grant: { maxUses } })
    expect(outcomeOf(await world.open(free(1)))).toBe('done')
    expect(outcomeOf(await world.open(free(1)))).toBe('usesSpent')
    expect(outcomeOf(await world.open(free(2)))).toBe('done')
  })

  it('end for a key whose order was bound to another one', async () => {
    const world = await lock()
    expect(outcomeOf(await world.open(rented()))).toBe('done')
    expect(outcomeOf(await world.open({ ...rented({ seq: 3 }), userKey: PHONE }))).toBe('done')
    expect(outcomeOf(await world.open(rented()))).toBe('superseded')
    expect(outcomeOf(await world.open(rented({ seq: 2 })))).toBe('superseded')
  })

  it('of many grants are counted until no room is left, and there is room again when they are void', async () => {
    const world = await lock()
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
    const world = await lock()
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
    const world = await lock()
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
    const world = await lock()
    const requestId = fresh(16)
    must(await world.open({ requestId }))
    expect(outcomeOf(await world.open({ requestId, action: SessionAction.manage }))).toBe('requestIdTaken')
    expect(outcomeOf(await world.open({ requestId, grant: { maxUses: 9 } }))).toBe('requestIdTaken')
  })

  it("is nobody else's: the same id of another user is another request", async () => {
    const world = await lock()
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

describe('a man in the middle', () => {
  it('replays an Open in vain, on this connection and on the next', async () => {
    const world = await lock()
    const tap = await tapped(world)
    must(await world.open(rented()))
    const recorded = tap.sent.filter(isOpen)
    for (const reconnects of [false, true]) {
      const next = reconnects ? await tapped(world) : tap
      next.received.length = 0
      for (const message of recorded) await world.passing(next.inject(message))
      await world.timer.advance(10)
      expect(decodeCborMap(next.received.at(-1)?.payload ?? new Uint8Array())).toMatchObject({
        value: { err: { group: 64, rc: 11 } },
      })
    }
    expect(world.opened).toBe(1)
  })

  it('answers a Challenge of later with an Open of before in vain', async () => {
    const world = await lock()
    const tap = await tapped(world)
    must(await world.open(rented()))
    const recorded = tap.sent.filter(isOpen)
    tap.toDevice = message =>
      isOpen(message) ? recorded.splice(0, 1).map(({ payload }) => ({ ...message, payload })) : [message]
    expect(outcomeOf(await world.open(rented()))).toBe('deviceError')
    expect(world.opened).toBe(1)
  })

  it('carries an Open to another connection in vain', async () => {
    const world = await lock()
    const tap = await tapped(world)
    const held: SmpMessage[] = []
    tap.toDevice = message => {
      if (!isOpen(message)) return [message]
      held.push(message)
      return []
    }
    expect(outcomeOf(await world.open(rented()))).toBe('timeout')
    const next = await tapped(world)
    // With and without a Challenge of its own.
    for (const asks of [false, true]) {
      if (asks) await world.passing(world.client.request({ op: 'read', group: 64, command: 5, body: {} }))
      for (const message of held) await world.passing(next.inject(message))
      await world.timer.advance(10)
    }
    expect(world.opened).toBe(0)
  })

  it('holds a Challenge back for 30 seconds in vain', async () => {
    const world = await lock()
    const delayed = async (ms: number) => {
      const request = world.request(rented())
      const user = {
        publicKey: request.user.publicKey,
        sign: async (digest: Parameters<typeof request.user.sign>[0]) => {
          await world.timer.advance(ms)
          return request.user.sign(digest)
        },
      }
      // `passing` would let the time pass twice.
      let outcome = 'waiting'
      const opening = openSession(world.client, { ...request, user }, { bufSize: 2475 }).then(result => {
        outcome = outcomeOf(result)
      })
      for (let i = 0; i < 50 && outcome === 'waiting'; i++) await world.timer.advance(1)
      await opening
      return outcome
    }
    expect(await delayed(29_900)).toBe('done')
    expect(await delayed(30_000)).toBe('nonceRefused')
  })

  it('uses one Challenge for two Opens in vain', async () => {
    const world = await lock()
    const tap = await tapped(world)
    tap.toDevice = message => (isOpen(message) ? [message, { ...message, sequence: 250 }] : [message])
    expect(outcomeOf(await world.open(rented()))).toBe('done')
    await world.timer.advance(10)
    expect(world.opened).toBe(1)
  })

  it('puts its own ephemeral key into the Open in vain', async () => {
    const world = await lock()
    const tap = await tapped(world)
    tap.toDevice = message => {
      if (!isOpen(message)) return [message]
      const body = decodeCborMap(message.payload)
      if (!body.ok || !(body.value.d instanceof Uint8Array)) throw new Error('no part')
      const d = concat(devicePublicKey(fresh(32)), body.value.d.subarray(64))
      return [{ ...message, payload: encodeCbor({ ...body.value, d }) }]
    }
    expect(outcomeOf(await world.open(rented()))).toBe('deviceError')
    expect(world.opened).toBe(0)
  })

  it('puts its own ephemeral key into the Challenge in vain', async () => {
    const world = await lock()
    const tap = await tapped(world)
    tap.toPhone = message => {
      const body = decodeCborMap(message.payload)
      if (!body.ok || !(body.value.ek instanceof Uint8Array)) return [message]
      return [{ ...message, payload: encodeCbor({ ...body.value, ek: devicePublicKey(fresh(32)) }) }]
    }
    expect(outcomeOf(await world.open(rented()))).toBe('deviceAnswerInvalid')
  })

  it('with another device signs a Challenge of its own in vain', async () => {
    const world = await lock()
    const tap = await tapped(world)
    tap.toPhone = message => {
      const body = decodeCborMap(message.payload)
      const verified = body.ok && verifyChallenge(body.value, DOMAIN, DEVICE_PUBLIC_KEY)
      if (!verified) return [message]
      const challenge: Challenge = { ...verified.challenge, ephemeralKey: devicePublicKey(fresh(32)) }
      const signature = signDigest(challengeDigest(DOMAIN, challenge), STRANGER.secret)
      return [{ ...message, payload: encodeCbor(challengeBody(challenge, signature)) }]
    }
    expect(outcomeOf(await world.open(rented()))).toBe('deviceAnswerInvalid')
  })

  it('sends points off the curve and short messages in vain', async () => {
    const world = await lock()
    for (const message of [
      new Uint8Array(64).fill(1),
      concat(new Uint8Array(64).fill(1), new Uint8Array(300)),
      concat(new Uint8Array(64), new Uint8Array(300)),
      concat(PHONE.publicKey, new Uint8Array(300)),
      PHONE.publicKey,
      PHONE.publicKey.slice(0, 63),
    ]) {
      await world.passing(world.client.request({ op: 'read', group: 64, command: 5, body: {} }))
      expect(kindOf(await world.passing(sendLong(world.client, FobCommand.open, message)))).toBe(
        'deviceError',
      )
    }
    // One that is too long is refused with its first part, before anything is kept of it.
    const long = sendLong(world.client, FobCommand.open, new Uint8Array(LONGEST_OPEN + 1))
    expect(await world.passing(long)).toMatchObject({ error: { kind: 'deviceError', rc: 2 } })
    // And the empty one.
    expect(kindOf(await world.passing(sendLong(world.client, FobCommand.open, new Uint8Array())))).toBe(
      'deviceError',
    )
    expect(outcomeOf(await world.open(rented()))).toBe('done')
  })

  it.each([
    ['the Challenge', (message: SmpMessage) => isChallenge(message), 'toPhone'],
    ['the Open', isOpen, 'toDevice'],
    [
      'the Result',
      ({ group, command, op }: SmpMessage) => group === 64 && command === FobCommand.open && op === 3,
      'toPhone',
    ],
  ] as const)(
    'changes any byte of %s in vain',
    async (_, isMeant, direction) => {
      const world = await lock()
      const tap = await tapped(world)
      let length = 1
      for (let at = 0; at < length; at++) {
        tap[direction] = message => {
          if (!isMeant(message)) return [message]
          length = message.payload.length
          const payload = Uint8Array.from(message.payload)
          payload[at] = (payload[at] ?? 0) ^ 0x04
          return [{ ...message, payload }]
        }
        const before = world.opened
        const request = world.request({ ...rented(), requestId: fresh(16) })
        const options = { bufSize: 2475, timeoutMs: 50 }
        const opened = await world.passing(openSession(world.client, request, options))
        expect(opened.ok, `byte ${at}`).toBe(false)
        // A changed Result comes too late: the bolt has moved, and the phone does not believe that it knows.
        if (direction === 'toDevice') expect(world.opened, `byte ${at}`).toBe(before)
        // What a changed length left open is closed by the next connection.
        if (at % 20 === 19) await world.timer.advance(1000)
      }
      expect(length).toBeGreaterThan(100)
    },
    120_000,
  )
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
  const world = await lock()
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

/** Weekly hours in which these are granted. */
function hours(...granted: readonly number[]): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(21)
  for (const hour of granted) bits[hour >> 3] = (bits[hour >> 3] ?? 0) | (0x80 >> (hour & 7))
  return bits
}

/** Says that it is the renter, and signs with another key. */
function lying() {
  return { publicKey: RENTER.publicKey, sign: async (digest: Uint8Array) => signDigest(digest, PHONE.secret) }
}

/** Signs as the renter, and gives the other root: valid for ECDSA, and refused, so that nothing has two signatures. */
function highS() {
  const { n } = p256.Point.CURVE()
  return {
    publicKey: RENTER.publicKey,
    sign: async (digest: Uint8Array) => {
      const { r, s } = p256.Signature.fromBytes(signDigest(digest, RENTER.secret), 'compact')
      return Uint8Array.from(new p256.Signature(r, n - s).toBytes('compact'))
    },
  }
}

function offTheCurve() {
  return { publicKey: new Uint8Array(64).fill(1), sign: async () => new Uint8Array(64).fill(1) }
}
