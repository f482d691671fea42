// A whole local Fob that was started once, with its contracts deployed and its demo firmware released: each world begins with a copy.
import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort, PortInUse } from '../../../node/http.ts'
import { type Running, startFob } from '../../../node/startFob.ts'

interface HomeOptions {
  /** The built app. */
  readonly appDirectory: string
  readonly hasRelay: boolean
  /** False: its seed is reached over WebSockets alone, for stories in which it is gone. */
  readonly webRtcDirect?: boolean
  /** One set of demo devices for all browsers, and among them a vending machine that has an owner. */
  readonly sharesDemoDevices?: boolean
}

/** A port that was free is taken by another program's connection now and then: then others are tried. */
export async function startAtHome(home: string, options: HomeOptions, attempts = 3): Promise<Running> {
  try {
    return await startFob({
      home,
      ports: {
        app: await freePort(),
        endpoints: [await freePort(), await freePort()],
        seed: await freePort(),
        gateway: await freePort(),
        attestors: [await freePort(), await freePort(), await freePort()],
        agent: await freePort(),
        ...(options.hasRelay && { relay: await freePort() }),
      },
      appDirectory: options.appDirectory,
      sharesDemoDevices: options.sharesDemoDevices ?? false,
      webRtcDirect: options.webRtcDirect ?? true,
      // Nobody kills these chains; writing a growing one each second takes more than running it.
      saveChainEvery: 3600,
      log: () => undefined,
      onGone: reason => {
        throw new Error(reason)
      },
    })
  } catch (error) {
    if (error instanceof PortInUse && attempts > 1) return startAtHome(home, options, attempts - 1)
    throw error
  }
}

/** The first start takes a block for each step; a later one finds everything done. Nobody writes to the folder from then on. */
export async function makeStartedHome(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'fob-started-'))
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 })
  try {
    // In a process of its own, which is ended with all that it has open: the one that runs the tests ends by itself.
    await promisify(execFile)(process.execPath, [import.meta.filename, folder], { timeout: 120_000 })
  } catch (error) {
    await remove()
    throw error
  }
  return { folder, remove }
}

export const copyStartedHome = (folder: string, home: string): Promise<void> =>
  cp(folder, home, { recursive: true })

if (import.meta.main) {
  const [folder] = process.argv.slice(2)
  if (folder === undefined) throw new Error('into which folder?')
  const fob = await startAtHome(folder, { appDirectory: folder, hasRelay: false })
  await fob.stop()
  process.exit(0)
}
