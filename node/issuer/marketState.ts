// What the chain's state proves at one final block: orders, Configs, owners, and what was earned.
import { deviceRegistryLayout as devices } from '../../contracts/generated/DeviceRegistry.ts'
import { marketLayout as layout } from '../../contracts/generated/Market.ts'
import { type Address, type Bytes, concat, fromHex, type Hex, toHex } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import type { Header } from '../../src/core/proof/header.ts'
import { mappingSlot, memberOf, slotHex } from '../../src/core/proof/slot.ts'
import type { OfferId, OrderId } from '../../src/core/registry/marketStatements.ts'
import { type Failure, ok, type Result } from '../../src/core/result.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { type ChainLocation, readWordsAt } from '../chain/provenStorage.ts'

export interface MarketContracts {
  readonly market: Address
  readonly deviceRegistry: Address
}

type OrderStatus = 'unknown' | 'open' | 'fulfilled' | 'refunded'
const statuses: readonly OrderStatus[] = ['unknown', 'open', 'fulfilled', 'refunded']

export interface OrderOnChain {
  readonly status: OrderStatus
  /** Unix seconds: the last at which it can be fulfilled. */
  readonly deadline: number
  /** Of the grants that hold. */
  readonly seq: number
  /** The key that it was bound to last; null: that of the order. */
  readonly reboundKey: Hex | null
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

interface Member {
  readonly slot: number
  readonly offset: number
  readonly bytes: number
}

/** Reads at `block`, from any of `location`'s endpoints: what they say counts only as far as they prove it. */
export function marketState(location: ChainLocation, contracts: MarketContracts, block: Header) {
  async function words(contract: Address, slots: readonly Hex[]): Promise<Result<bigint[], Failure>> {
    const all: bigint[] = []
    for (let from = 0; from < slots.length; from += maxSlots) {
      const read = await readWordsAt(location, contract, slots.slice(from, from + maxSlots), block)
      if (!read.ok) return read
      all.push(...read.value)
    }
    return ok(all)
  }
  const inMarket = (slots: readonly Hex[]) => words(contracts.market, slots)

  return {
    async orders(ids: readonly OrderId[]): Promise<Result<ReadonlyMap<OrderId, OrderOnChain>, Failure>> {
      const read = await inMarket(
        ids.flatMap(id => [slotOf(layout.orders.slot, id), slotOf(layout.reboundKeys.slot, id)]),
      )
      if (!read.ok) return read
      const { status, deadline, seq } = layout.orders.value.members
      return ok(
        new Map(
          ids.map((id, i) => {
            const [word = 0n, key = 0n] = read.value.slice(2 * i)
            const order: OrderOnChain = {
              status: statuses[Number(of(word, status))] ?? 'unknown',
              deadline: Number(of(word, deadline)),
              seq: Number(of(word, seq)),
              reboundKey: key === 0n ? null : slotHex(key),
            }
            return [id, order]
          }),
        ),
      )
    },
    /** Whether each of these was made. */
    async areOffers(ids: readonly OfferId[]): Promise<Result<readonly boolean[], Failure>> {
      const read = await inMarket(ids.map(id => slotOf(layout.offers.slot, id)))
      return read.ok ? ok(read.value.map(word => of(word, layout.offers.value.members.status) !== 0n)) : read
    },
    async device(deviceId: DeviceId): Promise<Result<DeviceOnChain, Failure>> {
      const device = mappingSlot(deviceId, BigInt(devices.devices.slot))
      const config = mappingSlot(deviceId, BigInt(devices.configs.slot))
      const read = await words(contracts.deviceRegistry, [
        slotHex(device),
        slotHex(device, 1),
        ...[0, 1, 2].map(i => slotHex(config, i)),
      ])
      if (!read.ok) return read
      const { owner, account, report } = devices.devices.value.members
      const { issuerX, issuerY, market, epoch } = devices.configs.value.members
      const deviceWords = read.value.slice(0, 2)
      const configWords = read.value.slice(2)
      return ok({
        owner: addressOf(member(deviceWords, owner)),
        account: addressOf(member(deviceWords, account)),
        isReported: member(deviceWords, report) !== 0n,
        config: {
          issuerKey: concat(bytes32(member(configWords, issuerX)), bytes32(member(configWords, issuerY))),
          market: addressOf(member(configWords, market)) ?? NOBODY,
          epoch: Number(member(configWords, epoch)),
        },
      })
    },
    /** Units that were sold and not shared out yet, by offer, and what is credited to each account in one token. */
    async earnings(
      offers: readonly OfferId[],
      credits: readonly { readonly account: Address; readonly token: Address | null }[],
    ): Promise<
      Result<{ readonly unshared: readonly bigint[]; readonly credited: readonly bigint[] }, Failure>
    > {
      const read = await inMarket([
        ...offers.map(id => slotOf(layout.offers.slot, id)),
        ...credits.map(({ account, token }) =>
          slotHex(
            mappingSlot(padded(token ?? NOBODY), mappingSlot(padded(account), BigInt(layout.balances.slot))),
          ),
        ),
      ])
      if (!read.ok) return read
      const { sold, shared } = layout.offers.value.members
      const offerWords = read.value.slice(0, offers.length)
      return ok({
        unshared: offerWords.map(word => of(word, sold) - of(word, shared)),
        credited: read.value.slice(offers.length),
      })
    },
  }
}

export type MarketState = ReturnType<typeof marketState>

const slotOf = (slot: number, key: Hex): Hex => slotHex(mappingSlot(key, BigInt(slot)))
const of = (word: bigint, { offset, bytes }: Member) => memberOf(word, offset, bytes)
const member = (from: readonly bigint[], at: Member) => of(from[at.slot] ?? 0n, at)
const padded = (address: Address): Hex => slotHex(BigInt(address))
const bytes32 = (number: bigint): Uint8Array => fromHex(slotHex(number)) ?? new Uint8Array(32)
const addressOf = (number: bigint): Address | null =>
  number === 0n ? null : toHex(bytes32(number).subarray(12))
