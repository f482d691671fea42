// Shares out the blocks of one fetch among its sources: the fast do more, the silent are replaced, liars are dropped.
import type { CID } from 'multiformats/cid'
import { isBlockOf } from '../../core/ipfs/block.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { Timer } from '../../core/smp/transport.ts'
import type { BlockFailure, BlockSource } from './source.ts'

/** All in milliseconds. */
export interface PoolTimes {
  /** Peers are asked first; gateways join after this, or at once when no peer is left to ask. */
  readonly gatewayHeadStart: number
  /** Sellers are asked for what nobody gives away, and not before this. */
  readonly sellerHeadStart: number
  /** After this, who is still being connected for the first time keeps nobody waiting who has answered. */
  readonly arrival: number
  /** A block that is under way for longer is asked of an idle source as well. */
  readonly patience: number
  /** A source that owes blocks and delivered none for this long is dropped. */
  readonly silence: number
  /** First pause after a source could not be reached; doubles, and after the third failure in a row it is dropped. */
  readonly backOff: number
}

export type PoolFailure =
  /** Nobody is left who could have it. */
  | { readonly kind: 'noSource' }
  | { readonly kind: 'notStored'; readonly detail: string }
  | { readonly kind: 'closed' }

interface Delivery {
  readonly bytes: Uint8Array
  readonly from: 'peer' | 'gateway'
}

export interface PoolOptions {
  readonly timer: Timer
  readonly times: PoolTimes
  /** Whether the bytes are the block that the CID names. */
  readonly isBlock?: (cid: CID, bytes: Uint8Array) => boolean | Promise<boolean>
  /** A source gave other bytes than were asked for; told once. */
  readonly onLiar?: (source: BlockSource) => void
  /** A source owed blocks and gave none for `times.silence`; told once. */
  readonly onSilent?: (source: BlockSource) => void
}

export interface BlockPool {
  add(source: BlockSource): void
  /** While a hold lasts, having no source left is not yet a failure: some may still join. Returns the release. */
  hold(): () => void
  /** Resolves with bytes that were compared with the CID. */
  request(cid: CID, maxBytes: number): Promise<Result<Delivery, PoolFailure>>
  /** Names of everybody who was asked, and what became of those who failed. */
  report(): { readonly tried: readonly string[]; readonly detail: string }
  isClosed(): boolean
  close(): void
}

interface Worker {
  readonly source: BlockSource
  /** Grows while answers come quickly, so that a slow link never has more under way than it can carry in time. */
  window: number
  inFlight: number
  hasEnough: boolean
  /** The most bytes that its answers under way can have. */
  bytesInFlight: number
  lastDelivery: number
  /** Of its requests that are under way, none is older. */
  owesSince: number
  /** Aborted where it owed blocks and gave none. */
  readonly silence: AbortController
  /** Of that, or of the pool's end. */
  readonly signal: AbortSignal
  isWatched: boolean
  strikes: number
  /** Being connected: others have the blocks meanwhile, and it may still come. */
  isComing: boolean
  pausedUntil: number
  lacked: boolean
  dropped: boolean
  trouble: string | null
}

interface Want {
  readonly cid: CID
  readonly maxBytes: number
  /** Sources that need not be asked for it again. */
  readonly lackedBy: Set<Worker>
  readonly askedNow: Set<Worker>
  askedAt: number
  readonly settle: (result: Result<Delivery, PoolFailure>) => void
}

/** Blocks that a source is asked for before it has shown how quick it is. */
const FIRST_WINDOW = 8
/** Bytes that one source may be asked for at a time: what it takes to fill a link, and what a phone can hold of it. */
const MOST_BYTES = 4 << 20
const STRIKES = 3
const QUICK_MS = 1_000
const SLOW_MS = 4_000

