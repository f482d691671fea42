// The block in which the Market granted at once, whole, as a chain proof is built of it. Whoever builds it checks its roots.
import * as v from 'valibot'
import type { ChainFailure } from '../../../app/ports/chain.ts'
import type { GrantedBlock } from '../../../app/ports/marketChain.ts'
import type { Address, Hex } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import type { Endpoint } from '../../../core/proof/endpoint.ts'
import { Verdicts } from '../../../core/proof/verdicts.ts'
import { ok, type Result } from '../../../core/result.ts'
import { readLogs } from '../logs.ts'
import { hexNumber } from '../wallet/ask.ts'
import { headerAt } from '../wallet/transaction.ts'
import type { ChainWorld } from '../wallet/world.ts'
import { topics } from './marketEvents.ts'

interface Wanted {
  readonly deviceId: DeviceId
  readonly grantDigests: readonly Hex[]
  readonly fromBlock: number
}

const receiptSchema = v.object({ transactionHash: v.string(), transactionIndex: v.string() })

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
    const whole = agreed && (await wholeBlock(endpoint, log.blockNumber))
    const transactionIndex = whole && indexOf(whole.receipts, log.transaction)
    if (!agreed || !whole || transactionIndex === undefined) continue
    return ok({ ...whole, grantDigest, number: agreed.number, hash: agreed.hash, transactionIndex })
  }
  return ok(null)
}

async function wholeBlock(endpoint: Endpoint, number: number) {
  const [block, receipts] = await Promise.all([
    endpoint.call('eth_getBlockByNumber', [hexNumber(number), false]),
    endpoint.call('eth_getBlockReceipts', [hexNumber(number)]),
  ])
  return block.ok && receipts.ok ? { block: block.value, receipts: receipts.value } : undefined
}

function indexOf(receipts: unknown, hash: Hex): number | undefined {
  const parsed = v.safeParse(v.array(receiptSchema), receipts)
  const found = parsed.success
    ? parsed.output.find(({ transactionHash }) => transactionHash.toLowerCase() === hash)
    : undefined
  return found && Number(found.transactionIndex)
}
