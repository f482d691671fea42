// Managing a paired device: refused to everybody outside of a session, and in it nothing can be injected, repeated or changed.
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../src/core/bytes.ts'
import { type VerifiedFirmware, verifyFirmware } from '../../../src/core/firmware/verified.ts'
import { GrantAction } from '../../../src/core/lock/grant.ts'
import { MANAGED_OVERHEAD, ManagedTransport } from '../../../src/core/lock/managedTransport.ts'
import { requestClaim, requestHandOver } from '../../../src/core/lock/ownerStatements.ts'
import { changeOwnerKey, ownerKeyChangeTypedData } from '../../../src/core/lock/pairing.ts'
import { explainRefusal } from '../../../src/core/lock/refusal.ts'
import { seal } from '../../../src/core/lock/sessionCipher.ts'
import { imageDigest, parseImage } from '../../../src/core/mcuboot/image.ts'
import { modelIdOf } from '../../../src/core/registry/modelId.ts'
import { fail } from '../../../src/core/result.ts'
import { encodeCbor } from '../../../src/core/smp/cbor.ts'
import { SmpClient } from '../../../src/core/smp/client.ts'
import { MgmtError } from '../../../src/core/smp/errors.ts'
import { FobCommand } from '../../../src/core/smp/fob.ts'
import { erase, readSlotInfo, readState, setState } from '../../../src/core/smp/image.ts'
import { encodeMessage, SmpGroup, type SmpMessage, SmpOp, SmpVersion } from '../../../src/core/smp/message.ts'
import { echo, readInfo, readParams, reset } from '../../../src/core/smp/os.ts'
import { uploadImage } from '../../../src/core/smp/upload.ts'
import { IDENTITY, v } from '../device/fixtures.ts'
import {
  DEVICE_PUBLIC_KEY,
  DOMAIN,
  kindOf,
  LockWorld,
  lockImage,
  must,
  NOW,
  outcomeOf,
  RENTER,
  STRANGER,
} from './lockWorld.ts'
import { Tap } from './tap.ts'

const ACCOUNTS = {
  owner: `0x${'aa'.repeat(20)}`,
  account: `0x${'bb'.repeat(20)}`,
  newOwner: `0x${'cc'.repeat(20)}`,
  newAccount: `0x${'dd'.repeat(20)}`,
} as const
const SOURCE = { domain: DOMAIN, devicePublicKey: DEVICE_PUBLIC_KEY }
const MODEL_ID = modelIdOf(IDENTITY.model)

function firmwareOf(bytes: Uint8Array): VerifiedFirmware {
  const parsed = parseImage(bytes)
  if (!parsed.ok || !parsed.value.keyHash) throw new Error('the fixture is no image')
  const { version, imageHash, keyHash, securityCounter } = parsed.value
  const manifest = {
    model: 'Fob Lock One',
    hardware: 'rev B',
    version,
    securityCounter: securityCounter ?? 0,
    cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
    size: bytes.length,
    fileHash: toHex(imageDigest('sha256', bytes)),
    imageHash: toHex(imageHash),
    keyHash: toHex(keyHash),
    validUntil: 2_000_000_000,
    notes: '',
    peers: [],
  }
  return must(verifyFirmware(bytes, manifest, { hardware: 'rev B', slotSize: null }))
}

const FIRMWARE = firmwareOf(lockImage(1))

async function tapped(world: LockWorld): Promise<Tap> {
  let tap = new Tap(world.transport)
  await world.reconnect(transport => {
    tap = new Tap(transport)
    return tap
  })
  return tap
}

const isManaged = ({ group, command, op }: SmpMessage): boolean =>
  group === SmpGroup.fob && command === FobCommand.managed && op === SmpOp.write

