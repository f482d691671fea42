// DeviceRegistry's events as values, and the lists that they make: from the newest back, each names the block before it.

import { keccak_256 } from '@noble/hashes/sha3.js'
import { deviceRegistryAbi } from '../../../../contracts/generated/DeviceRegistry.ts'
import type { CustodyEntry } from '../../../app/ports/walletChain.ts'
import { type Address, type Hex, toHex, utf8 } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import type { Endpoint } from '../../../core/proof/endpoint.ts'
import { abiDecode } from '../../../core/registry/abi.ts'
import { type AbiParameter, functionSignature, readArguments } from '../../../core/wallet/abiShape.ts'
import { type Log, type LogQuery, readLogs, readPart } from '../logs.ts'

interface EventShape {
  readonly topic: Hex
  /** The parameters that are not topics. */
  readonly data: readonly AbiParameter[]
}

function shapeOf(name: string): EventShape {
  const event = deviceRegistryAbi.find(item => item.type === 'event' && item.name === name)
  if (event?.type !== 'event') throw new Error(`the DeviceRegistry has no event ${name}`)
  return {
    topic: toHex(keccak_256(utf8(functionSignature(event.name, event.inputs)))),
    data: event.inputs.filter(({ indexed }) => !indexed),
  }
}

const claimed = shapeOf('Claimed')
const handedOver = shapeOf('HandedOver')
const configFiled = shapeOf('ConfigFiled')
const reported = shapeOf('Reported')

export interface DeviceEvent {
  readonly log: Log
  readonly deviceId: DeviceId
  readonly event: CustodyEntry['event']
  /** Of the device; null for what does not change it. */
  readonly counter: number | null
  /** Block of the device's event before this one; 0 where this is the first. */
  readonly previousBlock: number
  /** Block in which the new owner came to own a device before this one; null where the event makes nobody an owner. */
  readonly ownerPreviousBlock: number | null
}

const reports = ['none', 'lost', 'stolen'] as const
const addressOf = (topic: Hex): Address => `0x${topic.slice(-40)}`

/** undefined for other events, and for what is malformed. */
function readDeviceEvent(log: Log): DeviceEvent | undefined {
  const [topic, deviceId, owner, account] = log.topics
  if (!deviceId) return undefined
  if (topic === reported.topic) {
    const values = abiDecode(['uint', 'uint'], log.data)
    const report = values && reports[Number(values[0])]
    if (!report) return undefined
    const previousBlock = Number(values[1])
    return {
      log,
      deviceId,
      event: { kind: 'reported', report },
      counter: null,
      previousBlock,
      ownerPreviousBlock: null,
    }
  }
  if (topic === configFiled.topic) {
    const [config, previous] = readArguments(configFiled.data, log.data) ?? []
    const version = Array.isArray(config?.value)
      ? config.value.find(({ name }) => name === 'version')
      : undefined
    if (typeof version?.value !== 'bigint' || typeof previous?.value !== 'bigint') return undefined
    return {
      log,
      deviceId,
      event: { kind: 'configFiled', version: Number(version.value) },
      counter: null,
      previousBlock: Number(previous.value),
      ownerPreviousBlock: null,
    }
  }
  if (!owner || !account) return undefined
  const parties = { owner: addressOf(owner), account: addressOf(account) }
  if (topic === claimed.topic) {
    const values = abiDecode(['bytes32', 'bytes32', 'bytes32', 'uint', 'uint'], log.data)
    return (
      values && {
        log,
        deviceId,
        event: { kind: 'claimed', ...parties },
        counter: Number(values[3]),
        previousBlock: 0,
        ownerPreviousBlock: Number(values[4]),
      }
    )
  }
  if (topic !== handedOver.topic) return undefined
  const values = abiDecode(['address', 'address', 'uint', 'uint', 'uint'], log.data)
  return (
    values && {
      log,
      deviceId,
      event: { kind: 'handedOver', from: values[0], to: parties.owner, account: parties.account },
      counter: Number(values[2]),
      previousBlock: Number(values[3]),
      ownerPreviousBlock: Number(values[4]),
    }
  )
}

/** More than a device or an owner will have: a bound on what a walk may cost. */
const MAX_BLOCKS = 1024

/**
 * The events that `topics` select, newest first, block by block from `newestBlock`: `previous` says where an event points
 * to. Where the hints lead nowhere (some chains' contracts count another chain's blocks) everything is searched.
 * undefined where the endpoint can't give them.
 */
export async function walkBack(
  endpoint: Endpoint,
  query: Pick<LogQuery, 'address' | 'topics'>,
  newestBlock: number,
  lastBlock: number,
  previous: (event: DeviceEvent) => number | null,
): Promise<readonly DeviceEvent[] | undefined> {
  const found: DeviceEvent[] = []
  let block = newestBlock
  for (let walked = 0; block > 0; walked++) {
    if (block > lastBlock || walked === MAX_BLOCKS) return searchAll(endpoint, query, lastBlock)
    const logs = await readPart(endpoint, { ...query, fromBlock: block, toBlock: block })
    if (!logs.ok) return undefined
    const events = logs.value.map(readDeviceEvent).filter(event => event !== undefined)
    found.push(...events.toReversed())
    // One block may hold several: all but the first point to itself.
    const [first] = events.filter(event => previous(event) !== null)
    const next = first && previous(first)
    if (next === undefined || next === null || next >= block) return searchAll(endpoint, query, lastBlock)
    block = next
  }
  return found
}

async function searchAll(
  endpoint: Endpoint,
  query: Pick<LogQuery, 'address' | 'topics'>,
  lastBlock: number,
): Promise<readonly DeviceEvent[] | undefined> {
  const logs = await readLogs(endpoint, { ...query, fromBlock: 0, toBlock: lastBlock })
  if (!logs.ok) return undefined
  return logs.value
    .map(readDeviceEvent)
    .filter(event => event !== undefined)
    .toReversed()
}
