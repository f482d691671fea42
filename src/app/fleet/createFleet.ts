// Leads through the update of many devices: one at a time by the same updates as a single one, written down before each step.
import type { Hex } from '../../core/bytes.ts'
import {
  afterInterruption,
  type FleetEvent,
  type FleetItem,
  type FleetKind,
  type FleetOutcome,
  type FleetRun,
  isAgreed,
  nextOf,
  startRun,
  stepRun,
} from '../../core/fleet/run.ts'
import { readStoredRun } from '../../core/fleet/storedRun.ts'
import { ok, type Result } from '../../core/result.ts'
import type { UpdateState } from '../../core/update/state.ts'
import type { CheckContext } from '../checkDevice.ts'
import type { Devices } from '../devices.ts'
import type { UpdateView } from '../fob.ts'
import { Observable } from '../observable.ts'
import type { ChooseFailure, DevicePort } from '../ports/device.ts'
import type { FirmwareSource } from '../ports/firmware.ts'
import type { Platform } from '../ports/platform.ts'
import type { DeviceRecord, Stores } from '../ports/store.ts'
import type { Updates } from '../updates.ts'
import { holdFiles } from './files.ts'
import type { Fleet, FleetFetch, FleetPlan, FleetView } from './fleet.ts'
import { runKey } from './keptRun.ts'
import { planFleet } from './planFleet.ts'
import { isResting, outcomeInHistory, outcomeOf, outcomeOfCheck } from './visit.ts'

export interface FleetParts {
  readonly platform: Platform
  readonly stores: Stores
  readonly devices: Devices
  readonly updates: Updates
  readonly bluetooth: DevicePort
  readonly firmware: () => Promise<FirmwareSource>
  /** Undefined before there is a network. */
  readonly check: () => CheckContext | undefined
  /** Connects, asks, compares, and notes the answer in the device's record. */
  readonly checkDevice: (key: string) => Promise<void>
  /** Told of a run's files (CIDs) when it begins to be kept, and null when it is put away. */
  readonly onKept: (files: readonly string[] | null) => void
}

/** Held by the tab that leads. */
const fleetLock = 'fleet'
/** Milliseconds between looks at whether another tab still leads. */
const watchEvery = 1000

export async function createFleet(parts: FleetParts): Promise<Fleet> {
  const fleet = new Leader(parts)
  await fleet.load()
  return fleet
}

class Leader implements Fleet {
  readonly view = new Observable<FleetView | null>(null)
  readonly #parts: FleetParts
  #run: FleetRun | null = null
  #isMine = true
  #isWorking = false
  #fetching: FleetFetch | null = null
  #abort = new AbortController()
  /** Devices that were chosen in the chooser and that the browser does not tell to be the same as before. */
  readonly #rechosen = new Set<string>()
  #writing: Promise<void> = Promise.resolve()
  #isWatching = false

