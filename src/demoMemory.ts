// Where demo devices keep their flash: in this browser, and, where the network has a place for it, there as well, so that
// every browser that uses this network meets the same devices, as with real ones. Without a connection the last copy serves.
import type { FlashSnapshot } from '../device/flash.ts'
import { decodeSnapshot, encodeSnapshot } from '../device/snapshotFile.ts'
import type { Platform } from './app/ports/platform.ts'
import type { Stores } from './app/ports/store.ts'
import { type Bytes, concat } from './core/bytes.ts'
import type { NetworkConfig } from './core/network.ts'

export interface StoredDemo {
  /** Grows with each snapshot, so that a tab notices that another one went on with the device. */
  readonly revision: number
  /** The device's P-256 scalar. A demo key protects nothing: the device lives in this page. */
  readonly key: Bytes
  readonly flash: FlashSnapshot
  /** The shared copy's tag that this one was made from; null or left out: there was none. */
  readonly tag?: string | null
  /** There was no connection to share it over; it is shared once there is one, unless another browser was quicker. */
  readonly isAhead?: boolean
}

type Device = Pick<StoredDemo, 'key' | 'flash'>

const SYNC_MS = 4_000
const KEY_LENGTH = 32
const HOLDER = 'demo/holder'
const HOLDER_HEADER = 'fob-holder'
const MAX_BYTES = 4 * 1024 * 1024

export class DemoMemory {
  readonly #config: NetworkConfig
  readonly #values: Stores['values']
  readonly #platform: Pick<Platform, 'isOnline' | 'randomId'>
  readonly #turns = new Map<string, Promise<unknown>>()

  constructor(config: NetworkConfig, stores: Stores, platform: Pick<Platform, 'isOnline' | 'randomId'>) {
    this.#config = config
    this.#values = stores.values
    this.#platform = platform
  }

