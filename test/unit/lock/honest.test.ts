// What must work for honest people: a phone without a network, a lock that lost power, a lost link, a lost phone, a reorganised chain.
import { describe, expect, it } from 'vitest'
import { devicePublicKey } from '../../../src/core/identity.ts'
import { buildChainProof } from '../../../src/core/lock/buildChainProof.ts'
import { type Grant, GrantAction } from '../../../src/core/lock/grant.ts'
import { type OpenLockReport, openLock } from '../../../src/core/lock/openLock.ts'
import { isResultSignedBy } from '../../../src/core/lock/openResult.ts'
import { keyHash } from '../../../src/core/lock/ownership.ts'
import type { TimeSource } from '../../../src/core/lock/tellTime.ts'
import { ownerPublicKey, withOwnerKey } from '../../../src/core/wallet/accounts.ts'
import { phraseSeed, phraseWords, readPhrase } from '../../../src/core/wallet/phrase.ts'
import { attest, blockWith, byProof, grantedLog, instantGrant, otherLog, proofOf } from './grantedBlock.ts'
import {
  DEVICE_PUBLIC_KEY,
  DOMAIN,
  fresh,
  kindOf,
  LockWorld,
  must,
  NOW,
  outcomeOf,
  PHONE,
  type SessionChange,
  STRANGER,
  testKey,
} from './lockWorld.ts'
import { isResult, letLock, rented, tapped } from './rental.ts'
import { network, owners, timeNonce } from './toldTime.ts'

/** As the app opens, with a network or without. */
function open(world: LockWorld, change: SessionChange, timeSource: TimeSource | null = null) {
  const { action: _, ephemeralSecret, ...request } = world.request(change)
  expect(ephemeralSecret).toHaveLength(32)
  return world.passing(
    openLock(world.client, { ...request, newEphemeralSecret: () => fresh(32), timeSource }),
  )
}

type Opened = Awaited<ReturnType<typeof openLock>>

function wordOf(opened: Opened): string {
  if (opened.ok) return opened.value.result.status
  const { error } = opened
  if (error.kind === 'lockTimeUntold') return `${error.refusal.reason}: ${error.why.kind}`
  return error.kind === 'openRefused' ? error.reason : error.kind
}

function report(opened: Opened): OpenLockReport {
  return must(opened)
}

describe('phone offline', () => {
  it('a stay that is paid opens as often as it allows, and each time the lock signs for it', async () => {
    const world = await letLock()
    for (let use = 1; use <= 3; use++) {
      const { result, signature, isRepeated, hasToldTime } = report(await open(world, rented()))
      expect(result).toMatchObject({ status: 'done', orderId: 7n, counter: use })
      expect([isRepeated, hasToldTime]).toEqual([false, false])
      expect(isResultSignedBy(DEVICE_PUBLIC_KEY, DOMAIN, { result, signature })).toBe(true)
      const other = { ...result, counter: use + 1 }
      expect(isResultSignedBy(DEVICE_PUBLIC_KEY, DOMAIN, { result: other, signature })).toBe(false)
      expect(isResultSignedBy(STRANGER.publicKey, DOMAIN, { result, signature })).toBe(false)
    }
    expect(world.opened).toBe(3)
  })

  it('one that the chain has granted opens by the proof that the phone has kept', async () => {
    const world = await letLock()
    const proof = proofOf(blockWith([{ logs: [otherLog()] }, { logs: [grantedLog(instantGrant(world))] }]), 1)
    for (let use = 1; use <= 2; use++) expect(wordOf(await open(world, byProof(proof)))).toBe('done')
    expect(world.opened).toBe(2)
  })
})

