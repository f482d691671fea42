// Which files go when they take more room than they may: the least useful first.
import type { HeldFile } from './serving.ts'

/**
 * So many of the files that nothing keeps that the others fit into `quota` bytes, with `needed` bytes to come. First those
 * that are withdrawn, then those that a newer release has replaced, then those that fewest bytes were asked of; among
 * equals the largest, for fewer have to go then.
 */
export function filesToRemove(held: readonly HeldFile[], quota: number, needed = 0): readonly HeldFile[] {
  const free = held.filter(({ isKept }) => !isKept)
  let size = needed + free.reduce((sum, file) => sum + file.size, 0)
  const removed: HeldFile[] = []
  for (const file of free.toSorted(byUse)) {
    if (size <= quota) break
    removed.push(file)
    size -= file.size
  }
  return removed
}

function byUse(a: HeldFile, b: HeldFile): number {
  return (
    Number(b.isRevoked) - Number(a.isRevoked) ||
    Number(a.isNewest) - Number(b.isNewest) ||
    a.given - b.given ||
    b.size - a.size
  )
}
