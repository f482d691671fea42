// Whole numbers and slots as people type them.

/** null for what is no whole number from 1 (or `least`) to `most`. */
export function wholeNumber(text: string, most: number, least = 1): number | null {
  if (!/^\d{1,9}$/.test(text.trim())) return null
  const value = Number(text)
  return value >= least && value <= most ? value : null
}

/** `0-7, 9`: the slots in order, each once; null where that is not what is typed. */
export function readSlots(text: string): readonly number[] | null {
  const slots = new Set<number>()
  for (const part of text.split(/[,，]/)) {
    const match = /^\s*(\d{1,3})\s*(?:[-–]\s*(\d{1,3})\s*)?$/.exec(part)
    if (match === null) return null
    const from = Number(match[1])
    const to = Number(match[2] ?? match[1])
    if (to < from || to > 255) return null
    for (let slot = from; slot <= to; slot++) slots.add(slot)
  }
  return [...slots].toSorted((a, b) => a - b)
}

/** As `readSlots` reads them: `0-7, 9`. */
export function slotsText(slots: readonly number[]): string {
  const runs: [number, number][] = []
  for (const slot of slots) {
    const last = runs.at(-1)
    if (last && last[1] === slot - 1) last[1] = slot
    else runs.push([slot, slot])
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}
