import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, medianTimes } from '../../bench/medians.ts'

describe('the median', () => {
  it('is the middle one, or what lies between the middle two, in whatever order they come', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([10, 2, 4, 1])).toBe(3)
    expect(() => median([])).toThrow(RangeError)
  })

  it('has as many values on either side', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), values => {
        const middle = median(values)
        const below = values.filter(value => value < middle).length
        const above = values.filter(value => value > middle).length
        expect(below).toBeLessThanOrEqual(values.length / 2)
        expect(above).toBeLessThanOrEqual(values.length / 2)
      }),
    )
  })
})

it('times one run of a task, however often it was repeated', async () => {
  const spin = (ms: number) => () => {
    const end = performance.now() + ms
    while (performance.now() < end);
  }
  const times = await medianTimes(3, { short: spin(0.5), long: spin(5) })
  expect(times.short).toBeGreaterThanOrEqual(0.5)
  expect(times.short).toBeLessThan(times.long)
  expect(times.long).toBeGreaterThanOrEqual(5)
})

it('waits for tasks that take their time', async () => {
  const times = await medianTimes(3, { sleep: () => new Promise(resolve => setTimeout(resolve, 12)) })
  expect(times.sleep).toBeGreaterThan(10)
})
