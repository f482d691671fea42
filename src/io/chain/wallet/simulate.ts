// What a call would do if it were mined now: several endpoints run it at one height, and must come to the same.
import * as v from 'valibot'
import type { Call, Simulation, SimulationFailure } from '../../../app/ports/walletChain.ts'
import { type Address, type Hex, toHex } from '../../../core/bytes.ts'
import type { Endpoint, RpcFailure } from '../../../core/proof/endpoint.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import {
  type Answers,
  askAll,
  countOf,
  failureOf,
  hexNumber,
  quantityOf,
  reachedBy,
  refusedByAll,
} from './ask.ts'
import { revertReason } from './revertReason.ts'
import { isInsufficientFunds } from './send.ts'
import type { ChainWorld } from './world.ts'

type Changes = NonNullable<Simulation['changes']>

type Outcome =
  | { readonly kind: 'done'; readonly gas: bigint; readonly changes: Changes | null }
  | { readonly kind: 'reverted'; readonly data: Hex }
  | { readonly kind: 'insufficientFunds' }

/** Between a plain transfer's exact gas and what estimates are known to miss where state changes meanwhile. */
const PLAIN_GAS = 21_000n
const withMargin = (gas: bigint): bigint => (gas === PLAIN_GAS ? gas : gas + gas / 5n)

/** A block may come between two questions; what differs twice is a contradiction. */
const ATTEMPTS = 2

export async function simulate(
  world: ChainWorld,
  call: Call,
  watched: readonly Address[],
): Promise<Result<Simulation, SimulationFailure>> {
  for (let attempt = 1; ; attempt++) {
    const asked = await runEverywhere(world, call, watched)
    if (!asked.ok) return asked
    const outcomes = asked.value.answers.map(({ value }) => value)
    if (outcomes.length === 0) return fail(refusedByAll(asked.value))
    const agreed = agreedOutcome(outcomes)
    if (agreed?.kind === 'insufficientFunds') return fail({ kind: 'insufficientFunds' })
    if (agreed?.kind === 'reverted')
      return fail({ kind: 'wouldRevert', reason: revertReason(agreed.data, world.abis) })
    if (agreed) return ok({ gasLimit: withMargin(agreed.gas), changes: agreed.changes })
    if (attempt === ATTEMPTS) {
      const { answers, verdicts } = asked.value
      for (const { endpoint } of answers) verdicts.set(endpoint, 'disagreed', 'another outcome of the call')
      return fail(failureOf(verdicts))
    }
  }
}

async function runEverywhere(
  world: ChainWorld,
  call: Call,
  watched: readonly Address[],
): Promise<Result<Answers<Outcome>, SimulationFailure>> {
  const { endpoints, chainId, needed } = world
  const heights = await askAll(endpoints, chainId, async endpoint => {
    const answer = await endpoint.call('eth_blockNumber', [])
    return answer.ok ? ok(countOf(answer.value)) : answer
  })
  if (!heights.ok) return heights
  const height = reachedBy(
    heights.value.answers.map(({ value }) => value),
    needed,
  )
  if (height === undefined) return fail(refusedByAll(heights.value))
  return askAll(endpoints, chainId, endpoint => run(endpoint, call, watched, hexNumber(height)))
}

/** undefined where they contradict each other. Of estimates of gas the greatest is taken, unless they are far apart. */
function agreedOutcome(outcomes: readonly Outcome[]): Outcome | undefined {
  const [first] = outcomes
  if (!first || outcomes.some(({ kind }) => kind !== first.kind)) return undefined
  if (first.kind !== 'done') return first
  const done = outcomes.filter(outcome => outcome.kind === 'done')
  let gas = 0n
  for (const outcome of done) if (outcome.gas > gas) gas = outcome.gas
  if (done.some(outcome => gas > 2n * outcome.gas)) return undefined
  const told = done.map(({ changes }) => changes).filter(changes => changes !== null)
  const [changes = null] = told
  if (told.some(other => keyOf(other) !== keyOf(changes ?? []))) return undefined
  return { kind: 'done', gas, changes }
}

const keyOf = (changes: Changes): string =>
  changes
    .map(({ account, token, change }) => `${account} ${token} ${change}`)
    .sort()
    .join()

