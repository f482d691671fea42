// Pairing, and what the present owner's word may change: by button, by claim code, never by a stranger.
import { describe, expect, it } from 'vitest'
import { bytesEqual, toHex } from '../../../src/core/bytes.ts'
import {
  claimCodeKey,
  formatClaimCode,
  makeClaimCode,
  parseClaimCode,
} from '../../../src/core/lock/claimCode.ts'
import { LONGEST_OPEN } from '../../../src/core/lock/openMessage.ts'
import { keyHash, readOwnership } from '../../../src/core/lock/ownership.ts'
import {
  changeOwnerKey,
  factoryResetTypedData,
  ownerKeyChangeTypedData,
  pairDevice,
  pairingTypedData,
  readPairingNonce,
  resetToFactory,
} from '../../../src/core/lock/pairing.ts'
import { FobCommand } from '../../../src/core/smp/fob.ts'
import {
  DEVICE_PUBLIC_KEY,
  DOMAIN,
  fresh,
  kindOf,
  LockWorld,
  must,
  OWNER,
  STRANGER,
  type TestKey,
  testKey,
} from './lockWorld.ts'
import { Tap } from './tap.ts'

const CODE = makeClaimCode(new Uint8Array(11).map((_, i) => i * 23))
/** Takes some tenths of a second, so once. */
const withCode = async () => {
  const { deviceId } = await LockWorld.start()
  return claimCodeKey(CODE, deviceId)
}
const CODE_KEY = await withCode()

function change(
  world: LockWorld,
  newOwner: TestKey,
  { counter = 2, signer = OWNER, id = world.deviceId } = {},
) {
  const statement = { deviceId: id, newOwnerKey: newOwner.publicKey, pairingCounter: counter }
  const signature = world.sign(ownerKeyChangeTypedData(DOMAIN, statement), signer)
  const request = { domain: DOMAIN, devicePublicKey: DEVICE_PUBLIC_KEY, statement, signature }
  return world.passing(changeOwnerKey(world.client, request))
}

function factoryReset(world: LockWorld, { counter = 2, signer = OWNER, id = world.deviceId } = {}) {
  const statement = { deviceId: id, pairingCounter: counter }
  const signature = world.sign(factoryResetTypedData(DOMAIN, statement), signer)
  const request = { domain: DOMAIN, devicePublicKey: DEVICE_PUBLIC_KEY, statement, signature }
  return world.passing(resetToFactory(world.client, request))
}

const isOwnedBy = async (world: LockWorld, { publicKey }: TestKey): Promise<boolean> =>
  bytesEqual((await world.ownership()).ownerKeyHash ?? new Uint8Array(), keyHash(publicKey))

