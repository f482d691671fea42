// The Market's events as values. Offers and orders are known by their hashes: what does not hash to its id is left out.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { deviceRegistryAbi } from '../../../../contracts/generated/DeviceRegistry.ts'
import { marketAbi } from '../../../../contracts/generated/Market.ts'
import type { FoundOffer, FoundOrder, FulfilledGrant } from '../../../app/ports/marketChain.ts'
import { concat, fromHex, type Hex, toHex, utf8 } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { ATTESTORS_MAY_OPEN, type DeviceConfig } from '../../../core/registry/deviceStatements.ts'
import { readOrder, readTerms } from '../../../core/registry/marketReading.ts'
import { offerIdOf, orderIdOf } from '../../../core/registry/marketStatements.ts'
import {
  type AbiParameter,
  type Argument,
  functionSignature,
  readArguments,
} from '../../../core/wallet/abiShape.ts'
import type { Log } from '../logs.ts'

interface EventItem {
  readonly type: string
  readonly name?: string
  readonly inputs?: readonly (AbiParameter & { readonly indexed?: boolean })[]
}

interface EventShape {
  readonly topic: Hex
  /** The parameters that are not topics. */
  readonly data: readonly AbiParameter[]
}

function shapeOf(abi: readonly EventItem[], name: string): EventShape {
  const event = abi.find(item => item.type === 'event' && item.name === name)
  if (!event?.inputs) throw new Error(`there is no event ${name}`)
  return {
    topic: toHex(keccak_256(utf8(functionSignature(name, event.inputs)))),
    data: event.inputs.filter(({ indexed }) => indexed !== true),
  }
}

const offerMade = shapeOf(marketAbi, 'OfferMade')
const ordered = shapeOf(marketAbi, 'Ordered')
const fulfilled = shapeOf(marketAbi, 'Fulfilled')
const grantedInstant = shapeOf(marketAbi, 'GrantedInstant')
const configFiled = shapeOf(deviceRegistryAbi, 'ConfigFiled')

/** First topics. */
export const topics = {
  offerMade: offerMade.topic,
  ordered: ordered.topic,
  fulfilled: fulfilled.topic,
  grantedInstant: grantedInstant.topic,
  configFiled: configFiled.topic,
} as const

/** undefined for other events, and for terms that do not hash to the id. */
export function readOfferMade({ topics: [topic, offerId], data, blockNumber }: Log): FoundOffer | undefined {
  if (topic !== offerMade.topic) return undefined
  const terms = readTerms(valueIn(readArguments(offerMade.data, data), 'terms'))
  return terms && offerIdOf(terms) === offerId ? { offerId, terms, block: blockNumber } : undefined
}

export function readOrdered({
  topics: [topic, orderId, offerId, payer],
  data,
  blockNumber,
}: Log): FoundOrder | undefined {
  const fields = topic === ordered.topic ? readArguments(ordered.data, data) : undefined
  if (!fields || offerId === undefined || payer === undefined) return undefined
  const payerField: Argument = { name: 'payer', type: 'address', value: `0x${payer.slice(-40)}` }
  const read = readOrder([payerField, ...fields])
  const order = read && { ...read, offerId }
  return order && orderIdOf(order) === orderId ? { orderId, order, block: blockNumber } : undefined
}

/** What its signature is of is for the reader to see. */
export function readFulfilled({ topics: [topic], data }: Log): FulfilledGrant | undefined {
  const fields = topic === fulfilled.topic ? readArguments(fulfilled.data, data) : undefined
  const epoch = valueIn(fields, 'epoch')
  const [r, s] = [bytesIn(fields, 'r'), bytesIn(fields, 's')]
  return typeof epoch === 'bigint' && r && s ? { epoch: Number(epoch), signature: concat(r, s) } : undefined
}

export function readFiledConfig(log: Log): DeviceConfig | undefined {
  const [topic, deviceId] = log.topics
  const fields = topic === configFiled.topic ? readArguments(configFiled.data, log.data) : undefined
  const inner = valueIn(fields, 'config')
  return deviceId !== undefined && Array.isArray(inner) ? configIn(deviceId, inner) : undefined
}

function configIn(deviceId: DeviceId, fields: readonly Argument[]): DeviceConfig | undefined {
  const [x, y, keys] = [
    bytesIn(fields, 'issuerX'),
    bytesIn(fields, 'issuerY'),
    bytesIn(fields, 'attestorKeys'),
  ]
  const numbers = ['version', 'epoch', 'attestorThreshold'].map(name => valueIn(fields, name))
  const [version, epoch, packed] = numbers.map(Number)
  const market = valueIn(fields, 'market')
  if (!x || !y || !keys || keys.length % 64 !== 0 || numbers.some(number => typeof number !== 'bigint'))
    return undefined
  if (version === undefined || epoch === undefined || packed === undefined || typeof market !== 'string')
    return undefined
  return {
    deviceId,
    version,
    issuerKey: concat(x, y),
    attestors: {
      threshold: packed % ATTESTORS_MAY_OPEN,
      keys: Array.from({ length: keys.length / 64 }, (_, i) => keys.subarray(64 * i, 64 * i + 64)),
      ...(packed >= ATTESTORS_MAY_OPEN ? { mayOpen: true } : {}),
    },
    epoch,
    market: `0x${market.slice(2)}`,
  }
}

const valueIn = (fields: readonly Argument[] | undefined, name: string) =>
  fields?.find(field => field.name === name)?.value

function bytesIn(fields: readonly Argument[] | undefined, name: string) {
  const value = valueIn(fields, name)
  return typeof value === 'string' ? fromHex(value) : undefined
}
