// Words of a contract's storage as the chain's state proves them: EIP-1186 proofs against a block that independent endpoints
// agree on.
import * as v from 'valibot'
import { type Address, fromHex, type Hex } from '../../src/core/bytes.ts'
import { verifyStorage } from '../../src/core/proof/account.ts'
import { type Header, headerFromRpc } from '../../src/core/proof/header.ts'
import { slotHex } from '../../src/core/proof/slot.ts'
import { isRecent } from '../../src/core/registry/policy.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { rpc } from './rpc.ts'

export interface ChainLocation {
  readonly chainId: number
  /** JSON-RPC, each at a host of its own. */
  readonly endpoints: readonly string[]
}

export interface AgreementRule {
  readonly minAgreeing: number
  readonly maxAgeSeconds: number
  /** Unix time in seconds. */
  readonly now: number
}

/** A final block, and the endpoints that agreed on it. */
interface AgreedBlock {
  readonly block: Header
  readonly endpoints: readonly string[]
}

export interface ProvenWords extends AgreedBlock {
  /** In the order of the slots that were asked for. */
  readonly words: readonly bigint[]
}

/** The lowest height that all endpoints which answer call final. Fails with kind `unproven` where too few agree on it. */
export async function readFinalBlock(
  location: ChainLocation,
  { minAgreeing, maxAgeSeconds, now }: AgreementRule,
): Promise<Result<AgreedBlock, Failure>> {
  const finalized = await askAll(location, url => readBlock(url, location.chainId, 'finalized'))
  if (finalized.length < minAgreeing) {
    return unproven(`${finalized.length} of ${location.endpoints.length} endpoints answered rightly`)
  }
  const height = Math.min(...finalized.map(({ value }) => value.number))
  const agreed = await readAgreedBlock(
    { ...location, endpoints: finalized.map(({ url }) => url) },
    height,
    minAgreeing,
  )
  if (!agreed.ok) return agreed
  const { timestamp } = agreed.value.block
  return isRecent(timestamp, now, maxAgeSeconds)
    ? agreed
    : unproven(`the newest final block is ${now - timestamp} s old`)
}

/** The block at a height, which must be final already. Every endpoint that answers must give the same. */
export async function readAgreedBlock(
  location: ChainLocation,
  height: number,
  minAgreeing: number,
): Promise<Result<AgreedBlock, Failure>> {
  const headers = await askAll(location, url => readBlock(url, location.chainId, `0x${height.toString(16)}`))
  const [first] = headers
  if (first === undefined) return unproven('no endpoint has the block that it called final')
  const agreeing = headers.filter(({ value }) => value.hash === first.value.hash)
  if (agreeing.length !== headers.length) return unproven('the endpoints contradict each other')
  if (agreeing.length < minAgreeing) return unproven(`only ${agreeing.length} endpoint agrees`)
  return ok({ block: first.value, endpoints: agreeing.map(({ url }) => url) })
}

/** The height of the block with this hash, as any endpoint says; null where none has it. */
export async function readBlockByHash(
  location: ChainLocation,
  hash: Hex,
): Promise<Result<number | null, Failure>> {
  const answers = await askAll(location, async url => {
    const block = await rpc(url, 'eth_getBlockByHash', [hash, false])
    if (block === null) return null
    const header = headerFromRpc(block)
    if (!header.ok || header.value.hash !== hash) throw new Error('another block')
    return header.value.number
  })
  if (answers.length === 0) return unproven('no endpoint answered')
  return ok(answers.find(({ value }) => value !== null)?.value ?? null)
}

/** Fails with kind `unproven`, saying why, wherever the endpoints do not suffice for a proof. */
export async function readProvenWords(
  location: ChainLocation,
  contract: Address,
  slots: readonly Hex[],
  rule: AgreementRule,
): Promise<Result<ProvenWords, Failure>> {
  const final = await readFinalBlock(location, rule)
  if (!final.ok) return final
  const { block, endpoints } = final.value
  const words = await readWordsAt({ ...location, endpoints }, contract, slots, block)
  return words.ok ? ok({ block, endpoints, words: words.value }) : words
}

/** The words in a block that is agreed on, from whichever endpoint proves them. */
export async function readWordsAt(
  location: ChainLocation,
  contract: Address,
  slots: readonly Hex[],
  block: Header,
): Promise<Result<readonly bigint[], Failure>> {
  const [proof] = await askAll(location, url => readSlots(url, contract, slots, block))
  return proof === undefined ? unproven('no endpoint gave a proof that holds') : ok(proof.value)
}

const unproven = (detail: string) => fail<Failure>({ kind: 'unproven', detail })

/** The answers of those that gave one; an endpoint that throws, lies about a hash or gives a bad proof is left out. */
async function askAll<T>(
  { endpoints }: ChainLocation,
  ask: (url: string) => Promise<T>,
): Promise<readonly { readonly url: string; readonly value: T }[]> {
  const answers = await Promise.allSettled(endpoints.map(async url => ({ url, value: await ask(url) })))
  return answers.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value] : []))
}

async function readBlock(url: string, chainId: number, block: string): Promise<Header> {
  if (Number(await rpc(url, 'eth_chainId', [])) !== chainId) throw new Error('another chain')
  const header = headerFromRpc(await rpc(url, 'eth_getBlockByNumber', [block, false]))
  if (!header.ok) throw new Error(header.error.detail)
  if (block !== 'finalized' && header.value.number !== Number(block)) throw new Error('another block')
  return header.value
}

const nodes = v.array(
  v.pipe(
    v.string(),
    v.transform(text => fromHex(text)),
    v.instance(Uint8Array),
  ),
)
const proofSchema = v.object({
  accountProof: nodes,
  storageProof: v.array(v.object({ key: v.string(), proof: nodes })),
})

async function readSlots(
  url: string,
  contract: Address,
  slots: readonly Hex[],
  block: Header,
): Promise<readonly bigint[]> {
  const answer = await rpc(url, 'eth_getProof', [contract, slots, `0x${block.number.toString(16)}`])
  const { accountProof, storageProof } = v.parse(proofSchema, answer)
  const proven = verifyStorage(block, contract, {
    accountProof,
    slots: storageProof.map(({ key, proof }) => ({ slot: slotHex(BigInt(key)), proof })),
  })
  if (!proven.ok) throw new Error(proven.error.detail)
  return slots.map(slot => {
    const word = proven.value.slots.get(slot)
    if (word === undefined) throw new Error('a slot is missing from the proof')
    return word
  })
}
