// DeviceRegistry's storage as values: which slots hold a device and an owner, and what their words mean.
import { deviceRegistryLayout as layout } from '../../../../contracts/generated/DeviceRegistry.ts'
import type { DeviceReading } from '../../../app/ports/walletChain.ts'
import { type Address, concat, fromHex, type Hex } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { mappingSlot, memberOf, slotHex } from '../../../core/proof/slot.ts'
import type { Words } from '../../../core/proof/storage.ts'

interface Member {
  readonly slot: number
  readonly offset: number
  readonly bytes: number
}

export interface DeviceState extends Pick<DeviceReading, 'record' | 'config' | 'user'> {
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
  decode(words: Words): T
}

const reports = ['none', 'lost', 'stolen'] as const

export function deviceSlots(deviceId: DeviceId): Slots<DeviceState> {
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

export function holderSlots(owner: Address): Slots<HolderState> {
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

/** An address as a topic and as a mapping's key: 32 bytes. */
export const addressWord = (address: Address): Hex => `0x${address.slice(2).padStart(64, '0')}`

const slotsFrom = (base: bigint, count: number): Hex[] =>
  Array.from({ length: count }, (_, i) => slotHex(base, i))

const read = (words: Words, base: bigint, { slot, offset, bytes }: Member): bigint =>
  memberOf(words.get(slotHex(base, slot)) ?? 0n, offset, bytes)

const toAddress = (value: bigint): Address => `0x${value.toString(16).padStart(40, '0')}`

const wordBytes = (value: bigint): Uint8Array => fromHex(slotHex(value)) ?? new Uint8Array(32)
