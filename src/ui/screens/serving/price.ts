// What is asked for passing files on, as it is typed for a MiB, and as it is sold: for each block of 64 KiB.
import { blockUnit } from '../../../core/voucher/standing.ts'
import { readAmount } from '../../i18n/amounts.ts'

/** Blocks of 64 KiB. */
export const unitsPerMiB = BigInt((1 << 20) / blockUnit)

/** Of a block, in the smallest unit: vouchers have 128 bits, for as many blocks as anybody could ever take. */
const MAX_PRICE = 1n << 96n

/**
 * For a block, in the coin's smallest unit; nothing typed is nothing asked for. Never less than what was typed: a price that
 * is no multiple of sixteen is rounded up by a few of the smallest units. null for what is no amount, or more than can be paid.
 */
export function readBlockPrice(typed: string, decimals: number): bigint | null {
  const read = readAmount(typed.trim() === '' ? '0' : typed, decimals)
  if (!read.ok) return null
  const price = (read.value + unitsPerMiB - 1n) / unitsPerMiB
  return price < MAX_PRICE ? price : null
}
