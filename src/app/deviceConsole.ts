// A technician's console: one device, one link, and the standard commands of SMP.
import { bootModeOf } from '../core/mcuboot/bootMode.ts'
import { fail, ok, type Result } from '../core/result.ts'
import type { SmpFailure } from '../core/smp/client.ts'
import { erase, readSlotInfo, readState } from '../core/smp/image.ts'
import { echo, readBootloader, readInfo, readParams, reset } from '../core/smp/os.ts'
import { readPools, readTasks } from '../core/smp/statistics.ts'
import { authorise } from './authorise.ts'
import type { ConsoleCommand, ConsoleEntry, ConsoleFailure, DeviceConsole } from './consoleLog.ts'
import { type DeviceSession, openSession, type WriteSizes } from './deviceSession.ts'
import type { ManagingLeave } from './manageDevice.ts'
import { Observable } from './observable.ts'
import type { DevicePort } from './ports/device.ts'
import type { Platform } from './ports/platform.ts'

export interface ConsoleContext {
  readonly port: () => Promise<DevicePort>
  readonly sourceId: string
  readonly platform: Platform
  readonly writeSizes: WriteSizes
  readonly leave: () => Promise<ManagingLeave>
}

/** Opens the link, and the owner's session where the device is ours: what manages it is refused without one. */
export async function openConsole(context: ConsoleContext): Promise<Result<DeviceConsole, ConsoleFailure>> {
  const { platform, port, sourceId, writeSizes, leave } = context
  const opened = await openSession(await port(), sourceId, platform, writeSizes)
  if (!opened.ok) return opened
  const session = opened.value
  const identified = await session.identify(platform.randomBytes(32))
  if (!identified.ok) {
    await session.close()
    return identified
  }
  // Somebody else's device still answers what is open to all.
  await authorise(session, platform, leave)
  return ok(new Console(session, platform))
}

class Console implements DeviceConsole {
  readonly log = new Observable<readonly ConsoleEntry[]>([])
  readonly state = new Observable<'ready' | 'busy' | 'gone'>('ready')
  readonly #session: DeviceSession
  readonly #platform: Platform

  constructor(session: DeviceSession, platform: Platform) {
    this.#session = session
    this.#platform = platform
    session.onLost(() => this.state.set('gone'))
  }

  async run(command: ConsoleCommand, argument?: string): Promise<void> {
    if (this.state.get() !== 'ready') return
    this.state.set('busy')
    const answered = await this.#ask(command, argument ?? '')
    const entry: ConsoleEntry = {
      id: this.#platform.randomId(),
      at: this.#platform.unixNow(),
      command,
      argument: argument ?? null,
      answer: answered.ok ? answered.value : null,
      failure: answered.ok ? null : { kind: answered.error.kind, detail: detailOf(answered.error) },
    }
    this.log.update(entries => [...entries, entry])
    if (this.state.get() === 'busy') this.state.set('ready')
  }

  async close(): Promise<void> {
    this.state.set('gone')
    await this.#session.close()
  }

  async #ask(command: ConsoleCommand, argument: string): Promise<Result<readonly string[], SmpFailure>> {
    const client = this.#session.managed
    switch (command) {
      case 'info':
        return mapped(await readInfo(client, 'a'), text => [text])
      case 'bootloader':
        return mapped(await readBootloader(client), ({ name, mode, noDowngrade }) => [
          `${name}, mode ${mode ?? 'untold'} (${bootModeOf(mode) ?? 'not known here'}), downgrade ${noDowngrade ? 'prevented' : 'not prevented'}`,
        ])
      case 'images':
        return mapped(await readState(client), slots =>
          slots.map(slot => {
            const flags = (['active', 'confirmed', 'pending', 'permanent', 'bootable'] as const).filter(
              flag => slot[flag],
            )
            return `image ${slot.image} slot ${slot.slot}: ${slot.versionText} [${flags.join(' ')}] ${hex(slot.hash)}`
          }),
        )
      case 'slots':
        return mapped(await readSlotInfo(client), images =>
          images.flatMap(({ image, slots, maxImageSize }) => [
            ...slots.map(({ slot, size }) => `image ${image} slot ${slot}: ${size ?? 'unknown'} bytes`),
            `image ${image}: at most ${maxImageSize ?? 'unknown'} bytes`,
          ]),
        )
      case 'params':
        return mapped(await readParams(client), ({ bufSize, bufCount }) => [
          `${bufCount} buffers of ${bufSize} bytes`,
        ])
      case 'tasks':
        return mapped(await readTasks(client), tasks =>
          tasks.map(
            ({ name, priority, stackUsed, stackSize, switches, runtime }) =>
              `${name}: priority ${priority}, stack ${stackUsed}/${stackSize} bytes, switches ${switches ?? '-'}, runtime ${runtime ?? '-'}`,
          ),
        )
      case 'pools':
        return mapped(await readPools(client), pools =>
          pools.map(
            ({ name, blockSize, blocks, free, leastFree }) =>
              `${name}: ${free}/${blocks} blocks of ${blockSize} bytes free, at least ${leastFree}`,
          ),
        )
      case 'echo':
        return mapped(await echo(client, argument), text => [text])
      case 'erase':
        return mapped(await erase(client), () => ['erased'])
      case 'restart':
        return mapped(await reset(client), () => ['restarts'])
    }
  }
}

const hex = (bytes: Uint8Array | null): string =>
  bytes === null ? '-' : Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')

function mapped<T>(
  result: Result<T, SmpFailure>,
  lines: (value: T) => readonly string[],
): Result<readonly string[], SmpFailure> {
  return result.ok ? ok(lines(result.value)) : fail(result.error)
}

function detailOf(error: SmpFailure): string | null {
  if (error.kind === 'deviceError') return error.reason ?? error.name
  return 'detail' in error && typeof error.detail === 'string' ? error.detail : null
}
