// The log of what a device has said to this phone: anchored on chain by its root, so that an entry can be shown and dated.
import * as v from 'valibot'
import { inclusionOf, isIncluded, leafHash, merkleRoot } from '../../core/anchors/merkleTree.ts'
import { type Bytes, concat, fromHex, type Hex, toHex } from '../../core/bytes.ts'
import { type DeviceId, deviceIdOf } from '../../core/identity.ts'
import { uint256Bytes } from '../../core/lock/layout.ts'
import {
  isResultSignedBy,
  type OpenResult,
  resultDigest,
  statusCode,
  statusOf,
} from '../../core/lock/openResult.ts'
import { abiBytes32, abiEncode, abiUint } from '../../core/registry/abi.ts'
import { type Failure, fail, ok, type Result } from '../../core/result.ts'
import { selectorOf } from '../../core/wallet/abiShape.ts'
import type { ReceiptRecord } from '../ports/marketStore.ts'
import { registryDomain } from '../wallet/ownership/meet.ts'
import type { Proposal, ProposeFailure } from '../wallet/wallet.ts'
import { networkOf } from '../wallet/walletNetwork.ts'
import type { CheckedReceipt, ServiceLogView } from './market.ts'
import { bytesOf, type MarketParts, ownerAccount } from './parts.ts'

const LEAF = 32

/** What stands in the log: the digest that the device signed, and its signature, which nobody can guess. */
const entryOf = ({ digest, signature }: Pick<ReceiptRecord, 'digest' | 'signature'>): Bytes =>
  concat(bytesOf(digest), bytesOf(signature))

