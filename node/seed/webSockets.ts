// WebSockets for the seed: what goes out together goes out as one message.
import { type WebSocketsInit, webSockets } from '@libp2p/websockets'
import { joinPooled } from './joinPooled.ts'
import type { Transport } from './webRtc.ts'

export function webSocketsInOnePiece(init: WebSocketsInit): Transport {
  const factory = webSockets(init)
  return components => {
    const transport = factory(components)
    const createListener = transport.createListener.bind(transport)
    transport.createListener = options => {
      const { upgrader } = options
      const upgradeInbound: typeof upgrader.upgradeInbound = (connection, rest) => {
        joinPooled(connection)
        return upgrader.upgradeInbound(connection, rest)
      }
      return createListener({
        ...options,
        upgrader: Object.assign(Object.create(upgrader), { upgradeInbound }),
      })
    }
    return transport
  }
}
