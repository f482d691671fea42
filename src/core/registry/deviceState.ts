// DeviceRegistry's storage as values: which slots hold a device and an owner, and what their words mean.
import { type Address, type Bytes, concat, fromHex, type Hex } from '../bytes.ts'
import type { DeviceId } from '../identity.ts'
import { addressWord, mappingSlot, memberOf, slotHex } from '../proof/slot.ts'
import type { Words } from '../proof/storage.ts'

interface Member {
  readonly slot: number
  readonly offset: number
  readonly bytes: number
}

interface Mapping<Name extends string> {
  readonly slot: number
  readonly value: { readonly slots: number; readonly members: Readonly<Record<Name, Member>> }
}

/** The part of the compiler's storage layout that is read here. */
export interface DeviceRegistryLayout {
  readonly devices: Mapping<'owner' | 'counter' | 'logBlock' | 'account' | 'report' | 'modelId'>
  readonly configs: Mapping<'issuerX' | 'issuerY' | 'market' | 'version' | 'epoch'>
  readonly users: Mapping<'user' | 'expires'>
  readonly holders: Mapping<'balance' | 'logBlock'>
}

export interface DeviceState {
  /** null where it is not registered. */
  readonly record: {
    readonly owner: Address
    readonly account: Address
    readonly modelId: Hex
    readonly counter: number
    readonly report: 'none' | 'lost' | 'stolen'
  } | null
  /** The Config that was filed; null where none was. */
  readonly config: {
    readonly version: number
    /** x || y, 64 bytes. */
    readonly issuerKey: Bytes
    readonly market: Address
    readonly epoch: number
  } | null
  /** `expires`: Unix seconds. */
  readonly user: { readonly address: Address; readonly expires: number } | null
  /** Block of the device's newest event, if the chain's contracts know block numbers: a hint only. */
  readonly logBlock: number
}

export interface HolderState {
  /** How many devices the account owns. */
  readonly balance: bigint
  /** Block in which it last came to own one: a hint only. */
  readonly logBlock: number
}

interface Slots<T> {
  readonly all: readonly Hex[]
  /** A word that is missing counts as zero. */
  decode(words: Words): T
}

const reports = ['none', 'lost', 'stolen'] as const

export function deviceSlots(layout: DeviceRegistryLayout, deviceId: DeviceId): Slots<DeviceState> {
  const device = mappingSlot(deviceId, BigInt(layout.devices.slot))
  const config = mappingSlot(deviceId, BigInt(layout.configs.slot))
  const user = mappingSlot(deviceId, BigInt(layout.users.slot))
  const { members: deviceMembers } = layout.devices.value
  const { members: configMembers } = layout.configs.value
  const { members: userMembers } = layout.users.value
  return {
    all: [
      ...slotsFrom(device, layout.devices.value.slots),
      ...slotsFrom(config, layout.configs.value.slots),
      ...slotsFrom(user, layout.users.value.slots),
    ],
    decode(words) {
      const owner = read(words, device, deviceMembers.owner)
      const version = Number(read(words, config, configMembers.version))
      const userAddress = read(words, user, userMembers.user)
      const expires = read(words, user, userMembers.expires)
      return {
        record:
          owner === 0n
            ? null
            : {
                owner: toAddress(owner),
                account: toAddress(read(words, device, deviceMembers.account)),
                modelId: slotHex(read(words, device, deviceMembers.modelId)),
                counter: Number(read(words, device, deviceMembers.counter)),
                report: reports[Number(read(words, device, deviceMembers.report))] ?? 'none',
              },
        config:
          version === 0
            ? null
            : {
                version,
                issuerKey: concat(
                  wordBytes(read(words, config, configMembers.issuerX)),
                  wordBytes(read(words, config, configMembers.issuerY)),
                ),
                market: toAddress(read(words, config, configMembers.market)),
                epoch: Number(read(words, config, configMembers.epoch)),
              },
        user:
          userAddress === 0n
            ? null
            : {
                address: toAddress(userAddress),
                // "For ever" is written as the greatest number there is.
                expires: Math.min(Number(expires), Number.MAX_SAFE_INTEGER),
              },
        logBlock: Number(read(words, device, deviceMembers.logBlock)),
      }
    },
  }
}

export function holderSlots(layout: DeviceRegistryLayout, owner: Address): Slots<HolderState> {
  const base = mappingSlot(addressWord(owner), BigInt(layout.holders.slot))
  const { members, slots } = layout.holders.value
  return {
    all: slotsFrom(base, slots),
    decode: words => ({
      balance: read(words, base, members.balance),
      logBlock: Number(read(words, base, members.logBlock)),
    }),
  }
}

const slotsFrom = (base: bigint, count: number): Hex[] =>
  Array.from({ length: count }, (_, i) => slotHex(base, i))

const read = (words: Words, base: bigint, { slot, offset, bytes }: Member): bigint =>
  memberOf(words.get(slotHex(base, slot)) ?? 0n, offset, bytes)

const toAddress = (value: bigint): Address => `0x${value.toString(16).padStart(40, '0')}`

const wordBytes = (value: bigint): Uint8Array => fromHex(slotHex(value)) ?? new Uint8Array(32)
