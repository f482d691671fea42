// How hard a passphrase is stretched: scrypt, never below OWASP's minimum, harder where the device is fast.

/** scrypt (RFC 7914) with r = 8 and p = 1: N = 2^log2N needs 2^log2N KiB of memory. */
export interface Stretching {
  readonly log2N: number
}

/** OWASP Password Storage Cheat Sheet (2025): scrypt with N = 2^17, r = 8, p = 1 at least. */
export const MIN_LOG2N = 17
/** 256 MiB: what phones still give to a page. Only files made elsewhere ask for more. */
const MAX_CHOSEN_LOG2N = 18
/** 1 GiB: more is an attempt to make the app die when it opens a file. */
export const MAX_LOG2N = 20

/** Longest that people are made to wait for an unlock, in milliseconds, where the minimum lets us choose. */
const PATIENCE_MS = 1000

/**
 * The strength for a device that took `ms` for scrypt at 2^log2N: time doubles with each step. Slow devices get the
 * minimum, and wait.
 */
export function chooseStretching(measured: { readonly log2N: number; readonly ms: number }): Stretching {
  let log2N = MIN_LOG2N
  while (log2N < MAX_CHOSEN_LOG2N && measured.ms * 2 ** (log2N + 1 - measured.log2N) <= PATIENCE_MS) log2N++
  return { log2N }
}

export const isAllowedStretching = ({ log2N }: Stretching): boolean =>
  Number.isInteger(log2N) && log2N >= MIN_LOG2N && log2N <= MAX_LOG2N
