// The bench's rows as aligned text for a person.
import { type Row, ratioOf } from './row.ts'

/** Three significant digits, or all of a whole number, with thousands apart. */
export function formatNumber(value: number): string {
  const digits = Number.isInteger(value) || Math.abs(value) >= 1000 ? {} : { maximumSignificantDigits: 3 }
  return value.toLocaleString('en-US', { maximumFractionDigits: 0, ...digits })
}

export interface Section {
  readonly name: string
  readonly rows: readonly Row[]
}

/** Columns have the same width in all sections. Each section is one text, heading first. */
export function formatSections(sections: readonly Section[]): readonly string[] {
  const cells = sections.map(({ rows }) => rows.map(cellsOf))
  const widths = [0, 1, 2, 3, 4, 5].map(column =>
    Math.max(0, ...cells.flat().map(row => row[column]?.length ?? 0)),
  )
  return sections.map(({ name }, index) =>
    [name, ...(cells[index] ?? []).map(row => `  ${formatLine(row, widths)}`)].join('\n'),
  )
}

/** Name, value, unit, ratio, reference, runs. */
function cellsOf(row: Row): readonly string[] {
  const { name, value, unit, reference, runs } = row
  return [
    name,
    formatNumber(value),
    unit,
    `${formatNumber(ratioOf(row))} x`,
    formatNumber(reference.value),
    `${reference.name}${runs === 1 ? '' : ` (${runs} runs)`}`,
  ]
}

const isRight = [false, true, false, true, true, false]

const formatLine = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .map((cell, i) => (isRight[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
    .join('  ')
    .trimEnd()
