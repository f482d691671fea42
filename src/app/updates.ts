// The updates of this browser: one per device at most, driven by one tab, taken up again after the tab's death.
import { afterRestart, cancelled, isFinal, startUpdate } from '../core/update/attempt.ts'
import { isReadBack, type UpdatePlan, type UpdateState } from '../core/update/state.ts'
import type { UpdateEvent } from '../core/update/step.ts'
import type { CheckOutcome } from './checkDevice.ts'
import { type Devices, deviceLock } from './devices.ts'
import type { UpdateView } from './fob.ts'
import { identifyDevice } from './identifyDevice.ts'
import { forgetPass } from './keptPass.ts'
import type { ManagingLeave } from './manageDevice.ts'
import { Observable } from './observable.ts'
import type { Platform } from './ports/platform.ts'
import type { DeviceRecord, HistoryEntry, Stores } from './ports/store.ts'
import type { UpdateContext, UpdateRunner } from './updateDevice.ts'
import type { World } from './world.ts'

/** Milliseconds between looks at whether another tab still has the device. */
const watchEvery = 1000

/** One attempt ends well once at most. */
const receiptSuffix = '-updated'
const receiptId = ({ attempt }: Pick<UpdateState, 'attempt'>): string => `${attempt}${receiptSuffix}`

/** The attempt that a receipt in the history is of. */
export const attemptOfReceipt = (id: string): string => id.slice(0, -receiptSuffix.length)

interface Drive {
  readonly state: UpdateState
  readonly begin: (runner: UpdateRunner) => Promise<void>
}

export class Updates {
  readonly views = new Observable<ReadonlyMap<string, UpdateView>>(new Map())
  readonly #platform: Platform
  readonly #stores: Stores
  readonly #devices: Devices
  readonly #world: World
  readonly #check: (record: DeviceRecord) => Promise<CheckOutcome>
  readonly #afterUpdate: (record: DeviceRecord, plan: UpdatePlan) => Promise<void>
  readonly #leave: () => Promise<ManagingLeave>
  readonly #minBattery: () => number
  readonly #runners = new Map<string, UpdateRunner>()
  readonly #drives = new Map<string, Promise<void>>()
  readonly #watched = new Set<string>()

  constructor(
    platform: Platform,
    stores: Stores,
    devices: Devices,
    world: World,
    check: (record: DeviceRecord) => Promise<CheckOutcome>,
    afterUpdate: (record: DeviceRecord, plan: UpdatePlan) => Promise<void>,
    leave: () => Promise<ManagingLeave>,
    minBattery: () => number,
  ) {
    this.#platform = platform
    this.#stores = stores
    this.#devices = devices
    this.#world = world
    this.#check = check
    this.#afterUpdate = afterUpdate
    this.#leave = leave
    this.#minBattery = minBattery
  }

  /** Shows what is stored, as it is after a restart of the tab, or as another tab drives it. */
  async load(): Promise<void> {
    for (const state of await this.#stores.updates.all()) {
      await this.#showStored(state)
      if (state.status === 'done' && this.views.get().get(state.deviceKey)?.mine)
        await this.#recordOnce(state)
    }
  }

