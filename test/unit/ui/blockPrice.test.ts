import { describe, expect, it } from 'vitest'
import { readBlockPrice } from '../../../src/ui/screens/serving/price.ts'

describe('the price of a block, from what is typed for a MiB', () => {
  it.each([
    ['', 0n],
    ['  ', 0n],
    ['0', 0n],
    ['0.0016', 10n ** 14n],
    ['0,0016', 10n ** 14n],
    // Rounded up, never down to nothing.
    ['0.000000000000000001', 1n],
    ['0.000000000000000017', 2n],
  ])('%j is %s', (typed, price) => {
    expect(readBlockPrice(typed, 18)).toBe(price)
  })

  it.each(['-1', '1e3', 'free', '0.0000000000000000001', '9'.repeat(13), '9'.repeat(30)])(
    '%j can’t be asked for',
    typed => {
      expect(readBlockPrice(typed, 18)).toBeNull()
    },
  )

  it('a whole file at the highest price still fits a voucher', () => {
    const highest = readBlockPrice('1000000000000', 18) ?? 0n
    expect(highest).toBeGreaterThan(0n)
    expect(highest * 2n ** 20n).toBeLessThan(2n ** 128n)
  })
})
