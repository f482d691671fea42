// The messages of /fob/providers/1.0.0, byte by byte as docs/providers-protocol.md lays them down: who holds which file.
import { type Bytes, concat } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { ByteReader, EndOfBytes, uintBytes } from '../wallet/byteReader.ts'

export const providersProtocol = '/fob/providers/1.0.0'

/** Bytes of the longest name, CID or peer id, and of the longest way to a peer. */
const MAX_NAME = 128
const MAX_WAY = 512
export const MAX_ANNOUNCED = 256
export const MAX_FOUND = 32
/** Ways to one peer: the relays that it can be met at. */
export const MAX_WAYS = 4
/** Seconds that an announcement holds at most. */
export const MAX_LIFETIME = 3_600
/** Bytes of the longest message, without the four of its length. */
export const MAX_PROVIDERS_MESSAGE = 1 + 1 + MAX_FOUND * (1 + MAX_NAME + 1 + MAX_WAYS * (2 + MAX_WAY))

/** Names are in their binary form: CIDs, peer ids (multihash), and multiaddrs. */
export interface FoundProvider {
  readonly peer: Uint8Array
  /** Multiaddrs that end in that peer. Empty: it is met at whoever answers, as a circuit through that. */
  readonly ways: readonly Uint8Array[]
}

export type ProvidersMessage =
  /** From now on, and for `lifetime` seconds, the sender holds these files and no others. */
  | { readonly kind: 'announce'; readonly lifetime: number; readonly cids: readonly Uint8Array[] }
  /** What was taken of it: how many, from the first on, and for how long. */
  | { readonly kind: 'announced'; readonly lifetime: number; readonly count: number }
  /** Who holds this? `mayAsk`: whoever is asked may ask its own neighbours, once. */
  | { readonly kind: 'find'; readonly cid: Uint8Array; readonly mayAsk: boolean }
  | { readonly kind: 'found'; readonly providers: readonly FoundProvider[] }
  | { readonly kind: 'busy' }

export interface MalformedProvidersMessage {
  readonly kind: 'providersMessageMalformed'
  readonly detail: string
}

const types = { announce: 1, announced: 2, find: 3, found: 4, busy: 5 } as const

/** A message with its length in front: four bytes, big-endian. Throws RangeError for what does not fit its field. */
export function encodeProvidersMessage(message: ProvidersMessage): Bytes {
  const body = concat(Uint8Array.of(types[message.kind]), ...fieldsOf(message))
  return concat(uintBytes(body.length, 4), body)
}

function fieldsOf(message: ProvidersMessage): readonly Uint8Array[] {
  switch (message.kind) {
    case 'announce':
      return [
        uintBytes(message.lifetime, 2),
        count(message.cids.length, MAX_ANNOUNCED, 2),
        ...message.cids.map(name),
      ]
    case 'announced':
      return [uintBytes(message.lifetime, 2), count(message.count, MAX_ANNOUNCED, 2)]
    case 'find':
      return [name(message.cid), Uint8Array.of(message.mayAsk ? 1 : 0)]
    case 'found':
      return [count(message.providers.length, MAX_FOUND, 1), ...message.providers.flatMap(providerFields)]
    case 'busy':
      return []
  }
}

function providerFields({ peer, ways }: FoundProvider): readonly Uint8Array[] {
  return [name(peer), count(ways.length, MAX_WAYS, 1), ...ways.map(way => sized(way, MAX_WAY, 2))]
}

const name = (bytes: Uint8Array): Bytes => sized(bytes, MAX_NAME, 1)

function sized(bytes: Uint8Array, limit: number, lengthBytes: number): Bytes {
  if (bytes.length === 0 || bytes.length > limit) throw new RangeError(`${bytes.length} bytes`)
  return concat(uintBytes(bytes.length, lengthBytes), bytes)
}

function count(value: number, limit: number, length: number): Uint8Array {
  if (value > limit) throw new RangeError(`${value}, more than ${limit}`)
  return uintBytes(value, length)
}

/** The message without its length. Nothing may be missing, and nothing may follow. */
export function decodeProvidersMessage(
  body: Uint8Array,
): Result<ProvidersMessage, MalformedProvidersMessage> {
  const reader = new ByteReader(body)
  try {
    const message = read(reader)
    if (reader.left > 0) throw new Malformed(`${reader.left} bytes too many`)
    return ok(message)
  } catch (error) {
    if (!(error instanceof Malformed) && !(error instanceof EndOfBytes)) throw error
    return fail({ kind: 'providersMessageMalformed', detail: error.message })
  }
}

class Malformed extends Error {
  override readonly name = 'Malformed'
}

function read(reader: ByteReader): ProvidersMessage {
  const type = reader.uint(1)
  switch (type) {
    case types.announce: {
      const lifetime = reader.uint(2)
      return { kind: 'announce', lifetime, cids: readMany(reader, 2, MAX_ANNOUNCED, readName) }
    }
    case types.announced:
      return { kind: 'announced', lifetime: reader.uint(2), count: bounded(reader.uint(2), MAX_ANNOUNCED) }
    case types.find: {
      const cid = readName(reader)
      return { kind: 'find', cid, mayAsk: bounded(reader.uint(1), 1) === 1 }
    }
    case types.found:
      return { kind: 'found', providers: readMany(reader, 1, MAX_FOUND, readProvider) }
    case types.busy:
      return { kind: 'busy' }
    default:
      throw new Malformed(`message type ${type}`)
  }
}

function readProvider(reader: ByteReader): FoundProvider {
  const peer = readName(reader)
  return { peer, ways: readMany(reader, 1, MAX_WAYS, way => readSized(way, 2, MAX_WAY)) }
}

function readMany<T>(
  reader: ByteReader,
  lengthBytes: number,
  limit: number,
  readOne: (reader: ByteReader) => T,
): readonly T[] {
  return Array.from({ length: bounded(reader.uint(lengthBytes), limit) }, () => readOne(reader))
}

const readName = (reader: ByteReader): Bytes => readSized(reader, 1, MAX_NAME)

function readSized(reader: ByteReader, lengthBytes: number, limit: number): Bytes {
  const length = bounded(reader.uint(lengthBytes), limit)
  if (length === 0) throw new Malformed('an empty name')
  return reader.bytes(length)
}

function bounded(value: number, limit: number): number {
  if (value > limit) throw new Malformed(`${value}, more than ${limit}`)
  return value
}