  /** A tab that died between the end of an update and its receipt leaves that to the next one. */
  async #recordOnce(state: UpdateState): Promise<void> {
    if (!(await this.#stores.history.get(receiptId(state)))) await this.#record(state)
  }

  /** Somebody else wrote to the stored updates: to those that this tab drives nobody else can. */
  async followStore(): Promise<void> {
    const stored = await this.#stores.updates.all()
    const keys = new Set(stored.map(({ deviceKey }) => deviceKey))
    for (const key of this.views.get().keys()) if (!keys.has(key) && !this.#runners.has(key)) this.#hide(key)
    for (const state of stored) if (!this.#runners.has(state.deviceKey)) await this.#showStored(state)
  }

  /** `rechosen`: see resume. */
  async start(key: string, rechosen = false): Promise<void> {
    const present = this.views.get().get(key)?.state
    // One whose device may boot the new image can only be ended by reading it back.
    const goesOn = present && !isFinal(present) && (present.status !== 'failed' || present.swapRequested)
    if (goesOn) return this.resume(key, rechosen)
    const [state, commands] = startUpdate(key, this.#platform.randomId(), this.#platform.unixNow())
    await this.#drive(key, async () => ({ state, begin: runner => runner.begin(commands) }))
  }

  /** `rechosen`: the browser's chooser led to a device that it does not tell to be the same. */
  async resume(key: string, rechosen = false): Promise<void> {
    const resume: UpdateEvent = { kind: 'resume', rechosen }
    const runner = this.#runners.get(key)
    if (runner && !runner.isResting) return runner.dispatch(resume)
    // One that has come to rest is still letting go of its device.
    await this.#drives.get(key)
    // What is stored counts, not what this tab last heard of it.
    await this.#drive(key, async () => {
      const stored = await this.#stores.updates.get(key)
      if (!stored || isFinal(stored)) return undefined
      return { state: afterRestart(stored), begin: next => next.dispatch(resume) }
    })
  }

  send(key: string, event: UpdateEvent): void {
    void this.#runners.get(key)?.dispatch(event)
  }

  /** False where the device was told to boot the new image already, or another tab drives it. */
  cancel(key: string): boolean {
    const view = this.views.get().get(key)
    if (!view || view.state.swapRequested || !view.mine) return false
    const runner = this.#runners.get(key)
    if (runner && !runner.isResting) void runner.dispatch({ kind: 'cancel' })
    else if (view.state.status === 'failed') void this.dismiss(key)
    else void this.#cancelResting(key)
    return true
  }

  /** Paused, or without its device: nothing is under way, and the person is told what becomes of the device all the same. */
  async #cancelResting(key: string): Promise<void> {
    await this.#drives.get(key)
    const held = await this.#platform.withLock(deviceLock(key), async () => {
      const stored = await this.#stores.updates.get(key)
      if (!stored || isFinal(stored) || stored.swapRequested) return
      const state = cancelled(stored, this.#platform.unixNow())
      await forgetPass(this.#stores, state.deviceId)
      await this.#stores.updates.put(state)
      this.#show(key, { state, speed: null, secondsLeft: null, mine: true })
    })
    if (!held) await this.#showOther(key)
  }

  /** One that has come to rest may still be putting its end into the history: that is waited for. */
  async dismiss(key: string): Promise<void> {
    if (this.#runners.get(key)?.isResting) await this.#drives.get(key)
    if (this.#runners.has(key)) return
    await forgetPass(this.#stores, this.views.get().get(key)?.state.deviceId ?? null)
    await this.#stores.updates.delete(key)
    this.#hide(key)
  }

  /** Resolves when nothing of its last drive is left to do: its link is let go of, its end is in the history. */
  async settled(key: string): Promise<void> {
    await this.#drives.get(key)
  }

  isAnyDriven(): boolean {
    return this.#runners.size > 0
  }

  /**
   * Resolves when the update has begun, or there is nothing to drive; the update itself goes on after that. Never rejects:
   * a fault ends the drive, is said of the device, and leaves what is stored to be resumed.
   */
  #drive(key: string, take: () => Promise<Drive | undefined>): Promise<void> {
    return new Promise(resolve => {
      const drive = this.#platform
        .withLock(deviceLock(key), async () => {
          const taken = await take()
          if (taken) await this.#driveLocked(taken, resolve)
          return taken !== undefined
        })
        .then(async held => {
          if (!held) await this.#showOther(key)
          else if (!held.value) await this.#showLatest(key)
        })
        .catch(async (error: unknown) => {
          this.#noteFailure(key, 'unexpectedError', error instanceof Error ? error.message : String(error))
          await this.#showLatest(key)
        })
        .finally(() => {
          if (this.#drives.get(key) === drive) this.#drives.delete(key)
          resolve()
        })
      this.#drives.set(key, drive)
    })
  }

  /** Somebody else has the device: with an update, which is shown, or just to look at it, which is said. */
  async #showOther(key: string): Promise<void> {
    await this.#showLatest(key)
    if (!this.views.get().has(key)) this.#noteFailure(key, 'busyElsewhere', null)
  }

  #noteFailure(key: string, kind: string, detail: string | null): void {
    this.#devices.setLive(key, { lastFailure: { kind, detail, at: this.#platform.unixNow() } })
  }

  async #driveLocked({ state, begin }: Drive, onBegun: () => void): Promise<void> {
    const key = state.deviceKey
    const { UpdateRunner } = await import('./updateDevice.ts')
    const runner = new UpdateRunner(this.#contextOf(key), state)
    this.#runners.set(key, runner)
    const stopFollowing = runner.view.subscribe(() => this.#show(key, runner.view.get()))
    this.#show(key, runner.view.get())
    this.#devices.setLive(key, { activity: 'updating', lastFailure: null })
    const letSleep = await this.#platform.keepAwake()
    try {
      await begin(runner)
      onBegun()
      await runner.untilResting()
      if (isFinal(runner.state)) await forgetPass(this.#stores, runner.state.deviceId)
      await this.#record(runner.state)
    } finally {
      letSleep()
      stopFollowing()
      this.#runners.delete(key)
      this.#devices.setLive(key, { activity: 'idle' })
    }
  }

  #contextOf(key: string): UpdateContext {
    return {
      platform: this.#platform,
      stores: this.#stores,
      record: () => this.#devices.get(key),
      port: () => this.#world.device(this.#devices.get(key)?.source ?? 'bluetooth'),
      writeSizes: this.#world.writeSizes,
      firmware: () => this.#world.firmware(),
      identify: session =>
        identifyDevice(session, key, {
          devices: this.#devices,
          platform: this.#platform,
          config: this.#world.config,
        }),
      leave: this.#leave,
      check: this.#check,
      minBattery: this.#minBattery,
    }
  }

  #show(key: string, view: UpdateView): void {
    this.views.update(views => new Map(views).set(key, view))
  }

  #hide(key: string): void {
    this.views.update(views => new Map([...views].filter(([k]) => k !== key)))
  }

  async #showStored(state: UpdateState): Promise<void> {
    const { deviceKey: key } = state
    const elsewhere = (await this.#platform.isLocked(deviceLock(key))) && !this.#isBusyHere(key)
    if (this.#runners.has(key)) return
    this.#show(key, {
      state: elsewhere ? state : afterRestart(state),
      speed: null,
      secondsLeft: null,
      mine: !elsewhere,
    })
    if (elsewhere) this.#waitForOtherTab(key)
    else if (this.#devices.liveOf(key).activity === 'updatingElsewhere')
      this.#devices.setLive(key, { activity: 'idle' })
  }

  /** This tab itself has a link to the device, to look at it. */
  #isBusyHere(key: string): boolean {
    const { activity } = this.#devices.liveOf(key)
    return activity !== 'idle' && activity !== 'updatingElsewhere'
  }