describe('a free device', () => {
  it('says that it is free, and how it can be paired', async () => {
    const world = await LockWorld.start({ claimCodeKey: CODE_KEY })
    expect(await world.ownership()).toEqual({
      ownerKeyHash: null,
      domain: null,
      pairingCounter: 0,
      claimCounter: 0,
      configVersion: 0,
      epoch: 0,
      hasButton: true,
      hasClaimCode: true,
      buttonSeconds: 0,
      claimCodeWait: 0,
      longestMessage: LONGEST_OPEN,
    })
  })

  it('pins the owner key once its button was pressed, and keeps it through a power loss', async () => {
    const world = await LockWorld.start()
    must(await world.pair())
    for (let power = 0; power < 2; power++) {
      expect(await world.ownership()).toMatchObject({ domain: DOMAIN, pairingCounter: 1, buttonSeconds: 0 })
      expect(await isOwnedBy(world, OWNER)).toBe(true)
      await world.cyclePower()
    }
  })

  it('takes nobody without the button', async () => {
    const world = await LockWorld.start()
    expect(kindOf(await world.pair({ press: false }))).toBe('pairingClosed')
    expect((await world.ownership()).ownerKeyHash).toBeNull()
  })

  it('listens to the button for 60 seconds, and not after a reset', async () => {
    const world = await LockWorld.start()
    world.device.pressButton()
    expect((await world.ownership()).buttonSeconds).toBe(60)
    await world.timer.advance(58_000)
    expect((await world.ownership()).buttonSeconds).toBeGreaterThan(0)
    await world.timer.advance(2_000)
    expect(kindOf(await world.pair({ press: false }))).toBe('pairingClosed')
    world.device.pressButton()
    await world.cyclePower()
    expect(kindOf(await world.pair({ press: false }))).toBe('pairingClosed')
  })

  it('without a button can be paired by its claim code alone', async () => {
    const world = await LockWorld.start({ hasButton: false, claimCodeKey: CODE_KEY })
    expect(kindOf(await world.pair())).toBe('pairingClosed')
    must(await world.pair({ claimCode: CODE }))
    expect(await isOwnedBy(world, OWNER)).toBe(true)
  })

  it('can be tried again with the same nonce until the button is pressed, and then never again', async () => {
    const world = await LockWorld.start()
    const nonce = must(await world.passing(readPairingNonce(world.client)))
    expect(kindOf(await world.pair({ press: false, change: { nonce } }))).toBe('deviceRefusedSignature')
    const tap = { nonce: must(await world.passing(readPairingNonce(world.client))) }
    const pairing = { deviceId: world.deviceId, ownerKey: OWNER.publicKey, pairingCounter: 1, ...tap }
    const signature = world.sign(pairingTypedData(DOMAIN, pairing), OWNER)
    const request = {
      domain: DOMAIN,
      devicePublicKey: DEVICE_PUBLIC_KEY,
      pairing,
      signature,
      claimCode: null,
    }
    const send = () => world.passing(pairDevice(world.client, request))
    expect(kindOf(await send())).toBe('pairingClosed')
    world.device.pressButton()
    expect(kindOf(await send())).toBe('ok')
    expect(kindOf(await send())).toBe('deviceAlreadyPaired')
  })

  it.each([
    ['a nonce of another connection', { nonce: fresh(16) }, 'deviceRefusedSignature'],
    ['another device', { deviceId: `0x${'77'.repeat(32)}` as const }, 'deviceRefusedSignature'],
    ['a counter that was passed', { pairingCounter: 0 }, 'pairingCounterPassed'],
    ['a counter that skips', { pairingCounter: 2 }, 'pairingCounterPassed'],
  ])('refuses a pairing for %s', async (_, change, kind) => {
    const world = await LockWorld.start()
    expect(kindOf(await world.pair({ change }))).toBe(kind)
    expect((await world.ownership()).pairingCounter).toBe(0)
  })

  it('refuses a key that did not sign', async () => {
    const world = await LockWorld.start()
    const changed = await world.pair({ change: { ownerKey: STRANGER.publicKey } })
    expect(kindOf(changed)).toBe('deviceRefusedSignature')
  })

  it('refuses a pairing without a nonce of this connection', async () => {
    const world = await LockWorld.start()
    const nonce = must(await world.passing(readPairingNonce(world.client)))
    await world.reconnect()
    const pairing = { deviceId: world.deviceId, ownerKey: OWNER.publicKey, pairingCounter: 1, nonce }
    const signature = world.sign(pairingTypedData(DOMAIN, pairing), OWNER)
    world.device.pressButton()
    const request = {
      domain: DOMAIN,
      devicePublicKey: DEVICE_PUBLIC_KEY,
      pairing,
      signature,
      claimCode: null,
    }
    expect(kindOf(await world.passing(pairDevice(world.client, request)))).toBe('nonceRefused')
  })

  it('refuses a pairing with any byte of it changed', async () => {
    const world = await LockWorld.start({ claimCodeKey: CODE_KEY })
    let tap = new Tap(world.transport)
    await world.reconnect(transport => {
      tap = new Tap(transport)
      return tap
    })
    const kinds = new Set<string>()
    // Header and body of the one message, but for the header's flags and sequence, and CBOR's own heads, which end as errors.
    for (let at = 0; at < 200; at++) {
      tap.toDevice = message => {
        const isPairing = message.group === 64 && message.command === FobCommand.pairing && message.op === 2
        if (!isPairing || at >= message.payload.length) return [message]
        const payload = Uint8Array.from(message.payload)
        payload[at] = (payload[at] ?? 0) ^ 0x10
        return [{ ...message, payload }]
      }
      // The device would else wait an hour after some wrong codes; the button's way is what is tried here.
      const outcome = await world.pair({ press: true })
      kinds.add(kindOf(outcome))
      if (outcome.ok) throw new Error(`byte ${at}`)
      if (at + 1 >= (tap.sent.at(-1)?.payload.length ?? 0)) break
    }
    expect((await world.ownership()).ownerKeyHash).toBeNull()
    expect(kinds.has('deviceRefusedSignature')).toBe(true)
  })
})