async function run(
  endpoint: Endpoint,
  call: Call,
  watched: readonly Address[],
  block: string,
): Promise<Result<Outcome | undefined, RpcFailure>> {
  const request = { from: call.from, to: call.to, value: hexNumber(call.value), input: toHex(call.data) }
  const effect = await effectOf(endpoint, call, request, watched, block)
  if (!effect.ok || effect.value === undefined || effect.value.kind !== 'done') return effect
  const estimate = await endpoint.call('eth_estimateGas', [request, block])
  if (!estimate.ok) return outcomeOfRefusal(estimate.error)
  const gas = quantityOf(estimate.value)
  // No block takes more.
  if (gas === undefined || gas < PLAIN_GAS || gas > 1n << 40n) return ok(undefined)
  return ok({ ...effect.value, gas })
}

async function effectOf(
  endpoint: Endpoint,
  call: Call,
  request: Readonly<Record<string, string>>,
  watched: readonly Address[],
  block: string,
): Promise<Result<Outcome | undefined, RpcFailure>> {
  const options = { blockStateCalls: [{ calls: [request] }], traceTransfers: true, validation: false }
  const simulated = await endpoint.call('eth_simulateV1', [options, block])
  const result = simulated.ok ? v.safeParse(simulatedSchema, simulated.value) : undefined
  const [[outcome] = []] = result?.success ? result.output.map(({ calls }) => calls) : []
  if (outcome) {
    if (outcome.status === '0x0') return ok({ kind: 'reverted', data: outcome.returnData })
    return ok({ kind: 'done', gas: 0n, changes: changesOf(outcome.logs, call, watched) })
  }
  if (!simulated.ok && simulated.error.kind === 'rpcRefused' && isInsufficientFunds(simulated.error.detail))
    return ok({ kind: 'insufficientFunds' })
  // Endpoints without that method say at least whether it reverts.
  const plain = await endpoint.call('eth_call', [request, block])
  return plain.ok ? ok({ kind: 'done', gas: 0n, changes: null }) : outcomeOfRefusal(plain.error)
}

function outcomeOfRefusal(error: RpcFailure): Result<Outcome, RpcFailure> {
  if (error.kind !== 'rpcRefused') return fail(error)
  if (isInsufficientFunds(error.detail)) return ok({ kind: 'insufficientFunds' })
  if (error.data !== undefined) return ok({ kind: 'reverted', data: error.data })
  return /revert/i.test(error.detail) ? ok({ kind: 'reverted', data: '0x' }) : fail(error)
}

const hex = v.pipe(
  v.string(),
  v.regex(/^0x([0-9a-fA-F]{2})*$/),
  v.transform(text => text.toLowerCase() as Hex),
)
const logSchema = v.object({ address: hex, topics: v.array(hex), data: hex })
const simulatedSchema = v.array(
  v.object({
    calls: v.array(
      v.object({
        status: v.picklist(['0x0', '0x1']),
        returnData: hex,
        logs: v.optional(v.array(logSchema), []),
      }),
    ),
  }),
)

/** `Transfer(address,address,uint256)` of ERC-20; eth_simulateV1 gives movements of the coin in the same form. */
export const transferTopic: Hex = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
const coin: Address = `0x${'ee'.repeat(20)}`

function changesOf(
  logs: readonly v.InferOutput<typeof logSchema>[],
  call: Call,
  watched: readonly Address[],
): Changes | null {
  const changes = new Map<string, { account: Address; token: Address | null; change: bigint }>()
  let isCallTraced = call.value === 0n
  for (const { address, topics, data } of logs) {
    const [topic, from, to] = topics
    // ERC-721 has the token's number as a fourth topic, and no amount.
    if (topic !== transferTopic || !from || !to || topics.length !== 3 || data.length !== 66) continue
    const token = address === coin ? null : address
    const amount = BigInt(data)
    const parties = [
      { account: addressOf(from), change: -amount },
      { account: addressOf(to), change: amount },
    ]
    if (
      token === null &&
      parties[0]?.account === call.from &&
      parties[1]?.account === call.to &&
      amount === call.value
    )
      isCallTraced = true
    for (const { account, change } of parties) {
      if (!watched.includes(account)) continue
      const key = `${account} ${token}`
      const known = changes.get(key)
      changes.set(key, { account, token, change: (known?.change ?? 0n) + change })
    }
  }
  // An endpoint that leaves the coin's movements out can't tell what the call costs.
  return isCallTraced ? [...changes.values()].filter(({ change }) => change !== 0n) : null
}

const addressOf = (topic: Hex): Address => `0x${topic.slice(-40)}`
