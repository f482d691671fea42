// What runs from one boot to the next: the SMP groups, and which of them a connection reaches, in a session and outside.
import { MANAGED_OVERHEAD } from '../src/core/lock/managedTransport.ts'
import { SessionAction } from '../src/core/lock/openMessage.ts'
import { BOOT_MODE_NUMBERS } from '../src/core/mcuboot/bootMode.ts'
import { formatVersion, type ImageVersion } from '../src/core/mcuboot/version.ts'
import type { SmpMessage } from '../src/core/smp/message.ts'
import type { VendRecord } from '../src/core/vending/vendRecord.ts'
import { isOpenInVending, isOpenToAll } from './accessRules.ts'
import type { Boot } from './bootloader.ts'
import { FobService } from './fobService.ts'
import { type ImageGroupOptions, imageGroup } from './imageGroup.ts'
import type { GrantedAct } from './lock/openings.ts'
import type { LiveSession } from './lock/session.ts'
import { osGroup } from './osGroup.ts'
import type { ReferenceDeviceOptions } from './referenceDevice.ts'
import { answerSmp, type SmpDispatchOptions, type SmpGroupServer } from './smpDispatch.ts'

export interface FirmwareOptions {
  readonly device: ReferenceDeviceOptions
  /** What was started. */
  readonly boot: Pick<Boot, 'slot' | 'isLoader'>
  readonly version: ImageVersion
  readonly nodeName: string
  /** Asks for a reset; the answer is sent first. */
  readonly onReset: (intoBootloader: boolean) => void
  readonly onSlots: ImageGroupOptions['onState']
  readonly onStored: () => void
  readonly onOpened: (act: GrantedAct, hasMoved: boolean) => void
  readonly onVend: (record: VendRecord) => void
}

/** Bytes of a buffer that the full list of two images does not fit into. */
const FRUGAL_BELOW = 512

/** A reset loses whatever it keeps in memory, such as an upload that was under way, or a session. */
export class Firmware {
  /** undefined on a plain SMP device. */
  readonly fob: FobService | undefined
  readonly #options: FirmwareOptions
  /** undefined in an application that leaves its images to its loader. */
  readonly #images: SmpGroupServer | undefined

  constructor(options: FirmwareOptions) {
    const { device, boot, onOpened, onStored, onVend } = options
    const { bootMode = 'swap', leavesImagesToLoader = false } = device
    const { bufSize = 2475, eraseMs = 0, flash, companions = [], hasFobGroup = true } = device
    const { hasButton = true, claimCodeKey = null, noise, lockMemory } = device
    // A loader replaces the application, and moves nothing.
    const actuator = boot.isLoader ? undefined : device.actuator
    const vending = boot.isLoader ? undefined : device.vending
    this.#options = options
    this.#images =
      leavesImagesToLoader && !boot.isLoader
        ? undefined
        : imageGroup({
            ...{ flashes: [flash, ...companions] as const, eraseMs },
            boot: { mode: bootMode, active: boot.slot },
            isFrugal: bufSize < FRUGAL_BELOW,
            onState: options.onSlots,
          })
    const open = (act: GrantedAct): boolean => {
      const hasMoved = actuator?.() ?? false
      onOpened(act, hasMoved)
      return hasMoved
    }
    const { model, chainId, registry, key, timer } = device
    this.fob = hasFobGroup
      ? new FobService({
          ...{ model, chainId, registry, key, flash, timer, hasButton, claimCodeKey, noise, onStored },
          ...{ vending, onVend },
          open: actuator && open,
          memory: lockMemory,
        })
      : undefined
  }

  /** For a new connection: what it may ask of the device, and of the server inside a session. */
  connection(bufSize: number): SmpDispatchOptions {
    const { protocol = 'v2' } = this.#options.device
    const { fob } = this
    const groups = this.#standardGroups(bufSize)
    if (!fob) return { groups, bufSize, protocol }
    const innerSize = bufSize - MANAGED_OVERHEAD
    const innerGroups = this.#standardGroups(innerSize)
    const memory = fob.beginConnection()
    const innerFob = fob.insideSession(innerSize, memory)
    const answerManaged = (request: SmpMessage, session: LiveSession) =>
      answerSmp(request, {
        groups: [...innerGroups, innerFob(session)],
        bufSize: innerSize,
        protocol,
        isAllowed: session.rights.action === SessionAction.manage ? () => true : isOpenInVending,
      })
    return {
      groups: [...groups, fob.connection({ bufSize, memory, answerManaged })],
      bufSize,
      protocol,
      isAllowed: request => fob.state.owner === null || isOpenToAll(request),
    }
  }

  /** Stops its timers. */
  stop(): void {
    this.fob?.stop()
  }

  #standardGroups(bufSize: number): readonly SmpGroupServer[] {
    const { device, version, nodeName, onReset } = this.#options
    const { bufCount = 4, preventDowngrade = true, model, statistics } = device
    const os = osGroup({
      ...{ bufSize, bufCount, preventDowngrade, nodeName, onReset, statistics },
      hardware: model.hardware,
      bootMode: BOOT_MODE_NUMBERS[device.bootMode ?? 'swap'],
      version: () => formatVersion(version),
    })
    return this.#images ? [os, this.#images] : [os]
  }
}