describe('lock rebooted', () => {
  it('opens for who is offline only by a key that was made for it, and says that a connection is needed', async () => {
    const world = await letLock()
    await world.cyclePower()
    const offline: TimeSource = { askAttestors: async () => null }
    expect(wordOf(await open(world, rented()))).toBe('timeUncertain')
    expect(wordOf(await open(world, rented(), offline))).toBe('timeUncertain: timeUnreachable')
    const forPowerLoss = rented({ actions: GrantAction.open | GrantAction.withoutTime, maxUses: 3 })
    expect(wordOf(await open(world, forPowerLoss))).toBe('done')
    // The owner's own pass is such a one.
    expect(wordOf(await open(world, {}))).toBe('done')
  })

  it('opens with a connection: the phone brings the time on the way', async () => {
    const world = await letLock()
    await world.cyclePower()
    const opened = report(await open(world, rented(), network(NOW + 60)))
    expect(opened).toMatchObject({ hasToldTime: true, isRepeated: false, result: { status: 'done' } })
    expect(opened.challenge).toMatchObject({ time: NOW + 60, isTimeCertain: true })
    expect(wordOf(await open(world, rented()))).toBe('done')
  })

  it('with a clock that went slow opens when the stay has begun', async () => {
    const world = await letLock()
    const soon = rented({ notBefore: NOW + 300 })
    expect(wordOf(await open(world, soon, network(NOW + 200)))).toBe('notYet')
    expect(wordOf(await open(world, soon, network(NOW + 301)))).toBe('done')
  })

  it('after more than 30 days needs its owner, whose phone tells the time with the attestors', async () => {
    const world = await letLock()
    await world.cyclePower()
    const later = NOW + 40 * 86_400
    const stay = rented({ notBefore: later - 60, notAfter: later + 3600 })
    expect(wordOf(await open(world, stay, network(later)))).toBe('timeUncertain: ownerTimeNeeded')
    const source = { ...network(later), owner: owners(world, later) }
    const own = { grant: { actions: GrantAction.open, notAfter: later + 3600 } }
    expect(wordOf(await open(world, own, source))).toBe('done')
    expect(wordOf(await open(world, stay))).toBe('done')
  })

  it('where nobody else is named, its owner tells the time, or would rather not', async () => {
    const world = await LockWorld.paired()
    must(await world.deliver())
    const own = { grant: { actions: GrantAction.open } }
    const nobody: TimeSource = { askAttestors: async () => null }
    expect(wordOf(await open(world, own, nobody))).toBe('timeUncertain: ownerTimeNeeded')
    const declines = { ...nobody, owner: { time: NOW, sign: async () => null } }
    expect(wordOf(await open(world, own, declines))).toBe('timeUncertain: ownerTimeNeeded')
    expect(wordOf(await open(world, own, { ...nobody, owner: owners(world, NOW) }))).toBe('done')
  })

  it('keeps what it has counted, and the time that had passed', async () => {
    const world = await letLock()
    const twice = rented({ maxUses: 2, actions: GrantAction.open | GrantAction.withoutTime })
    expect(wordOf(await open(world, twice))).toBe('done')
    await world.timer.advance(20 * 60_000)
    await world.cyclePower()
    expect((await timeNonce(world)).time).toBe(NOW + 1200)
    expect(wordOf(await open(world, twice))).toBe('done')
    expect(wordOf(await open(world, twice))).toBe('usesSpent')
  })
})

describe('link lost between Open and Result', () => {
  it('charges no use twice, and the phone learns truthfully what came of it', async () => {
    for (const powerFails of [false, true]) {
      const world = await letLock()
      const tap = await tapped(world)
      tap.toPhone = message => {
        if (!isResult(message)) return [message]
        world.device.dropLink()
        return []
      }
      const once = rented({ maxUses: 1, actions: GrantAction.open | GrantAction.withoutTime })
      const asked = { ...once, requestId: fresh(16) }
      expect(wordOf(await open(world, asked))).toBe('linkLost')
      expect(world.opened).toBe(1)
      if (powerFails) await world.cyclePower()
      else await world.reconnect()
      const again = report(await open(world, asked))
      expect(again).toMatchObject({ isRepeated: true, result: { status: 'done', counter: 1 } })
      expect(world.opened).toBe(1)
      expect(wordOf(await open(world, once))).toBe('usesSpent')
    }
  })

  it('before the Open was whole has charged nothing, and is asked again with the same id', async () => {
    const world = await letLock({ bufSize: 256 })
    const tap = await tapped(world)
    let parts = 0
    tap.toDevice = message => {
      if (message.group !== 64 || message.op !== 2 || ++parts < 2) return [message]
      world.device.dropLink()
      return []
    }
    const asked = { ...rented({ maxUses: 1 }), requestId: fresh(16) }
    expect(wordOf(await open(world, asked))).toBe('linkLost')
    await world.reconnect()
    expect(report(await open(world, asked))).toMatchObject({ isRepeated: false, result: { status: 'done' } })
    expect(world.opened).toBe(1)
  })

  it('tells truthfully that the bolt is jammed', async () => {
    const world = await letLock({ actuator: () => false })
    const asked = { ...rented(), requestId: fresh(16) }
    expect(wordOf(await open(world, asked))).toBe('failed')
    expect(report(await open(world, asked))).toMatchObject({ isRepeated: true, result: { status: 'failed' } })
  })
})

