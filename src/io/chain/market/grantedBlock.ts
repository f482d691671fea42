// The block in which the Market granted at once, whole, as a chain proof is built of it.
import * as v from 'valibot'
import type { ChainFailure } from '../../../app/ports/chain.ts'
import type { GrantedBlock } from '../../../app/ports/marketChain.ts'
import type { Address, Hex } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { receiptsFromRpc } from '../../../core/proof/blockBody.ts'
import type { Endpoint } from '../../../core/proof/endpoint.ts'
import { type Header, headerFromRpc } from '../../../core/proof/header.ts'
import { orderedTrieRoot } from '../../../core/proof/orderedTrie.ts'
import { Verdicts } from '../../../core/proof/verdicts.ts'
import { ok, type Result } from '../../../core/result.ts'
import { type Log, readLogs } from '../logs.ts'
import { hexNumber } from '../wallet/ask.ts'
import { headerAt } from '../wallet/transaction.ts'
import type { ChainWorld } from '../wallet/world.ts'
import { topics } from './marketEvents.ts'

interface Wanted {
  readonly deviceId: DeviceId
  readonly grantDigests: readonly Hex[]
  readonly fromBlock: number
}

const receiptSchema = v.object({
  logs: v.array(v.object({ address: v.string(), topics: v.array(v.string()) })),
})

/** null where no final block has one, or nobody hands it out. */
export async function grantedBlock(
  world: ChainWorld,
  market: Address,
  { deviceId, grantDigests, fromBlock }: Wanted,
): Promise<Result<GrantedBlock | null, ChainFailure>> {
  const newest = await world.newest()
  if (!newest.ok) return newest
  const { header, endpoints } = newest.value
  const verdicts = new Verdicts(endpoints)
  for (const endpoint of verdicts.usable(world.endpoints)) {
    const logs = await readLogs(endpoint, {
      address: market,
      topics: [topics.grantedInstant, deviceId, grantDigests],
      fromBlock: Math.min(fromBlock, header.number),
      toBlock: header.number,
    })
    const log = logs.ok ? logs.value.at(-1) : undefined
    const grantDigest = log?.topics[2]
    if (!log || grantDigest === undefined) continue
    // Of the same chain as all else: a block that only one of them has is none.
    const agreed = await headerAt(world, log.blockNumber, newest.value, verdicts)
    const whole = agreed && (await wholeBlock(endpoint, agreed))
    const transactionIndex = whole && indexOf(whole.receipts, log)
    if (!agreed || !whole || transactionIndex === undefined) continue
    return ok({ ...whole, grantDigest, number: agreed.number, hash: agreed.hash, transactionIndex })
  }
  return ok(null)
}

/** undefined where the endpoint has none of this hash, or other receipts: what it makes up is not what others have. */
async function wholeBlock(endpoint: Endpoint, { number, hash, receiptsRoot }: Header) {
  const [block, receipts] = await Promise.all([
    endpoint.call('eth_getBlockByNumber', [hexNumber(number), false]),
    endpoint.call('eth_getBlockReceipts', [hexNumber(number)]),
  ])
  if (!block.ok || !receipts.ok) return undefined
  const header = headerFromRpc(block.value)
  const encoded = receiptsFromRpc(receipts.value)
  const isIt =
    header.ok && header.value.hash === hash && encoded.ok && orderedTrieRoot(encoded.value) === receiptsRoot
  return isIt ? { block: block.value, receipts: receipts.value } : undefined
}

/** Of the transaction whose receipt has this event. */
function indexOf(receipts: unknown, { address, topics: wanted }: Log): number | undefined {
  const parsed = v.safeParse(v.array(receiptSchema), receipts)
  const index = parsed.success
    ? parsed.output.findIndex(({ logs }) =>
        logs.some(
          log => log.address.toLowerCase() === address && log.topics.join().toLowerCase() === wanted.join(),
        ),
      )
    : -1
  return index === -1 ? undefined : index
}
