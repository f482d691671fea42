// A clock that never falls and goes on by itself: a day's limit is no use under one that somebody sets back.

/**
 * Unix seconds. Follows the machine's clock forwards; while that one is behind, it goes on from where it was.
 *
 * @param notBefore what was last seen before this process began
 * @param wall milliseconds since 1970, as the machine says
 * @param monotonic milliseconds from any beginning, whatever the machine's clock does
 */
export function steadyClock(
  notBefore: number,
  wall: () => number = () => Date.now(),
  monotonic: () => number = () => performance.now(),
): () => number {
  let at = notBefore * 1000
  let seen = monotonic()
  return () => {
    const mark = monotonic()
    at = Math.max(at + (mark - seen), wall())
    seen = mark
    return Math.floor(at / 1000)
  }
}
