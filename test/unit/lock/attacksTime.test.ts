// Attacks on the lock's time: each drives the real device over its link, with tokens, headers and clocks that lie.
import { describe, expect, it } from 'vitest'
import type { Bytes } from '../../../src/core/bytes.ts'
import { tellTime } from '../../../src/core/lock/tellTime.ts'
import { LONGEST_STEP_S, ownerTimeTypedData } from '../../../src/core/lock/timeToken.ts'
import { headerRlpFromRpc } from '../../../src/core/proof/header.ts'
import { attest, blockWith, byProof, grantedLog, instantGrant, proofOf } from './grantedBlock.ts'
import {
  DOMAIN,
  kindOf,
  LockWorld,
  must,
  NOW,
  OWNER,
  outcomeOf,
  RENTER,
  STRANGER,
  testKey,
} from './lockWorld.ts'
import { ATTESTORS, isTimeTold, letLock, rented, tapped } from './rental.ts'
import { attestTime, network, SOURCE, tell, tellToken, timeNonce } from './toldTime.ts'

/** The header of a block at this time, and two attestors' word on it. */
function headerAt(timestamp: number, places: readonly number[] = [0, 1]) {
  const block = blockWith([], { timestamp })
  return {
    kind: 'header' as const,
    header: must(headerRlpFromRpc(block.block)),
    attestations: attest(block, places),
  }
}

const timeOf = async (world: LockWorld) => {
  const { time, isTimeCertain } = await timeNonce(world)
  return { time, isTimeCertain }
}

describe('an old header after a power loss', () => {
  it('makes no time certain: it only shows what has passed', async () => {
    const world = await letLock()
    await world.timer.advance(20 * 60_000)
    await world.cyclePower()
    const known = await timeOf(world)
    expect(known).toEqual({ time: NOW + 1200, isTimeCertain: false })
    // A recorded header of when the stay still ran: nothing is turned back by it.
    expect(must(await tell(world, headerAt(NOW + 60)))).toEqual(known)
    expect(outcomeOf(await world.open(rented({ notAfter: NOW + 1000 })))).toBe('expired')
    expect(outcomeOf(await world.open(rented()))).toBe('timeUncertain')
    // A later one ends what has ended by then, and opens nothing.
    expect(must(await tell(world, headerAt(NOW + 7300)))).toEqual({ time: NOW + 7300, isTimeCertain: false })
    expect(outcomeOf(await world.open(rented()))).toBe('expired')
    expect(outcomeOf(await world.open(rented({ notAfter: NOW + 9000 })))).toBe('timeUncertain')
    expect(world.opened).toBe(0)
  })

  it('in a chain proof opens nothing either, however well it proves', async () => {
    const world = await letLock()
    await world.cyclePower()
    const proof = proofOf(blockWith([{ logs: [grantedLog(instantGrant(world))] }], { timestamp: NOW }))
    expect(outcomeOf(await world.open(byProof(proof)))).toBe('timeUncertain')
    must(await tellToken(world, NOW + 30))
    expect(outcomeOf(await world.open(byProof(proof)))).toBe('done')
  })

  it('is refused where too few have signed it, or the same one twice', async () => {
    const world = await letLock()
    for (const places of [[], [0], [0, 0], [1, 0], [0, 1, 2]]) {
      expect(kindOf(await tell(world, headerAt(NOW + 60, places))), places.join()).toBe(
        'deviceRefusedSignature',
      )
    }
    expect((await timeOf(world)).time).toBe(NOW)
  })
})

