// What each device would get, from how it was last met and one reading of each model's head.
import type { Confirmation } from '../../core/registry/decision.ts'
import type { Model } from '../../core/registry/model.ts'
import type { Result } from '../../core/result.ts'
import { type CheckContext, judge } from '../checkDevice.ts'
import type { ChainFailure } from '../ports/chain.ts'
import type { FirmwareSource } from '../ports/firmware.ts'
import type { DeviceRecord } from '../ports/store.ts'
import type { CurrentReading } from '../readings.ts'
import type { FleetPlan, PlannedDevice, PlannedRelease } from './fleet.ts'

export interface PlanContext {
  readonly check: CheckContext
  readonly firmware: () => Promise<FirmwareSource>
}

type Read = Result<CurrentReading, ChainFailure>

export async function planFleet(records: readonly DeviceRecord[], context: PlanContext): Promise<FleetPlan> {
  const { config, channel, readings } = context.check
  const read = new Map<string, Promise<Read>>()
  const readOnce = (model: Model): Promise<Read> => {
    const key = `${model.maker}/${model.name}/${model.hardware}`
    const known = read.get(key) ?? readings.read(config, model, channel)
    read.set(key, known)
    return known
  }
  const releases = new Map<string, Omit<PlannedRelease, 'isHeld'>>()
  const devices: PlannedDevice[] = []
  for (const record of records) {
    const { key, name, deviceId, model, running } = record
    const planned = await planOne(record, context.check, readOnce, release => addTo(releases, release))
    devices.push({ key, name, deviceId, model, from: running?.version ?? null, planned })
  }
  return { devices, releases: await withHeld([...releases.values()], context) }
}

type NewRelease = Pick<PlannedRelease, 'model' | 'manifest' | 'evidence' | 'confirm'>

async function planOne(
  record: DeviceRecord,
  context: CheckContext,
  readOnce: (model: Model) => Promise<Read>,
  onRelease: (release: NewRelease) => void,
): Promise<PlannedDevice['planned']> {
  const { model } = record
  if (!model) return record.running ? not('unknownModel') : { kind: 'ask' }
  if (!context.makers.find(model.maker)) return not('makerNotPinned', model.maker)
  const read = await readOnce(model)
  if (!read.ok) {
    return not(
      read.error.kind,
      read.error.endpoints.map(({ host, verdict }) => `${host}: ${verdict}`).join(', '),
    )
  }
  const { reading, remembered } = read.value
  const { decision, evidence } = judge(record, model, reading, remembered, context)
  switch (decision.kind) {
    case 'update': {
      const { manifest, confirm } = decision
      onRelease({ model, manifest, evidence, confirm })
      return { kind: 'update', manifest }
    }
    case 'upToDate':
    case 'unproven': {
      // One on trial is confirmed by an update that writes nothing.
      const isProven = decision.kind === 'upToDate' && record.running?.confirmed !== false
      return { kind: 'newest', version: decision.manifest.version, isProven }
    }
    case 'blocked':
      return { kind: 'not', failure: { kind: 'refused', reason: decision.reason, detail: null } }
  }
}

const not = (kind: string, detail: string | null = null): PlannedDevice['planned'] => ({
  kind: 'not',
  failure: { kind, reason: null, detail },
})

function addTo(releases: Map<string, Omit<PlannedRelease, 'isHeld'>>, release: NewRelease): void {
  const { fileHash } = release.manifest
  const known = releases.get(fileHash)
  const confirm: readonly Confirmation[] = [...new Set([...(known?.confirm ?? []), ...release.confirm])]
  releases.set(fileHash, { ...release, confirm, devices: (known?.devices ?? 0) + 1 })
}

async function withHeld(
  releases: readonly Omit<PlannedRelease, 'isHeld'>[],
  { firmware }: PlanContext,
): Promise<readonly PlannedRelease[]> {
  if (releases.length === 0) return []
  // Code that can't be loaded just now holds nothing; beginning says why.
  const source = await firmware().catch(() => undefined)
  return Promise.all(
    releases.map(async release => ({
      ...release,
      isHeld: (await source?.holds(release.manifest.cid)) ?? false,
    })),
  )
}
