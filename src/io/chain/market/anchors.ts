// What was anchored of logs: the newest by proof, the earlier ones as endpoints report them.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { anchorsLayout as layout } from '../../../../contracts/generated/Anchors.ts'
import type { ChainFailure } from '../../../app/ports/chain.ts'
import type { AnchoredLog, MarketChain } from '../../../app/ports/marketChain.ts'
import { type Address, type Hex, toHex, utf8 } from '../../../core/bytes.ts'
import { addressWord, mappingSlot, memberOf, slotHex } from '../../../core/proof/slot.ts'
import { readStorage } from '../../../core/proof/storage.ts'
import { Verdicts } from '../../../core/proof/verdicts.ts'
import { abiDecode } from '../../../core/registry/abi.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import { readLogs } from '../logs.ts'
import { failureOf } from '../wallet/ask.ts'
import type { ChainWorld } from '../wallet/world.ts'

const ANCHORED = toHex(keccak_256(utf8('Anchored(address,bytes32,bytes32,uint64,uint48)')))

interface LogName {
  readonly author: Address
  readonly logId: Hex
}

export async function anchorOf(
  world: ChainWorld,
  anchors: Address | undefined,
  { author, logId }: LogName,
): ReturnType<MarketChain['anchorOf']> {
  if (!anchors) return fail({ kind: 'chainUnreachable', endpoints: [] })
  const newest = await world.newest()
  if (!newest.ok) return newest
  const { header, endpoints } = newest.value
  const verdicts = new Verdicts(endpoints)
  const base = mappingSlot(logId, mappingSlot(addressWord(author), BigInt(layout.heads.slot)))
  const { members, slots } = layout.heads.value
  const all = Array.from({ length: slots }, (_, i) => slotHex(base, i))
  const storage = await readStorage(world.endpoints, anchors, all, header, verdicts)
  if (!storage.ok) return fail(failureOf(verdicts))
  const member = ({ slot, offset, bytes }: { slot: number; offset: number; bytes: number }) =>
    memberOf(storage.value.words.get(slotHex(base, slot)) ?? 0n, offset, bytes)
  const size = Number(member(members.size))
  const head: AnchoredLog | null =
    size === 0 ? null : { root: slotHex(member(members.root)), size, at: Number(member(members.anchoredAt)) }
  return ok({ head, evidence: world.evidence(newest.value, storage.value.isProven, verdicts) })
}

export async function anchorsOf(
  world: ChainWorld,
  anchors: Address | undefined,
  { author, logId }: LogName,
): Promise<Result<readonly AnchoredLog[], ChainFailure>> {
  if (!anchors) return ok([])
  const newest = await world.newest()
  if (!newest.ok) return newest
  const { header, endpoints } = newest.value
  const verdicts = new Verdicts(endpoints)
  for (const endpoint of verdicts.usable(world.endpoints)) {
    const logs = await readLogs(endpoint, {
      address: anchors,
      topics: [ANCHORED, addressWord(author), logId],
      fromBlock: 0,
      toBlock: header.number,
    })
    if (!logs.ok) continue
    const found = logs.value.map(({ data }) => abiDecode(['bytes32', 'uint', 'uint'], data))
    return ok(
      found
        .flatMap(values => (values ? [{ root: values[0], size: Number(values[1]), at: 0 }] : []))
        .toReversed(),
    )
  }
  return fail(failureOf(verdicts))
}
