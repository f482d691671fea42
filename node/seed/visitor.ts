// A libp2p node that listens nowhere and reaches whoever serves: servers over WebSockets, phones over WebRTC, met at a relay.
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p, type Libp2p } from 'libp2p'
import { loadWebRtc } from './webRtc.ts'

/** `log` is told where this machine has no WebRTC. The caller stops it. */
export const startVisitor = async (log: (line: string) => void): Promise<Libp2p> =>
  createLibp2p({
    transports: [webSockets(), circuitRelayTransport(), ...(await loadWebRtc(log))],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    // The peers may be on this very machine.
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify() },
  })
