// What a device has stored of its owner: the pinned key, the Config, and the counters that never go back.
import { type Bytes, concat, fromHex, toHex } from '../../src/core/bytes.ts'
import {
  type ConfigTerms,
  decodeConfig,
  encodeConfig,
  type SignedConfig,
} from '../../src/core/lock/config.ts'
import type { StatementDomain } from '../../src/core/registry/deviceStatements.ts'
import { ByteReader, uintBytes } from '../../src/core/wallet/byteReader.ts'
import type { SettingKey, Settings } from './settings.ts'

/** Numbers of the values; from 0x100 on are the tables of `device/lock`, from 0x300 on those of `device/vending`. */
export const Setting = {
  owner: 1,
  config: 2,
  claimCounter: 3,
  bootCounter: 4,
  time: 5,
  claimAttempts: 6,
  resultCounter: 7,
  receiptCounter: 8,
  /** Unix seconds: the latest deadline of an order that was forgotten. */
  forgottenUntil: 9,
  /** Of a drop sensor without a memory of its own. */
  passedUnits: 10,
} as const

export interface Owner {
  /** P-256, x || y, 64 bytes. */
  readonly key: Bytes
  /** The DeviceRegistry that it named at the pairing. */
  readonly domain: StatementDomain
}

interface StoredOwner {
  readonly pairingCounter: number
  /** Factory resets so far: a Config of before one does not hold after it, but for its version and epoch. */
  readonly resets: number
  readonly owner: Owner | null
}

/** Each change is one write: after a power cut it has been made in full, or not at all. */
export class OwnerState {
  readonly settings: Settings
  #stored: StoredOwner
  #config: { readonly resets: number; readonly signed: SignedConfig } | null

  constructor(settings: Settings) {
    this.settings = settings
    this.#stored = readOwner(settings.get(Setting.owner))
    this.#config = readConfig(settings.get(Setting.config))
  }

  get owner(): Owner | null {
    return this.#stored.owner
  }

  /** uint48: pairings, owner key changes and factory resets so far. */
  get pairingCounter(): number {
    return this.#stored.pairingCounter
  }

  /** The Config that holds, with the device's signature; null before the first, and after a factory reset. */
  get config(): SignedConfig | null {
    return this.#config?.resets === this.#stored.resets ? this.#config.signed : null
  }

  /** 0 before the first Config; kept through a factory reset, as is the epoch. */
  get configVersion(): number {
    return this.#config?.signed.config.version ?? 0
  }

  get epoch(): number {
    return this.#config?.signed.config.epoch ?? 0
  }

  /** Pins an owner key, or another one: the next pairing counter. */
  own(owner: Owner): void {
    this.#store({ ...this.#stored, pairingCounter: this.pairingCounter + 1, owner })
  }

  /** Forgets the owner, and the Config but for its version and epoch. */
  reset(): void {
    const { pairingCounter, resets } = this.#stored
    this.#store({ pairingCounter: pairingCounter + 1, resets: resets + 1, owner: null })
  }

  takeConfig(config: ConfigTerms, signature: Bytes): void {
    const { resets } = this.#stored
    const signed = { config, signature }
    this.settings.write(new Map([[Setting.config, concat(uintBytes(resets, 4), encodeConfig(signed))]]))
    this.#config = { resets, signed }
  }

  /** The counter stored under `key`, one higher, stored before it is given out. */
  next(key: SettingKey): number {
    const counter = this.counter(key) + 1
    this.settings.write(new Map([[key, uintBytes(counter, 6)]]))
    return counter
  }

  /** 0 where it was never counted. */
  counter(key: SettingKey): number {
    const bytes = this.settings.get(key)
    return bytes ? new ByteReader(bytes).uint(6) : 0
  }

  clear(key: SettingKey): void {
    this.settings.write(new Map([[key, uintBytes(0, 6)]]))
  }

  #store(stored: StoredOwner): void {
    this.settings.write(new Map([[Setting.owner, encodeOwner(stored)]]))
    this.#stored = stored
  }
}

/** pairing counter (6), factory resets (4); where it is paired: chain id (6), registry (20), owner key (64). */
function encodeOwner({ pairingCounter, resets, owner }: StoredOwner): Bytes {
  const counters = concat(uintBytes(pairingCounter, 6), uintBytes(resets, 4))
  if (!owner) return counters
  const { chainId, registry } = owner.domain
  return concat(counters, uintBytes(chainId, 6), fromHex(registry) ?? new Uint8Array(20), owner.key)
}

function readOwner(bytes: Bytes | undefined): StoredOwner {
  if (!bytes) return { pairingCounter: 0, resets: 0, owner: null }
  const reader = new ByteReader(bytes)
  const counters = { pairingCounter: reader.uint(6), resets: reader.uint(4) }
  if (reader.left === 0) return { ...counters, owner: null }
  const domain = { chainId: reader.uint(6), registry: toHex(reader.bytes(20)) }
  return { ...counters, owner: { domain, key: reader.bytes(64) } }
}

function readConfig(bytes: Bytes | undefined): { resets: number; signed: SignedConfig } | null {
  if (!bytes) return null
  const resets = new ByteReader(bytes).uint(4)
  const signed = decodeConfig(bytes.subarray(4))
  return signed ? { resets, signed } : null
}
