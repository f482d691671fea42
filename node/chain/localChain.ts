// Keeps the development chain running: loads and saves its state, starts it again when it dies, paces its blocks.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../http.ts'
import { type Anvil, startAnvil } from './anvil.ts'
import { rpc } from './rpc.ts'
import { backUpStateFile, prepareStateFile, stateFileSize } from './state.ts'

const usualLimits = { maxStateBytes: 12 * 1024 * 1024, idleAfterMs: 60_000, checkEveryMs: 5_000 }
export const busySecondsPerBlock = 1
const idleSecondsPerBlock = 10

export interface LocalChainOptions {
  /** Where the state file lies. */
  readonly directory: string
  readonly chainId: number
  /** One line for the person who started us. */
  readonly log: (line: string) => void
  /** The chain died again and again: nothing more is tried. */
  readonly onGone: (reason: string) => void
  /** Seconds between writes of the chain: what a chain that is killed loses. Default 1. */
  readonly saveEvery?: number
  readonly limits?: {
    /** Above this size of its file the chain is stopped for a moment and its state made small. */
    readonly maxStateBytes: number
    /** Without a reader for so long, blocks come slowly. */
    readonly idleAfterMs: number
    readonly checkEveryMs: number
  }
}

export interface LocalChain {
  /** URL of the chain itself, with every method: for us alone. Waits while it is restarted. */
  url(): Promise<string>
  /** Somebody is reading: blocks come every second, and every ten seconds when nobody has read for a minute. */
  touch(): void
  /** Process id of the chain, for tests that kill it. */
  pid(): number | undefined
  stop(): Promise<void>
}

/** Throws when the chain can't be started at all. */
export async function startLocalChain(options: LocalChainOptions): Promise<LocalChain> {
  // anvil says nothing where it can't write.
  mkdirSync(options.directory, { recursive: true })
  const stateFile = join(options.directory, 'state.json')
  const limits = options.limits ?? usualLimits
  const deaths: number[] = []
  let isStopping = false
  let lastTouch = Date.now()
  let isIdle = false
  /** Bytes of the state file right after it was made small. */
  let smallest = 0
  let running: Anvil | undefined
  let ready: Promise<Anvil>

  /** A port that was free a moment ago may be taken by now. */
  async function startAtFreePort(attempts = 3): Promise<Anvil> {
    try {
      const port = await freePort()
      const { chainId, saveEvery = 1 } = options
      return await startAnvil({ port, chainId, blockTime: busySecondsPerBlock, stateFile, saveEvery })
    } catch (error) {
      if (attempts === 1 || !String(error).includes('Address already in use')) throw error
      return startAtFreePort(attempts - 1)
    }
  }

  async function launch(isFirst = false): Promise<Anvil> {
    const found = prepareStateFile(stateFile)
    // Whoever uses this chain has put things on it that a new one lacks.
    if (!isFirst && (found === 'lost' || found === 'none')) {
      throw new Error('The chain was killed before anything of it was saved.')
    }
    smallest = stateFileSize(stateFile)
    if (found === 'fromBackup') options.log('The chain was cut off while saving; its last good copy is used.')
    if (found === 'lost') options.log('The saved chain can’t be read; a new one is started.')
    const anvil = await startAtFreePort()
    running = anvil
    isIdle = false
    lastTouch = Date.now()
    void anvil.ended.then(words => {
      if (running !== anvil) return
      running = undefined
      if (isStopping) return
      const now = Date.now()
      deaths.push(now)
      if (deaths.filter(at => at > now - 60_000).length > 3) {
        ready = Promise.reject(new Error('the chain is gone'))
        ready.catch(() => {})
        options.onGone(`The chain ended four times within a minute. Its last words: ${words}`)
        return
      }
      options.log('The chain ended unexpectedly; starting it again.')
      relaunch()
    })
    return anvil
  }

  function relaunch(): void {
    ready = launch()
    ready.catch(error => {
      if (!isStopping) options.onGone(error instanceof Error ? error.message : String(error))
    })
  }

  async function shrink(): Promise<void> {
    const anvil = running
    running = undefined
    if (anvil === undefined) return
    ready = anvil.stop().then(() => launch())
    ready.catch(error => options.onGone(error instanceof Error ? error.message : String(error)))
    await ready.catch(() => {})
  }

  async function pace(secondsPerBlock: number): Promise<void> {
    const anvil = running
    if (anvil !== undefined) await rpc(anvil.url, 'evm_setIntervalMining', [secondsPerBlock]).catch(() => {})
  }

  ready = launch(true)
  await ready

  const timer = setInterval(() => {
    if (running === undefined || isStopping) return
    void backUpStateFile(stateFile).catch(() => options.log('The chain’s state can’t be copied aside.'))
    if (!isIdle && Date.now() - lastTouch > limits.idleAfterMs) {
      isIdle = true
      void pace(idleSecondsPerBlock)
    }
    // A chain with much in it stays large; stopping it over and over would not help.
    if (stateFileSize(stateFile) > Math.max(limits.maxStateBytes, 2 * smallest)) void shrink()
  }, limits.checkEveryMs)
  timer.unref()

  return {
    url: async () => (await ready).url,
    touch() {
      lastTouch = Date.now()
      if (!isIdle) return
      isIdle = false
      void pace(busySecondsPerBlock)
    },
    pid: () => running?.pid,
    async stop() {
      isStopping = true
      clearInterval(timer)
      const anvil = await ready.catch(() => undefined)
      await anvil?.stop()
    },
  }
}
