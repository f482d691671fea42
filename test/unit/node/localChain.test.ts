// The development chain over time: it stays small, slows down when nobody reads, and gives up only when it must.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createTestClient, http, publicActions, walletActions } from 'viem'
import { foundry } from 'viem/chains'
import { afterEach, describe, expect, it } from 'vitest'
import { type LocalChain, startLocalChain } from '../../../node/chain/localChain.ts'
import { rpc } from '../../../node/chain/rpc.ts'
import { eventually } from './process.ts'
import { temporaryDirectory } from './temporary.ts'

let chain: LocalChain | undefined
afterEach(async () => {
  await chain?.stop()
  chain = undefined
})

const patient = { maxStateBytes: 1e9, idleAfterMs: 1e9, checkEveryMs: 100 }

async function start(
  limits: typeof patient,
  onGone: (reason: string) => void = () => {},
  directory = temporaryDirectory(),
): Promise<LocalChain> {
  chain = await startLocalChain({
    directory,
    chainId: 31_337,
    log: () => {},
    onGone,
    limits,
  })
  return chain
}

const height = async (of: LocalChain) => Number(await rpc(await of.url(), 'eth_blockNumber', []))

describe('the local chain', () => {
  it('makes a finalized block per second, with P-256 in place', async () => {
    const running = await start(patient)
    await eventually(async () => {
      const block = await rpc(await running.url(), 'eth_getBlockByNumber', ['finalized', false])
      return Number((block as { number: string }).number) > 0
    })
    // RIP-7212's and EIP-7951's address answers nothing for input of a wrong length, and costs what the fork says.
    const gas = await rpc(await running.url(), 'eth_estimateGas', [
      { to: '0x0000000000000000000000000000000000000100', data: `0x${'00'.repeat(160)}` },
    ])
    expect(Number(gas)).toBeGreaterThan(21_000 + 6_900)
  })

  it('is made small when its file grows, and keeps every transaction and the chain going', async () => {
    const running = await start({ ...patient, maxStateBytes: 60_000 })
    const client = createTestClient({ chain: foundry, mode: 'anvil', transport: http(await running.url()) })
      .extend(publicActions)
      .extend(walletActions)
    const [account] = await client.getAddresses()
    if (account === undefined) throw new Error('no account')
    const hash = await client.sendTransaction({ account, to: account, value: 1n })
    await client.waitForTransactionReceipt({ hash, pollingInterval: 100 })
    await rpc(await running.url(), 'evm_increaseTime', [5000])
    const firstUrl = await running.url()
    // Another URL: it was stopped and started again.
    await eventually(async () => (await running.url()) !== firstUrl, 30_000)
    const receipt = await rpc(await running.url(), 'eth_getTransactionReceipt', [hash])
    expect(receipt).toMatchObject({ status: '0x1' })
    const before = await height(running)
    await eventually(async () => (await height(running).catch(() => 0)) > before)
    // What time it was did not go back with it.
    const { timestamp } = (await rpc(await running.url(), 'eth_getBlockByNumber', ['latest', false])) as {
      timestamp: string
    }
    expect(Number(timestamp)).toBeGreaterThan(Date.now() / 1000 + 4000)
  })

  it('slows down when nobody reads, and is quick again at the first touch', async () => {
    const running = await start({ ...patient, idleAfterMs: 500 })
    await new Promise(resolve => setTimeout(resolve, 1_500))
    const idle = await height(running)
    await new Promise(resolve => setTimeout(resolve, 3_000))
    expect((await height(running)) - idle).toBeLessThanOrEqual(1)
    const keepTouching = setInterval(() => running.touch(), 100)
    const touched = await height(running)
    await eventually(async () => (await height(running)) >= touched + 2, 6_000)
    clearInterval(keepTouching)
  })

  it('starts again when it is killed, and says why when that does not help', async () => {
    const reasons: string[] = []
    const running = await start(patient, reason => reasons.push(reason))
    // Saved at least once.
    await eventually(async () => (await height(running)) >= 3)
    for (let deaths = 1; deaths <= 4; deaths++) {
      await eventually(() => running.pid() !== undefined)
      const pid = running.pid() ?? 0
      process.kill(pid, 'SIGKILL')
      await eventually(() => running.pid() !== pid)
      if (deaths < 4) expect(await running.url()).toContain('http://127.0.0.1:')
    }
    await eventually(() => reasons.length === 1)
    expect(reasons[0]).toContain('four times')
    await expect(running.url()).rejects.toThrow()
  })

  it('keeps the states of old blocks in its own folder, and leaves none of them', async () => {
    const directory = temporaryDirectory()
    const running = await start(patient, undefined, directory)
    const history = join(directory, 'state.json.history')
    await rpc(await running.url(), 'anvil_mine', ['0x600'])
    await eventually(async () => (await readdir(history, { recursive: true }).catch(() => [])).length > 10)
    await running.stop()
    expect(await readdir(directory)).not.toContain('state.json.history')
  })
})
