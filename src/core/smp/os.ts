// Group 0 (Zephyr, "Default/OS Management Group"): echo, reset, MCUmgr parameters, application and bootloader info.
import { fail, ok, type Result } from '../result.ts'
import { type CborMap, readBool, readInt, readOptional, readText, readUint } from './cbor.ts'
import type { Cancellation, SmpClient, SmpFailure, SmpRequest } from './client.ts'
import { SmpGroup } from './message.ts'

export const OsCommand = {
  echo: 0,
  taskStatistics: 2,
  poolStatistics: 3,
  reset: 5,
  params: 6,
  info: 7,
  bootloaderInfo: 8,
} as const

/** What a reset may leave for the bootloader to find: `boot_mode`, Zephyr's `enum BOOT_MODE_TYPES`. */
export const BootRequest = { normal: 0, bootloader: 1 } as const

export interface CallOptions {
  readonly timeoutMs?: number
  readonly signal?: Cancellation | undefined
}

/** Resolves with the text that came back; whether it is the same is the caller's to say. */
export async function echo(
  client: SmpClient,
  text: string,
  options: CallOptions & Pick<SmpRequest, 'writeSize'> = {},
): Promise<Result<string, SmpFailure>> {
  const reply = await client.request({ ...os('write', OsCommand.echo, { d: text }), ...options })
  return field(reply, 'r', readText)
}

/**
 * The device answers before it resets, but the link may go first: `linkLost` then means that it probably resets.
 * A device that says `MGMT_ERR_EBUSY` may be asked again with `force`. `intoBootloader`: it starts its loader, where it has one
 * (CONFIG_MCUMGR_GRP_OS_RESET_BOOT_MODE); others take no notice.
 */
export async function reset(
  client: SmpClient,
  options: CallOptions & { readonly force?: boolean; readonly intoBootloader?: boolean } = {},
): Promise<Result<void, SmpFailure>> {
  const { force, intoBootloader, ...call } = options
  const request = {
    ...(force ? { force: 1 } : {}),
    ...(intoBootloader ? { boot_mode: BootRequest.bootloader } : {}),
  }
  const reply = await client.request({ ...os('write', OsCommand.reset, request), ...call })
  return reply.ok ? ok(undefined) : reply
}

export interface SmpParams {
  /** Bytes of the longest message that the device takes, header included. */
  readonly bufSize: number
  /** Messages that it can hold at a time. */
  readonly bufCount: number
}

export async function readParams(
  client: SmpClient,
  options: CallOptions = {},
): Promise<Result<SmpParams, SmpFailure>> {
  const reply = await client.request({ ...os('read', OsCommand.params, {}), ...options })
  if (!reply.ok) return reply
  const bufSize = readUint(reply.value, 'buf_size')
  const bufCount = readUint(reply.value, 'buf_count')
  if (bufSize === undefined || bufCount === undefined) return malformed('buf_size or buf_count')
  return ok({ bufSize, bufCount })
}

/**
 * Application info, like `uname`. `format` is a string of the letters s (kernel name), n (node name), r (kernel release),
 * v (kernel version), b (build time), m (machine), p (processor), i (hardware platform), o (operating system), a (all).
 */
export async function readInfo(
  client: SmpClient,
  format: string,
  options: CallOptions = {},
): Promise<Result<string, SmpFailure>> {
  const reply = await client.request({ ...os('read', OsCommand.info, { format }), ...options })
  return field(reply, 'output', readText)
}

export interface BootloaderInfo {
  /** `MCUboot`, or another bootloader's name. */
  readonly name: string
  /** MCUboot's mode (`enum mcuboot_mode`, -1 unknown, 1 swap using scratch, 2 overwrite only, ...); null for others. */
  readonly mode: number | null
  /** Whether the bootloader refuses older images; false when it does not say. */
  readonly noDowngrade: boolean
}

export async function readBootloader(
  client: SmpClient,
  options: CallOptions = {},
): Promise<Result<BootloaderInfo, SmpFailure>> {
  const request = os('read', OsCommand.bootloaderInfo, {})
  const name = field(await client.request({ ...request, ...options }), 'bootloader', readText)
  if (!name.ok) return name
  if (name.value !== 'MCUboot') return ok({ name: name.value, mode: null, noDowngrade: false })
  const reply = await client.request({ ...request, body: { query: 'mode' }, ...options })
  if (!reply.ok) return reply
  const mode = readInt(reply.value, 'mode')
  const noDowngrade = readOptional(reply.value, 'no-downgrade', readBool, false)
  if (mode === undefined || noDowngrade === undefined) return malformed('mode or no-downgrade')
  return ok({ name: name.value, mode, noDowngrade })
}

function os(op: 'read' | 'write', command: number, body: CborMap): SmpRequest {
  return { op, group: SmpGroup.os, command, body }
}

function field<T>(
  reply: Result<CborMap, SmpFailure>,
  key: string,
  read: (map: CborMap, key: string) => T | undefined,
): Result<T, SmpFailure> {
  if (!reply.ok) return reply
  const value = read(reply.value, key)
  return value === undefined ? malformed(key) : ok(value)
}

function malformed(fields: string): { readonly ok: false; readonly error: SmpFailure } {
  return fail({ kind: 'malformed', detail: `field ${fields}` })
}
