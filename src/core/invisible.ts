// Characters that nobody sees: control characters, and those that hide in a line or turn it around, so that it reads otherwise than it is.

/** Unicode's control, format and surrogate characters, line and paragraph separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Whether a name could pass for another one on the screen, or turn around what stands beside it. */
export const hasInvisible = (text: string): boolean => text.search(INVISIBLE) >= 0

export const withoutInvisible = (text: string): string => text.replace(INVISIBLE, '')
