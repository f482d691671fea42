// The lock's one block of memory: how much of it the longest messages take, that there is no more, and that nothing stays in it.
import { describe, expect, it } from 'vitest'
import { Arena, ArenaOverflow, LOCK_MEMORY } from '../../../device/lock/arena.ts'
import { buildChainProof } from '../../../src/core/lock/buildChainProof.ts'
import { LONGEST_PROOF } from '../../../src/core/lock/chainProof.ts'
import type { Grant } from '../../../src/core/lock/grant.ts'
import { LONGEST_OPEN, OPEN_LENGTH } from '../../../src/core/lock/openMessage.ts'
import { attest, blockWith, byProof, grantedLog, instantGrant, otherLog } from './grantedBlock.ts'
import { LockWorld, must, NOW, outcomeOf } from './lockWorld.ts'
import { letLock, rented } from './rental.ts'

/** What a connection keeps: nonces, keys and a digest. */
const HELD = 192

/** A true proof of exactly so many bytes: the other events in the transaction are of that size. */
function proofOfLength(grant: Grant, length: number) {
  for (let bytes = length - 1500; bytes < length; bytes++) {
    const block = blockWith([{ logs: [otherLog(bytes), grantedLog(grant)] }])
    const material = { ...block, transactionIndex: 0, attestations: attest(block, [0, 1]), threshold: 2 }
    const proof = buildChainProof(material)
    if (!proof.ok) throw new Error(proof.error.kind)
    if (proof.value.length === length) return proof.value
    if (proof.value.length < length - 40) bytes += length - 40 - proof.value.length
  }
  throw new Error('no such proof')
}

describe('of its 8 KB the lock takes', () => {
  it('little more than half for the longest proof, in parts of 256 bytes, and not a byte more', async () => {
    const need = HELD + LONGEST_OPEN
    expect(need).toBeLessThan(LOCK_MEMORY)
    expect(need).toBe(4589)
    for (const [size, outcome] of [
      [LOCK_MEMORY, 'done'],
      [need, 'done'],
      [need - 1, 'deviceError'],
    ] as const) {
      const world = await letLock({ bufSize: 256, lockMemory: new Uint8Array(size) })
      const proof = proofOfLength(instantGrant(world), LONGEST_PROOF)
      expect(outcomeOf(await world.open(byProof(proof))), `${size} bytes`).toBe(outcome)
    }
  })

  it('557 bytes for a grant, with a buffer of 256 bytes', async () => {
    for (const [size, outcome] of [
      [HELD + OPEN_LENGTH, 'done'],
      [HELD + OPEN_LENGTH - 1, 'deviceError'],
    ] as const) {
      // A Config with three attestors is longer than that: it is delivered while there is room.
      const roomy = await letLock({ bufSize: 256 })
      roomy.device.dispose()
      const world = await LockWorld.start({ bufSize: 256, lockMemory: new Uint8Array(size) }, roomy.flash)
      world.device.takeTime(NOW)
      expect(outcomeOf(await world.open(rented())), `${size} bytes`).toBe(outcome)
    }
    expect(HELD + OPEN_LENGTH).toBe(557)
  })
})

describe('what does not fit', () => {
  it('is refused with an error, and the next that fits is taken', async () => {
    const world = await letLock({ lockMemory: new Uint8Array(2048) })
    const proof = proofOfLength(instantGrant(world), 3000)
    expect(await world.open(byProof(proof))).toMatchObject({
      error: { kind: 'deviceError', group: null, rc: 2 },
    })
    expect(outcomeOf(await world.open(rented()))).toBe('done')
    expect(world.opened).toBe(1)
  })

  it('is never taken from somewhere else: the block is all there is', () => {
    const arena = new Arena(new Uint8Array(100))
    arena.take(60)
    const mark = arena.used
    expect(() => arena.take(41)).toThrow(ArenaOverflow)
    expect(arena.used).toBe(mark)
    arena.take(40).fill(7)
    expect(() => arena.take(1)).toThrow(ArenaOverflow)
    arena.release(mark)
    expect(arena.take(40).every(byte => byte === 0)).toBe(true)
    expect(() => arena.release(101)).toThrow(RangeError)
  })
})

it('nothing of an Open stays in the memory, and nothing of a connection behind the next', async () => {
  const lockMemory = new Uint8Array(LOCK_MEMORY)
  const world = await letLock({ lockMemory })
  const filled = () => lockMemory.reduce((sum, byte) => sum + (byte === 0 ? 0 : 1), 0)
  must(await world.open(rented()))
  expect(filled()).toBeGreaterThan(0)
  expect(lockMemory.subarray(HELD).every(byte => byte === 0)).toBe(true)
  await world.reconnect()
  expect(filled()).toBe(0)
})
