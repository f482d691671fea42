// Runs anvil, the development chain, as a child that never outlives us.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rpc } from './rpc.ts'

const platformPackages: Readonly<Record<string, string>> = {
  'linux-x64': '@foundry-rs/anvil-linux-amd64',
  'linux-arm64': '@foundry-rs/anvil-linux-arm64',
  'darwin-x64': '@foundry-rs/anvil-darwin-amd64',
  'darwin-arm64': '@foundry-rs/anvil-darwin-arm64',
  'win32-x64': '@foundry-rs/anvil-win32-amd64',
}

/** Path of the anvil binary that npm brought. Throws, with what to do, where there is none for this machine. */
export function findAnvil(): string {
  const name = platformPackages[`${process.platform}-${process.arch}`]
  if (name === undefined)
    throw new Error(
      `anvil, the development chain, has no binary for ${process.platform}-${process.arch}. Use a chain of your own: see README.`,
    )
  const require = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'))
  try {
    const path = join(
      dirname(require.resolve(`${name}/package.json`)),
      'bin',
      process.platform === 'win32' ? 'anvil.exe' : 'anvil',
    )
    if (existsSync(path)) return path
  } catch {
    // Reported below: npm left the optional package out.
  }
  throw new Error(`${name} is not installed. Delete node_modules and run npm start again.`)
}

export interface AnvilOptions {
  readonly port: number
  readonly chainId: number
  /** Seconds between blocks; undefined mines one block per transaction, at once. */
  readonly blockTime?: number
  /** The chain is loaded from here and written here when it ends and in between; undefined keeps it in memory. */
  readonly stateFile?: string
  /** Seconds between writes, each of the whole chain. Default 1. */
  readonly saveEvery?: number
}

export interface Anvil {
  readonly url: string
  /** Process id of the chain itself. */
  readonly pid: number
  /** Resolves when it has ended, for whatever reason, with its last words. */
  readonly ended: Promise<string>
  /** Ends it, state written. Never rejects. */
  stop(): Promise<void>
}

/** Starts anvil on loopback with finality (one slot per epoch) and P-256 (hardfork osaka). Throws if it does not come up. */
export async function startAnvil(options: AnvilOptions): Promise<Anvil> {
  // Each old block's state is a file, which anvil leaves behind, by default in the home directory: a gigabyte after some days.
  const states =
    options.stateFile === undefined
      ? await mkdtemp(join(tmpdir(), 'fob-chain-'))
      : `${options.stateFile}.history`
  await rm(states, { recursive: true, force: true })
  const args = [
    ...['--cache-path', states],
    ...['--host', '127.0.0.1', '--port', String(options.port), '--chain-id', String(options.chainId)],
    ...['--hardfork', 'osaka', '--slots-in-an-epoch', '1', '--accounts', '1'],
    ...(options.blockTime === undefined ? [] : ['--block-time', String(options.blockTime)]),
    ...(options.stateFile === undefined
      ? []
      : [
          ...['--state', options.stateFile, '--state-interval', String(options.saveEvery ?? 1)],
          '--preserve-historical-states',
        ]),
  ]
  const guard = fileURLToPath(new URL('./guard.mjs', import.meta.url))
  const child = spawn(process.execPath, [guard, states, findAnvil(), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C goes to us, and we end the chain when everything that uses it has ended.
    detached: process.platform !== 'win32',
  })
  let lastWords = ''
  child.stderr.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-2000)
  })
  child.stdin.on('error', () => {})
  const ended = new Promise<string>(resolve => {
    child.on('exit', code => {
      resolve(lastWords.trim() || `ended with code ${code}`)
    })
  })
  const stop = async () => {
    child.stdin.end()
    await ended
  }
  try {
    const pid = await listening(child, ended)
    const url = `http://127.0.0.1:${options.port}`
    const answer = Number(await rpc(url, 'eth_chainId', []))
    if (answer !== options.chainId) throw new Error(`its saved state is of chain ${answer}`)
    await keepTime(url)
    return { url, pid, ended, stop }
  } catch (error) {
    await stop()
    throw new Error(
      `The chain (anvil) did not start: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/**
 * Loaded again, a chain goes on at the machine's time; one that had been brought forward (`evm_increaseTime`) would go back,
 * and undo deadlines that were over.
 */
async function keepTime(url: string): Promise<void> {
  const timeOf = async (block: string) => {
    const found = await rpc(url, 'eth_getBlockByNumber', [block, false])
    return Number((found as { readonly timestamp: string } | null)?.timestamp ?? 0)
  }
  const height = Number(await rpc(url, 'eth_blockNumber', []))
  // By now a first block at the machine's time may have come.
  const before = await timeOf(`0x${Math.max(0, height - 1).toString(16)}`)
  const latest = Math.max(before, await timeOf('latest'))
  const ahead = latest - (await timeOf('pending'))
  if (ahead > 1) await rpc(url, 'evm_increaseTime', [ahead])
}

/**
 * Resolves with the chain's process id when the chain says that it listens. Asking the port would not do: where it was
 * taken in the meantime, another chain answers.
 */
function listening({ stdout }: ChildProcess, ended: Promise<string>): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = ''
    const look = (chunk: Buffer) => {
      output += chunk.toString()
      if (!output.includes('Listening on')) return
      stdout?.off('data', look)
      // It goes on talking; nobody listens, but the pipe must not fill up.
      stdout?.resume()
      resolve(Number(output.split('\n', 1)[0]))
    }
    stdout?.on('data', look)
    void ended.then(words => reject(new Error(words)))
    setTimeout(() => reject(new Error('it was not ready within 30 seconds')), 30_000).unref()
  })
}
