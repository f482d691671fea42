// The messages of /fob/gateway/1.0.0, byte by byte as docs/gateway.md lays them down: devices that a board reaches by radio.
import { type Bytes, concat, toHex, utf8 } from '../bytes.ts'
import { withoutInvisible } from '../invisible.ts'
import { fail, ok, type Result } from '../result.ts'
import { decodeUtf8 } from '../wallet/abiShape.ts'
import { ByteReader, EndOfBytes, uintBytes } from '../wallet/byteReader.ts'

export const gatewayProtocol = '/fob/gateway/1.0.0'

/** Bytes of the key that a gateway's code carries: whoever has it may use the gateway's radio, and nothing more. */
export const GATEWAY_KEY_LENGTH = 16
/** Bytes of one `data`, which may be a whole SMP message or a part of one. */
export const MAX_GATEWAY_DATA = 4096
/** `data` that may be on the way before the first of them is taken. */
export const GATEWAY_WINDOW = 4
const MAX_DEVICE_ID = 64
const MAX_DEVICE_NAME = 248
const MAX_SERVICES = 16
const MAX_DEVICES = 64
const MAX_DETAIL = 200
const UUID_LENGTH = 16
/** Bytes of the longest message of each side, without the four of its length. */
export const MAX_CLIENT_MESSAGE = 1 + MAX_GATEWAY_DATA
export const MAX_GATEWAY_MESSAGE =
  2 + MAX_DEVICES * (1 + MAX_DEVICE_ID + 1 + MAX_DEVICE_NAME + 1 + 1 + 1 + MAX_SERVICES * UUID_LENGTH)

export interface GatewayDevice {
  /** What `open` names; the gateway's own, up to 64 bytes of UTF-8. */
  readonly id: string
  /** As it is advertised; may be empty. */
  readonly name: string
  /** dBm, -127 to 20; null where it is not known. */
  readonly rssi: number | null
  /** Somebody is connected to it through this gateway. */
  readonly isTaken: boolean
  /** 128-bit UUIDs, lower case with hyphens. */
  readonly services: readonly string[]
}

export const gatewayRefusals = {
  /** The key is not the gateway's. */
  keyWrong: 1,
  /** It hears no such device, or may not hand it out. */
  unknownDevice: 2,
  /** Another client has this device. */
  busy: 3,
  outOfReach: 4,
  /** It has no SMP characteristic. */
  notSmp: 5,
  pairingRequired: 6,
  /** The board's Bluetooth is off or absent. */
  radioOff: 7,
  /** A message that is none, or not now. */
  malformed: 8,
  /** As many clients as it takes are connected. */
  full: 9,
} as const

export type GatewayRefusal = keyof typeof gatewayRefusals

/** Why the link to the device ended. */
export const gatewayEndings = { closed: 1, lost: 2, timeout: 3, busy: 4, refused: 5 } as const
type GatewayEnding = keyof typeof gatewayEndings

export type GatewayMessage =
  | { readonly kind: 'list'; readonly key: Uint8Array }
  | { readonly kind: 'open'; readonly key: Uint8Array; readonly id: string }
  /** Bytes to the device, or from it. */
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'battery' }
  | { readonly kind: 'devices'; readonly devices: readonly GatewayDevice[] }
  /** `writeSize`: bytes of one write on the air. From now on the stream is the pipe. */
  | { readonly kind: 'opened'; readonly writeSize: number }
  /** The radio has taken the oldest `data` that was not taken yet. */
  | { readonly kind: 'taken' }
  /** Percent; null: the device has no battery that it tells of. */
  | { readonly kind: 'level'; readonly percent: number | null }
  | { readonly kind: 'ended'; readonly ending: GatewayEnding }
  /** `detail` is printable ASCII, for a log. */
  | { readonly kind: 'refused'; readonly refusal: GatewayRefusal; readonly detail: string }

export interface MalformedGatewayMessage {
  readonly kind: 'gatewayMessageMalformed'
  readonly detail: string
}

