// What came to and left an account, without an indexer: its coin by where its state changed, tokens by their events.
import type { ChainFailure } from '../../../app/ports/chain.ts'
import type { Movement, MovementsReading } from '../../../app/ports/walletChain.ts'
import type { Address } from '../../../core/bytes.ts'
import type { Header } from '../../../core/proof/header.ts'
import type { HeaderReading } from '../../../core/proof/headerSource.ts'
import { Verdicts } from '../../../core/proof/verdicts.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import { readAccountState } from './account.ts'
import { type AccountChange, type ChangesReading, findChanges, readState } from './accountChanges.ts'
import { failureOf } from './ask.ts'
import { movementsIn, type OwnTransaction, ownTransactions } from './blockMovements.ts'
import { findTransfers, type TokenTransfer, type TransfersReading } from './tokenTransfers.ts'
import { headerAt } from './transaction.ts'
import type { ChainWorld } from './world.ts'

/** Blocks that are looked into at a time. */
const AT_ONCE = 4

/** One search: up to the agreed header, from `wanted` on. */
interface Search {
  readonly world: ChainWorld
  readonly address: Address
  readonly tokens: readonly Address[]
  readonly reading: HeaderReading
  readonly verdicts: Verdicts
  readonly wanted: number
  readonly hasTime: () => boolean
}

/**
 * The account's present state is proven, and what the blocks did to it must lead there, so that no endpoint can invent income;
 * it could hide a token's transfer where no other one is asked. Of a contract's account, which spends without transactions of
 * its own, what came and left between two equal states is not seen.
 */
export async function movementsOf(
  world: ChainWorld,
  address: Address,
  tokens: readonly Address[],
  fromBlock: number | null,
): Promise<Result<MovementsReading, ChainFailure>> {
  const newest = await world.newest()
  if (!newest.ok) return newest
  const { header, endpoints } = newest.value
  const wanted = fromBlock ?? 0
  if (wanted > header.number) return ok({ movements: [], fromBlock: wanted, toBlock: header.number })
  const until = performance.now() + world.rpc.searchMs
  const search: Search = {
    world,
    address,
    tokens,
    reading: newest.value,
    verdicts: new Verdicts(endpoints),
    wanted,
    hasTime: () => performance.now() < until,
  }
  const [coin, transfers] = await Promise.all([searchCoin(search), searchTokens(search)])
  if (!coin.ok) return coin
  if (!transfers.ok) return transfers
  const from = Math.max(wanted, coin.value.completeFrom, transfers.value.completeFrom)
  const movements = await describe(
    search,
    coin.value.changes.filter(({ block }) => block >= from),
    transfers.value.transfers.filter(({ block }) => block >= from),
  )
  return movements.ok
    ? ok({ movements: movements.value, fromBlock: from, toBlock: header.number })
    : movements
}

/** From the endpoint that goes back furthest, the first that goes back far enough. */
async function searchCoin(search: Search): Promise<Result<ChangesReading, ChainFailure>> {
  const { world, address, reading, verdicts, wanted, hasTime } = search
  const { header } = reading
  const present = await readAccountState(world.endpoints, address, header, verdicts)
  if (!present.ok) return present
  const { balance, nonce, isProven } = present.value
  let best: ChangesReading | undefined
  for (const endpoint of verdicts.usable(world.endpoints)) {
    const said = await readState(endpoint, address, header.number)
    if (said && isProven && (said.balance !== balance || said.nonce !== nonce)) {
      verdicts.set(endpoint, 'badProof', 'another balance than the one that is proven')
      continue
    }
    if (!said) continue
    const range = { low: Math.max(wanted - 1, 0), high: header.number, after: said }
    const found = await findChanges(endpoint, address, range, hasTime)
    if (!best || found.completeFrom < best.completeFrom) best = found
    if (best.completeFrom <= wanted || !hasTime()) break
  }
  return best ? ok(best) : fail(failureOf(verdicts))
}

/** From as many endpoints as must agree: what one leaves out or invents, the others show. */
async function searchTokens(search: Search): Promise<Result<TransfersReading, ChainFailure>> {
  const { world, address, tokens, reading, verdicts, wanted, hasTime } = search
  const { header, doubt } = reading
  const range = { fromBlock: wanted, toBlock: header.number }
  const asked = verdicts.usable(world.endpoints).slice(0, doubt === 'oneEndpoint' ? 1 : world.needed)
  const answers = await Promise.all(
    asked.map(endpoint => findTransfers(endpoint, address, tokens, range, hasTime)),
  )
  const readings = answers.filter(({ completeFrom }) => completeFrom <= header.number)
  const [furthest] = readings.toSorted((a, b) => a.completeFrom - b.completeFrom)
  if (!furthest) return fail(failureOf(verdicts))
  const common = Math.max(...readings.map(({ completeFrom }) => completeFrom))
  const lists = new Set(readings.map(({ transfers }) => listed(transfers, common)))
  if (lists.size === 1) return ok(furthest)
  for (const endpoint of asked) verdicts.set(endpoint, 'disagreed', 'other transfers of tokens')
  return fail(failureOf(verdicts))
}

const listed = (transfers: readonly TokenTransfer[], from: number): string =>
  transfers
    .filter(({ block }) => block >= from)
    .map(each => [each.block, each.index, each.token, each.from, each.to, each.amount].join(' '))
    .sort()
    .join()

/** The newest first. */
async function describe(
  search: Search,
  changes: readonly AccountChange[],
  transfers: readonly TokenTransfer[],
): Promise<Result<readonly Movement[], ChainFailure>> {
  const blocks = [...new Set([...changes, ...transfers].map(({ block }) => block))].sort((a, b) => b - a)
  const movements: Movement[] = []
  for (let i = 0; i < blocks.length; i += AT_ONCE) {
    const looks = await Promise.all(
      blocks.slice(i, i + AT_ONCE).map(block => {
        const change = changes.find(each => each.block === block) ?? null
        const moved = transfers.filter(each => each.block === block).sort((a, b) => a.index - b.index)
        return describeBlock(search, block, change, moved)
      }),
    )
    for (const look of looks) {
      if (!look.ok) return look
      movements.push(...look.value)
    }
  }
  return ok(movements)
}

async function describeBlock(
  { world, address, reading, verdicts }: Search,
  block: number,
  change: AccountChange | null,
  transfers: readonly TokenTransfer[],
): Promise<Result<readonly Movement[], ChainFailure>> {
  const header = await headerAt(world, block, reading, verdicts)
  if (!header) return fail(failureOf(verdicts))
  const transactions = change ? await transactionsIn(world, address, header, verdicts) : []
  if (!transactions) return fail(failureOf(verdicts))
  return ok(movementsIn(address, header, change, transactions, transfers))
}

/** Empty where nobody keeps the block any more: then the change itself is all that can be told. undefined: try again later. */
async function transactionsIn(
  world: ChainWorld,
  address: Address,
  header: Header,
  verdicts: Verdicts,
): Promise<readonly OwnTransaction[] | undefined> {
  let isUnreachable = false
  for (const endpoint of verdicts.usable(world.endpoints)) {
    const read = await ownTransactions(endpoint, address, header, verdicts)
    if (read.kind === 'read') return read.transactions
    isUnreachable ||= read.kind === 'unreachable'
  }
  return isUnreachable ? undefined : []
}
