import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Movement } from '../../../src/app/ports/walletChain.ts'
import { activityCsv } from '../../../src/app/wallet/activityCsv.ts'
import { balanceSeries, changeOf } from '../../../src/app/wallet/balanceSeries.ts'

const someone = `0x${'ab'.repeat(20)}` as const
const coin = { symbol: 'ETH', decimals: 18 }
const heads = [
  'Time',
  'Block',
  'Transaction',
  'Direction',
  'Amount',
  'Unit',
  'Counterparty',
  'Name',
  'Fee',
  'Succeeded',
]

const movement = (change: Partial<Movement> = {}): Movement => ({
  id: '1',
  at: 1_700_000_000,
  block: 7,
  transaction: `0x${'cd'.repeat(32)}`,
  direction: 'in',
  token: null,
  amount: 1_500_000_000_000_000_000n,
  counterparty: someone,
  fee: 0n,
  succeeded: true,
  ...change,
})

const csv = (movements: readonly Movement[], name: string | null = null) =>
  activityCsv(
    movements,
    heads,
    () => coin,
    () => name,
  )

describe('the table of movements', () => {
  it('has exact amounts and times that every program reads', () => {
    const [, row] = csv([movement({ fee: 21_000n })]).split('\r\n')
    expect(row).toBe(
      `2023-11-14T22:13:20.000Z,7,0x${'cd'.repeat(32)},in,1.5,ETH,${someone},,0.000000000000021,yes`,
    )
  })

  it('quotes what would break a row', () => {
    expect(csv([movement()], 'Ann "the" maker,\nLtd')).toContain('"Ann ""the"" maker,\nLtd"')
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])(
    'makes text of a name that a spreadsheet would run: %j',
    name => {
      expect(csv([movement()], name)).toContain(`'${name}`)
    },
  )

  it('gives every row as many cells as there are heads, whatever the names hold', () => {
    fc.assert(
      fc.property(fc.string(), name => {
        const rows = parse(csv([movement(), movement()], name))
        expect(rows.map(row => row.length)).toEqual([10, 10, 10])
      }),
    )
  })
})

describe('the course of a balance', () => {
  it('ends at what there is now and begins before the oldest movement', () => {
    const movements = [
      movement({ at: 30, direction: 'out', amount: 4n, fee: 1n }),
      movement({ at: 20, amount: 10n }),
    ]
    expect(balanceSeries(movements, null, 6n)).toEqual([
      { at: 19, balance: 1n },
      { at: 20, balance: 11n },
      { at: 30, balance: 6n },
    ])
  })

  it('takes the fee alone from the coin where a transaction failed, and nothing from a token', () => {
    const failed = movement({ direction: 'out', token: someone, amount: 5n, fee: 2n, succeeded: false })
    expect(changeOf(failed, null)).toBe(-2n)
    expect(changeOf(failed, someone)).toBe(0n)
  })

  it('is empty where nothing moved', () => {
    expect(balanceSeries([], null, 6n)).toEqual([])
  })
})

/** A reader of RFC 4180 of its own. */
function parse(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] ?? ''
    if (isQuoted && letter === '"' && text[i + 1] === '"') {
      cell += '"'
      i++
    } else if (letter === '"') isQuoted = !isQuoted
    else if (letter === ',' && !isQuoted) {
      row.push(cell)
      cell = ''
    } else if (letter === '\r' && text[i + 1] === '\n' && !isQuoted) {
      rows.push([...row, cell])
      row = []
      cell = ''
      i++
    } else cell += letter
  }
  return rows
}
