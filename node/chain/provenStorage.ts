// Words of a contract's storage as the chain's state proves them: EIP-1186 proofs against a block that independent endpoints
// agree on.
import type { Address, Hex } from '../../src/core/bytes.ts'
import type { Endpoint } from '../../src/core/proof/endpoint.ts'
import { evidenceOf } from '../../src/core/proof/evidence.ts'
import { type Header, headerFromRpc } from '../../src/core/proof/header.ts'
import { createEndpointHeaderSource, type HeaderReading } from '../../src/core/proof/headerSource.ts'
import { readStorage } from '../../src/core/proof/storage.ts'
import { Verdicts } from '../../src/core/proof/verdicts.ts'
import type { EndpointVerdict, Evidence } from '../../src/core/registry/evidence.ts'
import { isRecent } from '../../src/core/registry/policy.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { connectEndpoints, hostOf } from './endpoints.ts'

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

export interface ProvenWords {
  readonly block: Header
  /** Always `proven`. */
  readonly evidence: Evidence
  /** In the order of the slots that were asked for. */
  readonly words: readonly bigint[]
}

/** The newest block that enough endpoints call final. Fails with kind `unproven`, saying why, where too few agree. */
export async function readFinalBlock(
  location: ChainLocation,
  rule: AgreementRule,
): Promise<Result<AgreedBlock, Failure>> {
  const newest = await believe(location, rule)
  if (!newest.ok) return newest
  const { header, endpoints } = newest.value
  if (!isRecent(header.timestamp, rule.now, rule.maxAgeSeconds)) return tooOld(header, rule)
  const agreed = new Set(endpoints.filter(({ verdict }) => verdict === 'agreed').map(({ host }) => host))
  return ok({ block: header, endpoints: location.endpoints.filter(url => agreed.has(hostOf(url))) })
}

/** The block at a height, which must be final already. Every endpoint that answers must give the same. */
export async function readAgreedBlock(
  location: ChainLocation,
  height: number,
  minAgreeing: number,
): Promise<Result<AgreedBlock, Failure>> {
  const read = await Promise.all(
    location.endpoints.map(async url => ({ url, block: await headerAt(url, location.chainId, height) })),
  )
  const answers = read.flatMap(({ url, block }) => (block ? [{ url, block }] : []))
  const [first] = answers
  if (first === undefined) return unproven('no endpoint has the block that it called final')
  const { block } = first
  if (answers.some(answer => answer.block.hash !== block.hash)) {
    return unproven('the endpoints contradict each other')
  }
  if (answers.length < minAgreeing) return unproven(`only ${answers.length} endpoint agrees`)
  return ok({ block, endpoints: answers.map(({ url }) => url) })
}

/** The height of the block with this hash, as any endpoint says; null where none has it. */
export async function readBlockByHash(
  { endpoints }: ChainLocation,
  hash: Hex,
): Promise<Result<number | null, Failure>> {
  const answers = await Promise.all(
    connectEndpoints(endpoints).map(endpoint => endpoint.call('eth_getBlockByHash', [hash, false])),
  )
  const heights = answers.flatMap(answer => {
    if (!answer.ok) return []
    if (answer.value === null) return [null]
    const header = headerFromRpc(answer.value)
    return header.ok && header.value.hash === hash ? [header.value.number] : []
  })
  if (heights.length === 0) return unproven('no endpoint answered')
  return ok(heights.find(height => height !== null) ?? null)
}

/** Fails with kind `unproven`, saying why, wherever the endpoints do not suffice for a proof. */
export async function readProvenWords(
  location: ChainLocation,
  contract: Address,
  slots: readonly Hex[],
  rule: AgreementRule,
): Promise<Result<ProvenWords, Failure>> {
  const newest = await believe(location, rule)
  if (!newest.ok) return newest
  const { header, endpoints } = newest.value
  const verdicts = new Verdicts(endpoints)
  const words = await wordsAt(connectEndpoints(location.endpoints), contract, slots, header, verdicts)
  if (!words.ok) return words
  const { maxAgeSeconds, now } = rule
  const evidence = evidenceOf(newest.value, true, verdicts, { unixNow: () => now, maxAgeSeconds })
  if (evidence.level === 'proven') return ok({ block: header, evidence, words: words.value })
  const isClock = evidence.reason === 'stale' || evidence.reason === 'clockBehind'
  return isClock ? tooOld(header, rule) : unproven(told(evidence.endpoints))
}

/** The words in a block that is agreed on, from whichever endpoint proves them. */
export function readWordsAt(
  { endpoints }: ChainLocation,
  contract: Address,
  slots: readonly Hex[],
  block: Header,
): Promise<Result<readonly bigint[], Failure>> {
  return wordsAt(connectEndpoints(endpoints), contract, slots, block, new Verdicts())
}

async function believe(
  { endpoints, chainId }: ChainLocation,
  { minAgreeing }: AgreementRule,
): Promise<Result<HeaderReading, Failure>> {
  const newest = await createEndpointHeaderSource(connectEndpoints(endpoints), chainId, minAgreeing).newest()
  if (!newest.ok) return unproven(told(newest.error.endpoints))
  return newest.value.doubt === null ? newest : unproven(told(newest.value.endpoints))
}

async function wordsAt(
  endpoints: readonly Endpoint[],
  contract: Address,
  slots: readonly Hex[],
  block: Header,
  verdicts: Verdicts,
): Promise<Result<readonly bigint[], Failure>> {
  const storage = await readStorage(endpoints, contract, slots, block, verdicts)
  if (!storage.ok || !storage.value.isProven) return unproven(told(verdicts.list()))
  const { words } = storage.value
  return ok(slots.map(slot => words.get(slot) ?? 0n))
}

async function headerAt(url: string, chainId: number, height: number): Promise<Header | undefined> {
  const [endpoint] = connectEndpoints([url])
  const [id, block] = await Promise.all([
    endpoint?.call('eth_chainId', []),
    endpoint?.call('eth_getBlockByNumber', [`0x${height.toString(16)}`, false]),
  ])
  if (!id?.ok || Number(id.value) !== chainId || !block?.ok || block.value === null) return undefined
  const header = headerFromRpc(block.value)
  return header.ok && header.value.number === height ? header.value : undefined
}

const unproven = (detail: string) => fail<Failure>({ kind: 'unproven', detail })

const tooOld = ({ timestamp }: Header, { now }: AgreementRule) =>
  unproven(`the newest final block is ${now - timestamp} s old`)

/** What each endpoint did: `a.example: agreed, b.example: unreachable (no answer)`. */
const told = (endpoints: readonly EndpointVerdict[]): string =>
  endpoints
    .map(({ host, verdict, detail }) => `${host}: ${verdict}${detail === undefined ? '' : ` (${detail})`}`)
    .join(', ')
