// Runs one of node/'s entries as people do: as a process of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly child: ChildProcess
  /** Resolves when `text` was printed; rejects with everything printed when the process ends before. */
  printed(text: string): Promise<void>
  readonly finished: Promise<Finished>
  /** Everything printed so far. */
  output(): string
}

/** As little as possible, so that nothing of this machine's settings tells; compiled code is found where `npm test` keeps it. */
const environment = Object.fromEntries(
  ['PATH', 'NODE_COMPILE_CACHE']
    .map(name => [name, process.env[name] ?? ''])
    .filter(([, value]) => value !== ''),
)

export function startEntry(
  entry: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input?: string,
): Started {
  const child = spawn(process.execPath, [join(root, entry), ...args], {
    cwd: root,
    env: { ...environment, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input ?? '')
  let stdout = ''
  let stderr = ''
  const waiting: (() => void)[] = []
  const check = () => {
    for (const each of waiting) each()
  }
  child.stdout.on('data', chunk => {
    stdout += String(chunk)
    check()
  })
  child.stderr.on('data', chunk => {
    stderr += String(chunk)
    check()
  })
  const finished = new Promise<Finished>(resolve => {
    child.on('close', code => {
      resolve({ code, stdout, stderr })
      check()
    })
  })
  return {
    child,
    finished,
    output: () => `${stdout}${stderr}`,
    printed: text =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (`${stdout}${stderr}`.includes(text)) resolve()
          else if (child.exitCode !== null) reject(new Error(`ended without saying so:\n${stdout}${stderr}`))
        }
        waiting.push(look)
        look()
      }),
  }
}

export const runEntry = (
  entry: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input?: string,
): Promise<Finished> => startEntry(entry, args, env, input).finished

/** Whether a process with this id is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Rejects when `condition` does not hold within `ms`. */
export async function eventually(condition: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  const deadline = Date.now() + ms
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen in time')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
