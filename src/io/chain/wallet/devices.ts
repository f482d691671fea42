// Devices in the DeviceRegistry: each record proven, whose they are found by the registry's own events.
import { deviceRegistryLayout as layout } from '../../../../contracts/generated/DeviceRegistry.ts'
import type { ChainFailure } from '../../../app/ports/chain.ts'
import type { CustodyEntry, DeviceReading, WalletChain } from '../../../app/ports/walletChain.ts'
import type { Address } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import type { Endpoint } from '../../../core/proof/endpoint.ts'
import { type Header, headerFromRpc } from '../../../core/proof/header.ts'
import type { HeaderReading } from '../../../core/proof/headerSource.ts'
import { addressWord } from '../../../core/proof/slot.ts'
import { readStorage } from '../../../core/proof/storage.ts'
import { Verdicts } from '../../../core/proof/verdicts.ts'
import {
  type DeviceState,
  deviceSlots,
  type HolderState,
  holderSlots,
} from '../../../core/registry/deviceState.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import { withTimeBudget } from '../rpc.ts'
import { failureOf, hexNumber } from './ask.ts'
import { type DeviceEvent, walkBack } from './deviceEvents.ts'
import type { ChainWorld } from './world.ts'

/**
 * How many devices of one endpoint's are looked at, each for the price of a proof, beyond twice those that the account is proven to have: room
 * for those that it gave away, and a bound on what an endpoint that makes devices up can cost.
 */
const MAX_FORMER = 200

interface View {
  readonly source: HeaderReading
  readonly registry: Address
  readonly header: Header
  readonly verdicts: Verdicts
}

export async function readDevice(
  world: ChainWorld,
  deviceId: DeviceId,
): Promise<Result<DeviceReading, ChainFailure>> {
  const view = await viewOf(world)
  if (!view.ok) return view
  const state = await readState(world, view.value, deviceId)
  return state.ok ? ok(state.value.reading) : state
}

export async function devicesOf(world: ChainWorld, owner: Address): ReturnType<WalletChain['devicesOf']> {
  const view = await viewOf(world)
  if (!view.ok) return view
  const { registry, header, verdicts } = view.value
  const holder = await readHolder(world, view.value, owner)
  if (!holder.ok) return holder
  const { balance, logBlock } = holder.value
  if (balance === 0n) return ok({ devices: [], isComplete: true })
  const looked = new Set<DeviceId>()
  const devices: DeviceReading[] = []
  for (const endpoint of searchers(world, verdicts)) {
    let left = 2 * Number(balance) + MAX_FORMER
    const query = { address: registry, topics: [null, null, addressWord(owner)] }
    const events = await walkBack(endpoint, query, logBlock, header.number, event => event.ownerPreviousBlock)
    for (const { deviceId } of events ?? []) {
      if (looked.has(deviceId)) continue
      if (left-- === 0) break
      looked.add(deviceId)
      const state = await readState(world, view.value, deviceId)
      if (!state.ok) return state
      // It may have been handed on since.
      if (state.value.reading.record?.owner === owner) devices.push(state.value.reading)
    }
    if (BigInt(devices.length) === balance) break
  }
  return ok({ devices, isComplete: BigInt(devices.length) === balance })
}

export async function custodyOf(
  world: ChainWorld,
  deviceId: DeviceId,
): Promise<Result<readonly CustodyEntry[], ChainFailure>> {
  const view = await viewOf(world)
  if (!view.ok) return view
  const { registry, header, verdicts } = view.value
  const state = await readState(world, view.value, deviceId)
  if (!state.ok) return state
  const { reading, logBlock } = state.value
  if (reading.record === null) return ok([])
  for (const endpoint of searchers(world, verdicts)) {
    const query = { address: registry, topics: [null, deviceId] }
    const events = await walkBack(endpoint, query, logBlock, header.number, event =>
      event.event.kind === 'claimed' ? 0 : event.previousBlock,
    )
    const entries = events && leadsTo(reading.record, events) ? await dated(endpoint, events) : undefined
    if (entries) return ok(entries)
    verdicts.set(endpoint, verdicts.has(endpoint, 'agreed') ? 'agreed' : 'unreachable', 'gave no custody log')
  }
  return fail({ kind: 'chainUnreachable', endpoints: verdicts.list() })
}

/** Whether the log begins with a claim, ends with what is proven of the device, and has no gap between the owners. */
function leadsTo(record: NonNullable<DeviceReading['record']>, events: readonly DeviceEvent[]): boolean {
  const changes = events.filter(({ counter }) => counter !== null)
  const [newest] = changes
  const owners = changes.map(({ event }) => ownersOf(event))
  return (
    newest?.counter === record.counter &&
    owners[0]?.to === record.owner &&
    events.at(-1)?.event.kind === 'claimed' &&
    owners.every((each, i) => each.from === (owners[i + 1]?.to ?? null))
  )
}

function ownersOf(event: CustodyEntry['event']): { from: Address | null; to: Address | null } {
  if (event.kind === 'claimed') return { from: null, to: event.owner }
  return event.kind === 'handedOver' ? event : { from: null, to: null }
}

async function dated(
  endpoint: Endpoint,
  events: readonly DeviceEvent[],
): Promise<readonly CustodyEntry[] | undefined> {
  const times = new Map<number, number>()
  for (const { log } of events) {
    if (times.has(log.blockNumber)) continue
    const block = await endpoint.call('eth_getBlockByNumber', [hexNumber(log.blockNumber), false])
    const header = block.ok ? headerFromRpc(block.value) : undefined
    if (!header?.ok) return undefined
    times.set(log.blockNumber, header.value.timestamp)
  }
  return events.map(({ log, event }) => ({
    at: times.get(log.blockNumber) ?? 0,
    block: log.blockNumber,
    transaction: log.transaction,
    event,
  }))
}

async function viewOf(world: ChainWorld): Promise<Result<View, ChainFailure>> {
  const { deviceRegistry } = world
  // A network without one has no devices to read; whoever asks has looked at that before.
  if (!deviceRegistry) return fail({ kind: 'chainUnreachable', endpoints: [] })
  const newest = await world.newest()
  if (!newest.ok) return newest
  const { header, endpoints } = newest.value
  return ok({ source: newest.value, registry: deviceRegistry, header, verdicts: new Verdicts(endpoints) })
}

async function readState(
  world: ChainWorld,
  { source, registry, header, verdicts }: View,
  deviceId: DeviceId,
): Promise<Result<Pick<DeviceState, 'logBlock'> & { readonly reading: DeviceReading }, ChainFailure>> {
  const slots = deviceSlots(layout, deviceId)
  const storage = await readStorage(world.endpoints, registry, slots.all, header, verdicts)
  if (!storage.ok) return storage
  const { logBlock, ...state } = slots.decode(storage.value.words)
  const evidence = world.evidence(source, storage.value.isProven, verdicts)
  return ok({ logBlock, reading: { deviceId, ...state, evidence } })
}

async function readHolder(
  world: ChainWorld,
  { registry, header, verdicts }: View,
  owner: Address,
): Promise<Result<HolderState, ChainFailure>> {
  const slots = holderSlots(layout, owner)
  const storage = await readStorage(world.endpoints, registry, slots.all, header, verdicts)
  return storage.ok ? ok(slots.decode(storage.value.words)) : fail(failureOf(verdicts))
}

const searchers = (world: ChainWorld, verdicts: Verdicts): readonly Endpoint[] =>
  verdicts.usable(world.endpoints).map(endpoint => withTimeBudget(endpoint, world.rpc.searchMs))