const types = {
  list: 1,
  open: 2,
  data: 3,
  battery: 4,
  devices: 0x81,
  opened: 0x82,
  taken: 0x83,
  level: 0x84,
  ended: 0x85,
  refused: 0x8f,
} as const
const UNKNOWN_RSSI = 0x7f
const NO_BATTERY = 0xff

/** A message with its length in front: four bytes, big-endian. Throws RangeError for what does not fit its field. */
export function encodeGatewayMessage(message: GatewayMessage): Bytes {
  const body = concat(Uint8Array.of(types[message.kind]), ...fieldsOf(message))
  return concat(uintBytes(body.length, 4), body)
}

function fieldsOf(message: GatewayMessage): readonly Uint8Array[] {
  switch (message.kind) {
    case 'list':
      return [keyBytes(message.key)]
    case 'open':
      return [keyBytes(message.key), text(message.id, 1, MAX_DEVICE_ID)]
    case 'data':
      if (message.bytes.length < 1 || message.bytes.length > MAX_GATEWAY_DATA) {
        throw new RangeError(`${message.bytes.length} bytes of data`)
      }
      return [message.bytes]
    case 'devices':
      if (message.devices.length > MAX_DEVICES) throw new RangeError(`${message.devices.length} devices`)
      return [uintBytes(message.devices.length, 1), ...message.devices.flatMap(deviceFields)]
    case 'opened':
      return [uintBytes(message.writeSize, 2)]
    case 'level':
      return [Uint8Array.of(message.percent === null ? NO_BATTERY : percentOf(message.percent))]
    case 'ended':
      return [Uint8Array.of(gatewayEndings[message.ending])]
    case 'refused':
      return [Uint8Array.of(gatewayRefusals[message.refusal]), utf8(printable(message.detail))]
    case 'battery':
    case 'taken':
      return []
  }
}

function deviceFields({ id, name, rssi, isTaken, services }: GatewayDevice): readonly Uint8Array[] {
  if (services.length > MAX_SERVICES) throw new RangeError(`${services.length} services`)
  if (rssi !== null && (!Number.isInteger(rssi) || rssi < -128 || rssi >= UNKNOWN_RSSI)) {
    throw new RangeError(`${rssi} dBm`)
  }
  return [
    text(id, 1, MAX_DEVICE_ID),
    text(name, 0, MAX_DEVICE_NAME),
    Uint8Array.of((rssi ?? UNKNOWN_RSSI) & 0xff, isTaken ? 1 : 0, services.length),
    ...services.map(uuidBytes),
  ]
}

/** The body, without its length. */
export function decodeGatewayMessage(body: Uint8Array): Result<GatewayMessage, MalformedGatewayMessage> {
  const reader = new ByteReader(body)
  try {
    const message = read(reader)
    if (reader.left > 0) return malformed(`${reader.left} bytes too many`)
    return ok(message)
  } catch (error) {
    if (error instanceof EndOfBytes || error instanceof MalformedField) return malformed(error.message)
    throw error
  }
}

/** What one listing holds: the nearest devices first, invisible characters left out, names and services cut to what fits. */
export function listable(devices: readonly GatewayDevice[]): readonly GatewayDevice[] {
  return [...devices]
    .sort((a, b) => (b.rssi ?? -128) - (a.rssi ?? -128))
    .slice(0, MAX_DEVICES)
    .map(device => ({
      ...device,
      name: cut(withoutInvisible(device.name), MAX_DEVICE_NAME),
      services: device.services.slice(0, MAX_SERVICES),
    }))
}

class MalformedField extends Error {
  override readonly name = 'MalformedField'
}