describe('a paired device outside of a session', () => {
  it('refuses what manages it', async () => {
    const world = await LockWorld.paired()
    const { client } = world
    const attempts = {
      reset: await world.passing(reset(client)),
      test: await world.passing(setState(client, { hash: FIRMWARE.imageHash, confirm: false })),
      confirm: await world.passing(setState(client, { hash: null, confirm: true })),
      upload: await world.passing(uploadImage(client, FIRMWARE)),
      erase: await world.passing(erase(client)),
      claim: await world.passing(
        requestClaim(client, SOURCE, { ...ACCOUNTS, modelId: MODEL_ID, deadline: NOW }),
      ),
      handOver: await world.passing(requestHandOver(client, SOURCE, { ...ACCOUNTS, deadline: NOW })),
    }
    const denied = Object.entries(attempts).map(([name, attempt]) => {
      const failure = attempt.ok ? null : attempt.error
      return [name, failure?.kind === 'deviceError' ? explainRefusal(failure).kind : failure?.kind]
    })
    expect(Object.fromEntries(denied)).toEqual(
      Object.fromEntries(Object.keys(attempts).map(name => [name, 'deviceAccessDenied'])),
    )
    await world.timer.advance(5_000)
    expect(world.events.filter(({ kind }) => kind === 'reset' || kind === 'slots')).toEqual([])
  })

  it('answers nothing that is not on its list, known or not, in either version', async () => {
    const world = await LockWorld.paired()
    const tap = await tapped(world)
    const open = new Set<string>()
    for (let group = 0; group <= 66; group++) {
      for (let command = 0; command < 16; command++) {
        for (const op of [SmpOp.read, SmpOp.write]) {
          const message = {
            op,
            version: SmpVersion.v1,
            flags: 0,
            group,
            sequence: 1,
            command,
            payload: encodeCbor({}),
          }
          tap.received.length = 0
          const sent = tap.inject(message)
          await world.timer.advance(1)
          await sent
          await world.timer.advance(0)
          const denied = toHex(encodeCbor({ rc: MgmtError.EACCESSDENIED }))
          if (toHex(tap.received[0]?.payload ?? new Uint8Array()) !== denied)
            open.add(`${group}/${command}/${op}`)
        }
      }
    }
    // Group / command / op: echo twice, parameters, info, bootloader; state and slots, read; and what carries its own authority.
    expect([...open].sort()).toEqual(
      [
        ...['0/0/0', '0/0/2', '0/6/0', '0/7/0', '0/8/0', '1/0/0', '1/6/0'],
        ...['64/0/0', '64/1/0', '64/2/0', '64/2/2', '64/3/2', '64/4/0', '64/4/2', '64/5/0', '64/6/2'],
        ...['64/10/0', '64/10/2', '64/13/0'],
      ].sort(),
    )
  })

  it('is identified, and says what it runs', async () => {
    const world = await LockWorld.paired()
    must(await world.passing(readState(world.client)))
    must(await world.passing(readSlotInfo(world.client)))
    must(await world.passing(readInfo(world.client, 's')))
    expect(must(await world.passing(echo(world.client, 'fob')))).toBe('fob')
  })

  it('is managed again by everybody once it is free', async () => {
    const world = await LockWorld.start()
    expect((await world.passing(reset(world.client))).ok).toBe(true)
  })
})

