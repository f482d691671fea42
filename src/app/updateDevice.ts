// Drives one update: carries out the reducer's commands over the ports, and stores the state before each of them.
import type { VerifiedFirmware } from '../core/firmware/verified.ts'
import { verifyFirmware } from '../core/firmware/verified.ts'
import type { Result } from '../core/result.ts'
import { isFinal } from '../core/update/attempt.ts'
import type { UpdatePlan, UpdateState } from '../core/update/state.ts'
import { step, type UpdateCommand, type UpdateEvent } from '../core/update/step.ts'
import { authorise } from './authorise.ts'
import type { CheckOutcome } from './checkDevice.ts'
import { DeviceSession, type WriteSizes } from './deviceSession.ts'
import type { UpdateView } from './fob.ts'
import type { IdentifyFailure } from './identifyDevice.ts'
import type { ManagingLeave } from './manageDevice.ts'
import { Observable } from './observable.ts'
import { openUpdater } from './openUpdater.ts'
import type { DevicePort } from './ports/device.ts'
import type { FetchProgress, FirmwareSource } from './ports/firmware.ts'
import type { Platform } from './ports/platform.ts'
import type { DeviceRecord, Stores } from './ports/store.ts'
import { watchQuiet } from './quietWatch.ts'
import { SpeedMeter } from './speed.ts'
import type { Updater } from './updater.ts'

export interface UpdateContext {
  readonly platform: Platform
  readonly stores: Stores
  readonly record: () => DeviceRecord | undefined
  readonly port: () => Promise<DevicePort>
  readonly writeSizes: WriteSizes
  readonly firmware: () => Promise<FirmwareSource>
  /** Identifies over the open session and notes what it learnt in the device's record. */
  readonly identify: (session: Updater) => Promise<Result<DeviceRecord, IdentifyFailure>>
  /** Our leave to manage our own devices, loaded where one of them is paired. */
  readonly leave: () => Promise<ManagingLeave>
  readonly check: (record: DeviceRecord) => Promise<CheckOutcome>
  /** Percent of the battery below which nothing is erased. */
  readonly minBattery: () => number
}

/** Milliseconds between tries to reconnect, and how long in all before the person is asked. */
const reconnectPause = 1000
const patience = { normal: 30_000, elsewhere: 8000, reboot: 180_000 }
/** A link that does not end is not waited for any longer. */
const closePatience = 5000
/** Progress is stored this often at most; a lost tail costs nothing, since the device knows its own offset. */
const storeEvery = 2000

export class UpdateRunner {
  readonly view: Observable<UpdateView>
  readonly #context: UpdateContext
  readonly #meter: SpeedMeter
  #session: Updater | null = null
  #abort = new AbortController()
  #firmware: VerifiedFirmware | null = null
  #bytes: Uint8Array | null = null
  #storedAt = 0
  #isQuiet = false
  #rest: (() => void) | null = null
  #chain: Promise<void> = Promise.resolve()
  #closing: Promise<void> = Promise.resolve()

  constructor(context: UpdateContext, state: UpdateState) {
    this.#context = context
    this.#meter = new SpeedMeter()
    this.view = new Observable<UpdateView>({ state, speed: null, secondsLeft: null, mine: true })
  }

  get state(): UpdateState {
    return this.view.get().state
  }

