// What an SMP server answers to one request: groups, commands, permission, and the two forms of errors (Zephyr's smp.c).
import type { Result } from '../src/core/result.ts'
import { type CborMap, decodeCborMap, encodeCbor } from '../src/core/smp/cbor.ts'
import { MgmtError } from '../src/core/smp/errors.ts'
import {
  encodeMessage,
  responseTo,
  SMP_HEADER_LENGTH,
  type SmpMessage,
  SmpOp,
  SmpVersion,
} from '../src/core/smp/message.ts'

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

export interface SmpDispatchOptions {
  readonly groups: readonly SmpGroupServer[]
  /** Bytes of the longest message that is sent, header included. */
  readonly bufSize: number
  /**
   * `v2` answers in the version of the request. `v1` is an older server: it answers everything in version 1 and adds `rc: 0` to
   * every success (CONFIG_MCUMGR_SMP_LEGACY_RC_BEHAVIOUR).
   */
  readonly protocol: 'v1' | 'v2'
  /** Whether a request may be handled at all; else it is refused with EACCESSDENIED, known or not. Default: any. */
  readonly isAllowed?: (request: SmpMessage) => boolean
}

/** `busyMs`: time that the device takes until the answer is out. */
export interface SmpAnswer {
  readonly message: Uint8Array
  readonly busyMs: number
}

export const body = (map: CborMap, busyMs = 0): SmpReply => ({ kind: 'body', body: map, busyMs })
export const mgmtError = (rc: number): SmpReply => ({ kind: 'mgmtError', rc })
export const groupError = (rc: number): SmpReply => ({ kind: 'groupError', rc })

/** undefined for messages that get no answer: responses. */
export function answerSmp(request: SmpMessage, options: SmpDispatchOptions): SmpAnswer | undefined {
  if (request.op !== SmpOp.read && request.op !== SmpOp.write) return undefined
  const isAllowed = options.isAllowed?.(request) ?? true
  const reply = isAllowed ? handle(request, options) : mgmtError(MgmtError.EACCESSDENIED)
  return { message: encode(request, reply, options), busyMs: reply.kind === 'body' ? (reply.busyMs ?? 0) : 0 }
}

function handle(request: SmpMessage, options: SmpDispatchOptions): SmpReply {
  const command = groupOf(request, options)?.commands.get(request.command)
  const handler = request.op === SmpOp.read ? command?.read : command?.write
  if (!handler) return mgmtError(MgmtError.ENOTSUP)
  const decoded: Result<CborMap, { kind: string }> = decodeCborMap(request.payload)
  return handler(decoded.ok ? decoded.value : undefined)
}

function encode(request: SmpMessage, reply: SmpReply, options: SmpDispatchOptions): Uint8Array {
  const isV1 = options.protocol === 'v1' || request.version === SmpVersion.v1
  const version = isV1 ? SmpVersion.v1 : SmpVersion.v2
  const payload = encodeCbor(responseBody(request, reply, isV1, options))
  const isTooLong = payload.length + SMP_HEADER_LENGTH > options.bufSize
  const sent = isTooLong ? encodeCbor({ rc: MgmtError.EMSGSIZE }) : payload
  return encodeMessage({ ...responseTo(request, sent), version, flags: 0 })
}

function responseBody(
  request: SmpMessage,
  reply: SmpReply,
  isV1: boolean,
  options: SmpDispatchOptions,
): CborMap {
  if (reply.kind === 'mgmtError') return { rc: reply.rc }
  if (reply.kind === 'body') return options.protocol === 'v1' ? { rc: 0, ...reply.body } : reply.body
  if (!isV1) return { err: { group: request.group, rc: reply.rc } }
  return { rc: groupOf(request, options)?.toMgmtError(reply.rc) ?? MgmtError.EUNKNOWN }
}

function groupOf(request: SmpMessage, { groups }: SmpDispatchOptions): SmpGroupServer | undefined {
  return groups.find(group => group.id === request.group)
}
