// The Market's chain: state by proof against an agreed block, events from every endpoint that tells, each checked by its hash.
import { deviceRegistryLayout } from '../../../../contracts/generated/DeviceRegistry.ts'
import { marketLayout } from '../../../../contracts/generated/Market.ts'
import type { ChainFailure } from '../../../app/ports/chain.ts'
import type { MarketChain } from '../../../app/ports/marketChain.ts'
import { type Address, bytesEqual, type Hex, toHex } from '../../../core/bytes.ts'
import type { Endpoint } from '../../../core/proof/endpoint.ts'
import { headerFromRpc } from '../../../core/proof/header.ts'
import { readStorage } from '../../../core/proof/storage.ts'
import { Verdicts } from '../../../core/proof/verdicts.ts'
import { deviceSlots } from '../../../core/registry/deviceState.ts'
import type { DeviceConfig } from '../../../core/registry/deviceStatements.ts'
import { marketSlots } from '../../../core/registry/marketState.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import { type Log, readLogs } from '../logs.ts'
import { askAll, failureOf, hexNumber, quantityOf, reachedBy, refusedByAll } from '../wallet/ask.ts'
import { isEventProven } from '../wallet/transaction.ts'
import { ChainWorld, type WalletChainOptions, type WalletChainSettings } from '../wallet/world.ts'
import { anchorOf, anchorsOf } from './anchors.ts'
import { grantedBlock } from './grantedBlock.ts'
import { readFiledConfig, readFulfilled, readOfferMade, readOrdered, topics } from './marketEvents.ts'
import { tokenAllowance } from './tokenAllowance.ts'

export interface MarketChainSettings extends WalletChainSettings {
  readonly market: Address
  /** Where logs are anchored, where the network has one. */
  readonly anchors?: Address | undefined
}

interface Query {
  readonly topics: readonly (Hex | readonly Hex[] | null)[]
  readonly fromBlock: number
  readonly toBlock?: number
}

type ReadEvent<T> = (log: Log) => (T & { readonly id: string }) | undefined

