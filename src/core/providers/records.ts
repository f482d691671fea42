// Who holds which file, as far as a relay was told: records expire, and nobody can fill the memory with them.
import { type Bytes, toHex } from '../bytes.ts'
import { MAX_ANNOUNCED, MAX_LIFETIME } from './message.ts'

export interface RecordLimits {
  /** Peers that are remembered; others are told that nothing of theirs was taken. */
  readonly peers: number
  readonly cidsPerPeer: number
}

const usual: RecordLimits = { peers: 1_000, cidsPerPeer: MAX_ANNOUNCED }

interface Announcement {
  readonly peer: Bytes
  readonly cids: ReadonlySet<string>
  readonly expiresAt: number
}

/**
 * One announcement for each peer: a newer one replaces it, whatever it says. The caller vouches for who announces: only what a
 * peer says of itself, over an authenticated connection, may be put in. Times in milliseconds.
 */
export class ProviderRecords {
  readonly #now: () => number
  readonly #limits: RecordLimits
  readonly #byPeer = new Map<string, Announcement>()

  constructor(now: () => number, limits: Partial<RecordLimits> = {}) {
    this.#now = now
    this.#limits = { ...usual, ...limits }
  }

  /** `lifetime` in seconds. What was taken: fewer files and a shorter time than asked for, where that is too much. */
  announce(
    peer: Uint8Array,
    cids: readonly Uint8Array[],
    lifetime: number,
  ): { readonly count: number; readonly lifetime: number } {
    const key = toHex(peer)
    this.#dropExpired()
    const isNew = !this.#byPeer.has(key)
    this.#byPeer.delete(key)
    const taken = cids.slice(0, this.#limits.cidsPerPeer)
    const seconds = Math.min(lifetime, MAX_LIFETIME)
    if (taken.length === 0 || seconds === 0) return { count: 0, lifetime: 0 }
    if (isNew && this.#byPeer.size >= this.#limits.peers) return { count: 0, lifetime: 0 }
    this.#byPeer.set(key, {
      peer: Uint8Array.from(peer),
      cids: new Set(taken.map(toHex)),
      expiresAt: this.#now() + seconds * 1_000,
    })
    return { count: taken.length, lifetime: seconds }
  }

  /** The peer is gone. */
  withdraw(peer: Uint8Array): void {
    this.#byPeer.delete(toHex(peer))
  }

  /** Up to `limit` of those who hold the file, `except` who asks; the latest to announce first. */
  find(cid: Uint8Array, limit: number, except: Uint8Array): readonly Bytes[] {
    this.#dropExpired()
    const wanted = toHex(cid)
    const asker = toHex(except)
    const found: Bytes[] = []
    for (const [key, { peer, cids }] of [...this.#byPeer].reverse()) {
      if (found.length === limit) break
      if (key !== asker && cids.has(wanted)) found.push(peer)
    }
    return found
  }

  #dropExpired(): void {
    const now = this.#now()
    for (const [key, { expiresAt }] of this.#byPeer) if (expiresAt <= now) this.#byPeer.delete(key)
  }
}
