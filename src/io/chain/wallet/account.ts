// What an account has, at the block that endpoints agree on: proven for the coin, reported for tokens of foreign contracts.
import { keccak_256 } from '@noble/hashes/sha3.js'
import * as v from 'valibot'
import type { ChainFailure } from '../../../app/ports/chain.ts'
import type { AccountReading } from '../../../app/ports/walletChain.ts'
import { type Address, concat, fromHex, type Hex, toHex } from '../../../core/bytes.ts'
import { verifyAccount } from '../../../core/proof/account.ts'
import type { Endpoint } from '../../../core/proof/endpoint.ts'
import type { Header } from '../../../core/proof/header.ts'
import type { HeaderReading } from '../../../core/proof/headerSource.ts'
import { Verdicts } from '../../../core/proof/verdicts.ts'
import { abiAddress, abiEncode } from '../../../core/registry/abi.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import { selectorOf } from '../../../core/wallet/abiShape.ts'
import { countOf, failureOf, hexNumber, quantityOf } from './ask.ts'
import type { ChainWorld } from './world.ts'

export interface AccountState {
  readonly balance: bigint
  readonly nonce: number
  readonly hasCode: boolean
}

const noCode: Hex = toHex(keccak_256(new Uint8Array()))

export async function readAccount(
  world: ChainWorld,
  address: Address,
  tokens: readonly Address[],
): Promise<Result<AccountReading, ChainFailure>> {
  const newest = await world.newest()
  if (!newest.ok) return newest
  const { header } = newest.value
  const verdicts = new Verdicts(newest.value.endpoints)
  const state = await readAccountState(world.endpoints, address, header, verdicts)
  if (!state.ok) return state
  const balances = await readTokens(world, address, tokens, newest.value, verdicts)
  const { isProven, ...account } = state.value
  const evidence = world.evidence(newest.value, isProven, verdicts)
  return ok({ address, ...account, tokens: balances, evidence })
}

/** Asks one endpoint after the other until one proves it; what each did is noted in `verdicts`. */
export async function readAccountState(
  endpoints: readonly Endpoint[],
  address: Address,
  header: Header,
  verdicts: Verdicts,
): Promise<Result<AccountState & { readonly isProven: boolean }, ChainFailure>> {
  const block = hexNumber(header.number)
  const refusing: Endpoint[] = []
  for (const endpoint of verdicts.usable(endpoints)) {
    const answer = await endpoint.call('eth_getProof', [address, [], block])
    if (!answer.ok) {
      if (answer.error.kind === 'rpcRefused') refusing.push(endpoint)
      const verdict = verdicts.has(endpoint, 'agreed') ? 'agreed' : 'unreachable'
      verdicts.set(endpoint, verdict, `no proof: ${answer.error.detail}`)
      continue
    }
    const proof = v.safeParse(proofSchema, answer.value)
    const proven = proof.success ? verifyAccount(header.stateRoot, address, proof.output) : undefined
    if (proven?.ok && (proven.value === null || proven.value.nonce <= BigInt(Number.MAX_SAFE_INTEGER))) {
      verdicts.set(endpoint, 'agreed')
      const { balance = 0n, nonce = 0n, codeHash = noCode } = proven.value ?? {}
      return ok({ balance, nonce: Number(nonce), hasCode: codeHash !== noCode, isProven: true })
    }
    verdicts.set(endpoint, 'badProof', proven && !proven.ok ? proven.error.detail : 'malformed')
  }
  for (const endpoint of refusing) {
    verdicts.set(endpoint, 'noProofs')
    const state = await readReported(endpoint, address, block)
    if (state) return ok({ ...state, isProven: false })
    verdicts.set(endpoint, 'unreachable', 'gave neither proofs nor values')
  }
  return fail(failureOf(verdicts))
}

const proofSchema = v.pipe(
  v.object({
    accountProof: v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^0x([0-9a-fA-F]{2})*$/), v.maxLength(4096))),
      v.maxLength(130),
    ),
  }),
  v.transform(({ accountProof }) => accountProof.map(node => fromHex(node) ?? new Uint8Array())),
)

/** At the endpoint's word; undefined where it can't say. `block`: a number as JSON-RPC writes it. */
async function readReported(
  endpoint: Endpoint,
  address: Address,
  block: string,
): Promise<AccountState | undefined> {
  const [balanceAnswer, nonceAnswer, code] = await Promise.all([
    endpoint.call('eth_getBalance', [address, block]),
    endpoint.call('eth_getTransactionCount', [address, block]),
    endpoint.call('eth_getCode', [address, block]),
  ])
  const balance = balanceAnswer.ok ? quantityOf(balanceAnswer.value) : undefined
  const nonce = nonceAnswer.ok ? countOf(nonceAnswer.value) : undefined
  if (balance === undefined || nonce === undefined || !code.ok || typeof code.value !== 'string')
    return undefined
  return { balance, nonce, hasCode: code.value !== '0x' }
}

/** Those whose balance enough endpoints say alike: nothing proves it, for a foreign contract keeps it where it likes. */
async function readTokens(
  world: ChainWorld,
  address: Address,
  tokens: readonly Address[],
  { header, doubt }: HeaderReading,
  verdicts: Verdicts,
): Promise<ReadonlyMap<Address, bigint>> {
  const needed = doubt === 'oneEndpoint' ? 1 : world.needed
  const usable = verdicts.usable(world.endpoints)
  const balances = await Promise.all(
    tokens.map(async token => {
      const said = await Promise.all(
        usable.map(endpoint => readToken(endpoint, token, address, hexNumber(header.number))),
      )
      return said.find(value => value !== undefined && said.filter(other => other === value).length >= needed)
    }),
  )
  const found = new Map<Address, bigint>()
  for (const [i, token] of tokens.entries()) {
    const balance = balances[i]
    if (balance !== undefined) found.set(token, balance)
  }
  return found
}

const balanceOf = fromHex(selectorOf('balanceOf(address)')) ?? new Uint8Array()

async function readToken(
  endpoint: Endpoint,
  token: Address,
  holder: Address,
  block: string,
): Promise<bigint | undefined> {
  const data = toHex(concat(balanceOf, abiEncode([abiAddress(holder)])))
  const answer = await endpoint.call('eth_call', [{ to: token, data }, block])
  // One word and nothing else: an account without code answers with none.
  return answer.ok && typeof answer.value === 'string' && answer.value.length === 66
    ? quantityOf(answer.value)
    : undefined
}
