// Events from several endpoints together: one that leaves some out hides nothing, and what one makes up is the reader's to prove.
import * as v from 'valibot'
import type { Address, Hex } from '../../src/core/bytes.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { rpc } from './rpc.ts'

export interface LogFilter {
  readonly address: Address
  readonly fromBlock: number
  readonly toBlock: number
  /** As `eth_getLogs` takes them: null for any, a list for one of these. */
  readonly topics: readonly (Hex | readonly Hex[] | null)[]
}

export interface FoundLog {
  readonly topics: readonly Hex[]
  readonly data: Hex
}

const hex = v.pipe(
  v.string(),
  v.regex(/^0x([0-9a-f]{2})*$/),
  v.transform(text => text as Hex),
)
const schema = v.array(v.object({ topics: v.pipe(v.array(hex), v.maxLength(4)), data: hex }))

/** A node that refuses a range of one block refuses for another reason than its length. */
const shortest = 1
/** Seconds for one answer. */
const timeoutMs = 20_000

/** All that any endpoint has. Fails with `unproven` where fewer than `minAgreeing` gave the whole range. */
export async function readLogs(
  endpoints: readonly string[],
  minAgreeing: number,
  filter: LogFilter,
): Promise<Result<readonly FoundLog[], Failure>> {
  if (filter.toBlock < filter.fromBlock) return ok([])
  const answers = await Promise.allSettled(endpoints.map(url => ask(url, filter)))
  const whole = answers.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value] : []))
  if (whole.length < minAgreeing) {
    return fail({ kind: 'unproven', detail: `${whole.length} endpoints gave their events` })
  }
  const found = new Map(whole.flat().map(log => [`${log.topics} ${log.data}`, log]))
  return ok([...found.values()])
}

/** Nodes limit the range or the answer: then each half is asked for. */
async function ask(url: string, filter: LogFilter): Promise<readonly FoundLog[]> {
  const { address, fromBlock, toBlock, topics } = filter
  const range = { fromBlock: quantity(fromBlock), toBlock: quantity(toBlock) }
  try {
    return v.parse(schema, await rpc(url, 'eth_getLogs', [{ address, topics, ...range }], timeoutMs))
  } catch (error) {
    if (toBlock - fromBlock < shortest) throw error
    const middle = Math.floor((fromBlock + toBlock) / 2)
    const first = await ask(url, { ...filter, toBlock: middle })
    return [...first, ...(await ask(url, { ...filter, fromBlock: middle + 1 }))]
  }
}

const quantity = (number: number): Hex => `0x${number.toString(16)}`
