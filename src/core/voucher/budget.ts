// What several sellers of one file may be paid, together.

/** What may still be signed away. Nothing is taken twice, however many ask at once. */
export interface Budget {
  left(): bigint
  /** False, and nothing is taken, where there is less. */
  take(amount: bigint): boolean
  /** Of what was taken, and not signed away after all. */
  giveBack(amount: bigint): void
}

export function budgetOf(limit: bigint): Budget {
  let left = limit
  return {
    left: () => left,
    take(amount) {
      if (amount > left) return false
      left -= amount
      return true
    },
    giveBack(amount) {
      left += amount
    },
  }
}
