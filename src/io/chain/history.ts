// What lies in events, checked against the storage word that commits to it: the head's manifest, the revocation list.
import type { Address, Hex } from '../../core/bytes.ts'
import type { Endpoint } from '../../core/proof/endpoint.ts'
import type { ModelId } from '../../core/registry/model.ts'
import type { RegistryState } from '../../core/registry/registryState.ts'
import type { Head, Revocation } from '../../core/registry/release.ts'
import { foldRevocations } from '../../core/registry/revocations.ts'
import { type Released, readReleased, readRevoked, releasedTopic, revokedTopic } from './events.ts'
import { readLogs } from './logs.ts'

export interface HistoryScope {
  readonly registry: Address
  readonly modelId: ModelId
  /** Blocks that can hold events of this model, both included. */
  readonly firstBlock: number
  readonly lastBlock: number
}

/**
 * Block numbers in the registry's storage are hints: some chains' contracts count another chain's blocks, which are
 * fewer, so that the range only gets longer. One that is out of range is not used.
 */
export function firstBlockOf(
  state: RegistryState,
  deployedAt: number | undefined,
  lastBlock: number,
): number {
  const created = state.createdBlock <= lastBlock ? state.createdBlock : 0
  return Math.min(Math.max(created, deployedAt ?? 0), lastBlock)
}

/** The `Released` event whose manifest hashes to the head's; undefined where no endpoint has it. */
export async function findManifest(
  endpoints: readonly Endpoint[],
  scope: HistoryScope,
  channel: Hex,
  head: Head,
  headBlock: number,
): Promise<Released | undefined> {
  const search = async (endpoint: Endpoint, fromBlock: number, toBlock: number) => {
    const topics = [releasedTopic, scope.modelId, channel]
    const logs = await readLogs(endpoint, { address: scope.registry, topics, fromBlock, toBlock })
    if (!logs.ok) return undefined
    const events = logs.value.map(readReleased).filter(event => event !== undefined)
    return events.find(event => event.manifestHash === head.manifestHash)
  }
  if (headBlock >= scope.firstBlock && headBlock <= scope.lastBlock) {
    for (const endpoint of endpoints) {
      const found = await search(endpoint, headBlock, headBlock)
      if (found) return found
    }
  }
  for (const endpoint of endpoints) {
    const range = await findByTimestamp(endpoint, scope, head.updatedAt)
    const found = range && (await search(endpoint, range.first, range.last))
    if (found) return found
  }
  return undefined
}

/** The blocks of one second, by bisection over the timestamps that an endpoint says. */
async function findByTimestamp(
  endpoint: Endpoint,
  { firstBlock, lastBlock }: HistoryScope,
  timestamp: number,
): Promise<{ first: number; last: number } | undefined> {
  const first = await firstBlockWith(endpoint, firstBlock, lastBlock, time => time >= timestamp)
  if (first === undefined) return undefined
  const next = await firstBlockWith(endpoint, first, lastBlock, time => time > timestamp)
  return next === undefined ? undefined : { first, last: next - 1 }
}

/** The lowest block in the range whose timestamp is `late`, `to + 1` where none is; undefined without answers. */
async function firstBlockWith(
  endpoint: Endpoint,
  from: number,
  to: number,
  isLate: (timestamp: number) => boolean,
): Promise<number | undefined> {
  let low = from
  let high = to + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const block = await endpoint.call('eth_getBlockByNumber', [`0x${middle.toString(16)}`, false])
    const timestamp = block.ok ? timestampOf(block.value) : undefined
    if (timestamp === undefined) return undefined
    if (isLate(timestamp)) high = middle
    else low = middle + 1
  }
  return low
}

function timestampOf(block: unknown): number | undefined {
  if (typeof block !== 'object' || block === null || !('timestamp' in block)) return undefined
  return typeof block.timestamp === 'string' ? Number(block.timestamp) : undefined
}

/** The list up to and including `lastBlock`, as read before. A wrong one costs time and is not believed. */
export interface KnownRevocations {
  readonly list: readonly Revocation[]
  readonly lastBlock: number
}

/** The complete list: the events that fold to `accumulator`; undefined where no endpoint hands them all out. */
export async function findRevocations(
  endpoints: readonly Endpoint[],
  scope: HistoryScope,
  accumulator: Hex,
  known: KnownRevocations | undefined,
): Promise<readonly Revocation[] | undefined> {
  if (accumulator === scope.modelId) return []
  if (known && foldRevocations(scope.modelId, known.list) === accumulator) return known.list
  const starts = [{ list: [] as readonly Revocation[], fromBlock: scope.firstBlock }]
  if (known && known.lastBlock < scope.lastBlock)
    starts.unshift({ list: known.list, fromBlock: known.lastBlock + 1 })
  for (const { list, fromBlock } of starts) {
    for (const endpoint of endpoints) {
      const topics = [revokedTopic, scope.modelId]
      const logs = await readLogs(endpoint, {
        address: scope.registry,
        topics,
        fromBlock,
        toBlock: scope.lastBlock,
      })
      if (!logs.ok) continue
      const complete = [...list, ...logs.value.map(readRevoked).filter(event => event !== undefined)]
      if (foldRevocations(scope.modelId, complete) === accumulator) return complete
    }
  }
  return undefined
}
