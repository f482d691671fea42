// How many units were given out today under each grant: written down together with the order, before the motor turns.
import { type Bytes, bytesEqual, concat } from '../../src/core/bytes.ts'
import { ByteReader, uintBytes } from '../../src/core/wallet/byteReader.ts'
import type { Settings } from '../owner/settings.ts'
import type { Change } from './vendRecords.ts'

/** Keys of the counts: from here on, one for each place. */
const FIRST_KEY = 0x500
const PLACES = 16
const NAME_LENGTH = 16
const DAY_S = 86_400

interface DayCount {
  /** First 16 bytes of the grant's digest. */
  readonly name: Bytes
  /** Days of UTC since 1970. */
  readonly day: number
  readonly units: number
}

export type DayRefusal = 'limitReached' | 'noRoom'

export class DayCounts {
  readonly #settings: Settings

  constructor(settings: Settings) {
    this.#settings = settings
  }

  /** The change that counts so many more units at `time` (Unix seconds), or why they are too many. */
  count(
    grantDigest: Uint8Array,
    { time, units, perDay }: { readonly time: number; readonly units: number; readonly perDay: number },
  ): Change | DayRefusal {
    const name = Uint8Array.from(grantDigest.subarray(0, NAME_LENGTH))
    const day = Math.floor(time / DAY_S)
    const places = Array.from({ length: PLACES }, (_, place) => ({ place, entry: this.#read(place) }))
    const own = places.find(({ entry }) => entry && bytesEqual(entry.name, name))
    const counted = own?.entry?.day === day ? own.entry.units : 0
    if (counted + units > perDay) return 'limitReached'
    // What was counted on another day says nothing any more.
    const found = own ?? places.find(({ entry }) => entry?.day !== day)
    if (!found) return 'noRoom'
    return [FIRST_KEY + found.place, concat(name, uintBytes(day, 3), uintBytes(counted + units, 4))]
  }

  #read(place: number): DayCount | undefined {
    const bytes = this.#settings.get(FIRST_KEY + place)
    if (!bytes) return undefined
    const reader = new ByteReader(bytes)
    return { name: reader.bytes(NAME_LENGTH), day: reader.uint(3), units: reader.uint(4) }
  }
}
