// Serves onward while the person wants it and can see it: begins and ends by the rules, counts, and keeps what is to be kept.
import type { NetworkConfig } from '../../core/network.ts'
import { Observable, type Readable } from '../observable.ts'
import type { BlockSale, FirmwareSource, Served } from '../ports/firmware.ts'
import type { Platform } from '../ports/platform.ts'
import type { Stores } from '../ports/store.ts'
import type { ServingPorts } from '../ports.ts'
import type { Readings } from '../readings.ts'
import { filesToRemove } from './eviction.ts'
import { findHeldFiles } from './heldFiles.ts'
import { fetchRelease, newestRelease } from './keepModels.ts'
import { defaultServingRules, isSameModel, type ServingRules, servingRulesKey } from './rules.ts'
import type { HeldFile, Serving, ServingStatus, ServingView } from './serving.ts'
import { servingStatus } from './servingStatus.ts'
import { blocksOf, dayOf, noUsage, ofFiles, onDay, type Usage, usageKey, withServed } from './usage.ts'

export interface ServingParts {
  readonly platform: Platform
  readonly stores: Stores
  readonly ports: ServingPorts
  readonly config: () => NetworkConfig
  readonly channel: () => string
  readonly firmware: () => Promise<FirmwareSource>
  readonly readings: Pick<Readings, 'read'>
  /** CIDs that updates under way need. */
  readonly needed: () => ReadonlySet<string>
  /** On what terms blocks are sold at this price for 64 KiB; null where nobody could be paid. */
  readonly sale: (pricePerUnit: bigint) => Promise<BlockSale | null>
  /** Changes when an update has ended, or begun. */
  readonly updates: Readable<unknown>
}

/** All in milliseconds: battery, calendar and files are looked at; the registry is asked for kept models; usage is written. */
const LOOK_MS = 15_000
const ASK_MS = 600_000
const WRITE_MS = 2_000
const SAMPLE_MS = 2_000
/** Five minutes. */
const SAMPLES = 150

/** One tab of a browser serves: they share the store, and what a person allows is for all of them. */
const servingLock = 'serving'

export async function createServing(parts: ServingParts): Promise<Serving> {
  const serving = new ServingHere(parts)
  await serving.load()
  return serving
}

class ServingHere implements Serving {
  readonly view: Observable<ServingView>
  readonly #parts: ServingParts
  readonly #peers = new Set<string>()
  #rules: ServingRules = defaultServingRules
  #usage: Usage = noUsage
  #source: FirmwareSource | undefined
  #release: (() => void) | null = null
  /** Files, limit and day that the source was told; empty where it serves nothing. */
  #served = ''
  #turn: Promise<void> = Promise.resolve()
  #askedAt = new Map<string, number>()
  #fetching: AbortController | null = null
  #sinceSample = 0
  #cancelWrite: (() => void) | null = null

  constructor(parts: ServingParts) {
    this.#parts = parts
    this.view = new Observable<ServingView>({
      rules: defaultServingRules,
      status: { kind: 'off' },
      today: noUsage.today,
      total: noUsage.total,
      peersServed: 0,
      speed: [],
      held: null,
      fetching: null,
    })
  }

