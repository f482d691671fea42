// Attacks on the link: each drives the real device through its transport, with a man in the middle, two phones, or a guest indoors.
import { describe, expect, it } from 'vitest'
import { concat } from '../../../src/core/bytes.ts'
import { devicePublicKey } from '../../../src/core/identity.ts'
import {
  type Challenge,
  challengeBody,
  challengeDigest,
  verifyChallenge,
} from '../../../src/core/lock/challenge.ts'
import { GrantAction } from '../../../src/core/lock/grant.ts'
import { sendLong } from '../../../src/core/lock/longMessage.ts'
import { keyHash } from '../../../src/core/lock/ownership.ts'
import { changeOwnerKey, ownerKeyChangeTypedData } from '../../../src/core/lock/pairing.ts'
import { explainRefusal } from '../../../src/core/lock/refusal.ts'
import { openSession } from '../../../src/core/lock/session.ts'
import { signDigest } from '../../../src/core/p256.ts'
import { decodeCborMap, encodeCbor } from '../../../src/core/smp/cbor.ts'
import { FobCommand } from '../../../src/core/smp/fob.ts'
import { erase, ImageCommand, setState } from '../../../src/core/smp/image.ts'
import { SmpGroup, type SmpMessage } from '../../../src/core/smp/message.ts'
import { reset } from '../../../src/core/smp/os.ts'
import {
  DEVICE_PUBLIC_KEY,
  DOMAIN,
  fresh,
  kindOf,
  must,
  OWNER,
  outcomeOf,
  PHONE,
  RENTER,
  STRANGER,
} from './lockWorld.ts'
import { isChallenge, isOpen, isResult, letLock, rented, tapped } from './rental.ts'

