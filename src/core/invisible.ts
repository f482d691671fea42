// Characters that nobody sees: control characters, and those that hide in a line or turn it around, so that it reads otherwise than it is.

/** Unicode's control, format and surrogate characters, line and paragraph separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Whether a name could pass for another one on the screen, or turn around what stands beside it. */
export const hasInvisible = (text: string): boolean => text.search(INVISIBLE) >= 0

export const withoutInvisible = (text: string): string => text.replace(INVISIBLE, '')

/** Characters (code points) of a name that a person gives. */
const MAX_NAME = 64

/**
 * A name that a person typed or pasted for a thing or somebody, as it is kept: what can be seen of it, at most 64 characters,
 * no spaces around it. Empty where nothing is left. It stands in sentences that are signed, and in lists.
 */
export const givenName = (typed: string): string =>
  [...withoutInvisible(typed).trim()].slice(0, MAX_NAME).join('').trim()
