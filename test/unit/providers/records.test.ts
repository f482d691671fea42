// What a relay remembers of its peers: for a while, within bounds, and only what each says of itself.
import { beforeEach, describe, expect, it } from 'vitest'
import { ProviderRecords } from '../../../src/core/providers/records.ts'

const anna = Uint8Array.of(1)
const ben = Uint8Array.of(2)
const carl = Uint8Array.of(3)
const lockFile = Uint8Array.of(100)
const ventFile = Uint8Array.of(101)

let time = 0
beforeEach(() => {
  time = 0
})
const now = () => time

describe('records of providers', () => {
  it('are found by file, without who asks, the latest first', () => {
    const records = new ProviderRecords(now)
    records.announce(anna, [lockFile], 600)
    records.announce(ben, [lockFile, ventFile], 600)
    expect(records.find(lockFile, 10, carl)).toEqual([ben, anna])
    expect(records.find(lockFile, 1, carl)).toEqual([ben])
    expect(records.find(lockFile, 10, ben)).toEqual([anna])
    expect(records.find(Uint8Array.of(9), 10, carl)).toEqual([])
  })

  it('expire, and are replaced as a whole by the next announcement', () => {
    const records = new ProviderRecords(now)
    expect(records.announce(anna, [lockFile], 600)).toEqual({ count: 1, lifetime: 600 })
    records.announce(ben, [lockFile], 60)
    time = 60_000
    expect(records.find(lockFile, 10, carl)).toEqual([anna])
    records.announce(anna, [ventFile], 600)
    expect(records.find(lockFile, 10, carl)).toEqual([])
    expect(records.find(ventFile, 10, carl)).toEqual([anna])
    expect(records.announce(anna, [], 600)).toEqual({ count: 0, lifetime: 0 })
    expect(records.find(ventFile, 10, carl)).toEqual([])
  })

  it('are gone with their peer', () => {
    const records = new ProviderRecords(now)
    records.announce(anna, [lockFile], 600)
    records.withdraw(anna)
    expect(records.find(lockFile, 10, carl)).toEqual([])
  })

  it('last an hour at most, and neither peers nor files are without number', () => {
    const records = new ProviderRecords(now, { peers: 2, cidsPerPeer: 1 })
    expect(records.announce(anna, [lockFile, ventFile], 60_000)).toEqual({ count: 1, lifetime: 3_600 })
    records.announce(ben, [lockFile], 600)
    expect(records.announce(carl, [lockFile], 600)).toEqual({ count: 0, lifetime: 0 })
    // Who is known may go on, and there is room again once somebody is forgotten.
    expect(records.announce(anna, [ventFile], 600).count).toBe(1)
    time = 700_000
    expect(records.announce(carl, [lockFile], 600).count).toBe(1)
  })
})
