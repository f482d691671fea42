// Event logs of contracts from one endpoint, in the pieces that it is willing to give.
import * as v from 'valibot'
import { type Address, type Bytes, fromHex, type Hex } from '../../core/bytes.ts'
import type { Endpoint, RpcFailure } from '../../core/proof/endpoint.ts'
import { fail, ok, type Result } from '../../core/result.ts'

export interface Log {
  readonly address: Address
  readonly topics: readonly Hex[]
  readonly data: Bytes
  readonly blockNumber: number
  readonly transaction: Hex
  /** Within the block. */
  readonly index: number
}

export interface LogQuery {
  /** Of one contract, or of any of some. */
  readonly address: Address | readonly Address[]
  /** From the first topic on, each exact, one of several, or null for any; an event may have more. */
  readonly topics: readonly (Hex | readonly Hex[] | null)[]
  readonly fromBlock: number
  readonly toBlock: number
}

/** Requests for one query: a bound on what a chain's whole history may cost. */
const maxRequests = 512

const hex = v.pipe(
  v.string(),
  v.regex(/^0x([0-9a-fA-F]{2})*$/),
  v.transform(text => text.toLowerCase() as Hex),
)
const word = v.pipe(hex, v.length(66))
const quantity = v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{1,12}$/), v.transform(Number))
const logsSchema = v.array(
  v.object({
    address: hex,
    topics: v.pipe(v.array(word), v.maxLength(4)),
    data: hex,
    blockNumber: quantity,
    logIndex: quantity,
    transactionHash: word,
  }),
)

/**
 * In the order of the chain. Endpoints limit how many blocks one request may span, each in words of its own: a refused
 * span is tried again by halves, until it is one block.
 */
export async function readLogs(
  endpoint: Endpoint,
  query: LogQuery,
): Promise<Result<readonly Log[], RpcFailure>> {
  const found: Log[] = []
  let span = query.toBlock - query.fromBlock + 1
  let from = query.fromBlock
  for (let request = 0; from <= query.toBlock; request++) {
    if (request === maxRequests) return fail({ kind: 'rpcRefused', detail: 'gives logs in too small pieces' })
    const to = Math.min(from + span - 1, query.toBlock)
    const part = await readPart(endpoint, { ...query, fromBlock: from, toBlock: to })
    if (part.ok) {
      found.push(...part.value)
      from = to + 1
    } else if (part.error.kind === 'rpcRefused' && to > from) {
      span = Math.max(1, Math.floor((to - from + 1) / 2))
    } else {
      return part
    }
  }
  return ok(found)
}

/** The whole range in one request. */
export async function readPart(
  endpoint: Endpoint,
  query: LogQuery,
): Promise<Result<readonly Log[], RpcFailure>> {
  const answer = await endpoint.call('eth_getLogs', [
    {
      address: query.address,
      topics: query.topics,
      fromBlock: `0x${query.fromBlock.toString(16)}`,
      toBlock: `0x${query.toBlock.toString(16)}`,
    },
  ])
  if (!answer.ok) return answer
  const parsed = v.safeParse(logsSchema, answer.value)
  if (!parsed.success) return fail({ kind: 'rpcUnreachable', detail: 'malformed logs' })
  const logs = parsed.output
    .filter(
      log =>
        isAnyOf(query.address, log.address) &&
        log.blockNumber >= query.fromBlock &&
        log.blockNumber <= query.toBlock &&
        query.topics.every((topic, i) => topic === null || isAnyOf(topic, log.topics[i])),
    )
    .sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex)
    .map(({ address, topics, data, blockNumber, transactionHash, logIndex }) => ({
      address,
      topics,
      data: fromHex(data) ?? new Uint8Array(),
      blockNumber,
      transaction: transactionHash,
      index: logIndex,
    }))
  return ok(logs)
}

const isAnyOf = (wanted: Hex | readonly Hex[], given: Hex | undefined): boolean =>
  given !== undefined && (typeof wanted === 'string' ? wanted === given : wanted.includes(given))
