// What a grant allows at which hour and time: the rules that lock and phone share.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GrantAction } from '../../../src/core/lock/grant.ts'
import { type GrantFacts, grantRefusal, isGrantedHour } from '../../../src/core/lock/grantRules.ts'

const { open, manage, withoutTime } = GrantAction

const GRANT = {
  ...{ orderId: 7n, notBefore: 1000, notAfter: 2000, weeklyHours: new Uint8Array(21) },
  ...{ maxUses: 0, actions: open, epoch: 5, seq: 3 },
}
const FACTS: GrantFacts = { action: open, epoch: 5, time: 1500, isTimeCertain: true, highestSeq: 3, uses: 0 }

it('holds where all of it does', () => {
  expect(grantRefusal(GRANT, FACTS)).toBeNull()
})

it.each([
  [{}, { action: manage }, 'actionNotGranted'],
  [{}, { epoch: 6 }, 'epochStale'],
  [{}, { epoch: 4 }, null],
  [{}, { highestSeq: 4 }, 'superseded'],
  [{ orderId: 0n }, { highestSeq: 4 }, null],
  [{}, { time: 999 }, 'notYet'],
  [{}, { time: 1000 }, null],
  [{}, { time: 1999 }, null],
  [{}, { time: 2000 }, 'expired'],
  [{}, { time: 2000, isTimeCertain: false }, 'expired'],
  [{}, { isTimeCertain: false }, 'timeUncertain'],
  [{ actions: open | withoutTime }, { isTimeCertain: false }, 'timeUncertain'],
  [{ actions: open | withoutTime, maxUses: 1 }, { isTimeCertain: false }, null],
  [{ actions: open | withoutTime, maxUses: 1 }, { isTimeCertain: false, time: 0 }, null],
  [{ actions: open | withoutTime, maxUses: 1 }, { isTimeCertain: false, uses: 1 }, 'usesSpent'],
  [{ maxUses: 2 }, { uses: 1 }, null],
  [{ maxUses: 2 }, { uses: 2 }, 'usesSpent'],
  [{ notBefore: 2000, notAfter: 1000 }, {}, 'expired'],
] as const)('%o at %o: %s', (grant, facts, refusal) => {
  expect(grantRefusal({ ...GRANT, ...grant }, { ...FACTS, ...facts })).toBe(refusal)
})

describe('weekly hours', () => {
  it('are counted from Monday 00:00 UTC, as the calendar counts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.integer({ min: 0, max: 167 }),
        (time, hour) => {
          const hours = new Uint8Array(21)
          hours[hour >> 3] = 0x80 >> (hour & 7)
          const date = new Date(time * 1000)
          const now = ((date.getUTCDay() + 6) % 7) * 24 + date.getUTCHours()
          expect(isGrantedHour(hours, time)).toBe(now === hour)
        },
      ),
    )
  })

  it('of all zeros are all hours', () => {
    expect(isGrantedHour(new Uint8Array(21), 1_800_000_000)).toBe(true)
  })
})