describe('a far-future time token', () => {
  it('is not taken from attestors alone, but with the owner’s word it is', async () => {
    const world = await letLock()
    const far = NOW + LONGEST_STEP_S + 1
    expect(kindOf(await tellToken(world, far))).toBe('ownerTimeNeeded')
    expect(await timeOf(world)).toEqual({ time: NOW, isTimeCertain: true })
    expect(kindOf(await tell(world, headerAt(far)))).toBe('ownerTimeNeeded')
    expect(await timeOf(world)).toEqual({ time: NOW, isTimeCertain: true })
    expect(must(await tellToken(world, far, { owner: true }))).toEqual({ time: far, isTimeCertain: true })
  })

  it('in the header of a chain proof moves no clock', async () => {
    const world = await letLock()
    const far = { timestamp: NOW + LONGEST_STEP_S + 1 }
    const proof = proofOf(blockWith([{ logs: [grantedLog(instantGrant(world))] }], far))
    // Attestors who lie together can let somebody in: that is what the owner allowed. The lock lives on.
    expect(outcomeOf(await world.open(byProof(proof)))).toBe('done')
    expect((await timeOf(world)).time).toBe(NOW)
  })

  it('with the word of somebody else than the owner is refused', async () => {
    const world = await letLock()
    const { nonce } = await timeNonce(world)
    const statement = { deviceId: world.deviceId, nonce, time: NOW + LONGEST_STEP_S + 1 }
    const attestations = attestTime(statement, [0, 1])
    const ownerSignature = world.sign(ownerTimeTypedData(DOMAIN, statement), STRANGER)
    const token = { kind: 'token', time: statement.time, attestations, ownerSignature } as const
    expect(kindOf(await tell(world, token))).toBe('deviceRefusedSignature')
  })

  it('that is short is believed; what lies before it is over then, and the clock never goes back', async () => {
    const world = await letLock()
    must(await tellToken(world, NOW + LONGEST_STEP_S))
    expect(outcomeOf(await world.open(rented()))).toBe('expired')
    expect(kindOf(await tellToken(world, NOW))).toBe('timePassed')
    expect(kindOf(await tellToken(world, NOW, { owner: true }))).toBe('timePassed')
    await world.cyclePower()
    expect(kindOf(await tellToken(world, NOW))).toBe('timePassed')
    expect(outcomeOf(await world.open(rented()))).toBe('expired')
  })
})

describe('a time token', () => {
  it('holds once, on its connection, for a minute', async () => {
    const world = await letLock()
    const { nonce } = await timeNonce(world)
    const statement = { deviceId: world.deviceId, nonce, time: NOW + 60 }
    const attestations = attestTime(statement, [0, 1])
    const token = { kind: 'token', time: NOW + 60, attestations, ownerSignature: null } as const
    must(await tell(world, token))
    expect(kindOf(await tell(world, token))).toBe('nonceRefused')
    // Asked for on one connection, carried to another.
    const asked = await timeNonce(world)
    const carried = { ...statement, nonce: asked.nonce, time: NOW + 90 }
    await world.reconnect()
    const held = { ...token, time: NOW + 90, attestations: attestTime(carried, [0, 1]) }
    expect(kindOf(await tell(world, held))).toBe('nonceRefused')
    await timeNonce(world)
    expect(kindOf(await tell(world, held))).toBe('deviceRefusedSignature')
    // Held back.
    const late = await timeNonce(world)
    const attested = attestTime({ ...statement, nonce: late.nonce }, [0, 1])
    await world.timer.advance(60_000)
    expect(kindOf(await tell(world, { ...token, attestations: attested }))).toBe('nonceRefused')
  })

  it('is refused for another device, of too few, of the same one twice, of strangers', async () => {
    const world = await letLock()
    const refused = async (attestations: (nonce: Bytes) => ReturnType<typeof attestTime>) => {
      const { nonce } = await timeNonce(world)
      const token = {
        kind: 'token',
        time: NOW + 60,
        attestations: attestations(nonce),
        ownerSignature: null,
      } as const
      expect(kindOf(await tell(world, token))).toBe('deviceRefusedSignature')
    }
    const about = (nonce: Bytes) => ({ deviceId: world.deviceId, nonce, time: NOW + 60 })
    await refused(nonce => attestTime({ ...about(nonce), deviceId: `0x${'77'.repeat(32)}` }, [0, 1]))
    await refused(nonce => attestTime({ ...about(nonce), time: NOW + 61 }, [0, 1]))
    await refused(nonce => attestTime(about(nonce), [1]))
    await refused(nonce => attestTime(about(nonce), [1, 1]))
    await refused(nonce => attestTime(about(nonce), [0, 1, 2]))
    await refused(nonce => attestTime(about(nonce), [0, 1], [ATTESTORS[0], testKey(50)]))
    await refused(() => [])
  })

  it('with bit flips at every byte is refused, and the clock stays', async () => {
    const world = await letLock()
    const tap = await tapped(world)
    let length = 1
    for (let at = 0; at < length; at++) {
      tap.toDevice = message => {
        if (!isTimeTold(message)) return [message]
        length = message.payload.length
        const payload = Uint8Array.from(message.payload)
        payload[at] = (payload[at] ?? 0) ^ 0x10
        return [{ ...message, payload }]
      }
      const told = await tellToken(world, NOW + 1000)
      expect(told.ok, `byte ${at}`).toBe(false)
      if (at % 20 === 19) await world.timer.advance(1000)
    }
    expect(length).toBeGreaterThan(100)
    expect((await timeOf(world)).time).toBeLessThan(NOW + 200)
  }, 30_000)

  it('does not serve as a header’s attestation, nor that as a time’s', async () => {
    const world = await letLock()
    const { nonce } = await timeNonce(world)
    const statement = { deviceId: world.deviceId, nonce, time: NOW + 60 }
    const header = headerAt(NOW + 60)
    expect(kindOf(await tell(world, { ...header, attestations: attestTime(statement, [0, 1]) }))).toBe(
      'deviceRefusedSignature',
    )
    const token = { kind: 'token', time: NOW + 60, ownerSignature: null } as const
    expect(kindOf(await tell(world, { ...token, attestations: header.attestations }))).toBe(
      'deviceRefusedSignature',
    )
  })
})

