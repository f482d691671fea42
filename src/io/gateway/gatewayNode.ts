// The libp2p node that reaches gateways. A heavy module: import it with `import()` only.
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import type { Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { webRTC, webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { gatewayProtocol } from '../../core/gateway/message.ts'

export interface GatewayNode {
  /** A new stream to the peer that all these addresses end in. Rejects where none of them answers. */
  open(addresses: readonly string[]): Promise<Stream>
  stop(): Promise<void>
}

const DIAL_MS = 12_000

/** `webRtc`: Node.js has none of its own. */
export async function startGatewayNode({ webRtc }: { readonly webRtc: boolean }): Promise<GatewayNode> {
  // Without iceServers the defaults would contact public STUN servers.
  const rtc = { rtcConfiguration: { iceServers: [] } }
  const libp2p = await createLibp2p({
    addresses: { listen: [] },
    transports: [webSockets(), circuitRelayTransport(), ...(webRtc ? [webRTC(rtc), webRTCDirect(rtc)] : [])],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    // Only what the person has entered is dialled, and that is often in the same house.
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify() },
  })
  return {
    async open(addresses) {
      const signal = AbortSignal.timeout(DIAL_MS)
      const connection = await libp2p.dial(
        addresses.map(address => multiaddr(address)),
        { signal },
      )
      // Through a relay there is little time and few bytes, which is enough to open a lock.
      return connection.newStream(gatewayProtocol, { signal, runOnLimitedConnection: true })
    },
    async stop() {
      await libp2p.stop()
    },
  }
}