const hex = (bytes: number) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`)),
    v.transform(text => text as Hex),
  )
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const uint = (bits: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** bits - 1))

/** What the device has said, as it is signed: docs/device-protocol.md, Result. */
const saidSchema = v.strictObject({
  requestId: hex(16),
  action: uint(8),
  status: v.pipe(
    uint(8),
    v.check(code => statusOf(code) !== undefined, 'no status'),
  ),
  counter: uint(48),
  orderId: v.pipe(
    v.string(),
    v.regex(/^\d{1,78}$/),
    v.check(text => BigInt(text) < 1n << 256n, 'too large'),
  ),
  grantDigest: hex(32),
})

/** A receipt with its way to an anchored root, as a file: docs/market.md, Receipts. */
const proofSchema = v.strictObject({
  kind: v.literal('fob receipt'),
  version: v.literal(1),
  chainId: count,
  registry: hex(20),
  author: hex(20),
  devicePublicKey: hex(64),
  said: saidSchema,
  signature: hex(64),
  size: count,
  index: count,
  path: v.pipe(v.array(hex(32)), v.maxLength(64)),
})
/** Far more than the longest. */
const MAX_TEXT = 16_384

export class ServiceLogs {
  readonly #parts: MarketParts
  #queue: Promise<unknown> = Promise.resolve()

  constructor(parts: MarketParts) {
    this.#parts = parts
  }

  /** The receipt with its place. The same receipt again is at the place that it has. */
  append(receipt: Omit<ReceiptRecord, 'logIndex'>): Promise<ReceiptRecord> {
    return this.#inOrder(async () => {
      const { logs, receipts } = this.#parts.stores
      const known = await receipts.get(receipt.id)
      if (known) return { ...receipt, logIndex: known.logIndex }
      const leaves = await this.#leaves(receipt.deviceId)
      const next = concat(leaves, leafHash(entryOf(receipt)))
      await logs.put({ key: this.#keyOf(receipt.deviceId), leaves: next })
      return { ...receipt, logIndex: leaves.length / LEAF }
    })
  }

  async view(deviceId: DeviceId): Promise<Result<ServiceLogView, Failure>> {
    const leaves = split(await this.#leaves(deviceId))
    const anchored = await this.#anchored(deviceId)
    if (!anchored.ok) return anchored
    const { head, evidence } = anchored.value
    if (!head) return ok({ size: leaves.length, anchored: null, evidence })
    const isOurs = head.size <= leaves.length && toHex(merkleRoot(leaves.slice(0, head.size))) === head.root
    return ok({ size: leaves.length, anchored: { size: head.size, at: head.at, isOurs }, evidence })
  }

  async proposeAnchor(deviceId: DeviceId): Promise<Result<Proposal, ProposeFailure | Failure>> {
    const { chain } = this.#parts.config()
    const leaves = split(await this.#leaves(deviceId))
    const to = chain.contracts?.anchors
    const selector = fromHex(selectorOf('anchor(bytes32,bytes32,uint64)'))
    if (!to || !selector) return fail({ kind: 'notOnThisNetwork' })
    if (leaves.length === 0) return fail({ kind: 'logEmpty' })
    const root = toHex(merkleRoot(leaves))
    const data = concat(selector, abiEncode([abiBytes32(deviceId), abiBytes32(root), abiUint(leaves.length)]))
    const from = ownerAccount(this.#parts)
    return this.#parts.wallet.propose({ kind: 'call', from, to, value: 0n, data: toHex(data) })
  }

  /** Text of a file that shows the receipt to anybody. */
  async prove(receiptId: string): Promise<Result<string, Failure>> {
    const receipt = await this.#parts.stores.receipts.get(receiptId)
    const domain = registryDomain(this.#parts)
    const author = this.#parts.wallet.owner.get()?.address
    if (!receipt || !domain) return fail({ kind: 'receiptUnknown' })
    if (!author) return fail({ kind: 'walletMissing' })
    const anchored = await this.#anchored(receipt.deviceId)
    if (!anchored.ok) return anchored
    const { head } = anchored.value
    if (!head || head.size <= receipt.logIndex) return fail({ kind: 'notAnchoredYet' })
    const leaves = split(await this.#leaves(receipt.deviceId)).slice(0, head.size)
    if (toHex(merkleRoot(leaves)) !== head.root) return fail({ kind: 'logOfAnotherPhone' })
    const { index, path } = inclusionOf(leaves, receipt.logIndex)
    const proof: Proof = {
      kind: 'fob receipt',
      version: 1,
      ...domain,
      author,
      devicePublicKey: receipt.devicePublicKey,
      said: {
        requestId: receipt.requestId,
        action: receipt.action,
        status: statusCode(receipt.status),
        counter: receipt.counter,
        orderId: receipt.orderId,
        grantDigest: receipt.grantDigest,
      },
      signature: receipt.signature,
      size: head.size,
      index,
      path: path.map(toHex),
    }
    return ok(JSON.stringify(proof))
  }

  /** Of anybody's phone. */
  async check(text: string): Promise<Result<CheckedReceipt, Failure>> {
    const proof = readProof(text)
    if (!proof) return fail({ kind: 'notAReceipt' })
    const { chainId, registry, author, size, index } = proof
    const domain = registryDomain(this.#parts)
    if (chainId !== domain?.chainId || registry !== domain.registry) return fail({ kind: 'otherNetwork' })
    const key = bytesOf(proof.devicePublicKey)
    const deviceId = deviceIdOf(key)
    const result = saidBy(deviceId, proof)
    if (!isResultSignedBy(key, domain, { result, signature: bytesOf(proof.signature) }))
      return fail({ kind: 'receiptNotSigned' })
    const digest = toHex(resultDigest(domain, result))
    const chain = await this.#parts.chain()
    if (!chain) return fail({ kind: 'notOnThisNetwork' })
    const newest = await chain.anchorOf(author, deviceId)
    if (!newest.ok) return newest
    const { head, evidence } = newest.value
    // The log has gone on since: earlier roots are told by events alone.
    const isNewest = head?.size === size
    const earlier = isNewest ? null : await chain.anchorsOf(author, deviceId)
    if (earlier && !earlier.ok) return earlier
    const anchored = isNewest ? head : earlier?.value.find(each => each.size === size)
    const root = anchored && fromHex(anchored.root)
    if (!anchored || !root) return fail({ kind: 'notAnchored' })
    const entry = entryOf({ digest, signature: proof.signature })
    if (!isIncluded(leafHash(entry), { index, path: proof.path.map(bytesOf) }, { root, size }))
      return fail({ kind: 'notInLog' })
    return ok({
      deviceId,
      author,
      digest,
      status: result.status,
      counter: result.counter,
      orderId: result.orderId === 0n ? null : toHex(uint256Bytes(result.orderId)),
      anchoredAt: anchored.at === 0 ? null : anchored.at,
      evidence: isNewest ? evidence : null,
    })
  }

  async #anchored(deviceId: DeviceId) {
    const chain = await this.#parts.chain()
    const author = this.#parts.wallet.owner.get()?.address
    if (!chain || !this.#parts.config().chain.contracts?.anchors) return fail({ kind: 'notOnThisNetwork' })
    return author ? chain.anchorOf(author, deviceId) : fail({ kind: 'walletMissing' })
  }

  async #leaves(deviceId: DeviceId): Promise<Uint8Array> {
    return (await this.#parts.stores.logs.get(this.#keyOf(deviceId)))?.leaves ?? new Uint8Array()
  }

  #keyOf(deviceId: DeviceId): string {
    return `${networkOf(this.#parts.config())}/${deviceId}`
  }

  #inOrder<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(task)
    this.#queue = run.catch(() => {})
    return run
  }
}

const split = (leaves: Uint8Array): readonly Uint8Array[] =>
  Array.from({ length: leaves.length / LEAF }, (_, i) => leaves.subarray(LEAF * i, LEAF * (i + 1)))

type Proof = v.InferOutput<typeof proofSchema>

function saidBy(deviceId: DeviceId, { said }: Proof): OpenResult {
  const { requestId, status, orderId, grantDigest, ...rest } = said
  const name = statusOf(status)
  if (name === undefined) throw new Error('a status that was not looked at')
  return {
    ...rest,
    deviceId,
    requestId: bytesOf(requestId),
    status: name,
    orderId: BigInt(orderId),
    grantDigest: bytesOf(grantDigest),
  }
}

function readProof(text: string): Proof | undefined {
  if (text.length > MAX_TEXT) return undefined
  try {
    const parsed = v.safeParse(proofSchema, JSON.parse(text))
    return parsed.success ? parsed.output : undefined
  } catch {
    // No JSON.
    return undefined
  }
}