  constructor(parts: FleetParts) {
    this.#parts = parts
    parts.stores.onForeignChange(table => {
      if (table === 'values' && !this.#isWorking) void this.load()
    })
  }

  async load(): Promise<void> {
    const kept = await this.#kept()
    const isElsewhere = await this.#parts.platform.isLocked(fleetLock)
    if (this.#isWorking) return
    // A damaged one is none, and is not announced.
    if (!kept) this.#parts.onKept(null)
    this.#isMine = !isElsewhere
    this.#run = kept ? (isElsewhere ? kept : afterInterruption(kept)) : null
    this.#show()
    if (isElsewhere) this.#watch()
  }

  async #kept(): Promise<FleetRun | undefined> {
    return readStoredRun(await this.#parts.stores.values.get(runKey))
  }

  /** A tab that dies says nothing: its lock is watched instead. */
  #watch(): void {
    if (this.#isWatching) return
    this.#isWatching = true
    this.#parts.platform.timer.after(watchEvery, () => {
      this.#isWatching = false
      if (!this.#isWorking) void this.load()
    })
  }

  async plan(keys: readonly string[]): Promise<FleetPlan> {
    const check = this.#parts.check()
    if (!check) return { devices: [], releases: [] }
    const records = keys.flatMap(key => this.#parts.devices.get(key) ?? [])
    return planFleet(records, { check, firmware: this.#parts.firmware })
  }

  async begin(kind: FleetKind, plan: FleetPlan, agreed: readonly Hex[]): Promise<boolean> {
    const { platform, devices, onKept } = this.#parts
    if (!this.#isMine || this.#isWorking || (this.#run && this.#run.status !== 'ended')) return false
    const items = plan.devices.flatMap(({ key, name, deviceId, model, from, planned }) => {
      if (planned.kind !== 'update' && planned.kind !== 'ask') return []
      const manifest = planned.kind === 'update' ? planned.manifest : null
      const needsChoice = devices.get(key)?.source === 'bluetooth' && !devices.liveOf(key).reachable
      return [
        {
          key,
          name,
          deviceId,
          model,
          from,
          to: manifest?.version ?? null,
          cid: manifest?.cid ?? null,
          needsChoice,
        },
      ]
    })
    if (items.length === 0) return false
    const files = plan.releases.map(({ manifest: { cid, size, peers } }) => ({ cid, size, peers }))
    this.#run = startRun({ id: platform.randomId(), kind, items, files, agreed, now: platform.unixNow() })
    onKept(files.map(({ cid }) => cid))
    this.#show()
    await this.#store()
    this.#lead()
    return true
  }

  pause(): void {
    void this.#dispatch({ kind: 'pause' })
    this.#abort.abort()
    const key = this.#activeKey()
    if (key !== null) this.#parts.updates.send(key, { kind: 'pause' })
  }

  goOn(): void {
    void this.#dispatch({ kind: 'goOn' })
    const key = this.#activeKey()
    if (this.#isWorking && key !== null && this.#updateOf(key)?.state.status === 'paused')
      void this.#parts.updates.resume(key)
    this.#lead()
  }

  async choose(key: string): Promise<Result<string, ChooseFailure>> {
    const chosen = await this.#parts.bluetooth.choose()
    if (!chosen.ok) return chosen
    const { id } = chosen.value
    const item = this.#itemAt(id) ?? this.#item(key)
    const record = item && this.#record(item)
    if (!item || !record) return ok(key)
    // Which device it is, it says itself: choosing another one ends in `deviceChanged`, not in a wrong write.
    if (record.sourceId !== id) {
      this.#rechosen.add(item.key)
      await this.#parts.devices.change(record.key, { sourceId: id })
    }
    this.#parts.devices.setLive(record.key, { reachable: true })
    await this.#dispatch({ kind: 'chosen', key: item.key })
    this.#lead()
    return ok(item.key)
  }

  first(key: string): void {
    void this.#dispatch({ kind: 'first', key })
    this.#lead()
  }

  skip(key: string): boolean {
    if (this.#run?.active !== key) {
      void this.#dispatch({ kind: 'skip', key })
      this.#lead()
      return true
    }
    const item = this.#item(key)
    const record = item && this.#record(item)
    if (!record) return false
    if (this.#isWorking) return this.#parts.updates.cancel(record.key)
    // Found after an interruption, with nobody at work.
    if (this.#updateOf(record.key)?.state.swapRequested) return false
    void this.#parts.updates.dismiss(record.key)
    void this.#dispatch({ kind: 'outcome', key, outcome: { kind: 'skipped' } })
    return true
  }

  retry(key: string): void {
    void this.#dispatch({ kind: 'retry', key })
    this.#lead()
  }

  retryFailed(): void {
    void this.#dispatch({ kind: 'retryFailed' })
    this.#lead()
  }

  consent(forAll: boolean): void {
    const key = this.#activeKey()
    const plan = key === null ? undefined : this.#updateOf(key)?.state.plan
    if (key === null || !plan) return
    if (forAll) void this.#dispatch({ kind: 'agree', fileHash: plan.manifest.fileHash })
    this.#parts.updates.send(key, { kind: 'consent' })
  }

  finish(): void {
    void this.#dispatch({ kind: 'end' })
  }

  async putAway(): Promise<void> {
    if (this.#isWorking || !this.#isMine || this.#run?.active) return
    this.#run = null
    this.#show()
    this.#parts.onKept(null)
    await this.#parts.stores.values.delete(runKey)
  }

  /** Begins to work where there is something to do and nobody does it. */
  #lead(): void {
    const run = this.#run
    if (!run || this.#isWorking || !this.#isMine || !this.#hasWork()) return
    this.#isWorking = true
    this.#show()
    void this.#leadLocked(run.id).finally(() => {
      this.#isWorking = false
      this.#fetching = null
      this.#show()
      // Something to do may have come between the last look and the end.
      this.#lead()
    })
  }

  #hasWork(): boolean {
    const run = this.#run
    if (run?.status !== 'running') return false
    return run.active !== null || nextOf(run)?.kind === 'visit'
  }

  async #leadLocked(id: string): Promise<void> {
    const { platform } = this.#parts
    const held = await platform.withLock(fleetLock, async () => {
      const kept = await this.#kept()
      // Another tab went on with it, or put it away, while this one showed it.
      if (kept && kept.id !== id) return
      const letSleep = await platform.keepAwake()
      try {
        await this.#work()
      } catch (error) {
        // A bug: said, and all stand still.
        await this.#hold(error)
      } finally {
        letSleep()
        await this.#writing
      }
    })
    if (held) return
    this.#isMine = false
    this.#watch()
  }

  async #hold(error: unknown): Promise<void> {
    const key = this.#run?.active
    if (key)
      await this.#dispatch({ kind: 'outcome', key, outcome: { kind: 'held', failure: 'unexpectedError' } })
    else await this.#dispatch({ kind: 'pause' })
    console.error(error)
  }

  async #work(): Promise<void> {
    const interrupted = this.#run?.active
    if (interrupted) await this.#takeUp(interrupted)
    // Paused and gone on with in the same breath: what was not held is held before anybody is written to.
    do {
      this.#abort = new AbortController()
      await this.#holdFiles(this.#abort.signal)
    } while (this.#abort.signal.aborted && this.#run?.status === 'running')
    for (;;) {
      const next = this.#run && nextOf(this.#run)
      if (next?.kind !== 'visit') return
      await this.#dispatch({ kind: 'begin', key: next.key })
      await this.#visit(next.key)
    }
  }

  async #holdFiles(signal: AbortSignal): Promise<void> {
    const run = this.#run
    if (!run) return
    const wanted = run.files.filter(({ cid }) =>
      run.items.some(item => item.state === 'queued' && item.cid === cid),
    )
    await holdFiles(wanted, this.#parts.firmware, signal, this.#parts.platform.timer, {
      onProgress: fetching => {
        this.#fetching = fetching
        this.#show()
      },
      onMissing: (cid, failure) => this.#dispatch({ kind: 'fileMissing', cid, failure }),
    })
    this.#fetching = null
    this.#show()
  }

  /** After an interruption: what the device that had its turn came to meanwhile, or its turn once more. */
  async #takeUp(key: string): Promise<void> {
    const item = this.#item(key)
    const record = item && this.#record(item)
    if (!item || !record || this.#run?.kind === 'dryRun') return this.#visit(key)
    const state = this.#updateOf(record.key)?.state
    if (state) {
      const isOfThisTurn = state.startedAt >= (item.beganAt ?? 0)
      if (isOfThisTurn && isResting(state) && state.status !== 'failed' && state.status !== 'awaitingDevice')
        return this.#conclude(key, record.key, outcomeOf(state))
      return this.#visit(key)
    }
    const told = outcomeInHistory(await this.#parts.stores.history.forDevice(record.key), item)
    return told ? this.#conclude(key, record.key, told) : this.#visit(key)
  }

  async #visit(key: string): Promise<void> {
    const item = this.#item(key)
    const record = item && this.#record(item)
    if (!item || !record) {
      const failure = { kind: 'deviceForgotten', reason: null, detail: null }
      return this.#dispatch({ kind: 'outcome', key, outcome: { kind: 'failed', failure, attempt: null } })
    }
    const outcome =
      this.#run?.kind === 'dryRun' ? await this.#ask(record.key) : await this.#update(item.key, record.key)
    await this.#conclude(key, record.key, outcome)
  }

  /** The end is written down before the update is put away: a tab that dies between them finds one of the two. */
  async #conclude(key: string, deviceKey: string, outcome: FleetOutcome): Promise<void> {
    await this.#dispatch({ kind: 'outcome', key, outcome })
    const isOver = outcome.kind === 'updated' || outcome.kind === 'upToDate' || outcome.kind === 'skipped'
    if (isOver && this.#run?.kind === 'update') await this.#parts.updates.dismiss(deviceKey)
  }

  async #ask(key: string): Promise<FleetOutcome> {
    const { devices, platform, checkDevice } = this.#parts
    const beganAt = platform.unixNow()
    await checkDevice(key)
    const record = devices.get(key)
    if (!record) {
      const failure = { kind: 'deviceForgotten', reason: null, detail: null }
      return { kind: 'failed', failure, attempt: null }
    }
    return outcomeOfCheck(record, devices.liveOf(key).lastFailure, beganAt)
  }

  async #update(itemKey: string, key: string): Promise<FleetOutcome> {
    const { updates, devices } = this.#parts
    const isRechosen = this.#rechosen.delete(itemKey)
    await updates.start(key, isRechosen)
    const state = await this.#untilResting(key)
    // The next device has the radio only when this one has let go of it.
    await updates.settled(key)
    if (state) return outcomeOf(state)
    const failure = devices.liveOf(key).lastFailure
    return {
      kind: 'away',
      failure: { kind: failure?.kind ?? 'busyElsewhere', reason: null, detail: failure?.detail ?? null },
    }
  }

