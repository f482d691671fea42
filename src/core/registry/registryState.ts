// FirmwareRegistry's storage as values: which slots hold a model and a head, and what their words mean.
import type { Address, Hex } from '../bytes.ts'
import { unpackVersion } from '../mcuboot/version.ts'
import { mappingSlot, memberOf, slotHex } from '../proof/slot.ts'
import type { ModelId } from './model.ts'
import type { Head, ModelRecord } from './release.ts'

export interface RegistryState {
  readonly record: ModelRecord | null
  readonly head: Head | null
  /** Accumulator that the list of revocations folds to. */
  readonly revocations: Hex
  /** Where the model was created and the head was written, if the chain's contracts know block numbers: hints only. */
  readonly createdBlock: number
  readonly headBlock: number
}

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
export interface RegistryLayout {
  readonly models: Mapping<
    | 'maker'
    | 'releaseKey'
    | 'guardian'
    | 'pendingReleaseKey'
    | 'pendingReadyAt'
    | 'revocations'
    | 'createdBlock'
  >
  readonly heads: Mapping<
    'manifestHash' | 'version' | 'seq' | 'minSecurityCounter' | 'updatedAt' | 'blockNumber'
  >
}

export interface RegistrySlots {
  readonly all: readonly Hex[]
  /** A word that is missing counts as zero. */
  decode(words: ReadonlyMap<Hex, bigint>): RegistryState
}

/** `channel` as `channelId` gives it. */
export function registrySlots(layout: RegistryLayout, modelId: ModelId, channel: Hex): RegistrySlots {
  const modelBase = mappingSlot(modelId, BigInt(layout.models.slot))
  const headBase = mappingSlot(channel, mappingSlot(modelId, BigInt(layout.heads.slot)))
  const { members: model, slots: modelSlots } = layout.models.value
  const { members: head, slots: headSlots } = layout.heads.value
  const slotsFrom = (base: bigint, count: number) => Array.from({ length: count }, (_, i) => slotHex(base, i))
  return {
    all: [...slotsFrom(modelBase, modelSlots), ...slotsFrom(headBase, headSlots)],
    decode(words) {
      const read = (base: bigint, { slot, offset, bytes }: Member) =>
        memberOf(words.get(slotHex(base, slot)) ?? 0n, offset, bytes)
      const address = (member: Member): Address =>
        `0x${read(modelBase, member).toString(16).padStart(40, '0')}`
      const seq = Number(read(headBase, head.seq))
      const isRegistered = read(modelBase, model.maker) !== 0n
      return {
        record: isRegistered
          ? {
              maker: address(model.maker),
              releaseKey: address(model.releaseKey),
              guardian: address(model.guardian),
              pending:
                read(modelBase, model.pendingReleaseKey) === 0n
                  ? null
                  : {
                      releaseKey: address(model.pendingReleaseKey),
                      readyAt: Number(read(modelBase, model.pendingReadyAt)),
                    },
            }
          : null,
        head:
          isRegistered && seq > 0
            ? {
                manifestHash: slotHex(read(headBase, head.manifestHash)),
                version: unpackVersion(read(headBase, head.version)),
                seq,
                minSecurityCounter: Number(read(headBase, head.minSecurityCounter)),
                updatedAt: Number(read(headBase, head.updatedAt)),
              }
            : null,
        revocations: slotHex(read(modelBase, model.revocations)),
        createdBlock: Number(read(modelBase, model.createdBlock)),
        headBlock: Number(read(headBase, head.blockNumber)),
      }
    },
  }
}
