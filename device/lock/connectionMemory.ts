// What the lock holds for one connection: nonces and keys, one message that comes in parts, and nothing more.
import type { Bytes } from '../../src/core/bytes.ts'
import { NONCE_LENGTH } from '../../src/core/lock/challenge.ts'
import { PartCollector } from '../../src/core/lock/longMessage.ts'
import { LONGEST_OPEN } from '../../src/core/lock/openMessage.ts'
import { TIME_NONCE_LENGTH } from '../../src/core/lock/timeToken.ts'
import type { Arena } from './arena.ts'

/** Bytes of each, in the order in which they are taken. */
const HELD = {
  nonce: NONCE_LENGTH,
  ephemeralSecret: 32,
  deviceKey: 64,
  challengeDigest: 32,
  toDevice: 16,
  toPhone: 16,
  timeNonce: TIME_NONCE_LENGTH,
} as const

const HELD_LENGTH = Object.values(HELD).reduce<number>((sum, length) => sum + length, 0)

/** Bytes of the longest message that a lock with so much memory can put together. */
export const longestMessage = (memory: number): number =>
  Math.max(0, Math.min(LONGEST_OPEN, memory - HELD_LENGTH))

/** One at a time: a device has one connection, and a new one takes the place of the last. */
export class ConnectionMemory {
  readonly held: Readonly<Record<keyof typeof HELD, Bytes>>
  /** For the commands of this connection, in a session and outside: one message at a time. */
  readonly parts: PartCollector

  /** Throws ArenaOverflow where the arena is too small for a connection. */
  constructor(arena: Arena) {
    arena.release(0)
    this.held = {
      nonce: arena.take(HELD.nonce),
      ephemeralSecret: arena.take(HELD.ephemeralSecret),
      deviceKey: arena.take(HELD.deviceKey),
      challengeDigest: arena.take(HELD.challengeDigest),
      toDevice: arena.take(HELD.toDevice),
      toPhone: arena.take(HELD.toPhone),
      timeNonce: arena.take(HELD.timeNonce),
    }
    const mark = arena.used
    this.parts = new PartCollector({
      take: length => arena.take(length),
      release: () => arena.release(mark),
    })
  }
}
