// Compares a device with the registry: reads the model's head, decides, and says how well it was proven.
import type { NetworkConfig } from '../core/network.ts'
import type { Decision, HighWater } from '../core/registry/decision.ts'
import type { Evidence } from '../core/registry/evidence.ts'
import { bindingHighWater, raiseHighWater } from '../core/registry/highWater.ts'
import type { Model } from '../core/registry/model.ts'
import { decide, isRunningRevoked } from '../core/registry/policy.ts'
import type { HeadReading } from '../core/registry/release.ts'
import { fail, ok, type Result } from '../core/result.ts'
import type { Makers } from './makers.ts'
import type { DeviceRecord } from './ports/store.ts'
import type { Readings } from './readings.ts'

export interface Checked {
  readonly decision: Decision
  readonly evidence: Evidence
  readonly model: Model
  readonly runningRevoked: boolean
  /** What must never be gone below from now on; raised by proven readings only. */
  readonly highWater: HighWater | null
}

export interface CheckContext {
  readonly config: NetworkConfig
  readonly channel: string
  readonly readings: Readings
  readonly makers: Makers
  /** Unix seconds. */
  readonly now: number
}

export type CheckOutcome = Result<Checked, { readonly kind: string; readonly detail?: string }>

export async function checkDevice(record: DeviceRecord, context: CheckContext): Promise<CheckOutcome> {
  const { model } = record
  if (!model) return fail({ kind: 'unknownModel' })
  // A counterfeit names its own maker and registry: only a maker whom the person has pinned is believed.
  if (!context.makers.find(model.maker)) return fail({ kind: 'makerNotPinned', detail: model.maker })
  const read = await context.readings.read(context.config, model, context.channel)
  if (!read.ok) return fail({ kind: read.error.kind, detail: describe(read.error.endpoints) })
  return ok(judge(record, model, read.value.reading, read.value.remembered, context))
}

/** The decision alone, from a reading that is at hand. */
export function judge(
  record: DeviceRecord,
  model: Model,
  reading: HeadReading,
  remembered: boolean,
  { config, channel, now }: Pick<CheckContext, 'config' | 'channel' | 'now'>,
): Checked {
  const decision = decide({
    device: {
      hardware: record.modelFrom === 'signed' ? (record.model?.hardware ?? null) : null,
      running: record.running,
      slotSize: record.slotSize,
      modelIsSigned: record.modelFrom === 'signed',
      format: record.format,
      bootMode: record.bootMode,
      isRunningUntold: record.isRunningUntold,
    },
    model,
    reading,
    highWater: bindingHighWater(record.highWater, reading, channel),
    now,
    maxAgeSeconds: config.chain.maxAgeSeconds,
    remembered,
  })
  return {
    decision,
    evidence: reading.evidence,
    model,
    runningRevoked: isRunningRevoked(record.running, reading.revocations),
    highWater: raiseHighWater(record.highWater, reading, channel),
  }
}

const describe = (endpoints: readonly { host: string; verdict: string }[]): string =>
  endpoints.map(({ host, verdict }) => `${host}: ${verdict}`).join(', ')
