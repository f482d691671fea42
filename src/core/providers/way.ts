// How a peer is reached through a relay that both know, and what peers are called in text.
import { base58btc } from 'multiformats/bases/base58'

/** A peer id as it stands in a multiaddr: the multihash in base58btc. Peer ID specification, "String representation". */
export const peerIdText = (peer: Uint8Array): string => base58btc.baseEncode(peer)

/** `relay`: a multiaddr that ends in the relay's `/p2p/`. Browsers use the circuit to arrange WebRTC, and carry no file over it. */
export const wayThrough = (relay: string, peer: Uint8Array): string =>
  `${relay}/p2p-circuit/webrtc/p2p/${peerIdText(peer)}`
