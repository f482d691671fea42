// The SMP client: requests out, matched responses back, over a byte pipe that may lose, delay, repeat or end.
import { fail, ok, type Result } from '../result.ts'
import { type CborMap, decodeCborMap, encodeCbor } from './cbor.ts'
import { type DeviceError, MgmtError, readOutcome } from './errors.ts'
import { encodeMessage, Reassembler, type SmpMessage, SmpOp, SmpVersion } from './message.ts'
import { type ByteTransport, LinkError, type LinkLoss, type Timer } from './transport.ts'
import { type QueuedWrite, WriteQueue } from './writeQueue.ts'

export type SmpFailure =
  | { readonly kind: 'linkLost'; readonly loss: LinkLoss; readonly detail?: string }
  | { readonly kind: 'timeout'; readonly detail: string }
  /** The device answered with something that is not SMP, not CBOR, or lacks a field that the command promises. */
  | { readonly kind: 'malformed'; readonly detail: string }
  | ({ readonly kind: 'deviceError' } & DeviceError)
  /** The device answered another question than the one that was asked. */
  | { readonly kind: 'unexpected'; readonly detail: string }
  | { readonly kind: 'cancelled' }

/** What an AbortSignal looks like from core. */
export interface Cancellation {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

export interface SmpRequest {
  readonly op: 'read' | 'write'
  readonly group: number
  readonly command: number
  readonly body: CborMap
  /** Milliseconds from the last byte written to the response; default: the client's. */
  readonly timeoutMs?: number
  readonly signal?: Cancellation | undefined
  /** Bytes per write for this message alone (the write size probe); default: the client's `writeSize`. */
  readonly writeSize?: number
  /** Calls back when the transport has taken the last byte, for whoever sends at the link's pace. */
  readonly onWritten?: () => void
}

export interface SmpClientOptions {
  readonly timer: Timer
  /** Default 5,000 ms. */
  readonly timeoutMs?: number
  /** Longest response body in bytes that is taken; default 8,192. */
  readonly maxResponse?: number
}

const DEFAULT_TIMEOUT_MS = 5_000
/** For commands that erase flash before they answer. */
export const ERASE_TIMEOUT_MS = 40_000

/** A request under way: `forget` stops waiting for it (the reply then is `cancelled`), for whoever has no signal. */
export interface PendingRequest {
  readonly reply: Promise<Result<CborMap, SmpFailure>>
  forget(): void
}

interface Pending {
  readonly request: SmpRequest
  readonly sequence: number
  readonly settle: (result: Result<CborMap, SmpFailure>) => void
  write: QueuedWrite
  stopTimer: () => void
}

/**
 * Several requests may be in flight; each is matched to its response by sequence number, group, command and op.
 * Late, repeated and unasked responses are dropped and counted. When the link goes, all requests fail at once with its
 * `LinkLoss`, and so does every later one: the owner of the transport closes it, reconnects and makes a new client.
 * Speaks version 2 until the device shows that it only knows version 1.
 */
export class SmpClient {
  /** Bytes per write; begins with what the transport is certain of, and is raised after `probeWriteSize`. */
  writeSize: number
  /** Responses that nobody waited for: late, repeated, or never asked for. */
  ignoredResponses = 0

  private readonly timer: Timer
  private readonly timeoutMs: number
  private readonly reassembler: Reassembler
  private readonly writes: WriteQueue
  private readonly pending = new Map<number, Pending>()
  /** The last request that gave up waiting under each sequence number: its response may still come. */
  private readonly givenUp = new Map<number, SmpRequest>()
  private readonly unsubscribe: (() => void)[] = []
  private readonly endListeners: ((failure: SmpFailure) => void)[] = []
  private version: SmpVersion = SmpVersion.v2
  private nextSequence = 0
  private lastData = 0
  private ended: SmpFailure | undefined

