// Blocks as an endpoint gives them, with a Market's events in their receipts, and what attestors have signed of them.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Bytes, fromHex, type Hex, toHex } from '../../../src/core/bytes.ts'
import { type Attestation, attestedHeaderDigest } from '../../../src/core/lock/attestation.ts'
import { buildChainProof } from '../../../src/core/lock/buildChainProof.ts'
import { GRANTED_INSTANT } from '../../../src/core/lock/chainProof.ts'
import { type Grant, grantDigest } from '../../../src/core/lock/grant.ts'
import { signDigest } from '../../../src/core/p256.ts'
import { receiptsFromRpc } from '../../../src/core/proof/blockBody.ts'
import { encodeRlp, quantityBytes } from '../../../src/core/proof/rlp.ts'
import { buildTrie } from '../proof/trieBuilder.ts'
import { DOMAIN, type LockWorld, MARKET, must, NOW, type SessionChange, type TestKey } from './lockWorld.ts'
import { ATTESTORS, rented } from './rental.ts'

export interface TestLog {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
}

export interface TestReceipt {
  readonly type?: Hex
  readonly status?: Hex
  readonly logs: readonly TestLog[]
}

export interface TestBlock {
  /** As `eth_getBlockByNumber` and `eth_getBlockReceipts` give them. */
  readonly block: Readonly<Record<string, Hex>>
  readonly receipts: readonly Readonly<Record<string, unknown>>[]
  readonly number: number
  readonly hash: Bytes
}

const hexOf = (bytes: number, of = '00'): Hex => `0x${of.repeat(bytes)}`
const quantity = (value: number): Hex => `0x${value.toString(16)}`

/** Of a token, say: what fills the other receipts of a block. */
export const otherLog = (dataBytes = 32): TestLog => ({
  address: hexOf(20, '6b'),
  topics: [hexOf(32, 'dd'), hexOf(32, 'ee')],
  data: hexOf(dataBytes, '01'),
})

/** The Market's own, of this grant. */
export const grantedLog = (grant: Grant, change: Partial<TestLog> = {}): TestLog => ({
  address: MARKET,
  topics: [
    toHex(GRANTED_INSTANT),
    grant.deviceId,
    toHex(grantDigest({ chainId: DOMAIN.chainId, market: MARKET }, grant)),
  ],
  data: '0x',
  ...change,
})

/** After Prague. The root is of a trie that is built in another way than the proof. */
export function blockWith(
  receipts: readonly TestReceipt[],
  { number = 1234, timestamp = NOW }: { readonly number?: number; readonly timestamp?: number } = {},
): TestBlock {
  const given = receipts.map(({ type = '0x2', status = '0x1', logs }, i) => ({
    ...{ type, status, logs },
    cumulativeGasUsed: quantity(80_000 * (i + 1)),
    logsBloom: hexOf(256, '04'),
  }))
  const encoded = must(receiptsFromRpc(given))
  const { root } = buildTrie(encoded.map((receipt, i) => [encodeRlp(quantityBytes(BigInt(i))), receipt]))
  const fields = {
    parentHash: hexOf(32, 'a1'),
    sha3Uncles: hexOf(32, 'a2'),
    miner: hexOf(20, 'a3'),
    stateRoot: hexOf(32, 'a4'),
    transactionsRoot: hexOf(32, 'a5'),
    receiptsRoot: root,
    logsBloom: hexOf(256, '04'),
    difficulty: '0x0',
    number: quantity(number),
    gasLimit: '0x2255100',
    gasUsed: quantity(80_000 * receipts.length),
    timestamp: quantity(timestamp),
    extraData: hexOf(32, '22'),
    mixHash: hexOf(32, 'a6'),
    nonce: hexOf(8),
    baseFeePerGas: '0x3b9aca00',
    withdrawalsRoot: hexOf(32, 'a7'),
    blobGasUsed: '0x0',
    excessBlobGas: '0x0',
    parentBeaconBlockRoot: hexOf(32, 'a8'),
    requestsHash: hexOf(32, 'a9'),
  } as const satisfies Record<string, Hex>
  const numbers = new Set(['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp', 'baseFeePerGas'])
  const rlp = Object.entries(fields).map(([name, value]) =>
    numbers.has(name) || name.endsWith('lobGasUsed') || name === 'excessBlobGas'
      ? quantityBytes(BigInt(value))
      : (fromHex(value) ?? new Uint8Array()),
  )
  const hash = Uint8Array.from(keccak_256(encodeRlp(rlp)))
  return { block: { ...fields, hash: toHex(hash) }, receipts: given, number, hash }
}

/** What these attestors sign of a block; their places are those in `keys`. */
export function attest(
  { number, hash }: Pick<TestBlock, 'number' | 'hash'>,
  places: readonly number[],
  {
    chainId = DOMAIN.chainId,
    keys = ATTESTORS,
  }: { readonly chainId?: number; readonly keys?: readonly TestKey[] } = {},
): readonly Attestation[] {
  const digest = attestedHeaderDigest({ chainId, number, hash })
  return places.map(place => {
    const key = keys[place]
    if (!key) throw new Error(`no attestor ${place}`)
    return { place, signature: signDigest(digest, key.secret) }
  })
}

/** The proof of one receipt, as an honest phone builds it. */
export const proofOf = (
  block: TestBlock,
  transactionIndex = 0,
  attestations: readonly Attestation[] = attest(block, [0, 2]),
): Bytes => must(buildChainProof({ ...block, transactionIndex, attestations, threshold: 2 }))

/** A renter's opening by a proof; the grant may be told apart from that of the event. */
export const byProof = (proof: Uint8Array, grant: Partial<Grant> = {}): SessionChange => ({
  ...rented(grant),
  authorisation: { by: 'chain', market: MARKET, proof },
})

/** The grant that `byProof` opens with. */
export const instantGrant = (world: LockWorld, grant: Partial<Grant> = {}): Grant =>
  world.request(rented(grant)).grant
