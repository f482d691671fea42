import { describe, expect, it } from 'vitest'
import type { Row } from '../../bench/row.ts'
import { formatNumber, formatSections } from '../../bench/table.ts'

const row = (change: Partial<Row>): Row => ({
  name: 'verify',
  value: 9,
  unit: 'ms',
  reference: { name: 'one hash', value: 4 },
  better: 'lower',
  runs: 15,
  ...change,
})

describe('numbers', () => {
  it('keep three digits, and all of a whole number', () => {
    const written = [0.0123456, 1.2345, 99.96, 1234.5, 44_080, 0].map(formatNumber)
    expect(written).toEqual(['0.0123', '1.23', '100', '1,235', '44,080', '0'])
  })
})

describe('the table', () => {
  it('shows value, ratio and reference, and how often it was measured where it can vary', () => {
    const [text] = formatSections([{ name: 'Images', rows: [row({}), row({ runs: 1 })] }])
    expect(text?.split('\n')).toEqual([
      'Images',
      '  verify  9  ms  2.25 x  4  one hash (15 runs)',
      '  verify  9  ms  2.25 x  4  one hash',
    ])
  })

  it('aligns the columns of all sections with each other', () => {
    const sections = formatSections([
      { name: 'A', rows: [row({ name: 'a', value: 44_080, unit: 'gas' })] },
      { name: 'B', rows: [row({ name: 'a long name', reference: { name: 'one hash', value: 1000 } })] },
    ])
    const columns = sections.map(text => (text.split('\n')[1] ?? '').indexOf('one hash'))
    expect(columns[0]).toBeGreaterThan(0)
    expect(columns[0]).toBe(columns[1])
  })
})
