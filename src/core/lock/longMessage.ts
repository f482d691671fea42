// Messages of Fob's group that may be longer than a device's buffer: sent in parts, put together by the device.
import type { Bytes } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { type CborMap, readBytes, readOptional, readUint } from '../smp/cbor.ts'
import type { SmpClient, SmpFailure } from '../smp/client.ts'
import { SmpGroup } from '../smp/message.ts'
import { type CallOptions, readParams } from '../smp/os.ts'

export interface LongCallOptions extends CallOptions {
  /** The device's `SmpParams.bufSize`, where it is known; asked for when left out. */
  readonly bufSize?: number
}

/** SMP's header, and a map of `o`, `l` and `d` with two length bytes each, beside the data. */
const PART_OVERHEAD = 8 + 1 + 3 * 5
/** The least that a device may offer: one message of 64 bytes. */
const MIN_BUFFER = 64

/**
 * Writes a message in parts of what the device can buffer: `{o: 0, l: length, d}`, then `{o, d}`. The device answers
 * each part but the last with `{o: bytes that it has}`; the last one's answer is the command's, and is resolved with.
 */
export async function sendLong(
  client: SmpClient,
  command: number,
  message: Uint8Array,
  options: LongCallOptions = {},
): Promise<Result<CborMap, SmpFailure>> {
  const { bufSize, ...call } = options
  const size = await bufferOf(client, bufSize, call)
  if (!size.ok) return size
  const room = size.value - PART_OVERHEAD
  for (let at = 0; ; at += room) {
    const d = Uint8Array.from(message.subarray(at, at + room))
    const body = at === 0 ? { o: 0, l: message.length, d } : { o: at, d }
    const reply = await client.request({ op: 'write', group: SmpGroup.fob, command, body, ...call })
    const end = at + d.length
    if (!reply.ok || end === message.length) return reply
    if (readUint(reply.value, 'o') !== end) return fail({ kind: 'malformed', detail: 'field o' })
  }
}

/** Bytes that the device's buffer holds, header included. */
async function bufferOf(
  client: SmpClient,
  known: number | undefined,
  call: CallOptions,
): Promise<Result<number, SmpFailure>> {
  const params = known === undefined ? await readParams(client, call) : undefined
  if (params && !params.ok) return params
  const size = known ?? params?.value.bufSize ?? 0
  if (size < MIN_BUFFER) return fail({ kind: 'unexpected', detail: `a buffer of ${size} bytes` })
  return ok(size)
}

export type TakenPart =
  /** `received`: what the answer says. */
  | { readonly kind: 'part'; readonly received: number }
  | { readonly kind: 'complete'; readonly message: Bytes }
  /** What was put together so far is dropped. */
  | { readonly kind: 'malformed' }

/** Where a device puts a message together: it has room for one. */
export interface PartMemory {
  /** Throws where there is not so much room. */
  take(length: number): Bytes
  /** Forgets what was taken. */
  release(): void
}

/** The device's side, one for each connection: one message at a time. */
export class PartCollector {
  readonly #memory: PartMemory
  #command = -1
  #buffer: Bytes = new Uint8Array()
  #received = 0

  constructor(memory: PartMemory) {
    this.#memory = memory
  }

  /** `maxLength`: bytes of the longest message that the command takes. A message that is complete stays until `release`. */
  take(command: number, body: CborMap | undefined, maxLength: number): TakenPart {
    const offset = body && readUint(body, 'o')
    const length = body && readOptional(body, 'l', readUint, null)
    const data = body && readBytes(body, 'd')
    if (offset === undefined || length === undefined || data === undefined) return this.#drop()
    if (offset === 0) {
      this.release()
      if (length === null || length > maxLength) return this.#drop()
      this.#buffer = this.#memory.take(length)
      this.#command = command
    } else if (length !== null || command !== this.#command || offset !== this.#received) return this.#drop()
    if (data.length === 0 || this.#received + data.length > this.#buffer.length) return this.#drop()
    this.#buffer.set(data, this.#received)
    this.#received += data.length
    if (this.#received < this.#buffer.length) return { kind: 'part', received: this.#received }
    this.#command = -1
    return { kind: 'complete', message: this.#buffer }
  }

  release(): void {
    this.#command = -1
    this.#buffer = new Uint8Array()
    this.#received = 0
    this.#memory.release()
  }

  #drop(): TakenPart {
    this.release()
    return { kind: 'malformed' }
  }
}
