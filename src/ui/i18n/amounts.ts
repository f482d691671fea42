// Amounts of money as people write and read them: exact, never through floating point.

import { fail, ok, type Result } from '../../core/result.ts'
import type { Amount } from '../../core/wallet/sentence.ts'
import { type Language, languageTags } from './formats.ts'

/** Digits after the point in lists and headings; the signing sheet shows all. */
const shortDigits = 6

/** As long as a number and its symbol still stand on one line wherever money is shown. */
const oneLine = 14

/** A no-break space keeps short ones together; a long one would be broken within its digits or its symbol. */
const withSymbol = (number: string, symbol: string): string =>
  `${number}${number.length + symbol.length > oneLine ? ' ' : '\u00a0'}${symbol}`

/** Every digit and the symbol: `1,234.5 ETH`. */
export function exactAmount(amount: Amount, language: Language): string {
  return withSymbol(exactNumber(amount.value, amount.decimals, language), amount.symbol)
}

/** Decimals of a price that somebody wrote; what was calculated has more. */
const priceDigits = 8

/** A price, exact wherever it is one that a person has set; what is longer is cut as in `shortAmount`. */
export function priceAmount(amount: Amount, language: Language): string {
  const isShort = amount.value % 10n ** BigInt(Math.max(0, amount.decimals - priceDigits)) === 0n
  return isShort ? exactAmount(amount, language) : shortAmount(amount, language)
}

/** At most six digits after the point, cut and not rounded: what is shown is never more than what is there. */
export function shortAmount(amount: Amount, language: Language): string {
  const { value, decimals, symbol } = amount
  const excess = Math.max(0, decimals - shortDigits)
  const unit = 10n ** BigInt(excess)
  const cut = value - (value % unit)
  const number = exactNumber(cut, decimals, language)
  if (cut === value) return withSymbol(number, symbol)
  if (cut !== 0n) return withSymbol(`${number}…`, symbol)
  const least = exactNumber(unit, decimals, language)
  return value < 0n ? `> −${least}\u00a0${symbol}` : `< ${least}\u00a0${symbol}`
}

/** `+1.5 ETH` or `−1.5 ETH`, with a true minus. */
export function signedAmount(amount: Amount, language: Language): string {
  const size = amount.value < 0n ? -amount.value : amount.value
  return `${amount.value < 0n ? '−' : '+'}${shortAmount({ ...amount, value: size }, language)}`
}

function exactNumber(value: bigint, decimals: number, language: Language): string {
  const size = value < 0n ? -value : value
  const unit = 10n ** BigInt(decimals)
  const whole = new Intl.NumberFormat(languageTags[language]).format(size / unit)
  const rest = (size % unit).toString().padStart(decimals, '0').replace(/0+$/, '')
  return `${value < 0n ? '−' : ''}${whole}${rest === '' || decimals === 0 ? '' : `.${rest}`}`
}

/** The number alone, with a point and without groups: what a field holds when it is filled in for the person. */
export function plainNumber(value: bigint, decimals: number): string {
  const unit = 10n ** BigInt(decimals)
  const rest = decimals === 0 ? '' : (value % unit).toString().padStart(decimals, '0').replace(/0+$/, '')
  return rest === '' ? String(value / unit) : `${String(value / unit)}.${rest}`
}

export type AmountFault =
  | { readonly kind: 'amountEmpty' }
  | { readonly kind: 'amountMalformed' }
  /** `1,234` is one thing in London and another in Berlin. */
  | { readonly kind: 'amountAmbiguous' }
  /** More digits after the point than the money has. */
  | { readonly kind: 'amountTooFine'; readonly decimals: number }

/** As Chinese and Japanese keyboards type them: full-width digits, points and commas, and the full stop of a sentence for a point. */
const halfWidth = (text: string): string =>
  text
    .replace(/[\uff0c\uff0e\uff10-\uff19]/g, mark => String.fromCharCode(mark.charCodeAt(0) - 0xfee0))
    .replace(/[\u3002\uff61]/g, '.')

/** Reads what a person typed: digits with at most one point or comma before the fraction. */
export function readAmount(text: string, decimals: number): Result<bigint, AmountFault> {
  const typed = halfWidth(text)
    .trim()
    .replace(/[\s\u00a0\u202f_']/g, '')
  if (typed === '') return fail({ kind: 'amountEmpty' })
  const match = /^(\d{0,30})(?:([.,])(\d{0,78}))?$/.exec(typed)
  if (!match) return fail({ kind: 'amountMalformed' })
  const [, whole = '', mark, fraction = ''] = match
  if (whole === '' && fraction === '') return fail({ kind: 'amountMalformed' })
  if (mark === ',' && fraction.length === 3 && whole !== '' && whole !== '0')
    return fail({ kind: 'amountAmbiguous' })
  const digits = fraction.replace(/0+$/, '')
  if (digits.length > decimals) return fail({ kind: 'amountTooFine', decimals })
  return ok(
    BigInt(whole === '' ? '0' : whole) * 10n ** BigInt(decimals) +
      BigInt(digits.padEnd(decimals, '0') || '0'),
  )
}