describe('a session', () => {
  it.each([
    ['v2', 256],
    ['v2', 2475],
    ['v1', 512],
  ] as const)('carries a whole update unchanged (%s, a buffer of %i bytes)', async (protocol, bufSize) => {
    const world = await LockWorld.paired({ protocol, bufSize })
    const { client } = await world.manage()
    const params = must(await world.passing(readParams(client)))
    expect(params.bufSize).toBe(bufSize - MANAGED_OVERHEAD)
    const report = must(await world.passing(uploadImage(client, FIRMWARE)))
    expect(report).toMatchObject({ resumedFrom: 0, rewinds: 0, deviceChecked: true })
    must(await world.passing(setState(client, { hash: FIRMWARE.imageHash, confirm: false })))
    expect((await world.passing(reset(client))).ok).toBe(true)
    await world.timer.advance(100)
    await world.reconnect()
    expect(world.device.runningVersion).toEqual(v(1, 1))

    const again = await world.manage()
    must(await world.passing(setState(again.client, { hash: FIRMWARE.imageHash, confirm: true })))
    await world.cyclePower()
    expect(world.device.runningVersion).toEqual(v(1, 1))
  })

  it('goes on with an upload where an earlier one was cut off', async () => {
    const world = await LockWorld.paired()
    const first = await world.manage()
    const cut = await world.passing(
      uploadImage(first.client, FIRMWARE, {
        onProgress: ({ sent, total }) => {
          if (sent > total / 2) world.device.dropLink()
        },
      }),
    )
    expect(kindOf(cut)).toBe('linkLost')
    await world.reconnect()
    const { client } = await world.manage()
    const report = must(await world.passing(uploadImage(client, FIRMWARE)))
    expect(report.resumedFrom).toBeGreaterThan(FIRMWARE.size / 2)
  })

  it('costs a message no more than 37 bytes', async () => {
    const world = await LockWorld.paired()
    const tap = await tapped(world)
    const { client } = await world.manage()
    tap.sent.length = 0
    must(await world.passing(echo(client, 'x'.repeat(300))))
    const inner = 8 + encodeCbor({ d: 'x'.repeat(300) }).length
    const outer = 8 + (tap.sent[0]?.payload.length ?? 0)
    expect(outer - inner).toBeLessThanOrEqual(MANAGED_OVERHEAD)
    expect(MANAGED_OVERHEAD).toBe(37)
  })

  it('takes messages in the order of their counters alone', async () => {
    const world = await LockWorld.paired()
    const tap = await tapped(world)
    const { client, transport } = await world.manage()
    must(await world.passing(echo(client, 'one')))
    const recorded = tap.sent.filter(isManaged)
    expect(recorded.length).toBe(1)
    const before = tap.received.length
    for (const message of recorded) await world.passing(tap.inject(message))
    await world.timer.advance(10)
    expect(toHex(tap.received.at(-1)?.payload ?? new Uint8Array())).toBe(
      toHex(encodeCbor({ err: { group: 64, rc: 15 } })),
    )
    expect(tap.received.length).toBe(before + 1)

    // Two that change places: the later one is answered, the earlier one is not.
    const held: SmpMessage[] = []
    tap.toDevice = message => {
      if (!isManaged(message)) return [message]
      held.push(message)
      return held.length === 2 ? held.toReversed() : []
    }
    const replies = Promise.all([
      echo(client, 'first', { timeoutMs: 500 }),
      echo(client, 'second', { timeoutMs: 500 }),
    ])
    expect((await world.passing(replies)).map(kindOf)).toEqual(['timeout', 'ok'])
    // And the session goes on.
    tap.toDevice = message => [message]
    must(await world.passing(echo(client, 'after')))
    expect(transport.forgedResponses).toBe(0)
  })

  it("does nothing by a message that was not sealed with the session's key", async () => {
    const world = await LockWorld.paired()
    const tap = await tapped(world)
    const { client } = await world.manage()
    const plain = encodeMessage({
      ...{ op: SmpOp.write, version: SmpVersion.v2, flags: 0, group: SmpGroup.os, sequence: 0, command: 5 },
      payload: encodeCbor({}),
    })
    for (const [c, d] of [
      [1, seal(new Uint8Array(16), 'managed', 1, plain)],
      [99, plain],
      [99, new Uint8Array()],
    ] as const) {
      const payload = encodeCbor({ c, d })
      const message = {
        op: SmpOp.write,
        version: SmpVersion.v2,
        flags: 0,
        group: 64,
        sequence: 9,
        command: 7,
        payload,
      }
      await world.passing(tap.inject(message))
    }
    // Plainly, beside the session, it is refused as to everybody.
    const bare = { op: SmpOp.write, version: SmpVersion.v2, flags: 0, group: 0, sequence: 9, command: 5 }
    await world.passing(tap.inject({ ...bare, payload: encodeCbor({}) }))
    await world.timer.advance(5000)
    expect(world.events.filter(({ kind }) => kind === 'reset')).toEqual([])
    must(await world.passing(echo(client, 'still here')))
  })

  it.each(['toDevice', 'toPhone'] as const)(
    'notices any byte that is changed on the way: %s',
    async direction => {
      const world = await LockWorld.paired()
      const tap = await tapped(world)
      const { client } = await world.manage()
      let length = 1
      for (let at = 0; at < length; at++) {
        tap[direction] = message => {
          if (message.group !== 64 || message.command !== FobCommand.managed) return [message]
          length = message.payload.length
          const payload = Uint8Array.from(message.payload)
          payload[at] = (payload[at] ?? 0) ^ 0x40
          return [{ ...message, payload }]
        }
        const reply = await world.passing(echo(client, 'changed?', { timeoutMs: 100 }))
        expect(reply.ok, `byte ${at}`).toBe(false)
      }
      expect(length).toBeGreaterThan(30)
      tap[direction] = message => [message]
      expect(must(await world.passing(echo(client, 'and goes on')))).toBe('and goes on')
    },
  )

  it('ends with its connection', async () => {
    const world = await LockWorld.paired()
    const { report, transport, client } = await world.manage()
    let loss = 'none'
    transport.onClose(reason => {
      loss = reason
    })
    await world.reconnect()
    expect(loss).not.toBe('none')
    expect(kindOf(await world.passing(echo(client, 'gone')))).toBe('linkLost')
    // Its keys are worth nothing on another connection.
    if (!report.keys) throw new Error('no keys')
    const revived = new ManagedTransport(world.client, report.keys, { bufSize: 2475 })
    const reply = await world.passing(echo(new SmpClient(revived, { timer: world.timer }), 'back'))
    expect(reply).toMatchObject(fail({ kind: 'linkLost', loss: 'refused' }))
  })

  it.each(['v1', 'v2'] as const)(
    'ends after ten minutes without a request, and not before (%s)',
    async protocol => {
      const world = await LockWorld.paired({ protocol })
      const { client } = await world.manage()
      for (let i = 0; i < 3; i++) {
        await world.timer.advance(9 * 60_000)
        must(await world.passing(echo(client, 'awake')))
      }
      await world.timer.advance(10 * 60_000)
      expect(await world.passing(echo(client, 'asleep'))).toMatchObject({ error: { loss: 'refused' } })
    },
  )

  it('ends when the device changes hands', async () => {
    const world = await LockWorld.paired()
    const { client } = await world.manage()
    const statement = { deviceId: world.deviceId, newOwnerKey: STRANGER.publicKey, pairingCounter: 2 }
    const signature = world.sign(ownerKeyChangeTypedData(DOMAIN, statement), {
      secret: new Uint8Array(32).fill(21),
      publicKey: new Uint8Array(),
    })
    // Brought through the session itself: it is answered, and was the last.
    must(await world.passing(changeOwnerKey(client, { ...SOURCE, statement, signature })))
    expect(await world.passing(echo(client, 'mine?'))).toMatchObject({ error: { loss: 'refused' } })
  })

  it('ends when its grant ends or is revoked', async () => {
    const world = await LockWorld.paired()
    world.device.takeTime(NOW)
    const { client } = await world.manage({ grant: { notAfter: NOW + 60 } })
    must(await world.passing(echo(client, 'in time')))
    await world.timer.advance(60_000)
    expect((await world.passing(echo(client, 'too late'))).ok).toBe(false)

    const revoked = await world.manage()
    must(await world.deliver({ epoch: 1 }, undefined, revoked.client))
    expect((await world.passing(echo(revoked.client, 'revoked'))).ok).toBe(false)
  })

  it('goes on when somebody else is let in beside it', async () => {
    const world = await LockWorld.paired()
    const { client } = await world.manage()
    expect(outcomeOf(await world.open())).toBe('done')
    expect(outcomeOf(await world.open({ grantSigner: STRANGER }))).toBe('authorisationInvalid')
    must(await world.passing(echo(client, 'still here')))
  })

  it('counts a use for each', async () => {
    const world = await LockWorld.paired()
    await world.manage({ grant: { maxUses: 1 } })
    await world.reconnect()
    expect(outcomeOf(await world.open({ action: GrantAction.manage, grant: { maxUses: 1 } }))).toBe(
      'usesSpent',
    )
  })
})