describe('the claim code', () => {
  it('pairs who has read it, without the button, and never goes over the air', async () => {
    const world = await LockWorld.start({ claimCodeKey: CODE_KEY })
    const tap = new Tap(world.transport)
    await world.reconnect(transport => {
      const made = new Tap(transport)
      Object.assign(tap, { sent: made.sent })
      return made
    })
    must(await world.pair({ claimCode: CODE }))
    expect(await isOwnedBy(world, OWNER)).toBe(true)
    const air = tap.sent.map(({ payload }) => String.fromCharCode(...payload)).join('')
    expect(air.length).toBeGreaterThan(100)
    expect(air).not.toContain(CODE)
  })

  it('is refused where it is another one, and each guess makes the next one wait longer', async () => {
    const world = await LockWorld.start({ claimCodeKey: CODE_KEY })
    const wrong = makeClaimCode(new Uint8Array(11).fill(7))
    const waits: number[] = []
    for (let guess = 0; guess < 5; guess++) {
      expect(kindOf(await world.pair({ claimCode: wrong }))).toBe('claimCodeWrong')
      const { claimCodeWait } = await world.ownership()
      waits.push(claimCodeWait)
      if (claimCodeWait > 0) expect(kindOf(await world.pair({ claimCode: CODE }))).toBe('claimCodeWait')
      await world.timer.advance(claimCodeWait * 1000)
    }
    expect(waits).toEqual([0, 0, 10, 20, 40])
    must(await world.pair({ claimCode: CODE }))
  })

  it('is not guessed faster by pulling the plug', async () => {
    const world = await LockWorld.start({ claimCodeKey: CODE_KEY })
    const wrong = makeClaimCode(new Uint8Array(11).fill(7))
    for (let guess = 0; guess < 3; guess++) await world.pair({ claimCode: wrong })
    await world.timer.advance(9_000)
    await world.cyclePower()
    const { claimCodeWait } = await world.ownership()
    expect(claimCodeWait).toBeGreaterThanOrEqual(9)
    expect(kindOf(await world.pair({ claimCode: CODE }))).toBe('claimCodeWait')
    // The button is not the code's to close.
    must(await world.pair())
  })

  it('forgives what was mistyped before it was right', async () => {
    const world = await LockWorld.start({ claimCodeKey: CODE_KEY })
    const wrong = makeClaimCode(new Uint8Array(11).fill(7))
    await world.pair({ claimCode: wrong })
    must(await world.pair({ claimCode: CODE }))
    must(await factoryReset(world))
    for (let guess = 0; guess < 2; guess++) await world.pair({ claimCode: wrong })
    expect((await world.ownership()).claimCodeWait).toBe(0)
  })

  it("serves nobody else's key: a proof that is carried to another pairing is a wrong one", async () => {
    const world = await LockWorld.start({ claimCodeKey: CODE_KEY })
    let tap = new Tap(world.transport)
    await world.reconnect(transport => {
      tap = new Tap(transport)
      return tap
    })
    // The owner's pairing is held back, and its proof put behind the stranger's.
    let proof = new Uint8Array()
    tap.toDevice = message => {
      if (message.op !== 2 || message.command !== FobCommand.pairing) return [message]
      proof = message.payload.slice(-16)
      return []
    }
    expect(kindOf(await world.pair({ claimCode: CODE }))).toBe('timeout')
    tap.toDevice = message => {
      if (message.op !== 2 || message.command !== FobCommand.pairing) return [message]
      const payload = Uint8Array.from(message.payload)
      payload.set(proof, payload.length - 16)
      return [{ ...message, payload }]
    }
    const other = makeClaimCode(new Uint8Array(11).fill(9))
    expect(kindOf(await world.pair({ owner: STRANGER, claimCode: other }))).toBe('claimCodeWrong')
    expect((await world.ownership()).ownerKeyHash).toBeNull()
  })

  it('is read with slips of the pen, and a wrong character is noticed', () => {
    expect(formatClaimCode(CODE)).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)
    const spoken = formatClaimCode(CODE).toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')
    expect(parseClaimCode(` ${spoken} `)).toEqual({ ok: true, value: CODE })
    let noticed = 0
    for (let at = 0; at < CODE.length; at++) {
      const typed = CODE.slice(0, at) + (CODE[at] === '7' ? '8' : '7') + CODE.slice(at + 1)
      if (!parseClaimCode(typed).ok) noticed++
    }
    expect(noticed).toBe(CODE.length)
    for (const text of ['', CODE.slice(1), `${CODE}0`, 'UUUU-UUUU-UUUU', '🔑'.repeat(6)]) {
      expect(parseClaimCode(text), text).toMatchObject({ ok: false })
    }
  })
})

