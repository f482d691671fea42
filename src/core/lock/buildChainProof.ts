// A chain proof as the phone makes it, from what any endpoint gives of a block and what attestors have signed of it.
import type { Bytes } from '../bytes.ts'
import { type BlockBodyFailure, receiptsFromRpc } from '../proof/blockBody.ts'
import { type BadHeader, headerRlpFromRpc } from '../proof/header.ts'
import { orderedTrieRoot, proveInOrderedTrie } from '../proof/orderedTrie.ts'
import { fail, ok, type Result } from '../result.ts'
import type { Attestation } from './attestation.ts'
import { readBlockHeader } from './blockHeader.ts'
import { encodeChainProof, LONGEST_PROOF } from './chainProof.ts'
import { LONGEST_OPEN } from './openMessage.ts'
import type { Ownership } from './ownership.ts'

export interface ProofMaterial {
  /** As `eth_getBlockByNumber` gives it. */
  readonly block: unknown
  /** Of the same block, all of them, as `eth_getBlockReceipts` gives them. */
  readonly receipts: unknown
  /** Of the transaction that was granted by, in its block. */
  readonly transactionIndex: number
  /** Over `attestedHeaderDigest`; the first so many that the Config asks for are taken, in the order of their places. */
  readonly attestations: readonly Attestation[]
  /** The Config's. */
  readonly threshold: number
}

export type ProofFailure =
  | BadHeader
  | BlockBodyFailure
  /** Fewer attestors have signed than the Config asks for. */
  | { readonly kind: 'attestationsMissing' }
  /** Longer than any device takes: so many logs are in that transaction. */
  | { readonly kind: 'proofTooLong'; readonly detail: string }

/** What goes into a ChainAuthorisation. The endpoint is not trusted: what does not hash to the header's root is `badProof`. */
export function buildChainProof(material: ProofMaterial): Result<Bytes, ProofFailure> {
  const { block, transactionIndex, threshold } = material
  const header = headerRlpFromRpc(block)
  if (!header.ok) return header
  const receipts = receiptsFromRpc(material.receipts)
  if (!receipts.ok) return receipts
  if (readBlockHeader(header.value)?.receiptsRoot !== orderedTrieRoot(receipts.value)) {
    return fail({ kind: 'badProof', detail: 'receipts with another root' })
  }
  if (transactionIndex >= receipts.value.length) {
    return fail({ kind: 'badProof', detail: `no transaction ${transactionIndex}` })
  }
  const attestations = firstOf(material.attestations, threshold)
  if (attestations.length < threshold) return fail({ kind: 'attestationsMissing' })
  const nodes = proveInOrderedTrie(receipts.value, transactionIndex)
  const proof = encodeChainProof({ attestations, header: header.value, transactionIndex, nodes })
  return proof.length > LONGEST_PROOF
    ? fail({ kind: 'proofTooLong', detail: `${proof.length} bytes` })
    : ok(proof)
}

/**
 * Whether the device has room for the longest proof: to be asked before anybody pays for a grant that only a proof
 * authorises. Not signed by the device, which harms itself alone by saying something else.
 */
export const takesProofs = ({ longestMessage }: Pick<Ownership, 'longestMessage'>): boolean =>
  longestMessage >= LONGEST_OPEN

/** One for each place, in their order. */
function firstOf(attestations: readonly Attestation[], count: number): readonly Attestation[] {
  const byPlace = new Map(attestations.map(attestation => [attestation.place, attestation]))
  return [...byPlace.values()].sort((a, b) => a.place - b.place).slice(0, count)
}
