// Chromium with pages that nobody looks into: Playwright has each message of each WebSocket reported to it, which takes longer than they do.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../chromium.ts'
import { quietArgs } from '../e2e/harness/quietArgs.ts'

interface PlainPage {
  /** The value of an expression, waited for where it is a promise, as JSON carries it. Rejects where it throws. */
  evaluate(expression: string): Promise<unknown>
  /** A method of the Chrome DevTools Protocol, for this page. Rejects with its complaint. */
  command(method: string, parameters?: object): Promise<unknown>
}

export interface PlainChromium {
  /** `isApart`: with storage of its own, in memory; else in the profile, on the disk, which all other pages share. */
  open(url: string, isApart?: boolean): Promise<PlainPage>
  close(): Promise<void>
}

/** A tab that is not in front goes on as one that is: each stands for a phone that somebody looks at. */
const ALL_IN_FRONT = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
]
const START_MS = 30_000

export async function openPlainChromium(): Promise<PlainChromium> {
  const profile = await mkdtemp(join(tmpdir(), 'fob-bench-profile-'))
  const args = [
    ...['--headless', '--no-sandbox', '--remote-debugging-port=0', `--user-data-dir=${profile}`],
    ...[...quietArgs, ...ALL_IN_FRONT, 'about:blank'],
  ]
  const child = spawn(await findChromium(), args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise(resolve => child.once('exit', resolve))
  const close = async () => {
    child.kill()
    await ended
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const { command } = await connect(await address(child))
    return { open: (url, isApart = false) => openPage(command, url, isApart), close }
  } catch (error) {
    await close()
    throw error
  }
}

type Command = (method: string, parameters?: object, sessionId?: string) => Promise<unknown>

async function openPage(command: Command, url: string, isApart: boolean): Promise<PlainPage> {
  const context = isApart ? await command('Target.createBrowserContext') : {}
  const target = await command('Target.createTarget', { url, ...(context as object) })
  const attached = await command('Target.attachToTarget', { ...(target as object), flatten: true })
  const { sessionId } = attached as { readonly sessionId: string }
  return {
    command: (method, parameters) => command(method, parameters, sessionId),
    async evaluate(expression) {
      const how = { expression, awaitPromise: true, returnByValue: true }
      const { result, exceptionDetails } = (await command('Runtime.evaluate', how, sessionId)) as {
        readonly result: { readonly value?: unknown }
        readonly exceptionDetails?: object
      }
      if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`)
      return result.value
    },
  }
}

/** Where it listens: the last thing that it says before it does. */
function address(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000)
      const [, found] = /DevTools listening on (\S+)/.exec(said) ?? []
      if (found !== undefined) resolve(found)
    })
    child.once('exit', () => reject(new Error(`Chromium ended: ${said}`)))
    setTimeout(() => reject(new Error(`Chromium did not start: ${said}`)), START_MS).unref()
  })
}

interface Answer {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** The Chrome DevTools Protocol: requests and answers as JSON, by number. */
async function connect(url: string): Promise<{ readonly command: Command }> {
  const socket = new WebSocket(url)
  const waiting = new Map<number, (answer: Answer) => void>()
  let last = 0
  socket.onmessage = ({ data }: MessageEvent<string>) => {
    const answer = JSON.parse(data) as Answer
    if (answer.id === undefined) return
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  }
  socket.onclose = () => {
    for (const tell of waiting.values()) tell({ error: { message: 'Chromium is gone' } })
  }
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve()
    socket.onerror = () => reject(new Error(`no connection to ${url}`))
  })
  return {
    command: (method, parameters = {}, sessionId) =>
      new Promise((resolve, reject) => {
        const id = ++last
        waiting.set(id, ({ result, error }) => {
          if (error) reject(new Error(`${method}: ${error.message}`))
          else resolve(result)
        })
        socket.send(JSON.stringify({ id, method, params: parameters, sessionId }))
      }),
  }
}