export function createBlockPool(options: PoolOptions): BlockPool {
  const { timer, times, isBlock = isBlockOf, onLiar, onSilent } = options
  const openedAt = timer.now()
  const workers: Worker[] = []
  const wants = new Set<Want>()
  const closing = new AbortController()
  const timers = new Set<() => void>()
  let holds = 0
  let isLooking = false

  function later(ms: number, task: () => void): () => void {
    const cancel = timer.after(ms, () => {
      timers.delete(cancel)
      task()
    })
    timers.add(cancel)
    return () => {
      timers.delete(cancel)
      cancel()
    }
  }

  function pump(): void {
    if (closing.signal.aborted) return
    for (const worker of workers) {
      if (worker.hasEnough && !hasRoomForSome(worker)) continue
      for (;;) {
        const want = nextFor(worker)
        if (!want) break
        void ask(worker, want)
      }
      worker.hasEnough = worker.inFlight >= worker.window
    }
    if (holds > 0) return
    for (const want of [...wants]) {
      const isAnswered = want.lackedBy.size > 0
      if (workers.every(worker => hasNoPart(worker, want) || (isAnswered && isLate(worker)))) {
        settle(want, fail({ kind: 'noSource' }))
      }
    }
  }

  function nextFor(worker: Worker): Want | undefined {
    const now = timer.now()
    if (worker.dropped || worker.isComing || worker.inFlight >= worker.window || now < worker.pausedUntil)
      return undefined
    if (worker.source.kind === 'gateway' && now < openedAt + times.gatewayHeadStart && peersAreLeft())
      return undefined
    if (worker.source.kind === 'seller') return nextForSeller(worker)
    const others = workers.some(other => other !== worker && isGood(other))
    let overdue: Want | undefined
    for (const want of wants) {
      if (want.lackedBy.has(worker) || want.askedNow.has(worker) || !fits(worker, want)) continue
      const isFree = want.askedNow.size === 0
      // One that lacked a block of this file most likely lacks the others too: it gets what the good ones can't do.
      if (isFree && !(worker.lacked && others)) return want
      if (isFree && [...workers].every(other => !isGood(other) || want.lackedBy.has(other))) return want
      if (!isFree && now >= want.askedAt + times.patience) overdue ??= want
    }
    return overdue
  }

  /** What nobody gives away, as far as everybody who may have it has answered. */
  function nextForSeller(worker: Worker): Want | undefined {
    if (holds > 0 || timer.now() < openedAt + times.sellerHeadStart) return undefined
    const givers = workers.filter(({ source }) => source.kind !== 'seller')
    for (const want of wants) {
      if (want.askedNow.size > 0 || want.lackedBy.has(worker) || !fits(worker, want)) continue
      if (givers.every(giver => hasNoPart(giver, want) || isLate(giver))) return want
    }
    return undefined
  }

  const hasNoPart = (worker: Worker, want: Want) => worker.dropped || want.lackedBy.has(worker)
  /** A host that answers no packet takes most of a minute until it is given up. */
  const isLate = (worker: Worker) => worker.isComing && timer.now() >= openedAt + times.arrival

  /** What is asked for in one go goes out as one message: who had enough is asked again when a part of it has come. */
  const hasRoomForSome = ({ inFlight, window }: Worker) => inFlight <= window - Math.max(1, window >> 2)

  /** One block may be of any size; more at a time only as far as there is room for them. */
  const fits = (worker: Worker, want: Want) =>
    worker.inFlight === 0 || worker.bytesInFlight + want.maxBytes <= MOST_BYTES

  const isGood = (worker: Worker) =>
    worker.source.kind !== 'seller' && !worker.dropped && !worker.lacked && !worker.isComing
  const peersAreLeft = () =>
    holds > 0 || workers.some(w => w.source.kind === 'peer' && (isGood(w) || w.isComing))

  async function ask(worker: Worker, want: Want): Promise<void> {
    const startedAt = timer.now()
    worker.inFlight++
    worker.bytesInFlight += want.maxBytes
    want.askedNow.add(worker)
    want.askedAt = startedAt
    lookForOverdue()
    if (worker.inFlight === 1) worker.owesSince = startedAt
    watchSilence(worker)

    const request = { maxBytes: want.maxBytes, signal: worker.signal }
    const result = await untilAborted(worker.signal, worker.source.get(want.cid, request))
    const matches = result.ok && (await isWanted(want, result.value))
    worker.inFlight--
    worker.bytesInFlight -= want.maxBytes
    want.askedNow.delete(worker)
    if (closing.signal.aborted) return

    if (result.ok) take(worker, want, result.value, matches, startedAt)
    else if (worker.silence.signal.aborted) {
      if (!worker.dropped) onSilent?.(worker.source)
      drop(worker, result.error.detail)
    } else punish(worker, want, result.error)
    pump()
  }

  const isWanted = (want: Want, bytes: Uint8Array) =>
    bytes.length <= want.maxBytes && isBlock(want.cid, bytes)

  function take(worker: Worker, want: Want, bytes: Uint8Array, matches: boolean, startedAt: number): void {
    if (!matches) {
      expose(worker, 'bytes that do not match the CID')
      return
    }
    const now = timer.now()
    worker.lastDelivery = now
    worker.strikes = 0
    const took = now - startedAt
    if (took < QUICK_MS) worker.window = Math.min(worker.window + 1, worker.source.maxInFlight)
    else if (took > SLOW_MS) worker.window = Math.max(worker.window - 1, 1)
    settle(want, ok({ bytes, from: worker.source.kind === 'gateway' ? 'gateway' : 'peer' }))
  }

  function punish(worker: Worker, want: Want, failure: BlockFailure): void {
    worker.trouble = failure.detail
    switch (failure.kind) {
      case 'lacksBlock':
        worker.lacked = true
        want.lackedBy.add(worker)
        break
      case 'wrongBytes':
        expose(worker, failure.detail)
        break
      case 'notStored':
        settle(want, fail(failure))
        break
      case 'unreachable':
        // Requests that fail together, because their connection did, count once.
        if (timer.now() >= worker.pausedUntil) strike(worker, failure.detail, pump)
    }
  }

  /** Calls back after a pause, unless that was its last chance. */
  function strike(worker: Worker, trouble: string, then: () => void): void {
    worker.trouble = trouble
    worker.strikes++
    if (worker.strikes >= STRIKES) drop(worker, trouble)
    else {
      const pause = times.backOff * 2 ** (worker.strikes - 1)
      worker.pausedUntil = timer.now() + pause
      later(pause, then)
    }
  }

  async function reach(worker: Worker): Promise<void> {
    const { reach: connect } = worker.source
    if (!connect) return
    worker.isComing = true
    const reached = await untilAborted(closing.signal, connect())
    if (closing.signal.aborted) return
    if (reached.ok) worker.isComing = false
    else strike(worker, reached.error.detail, () => void reach(worker))
    pump()
  }

  function expose(worker: Worker, trouble: string): void {
    if (!worker.dropped) onLiar?.(worker.source)
    drop(worker, trouble)
  }

  function drop(worker: Worker, trouble: string): void {
    worker.dropped = true
    worker.trouble = trouble
  }

  /** Ends the source's requests when it owed something and delivered nothing for `times.silence`. */
  function watchSilence(worker: Worker): void {
    if (worker.isWatched) return
    worker.isWatched = true
    const quietFor = timer.now() - Math.max(worker.owesSince, worker.lastDelivery)
    later(times.silence - quietFor, () => {
      worker.isWatched = false
      if (worker.inFlight === 0) return
      const quiet = timer.now() - Math.max(worker.owesSince, worker.lastDelivery)
      if (quiet >= times.silence) worker.silence.abort(new Error(`no answer for ${times.silence} ms`))
      else watchSilence(worker)
    })
  }

  /** A block that is under way for too long is looked at when that is so. */
  function lookForOverdue(): void {
    if (isLooking) return
    const now = timer.now()
    const due = [...wants].flatMap(({ askedNow, askedAt }) => {
      const at = askedAt + times.patience
      return askedNow.size > 0 && at > now ? [at] : []
    })
    if (due.length === 0) return
    isLooking = true
    later(Math.min(...due) - now, () => {
      isLooking = false
      pump()
      lookForOverdue()
    })
  }

  function settle(want: Want, result: Result<Delivery, PoolFailure>): void {
    if (wants.delete(want)) want.settle(result)
  }

  return {
    add(source) {
      const silence = new AbortController()
      const worker: Worker = {
        source,
        silence,
        signal: AbortSignal.any([closing.signal, silence.signal]),
        isWatched: false,
        owesSince: 0,
        window: Math.min(FIRST_WINDOW, source.maxInFlight),
        inFlight: 0,
        hasEnough: false,
        bytesInFlight: 0,
        lastDelivery: 0,
        strikes: 0,
        isComing: false,
        pausedUntil: 0,
        lacked: false,
        dropped: false,
        trouble: null,
      }
      workers.push(worker)
      void reach(worker)
      if (source.reach) later(Math.max(0, openedAt + times.arrival - timer.now()), pump)
      if (source.kind === 'gateway') later(times.gatewayHeadStart, pump)
      if (source.kind === 'seller') later(times.sellerHeadStart, pump)
      pump()
    },
    hold() {
      holds++
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        holds--
        pump()
      }
    },
    request(cid, maxBytes) {
      if (closing.signal.aborted) return Promise.resolve(fail({ kind: 'closed' }))
      return new Promise(settleIt => {
        wants.add({ cid, maxBytes, lackedBy: new Set(), askedNow: new Set(), askedAt: 0, settle: settleIt })
        pump()
      })
    },
    report: () => ({
      tried: workers.map(worker => worker.source.name),
      detail: workers
        .filter(worker => worker.trouble !== null)
        .map(worker => `${worker.source.name}: ${worker.trouble}`)
        .join('; '),
    }),
    isClosed: () => closing.signal.aborted,
    close() {
      closing.abort(new Error('the fetch ended'))
      for (const cancel of [...timers]) cancel()
      timers.clear()
      for (const want of [...wants]) settle(want, fail({ kind: 'closed' }))
    },
  }
}

/** A source that ignores its signal must not hold the fetch. */
function untilAborted<T>(
  signal: AbortSignal,
  answer: Promise<Result<T, BlockFailure>>,
): Promise<Result<T, BlockFailure>> {
  return new Promise((resolve, reject) => {
    const give = () => {
      const detail = signal.reason instanceof Error ? signal.reason.message : 'aborted'
      resolve(fail({ kind: 'unreachable', detail }))
    }
    if (signal.aborted) give()
    signal.addEventListener('abort', give, { once: true })
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', give))
  })
}
