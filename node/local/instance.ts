// One instance per state directory: a second start says so, and one that was killed leaves nothing in the way.
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import * as v from 'valibot'
import { readJsonIfThere, writeFileWhole } from '../files.ts'

const schema = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  url: v.string(),
  instance: v.string(),
  /** Unix time in milliseconds. */
  startedAt: v.number(),
})

/** Where an instance tells who it is, so that another process with a recycled id is not taken for it. */
export const instancePath = '/.fob/instance'

/** While it starts, an instance can't answer yet; it is believed for this long. */
const startMs = 120_000

class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning'
  readonly url: string
  constructor(url: string, pid: number) {
    super(`Fob is running already at ${url} (process ${pid}). Use that one, or end it first.`)
    this.url = url
  }
}

export interface Claim {
  readonly instance: string
  release(): void
}

/** Throws AlreadyRunning where another living process holds `file`. */
export async function claimInstance(file: string, url: string): Promise<Claim> {
  const held = v.safeParse(schema, readJsonIfThere(file))
  if (held.success && held.output.pid !== process.pid && isAlive(held.output.pid)) {
    const { pid, startedAt, instance } = held.output
    const answer = await askInstance(held.output.url)
    if (answer === instance || (answer === undefined && Date.now() - startedAt < startMs)) {
      throw new AlreadyRunning(held.output.url, pid)
    }
  }
  const instance = randomUUID()
  writeFileWhole(file, JSON.stringify({ pid: process.pid, url, instance, startedAt: Date.now() }))
  return {
    instance,
    release() {
      const present = v.safeParse(schema, readJsonIfThere(file))
      if (present.success && present.output.instance === instance) rmSync(file, { force: true })
    },
  }
}

async function askInstance(url: string): Promise<unknown> {
  try {
    const response = await fetch(`${url}${instancePath}`, { signal: AbortSignal.timeout(2_000) })
    return response.ok ? await response.json() : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
