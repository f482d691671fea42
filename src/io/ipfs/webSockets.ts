// WebSockets for the browser's node: what goes out together goes out as one message.
import { webSockets } from '@libp2p/websockets'
import { joinParts } from '../../core/p2p/joinParts.ts'

export function webSocketsInOnePiece(): ReturnType<typeof webSockets> {
  const factory = webSockets()
  return components => {
    const transport = factory(components)
    const dial = transport.dial.bind(transport)
    transport.dial = (address, options) => {
      const { upgrader } = options
      const upgradeOutbound: typeof upgrader.upgradeOutbound = (connection, rest) => {
        joinParts(connection)
        return upgrader.upgradeOutbound(connection, rest)
      }
      return dial(address, {
        ...options,
        upgrader: Object.assign(Object.create(upgrader), { upgradeOutbound }),
      })
    }
    return transport
  }
}
