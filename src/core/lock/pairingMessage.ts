// How pairings, owner key changes and factory resets travel: byte layouts, integers big-endian.
import { type Bytes, concat, fromHex, toHex } from '../bytes.ts'
import type { StatementDomain } from '../registry/deviceStatements.ts'
import { uintBytes } from '../wallet/byteReader.ts'
import { decodeLayout, sized } from './layout.ts'

const VERSION = 1
const PROOF_LENGTH = 16

/** A pairing as it travels: the device knows its own id and the nonce. */
export interface PairingMessage {
  readonly domain: StatementDomain
  readonly ownerKey: Uint8Array
  readonly pairingCounter: number
  readonly signature: Uint8Array
  readonly proof: Uint8Array | null
}

/** version 1 (1 byte), chain id (6), registry (20), owner key (64), pairing counter (6), signature (64), claim proof (0 or 16). */
export function encodePairing({ domain, ownerKey, pairingCounter, signature, proof }: PairingMessage): Bytes {
  return concat(
    Uint8Array.of(VERSION),
    uintBytes(domain.chainId, 6),
    sized(fromHex(domain.registry) ?? new Uint8Array(), 20),
    sized(ownerKey, 64),
    uintBytes(pairingCounter, 6),
    sized(signature, 64),
    proof ? sized(proof, PROOF_LENGTH) : new Uint8Array(),
  )
}

/** undefined for anything that `encodePairing` does not make. */
export function decodePairing(message: Uint8Array): PairingMessage | undefined {
  return decodeLayout(message, VERSION, reader => {
    const domain = { chainId: reader.uint(6), registry: toHex(reader.bytes(20)) }
    const ownerKey = reader.bytes(64)
    const pairingCounter = reader.uint(6)
    const signature = reader.bytes(64)
    const proof = reader.left === 0 ? null : reader.bytes(PROOF_LENGTH)
    return { domain, ownerKey, pairingCounter, signature, proof }
  })
}

/** An owner key change, or with null a factory reset, as it travels. */
export interface OwnerKeyOrder {
  readonly newOwnerKey: Uint8Array | null
  readonly pairingCounter: number
  readonly signature: Uint8Array
}

/** version 1 (1 byte), pairing counter (6), signature (64), new owner key (64, or nothing for a factory reset). */
export function encodeOwnerKeyOrder({ newOwnerKey, pairingCounter, signature }: OwnerKeyOrder): Bytes {
  return concat(
    Uint8Array.of(VERSION),
    uintBytes(pairingCounter, 6),
    sized(signature, 64),
    newOwnerKey ? sized(newOwnerKey, 64) : new Uint8Array(),
  )
}

/** undefined for anything that `encodeOwnerKeyOrder` does not make. */
export function decodeOwnerKeyOrder(message: Uint8Array): OwnerKeyOrder | undefined {
  return decodeLayout(message, VERSION, reader => {
    const pairingCounter = reader.uint(6)
    const signature = reader.bytes(64)
    return { pairingCounter, signature, newOwnerKey: reader.left === 0 ? null : reader.bytes(64) }
  })
}
