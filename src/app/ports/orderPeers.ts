// Signed orders from phone to kiosk without a box between them: over libp2p, met at the network's relays.
import type { Bytes } from '../../core/bytes.ts'
import type { OrderAnswer } from '../../core/kiosk/orderMessage.ts'
import type { TakeOrder } from '../../core/kiosk/orderStreams.ts'
import type { Failure, Result } from '../../core/result.ts'

export interface OrderPeers {
  /**
   * From now on orders that peers hand in go to `take`; null ends it. Gives the Ed25519 key (32 bytes) that this page's node
   * proves to whoever comes: another one after each load. `kind` of a failure: peersUnavailable.
   */
  take(take: TakeOrder | null): Promise<Result<Bytes | null, Failure>>
  /**
   * One round trip to the node with this key. `kind`: kioskUnreachable, where it did not get the order; orderUnanswered,
   * where nobody knows whether it did.
   */
  handOver(peerKey: Bytes, code: string): Promise<Result<OrderAnswer, Failure>>
}
