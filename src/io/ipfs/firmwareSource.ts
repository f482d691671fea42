// Firmware by CID: from this browser's store, then peers, then trustless gateways.

import type { CID } from 'multiformats/cid'
import type {
  FetchFailure,
  FetchRequest,
  FirmwareSource,
  Served,
  ServeFailure,
} from '../../app/ports/firmware.ts'
import type { Platform } from '../../app/ports/platform.ts'
import { parseFileCid } from '../../core/ipfs/block.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { type BlockPool, createBlockPool, type PoolTimes } from './blockPool.ts'
import { createBlockTrade, type Purchase } from './blockTrade.ts'
import { type FileFailure, fetchFile } from './fetchFile.ts'
import { createGatewaySource } from './gateway.ts'
import { matchesCid } from './matchesCid.ts'
import type { IpfsNode } from './node.ts'
import { createOrderPeers } from './orderPeers.ts'
import { type BlockSource, describe } from './source.ts'
import { createStoredBlocks, dropAllBut, dropFile, holdsFile, type StoredBlocks } from './storedBlocks.ts'
import type { Blockstore } from './stores.ts'

/** All in milliseconds. */
export interface FetchTimes extends PoolTimes {
  /** The whole fetch. */
  readonly overall: number
  /** From one verified block to the next. */
  readonly stall: number
  /** From one look for peers that hold the file to the next, while it is fetched. */
  readonly lookAgain: number
}

const TIMES: FetchTimes = {
  overall: 600_000,
  stall: 45_000,
  lookAgain: 5_000,
  gatewayHeadStart: 1_500,
  sellerHeadStart: 3_000,
  arrival: 12_000,
  patience: 5_000,
  silence: 15_000,
  backOff: 1_000,
}

const SHUN_MS = 600_000
/** A source that was silent within this time joins later than the others: each fetch would wait for it first. */
const SILENT_MS = 120_000

export interface FirmwareSourceOptions {
  /** Multiaddrs of the network's peers, base URLs of its gateways and of its delegated routers; read again for each fetch. */
  readonly network: () => {
    readonly peers: readonly string[]
    readonly gateways: readonly string[]
    readonly routers?: readonly string[]
  }
  readonly platform: Pick<Platform, 'timer' | 'storageEstimate' | 'onOnlineChange'>
  readonly openBlocks?: () => Promise<Blockstore>
  /** Called at most once at a time, when the first block is missing. */
  readonly startNode?: (blocks: Blockstore, onServed: (served: Served) => void) => Promise<IpfsNode>
  readonly times?: Partial<FetchTimes>
}

