// The agent that is running on this machine, as the command line finds it: its address and token lie in its directory.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Address } from '../../src/core/bytes.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { type Outcome, refused } from '../cli/command.ts'
import { readJsonIfThere, writeFileWhole } from '../files.ts'
import { refusalSchema } from './hireWire.ts'

const fileOf = (directory: string) => join(directory, 'running.json')
const fileSchema = v.object({ url: v.string(), token: v.string() })

/** Returns what takes it back. */
export function announceAgent(directory: string, url: string, token: Uint8Array): () => void {
  const content = { url, token: Buffer.from(token).toString('hex') }
  writeFileWhole(fileOf(directory), JSON.stringify(content), 0o600)
  return () => rmSync(fileOf(directory), { force: true })
}

const statusSchema = v.object({
  isStopped: v.boolean(),
  /** null where the network has no Market. */
  issuing: v.nullable(
    v.looseObject({
      isOpen: v.boolean(),
      devices: v.array(v.unknown()),
      gas: v.looseObject({ account: v.string(), spentToday: v.string() }),
      orders: v.record(v.string(), v.number()),
    }),
  ),
  accounts: v.array(
    v.looseObject({
      deviceId: v.string(),
      owner: v.string(),
      account: v.string(),
      agent: v.pipe(
        v.string(),
        v.transform(text => text as Address),
      ),
      rules: v.looseObject({ version: v.number() }),
      channels: v.array(v.looseObject({ channelId: v.string() })),
      spending: v.array(v.looseObject({ amount: v.string(), what: v.string(), isSettled: v.boolean() })),
    }),
  ),
})
type AgentStatus = v.InferOutput<typeof statusSchema>

export interface RunningAgent {
  readonly url: string
  status(): Promise<AgentStatus>
  /** What the agent answers, or why it refused. Rejects where it does not answer. */
  tell(path: string, body: unknown): Promise<Result<unknown, Failure>>
}

/** undefined where none of this state directory is running (also after one was killed). */
export async function findRunningAgent(directory: string): Promise<RunningAgent | undefined> {
  const file = v.safeParse(fileSchema, readJsonIfThere(fileOf(directory)))
  if (!file.success) return undefined
  const { url, token } = file.output
  const call = async (path: string, init: RequestInit): Promise<{ isOk: boolean; json: unknown }> => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      // A hire or an update lasts as long as it lasts.
      signal: AbortSignal.timeout(3_600_000),
    })
    return { isOk: response.ok, json: await response.json() }
  }
  const running: RunningAgent = {
    url,
    status: async () => v.parse(statusSchema, (await call('/status', {})).json),
    async tell(path, body) {
      const { isOk, json } = await call(path, { method: 'POST', body: JSON.stringify(body) })
      if (isOk) return ok(json)
      const refused = v.safeParse(refusalSchema, json)
      return fail(refused.success ? refused.output.error : { kind: 'agentRefused' })
    },
  }
  try {
    await running.status()
    return running
  } catch {
    // The file outlives an agent that was killed.
    return undefined
  }
}

/** What a command says of the agent's answer. */
export function reportTold(
  told: Result<unknown, Failure>,
  text: string,
  data: Readonly<Record<string, unknown>> = {},
): Outcome {
  if (!told.ok)
    return refused(told.error.kind, `${told.error.kind}${told.error.detail ? `: ${told.error.detail}` : ''}`)
  return { ok: true, text, data: { ...data, answer: told.value } }
}
