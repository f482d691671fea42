// Why an image was revoked: numbers on chain, words for people.

const reasons = ['unspecified', 'vulnerable', 'malfunction', 'keyCompromised', 'withdrawn'] as const

export const reasonNames: readonly string[] = reasons

/** undefined where `text` is neither a name nor a number from 0 to 255. */
export function parseReason(text: string): number | undefined {
  const named = reasonNames.indexOf(text)
  if (named >= 0) return named
  return /^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : undefined
}

export const reasonText = (reason: number): string => reasonNames[reason] ?? `reason ${reason}`