export function createFirmwareSource(options: FirmwareSourceOptions): FirmwareSource {
  const { network, platform } = options
  const times = { ...TIMES, ...options.times }
  const openBlocks =
    options.openBlocks ?? (async () => (await import('./browserBlocks.ts')).openBrowserBlocks())
  const startNode = options.startNode ?? ((blocks, onServed) => startBrowserNode(blocks, platform, onServed))
  let opening: Promise<Blockstore> | undefined
  let starting: Promise<IpfsNode> | undefined
  let node: IpfsNode | undefined
  /** Milliseconds until which a source that gave wrong bytes is left alone, in later fetches as well. */
  const shunned = new Map<BlockSource, number>()
  /** Milliseconds at which a source owed blocks and gave none. */
  const silent = new Map<BlockSource, number>()
  const gateways = new Map<string, BlockSource | undefined>()
  const servedListeners = new Set<(served: Served) => void>()
  const trade = createBlockTrade({
    runningNode,
    storedBlocks,
    peers: () => network().peers,
    timer: platform.timer,
  })
  const orders = createOrderPeers({ runningNode, peers: () => network().peers, timer: platform.timer })
  const onServed = (served: Served) => {
    for (const listener of [...servedListeners]) listener(served)
  }

  /** A store that could not be opened is tried again at the next call. */
  function blockstore(): Promise<Blockstore> {
    opening ??= openBlocks().catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }

  function runningNode(): Promise<IpfsNode> {
    starting ??= blockstore()
      .then(blocks => startNode(blocks, onServed))
      .then(
        started => {
          node = started
          trade.started(started)
          return started
        },
        (error: unknown) => {
          starting = undefined
          throw error
        },
      )
    return starting
  }

  async function storedBlocks(): Promise<StoredBlocks> {
    return createStoredBlocks(await blockstore())
  }

  /** Gateways are there at once; peers join when the node runs, as givers and as sellers. */
  function openPool(
    root: CID,
    { peers, gateways: named = [] }: FetchRequest,
    unreached: string[],
    purchase: Purchase,
  ): BlockPool {
    const pool = createBlockPool({
      timer: platform.timer,
      times,
      isBlock: matchesCid,
      onLiar: liar => shunned.set(liar, platform.timer.now() + SHUN_MS),
      onSilent: source => silent.set(source, platform.timer.now()),
    })
    const addTo = (source: BlockSource) => {
      const now = platform.timer.now()
      if ((shunned.get(source) ?? 0) > now) unreached.push(`${source.name}: gave wrong bytes a moment ago`)
      else if ((silent.get(source) ?? -SILENT_MS) > now - SILENT_MS) addLater(source)
      else pool.add(source)
    }
    const addLater = (source: BlockSource) => {
      const releaseLate = pool.hold()
      platform.timer.after(times.patience, () => {
        if (!pool.isClosed()) pool.add(source)
        releaseLate()
      })
    }
    const release = pool.hold()
    for (const base of new Set([...network().gateways, ...named])) {
      if (!gateways.has(base)) gateways.set(base, createGatewaySource(base))
      const gateway = gateways.get(base)
      if (gateway) addTo(gateway)
    }
    const configured = network().peers
    const wanted = [...new Set([...configured, ...peers])]
    if (wanted.length === 0 && !network().routers?.length) release()
    else
      runningNode()
        .then(
          async running => {
            running.stayConnected(configured)
            const added = new Set<string>()
            const add = (address: string) => {
              const peer = added.has(address) ? undefined : running.peer(address)
              added.add(address)
              if (!peer) return
              addTo(peer)
              const seller = purchase.source(running, address)
              if (seller) pool.add(seller)
            }
            for (const address of wanted) add(address)
            await addProviders(running, root, wanted, pool, add)
          },
          (error: unknown) => unreached.push(`IPFS node: ${describe(error)}`),
        )
        .finally(release)
    return pool
  }

  /** Looks for others who hold the file, from when the first of `asked` is reached, and again while it is being fetched. */
  async function addProviders(
    running: IpfsNode,
    root: CID,
    asked: readonly string[],
    pool: BlockPool,
    add: (address: string) => void,
  ): Promise<void> {
    const routed = running.findAtRouters(root, network().routers ?? []).then(found => found.forEach(add))
    await running.reach(asked)
    for (const address of await running.findProviders(root)) add(address)
    await routed
    const again = () => {
      if (pool.isClosed()) return
      platform.timer.after(times.lookAgain, async () => {
        for (const address of await running.findProviders(root)) add(address)
        again()
      })
    }
    again()
  }

  async function ensureRoom(needed: number): Promise<Result<null, FileFailure>> {
    const estimate = await platform.storageEstimate()
    if (estimate && estimate.free < needed) return fail({ kind: 'storageFull', needed, free: estimate.free })
    const { hasRoomFor } = await import('./room.ts')
    return (await hasRoomFor(needed)) ? ok(null) : fail({ kind: 'storageFull', needed, free: 0 })
  }

  return {
    async fetch(request, { signal, onProgress }) {
      const { cid, size } = request
      const root = parseFileCid(cid)
      if (!root.ok) return fail({ kind: 'firmwareUnavailable', tried: [], detail: root.error.detail })
      if (signal.aborted) return fail({ kind: 'fetchCancelled' })

      let pool: BlockPool | undefined
      const purchase = trade.purchase(root.value)
      let ended: 'cancelled' | 'stalled' | 'late' | undefined
      const unreached: string[] = []
      const end = (why: typeof ended) => {
        ended ??= why
        pool?.close()
      }
      const open = () => {
        pool ??= openPool(root.value, request, unreached, purchase)
        if (ended) pool.close()
        return pool
      }
      const onAbort = () => end('cancelled')
      signal.addEventListener('abort', onAbort, { once: true })
      const cancelOverall = platform.timer.after(times.overall, () => end('late'))
      let cancelStall = platform.timer.after(times.stall, () => end('stalled'))
      try {
        const fetched = await fetchFile({
          root: root.value,
          maxSize: size,
          stored: await storedBlocks(),
          openPool: open,
          ensureRoom,
          onProgress: progress => {
            if (ended) return
            cancelStall()
            cancelStall = platform.timer.after(times.stall, () => end('stalled'))
            onProgress(progress)
          },
        })
        if (ended === 'cancelled') return fail({ kind: 'fetchCancelled' })
        if (fetched.ok) return fetched
        return fail(await explain(fetched.error, size, pool, unreached, ended))
      } catch (error) {
        return storeFailed(error)
      } finally {
        signal.removeEventListener('abort', onAbort)
        cancelOverall()
        cancelStall()
        pool?.close()
        purchase.end()
      }
    },
    holds: cid => withRoot(cid, false, (stored, root) => holdsFile(stored, root)),
    drop: cid => withRoot(cid, undefined, (stored, root) => dropFile(stored, root)),
    clear: except => clear(except),
    serve,
    findSellers: trade.findSellers,
    meetPayee: trade.meetPayee,
    missingBlocks: trade.missingBlocks,
    buyWith: trade.buyWith,
    sell: trade.sell,
    orders,
    onServed(listener) {
      servedListeners.add(listener)
      return () => servedListeners.delete(listener)
    },
    peers: () => node?.peers() ?? null,
    async stop() {
      const running = starting
      starting = undefined
      node = undefined
      await (await running?.catch(() => undefined))?.stop()
    },
  }

  /** A node that does not run serves nothing: it is not started to be told so. */
  async function serve(
    cids: readonly string[] | null,
    maxBytes: number | null = null,
  ): Promise<Result<null, ServeFailure>> {
    try {
      if (cids === null) {
        await (await starting?.catch(() => undefined))?.serve(null)
        return ok(null)
      }
      const running = await runningNode()
      running.stayConnected(network().peers)
      await running.serve(rootsOf(cids), maxBytes)
      return ok(null)
    } catch (error) {
      return fail({ kind: 'servingUnavailable', detail: describe(error) })
    }
  }

  async function withRoot<T>(
    cid: string,
    otherwise: T,
    task: (stored: StoredBlocks, root: CID) => Promise<T>,
  ): Promise<T> {
    const root = parseFileCid(cid)
    if (!root.ok) return otherwise
    try {
      return await task(await storedBlocks(), root.value)
    } catch {
      opening = undefined
      return otherwise
    }
  }

  async function clear(except: readonly string[]): Promise<void> {
    try {
      await dropAllBut(await blockstore(), rootsOf(except))
    } catch {
      opening = undefined
    }
  }

  /** The browser took the store away (site data cleared, disk error): the next call opens it anew. */
  function storeFailed(error: unknown): Result<never, FetchFailure> {
    opening = undefined
    return fail({ kind: 'firmwareUnavailable', tried: [], detail: `block store: ${describe(error)}` })
  }

  async function explain(
    failure: FileFailure,
    size: number,
    pool: BlockPool | undefined,
    unreached: readonly string[],
    ended: string | undefined,
  ): Promise<FetchFailure> {
    if (failure.kind === 'firmwareTooLarge' || failure.kind === 'storageFull') return failure
    if (failure.kind === 'notStored') {
      const estimate = await platform.storageEstimate()
      return { kind: 'storageFull', needed: size, free: estimate?.free ?? 0 }
    }
    const { tried, detail } = pool?.report() ?? { tried: [], detail: '' }
    const why = [ended, failure.kind === 'notAFile' ? failure.detail : undefined, detail, ...unreached]
    return { kind: 'firmwareUnavailable', tried, detail: why.filter(Boolean).join('; ') }
  }
}

const rootsOf = (cids: readonly string[]): readonly CID[] =>
  cids.flatMap(cid => {
    const root = parseFileCid(cid)
    return root.ok ? [root.value] : []
  })

async function startBrowserNode(
  blocks: Blockstore,
  platform: Pick<Platform, 'timer' | 'onOnlineChange'>,
  onServed: (served: Served) => void,
): Promise<IpfsNode> {
  const { startNode } = await import('./node.ts')
  return startNode({
    blockstore: blocks,
    webRtc: true,
    timer: platform.timer,
    onOnlineChange: platform.onOnlineChange,
    onServed,
  })
}
