// Peers' multiaddrs: which may be dialled, and what they are called on screen.
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'

/** undefined for text that is no multiaddr or names no peer (`/p2p/…`): such a one could be anybody. */
export function parsePeerAddress(text: string): Multiaddr | undefined {
  try {
    const address = multiaddr(text)
    return peerIdOf(address) === undefined ? undefined : address
  } catch {
    return undefined
  }
}

/** The id of the peer that is reached: the last `/p2p`, for the ones before it are relays. */
export function peerIdOf(address: Multiaddr): string | undefined {
  return address.getComponents().findLast(({ name }) => name === 'p2p')?.value
}

/** Host and port of the first hop, `relay.example:443`; the whole address where it has none. */
export function hostOf(address: Multiaddr): string {
  const parts = address.getComponents()
  const host = parts.find(({ name }) => HOSTS.has(name))?.value
  const port = parts.find(({ name }) => name === 'tcp' || name === 'udp')?.value
  if (host === undefined) return address.toString()
  const bracketed = host.includes(':') ? `[${host}]` : host
  return port === undefined ? bracketed : `${bracketed}:${port}`
}

const HOSTS = new Set(['ip4', 'ip6', 'dns', 'dns4', 'dns6', 'dnsaddr'])

/**
 * Whether a dial may go out: to hosts that the network or a manifest names, and to public ones. A stranger's address
 * book must not make this browser knock at the local network.
 */
export function isAllowed(address: Multiaddr, namedHosts: ReadonlySet<string>): boolean {
  return namedHosts.has(hostOf(address)) || isPublic(address)
}

function isPublic(address: Multiaddr): boolean {
  const first = address.getComponents()[0]
  switch (first?.name) {
    case 'ip4': {
      const [a = 0, b = 0] = (first.value ?? '').split('.').map(Number)
      const isLocal =
        a === 0 ||
        a === 10 ||
        a === 127 ||
        a >= 224 ||
        (a === 100 && b >= 64 && b < 128) ||
        (a === 169 && b === 254) ||
        (a === 172 && b >= 16 && b < 32) ||
        (a === 192 && b === 168)
      return !isLocal
    }
    case 'ip6':
      // 2000::/3 is what is routed on the internet today.
      return /^[23]/.test(first.value ?? '')
    case 'dns':
    case 'dns4':
    case 'dns6':
    case 'dnsaddr':
      return (
        (first.value ?? '').includes('.') &&
        !/\.(local|localhost|internal|home\.arpa)$/i.test(first.value ?? '')
      )
    default:
      return false
  }
}