  /** As it was left last, by whichever browser, as far as this one can know now. */
  read(id: string): Promise<StoredDemo | undefined> {
    return this.#inTurn(id, async () => {
      const stored = await this.#sharedLate(id)
      const shared = await this.#fetch(id, stored?.tag ?? null)
      if (!shared) return stored
      const adopted = { ...shared, revision: (stored?.revision ?? 0) + 1 }
      await this.#values.put(this.#keyOf(id), adopted)
      return adopted
    })
  }

  /** Keeps it here at once, and shares it as soon as that can be; another browser that was quicker is believed instead. */
  async write(id: string, revision: number, device: Device): Promise<void> {
    const known = await this.#values.get<StoredDemo>(this.#keyOf(id))
    await this.#values.put(this.#keyOf(id), { ...device, revision, tag: known?.tag ?? null, isAhead: true })
    await this.#inTurn(id, async () => {
      const latest = await this.#values.get<StoredDemo>(this.#keyOf(id))
      if (!latest || latest.revision !== revision) return
      const answer = await this.#share(id, latest)
      // Another browser has it: what this one made of it meanwhile is not what became of it.
      if (answer !== 'unreachable') await this.#answered(id, latest, answer === 'refused' ? {} : answer)
    })
  }

  /** As it is kept here, after what was written without a connection was shared, where that can be by now. */
  async #sharedLate(id: string): Promise<StoredDemo | undefined> {
    const stored = await this.#values.get<StoredDemo>(this.#keyOf(id))
    if (stored?.isAhead !== true) return stored
    const answer = await this.#share(id, stored)
    if (answer === 'unreachable' || answer === 'refused') return stored
    return this.#answered(id, stored, answer)
  }

  /** What was written since then is still to be shared. */
  async #answered(id: string, sent: StoredDemo, answer: Pick<StoredDemo, 'tag'>): Promise<StoredDemo> {
    const now = (await this.#values.get<StoredDemo>(this.#keyOf(id))) ?? sent
    const kept = { ...now, ...answer, isAhead: now.revision !== sent.revision }
    await this.#values.put(this.#keyOf(id), kept)
    return kept
  }

  /**
   * Keeps the device for this browser for ten seconds more, which a browser does for as long as it is connected to it;
   * false where another one has it. Without a place that is shared, or without a connection to it, it is this browser's.
   */
  async hold(id: string): Promise<boolean> {
    return (await this.#lease(id, 'POST')) !== 409
  }

  /** After what was written last. */
  async letGo(id: string): Promise<void> {
    await this.#inTurn(id, () => this.#lease(id, 'DELETE'))
  }

  async #lease(id: string, method: 'POST' | 'DELETE'): Promise<number | null> {
    const place = this.#place(id)
    if (!place) return null
    try {
      const headers = { [HOLDER_HEADER]: await this.#holder() }
      const response = await fetch(place, { method, headers, signal: AbortSignal.timeout(SYNC_MS) })
      return response.status
    } catch {
      return null
    }
  }

  /** The same for all tabs and lives of this browser: whoever is started again after a crash goes on at once. */
  async #holder(): Promise<string> {
    const kept = await this.#values.get<string>(HOLDER)
    if (kept !== undefined) return kept
    const made = this.#platform.randomId()
    await this.#values.put(HOLDER, made)
    return made
  }

  async forget(id: string): Promise<void> {
    await this.#values.delete(this.#keyOf(id))
  }

  readonly #keyOf = (id: string): string => `demo/${this.#config.chain.registry}/${id}`

  #place(id: string): string | undefined {
    const { memory } = this.#config.demo ?? {}
    return memory === undefined || !this.#platform.isOnline()
      ? undefined
      : `${memory}/${encodeURIComponent(id)}`
  }

  async #fetch(id: string, tag: string | null): Promise<(Device & { readonly tag: string }) | undefined> {
    const place = this.#place(id)
    if (!place) return undefined
    try {
      const response = await fetch(place, {
        cache: 'no-store',
        headers: tag ? { 'if-none-match': tag } : {},
        signal: AbortSignal.timeout(SYNC_MS),
      })
      const newTag = response.headers.get('etag')
      if (response.status !== 200 || !newTag) return undefined
      const bytes = await unpack(await response.blob())
      const flash = decodeSnapshot(bytes.subarray(KEY_LENGTH))
      return flash && { key: bytes.slice(0, KEY_LENGTH), flash, tag: newTag }
    } catch {
      // No connection, or nothing of ours: what is here serves.
      return undefined
    }
  }

  async #share(
    id: string,
    { key, flash, tag }: StoredDemo,
  ): Promise<{ readonly tag: string | null } | 'refused' | 'unreachable'> {
    const place = this.#place(id)
    if (!place) return 'unreachable'
    try {
      const response = await fetch(place, {
        method: 'PUT',
        headers: {
          'content-type': 'application/octet-stream',
          [HOLDER_HEADER]: await this.#holder(),
          ...(tag ? { 'if-match': tag } : { 'if-none-match': '*' }),
        },
        body: await pack(concat(key, encodeSnapshot(flash))),
        signal: AbortSignal.timeout(SYNC_MS),
      })
      return response.ok ? { tag: response.headers.get('etag') } : 'refused'
    } catch {
      return 'unreachable'
    }
  }

  /** One after the other for each device, or what was read would overtake what was written. */
  #inTurn<T>(id: string, task: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(id) ?? Promise.resolve()).then(task, task)
    this.#turns.set(
      id,
      turn.catch(() => {}),
    )
    return turn
  }
}

/** Most of a flash is erased: a hundredth is left of it. */
const pack = (bytes: Bytes): Promise<Blob> =>
  new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))).blob()

async function unpack(blob: Blob): Promise<Bytes> {
  const reader = blob.stream().pipeThrough(new DecompressionStream('gzip')).getReader()
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return concat(...parts)
    length += value.length
    if (length > MAX_BYTES) throw new RangeError('more than any flash holds')
    parts.push(value)
  }
}

const REFRESH_MS = 20_000

/** Looks after all of them from now on, so that a browser that goes offline knows how they were left. */
export function keepDemoMemoryFresh(
  config: NetworkConfig,
  stores: Stores,
  platform: Pick<Platform, 'isOnline' | 'randomId' | 'timer'>,
): void {
  const memory = new DemoMemory(config, stores, platform)
  const refresh = async () => {
    for (const { name, hardware } of config.demo?.models ?? []) await memory.read(`${name}/${hardware}`)
    platform.timer.after(REFRESH_MS, () => void refresh())
  }
  void refresh()
}
