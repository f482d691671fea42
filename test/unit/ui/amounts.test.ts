import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  exactAmount,
  plainNumber,
  priceAmount,
  readAmount,
  shortAmount,
  signedAmount,
} from '../../../src/ui/i18n/amounts.ts'

const eth = (value: bigint) => ({ value, token: null, symbol: 'ETH', decimals: 18 })
const one = 10n ** 18n

describe('reading an amount', () => {
  it.each([
    ['1', one],
    ['1.5', one + one / 2n],
    ['1,5', one + one / 2n],
    ['.5', one / 2n],
    ['0,125', one / 8n],
    ['1 000', 1000n * one],
    ['0.000000000000000001', 1n],
    ['1.10', one + one / 10n],
    ['１２．５', 12n * one + one / 2n],
    ['１，５', one + one / 2n],
    ['1。5', one + one / 2n],
  ])('takes %s', (text, value) => {
    expect(readAmount(text, 18)).toEqual({ ok: true, value })
  })

  it.each([
    ['', 'amountEmpty'],
    ['.', 'amountMalformed'],
    ['-1', 'amountMalformed'],
    ['1e3', 'amountMalformed'],
    ['0x10', 'amountMalformed'],
    ['1.2.3', 'amountMalformed'],
    ['1,234,567', 'amountMalformed'],
    ['１，２３４', 'amountAmbiguous'],
    ['1²', 'amountMalformed'],
    ['٣', 'amountMalformed'],
    ['1.。5', 'amountMalformed'],
    ['1,234', 'amountAmbiguous'],
    ['0.0000000000000000001', 'amountTooFine'],
  ])('refuses %j as %s', (text, kind) => {
    expect(readAmount(text, 18)).toMatchObject({ ok: false, error: { kind } })
  })

  it('reads back exactly what it writes, for every amount and every number of decimals', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 40n }),
        fc.integer({ min: 0, max: 36 }),
        (value, decimals) => {
          const written = plainNumber(value, decimals)
          // More digits than anybody types are refused rather than misread.
          if (written.split('.')[0]?.length !== undefined && (written.split('.')[0] ?? '').length > 30) return
          expect(readAmount(written, decimals)).toEqual({ ok: true, value })
        },
      ),
    )
  })

  it('takes whole numbers alone for money without a fraction', () => {
    expect(readAmount('7', 0)).toEqual({ ok: true, value: 7n })
    expect(readAmount('7.1', 0)).toMatchObject({ ok: false, error: { kind: 'amountTooFine' } })
  })
})

describe('writing an amount', () => {
  it('shows every digit where a person signs', () => {
    expect(exactAmount(eth(1234n * one + 1n), 'en')).toBe('1,234.000000000000000001 ETH')
  })

  it('keeps a short one together, and breaks a long one before its symbol rather than within it', () => {
    const long = { value: 72_072n, token: null, symbol: 'LONGSYMBOLX', decimals: 8 }
    expect(exactAmount(eth(one / 1000n), 'en')).toBe('0.001\u00a0ETH')
    expect(exactAmount(long, 'en')).toBe('0.00072072 LONGSYMBOLX')
    expect(shortAmount(long, 'en')).toBe('0.00072… LONGSYMBOLX')
  })

  it('cuts no price that a person has set', () => {
    expect(priceAmount(eth(48_001n * 10n ** 10n), 'en')).toBe('0.00048001\u00a0ETH')
    expect(priceAmount(eth(48_001n * 10n ** 10n + 1n), 'en')).toBe('0.00048…\u00a0ETH')
    expect(priceAmount({ ...eth(1_250n), decimals: 3 }, 'en')).toBe('1.25\u00a0ETH')
  })

  it('cuts in lists and says so, never rounding up', () => {
    expect(shortAmount(eth(one - 1n), 'en')).toBe('0.999999…\u00a0ETH')
    expect(shortAmount(eth(1n), 'en')).toBe('< 0.000001\u00a0ETH')
    expect(shortAmount(eth(0n), 'en')).toBe('0\u00a0ETH')
  })

  it('has a true minus for what goes out', () => {
    expect(signedAmount(eth(-one), 'en')).toBe('−1\u00a0ETH')
    expect(signedAmount(eth(one), 'zh')).toBe('+1\u00a0ETH')
  })
})
