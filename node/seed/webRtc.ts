// WebRTC-direct for the seed, by which browsers on https pages reach it; ended in a way that the process survives.
import type { Libp2pOptions } from 'libp2p'

export type Transport = NonNullable<Libp2pOptions['transports']>[number]

/** Throws on a machine that the native library has no build for. */
export async function loadWebRtcDirect(): Promise<Transport> {
  const { webRTCDirect } = await import('@libp2p/webrtc')
  return keepingItsPort(webRTCDirect())
}

/** As above, and with WebRTC between peers that have met at a relay; none where this machine can't. */
export async function loadWebRtc(log: (line: string) => void): Promise<readonly Transport[]> {
  try {
    const { webRTC } = await import('@libp2p/webrtc')
    // Without iceServers the defaults would contact public STUN servers.
    return [await loadWebRtcDirect(), webRTC({ rtcConfiguration: { iceServers: [] } })]
  } catch {
    log('WebRTC is not available on this machine: it is reached over WebSockets only.')
    return []
  }
}

/**
 * @libp2p/webrtc 6.0.33 closes its UDP port while the native library is still taking down the connections on it, and nothing
 * tells when that is done: the process then dies of a segmentation fault, most often with browsers that dial again. So the
 * port stays open until the process ends. Whoever dials it meets nobody: the listener takes no connection once it is closed.
 */
function keepingItsPort(factory: Transport): Transport {
  return components => {
    const transport = factory(components)
    const createListener = transport.createListener.bind(transport)
    transport.createListener = options => {
      const listener = createListener(options)
      const close = listener.close.bind(listener)
      listener.close = async () => {
        const port: unknown = Reflect.get(listener, 'stunServer')
        if (typeof port === 'object' && port !== null) Reflect.set(port, 'close', async () => undefined)
        await close()
      }
      return listener
    }
    return transport
  }
}
