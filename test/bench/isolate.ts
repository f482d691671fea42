// Runs one group in a process of its own: nothing that another group left warm or running is measured with it, and a group
// that hangs can be ended together with all that it started.
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Group, Row } from './row.ts'

export type Outcome =
  | { readonly kind: 'measured'; readonly name: string; readonly rows: readonly Row[] }
  | { readonly kind: 'skipped'; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string }

export interface Isolated {
  readonly outcome: Promise<Outcome>
  /** Ends the group; the outcome is then `failed`. */
  stop(why: string): void
}

/** Milliseconds from being asked to end to being ended. */
const grace = 5_000

/**
 * Starts `node entry ...args`, which must call `answerParent`. After `limitMs` it is ended. Its temporary files lie in a
 * folder that is removed when it is gone, in whatever way it went.
 */
export function isolate(entry: string, args: readonly string[], limitMs: number): Isolated {
  let why: string | undefined
  let child: ChildProcess | undefined
  let last: NodeJS.Timeout | undefined
  const stop = (reason: string) => {
    why ??= reason
    if (child === undefined) return
    child.kill('SIGTERM')
    last ??= setTimeout(() => endAll(child), grace)
  }
  const measure = async (folder: string): Promise<Outcome> => {
    if (why !== undefined) return { kind: 'failed', detail: why }
    child = fork(entry, args, {
      // What groups print on the way must not get into the table.
      stdio: ['ignore', 2, 2, 'ipc'],
      env: { ...process.env, TMPDIR: folder },
      // A process group of its own, so that what it started can be ended with it, and Ctrl-C reaches us alone.
      detached: process.platform !== 'win32',
    })
    const late = setTimeout(() => stop(`not done after ${limitMs / 1000} s`), limitMs)
    const answer = await answerOf(child)
    clearTimeout(late)
    clearTimeout(last)
    endAll(child)
    // Its process id may be another program's soon.
    child = undefined
    return why === undefined ? answer : { kind: 'failed', detail: why }
  }
  return { outcome: inFolder(measure), stop }
}

async function inFolder<T>(task: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'fob-bench-'))
  try {
    return await task(folder)
  } finally {
    // A browser that was killed leaves processes that write for a moment more.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

/** In the process that `isolate` started: measures, answers, and ends. */
export async function answerParent(group: () => Promise<Group>): Promise<void> {
  // An ordinary exit, so that whatever waits for one to end its own processes hears of it.
  for (const signal of ['SIGTERM', 'disconnect'] as const) process.on(signal, () => process.exit(1))
  let outcome: Outcome
  try {
    const { name, obstacle, run } = await group()
    const detail = obstacle?.()
    outcome =
      detail === undefined ? { kind: 'measured', name, rows: await run() } : { kind: 'skipped', detail }
  } catch (error) {
    outcome = {
      kind: 'failed',
      detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }
  }
  await new Promise<void>(resolve => {
    process.send?.(outcome, undefined, undefined, () => resolve())
  })
  process.exit(0)
}

function answerOf(child: ChildProcess): Promise<Outcome> {
  return new Promise(resolve => {
    let answer: Outcome | undefined
    child.on('message', message => {
      // Only `answerParent` is at the other end.
      answer = message as Outcome
    })
    child.once('error', error => resolve({ kind: 'failed', detail: error.message }))
    child.once('exit', code =>
      resolve(answer ?? { kind: 'failed', detail: `its process ended (${code ?? 'killed'})` }),
    )
  })
}

function endAll(child: ChildProcess | undefined): void {
  if (child?.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nothing of it is left.
  }
}
