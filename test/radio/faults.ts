// Exact faults on the air: "the 50th write from now is lost", not "sometimes".

export type PacketFault =
  /** The link drops instead: the packet does not arrive. */
  | 'drop'
  /** The packet arrives, and then the link drops before anything comes back. */
  | 'deliverThenDrop'
  /** The packet is lost, and its sender is told that it was sent. */
  | 'swallow'
  /** The packet arrives twice. */
  | 'duplicate'
  /** The operation is never answered (writes only: a notification has no answer, and is swallowed). */
  | 'stall'
  /** The packet arrives after that many milliseconds. */
  | { readonly delay: number }

interface Armed {
  readonly first: number
  readonly count: number
  readonly fault: PacketFault
}

/** Faults of one direction. Counting goes on over reconnects. */
export class FaultPlan {
  private seen = 0
  private armed: readonly Armed[] = []

  /** Packets seen so far, whatever became of them. */
  get packets(): number {
    return this.seen
  }

  /** Arms `fault` for the `nth` packet from now (1 is the next) and the `count - 1` after it. */
  at(nth: number, fault: PacketFault, count = 1): void {
    this.armed = [...this.armed, { first: this.seen + nth, count, fault }]
  }

  /** Disarms everything. */
  clear(): void {
    this.armed = []
  }

  /** Counts one packet and says what shall become of it; undefined: it arrives. */
  next(): PacketFault | undefined {
    this.seen++
    const number = this.seen
    return this.armed.find(({ first, count }) => number >= first && number < first + count)?.fault
  }
}
