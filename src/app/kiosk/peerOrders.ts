// Signed orders that phones hand in over libp2p, while the owner sells on signatures: one round trip, and no box between them.
import type { Bytes } from '../../core/bytes.ts'
import type { OrderAnswer } from '../../core/kiosk/orderMessage.ts'
import type { Result } from '../../core/result.ts'
import type { OrderPeers } from '../ports/orderPeers.ts'
import type { InstantRefusal } from './kiosk.ts'

interface PeerOrderParts {
  readonly peers: () => Promise<OrderPeers>
  /** Judges it, and writes it down. */
  readonly take: (code: string) => Promise<Result<null, InstantRefusal>>
}

export class PeerOrders {
  readonly #parts: PeerOrderParts
  #isOn = false
  #key: Bytes | null = null

  constructor(parts: PeerOrderParts) {
    this.#parts = parts
  }

  /** What a phone finds this page by; null while it can't be met. */
  get key(): Bytes | null {
    return this.#key
  }

  /** A node is started where signed orders are wanted, and nowhere else. Where none runs, box and camera are left. */
  async follow(isWanted: boolean): Promise<void> {
    if (isWanted === this.#isOn) return
    const peers = await this.#parts.peers()
    const taken = await peers.take(isWanted ? code => this.#answer(code) : null)
    this.#key = taken.ok ? taken.value : null
    this.#isOn = isWanted && taken.ok
  }

  async #answer(code: string): Promise<OrderAnswer> {
    const taken = await this.#parts.take(code)
    return taken.ok ? { kind: 'taken' } : { kind: 'refused', refusal: taken.error.kind }
  }
}