  constructor(transport: ByteTransport, options: SmpClientOptions) {
    this.timer = options.timer
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    this.reassembler = new Reassembler(options.maxResponse ?? 8_192)
    this.writeSize = transport.maxWrite
    this.writes = new WriteQueue(transport, this.timer, this.timeoutMs, error => this.linkBroke(error))
    this.unsubscribe.push(transport.onData(bytes => this.receive(bytes)))
    this.unsubscribe.push(transport.onClose(loss => this.end({ kind: 'linkLost', loss })))
  }

  /** What the device is spoken to in. */
  get protocolVersion(): 1 | 2 {
    return this.version === SmpVersion.v2 ? 2 : 1
  }

  /** Sends a request and resolves with the response body, once that says success. */
  request(request: SmpRequest): Promise<Result<CborMap, SmpFailure>> {
    return this.send(request).reply
  }

  /** As `request`, with a handle to stop waiting. */
  send(request: SmpRequest): PendingRequest {
    const version = this.version
    let current = this.attempt(request, version)
    const reply = current.reply.then(result => {
      const other = result.ok ? undefined : versionAskedFor(result.error, version)
      if (other === undefined) return result
      this.version = other
      current = this.attempt(request, other)
      return current.reply
    })
    return { reply, forget: () => current.forget() }
  }

  /** Calls back once when nothing more can be asked: the link is gone, or `dispose` was called; at once if so already. */
  onEnd(listener: (failure: SmpFailure) => void): void {
    if (this.ended) listener(this.ended)
    else this.endListeners.push(listener)
  }

  /** Stops listening; what is under way ends as cancelled. The transport stays open: it is its owner's to close. */
  dispose(): void {
    this.end({ kind: 'cancelled' })
  }

  private attempt(request: SmpRequest, version: SmpVersion): PendingRequest {
    const refusal = this.ended ?? (request.signal?.aborted ? { kind: 'cancelled' as const } : undefined)
    if (refusal) return { reply: Promise.resolve(fail(refusal)), forget: () => {} }
    const sequence = this.freeSequence()
    if (sequence === undefined) {
      const failure: SmpFailure = { kind: 'unexpected', detail: '256 requests are waiting already' }
      return { reply: Promise.resolve(fail(failure)), forget: () => {} }
    }
    const message = encodeMessage({
      op: request.op === 'read' ? SmpOp.read : SmpOp.write,
      version,
      flags: 0,
      group: request.group,
      sequence,
      command: request.command,
      payload: encodeCbor(request.body),
    })
    let resolve: (result: Result<CborMap, SmpFailure>) => void = () => {}
    const reply = new Promise<Result<CborMap, SmpFailure>>(resolver => {
      resolve = resolver
    })
    const forget = () => this.giveUp(pending, { kind: 'cancelled' })
    const pending: Pending = {
      request,
      sequence,
      settle: result => {
        if (this.pending.get(sequence) === pending) this.pending.delete(sequence)
        pending.stopTimer()
        request.signal?.removeEventListener('abort', forget)
        resolve(result)
      },
      write: {
        message,
        writeSize: Math.max(1, request.writeSize ?? this.writeSize),
        handedOver: 0,
        onDone: () => {
          request.onWritten?.()
          this.waitForAnswer(pending)
        },
        onRefused: error =>
          pending.settle(fail({ kind: 'linkLost', loss: error.loss, detail: error.message })),
      },
      stopTimer: () => {},
    }
    this.pending.set(sequence, pending)
    request.signal?.addEventListener('abort', forget)
    this.writes.add(pending.write)
    return { reply, forget }
  }

  private freeSequence(): number | undefined {
    for (let tries = 0; tries < 256; tries++) {
      const sequence = this.nextSequence
      this.nextSequence = (sequence + 1) & 0xff
      if (!this.pending.has(sequence)) return sequence
    }
    return undefined
  }

  private waitForAnswer(pending: Pending): void {
    if (!this.isWaiting(pending)) return
    const ms = pending.request.timeoutMs ?? this.timeoutMs
    pending.stopTimer = this.timer.after(ms, () =>
      this.giveUp(pending, { kind: 'timeout', detail: `no answer in ${ms} ms` }),
    )
  }