  async load(): Promise<void> {
    const { stores, ports, platform, updates } = this.#parts
    await this.#readStored()
    stores.onForeignChange(table => {
      if (table === 'values') void this.#readStored().then(() => this.#look())
      if (table === 'updates' || table === 'history' || table === 'readings') void this.#look()
    })
    ports.page.onVisibilityChange(() => void this.#look())
    platform.onOnlineChange(() => void this.#look())
    updates.subscribe(() => void this.#look())
    this.#keepLooking()
    this.#keepSampling()
  }

  async change(change: Partial<Omit<ServingRules, 'keptModels'>>): Promise<void> {
    await this.#setRules({ ...this.#rules, ...change })
  }

  async keep(model: Parameters<Serving['keep']>[0], isKept: boolean): Promise<void> {
    const others = this.#rules.keptModels.filter(kept => !isSameModel(kept, model))
    this.#askedAt.clear()
    await this.#setRules({ ...this.#rules, keptModels: isKept ? [...others, model] : others })
  }

  async remove(cid: string): Promise<void> {
    if (this.#parts.needed().has(cid)) return
    await (await this.#firmware()).drop(cid)
    await this.#look()
  }

  async #setRules(rules: ServingRules): Promise<void> {
    this.#rules = rules
    this.#show({ rules, ...(rules.isOn ? {} : { status: { kind: 'off' } }) })
    await this.#parts.stores.values.put(servingRulesKey, rules)
    await this.#look()
  }

  async #readStored(): Promise<void> {
    const { values } = this.#parts.stores
    const stored = await values.get<Partial<ServingRules>>(servingRulesKey)
    this.#rules = { ...defaultServingRules, ...stored }
    // Whoever serves counts: what others wrote is older.
    if (!this.#release) this.#usage = (await values.get<Usage>(usageKey)) ?? noUsage
    this.#show({ rules: this.#rules })
  }

  #keepLooking(): void {
    void this.#look().finally(() => this.#parts.platform.timer.after(LOOK_MS, () => this.#keepLooking()))
  }

  /** Brings what is done in line with the rules and with what is the case; one after the other. */
  #look(): Promise<void> {
    this.#turn = this.#turn
      .then(() => this.#lookNow())
      .catch((error: unknown) => {
        const detail = error instanceof Error ? error.message : String(error)
        this.#show({ status: { kind: 'servingUnavailable', detail } })
      })
    return this.#turn
  }

  async #lookNow(): Promise<void> {
    this.#usage = onDay(this.#usage, dayOf(this.#parts.platform.unixNow()))
    const held = await this.#makeRoom(await this.#findHeld())
    this.#usage = ofFiles(this.#usage, new Set(held.map(({ cid }) => cid)))
    this.#show({ held })
    const files = held.filter(({ isRevoked }) => !isRevoked)
    const battery = await this.#parts.ports.battery()
    const wanted = servingStatus(this.#rules, {
      isOnline: this.#parts.platform.isOnline(),
      isHidden: this.#parts.ports.page.isHidden(),
      battery,
      bytesToday: this.#usage.today.bytes,
      files: files.length,
    })
    const status = wanted.kind === 'serving' ? await this.#begin(files) : await this.#end(wanted)
    this.#show({ status })
    if (status.kind === 'serving' || status.kind === 'nothingHeld') void this.#fetchKept(held)
    else this.#fetching?.abort()
  }

  async #begin(files: readonly HeldFile[]): Promise<ServingStatus> {
    if (!this.#release) {
      this.#show({ status: { kind: 'starting' } })
      if (!(await this.#takeLock())) return { kind: 'elsewhere' }
    }
    const cids = files.map(({ cid }) => cid)
    const { bytesPerDay, pricePerUnit, takesThanks } = this.#rules
    const { day, today } = this.#usage
    const what = [...cids, bytesPerDay, day, pricePerUnit, takesThanks].join()
    if (what === this.#served) return { kind: 'serving' }
    const price = BigInt(pricePerUnit)
    const sale = price > 0n || takesThanks ? await this.#parts.sale(price) : null
    // What has a price is not given away for want of an account.
    if (price > 0n && sale === null) return this.#end({ kind: 'nobodyToPay' })
    ;(await this.#firmware()).sell(
      sale && { ...sale, givenAway: cid => blocksOf(this.#usage, cid.toString()) },
    )
    const left = bytesPerDay === null ? null : bytesPerDay - today.bytes
    const served = await (await this.#firmware()).serve(cids, left)
    if (!served.ok) return this.#end(served.error)
    this.#served = what
    return { kind: 'serving' }
  }

  async #end(status: ServingStatus): Promise<ServingStatus> {
    if (this.#served !== '') await this.#source?.serve(null)
    this.#served = ''
    if (this.#release) await this.#write()
    this.#release?.()
    this.#release = null
    return status
  }

  /** Held until serving ends, or the tab does. */
  #takeLock(): Promise<boolean> {
    return new Promise(resolve => {
      const hold = () =>
        new Promise<void>(release => {
          this.#release = release
          resolve(true)
        })
      this.#parts.platform.withLock(servingLock, hold).then(
        held => resolve(held !== undefined),
        () => resolve(false),
      )
    })
  }

  async #firmware(): Promise<FirmwareSource> {
    const source = await this.#parts.firmware()
    if (source !== this.#source) {
      this.#source = source
      source.onServed(served => this.#count(served))
    }
    return source
  }

  #count(served: Served): void {
    const { platform } = this.#parts
    this.#usage = withServed(onDay(this.#usage, dayOf(platform.unixNow())), served)
    this.#peers.add(served.peer)
    this.#sinceSample += served.bytes
    this.#cancelWrite ??= platform.timer.after(WRITE_MS, () => void this.#write())
    const { bytesPerDay } = this.#rules
    if (bytesPerDay !== null && this.#usage.today.bytes >= bytesPerDay) void this.#look()
  }

  async #write(): Promise<void> {
    this.#cancelWrite?.()
    this.#cancelWrite = null
    await this.#parts.stores.values.put(usageKey, this.#usage)
  }

  #keepSampling(): void {
    const { timer, unixNow } = { timer: this.#parts.platform.timer, unixNow: this.#parts.platform.unixNow }
    timer.after(SAMPLE_MS, () => {
      const bytesPerSecond = Math.round((this.#sinceSample * 1000) / SAMPLE_MS)
      this.#sinceSample = 0
      if (this.#served !== '') {
        const speed = [...this.view.get().speed, { at: unixNow(), bytesPerSecond }].slice(-SAMPLES)
        this.#show({ speed })
      }
      this.#keepSampling()
    })
  }

  async #findHeld(): Promise<readonly HeldFile[]> {
    const { stores, config, needed } = this.#parts
    const beside = { rules: this.#rules, usage: this.#usage, needed: needed() }
    return findHeldFiles(stores, await this.#firmware(), config(), beside)
  }

  /** Without the files that had to go. */
  async #makeRoom(held: readonly HeldFile[], needed = 0): Promise<readonly HeldFile[]> {
    const removed = filesToRemove(held, this.#rules.quota, needed)
    for (const { cid } of removed) await (await this.#firmware()).drop(cid)
    return held.filter(file => !removed.includes(file))
  }

  /** The registry is asked for each kept model now and then; what it newly names is fetched. */
  async #fetchKept(held: readonly HeldFile[]): Promise<void> {
    if (this.#fetching) return
    const { platform, readings, config, channel } = this.#parts
    const fetching = new AbortController()
    this.#fetching = fetching
    try {
      for (const model of this.#rules.keptModels) {
        const key = `${model.maker}/${model.name}/${model.hardware}`
        if (platform.timer.now() - (this.#askedAt.get(key) ?? Number.NEGATIVE_INFINITY) < ASK_MS) continue
        this.#askedAt.set(key, platform.timer.now())
        const manifest = await newestRelease(readings, config(), model, channel(), platform.unixNow())
        if (fetching.signal.aborted) return
        if (!manifest || held.some(({ cid }) => cid === manifest.cid)) continue
        this.#show({ fetching: model })
        const isHeld = await fetchRelease(await this.#firmware(), manifest, model.hardware, fetching.signal)
        // What was cut off is tried again as soon as it may be.
        if (!isHeld && fetching.signal.aborted) this.#askedAt.delete(key)
        if (isHeld) void this.#look()
      }
    } finally {
      this.#fetching = null
      this.#show({ fetching: null })
    }
  }

  #show(change: Partial<ServingView>): void {
    const { today, total } = onDay(this.#usage, dayOf(this.#parts.platform.unixNow()))
    this.view.update(view => ({ ...view, today, total, peersServed: this.#peers.size, ...change }))
  }
}