describe('a paired device', () => {
  it('is not paired anew by button or code', async () => {
    const world = await LockWorld.paired({ claimCodeKey: CODE_KEY })
    expect(kindOf(await world.pair({ owner: STRANGER }))).toBe('deviceAlreadyPaired')
    expect(kindOf(await world.pair({ owner: STRANGER, claimCode: CODE }))).toBe('deviceAlreadyPaired')
    expect((await world.ownership()).buttonSeconds).toBe(0)
    expect(await isOwnedBy(world, OWNER)).toBe(true)
  })

  it('takes another owner key by the word of the present owner, whoever brings it', async () => {
    const world = await LockWorld.paired()
    must(await change(world, STRANGER))
    expect(await isOwnedBy(world, STRANGER)).toBe(true)
    expect((await world.ownership()).pairingCounter).toBe(2)
    // The former owner has no say any more.
    expect(kindOf(await change(world, OWNER, { counter: 3 }))).toBe('deviceRefusedSignature')
  })

  it('takes each word once: not after it went there and back', async () => {
    const world = await LockWorld.paired()
    must(await change(world, STRANGER))
    must(await change(world, OWNER, { counter: 3, signer: STRANGER }))
    expect(kindOf(await change(world, STRANGER))).toBe('pairingCounterPassed')
    expect(await isOwnedBy(world, OWNER)).toBe(true)
  })

  it.each([
    ["a stranger's word", { signer: STRANGER }, 'deviceRefusedSignature'],
    ["another device's", { id: `0x${'77'.repeat(32)}` as const }, 'deviceRefusedSignature'],
    ['a later one', { counter: 3 }, 'pairingCounterPassed'],
    ['an earlier one', { counter: 1 }, 'pairingCounterPassed'],
  ])('changes nothing by %s', async (_, options, kind) => {
    const world = await LockWorld.paired()
    expect(kindOf(await change(world, STRANGER, options))).toBe(kind)
    expect(kindOf(await factoryReset(world, options))).toBe(kind)
    expect(await isOwnedBy(world, OWNER)).toBe(true)
  })

  it('does not take a key that nobody can have', async () => {
    const world = await LockWorld.paired()
    const none = { secret: new Uint8Array(), publicKey: new Uint8Array(64).fill(1) }
    expect(kindOf(await change(world, none))).toBe('deviceError')
    expect(await isOwnedBy(world, OWNER)).toBe(true)
  })

  it('is free again after a factory reset, and can be paired by its button', async () => {
    const world = await LockWorld.paired()
    must(await factoryReset(world))
    expect(await world.ownership()).toMatchObject({ ownerKeyHash: null, pairingCounter: 2 })
    must(await world.pair({ owner: STRANGER }))
    expect(await isOwnedBy(world, STRANGER)).toBe(true)
    expect((await world.ownership()).pairingCounter).toBe(3)
  })

  it('does not take a factory reset for an owner key change, nor for one of later', async () => {
    const world = await LockWorld.paired()
    must(await factoryReset(world))
    must(await world.pair())
    expect(kindOf(await factoryReset(world))).toBe('pairingCounterPassed')
  })
})

describe("the device's answer", () => {
  it('is refused where another device gives it', async () => {
    const world = await LockWorld.start()
    const asked = { challenge: fresh(32), devicePublicKey: testKey(40).publicKey }
    expect(kindOf(await world.passing(readOwnership(world.client, asked)))).toBe('deviceAnswerInvalid')
  })

  it('is refused with any bit of what it says changed', async () => {
    const world = await LockWorld.paired()
    let tap = new Tap(world.transport)
    await world.reconnect(transport => {
      tap = new Tap(transport)
      return tap
    })
    const before = await world.ownership()
    const length = tap.received.at(-1)?.payload.length ?? 0
    expect(length).toBeGreaterThan(150)
    const read = () =>
      world.passing(
        readOwnership(
          world.client,
          { challenge: fresh(32), devicePublicKey: DEVICE_PUBLIC_KEY },
          { timeoutMs: 100 },
        ),
      )
    for (let at = 0; at < length; at++) {
      tap.toPhone = message => {
        const payload = Uint8Array.from(message.payload)
        payload[at] = (payload[at] ?? 0) ^ 0x01
        return [{ ...message, payload }]
      }
      const answer = await read()
      // What is not signed may change; what is signed may not.
      if (!answer.ok) continue
      const { hasButton, hasClaimCode, buttonSeconds, claimCodeWait, longestMessage } = answer.value
      const hints = { hasButton, hasClaimCode, buttonSeconds, claimCodeWait, longestMessage }
      expect(answer.value, `byte ${at}`).toEqual({ ...before, ...hints })
    }
  })

  it('about the pinned key is not taken from a device that pinned another', async () => {
    const world = await LockWorld.start()
    let tap = new Tap(world.transport)
    await world.reconnect(transport => {
      tap = new Tap(transport)
      return tap
    })
    tap.toPhone = message => {
      if (message.op !== 3) return [message]
      const payload = Uint8Array.from(message.payload)
      payload[payload.length - 1] = (payload.at(-1) ?? 0) ^ 1
      return [{ ...message, payload }]
    }
    expect(kindOf(await world.pair())).toBe('deviceAnswerInvalid')
    expect(toHex(keyHash(OWNER.publicKey))).toBe(
      toHex((await world.ownership()).ownerKeyHash ?? new Uint8Array()),
    )
  })
})
