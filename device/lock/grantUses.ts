// How often each grant was used, and the highest `seq` of each order: counted in flash before anything is done.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Bytes, bytesEqual, concat, fromHex } from '../../src/core/bytes.ts'
import type { Grant, MarketDomain } from '../../src/core/lock/grant.ts'
import { uint256Bytes } from '../../src/core/lock/layout.ts'
import { ByteReader, uintBytes } from '../../src/core/wallet/byteReader.ts'
import type { SettingKey, Settings } from '../owner/settings.ts'

/** Keys of the entries: from here on, one for each place. */
const FIRST_KEY = 0x100
const PLACES = 128
const NAME_LENGTH = 16

export interface CountedUse {
  /** First 16 bytes of a hash: of the order, or of the grant where it has none. */
  readonly name: Bytes
  readonly highestSeq: number
  readonly uses: number
  /** Of the grants that were counted here: once each of them is void, so is the entry. */
  readonly epoch: number
  readonly notAfter: number
}

/**
 * By what uses are counted: an order's are its own, whichever key it is bound to by now; a free grant's are the grant's.
 * Order ids are a Market's own, so its address is part of the name.
 */
export function countName({ chainId, market }: MarketDomain, grant: Grant, digest: Uint8Array): Bytes {
  if (grant.orderId === 0n) return Uint8Array.from(digest.subarray(0, NAME_LENGTH))
  const order = concat(
    uintBytes(chainId, 6),
    fromHex(market) ?? new Uint8Array(),
    uint256Bytes(grant.orderId),
  )
  return keccak_256(order).slice(0, NAME_LENGTH)
}

export class GrantUses {
  readonly #settings: Settings

  constructor(settings: Settings) {
    this.#settings = settings
  }

  /** Nothing counted yet: zeros. */
  find(name: Bytes): CountedUse {
    const place = this.#placeOf(name)
    const entry = place === undefined ? undefined : this.#read(place)
    return entry ?? { name, highestSeq: 0, uses: 0, epoch: 0, notAfter: 0 }
  }

  /**
   * The change that notes `grant`, and counts so many more uses, to be written together with what depends on it; undefined
   * where all places are taken by grants that still hold. `isVoid` tells which hold no more.
   */
  note(
    name: Bytes,
    grant: Grant,
    moreUses: 0 | 1,
    isVoid: (entry: CountedUse) => boolean,
  ): readonly [SettingKey, Bytes] | undefined {
    const place = this.#placeOf(name) ?? this.#freePlace(isVoid)
    if (place === undefined) return undefined
    const entry = this.find(name)
    const counted = {
      name,
      highestSeq: Math.max(entry.highestSeq, grant.seq),
      uses: entry.uses + moreUses,
      epoch: Math.max(entry.epoch, grant.epoch),
      notAfter: Math.max(entry.notAfter, grant.notAfter),
    }
    return [FIRST_KEY + place, encode(counted)]
  }

  #placeOf(name: Bytes): number | undefined {
    return places().find(place => bytesEqual(this.#read(place)?.name ?? new Uint8Array(), name))
  }

  #freePlace(isVoid: (entry: CountedUse) => boolean): number | undefined {
    return places().find(place => {
      const entry = this.#read(place)
      return entry === undefined || isVoid(entry)
    })
  }

  #read(place: number): CountedUse | undefined {
    const bytes = this.#settings.get(FIRST_KEY + place)
    if (!bytes) return undefined
    const reader = new ByteReader(bytes)
    return {
      name: reader.bytes(NAME_LENGTH),
      highestSeq: reader.uint(4),
      uses: reader.uint(4),
      epoch: reader.uint(4),
      notAfter: reader.uint(5),
    }
  }
}

const places = (): readonly number[] => Array.from({ length: PLACES }, (_, place) => place)

function encode({ name, highestSeq, uses, epoch, notAfter }: CountedUse): Bytes {
  return concat(
    name,
    uintBytes(highestSeq, 4),
    uintBytes(uses, 4),
    uintBytes(epoch, 4),
    uintBytes(notAfter, 5),
  )
}
