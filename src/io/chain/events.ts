// FirmwareRegistry's events: their topics, and their data as values.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { type Address, type Bytes, type Hex, toHex } from '../../core/bytes.ts'
import { abiDecode } from '../../core/registry/abi.ts'
import type { Attestation, Revocation } from '../../core/registry/release.ts'
import type { Log } from './logs.ts'

const topicOf = (signature: string): Hex => toHex(keccak_256(utf8ToBytes(signature)))

export const releasedTopic = topicOf('Released(bytes32,bytes32,uint32,bytes32,bytes)')
export const revokedTopic = topicOf('Revoked(bytes32,bytes32,uint8)')
export const attestedTopic = topicOf('Attested(bytes32,bytes32,address,bool,string)')

export interface Released {
  readonly seq: number
  readonly manifestHash: Hex
  /** Hashes to `manifestHash`. */
  readonly manifest: Bytes
  readonly blockNumber: number
  readonly transaction: Hex
}

/** undefined unless the event is well-formed and its manifest has the hash that it says. */
export function readReleased(log: Log): Released | undefined {
  const values = abiDecode(['uint', 'bytes32', 'bytes'], log.data)
  if (!values) return undefined
  const [seq, manifestHash, manifest] = values
  if (seq > 0xffffffffn || toHex(keccak_256(manifest)) !== manifestHash) return undefined
  const { blockNumber, transaction } = log
  return { seq: Number(seq), manifestHash, manifest, blockNumber, transaction }
}

export function readRevoked(log: Log): Revocation | undefined {
  const values = abiDecode(['bytes32', 'uint'], log.data)
  if (!values || values[1] > 0xffn) return undefined
  return { digest: values[0], reason: Number(values[1]) }
}

export function readAttested(
  log: Log,
): { readonly digest: Hex; readonly attestation: Attestation } | undefined {
  const [, , digest, auditor] = log.topics
  const values = abiDecode(['bool', 'bytes'], log.data)
  if (!digest || !auditor || !values) return undefined
  const address: Address = `0x${auditor.slice(-40)}`
  const uri = new TextDecoder().decode(values[1])
  return { digest, attestation: { auditor: address, approves: values[0], uri } }
}
