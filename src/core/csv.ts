// Tables for other programs: RFC 4180, and harmless in a spreadsheet.

/** Rows end with CR LF, the last one as well. */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map(row => `${csvLine(row)}\r\n`).join('')
}

/** One row without its end. */
export const csvLine = (row: readonly string[]): string => row.map(cell).join(',')

/** A cell that begins like a formula would be run by a spreadsheet: an apostrophe makes it text. Names come from strangers. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