  /**
   * Resolves when nothing is under way any more (finished, failed, paused, or waiting for the person with the device) and the
   * device is let go of: whoever has its lock next finds it free.
   */
  async untilResting(): Promise<void> {
    if (!this.isResting) {
      await new Promise<void>(resolve => {
        this.#rest = resolve
      })
    }
    await this.#chain
    const { timer } = this.#context.platform
    await Promise.race([this.#closing, new Promise<void>(resolve => timer.after(closePatience, resolve))])
  }

  async begin(commands: readonly UpdateCommand[]): Promise<void> {
    await this.#carryOut(this.state, commands, true)
  }

  /** The state changes at once; what follows from it is done in order, so that no event overtakes another. */
  dispatch(event: UpdateEvent): Promise<void> {
    const before = this.state
    const [after, commands] = step(before, event, this.#context.platform.unixNow())
    if (after === before && commands.length === 0) return this.#chain
    this.#show(after)
    if (commands.some(({ kind }) => kind === 'abort')) {
      this.#abort.abort()
      this.#abort = new AbortController()
    }
    return this.#carryOut(after, commands, event.kind !== 'progress' || this.#isStoreDue())
  }

  #carryOut(state: UpdateState, commands: readonly UpdateCommand[], stores: boolean): Promise<void> {
    const { signal } = this.#abort
    this.#chain = this.#chain.then(async () => {
      // What is asked of a device is stored before it is asked, so that a killed tab knows what may have happened.
      const fault = stores ? await this.#store(state) : null
      if (signal.aborted) {
        // What came after it has its own place in the order.
      } else if (fault !== null && state.status === 'running') {
        // What goes on must not do so unremembered; what is over ends in the device too, stored or not.
        void this.dispatch({ kind: 'failed', failure: 'unexpectedError', detail: fault })
      } else {
        this.#run(commands, signal)
      }
      if (this.isResting) this.#rest?.()
    })
    return this.#chain
  }

  /** Nothing is under way, nor will be without the person. */
  get isResting(): boolean {
    const { status } = this.state
    return isFinal(this.state) || status === 'failed' || status === 'awaitingDevice' || status === 'paused'
  }

