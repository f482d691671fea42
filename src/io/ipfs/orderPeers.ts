// Signed orders over libp2p: a kiosk is met at the relays of its network, and proves the key that its code names.
import type { OrderPeers } from '../../app/ports/orderPeers.ts'
import { orderProtocol } from '../../core/kiosk/orderMessage.ts'
import {
  createOrderStreams,
  type OrderStreams,
  sendOrder,
  type TakeOrder,
} from '../../core/kiosk/orderStreams.ts'
import { peerOfKey, wayAcross } from '../../core/providers/way.ts'
import { fail, ok } from '../../core/result.ts'
import type { Timer } from '../../core/smp/transport.ts'
import type { IpfsNode } from './node.ts'
import { describe } from './source.ts'

interface OrderPeersOptions {
  readonly runningNode: () => Promise<IpfsNode>
  /** Multiaddrs of the network's peers, of which some are relays. */
  readonly peers: () => readonly string[]
  readonly timer: Timer
}

export function createOrderPeers({ runningNode, peers, timer }: OrderPeersOptions): OrderPeers {
  let streams: OrderStreams | null = null

  async function listen(take: TakeOrder | null): Promise<IpfsNode | null> {
    streams?.stop()
    if (take === null && streams === null) return null
    const node = await runningNode()
    streams = take && createOrderStreams({ timer, take })
    const accepting = streams
    await node.handle(orderProtocol, accepting && ((stream, peer) => accepting.accept(stream, peer)))
    return node
  }

  return {
    async take(take) {
      // Nobody could be met anywhere: no node is started for that.
      if (take !== null && peers().length === 0)
        return fail({ kind: 'peersUnavailable', detail: 'this network names no peers' })
      try {
        const node = await listen(take)
        if (take === null || node === null) return ok(null)
        // Whoever is not connected to a relay can't be met there.
        node.stayConnected(peers())
        return node.key === null
          ? fail({ kind: 'peersUnavailable', detail: 'not an Ed25519 key' })
          : ok(node.key)
      } catch (error) {
        return fail({ kind: 'peersUnavailable', detail: describe(error) })
      }
    },
    async handOver(peerKey, code) {
      const ways = peers().map(relay => wayAcross(relay, peerOfKey(peerKey)))
      if (ways.length === 0) return fail({ kind: 'kioskUnreachable', detail: 'this network names no peers' })
      try {
        const node = await runningNode()
        const stream = await node.openStream(ways, orderProtocol)
        return await sendOrder(stream, code, timer)
      } catch (error) {
        return fail({ kind: 'kioskUnreachable', detail: describe(error) })
      }
    },
  }
}