function read(reader: ByteReader): GatewayMessage {
  const type = reader.uint(1)
  switch (type) {
    case types.list:
      return { kind: 'list', key: reader.bytes(GATEWAY_KEY_LENGTH) }
    case types.open:
      return {
        kind: 'open',
        key: reader.bytes(GATEWAY_KEY_LENGTH),
        id: readText(reader, 1, MAX_DEVICE_ID),
      }
    case types.data: {
      if (reader.left < 1 || reader.left > MAX_GATEWAY_DATA) {
        throw new MalformedField(`${reader.left} bytes of data`)
      }
      return { kind: 'data', bytes: reader.bytes(reader.left) }
    }
    case types.battery:
      return { kind: 'battery' }
    case types.devices: {
      const count = reader.uint(1)
      if (count > MAX_DEVICES) throw new MalformedField(`${count} devices`)
      return { kind: 'devices', devices: Array.from({ length: count }, () => readDevice(reader)) }
    }
    case types.opened:
      return { kind: 'opened', writeSize: reader.uint(2) }
    case types.taken:
      return { kind: 'taken' }
    case types.level: {
      const percent = reader.uint(1)
      if (percent > 100 && percent !== NO_BATTERY) throw new MalformedField(`a level of ${percent}`)
      return { kind: 'level', percent: percent === NO_BATTERY ? null : percent }
    }
    case types.ended:
      return { kind: 'ended', ending: named(gatewayEndings, reader.uint(1)) }
    case types.refused: {
      const refusal = named(gatewayRefusals, reader.uint(1))
      if (reader.left > MAX_DETAIL) throw new MalformedField(`a text of ${reader.left} bytes`)
      const detail = printable(String.fromCharCode(...reader.bytes(reader.left)))
      return { kind: 'refused', refusal, detail }
    }
    default:
      throw new MalformedField(`the type ${type}`)
  }
}

function readDevice(reader: ByteReader): GatewayDevice {
  const id = readText(reader, 1, MAX_DEVICE_ID)
  const name = readText(reader, 0, MAX_DEVICE_NAME)
  const level = reader.uint(1)
  const taken = reader.uint(1)
  const count = reader.uint(1)
  if (taken > 1 || count > MAX_SERVICES) throw new MalformedField(`${taken}, ${count} services`)
  return {
    id,
    name,
    rssi: level === UNKNOWN_RSSI ? null : level > 0x7f ? level - 0x100 : level,
    isTaken: taken === 1,
    services: Array.from({ length: count }, () => uuidText(reader.bytes(UUID_LENGTH))),
  }
}

function named<T extends string>(codes: Readonly<Record<T, number>>, code: number): T {
  for (const name in codes) if (codes[name] === code) return name
  throw new MalformedField(`the code ${code}`)
}

function readText(reader: ByteReader, min: number, max: number): string {
  const length = reader.uint(1)
  if (length < min || length > max) throw new MalformedField(`a text of ${length} bytes`)
  const value = decodeUtf8(reader.view(length))
  if (value === undefined) throw new MalformedField('a text that is no UTF-8')
  return value
}

function text(value: string, min: number, max: number): Bytes {
  const bytes = utf8(value)
  if (bytes.length < min || bytes.length > max) throw new RangeError(`a text of ${bytes.length} bytes`)
  return concat(uintBytes(bytes.length, 1), bytes)
}

/** Never a part of a character. */
function cut(value: string, bytes: number): string {
  let kept = ''
  let size = 0
  for (const character of value) {
    size += utf8(character).length
    if (size > bytes) break
    kept += character
  }
  return kept
}

const printable = (value: string) => value.replace(/[^ -~]/g, '?').slice(0, MAX_DETAIL)

function keyBytes(key: Uint8Array): Uint8Array {
  if (key.length !== GATEWAY_KEY_LENGTH) throw new RangeError(`a key of ${key.length} bytes`)
  return key
}

function percentOf(percent: number): number {
  if (!Number.isInteger(percent) || percent < 0 || percent > 100) throw new RangeError(`${percent} percent`)
  return percent
}

function uuidBytes(uuid: string): Uint8Array {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(uuid)) {
    throw new RangeError(`${uuid} is no UUID`)
  }
  const digits = uuid.replaceAll('-', '')
  return Uint8Array.from({ length: UUID_LENGTH }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  )
}

function uuidText(bytes: Uint8Array): string {
  const digits = toHex(bytes).slice(2)
  const at = [0, 8, 12, 16, 20, 32]
  return at
    .slice(0, -1)
    .map((from, i) => digits.slice(from, at[i + 1]))
    .join('-')
}

const malformed = (detail: string) => fail({ kind: 'gatewayMessageMalformed', detail } as const)
