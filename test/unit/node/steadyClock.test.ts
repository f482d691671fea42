// The agent's clock: it never falls, and it goes on while the machine's own is wrong.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { steadyClock } from '../../../node/agent/steadyClock.ts'

/** A machine whose clock and whose time since its start the test sets. */
function machine(at = 1_800_000_000) {
  const state = { wall: at * 1000, monotonic: 5_000 }
  return {
    state,
    clock: (notBefore = 0) =>
      steadyClock(
        notBefore,
        () => state.wall,
        () => state.monotonic,
      ),
    wait(seconds: number) {
      state.wall += seconds * 1000
      state.monotonic += seconds * 1000
    },
  }
}

it('shows the machine’s time while that goes forwards', () => {
  const { clock, wait } = machine()
  const now = clock()
  expect(now()).toBe(1_800_000_000)
  wait(90)
  expect(now()).toBe(1_800_000_090)
})

it('goes on at the true pace while the machine’s clock is set back, and follows again once that is ahead', () => {
  const { state, clock, wait } = machine()
  const now = clock()
  now()
  state.wall -= 86_400_000
  expect(now()).toBe(1_800_000_000)
  wait(3_600)
  expect(now()).toBe(1_800_003_600)
  state.wall += 90_000_000
  expect(now()).toBe(1_800_007_200)
})

it('begins no earlier than what was last seen before a restart', () => {
  const { clock } = machine()
  expect(clock(1_800_050_000)()).toBe(1_800_050_000)
})

it('never falls, and is never slower than time itself', () => {
  const step = fc.record({
    wait: fc.nat({ max: 100_000 }),
    set: fc.integer({ min: -1_000_000, max: 1_000_000 }),
  })
  fc.assert(
    fc.property(fc.array(step), steps => {
      const { state, clock, wait } = machine()
      const now = clock()
      let last = now()
      for (const each of steps) {
        wait(each.wait)
        state.wall += each.set * 1000
        expect(now()).toBeGreaterThanOrEqual(last + each.wait)
        last = now()
      }
    }),
  )
})
