// A real chain node for one test file: anvil on a free port of the loopback, ended by its own process id.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  type Account,
  type Chain,
  createTestClient,
  type Hash,
  type HttpTransport,
  http,
  type PublicActions,
  publicActions,
  type TestClient,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
  type WalletActions,
  walletActions,
} from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { findAnvil } from '../node/chain/anvil.ts'

/** Reads, writes and anvil's own methods (set the clock, mine, snapshot) on one client. */
export type ChainClient = TestClient<'anvil', HttpTransport, Chain> &
  PublicActions<HttpTransport, Chain> &
  WalletActions<Chain>

export interface TestChain {
  /** JSON-RPC over HTTP and WebSocket at the same port, for example `http://127.0.0.1:33627`. */
  readonly url: string
  readonly client: ChainClient
  /** Ten funded accounts; anvil holds their keys too, so transactions of their plain addresses need no signature. */
  readonly accounts: readonly Account[]
  stop(): Promise<void>
}

/** The mnemonic that anvil, Hardhat and every Ethereum tutorial fund: of no worth outside of tests. */
export const mnemonic = 'test test test test test test test test test test test junk'
const startDeadlineMs = 20_000

/**
 * Starts anvil at the Osaka fork (Prague, the one before, has no P-256), mining each transaction at once unless `args`
 * say otherwise (`--block-time 1` ...). Throws if it is not ready within 20 s.
 */
export async function startChain(
  args: readonly string[] = [],
  hardfork: 'osaka' | 'prague' = 'osaka',
): Promise<TestChain> {
  // Where it puts the states of old blocks, and leaves them.
  const states = mkdtempSync(join(tmpdir(), 'fob-test-chain-'))
  const where = ['--host', '127.0.0.1', '--port', '0', '--cache-path', states]
  const child = spawn(findAnvil(), [...where, '--hardfork', hardfork, '--mnemonic', mnemonic, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const clear = () => rmSync(states, { recursive: true, force: true, maxRetries: 3 })
  const endWithParent = () => {
    child.kill('SIGKILL')
    clear()
  }
  process.once('exit', endWithParent)
  const stop = async () => {
    process.removeListener('exit', endWithParent)
    await end(child)
    clear()
  }
  try {
    const url = `http://${await listeningAddress(child)}`
    const client = createTestClient({
      mode: 'anvil',
      chain: foundry,
      transport: http(url, { retryCount: 0, timeout: 20_000 }),
      pollingInterval: 5,
      cacheTime: 0,
    })
      .extend(publicActions)
      .extend(walletActions)
    const accounts = Array.from({ length: 10 }, (_, addressIndex) =>
      mnemonicToAccount(mnemonic, { addressIndex }),
    )
    return { url, client, accounts, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * Waits for a transaction to be mined, at most 20 s. viem's `waitForTransactionReceipt` looks again only when a new block
 * appears, and with a block per transaction none does once it has missed the transaction's own.
 */
export async function receiptOf(client: ChainClient, hash: Hash): Promise<TransactionReceipt> {
  const deadline = Date.now() + 20_000
  for (;;) {
    try {
      return await client.getTransactionReceipt({ hash })
    } catch (error) {
      if (!(error instanceof TransactionReceiptNotFoundError) || Date.now() > deadline) throw error
    }
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}

function listeningAddress(child: ChildProcess): Promise<string> {
  const { stdout, stderr } = child
  if (!stdout || !stderr) throw new Error('anvil was spawned without pipes')
  return new Promise((resolve, reject) => {
    let complaint = ''
    const timer = setTimeout(() => reject(new Error('anvil was not ready in time')), startDeadlineMs)
    stderr.on('data', chunk => {
      complaint += chunk
    })
    child.once('error', reject)
    child.once('exit', code => {
      clearTimeout(timer)
      reject(new Error(`anvil ended with code ${code}: ${complaint}`))
    })
    // Goes on reading after the address was found: a full pipe would stop anvil.
    createInterface(stdout).on('line', line => {
      const address = /^Listening on (.+)$/.exec(line)?.[1]
      if (!address) return
      clearTimeout(timer)
      resolve(address)
    })
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await exited
  clearTimeout(timer)
}