  #show(state: UpdateState): void {
    const { done, total } = state.progress
    if (state.step !== 'upload' && state.step !== 'fetch') this.#meter.reset()
    const speed = this.#meter.sample(done, this.#context.platform.timer.now())
    const secondsLeft = speed && total > done ? Math.ceil((total - done) / speed) : null
    const isQuiet = this.#isQuiet && state.status === 'running' && state.step === 'fetch'
    this.view.set({ state, speed, secondsLeft, mine: true, ...(isQuiet && { isQuiet }) })
  }

  #isStoreDue(): boolean {
    return this.#context.platform.timer.now() - this.#storedAt > storeEvery
  }

  /** null, or what stood in the way: a bug, since stores take what they can't write into memory. */
  async #store(state: UpdateState): Promise<string | null> {
    this.#storedAt = this.#context.platform.timer.now()
    try {
      await this.#context.stores.updates.put(state)
      return null
    } catch (error) {
      return textOf(error)
    }
  }

  #run(commands: readonly UpdateCommand[], signal: AbortSignal): void {
    for (const command of commands) {
      if (command.kind === 'disconnect') void this.#disconnect()
      else if (command.kind !== 'abort') void this.#execute(command, signal)
    }
  }

  async #disconnect(): Promise<void> {
    const session = this.#session
    this.#session = null
    if (!session) return
    const closed = session.close()
    // One that can't be closed is gone as well.
    this.#closing = closed.catch(() => {})
    await closed
  }

  /** Every outcome becomes an event; an exception is a bug, and ends the update rather than hanging it. */
  async #execute(command: UpdateCommand, signal: AbortSignal): Promise<void> {
    let event: UpdateEvent
    try {
      event = await this.#outcome(command, signal)
    } catch (error) {
      event = {
        kind: 'failed',
        failure: 'unexpectedError',
        detail: textOf(error),
      }
    }
    if (!signal.aborted) await this.dispatch(event)
  }

  async #outcome(command: UpdateCommand, signal: AbortSignal): Promise<UpdateEvent> {
    switch (command.kind) {
      case 'connect':
        return this.#connect(command.patient, signal)
      case 'fetch':
        return this.#fetch(command.plan, signal)
      case 'verify':
        return this.#verify(command.plan)
      case 'check':
        return this.#check()
      case 'abort':
      case 'disconnect':
        throw new Error(`${command.kind} has no outcome`)
      default: {
        const session = this.#session
        return session ? this.#overLink(command, session, signal) : { kind: 'linkLost' }
      }
    }
  }

  async #overLink(
    command: Exclude<
      UpdateCommand,
      { kind: 'connect' | 'fetch' | 'verify' | 'check' | 'abort' | 'disconnect' }
    >,
    session: Updater,
    signal: AbortSignal,
  ): Promise<UpdateEvent> {
    switch (command.kind) {
      case 'identify': {
        const identified = await this.#context.identify(session)
        if (!identified.ok) return asEvent(identified.error)
        const { platform, leave } = this.#context
        // Others' updaters know no owner.
        const authorised = session instanceof DeviceSession ? await authorise(session, platform, leave) : null
        return !authorised || authorised.ok
          ? { kind: 'identified', deviceId: identified.value.deviceId }
          : asEvent(authorised.error)
      }
      case 'upload': {
        const firmware = this.#firmware
        if (!firmware) throw new Error('upload without verified firmware')
        const tooLow = await this.#isBatteryTooLow(session)
        if (tooLow) return tooLow
        const sent = await session.upload(firmware, {
          signal,
          onProgress: (done, total) => void this.dispatch({ kind: 'progress', done, total }),
          mayEnterLoader: this.state.loaderRequested !== true,
        })
        if (!sent.ok) return asEvent(sent.error)
        return sent.value === 'leftForLoader'
          ? { kind: 'leftForLoader' }
          : { kind: 'uploaded', bytesSent: sent.value }
      }
      case 'inspect': {
        const slots = await session.readSlots(this.state.plan?.manifest)
        return slots.ok ? { kind: 'inspected', slots: slots.value.facts } : asEvent(slots.error)
      }
      case 'mark': {
        const marked = await session.mark(this.state.plan?.manifest ?? command)
        return marked.ok ? { kind: 'marked' } : asEvent(marked.error)
      }
      case 'restart': {
        const restarted = await session.restart()
        return restarted.ok ? { kind: 'restarted' } : asEvent(restarted.error)
      }
      case 'readBack': {
        const slots = await session.readSlots(this.state.plan?.manifest)
        return slots.ok ? { kind: 'readBack', slots: slots.value.facts } : asEvent(slots.error)
      }
      case 'confirm': {
        const confirmed = await session.confirm(this.state.plan?.manifest ?? command)
        return confirmed.ok ? { kind: 'confirmed', slots: confirmed.value } : asEvent(confirmed.error)
      }
    }
  }

  /** Read anew, for it is asked about right before the slot is erased; a device without a battery has none to run out. */
  async #isBatteryTooLow(session: Updater): Promise<UpdateEvent | null> {
    const level = await session.batteryLevel()
    const least = this.#context.minBattery()
    if (level === null || level >= least) return null
    return { kind: 'failed', failure: 'batteryTooLow', detail: `${level} %, not ${least} %` }
  }

  async #connect(patient: boolean, signal: AbortSignal): Promise<UpdateEvent> {
    const { platform, port, record } = this.#context
    await this.#disconnect()
    const normal = mayMove(record()) ? patience.elsewhere : patience.normal
    const until = platform.timer.now() + (patient ? patience.reboot : normal)
    for (let attempts = 0; ; attempts++) {
      if (signal.aborted) return { kind: 'linkLost' }
      const device = record()
      if (!device) return { kind: 'failed', failure: 'deviceForgotten', detail: null }
      const { ids, withinMs } = placesOf(device, patient)
      const id = ids[attempts % ids.length] ?? device.sourceId
      const opened = await openUpdater(await port(), id, platform, this.#context.writeSizes, withinMs)
      if (signal.aborted) {
        if (opened.ok) await opened.value.close()
        return { kind: 'linkLost' }
      }
      if (opened.ok) {
        this.#session = opened.value
        return { kind: 'connected' }
      }
      const wasLast = attempts + 1 >= ids.length
      const givesUp = wasLast && (opened.error.kind !== 'outOfReach' || platform.timer.now() > until)
      if (givesUp) return { kind: 'deviceAway', failure: opened.error.kind, detail: detailOf(opened.error) }
      await new Promise<void>(resolve => platform.timer.after(reconnectPause, resolve))
    }
  }

  async #check(): Promise<UpdateEvent> {
    const record = this.#context.record()
    if (!record) return { kind: 'failed', failure: 'deviceForgotten', detail: null }
    const outcome = await this.#context.check(record)
    if (!outcome.ok) return asEvent(outcome.error)
    const { decision, evidence, model } = outcome.value
    const { running } = record
    const isOnTrial = running?.confirmed === false
    return { kind: 'checked', decision, evidence, model, from: running?.version ?? null, isOnTrial }
  }

  async #fetch({ manifest }: UpdatePlan, signal: AbortSignal): Promise<UpdateEvent> {
    const { cid, size, peers } = manifest
    const source = await this.#context.firmware()
    let farthest: FetchProgress['from'] = 'stored'
    const quiet = watchQuiet(this.#context.platform.timer, isQuiet => {
      // Of one that was aborted meanwhile nothing is said any more.
      this.#isQuiet = isQuiet && !signal.aborted
      this.#show(this.state)
    })
    const fetched = await source
      .fetch(
        { cid, size, peers },
        {
          signal,
          onProgress: ({ received, total, from }) => {
            if (from !== 'stored') farthest = from
            quiet.moved()
            void this.dispatch({ kind: 'progress', done: received, total })
          },
        },
      )
      .finally(() => quiet.end())
    if (!fetched.ok) return { kind: 'failed', failure: fetched.error.kind, detail: detailOf(fetched.error) }
    this.#bytes = fetched.value
    return { kind: 'fetched', from: farthest }
  }

  async #verify({ manifest, model }: UpdatePlan): Promise<UpdateEvent> {
    const bytes = this.#bytes
    if (!bytes) throw new Error('verify without fetched bytes')
    const { slotSize = null, format = 'mcuboot' } = this.#context.record() ?? {}
    const verified = verifyFirmware(bytes, manifest, { hardware: model.hardware, slotSize, format })
    this.#bytes = null
    if (verified.ok) {
      this.#firmware = verified.value
      return { kind: 'verified' }
    }
    // Refused bytes are not kept: neither to be tried again nor to be served to others.
    await (await this.#context.firmware()).drop(manifest.cid)
    return { kind: 'failed', failure: verified.error.kind, detail: verified.error.detail ?? null }
  }
}

