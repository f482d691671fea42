// What gas costs now: the middle of what endpoints say, so that one that lies makes nobody pay.
import * as v from 'valibot'
import type { ChainFailure } from '../../../app/ports/chain.ts'
import type { FeeReading } from '../../../app/ports/walletChain.ts'
import type { Endpoint, RpcFailure } from '../../../core/proof/endpoint.ts'
import { ok, type Result } from '../../../core/result.ts'
import { askAll, hexNumber, quantityOf, refusedByAll } from './ask.ts'
import type { ChainWorld } from './world.ts'

/** Long enough for a usual tip to show, short enough to be of now. */
const BLOCKS = 20
/** Of the gas used in a block: what the cheaper, the usual and the dearer transactions paid. */
const PERCENTILES = [10, 50, 90]
/** Gwei, in wei. */
const GWEI = 1_000_000_000n
/** More than any chain has asked for more than minutes. A base fee that was really higher only keeps us waiting. */
const MAX_BASE_FEE = 10_000n * GWEI
/** A tip is paid as it is signed, unlike the base fee. */
const MAX_TIP = 1_000n * GWEI
const DEFAULT_BLOCK_SECONDS = 12

export async function readFees(world: ChainWorld): Promise<Result<FeeReading, ChainFailure>> {
  const asked = await askAll(world.endpoints, world.chainId, readFrom)
  if (!asked.ok) return asked
  const readings = asked.value.answers.map(({ value }) => value)
  if (readings.length === 0) return { ok: false, error: refusedByAll(asked.value) }
  const middleOf = (pick: (reading: FeeReading) => bigint, cap: bigint) =>
    lesser(middle(readings.map(pick)), cap)
  return ok({
    baseFee: middleOf(({ baseFee }) => baseFee, MAX_BASE_FEE),
    tips: {
      slow: middleOf(({ tips }) => tips.slow, MAX_TIP),
      normal: middleOf(({ tips }) => tips.normal, MAX_TIP),
      fast: middleOf(({ tips }) => tips.fast, MAX_TIP),
    },
    blockSeconds:
      Number(middle(readings.map(({ blockSeconds }) => BigInt(Math.round(blockSeconds * 1000))))) / 1000,
  })
}

const quantity = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-fA-F]{1,40}$/),
  v.transform(text => BigInt(text)),
)
const historySchema = v.object({
  oldestBlock: quantity,
  baseFeePerGas: v.pipe(v.array(quantity), v.minLength(1), v.maxLength(BLOCKS + 1)),
  reward: v.optional(v.nullable(v.array(v.array(quantity)))),
})
const blockSchema = v.object({ number: quantity, timestamp: quantity })

async function readFrom(endpoint: Endpoint): Promise<Result<FeeReading | undefined, RpcFailure>> {
  const answer = await endpoint.call('eth_feeHistory', [hexNumber(BLOCKS), 'latest', PERCENTILES])
  if (!answer.ok) return answer
  const history = v.safeParse(historySchema, answer.value)
  if (!history.success) return ok(undefined)
  const { oldestBlock, baseFeePerGas, reward } = history.output
  const tipAt = (index: number): bigint => {
    // Blocks without transactions say 0 for lack of any, which is no tip that was enough for anybody.
    const tips = (reward ?? []).map(block => block[index] ?? 0n).filter(tip => tip > 0n)
    return tips.length === 0 ? 0n : middle(tips)
  }
  // Where nobody has sent anything, the node's own advice: most that make blocks take nothing without a tip.
  const slow = tipAt(0) || (await suggestedTip(endpoint))
  const normal = greater(slow, tipAt(1))
  const fast = greater(normal, tipAt(2))
  return ok({
    // The last is that of the block to come.
    baseFee: baseFeePerGas.at(-1) ?? 0n,
    tips: { slow, normal, fast },
    blockSeconds: await blockSecondsOf(endpoint, oldestBlock),
  })
}

async function suggestedTip(endpoint: Endpoint): Promise<bigint> {
  const answer = await endpoint.call('eth_maxPriorityFeePerGas', [])
  return (answer.ok ? quantityOf(answer.value) : undefined) ?? 0n
}

async function blockSecondsOf(endpoint: Endpoint, oldest: bigint): Promise<number> {
  const [first, last] = await Promise.all(
    [hexNumber(oldest), 'latest'].map(async block => {
      const answer = await endpoint.call('eth_getBlockByNumber', [block, false])
      const parsed = answer.ok ? v.safeParse(blockSchema, answer.value) : undefined
      return parsed?.success ? parsed.output : undefined
    }),
  )
  if (!first || !last || last.number <= first.number || last.timestamp < first.timestamp)
    return DEFAULT_BLOCK_SECONDS
  const seconds = Number(last.timestamp - first.timestamp) / Number(last.number - first.number)
  return Math.min(Math.max(seconds, 0.1), 600)
}

/** Of an even number of values the lower of the two in the middle: whoever exaggerates must be a majority. */
function middle(values: readonly bigint[]): bigint {
  const rising = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return rising[Math.floor((rising.length - 1) / 2)] ?? 0n
}

const greater = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b)