export function createMarketChain(settings: MarketChainSettings, options: WalletChainOptions): MarketChain {
  const world = new ChainWorld(settings, options)
  const { market, deviceRegistry, anchors } = settings

  /** Of all endpoints together, newest first: what one leaves out another has, and what one makes up is seen by its hash. */
  async function events<T>(query: Query, read: ReadEvent<T>): Promise<Result<readonly T[], ChainFailure>> {
    const found = await eventsUpTo(query, read)
    return found.ok ? ok(found.value.found) : found
  }

  /** `upTo`: the last block that enough of them were asked up to; null where too few answered. */
  async function eventsUpTo<T>(
    query: Query,
    read: ReadEvent<T>,
  ): Promise<Result<{ readonly found: readonly T[]; readonly upTo: number | null }, ChainFailure>> {
    const asked = await askAll(world.endpoints, world.chainId, async endpoint => {
      const head = query.toBlock ?? (await newestBlock(endpoint))
      if (head === undefined) return ok(undefined)
      const logs = await readLogs(endpoint, {
        address: market,
        topics: query.topics,
        fromBlock: Math.min(query.fromBlock, head),
        toBlock: head,
      })
      return logs.ok ? ok({ logs: logs.value, head }) : logs
    })
    if (!asked.ok) return asked
    const { answers } = asked.value
    if (answers.length === 0) return fail(refusedByAll(asked.value))
    const found = new Map<string, { readonly value: T; readonly block: number }>()
    for (const { value } of answers) {
      for (const log of value.logs) {
        const each = read(log)
        if (each && !found.has(each.id)) found.set(each.id, { value: each, block: log.blockNumber })
      }
    }
    const heads = answers.map(({ value }) => value.head)
    return ok({
      found: [...found.values()].sort((a, b) => b.block - a.block).map(({ value }) => value),
      upTo: heads.length < world.needed ? null : (reachedBy(heads, world.needed) ?? null),
    })
  }

  return {
    async read(question) {
      const newest = await world.newest()
      if (!newest.ok) return newest
      const { header, endpoints } = newest.value
      const verdicts = new Verdicts(endpoints)
      const slots = marketSlots(marketLayout, question)
      const storage = await readStorage(world.endpoints, market, slots.all, header, verdicts)
      if (!storage.ok) return fail(failureOf(verdicts))
      const evidence = world.evidence(newest.value, storage.value.isProven, verdicts)
      return ok({ ...slots.decode(storage.value.words), evidence })
    },
    async findOffer(offerId, block) {
      const wanted = { topics: [topics.offerMade, offerId] }
      const read = (log: Log) => withId(readOfferMade(log), 'offerId')
      const near =
        block === null ? undefined : await events({ ...wanted, fromBlock: block, toBlock: block }, read)
      if (near?.ok && near.value[0]) return ok(near.value[0])
      const found = await events({ ...wanted, fromBlock: 0 }, read)
      return found.ok ? ok(found.value.at(-1) ?? null) : found
    },
    offersOf: deviceId =>
      events({ topics: [topics.offerMade, null, deviceId], fromBlock: 0 }, log =>
        withId(readOfferMade(log), 'offerId'),
      ),
    async ordersOf(offers, fromBlock) {
      if (offers.length === 0) return ok({ orders: [], upTo: null })
      const found = await eventsUpTo({ topics: [topics.ordered, null, offers], fromBlock }, log =>
        withId(readOrdered(log), 'orderId'),
      )
      return found.ok ? ok({ orders: found.value.found, upTo: found.value.upTo }) : found
    },
    async timesOf(blocks) {
      const times = new Map<number, number>()
      for (const endpoint of world.endpoints) {
        for (const number of new Set(blocks)) {
          if (times.has(number)) continue
          const block = await endpoint.call('eth_getBlockByNumber', [hexNumber(number), false])
          // One that does not answer would not answer for the next either.
          if (!block.ok) break
          const header = headerFromRpc(block.value)
          if (header.ok && header.value.number === number) times.set(number, header.value.timestamp)
        }
        if (times.size === new Set(blocks).size) break
      }
      return times
    },
    fulfilled: (orderId, fromBlock) =>
      events({ topics: [topics.fulfilled, orderId], fromBlock }, log => {
        const grant = readFulfilled(log)
        return grant && { ...grant, id: `${grant.epoch}/${toHex(grant.signature)}` }
      }),
    grantedInstant: (deviceId, grantDigests, fromBlock) =>
      grantedBlock(world, market, { deviceId, grantDigests, fromBlock }),
    async filedConfig(deviceId) {
      if (!deviceRegistry) return ok(null)
      const newest = await world.newest()
      if (!newest.ok) return newest
      const { header, endpoints } = newest.value
      const verdicts = new Verdicts(endpoints)
      const slots = deviceSlots(deviceRegistryLayout, deviceId)
      const storage = await readStorage(world.endpoints, deviceRegistry, slots.all, header, verdicts)
      if (!storage.ok) return fail(failureOf(verdicts))
      const { config } = slots.decode(storage.value.words)
      if (!config) return ok(null)
      let claimed: DeviceConfig | null = null
      for (const endpoint of verdicts.usable(world.endpoints)) {
        const logs = await readLogs(endpoint, {
          address: deviceRegistry,
          topics: [topics.configFiled, deviceId],
          fromBlock: 0,
          toBlock: header.number,
        })
        for (const log of logs.ok ? logs.value.toReversed() : []) {
          const filed = readFiledConfig(log)
          // All but the attestors stands in the storage, too: there is one text of a version, for the device signs no other.
          const isIt =
            filed?.version === config.version &&
            filed.epoch === config.epoch &&
            filed.market === config.market &&
            bytesEqual(filed.issuerKey, config.issuerKey)
          if (!isIt) continue
          const isProven =
            newest.value.doubt === null &&
            storage.value.isProven &&
            (await isEventProven(world, log, newest.value, verdicts))
          if (isProven) return ok({ config: filed, isProven })
          claimed ??= filed
        }
      }
      return ok(claimed && { config: claimed, isProven: false })
    },
    anchorOf: (author, logId) => anchorOf(world, anchors, { author, logId }),
    anchorsOf: (author, logId) => anchorsOf(world, anchors, { author, logId }),
    async finalitySeconds() {
      const newest = await world.newest()
      if (!newest.ok) return newest
      const asked = await askAll(world.endpoints, world.chainId, async endpoint => {
        const block = await endpoint.call('eth_getBlockByNumber', ['latest', false])
        if (!block.ok) return block
        const header = headerFromRpc(block.value)
        return ok(header.ok ? header.value.timestamp : undefined)
      })
      if (!asked.ok) return asked
      const latest = reachedBy(
        asked.value.answers.map(({ value }) => value),
        world.needed,
      )
      if (latest === undefined) return fail(refusedByAll(asked.value))
      return ok(Math.max(0, latest - newest.value.header.timestamp))
    },
    tokenAllowance: (token, owner) => tokenAllowance(world, { token, owner, spender: market }),
  }
}

async function newestBlock(endpoint: Endpoint): Promise<number | undefined> {
  const answer = await endpoint.call('eth_blockNumber', [])
  const number = answer.ok ? quantityOf(answer.value) : undefined
  return number === undefined ? undefined : Number(number)
}

const withId = <T extends object, K extends keyof T>(found: T | undefined, key: K) =>
  found && { ...found, id: String(found[key]) }
