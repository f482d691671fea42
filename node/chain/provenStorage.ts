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

export interface ProvenWords {
  readonly block: Header
  /** How many endpoints agreed on the block. */
  readonly agreed: number
  /** In the order of the slots that were asked for. */
  readonly words: readonly bigint[]
}

/** Fails with kind `unproven`, saying why, wherever the endpoints do not suffice for a proof. */
export async function readProvenWords(
  location: ChainLocation,
  contract: Address,
  slots: readonly Hex[],
  rule: AgreementRule,
): Promise<Result<ProvenWords, Failure>> {
  const finalized = await askAll(location, url => readBlock(url, location.chainId, 'finalized'))
  if (finalized.length < rule.minAgreeing) {
    return unproven(`${finalized.length} of ${location.endpoints.length} endpoints answered rightly`)
  }
  // The lowest height that all of them call final.
  const height = Math.min(...finalized.map(({ value }) => value.number))
  const headers = await askAll({ ...location, endpoints: finalized.map(({ url }) => url) }, url =>
    readBlock(url, location.chainId, `0x${height.toString(16)}`),
  )
  const [first] = headers
  if (first === undefined) return unproven('no endpoint has the block that it called final')
  const agreeing = headers.filter(({ value }) => value.hash === first.value.hash)
  if (agreeing.length !== headers.length) return unproven('the endpoints contradict each other')
  if (agreeing.length < rule.minAgreeing) return unproven(`only ${agreeing.length} endpoint agrees`)
  const block = first.value
  if (!isRecent(block.timestamp, rule.now, rule.maxAgeSeconds)) {
    return unproven(`the newest final block is ${rule.now - block.timestamp} s old`)
  }
  const proofs = await askAll({ ...location, endpoints: agreeing.map(({ url }) => url) }, url =>
    readSlots(url, contract, slots, block),
  )
  const [proof] = proofs
  if (proof === undefined) return unproven('no endpoint gave a proof that holds')
  return ok({ block, agreed: agreeing.length, words: proof.value })
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
