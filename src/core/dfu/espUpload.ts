// Sends verified firmware to a device with Espressif's ble_ota: sector by sector, each acknowledged before the next.
//
// Source: esp-iot-solution, component ble_ota. The protocol has no resume: after a lost link the device begins anew. What
// runs is untouched until it has the whole image and was told to stop, since it writes to the partition that does not run.
import { isVerifiedFirmware, type VerifiedFirmware } from '../firmware/verified.ts'
import { fail, ok, type Result } from '../result.ts'
import type { Cancellation } from '../smp/client.ts'
import type { LinkLoss, Timer } from '../smp/transport.ts'
import {
  ESP_SECTOR,
  EspCommand,
  EspStatus,
  readCommandAnswer,
  readSectorAnswer,
  sectorPackets,
  startCommand,
  stopCommand,
} from './espFrames.ts'
import { asLinkLost, Ended, Inbox, type Pipe, type PipeFailure } from './pipe.ts'

export interface EspLink {
  /** Characteristic 0x8022. */
  readonly command: Pipe
  /** Characteristic 0x8020. */
  readonly firmware: Pipe
  /** Calls back once when the link is gone; at once if it already is. Returns the unsubscribe. */
  onClose(listener: (loss: LinkLoss) => void): () => void
}

export type EspFailure =
  | PipeFailure
  | { readonly kind: 'malformedResponse'; readonly detail: string }
  /** It does not take a firmware now, or finds the image wrong when it has all of it. */
  | { readonly kind: 'otaRefused'; readonly at: 'start' | 'stop'; readonly detail: string }
  /** A sector arrives damaged, or its answer is lost, again and again. */
  | { readonly kind: 'uploadStalled'; readonly offset: number; readonly detail: string }

export interface EspUploadOptions {
  readonly timer: Timer
  readonly signal?: Cancellation | undefined
  readonly onProgress?: (progress: { readonly sent: number; readonly total: number }) => void
  /** Sizes of a packet to try, the largest first; default: what a link with a long MTU takes, down to what every link takes. */
  readonly packetSizes?: readonly number[]
}

export interface EspUploadReport {
  /** Bytes of firmware put on the link, repeats included. */
  readonly bytesSent: number
  readonly packetSize: number
}

const PACKET_SIZES = [509, 244, 182, 100, 20]
/** The device may erase the whole partition before it answers. */
const START_MS = 30_000
const SECTOR_MS = 4000
/** It reads the whole image back and computes its hash. */
const STOP_MS = 30_000
const MAX_STRIKES = 8

/**
 * Resolves when the device has accepted the end: it has checked the image's own SHA-256, and restarts into it. It checks no
 * signature, unless its chip was locked to one.
 */
export async function uploadEsp(
  link: EspLink,
  firmware: VerifiedFirmware,
  options: EspUploadOptions,
): Promise<Result<EspUploadReport, EspFailure>> {
  if (!isVerifiedFirmware(firmware)) throw new TypeError('only verified firmware can be uploaded')
  if (firmware.format !== 'espOta') throw new TypeError(`${firmware.format} is no image for ble_ota`)
  const commands = new Inbox(link.command, listener => link.onClose(listener), options.timer)
  const sectors = new Inbox(link.firmware, listener => link.onClose(listener), options.timer)
  try {
    return ok(await run(link, firmware, options, commands, sectors))
  } catch (error) {
    if (error instanceof Ended) return fail(error.failure as EspFailure)
    throw error
  } finally {
    commands.close()
    sectors.close()
  }
}

async function run(
  link: EspLink,
  firmware: VerifiedFirmware,
  options: EspUploadOptions,
  commands: Inbox,
  sectors: Inbox,
): Promise<EspUploadReport> {
  const total = firmware.size
  const sizes = [...(options.packetSizes ?? PACKET_SIZES)]
  let bytesSent = 0
  await command(link, commands, startCommand(total), EspCommand.start, START_MS)
  for (let sector = 0, strikes = 0; sector * ESP_SECTOR < total; ) {
    const data = firmware.chunk(sector * ESP_SECTOR, ESP_SECTOR)
    sectors.clear()
    const sent = await writeAll(link.firmware, sectorPackets(sector, data, sizes[0] ?? 20), options.signal)
    bytesSent += data.length
    const next = sent ? await outcome(sectors, sector) : sector
    if (next === sector + 1) {
      strikes = 0
      options.onProgress?.({ sent: Math.min(next * ESP_SECTOR, total), total })
    } else {
      strikes++
      if (strikes >= MAX_STRIKES) {
        const detail = `${strikes} times in a row`
        throw new Ended<EspFailure>({ kind: 'uploadStalled', offset: sector * ESP_SECTOR, detail })
      }
      if (sizes.length > 1) sizes.shift()
    }
    sector = next
  }
  await command(link, commands, stopCommand(), EspCommand.stop, STOP_MS)
  return { bytesSent, packetSize: sizes[0] ?? 20 }
}

/** false where the link takes no packet of this length. */
async function writeAll(
  pipe: Pipe,
  packets: readonly Uint8Array[],
  signal: Cancellation | undefined,
): Promise<boolean> {
  for (const packet of packets) {
    if (signal?.aborted) throw new Ended<EspFailure>({ kind: 'cancelled' })
    try {
      await pipe.write(packet)
    } catch (error) {
      const lost = asLinkLost(error)
      if (lost.kind === 'linkLost' && lost.loss === 'refused') return false
      throw new Ended<EspFailure>(lost)
    }
  }
  return true
}

/**
 * The sector to send next: the following one, or this one again. A device whose "accepted" was lost waits for the following
 * one and says so; anything further away is not believed.
 */
async function outcome(sectors: Inbox, sector: number): Promise<number> {
  for (;;) {
    const bytes = await sectors.next(SECTOR_MS)
    if (bytes === undefined) return sector
    const answer = readSectorAnswer(bytes)
    if (!answer.ok) continue
    const { status, expected } = answer.value
    if (status === EspStatus.accepted && answer.value.sector === sector) return sector + 1
    if (status === EspStatus.wrongSector && expected === sector + 1) return sector + 1
    if (status !== EspStatus.accepted) return sector
  }
}

async function command(
  link: EspLink,
  inbox: Inbox,
  frame: Uint8Array,
  id: number,
  ms: number,
): Promise<void> {
  inbox.clear()
  try {
    await link.command.write(frame)
  } catch (error) {
    throw new Ended<EspFailure>(asLinkLost(error))
  }
  for (;;) {
    const bytes = await inbox.next(ms)
    if (bytes === undefined) throw new Ended<EspFailure>({ kind: 'timeout', detail: `command ${id}` })
    const answer = readCommandAnswer(bytes)
    if (!answer.ok) throw new Ended<EspFailure>(answer.error)
    if (answer.value.command !== id) continue
    if (answer.value.isAccepted) return
    const at = id === EspCommand.start ? 'start' : 'stop'
    throw new Ended<EspFailure>({ kind: 'otaRefused', at, detail: `command ${id}` })
  }
}