describe('what the device signs for its owner', () => {
  it('is a claim with a counter that only grows, also through a power loss', async () => {
    const world = await LockWorld.paired()
    const terms = { ...ACCOUNTS, modelId: MODEL_ID, deadline: NOW + 600 }
    const counters: number[] = []
    for (let i = 0; i < 3; i++) {
      const { client } = await world.manage()
      const { statement } = must(await world.passing(requestClaim(client, SOURCE, terms)))
      counters.push(statement.counter)
      const handOver = must(
        await world.passing(requestHandOver(client, SOURCE, { ...ACCOUNTS, deadline: NOW + 600 })),
      )
      counters.push(handOver.statement.counter)
      await world.cyclePower()
    }
    expect(counters).toEqual([1, 2, 3, 4, 5, 6])
    expect((await world.ownership()).claimCounter).toBe(6)
  })

  it('is never a claim for another model', async () => {
    const world = await LockWorld.paired()
    const { client } = await world.manage()
    const terms = { ...ACCOUNTS, modelId: `0x${'12'.repeat(32)}` as const, deadline: NOW }
    expect(kindOf(await world.passing(requestClaim(client, SOURCE, terms)))).toBe('deviceError')
    expect((await world.ownership()).claimCounter).toBe(0)
  })

  it.each([
    [
      'a technician whom the owner has let manage it',
      { grant: { actions: GrantAction.manage | GrantAction.withoutTime } },
    ],
    [
      'one whom the issuer has given everything',
      { by: 'issuer', grant: { actions: 0xff, orderId: 3n, notAfter: NOW + 99 } },
    ],
  ] as const)('is nothing for %s', async (_, change) => {
    const world = await LockWorld.paired()
    must(await world.deliver())
    const { client } = await world.manage({ userKey: RENTER, ...change })
    const claim = requestClaim(client, SOURCE, { ...ACCOUNTS, modelId: MODEL_ID, deadline: NOW })
    expect(kindOf(await world.passing(claim))).toBe('ownerSessionNeeded')
    const handOver = requestHandOver(client, SOURCE, { ...ACCOUNTS, deadline: NOW })
    expect(kindOf(await world.passing(handOver))).toBe('ownerSessionNeeded')
    expect((await world.ownership()).claimCounter).toBe(0)
  })
})
