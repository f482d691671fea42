// Finds how many bytes one write may have, by echo: Web Bluetooth tells no MTU, and some stacks cut long writes in silence.
import { ok, type Result } from '../result.ts'
import { encodeCbor } from './cbor.ts'
import type { Cancellation, SmpClient, SmpFailure } from './client.ts'
import { SMP_HEADER_LENGTH } from './message.ts'
import { echo } from './os.ts'

/**
 * The payloads of ATT MTUs 23, 185, 247 and 498. With ATT's and L2CAP's headers the last two fill one and two link-layer
 * packets of 251 bytes; up to 512 bytes would be allowed, but the few more would need a packet of their own each time.
 */
export const PROBED_SIZES: readonly number[] = [20, 182, 244, 495]

export interface ProbeOptions {
  /** Ascending. */
  readonly sizes?: readonly number[]
  /** Longest message that the device takes (`SmpParams.bufSize`): larger sizes are not tried. */
  readonly bufSize?: number
  /** For each echo; default 1,500 ms. */
  readonly timeoutMs?: number
  readonly signal?: Cancellation | undefined
}

export interface ProbedWriteSize {
  /** The largest size whose echo came back right; the client's former `writeSize` if none did. */
  readonly writeSize: number
  /**
   * False when the device still seems to wait for the rest of a write that was cut on the way: connect anew, which
   * empties its buffer, and there set the client's `writeSize` without probing.
   */
  readonly inSync: boolean
}

/**
 * Tries sizes upwards until one fails, and sets the client's `writeSize` to the last good one.
 * Only the end of the link or the signal is a failure.
 */
export async function probeWriteSize(
  client: SmpClient,
  options: ProbeOptions = {},
): Promise<Result<ProbedWriteSize, SmpFailure>> {
  const { sizes = PROBED_SIZES, bufSize = Number.POSITIVE_INFINITY, timeoutMs = 1_500, signal } = options
  const call = { timeoutMs, signal }
  for (const size of sizes) {
    // A link that is certain of more needs no trying: a gateway and a cable cut by rules of their own.
    const text = size > bufSize || size < client.writeSize ? undefined : echoTextFor(size)
    if (text === undefined) continue
    const reply = await echo(client, text, { ...call, writeSize: size })
    if (reply.ok && reply.value === text) {
      client.writeSize = size
      continue
    }
    if (!reply.ok && isFinal(reply.error)) return reply
    const inSync = isRefused(reply) ? ok(true) : await resynchronise(client, text, call)
    return inSync.ok ? ok({ writeSize: client.writeSize, inSync: inSync.value }) : inSync
  }
  return ok({ writeSize: client.writeSize, inSync: true })
}

type EchoOptions = { readonly timeoutMs: number; readonly signal: Cancellation | undefined }

/**
 * Whether the device answers again after a write that failed. Some systems cut a long write in silence, and the device
 * then takes what comes next for the missing part: so it is given as much as can be missing, in writes that get through.
 */
async function resynchronise(
  client: SmpClient,
  text: string,
  options: EchoOptions,
): Promise<Result<boolean, SmpFailure>> {
  const first = await isAnswering(client, options)
  if (!first.ok || first.value) return first
  const filler = await echo(client, text, options)
  if (!filler.ok && isFinal(filler.error)) return filler
  return isAnswering(client, options)
}

async function isAnswering(client: SmpClient, options: EchoOptions): Promise<Result<boolean, SmpFailure>> {
  const text = 'fob'
  const reply = await echo(client, text, options)
  if (!reply.ok && isFinal(reply.error)) return reply
  // A device without echo answers with an error: it does answer.
  return ok(reply.ok ? reply.value === text : reply.error.kind === 'deviceError')
}

function isRefused(reply: Result<string, SmpFailure>): boolean {
  return !reply.ok && reply.error.kind === 'linkLost'
}

/** A refused write leaves the link as it was, and only says that the size is too large. */
function isFinal(failure: SmpFailure): boolean {
  if (failure.kind === 'cancelled') return true
  return failure.kind === 'linkLost' && failure.loss !== 'refused' && failure.loss !== 'busy'
}

/**
 * The text that makes an echo request exactly `size` bytes long. Its bytes are such that, should a cut message leave a
 * device reading in the middle of it, they make no valid header (op 4, a length beyond any buffer).
 */
function echoTextFor(size: number): string | undefined {
  for (let length = size; length >= 0; length--) {
    const text = 'd'.repeat(length)
    const total = SMP_HEADER_LENGTH + encodeCbor({ d: text }).length
    if (total === size) return text
    if (total < size) return undefined
  }
  return undefined
}