  private isWaiting(pending: Pending): boolean {
    return this.pending.get(pending.sequence) === pending
  }

  private giveUp(pending: Pending, failure: SmpFailure): void {
    if (!this.isWaiting(pending)) return
    this.givenUp.set(pending.sequence, pending.request)
    this.writes.drop(pending.write)
    pending.settle(fail(failure))
    // With nobody waiting, the rest of a message that broke off must not swallow the next one.
    if (this.pending.size === 0) this.reassembler.reset()
  }

  private linkBroke(error: unknown): void {
    const loss = error instanceof LinkError ? error.loss : 'lost'
    this.end({ kind: 'linkLost', loss, detail: error instanceof Error ? error.message : String(error) })
  }

  private end(failure: SmpFailure): void {
    if (this.ended) return
    this.ended = failure
    this.stopListening()
    this.writes.close()
    for (const pending of [...this.pending.values()]) pending.settle(fail(failure))
    for (const listener of this.endListeners.splice(0)) listener(failure)
  }

  private stopListening(): void {
    for (const stop of this.unsubscribe.splice(0)) stop()
  }

  private receive(bytes: Uint8Array): void {
    if (this.ended) return
    const now = this.timer.now()
    if (this.reassembler.isPartial && now - this.lastData >= this.timeoutMs) this.reassembler.reset()
    this.lastData = now
    const pushed = this.reassembler.push(bytes)
    for (const message of pushed.ok ? pushed.value : pushed.error.complete) this.answer(message)
    if (pushed.ok) return
    // Whose response was garbled can't be known, so it is everybody's who was waiting for one.
    for (const pending of [...this.pending.values()]) {
      if (isSent(pending)) this.giveUp(pending, { kind: 'malformed', detail: pushed.error.detail })
    }
  }

  private answer(message: SmpMessage): void {
    const pending = this.pending.get(message.sequence)
    if (pending && isSent(pending) && isResponseTo(pending.request, message)) {
      this.accept(pending, message)
      return
    }
    const late = this.givenUp.get(message.sequence)
    const isLate = late !== undefined && isResponseTo(late, message)
    if (isLate || !pending || !isSent(pending)) {
      this.ignoredResponses++
      return
    }
    const { op, group, command } = message
    pending.settle(fail({ kind: 'unexpected', detail: `op ${op}, group ${group}, command ${command}` }))
  }

  private accept(pending: Pending, message: SmpMessage): void {
    if (message.version === SmpVersion.v1) this.version = SmpVersion.v1
    const body = decodeCborMap(message.payload)
    if (!body.ok) {
      pending.settle(fail({ kind: 'malformed', detail: body.error.detail }))
      return
    }
    const outcome = readOutcome(body.value)
    if (outcome.kind === 'success') pending.settle(ok(body.value))
    else if (outcome.kind === 'malformed') pending.settle(fail(outcome))
    else pending.settle(fail({ kind: 'deviceError', ...outcome.error }))
  }
}

/** Whether a response can be on its way: it may come before the transport says that it took the last byte. */
function isSent(pending: Pending): boolean {
  return pending.write.handedOver === pending.write.message.length
}

function isResponseTo(request: SmpRequest, message: SmpMessage): boolean {
  const op = request.op === 'read' ? SmpOp.readResponse : SmpOp.writeResponse
  return message.op === op && message.group === request.group && message.command === request.command
}

/** A device that refuses a version is asked once more in the other one. */
function versionAskedFor(failure: SmpFailure, used: SmpVersion): SmpVersion | undefined {
  if (failure.kind !== 'deviceError' || failure.group !== null) return undefined
  if (failure.rc === MgmtError.UNSUPPORTED_TOO_NEW && used === SmpVersion.v2) return SmpVersion.v1
  if (failure.rc === MgmtError.UNSUPPORTED_TOO_OLD && used === SmpVersion.v1) return SmpVersion.v2
  return undefined
}
