// How a peer is reached through a relay that both know, and what peers are called in text.
import { base58btc } from 'multiformats/bases/base58'
import { type Bytes, concat } from '../bytes.ts'

/** A peer id as it stands in a multiaddr: the multihash in base58btc. Peer ID specification, "String representation". */
export const peerIdText = (peer: Uint8Array): string => base58btc.baseEncode(peer)

/** `relay`: a multiaddr that ends in the relay's `/p2p/`. Browsers use the circuit to arrange WebRTC, and carry no file over it. */
export const wayThrough = (relay: string, peer: Uint8Array): string =>
  `${relay}/p2p-circuit/webrtc/p2p/${peerIdText(peer)}`

/** The same for a few hundred bytes, which the relay itself carries. */
export const wayAcross = (relay: string, peer: Uint8Array): string =>
  `${relay}/p2p-circuit/p2p/${peerIdText(peer)}`

/** A peer id's multihash of an Ed25519 key (32 bytes): the key itself, in its protocol buffer. Peer ID specification, "Keys". */
export const peerOfKey = (key: Uint8Array): Bytes =>
  concat(Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20), key)