describe('a renter’s clock set forward', () => {
  it('changes nothing: the lock asks no phone for the time', async () => {
    const world = await letLock()
    const later = rented({ notBefore: NOW + 3600 })
    expect(outcomeOf(await world.open(later))).toBe('notYet')
    // His phone says that it is later; attestors say what it is.
    const dreamt = await world.passing(
      tellTime(world.client, SOURCE, network(NOW + 4000, [RENTER, STRANGER])),
    )
    expect(kindOf(dreamt)).toBe('timeUnreachable')
    const one = await world.passing(
      tellTime(world.client, SOURCE, network(NOW + 4000, [RENTER, ATTESTORS[1], RENTER])),
    )
    expect(kindOf(one)).toBe('timeUnreachable')
    must(await world.passing(tellTime(world.client, SOURCE, network(NOW + 5))))
    expect(outcomeOf(await world.open(later))).toBe('notYet')
    expect((await timeOf(world)).time).toBe(NOW + 5)
  })

  it('helps as little where the owner has named nobody: then only the owner tells the time', async () => {
    const world = await LockWorld.paired()
    must(await world.deliver())
    const { nonce } = await timeNonce(world)
    const statement = { deviceId: world.deviceId, nonce, time: NOW }
    const nobody = { kind: 'token', time: NOW, attestations: [], ownerSignature: null } as const
    expect(kindOf(await tell(world, nobody))).toBe('ownerTimeNeeded')
    const renters = world.sign(ownerTimeTypedData(DOMAIN, statement), RENTER)
    await timeNonce(world)
    expect(kindOf(await tell(world, { ...nobody, ownerSignature: renters }))).toBe('deviceRefusedSignature')
    expect(kindOf(await tell(world, headerAt(NOW)))).toBe('deviceRefusedSignature')
    const again = await timeNonce(world)
    const owners = world.sign(ownerTimeTypedData(DOMAIN, { ...statement, nonce: again.nonce }), OWNER)
    expect(must(await tell(world, { ...nobody, ownerSignature: owners })).isTimeCertain).toBe(true)
  })
})

it('who tells the lock the same second again and again does not stop its clock', async () => {
  const world = await letLock()
  for (let i = 0; i < 5; i++) {
    await world.timer.advance(700)
    const { time } = await timeOf(world)
    must(await tellToken(world, time))
  }
  expect((await timeOf(world)).time).toBeGreaterThanOrEqual(NOW + 3)
})