/** Milliseconds for a device that may have another address by now. */
const elsewhereSoon = 6000

/**
 * Where to look for it. A bootloader without a bond has an address of its own, which to the browser is another device: the
 * person has chosen it by that, or is asked to before long. After the last restart it is the application again.
 */
function placesOf(
  device: DeviceRecord,
  patient: boolean,
): { readonly ids: readonly string[]; readonly withinMs?: number } {
  const { sourceId, otherSourceId } = device
  if (!mayMove(device)) return { ids: [sourceId] }
  if (otherSourceId === undefined) return { ids: [sourceId], withinMs: elsewhereSoon }
  const ids = [sourceId, otherSourceId]
  return { ids: patient ? ids.toReversed() : ids, withinMs: elsewhereSoon }
}

/** Whether its bootloader, or its loader, is another device to the browser. */
const mayMove = (device: DeviceRecord | undefined): boolean =>
  device?.format === 'nordicDfu' || device?.bootMode === 'firmwareLoader'

function asEvent(error: { readonly kind: string; readonly detail?: string | null }): UpdateEvent {
  if (error.kind === 'linkLost') return { kind: 'linkLost' }
  return { kind: 'failed', failure: error.kind, detail: error.detail ?? null }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function detailOf(error: object): string | null {
  if ('detail' in error && typeof error.detail === 'string') return error.detail
  if ('tried' in error && Array.isArray(error.tried)) return error.tried.join(', ')
  return null
}
