// The other ways to a device in a browser: libp2p to gateways, started with the first question, and Web Serial where there is one.
import type { Platform } from './app/ports/platform.ts'
import type { WayPorts } from './app/ports/ways.ts'
import { createGatewayDevices } from './io/gateway/gatewayDevices.ts'
import type { GatewayNode } from './io/gateway/gatewayNode.ts'
import { createSerialDevices, type WebSerial } from './io/serial/serialDevices.ts'

export function createWayPorts({ timer }: Pick<Platform, 'timer'>): WayPorts {
  let node: Promise<GatewayNode> | undefined
  async function start(): Promise<GatewayNode> {
    const { startGatewayNode } = await import('./io/gateway/gatewayNode.ts')
    return startGatewayNode({ webRtc: true })
  }
  return {
    gateway: known =>
      createGatewayDevices({
        known,
        timer,
        async open(addresses) {
          node ??= start()
          // Code that could not be loaded just now may load the next time.
          node.catch(() => {
            node = undefined
          })
          return (await node).open(addresses)
        },
      }),
    serial() {
      const serial: WebSerial | undefined = Reflect.get(navigator, 'serial')
      return serial === undefined ? null : createSerialDevices(serial, timer)
    },
  }
}
