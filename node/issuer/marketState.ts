// What the chain's state proves at one final block: orders, Configs, owners, and what was earned.
import { deviceRegistryLayout } from '../../contracts/generated/DeviceRegistry.ts'
import { marketLayout } from '../../contracts/generated/Market.ts'
import type { Address, Bytes, Hex } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import type { Header } from '../../src/core/proof/header.ts'
import type { Words } from '../../src/core/proof/storage.ts'
import { deviceSlots } from '../../src/core/registry/deviceState.ts'
import {
  type MarketQuestion,
  marketSlots,
  type OrderStorage,
  type MarketState as StateOfMarket,
} from '../../src/core/registry/marketState.ts'
import type { OfferId, OrderId } from '../../src/core/registry/marketStatements.ts'
import { type Failure, ok, type Result } from '../../src/core/result.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { type ChainLocation, readWordsAt } from '../chain/provenStorage.ts'

export interface MarketContracts {
  readonly market: Address
  readonly deviceRegistry: Address
}

export interface DeviceOnChain {
  /** null: nobody has claimed it. */
  readonly owner: Address | null
  readonly account: Address | null
  readonly isReported: boolean
  readonly config: {
    /** x || y, 64 bytes. */
    readonly issuerKey: Bytes
    readonly market: Address
    readonly epoch: number
  }
}

/** Nodes limit how many slots one proof has. */
const maxSlots = 64

/** Reads at `block`, from any of `location`'s endpoints: what they say counts only as far as they prove it. */
export function marketState(location: ChainLocation, contracts: MarketContracts, block: Header) {
  async function words(contract: Address, slots: readonly Hex[]): Promise<Result<Words, Failure>> {
    const all = new Map<Hex, bigint>()
    for (let from = 0; from < slots.length; from += maxSlots) {
      const asked = slots.slice(from, from + maxSlots)
      const read = await readWordsAt(location, contract, asked, block)
      if (!read.ok) return read
      for (const [i, slot] of asked.entries()) all.set(slot, read.value[i] ?? 0n)
    }
    return ok(all)
  }
  async function inMarket(question: MarketQuestion): Promise<Result<StateOfMarket, Failure>> {
    const slots = marketSlots(marketLayout, question)
    const read = await words(contracts.market, slots.all)
    return read.ok ? ok(slots.decode(read.value)) : read
  }

  return {
    async orders(ids: readonly OrderId[]): Promise<Result<ReadonlyMap<OrderId, OrderStorage>, Failure>> {
      const read = await inMarket({ orders: ids })
      return read.ok ? ok(read.value.orders) : read
    },
    /** Whether each of these was made. */
    async areOffers(ids: readonly OfferId[]): Promise<Result<readonly boolean[], Failure>> {
      const read = await inMarket({ offers: ids })
      if (!read.ok) return read
      const { offers } = read.value
      return ok(ids.map(id => (offers.get(id)?.status ?? 'unknown') !== 'unknown'))
    },
    async device(deviceId: DeviceId): Promise<Result<DeviceOnChain, Failure>> {
      const slots = deviceSlots(deviceRegistryLayout, deviceId)
      const read = await words(contracts.deviceRegistry, slots.all)
      if (!read.ok) return read
      const { record, config } = slots.decode(read.value)
      return ok({
        owner: record?.owner ?? null,
        account: record?.account ?? null,
        isReported: record !== null && record.report !== 'none',
        config: config ?? nothingFiled,
      })
    },
    /** Units that were sold and not shared out yet, by offer, and what is credited to each account in one token. */
    async earnings(
      offers: readonly OfferId[],
      credits: readonly { readonly account: Address; readonly token: Address | null }[],
    ): Promise<
      Result<{ readonly unshared: readonly bigint[]; readonly credited: readonly bigint[] }, Failure>
    > {
      const read = await inMarket({ offers, balances: credits })
      if (!read.ok) return read
      const { offers: states, balances } = read.value
      return ok({
        unshared: offers.map(id => {
          const state = states.get(id)
          return state ? state.sold - state.shared : 0n
        }),
        credited: balances,
      })
    },
  }
}

export type MarketState = ReturnType<typeof marketState>

/** 64 zeros: nobody's key. */
const nothingFiled = { issuerKey: new Uint8Array(64), market: NOBODY, epoch: 0 }