  /** undefined where this tab does not drive it. */
  #untilResting(key: string): Promise<UpdateState | undefined> {
    const { updates } = this.#parts
    return new Promise(resolve => {
      let isOver = false
      const look = () => {
        const view = this.#updateOf(key)
        if (isOver) return
        if (!view?.mine || isResting(view.state)) {
          isOver = true
          stop()
          resolve(view?.mine ? view.state : undefined)
        } else if (view.state.status === 'awaitingConsent' && this.#run && view.state.plan) {
          if (isAgreed(this.#run, view.state.plan)) updates.send(key, { kind: 'consent' })
        }
      }
      const stop = updates.views.subscribe(look)
      look()
    })
  }

  #updateOf(key: string): UpdateView | undefined {
    return this.#parts.updates.views.get().get(key)
  }

  #item(key: string): FleetItem | undefined {
    return this.#run?.items.find(item => item.key === key)
  }

  /** A device that was met anew under another permission has another record, and the same key pair. */
  #record({ key, deviceId }: Pick<FleetItem, 'key' | 'deviceId'>): DeviceRecord | undefined {
    const { devices } = this.#parts
    const sameDevice = () =>
      deviceId === null
        ? undefined
        : [...devices.records.get().values()].find(record => record.deviceId === deviceId)
    return devices.get(key) ?? sameDevice()
  }

  #itemAt(sourceId: string): FleetItem | undefined {
    return this.#run?.items.find(item => {
      const record = item.state === 'queued' ? this.#record(item) : undefined
      return record?.source === 'bluetooth' && record.sourceId === sourceId
    })
  }

  /** The key of the record of the device whose turn it is. */
  #activeKey(): string | null {
    const item = this.#run?.active ? this.#item(this.#run.active) : undefined
    return (item && this.#record(item)?.key) ?? null
  }

  /** Memory and screen first; resolves when it is in the store. */
  #dispatch(event: FleetEvent): Promise<void> {
    if (!this.#run || !this.#isMine) return Promise.resolve()
    const after = stepRun(this.#run, event, this.#parts.platform.unixNow())
    if (after === this.#run) return this.#writing
    this.#run = after
    this.#show()
    return this.#store()
  }

  /** In order, so that an earlier state never overwrites a later one. */
  #store(): Promise<void> {
    const run = this.#run
    this.#writing = this.#writing.then(() => this.#parts.stores.values.put(runKey, run))
    return this.#writing
  }

  #show(): void {
    const run = this.#run
    this.view.set(
      run && {
        run,
        next: nextOf(run),
        fetching: this.#fetching,
        mine: this.#isMine,
        isWorking: this.#isWorking,
      },
    )
  }
}
