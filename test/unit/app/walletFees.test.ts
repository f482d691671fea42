// What a transaction pays for gas: three choices that differ, and replacements that every node takes.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { feeChoices } from '../../../src/app/wallet/fees.ts'
import { GWEI } from '../../fixtures/scriptedChain.ts'

const coin = { token: null, symbol: 'ETH', decimals: 18 }
const wei = fc.bigInt({ min: 0n, max: 10n ** 15n })
const reading = fc.record({
  baseFee: wei,
  tips: fc.tuple(wei, wei, wei).map(tips => {
    const [slow = 0n, normal = 0n, fast = 0n] = tips.toSorted((a, b) => (a < b ? -1 : 1))
    return { slow, normal, fast }
  }),
  blockSeconds: fc.double({ min: 0.1, max: 600, noNaN: true }),
})
const price = fc
  .tuple(wei, wei)
  .map(([tip, rest]) => ({ maxPriorityFeePerGas: tip, maxFeePerGas: tip + rest }))

describe('the choices', () => {
  it('have one that is normal, cost each something else, and never more than they say', () => {
    fc.assert(
      fc.property(reading, fc.option(price), (fees, replaced) => {
        const choices = feeChoices(fees, { gasLimit: 21_000n, coin, replaced })
        expect(choices.filter(({ shown }) => shown.speed === 'normal')).toHaveLength(1)
        const prices = choices.map(each => each.price.maxFeePerGas)
        expect(new Set(prices).size).toBe(prices.length)
        for (const { price, shown } of choices) {
          expect(price.maxFeePerGas).toBeGreaterThanOrEqual(price.maxPriorityFeePerGas)
          expect(shown.atMost.value).toBe(21_000n * price.maxFeePerGas)
          expect(shown.expected.value).toBeLessThanOrEqual(shown.atMost.value)
          expect(shown.seconds).toBeGreaterThan(0)
        }
      }),
    )
  })

  it('leave room for the base fee to double', () => {
    const tips = { slow: GWEI, normal: 2n * GWEI, fast: 3n * GWEI }
    const fees = { baseFee: 10n * GWEI, tips, blockSeconds: 12 }
    expect(feeChoices(fees, { gasLimit: 21_000n, coin, replaced: null })).toMatchObject([
      { shown: { speed: 'slow', seconds: 72 }, price: { maxFeePerGas: 21n * GWEI } },
      { shown: { speed: 'normal', seconds: 24 }, price: { maxFeePerGas: 22n * GWEI } },
      { shown: { speed: 'fast', seconds: 12 }, price: { maxFeePerGas: 23n * GWEI } },
    ])
  })

  it('of a replacement offer at least an eighth more of both, and more than what is replaced even where that was nothing', () => {
    fc.assert(
      fc.property(reading, price, (fees, replaced) => {
        for (const { price } of feeChoices(fees, { gasLimit: 21_000n, coin, replaced })) {
          for (const field of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const) {
            expect(price[field]).toBeGreaterThan(replaced[field])
            expect(price[field] * 8n).toBeGreaterThanOrEqual(replaced[field] * 9n)
          }
        }
      }),
    )
  })
})