describe('on the link', () => {
  it('a replayed Open does nothing, on this connection and on the next', async () => {
    const world = await letLock()
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

  it('a replayed Open does nothing as the answer to a later Challenge', async () => {
    const world = await letLock()
    const tap = await tapped(world)
    must(await world.open(rented()))
    const recorded = tap.sent.filter(isOpen)
    tap.toDevice = message =>
      isOpen(message) ? recorded.splice(0, 1).map(({ payload }) => ({ ...message, payload })) : [message]
    expect(outcomeOf(await world.open(rented()))).toBe('deviceError')
    expect(world.opened).toBe(1)
  })

  it('a nonce carried to another connection is none there', async () => {
    const world = await letLock()
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

  it('a Challenge that is held back is dead after 30 seconds', async () => {
    const world = await letLock()
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

  it('a Challenge answered twice opens once', async () => {
    const world = await letLock()
    const tap = await tapped(world)
    tap.toDevice = message => (isOpen(message) ? [message, { ...message, sequence: 250 }] : [message])
    expect(outcomeOf(await world.open(rented()))).toBe('done')
    await world.timer.advance(10)
    expect(world.opened).toBe(1)
  })

  it('swapped ephemeral keys, of a man in the middle: the phone’s', async () => {
    const world = await letLock()
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

  it('swapped ephemeral keys, of a man in the middle: the device’s', async () => {
    const world = await letLock()
    const tap = await tapped(world)
    tap.toPhone = message => {
      const body = decodeCborMap(message.payload)
      if (!body.ok || !(body.value.ek instanceof Uint8Array)) return [message]
      return [{ ...message, payload: encodeCbor({ ...body.value, ek: devicePublicKey(fresh(32)) }) }]
    }
    expect(outcomeOf(await world.open(rented()))).toBe('deviceAnswerInvalid')
  })

  it('swapped ephemeral keys, signed by another device', async () => {
    const world = await letLock()
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

  it('points off the curve as ephemeral keys, and messages that end early', async () => {
    const world = await letLock()
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
    // And the empty one.
    expect(kindOf(await world.passing(sendLong(world.client, FobCommand.open, new Uint8Array())))).toBe(
      'deviceError',
    )
    expect(outcomeOf(await world.open(rented()))).toBe('done')
  })

  it.each([
    ['the Challenge', isChallenge, 'toPhone'],
    ['the Open', isOpen, 'toDevice'],
    ['the Result', isResult, 'toPhone'],
  ] as const)(
    'bit flips all over %s',
    async (_, isMeant, direction) => {
      const world = await letLock()
      const tap = await tapped(world)
      let length = 1
      // Every third byte: fields of less than three may be passed over.
      for (let at = 0; at < length; at += 3) {
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
        if (at % 21 === 18) await world.timer.advance(1000)
      }
      expect(length).toBeGreaterThan(100)
    },
    120_000,
  )

  it('two phones at once: the second finds the lock taken, and can use nothing of the first', async () => {
    const world = await letLock()
    const tap = await tapped(world)
    await expect(world.device.connect()).rejects.toMatchObject({ loss: 'busy' })
    // The renter's phone is cut off behind its Challenge; somebody with a key of his own comes in between.
    const held: SmpMessage[] = []
    tap.toDevice = message => {
      if (!isOpen(message)) return [message]
      held.push(message)
      world.device.dropLink()
      return []
    }
    const requestId = fresh(16)
    expect(outcomeOf(await world.open({ ...rented({ maxUses: 1 }), requestId }))).toBe('linkLost')
    const between = await tapped(world)
    expect(outcomeOf(await world.open())).toBe('done')
    for (const message of held) await world.passing(between.inject(message))
    await world.timer.advance(10)
    expect(world.opened).toBe(1)
    // And the renter has lost nothing by it.
    await world.reconnect()
    const again = must(await world.open({ ...rented({ maxUses: 1 }), requestId }))
    expect(again).toMatchObject({ isRepeated: false, result: { status: 'done' } })
    expect(world.opened).toBe(2)
  })
})

describe('somebody indoors', () => {
  it('reset and image upload without manage: neither by anybody, nor by a guest with a key to open', async () => {
    const world = await letLock()
    const attempts = async () => [
      await world.passing(reset(world.client)),
      await world.passing(world.client.request(upload)),
      await world.passing(erase(world.client)),
      await world.passing(setState(world.client, { hash: null, confirm: true })),
    ]
    const upload = {
      op: 'write',
      group: SmpGroup.image,
      command: ImageCommand.upload,
      body: { off: 0, len: 5000, sha: new Uint8Array(32), data: new Uint8Array(100) },
    } as const
    const denied = (attempt: Awaited<ReturnType<typeof attempts>>[number]) =>
      attempt.ok || attempt.error.kind !== 'deviceError' ? 'ok' : explainRefusal(attempt.error).kind
    expect((await attempts()).map(denied)).toEqual(Array(4).fill('deviceAccessDenied'))
    // A guest who was let in has no session by that.
    must(await world.open(rented()))
    expect((await attempts()).map(denied)).toEqual(Array(4).fill('deviceAccessDenied'))
    expect(outcomeOf(await world.open({ ...rented(), action: GrantAction.manage }))).toBe('actionNotGranted')
    expect((await attempts()).map(denied)).toEqual(Array(4).fill('deviceAccessDenied'))
    await world.timer.advance(5_000)
    expect(world.events.filter(({ kind }) => kind === 'reset' || kind === 'slots')).toEqual([])
  })

  it('re-pairing by a guest indoors: neither by the button, nor by resets, nor by a word of his own', async () => {
    const world = await letLock()
    must(await world.open(rented()))
    expect(kindOf(await world.pair({ owner: RENTER }))).toBe('deviceAlreadyPaired')
    await world.cyclePower()
    expect(kindOf(await world.pair({ owner: RENTER }))).toBe('deviceAlreadyPaired')
    const statement = { deviceId: world.deviceId, newOwnerKey: RENTER.publicKey, pairingCounter: 2 }
    const signature = world.sign(ownerKeyChangeTypedData(DOMAIN, statement), RENTER)
    const change = { domain: DOMAIN, devicePublicKey: DEVICE_PUBLIC_KEY, statement, signature }
    expect(kindOf(await world.passing(changeOwnerKey(world.client, change)))).toBe('deviceRefusedSignature')
    expect((await world.ownership()).ownerKeyHash).toEqual(keyHash(OWNER.publicKey))
  })
})
