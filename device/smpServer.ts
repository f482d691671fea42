// An SMP server as Zephyr's (subsys/mgmt/mcumgr/smp/src/smp.c): reassembly, dispatch, the two forms of errors.
import type { Result } from '../src/core/result.ts'
import { type CborMap, decodeCborMap, encodeCbor } from '../src/core/smp/cbor.ts'
import { MgmtError } from '../src/core/smp/errors.ts'
import {
  encodeMessage,
  Reassembler,
  responseTo,
  SMP_HEADER_LENGTH,
  type SmpMessage,
  SmpOp,
  SmpVersion,
} from '../src/core/smp/message.ts'
import type { Timer } from '../src/core/smp/transport.ts'

export type SmpReply =
  | { readonly kind: 'body'; readonly body: CborMap; readonly busyMs?: number }
  /** SMP's own error, `{rc}` in both versions. */
  | { readonly kind: 'mgmtError'; readonly rc: number }
  /** A group's own error: `{err: {group, rc}}`, or translated to SMP's for version 1. */
  | { readonly kind: 'groupError'; readonly rc: number }

/** `body` is undefined where the payload is no CBOR map; handlers that read nothing do not mind. */
type SmpHandler = (body: CborMap | undefined) => SmpReply

export interface SmpCommand {
  readonly read?: SmpHandler
  readonly write?: SmpHandler
}

export interface SmpGroupServer {
  readonly id: number
  readonly commands: ReadonlyMap<number, SmpCommand>
  /** The group's error as one of SMP's, for version 1 clients (`mg_translate_error`). */
  readonly toMgmtError: (rc: number) => number
}

export interface SmpServerOptions {
  readonly groups: readonly SmpGroupServer[]
  /** Bytes of the longest message that is taken or sent, header included. */
  readonly bufSize: number
  /** Messages that can wait; more are lost, as when Zephyr has no net_buf left. */
  readonly bufCount: number
  /** Time that each request takes, milliseconds. */
  readonly requestMs: number
  /**
   * `v2` answers in the version of the request. `v1` is an older server: it answers everything in version 1 and adds `rc: 0` to
   * every success (CONFIG_MCUMGR_SMP_LEGACY_RC_BEHAVIOUR).
   */
  readonly protocol: 'v1' | 'v2'
  readonly timer: Timer
}

export const body = (map: CborMap, busyMs = 0): SmpReply => ({ kind: 'body', body: map, busyMs })
export const mgmtError = (rc: number): SmpReply => ({ kind: 'mgmtError', rc })
export const groupError = (rc: number): SmpReply => ({ kind: 'groupError', rc })

/** Serves one connection. Requests are handled one at a time, in order, each in its own turn of the timer. */
export class SmpServer {
  readonly #options: SmpServerOptions
  readonly #send: (message: Uint8Array) => void
  readonly #reassembler: Reassembler
  readonly #queue: SmpMessage[] = []
  #cancel: (() => void) | undefined

  constructor(options: SmpServerOptions, send: (message: Uint8Array) => void) {
    this.#options = options
    this.#send = send
    this.#reassembler = new Reassembler(options.bufSize - SMP_HEADER_LENGTH)
  }

  /** Takes a fragment. What is no SMP is dropped without a word, as by Zephyr's reassembly. */
  receive(fragment: Uint8Array): void {
    const result = this.#reassembler.push(fragment)
    const messages = result.ok ? result.value : result.error.complete
    for (const message of messages) {
      if (this.#queue.length < this.#options.bufCount) this.#queue.push(message)
    }
    this.#next(this.#options.requestMs)
  }

  /** Ends the connection: nothing is handled or sent any more. */
  close(): void {
    this.#queue.length = 0
    this.#cancel?.()
    this.#reassembler.reset()
  }

  #next(delayMs: number): void {
    if (this.#cancel || this.#queue.length === 0) return
    this.#cancel = this.#options.timer.after(delayMs, () => {
      const [request] = this.#queue
      if (!request) return
      const reply = this.#handle(request)
      const busyMs = reply?.kind === 'body' ? (reply.busyMs ?? 0) : 0
      // The request's buffer is in use until the answer is out, so it counts against bufCount until then.
      this.#cancel = this.#options.timer.after(busyMs, () => {
        this.#queue.shift()
        this.#cancel = undefined
        if (reply) this.#send(this.#encode(request, reply))
        this.#next(this.#options.requestMs)
      })
    })
  }

  /** undefined for messages that get no answer: responses. */
  #handle(request: SmpMessage): SmpReply | undefined {
    if (request.op !== SmpOp.read && request.op !== SmpOp.write) return undefined
    const command = this.#group(request)?.commands.get(request.command)
    const handler = request.op === SmpOp.read ? command?.read : command?.write
    if (!handler) return mgmtError(MgmtError.ENOTSUP)
    const decoded: Result<CborMap, { kind: string }> = decodeCborMap(request.payload)
    return handler(decoded.ok ? decoded.value : undefined)
  }

  #encode(request: SmpMessage, reply: SmpReply): Uint8Array {
    const isV1 = this.#options.protocol === 'v1' || request.version === SmpVersion.v1
    const version = isV1 ? SmpVersion.v1 : SmpVersion.v2
    const payload = encodeCbor(this.#responseBody(request, reply, isV1))
    const isTooLong = payload.length + SMP_HEADER_LENGTH > this.#options.bufSize
    const sent = isTooLong ? encodeCbor({ rc: MgmtError.EMSGSIZE }) : payload
    return encodeMessage({ ...responseTo(request, sent), version, flags: 0 })
  }

  #responseBody(request: SmpMessage, reply: SmpReply, isV1: boolean): CborMap {
    if (reply.kind === 'mgmtError') return { rc: reply.rc }
    if (reply.kind === 'body') return this.#options.protocol === 'v1' ? { rc: 0, ...reply.body } : reply.body
    if (!isV1) return { err: { group: request.group, rc: reply.rc } }
    return { rc: this.#group(request)?.toMgmtError(reply.rc) ?? MgmtError.EUNKNOWN }
  }

  #group(request: SmpMessage): SmpGroupServer | undefined {
    return this.#options.groups.find(group => group.id === request.group)
  }
}
