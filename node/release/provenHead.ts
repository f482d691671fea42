// A model's head as the chain's state proves it.
import { firmwareRegistryLayout as layout } from '../../contracts/generated/FirmwareRegistry.ts'
import type { Address, Hex } from '../../src/core/bytes.ts'
import type { Header } from '../../src/core/proof/header.ts'
import { mappingSlot, memberOf, slotHex } from '../../src/core/proof/slot.ts'
import { channelId } from '../../src/core/registry/channel.ts'
import type { ModelId } from '../../src/core/registry/model.ts'
import { type Failure, ok, type Result } from '../../src/core/result.ts'
import { type AgreementRule, readProvenWords } from '../chain/provenStorage.ts'
import type { RegistryLocation } from './registry.ts'

export interface ProvenHead {
  readonly block: Header
  /** How many endpoints agreed on the block. */
  readonly agreed: number
  /** null: not registered. */
  readonly maker: Address | null
  /** null: nothing published in this channel. */
  readonly manifestHash: Hex | null
  /** What the revocation list folds to. */
  readonly revocations: Hex
}

/** Fails with kind `unproven`, saying why, wherever the endpoints do not suffice for a proof. */
export async function readProvenHead(
  location: RegistryLocation,
  modelId: ModelId,
  channel: string,
  rule: AgreementRule,
): Promise<Result<ProvenHead, Failure>> {
  const model = mappingSlot(modelId, BigInt(layout.models.slot))
  const head = mappingSlot(channelId(channel), mappingSlot(modelId, BigInt(layout.heads.slot)))
  const { revocations, maker } = layout.models.value.members
  const { manifestHash } = layout.heads.value.members
  const slots = [
    slotHex(model, revocations.slot),
    slotHex(model, maker.slot),
    slotHex(head, manifestHash.slot),
  ]
  const proven = await readProvenWords(location, location.registry, slots, rule)
  if (!proven.ok) return proven
  const { block, agreed, words } = proven.value
  const [revocationWord = 0n, makerWord = 0n, hashWord = 0n] = words
  const makerNumber = memberOf(makerWord, maker.offset, maker.bytes)
  return ok({
    block,
    agreed,
    maker: makerNumber === 0n ? null : `0x${makerNumber.toString(16).padStart(40, '0')}`,
    manifestHash: hashWord === 0n ? null : slotHex(hashWord),
    revocations: slotHex(revocationWord),
  })
}