  /** A tab that ends, or dies, says nothing after its last write: its lock is watched instead. */
  #waitForOtherTab(key: string): void {
    this.#devices.setLive(key, { activity: 'updatingElsewhere' })
    if (this.#watched.has(key)) return
    this.#watched.add(key)
    this.#platform.timer.after(watchEvery, () => {
      this.#watched.delete(key)
      if (this.#devices.liveOf(key).activity === 'updatingElsewhere') void this.#showLatest(key)
    })
  }

  async #showLatest(key: string): Promise<void> {
    const stored = await this.#stores.updates.get(key)
    if (stored) return this.#showStored(stored)
    if (this.#runners.has(key)) return
    this.#hide(key)
    if (this.#devices.liveOf(key).activity === 'updatingElsewhere')
      this.#devices.setLive(key, { activity: 'idle' })
  }

  /** Puts the end of an update into the device's record and history. */
  async #record(state: UpdateState): Promise<void> {
    const { deviceKey, plan, failure } = state
    const device = this.#devices.get(deviceKey)
    if (!device) return
    if (state.status === 'done' && plan) {
      const { manifest, model, evidence, from } = plan
      const chain = this.#world.pinned?.chain
      const running = { version: manifest.version, hash: manifest.imageHash, confirmed: true }
      // First of all: screens read the history again when the device's last check moves.
      await this.#note(device, receiptId(state), {
        kind: 'updated',
        receipt: {
          deviceId: device.deviceId,
          deviceName: device.name,
          model,
          from,
          to: manifest.version,
          imageHash: manifest.imageHash,
          manifest,
          evidence,
          startedAt: state.startedAt,
          finishedAt: state.finishedAt ?? this.#platform.unixNow(),
          bytesSent: state.bytesSent,
          ...(isReadBack(plan) ? {} : { readBack: false }),
          ...(chain && { chain: { id: chain.id, name: chain.name, registry: chain.registry } }),
        },
      })
      const updated = await this.#devices.change(deviceKey, { running })
      if (updated) await this.#afterUpdate(updated, plan)
    } else if (state.status === 'failed' && failure?.kind === 'reverted' && plan) {
      const to = device.running?.version ?? plan.from
      if (to)
        await this.#note(device, this.#platform.randomId(), {
          kind: 'reverted',
          from: plan.manifest.version,
          to,
        })
    } else if (state.status === 'failed' && failure) {
      await this.#note(device, this.#platform.randomId(), {
        kind: 'failed',
        failure: failure.reason ?? failure.kind,
        detail: failure.detail,
      })
    }
  }

  async #note(device: DeviceRecord, id: string, event: HistoryEntry['event']): Promise<void> {
    await this.#stores.history.put({
      id,
      deviceKey: device.key,
      at: this.#platform.unixNow(),
      event,
    })
  }
}