describe('chain reorg before finality', () => {
  it('a block that was left proves nothing, and the grant opens by the block that took its place', async () => {
    const world = await letLock()
    const granted = [{ logs: [grantedLog(instantGrant(world))] }]
    const left = blockWith(granted, { number: 700, timestamp: NOW - 20 })
    const final = blockWith([{ logs: [otherLog()] }, ...granted], { number: 701, timestamp: NOW - 8 })
    // Attestors sign nothing that is not final.
    const early = { ...left, transactionIndex: 0, attestations: [], threshold: 2 }
    expect(kindOf(buildChainProof(early))).toBe('attestationsMissing')
    // Nor do words on one block serve for the other.
    const mixed = proofOf(left, 0, attest(final, [0, 1]))
    expect(wordOf(await open(world, byProof(mixed)))).toBe('authorisationInvalid')
    expect(wordOf(await open(world, byProof(proofOf(final, 1, attest(final, [0, 1])))))).toBe('done')
  })

  it('an endpoint that tells of another block is found out before anything is kept', async () => {
    const world = await letLock()
    const real = blockWith([{ logs: [grantedLog(instantGrant(world))] }])
    const other = blockWith([{ logs: [otherLog()] }])
    const material = { ...real, transactionIndex: 0, attestations: attest(real, [0, 1]), threshold: 2 }
    expect(kindOf(buildChainProof({ ...material, receipts: other.receipts }))).toBe('badProof')
    expect(kindOf(buildChainProof({ ...material, transactionIndex: 1 }))).toBe('badProof')
    const lied = { ...real.block, receiptsRoot: other.block.receiptsRoot }
    expect(kindOf(buildChainProof({ ...material, block: lied }))).toBe('badHeader')
    expect(kindOf(buildChainProof({ ...material, receipts: [{ status: '0x1' }] }))).toBe('bodyUnsupported')
  })
})

describe('lost phone re-bound', () => {
  const rebound = (grant: Partial<Grant> = {}): SessionChange => ({
    ...rented({ seq: 1, ...grant }),
    userKey: PHONE,
  })

  it('the issuer’s grant with the next seq opens for the new phone, and shuts the old one out', async () => {
    const world = await letLock()
    expect(wordOf(await open(world, rented()))).toBe('done')
    expect(wordOf(await open(world, rebound()))).toBe('done')
    expect(wordOf(await open(world, rented()))).toBe('superseded')
    await world.cyclePower()
    world.device.takeTime(NOW + 60)
    expect(wordOf(await open(world, rented()))).toBe('superseded')
    expect(wordOf(await open(world, rebound()))).toBe('done')
  })

  it('the Market’s next event does the same where the chain grants', async () => {
    const world = await letLock()
    const first = instantGrant(world)
    const next = { ...first, userKeyHash: keyHash(PHONE.publicKey), seq: 1 }
    const [old, moved] = [first, next].map(grant => proofOf(blockWith([{ logs: [grantedLog(grant)] }])))
    if (!old || !moved) throw new Error('two proofs were meant')
    expect(wordOf(await open(world, byProof(old)))).toBe('done')
    expect(wordOf(await open(world, { ...byProof(moved, { seq: 1 }), userKey: PHONE }))).toBe('done')
    expect(wordOf(await open(world, byProof(old)))).toBe('superseded')
  })

  it('the lock hears of it also when the new phone comes too early', async () => {
    const world = await letLock()
    expect(wordOf(await open(world, rebound({ notBefore: NOW + 600 })))).toBe('notYet')
    expect(wordOf(await open(world, rented()))).toBe('superseded')
    // Uses are the order's: none is won by another phone.
    const another = await letLock()
    expect(wordOf(await open(another, rented({ maxUses: 2 })))).toBe('done')
    expect(wordOf(await open(another, rebound({ maxUses: 2 })))).toBe('done')
    expect(wordOf(await open(another, rebound({ maxUses: 2 })))).toBe('usesSpent')
  })
})

describe('owner key restored from words', () => {
  it('is the one that the lock has pinned: a new phone gets a pass, opens, and rules', async () => {
    const entropy = new Uint8Array(16).fill(77)
    const keyOf = (seed: Uint8Array) =>
      withOwnerKey(seed, 0, secret => ({
        secret: Uint8Array.from(secret),
        publicKey: devicePublicKey(secret),
      }))
    const first = phraseSeed({ language: 'en', entropy })
    const world = await LockWorld.start()
    must(await world.pair({ owner: keyOf(first) }))
    // Years later, of the words on paper alone, with another phone.
    const words = phraseWords({ language: 'en', entropy }).join(' ')
    const seed = phraseSeed(must(readPhrase(words)))
    const restored = keyOf(seed)
    expect((await world.ownership()).ownerKeyHash).toEqual(keyHash(ownerPublicKey(seed, 0)))
    const pass = { grantSigner: restored, userKey: testKey(99) }
    expect(wordOf(await open(world, pass))).toBe('done')
    must(await world.deliver({ epoch: 1 }, restored))
    // The phone that is lost is shut out, and its owner is not.
    expect(wordOf(await open(world, { grantSigner: restored }))).toBe('epochStale')
    expect(wordOf(await open(world, { ...pass, grant: { epoch: 1 } }))).toBe('done')
    expect(outcomeOf(await world.open({ grantSigner: testKey(98), grant: { epoch: 1 } }))).toBe(
      'authorisationInvalid',
    )
  })
})
