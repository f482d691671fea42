// The least that a passphrase must be, and how hard it is stretched.
import { describe, expect, it } from 'vitest'
import { passphraseBytes, passphraseFault } from '../../../src/core/wallet/passphrase.ts'
import { chooseStretching, isAllowedStretching } from '../../../src/core/wallet/stretching.ts'

describe('a passphrase', () => {
  it.each([
    ['ninechars', 'passphraseTooShort'],
    ['ten chars!', undefined],
    ['一二三', 'passphraseTooShort'],
    ['一二三四', undefined],
    ['ababababababab', 'passphraseTooSimple'],
    ['x1y2z3'.repeat(171), 'passphraseTooLong'],
  ])('%j: %s', (text, kind) => {
    expect(passphraseFault(passphraseBytes(text))?.kind).toBe(kind)
  })

  it('is the same bytes from every keyboard', () => {
    expect(passphraseBytes('Caf\u00e9 \uff21')).toEqual(passphraseBytes('Cafe\u0301 A'))
  })
})

describe('stretching', () => {
  it.each([
    ['a slow phone', { log2N: 14, ms: 10_000 }, 17],
    ['just too slow for more', { log2N: 17, ms: 501 }, 17],
    ['fast enough for more', { log2N: 17, ms: 500 }, 18],
    ['a machine of the future', { log2N: 14, ms: 0 }, 18],
  ])('of %s', (_, measured, log2N) => {
    expect(chooseStretching(measured)).toEqual({ log2N })
  })

  it.each([
    [16, false],
    [17, true],
    [20, true],
    [21, false],
    [17.5, false],
    [Number.NaN, false],
  ])('at 2^%d is allowed: %s', (log2N, isAllowed) => {
    expect(isAllowedStretching({ log2N })).toBe(isAllowed)
  })
})
