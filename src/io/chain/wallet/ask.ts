// The same question to every endpoint of the right chain, for what no proof can show: the newest block, fees, the pool.
import type { ChainFailure } from '../../../app/ports/chain.ts'
import type { Endpoint, RpcFailure } from '../../../core/proof/endpoint.ts'
import { Verdicts } from '../../../core/proof/verdicts.ts'
import { fail, ok, type Result } from '../../../core/result.ts'

interface Answer<T> {
  readonly endpoint: Endpoint
  readonly value: T
}

interface Refusal {
  readonly endpoint: Endpoint
  readonly error: RpcFailure
}

export interface Answers<T> {
  readonly answers: readonly Answer<T>[]
  /** Of the right chain, and they would not do it. */
  readonly refusals: readonly Refusal[]
  readonly verdicts: Verdicts
}

/**
 * Only endpoints that say that they are of the chain are asked. `ask` gives undefined for an answer that is malformed. Fails
 * where nobody is there to answer or to refuse.
 */
export async function askAll<T>(
  endpoints: readonly Endpoint[],
  chainId: number,
  ask: (endpoint: Endpoint) => Promise<Result<T | undefined, RpcFailure>>,
): Promise<Result<Answers<T>, ChainFailure>> {
  const verdicts = new Verdicts()
  const answers: Answer<T>[] = []
  const refusals: Refusal[] = []
  await Promise.all(
    endpoints.map(async endpoint => {
      if (!(await isOfChain(endpoint, chainId, verdicts))) return
      const answer = await ask(endpoint)
      if (!answer.ok && answer.error.kind === 'rpcRefused') refusals.push({ endpoint, error: answer.error })
      else if (!answer.ok) verdicts.set(endpoint, 'unreachable', answer.error.detail)
      else if (answer.value === undefined) verdicts.set(endpoint, 'unreachable', 'a malformed answer')
      else answers.push({ endpoint, value: answer.value })
    }),
  )
  if (answers.length === 0 && refusals.length === 0) return fail(failureOf(verdicts))
  // In the order of the configuration, not in that of their speed.
  const order = <E extends { readonly endpoint: Endpoint }>(list: E[]): readonly E[] =>
    list.sort((a, b) => endpoints.indexOf(a.endpoint) - endpoints.indexOf(b.endpoint))
  return ok({ answers: order(answers), refusals: order(refusals), verdicts })
}

export function failureOf(verdicts: Verdicts): ChainFailure {
  const endpoints = verdicts.list()
  if (verdicts.some('disagreed', 'badHeader', 'badProof')) return { kind: 'chainDisagrees', endpoints }
  return { kind: verdicts.some('wrongChain') ? 'wrongChain' : 'chainUnreachable', endpoints }
}

/** Nobody could or would do it: a failure of the chain, with what each said. */
export function refusedByAll({ refusals, verdicts }: Answers<unknown>): ChainFailure {
  for (const { endpoint, error } of refusals) verdicts.set(endpoint, 'unreachable', error.detail)
  return failureOf(verdicts)
}

async function isOfChain(endpoint: Endpoint, chainId: number, verdicts: Verdicts): Promise<boolean> {
  const answer = await endpoint.call('eth_chainId', [])
  if (!answer.ok) {
    verdicts.set(endpoint, 'unreachable', answer.error.detail)
    return false
  }
  if (quantityOf(answer.value) === BigInt(chainId)) return true
  const said = typeof answer.value === 'string' ? `chain ${answer.value.slice(0, 20)}` : 'no chain id'
  verdicts.set(endpoint, 'wrongChain', said)
  return false
}

/** A number as JSON-RPC writes it; undefined for anything else. */
export function quantityOf(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value) ? BigInt(value) : undefined
}

/** A number that counts things: at most 2^48. */
export function countOf(value: unknown): number | undefined {
  const quantity = quantityOf(value)
  return quantity !== undefined && quantity < 1n << 48n ? Number(quantity) : undefined
}

export const hexNumber = (value: number | bigint): string => `0x${value.toString(16)}`

/**
 * The greatest value that at least `needed` of them reach, or the least where they are fewer: one endpoint that exaggerates
 * moves nothing, nor does one that lags.
 */
export function reachedBy(values: readonly number[], needed: number): number | undefined {
  const falling = values.toSorted((a, b) => b - a)
  return falling[Math.min(needed, falling.length) - 1]
}
