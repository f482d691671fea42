// Scan -> identify: asks the device who it is under a fresh challenge, reads its slots and battery, and notes all of it.
import type { NetworkConfig } from '../core/network.ts'
import { fail, ok, type Result } from '../core/result.ts'
import type { SessionFailure } from './deviceSession.ts'
import type { Devices } from './devices.ts'
import type { Platform } from './ports/platform.ts'
import type { DeviceRecord } from './ports/store.ts'
import type { Updater } from './updater.ts'

export interface IdentifyContext {
  readonly devices: Devices
  readonly platform: Platform
  readonly config: NetworkConfig
}

export type IdentifyFailure =
  | SessionFailure
  /** The device's signed answer names another chain or registry than this network's: a counterfeit does that. */
  | { readonly kind: 'identityForOtherNetwork'; readonly detail: string }
  /** Another device key answered than the one this record was made for. */
  | { readonly kind: 'deviceChanged'; readonly detail: string }
  | { readonly kind: 'deviceForgotten' }

export async function identifyDevice(
  session: Updater,
  key: string,
  { devices, platform, config }: IdentifyContext,
): Promise<Result<DeviceRecord, IdentifyFailure>> {
  const record = devices.get(key)
  if (!record) return fail({ kind: 'deviceForgotten' })
  const identified = await session.identify(platform.randomBytes(32))
  if (!identified.ok) return identified
  const identity = identified.value
  if (record.deviceId !== null && identity?.deviceId !== record.deviceId) {
    return fail({ kind: 'deviceChanged', detail: identity?.deviceId ?? 'no identity' })
  }
  const { id, registry } = config.chain
  if (identity && (identity.chainId !== id || identity.registry !== registry)) {
    return fail({
      kind: 'identityForOtherNetwork',
      detail: `chain ${identity.chainId}, registry ${identity.registry}`,
    })
  }
  const slots = await session.readSlots()
  if (!slots.ok) return slots
  const slotSize = await session.freeSlotSize()
  if (!slotSize.ok) return slotSize
  const battery = await session.batteryLevel()
  const { facts, bootloader } = slots.value
  const changed = await devices.change(key, {
    lastSeenAt: platform.unixNow(),
    // A device that can't say it is remembered to run what it was given here; the policy proves nothing by that.
    running: slots.value.running ?? (session.format === 'mcuboot' ? null : record.running),
    slotSize: slotSize.value,
    format: session.format,
    bootMode: bootloader?.mode ?? null,
    noDowngrade: bootloader?.noDowngrade ?? false,
    isInLoader: facts.inLoader === true,
    // A loader knows nothing of how its application answers.
    ...(facts.inLoader ? {} : { isRunningUntold: facts.untold === true }),
    battery,
    ...(identity ? { deviceId: identity.deviceId, model: identity.model, modelFrom: 'signed' as const } : {}),
  })
  return changed ? ok(changed) : fail({ kind: 'deviceForgotten' })
}
