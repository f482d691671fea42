// A grant that the chain itself authorises: the Market's event in a receipt, in a header that attestors have signed.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Address, type Bytes, bytesEqual, concat, fromHex, utf8 } from '../bytes.ts'
import type { DeviceId } from '../identity.ts'
import { decodeRlp, encodeRlp, quantityBytes, type RlpItem } from '../proof/rlp.ts'
import { verifyTrieProof } from '../proof/trie.ts'
import { ByteReader, EndOfBytes, uintBytes } from '../wallet/byteReader.ts'
import { type Attestation, type Attestors, encodeAttestations, readAttestations } from './attestation.ts'
import { readAttestedHeader } from './blockHeader.ts'

/** Bytes of the longest proof, as `encodeChainProof` lays it out. */
export const LONGEST_PROOF = 4096

export interface ChainProof {
  /** As many as the Config asks for, of different attestors, in the order of their places. */
  readonly attestations: readonly Attestation[]
  /** RLP. */
  readonly header: Uint8Array
  /** Of the transaction in its block: the key in the trie of receipts. */
  readonly transactionIndex: number
  /** From the root to the receipt, without those that are embedded in their parent. */
  readonly nodes: readonly Uint8Array[]
}

/** What the proof has to show, as the device knows it. */
export interface ProofSubject {
  readonly chainId: number
  /** The Config's. */
  readonly market: Address
  readonly attestors: Attestors
  readonly deviceId: DeviceId
  /** 32 bytes, as the device understands the grant. */
  readonly grantDigest: Uint8Array
}

/**
 * `GrantedInstant(bytes32 indexed deviceId,bytes32 indexed grantDigest)`: only what is paid for good and at once emits it.
 */
export const GRANTED_INSTANT: Bytes = Uint8Array.from(keccak_256(utf8('GrantedInstant(bytes32,bytes32)')))

/**
 * attestations, as `encodeAttestations`; header's length (2), header; transaction index (3); number of nodes (1), of each:
 * length (2), node. Throws RangeError for fields out of range.
 */
export function encodeChainProof({ attestations, header, transactionIndex, nodes }: ChainProof): Bytes {
  return concat(
    encodeAttestations(attestations),
    uintBytes(header.length, 2),
    header,
    uintBytes(transactionIndex, 3),
    uintBytes(nodes.length, 1),
    ...nodes.flatMap(node => [uintBytes(node.length, 2), node]),
  )
}

/** undefined for what is too long or not of this form. Header, signatures and nodes are views of `bytes`. */
export function decodeChainProof(bytes: Uint8Array): ChainProof | undefined {
  if (bytes.length > LONGEST_PROOF) return undefined
  const reader = new ByteReader(bytes)
  try {
    const attestations = readAttestations(reader)
    const header = reader.view(reader.uint(2))
    const transactionIndex = reader.uint(3)
    const count = reader.uint(1)
    const nodes = Array.from({ length: count }, () => reader.view(reader.uint(2)))
    return reader.left === 0 ? { attestations, header, transactionIndex, nodes } : undefined
  } catch (error) {
    if (error instanceof EndOfBytes) return undefined
    throw error
  }
}

/**
 * Whether the chain has authorised the grant, and then when: Unix seconds of the block, by which time has gone on at least.
 * undefined where anything is missing, wrong or superfluous, and where the owner has not let the attestors open.
 */
export function verifyChainProof(
  bytes: Uint8Array,
  { chainId, market, attestors, deviceId, grantDigest }: ProofSubject,
): { readonly timestamp: number } | undefined {
  if (attestors.mayOpen !== true) return undefined
  const proof = decodeChainProof(bytes)
  const header = proof && readAttestedHeader(proof.header, proof.attestations, { chainId, attestors })
  if (!header) return undefined
  const key = encodeRlp(quantityBytes(BigInt(proof.transactionIndex)))
  const receipt = verifyTrieProof(header.receiptsRoot, key, proof.nodes)
  if (!receipt.ok || receipt.value === null) return undefined
  const marketBytes = fromHex(market)
  const deviceBytes = fromHex(deviceId)
  if (!marketBytes || !deviceBytes) return undefined
  const topics = [GRANTED_INSTANT, deviceBytes, grantDigest]
  return hasLog(receipt.value, marketBytes, topics) ? { timestamp: header.timestamp } : undefined
}

/** Whether the receipt is of a transaction that succeeded, with an event of just these topics and no data (EIP-2718, EIP-658). */
function hasLog(receipt: Uint8Array, address: Uint8Array, topics: readonly Uint8Array[]): boolean {
  // Before the list stands the transaction's type, but for the oldest type, which has none.
  const isTyped = (receipt[0] ?? 0) < 0x80
  const decoded = decodeRlp(isTyped ? receipt.subarray(1) : receipt)
  if (!decoded.ok || decoded.value instanceof Uint8Array || decoded.value.length !== 4) return false
  const [status, , , logs] = decoded.value
  if (!isBytes(status, Uint8Array.of(1)) || !isList(logs)) return false
  return logs.some(log => {
    if (!isList(log) || log.length !== 3) return false
    const [emitter, given, data] = log
    if (!isBytes(emitter, address) || !isBytes(data, new Uint8Array()) || !isList(given)) return false
    return given.length === topics.length && topics.every((topic, i) => isBytes(given[i], topic))
  })
}

const isList = (item: RlpItem | undefined): item is readonly RlpItem[] =>
  item !== undefined && !(item instanceof Uint8Array)

const isBytes = (item: RlpItem | undefined, expected: Uint8Array): boolean =>
  item instanceof Uint8Array && bytesEqual(item, expected)
