// SMP group 0 as Zephyr answers it (os_mgmt.c): echo, reset, parameters, application and bootloader info.
import { BOOT_MODE_NUMBERS } from '../src/core/mcuboot/bootMode.ts'
import { type CborMap, readOptional, readText, readUint } from '../src/core/smp/cbor.ts'
import { MgmtError, OsError } from '../src/core/smp/errors.ts'
import { SmpGroup } from '../src/core/smp/message.ts'
import { BootRequest, OsCommand } from '../src/core/smp/os.ts'
import {
  body,
  groupError,
  mgmtError,
  type SmpCommand,
  type SmpGroupServer,
  type SmpReply,
} from './smpDispatch.ts'

/** By name, with the fields that SMP gives them. */
export interface DeviceStatistics {
  tasks(): CborMap
  pools(): CborMap
}

export interface OsGroupOptions {
  readonly bufSize: number
  readonly bufCount: number
  readonly preventDowngrade: boolean
  readonly nodeName: string
  readonly hardware: string
  /** Version of the running image. */
  readonly version: () => string
  /** What its system counts; a device without it answers that it has no such command. */
  readonly statistics?: DeviceStatistics | undefined
  /** MCUboot's (`enum mcuboot_mode`). */
  readonly bootMode?: number
  /**
   * Asks for a reset; the answer is sent first. `intoBootloader`: with `boot_mode` 1 (retention/bootmode.h, BOOT_MODE_TYPE_BOOTLOADER),
   * which the bootloader finds after it.
   */
  readonly onReset: (intoBootloader: boolean) => void
}

const KERNEL = 'Fob-reference'

export function osGroup(options: OsGroupOptions): SmpGroupServer {
  const echo = (request: CborMap | undefined): SmpReply => {
    const text = request && readOptional(request, 'd', readText, '')
    return text === undefined ? mgmtError(MgmtError.EINVAL) : body({ r: text })
  }
  return {
    id: SmpGroup.os,
    commands: new Map<number, SmpCommand>([
      [OsCommand.echo, { read: echo, write: echo }],
      [
        OsCommand.reset,
        {
          write: request => {
            const bootMode = request ? readOptional(request, 'boot_mode', readUint, 0) : 0
            if (bootMode === undefined) return mgmtError(MgmtError.EINVAL)
            options.onReset(bootMode === BootRequest.bootloader)
            return body({})
          },
        },
      ],
      ...statisticsCommands(options.statistics),
      [OsCommand.params, { read: () => body({ buf_size: options.bufSize, buf_count: options.bufCount }) }],
      [OsCommand.info, { read: request => infoReply(request, options) }],
      [OsCommand.bootloaderInfo, { read: request => bootloaderReply(request, options) }],
    ]),
    toMgmtError: rc =>
      rc === OsError.INVALID_FORMAT
        ? MgmtError.EINVAL
        : rc === OsError.QUERY_YIELDS_NO_ANSWER
          ? MgmtError.ENOENT
          : MgmtError.EUNKNOWN,
  }
}

function statisticsCommands(
  statistics: DeviceStatistics | undefined,
): readonly (readonly [number, SmpCommand])[] {
  if (!statistics) return []
  return [
    [OsCommand.taskStatistics, { read: () => body({ tasks: statistics.tasks() }) }],
    [OsCommand.poolStatistics, { read: () => body(statistics.pools()) }],
  ]
}

/** The parts come in a fixed order, whatever the order of the letters. */
function infoReply(request: CborMap | undefined, options: OsGroupOptions): SmpReply {
  const format = request && readOptional(request, 'format', readText, '')
  if (format === undefined) return mgmtError(MgmtError.EINVAL)
  const parts: readonly (readonly [letter: string, text: string])[] = [
    ['s', KERNEL],
    ['n', options.nodeName],
    ['r', options.version()],
    ['v', options.version()],
    ['m', 'javascript'],
    ['p', 'javascript'],
    ['i', options.hardware],
    ['o', KERNEL],
  ]
  const asked = [...(format === '' ? 's' : format)]
  if (asked.some(letter => letter !== 'a' && !parts.some(([known]) => known === letter))) {
    return groupError(OsError.INVALID_FORMAT)
  }
  const shown = parts.filter(([letter]) => asked.includes('a') || asked.includes(letter))
  return body({ output: shown.map(([, text]) => text).join(' ') })
}

function bootloaderReply(request: CborMap | undefined, options: OsGroupOptions): SmpReply {
  const query = request && readOptional(request, 'query', readText, null)
  if (query === undefined) return mgmtError(MgmtError.EINVAL)
  if (query === null) return body({ bootloader: 'MCUboot' })
  if (query !== 'mode') return groupError(OsError.QUERY_YIELDS_NO_ANSWER)
  const mode = { mode: options.bootMode ?? BOOT_MODE_NUMBERS.swap }
  return body(options.preventDowngrade ? { ...mode, 'no-downgrade': true } : mode)
}
