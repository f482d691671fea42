// What came to and left accounts, over a real chain behind endpoints that prune, limit, hide and forge.
import type { Hex } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { demoTokenAbi, demoTokenBytecode } from '../../../contracts/generated/DemoToken.ts'
import type { Movement, MovementsReading, WalletChain } from '../../../src/app/ports/walletChain.ts'
import type { Address } from '../../../src/core/bytes.ts'
import { createWalletChain } from '../../../src/io/chain/wallet/walletChain.ts'
import { receiptOf, startChain, type TestChain } from '../../chain.ts'
import { compileProbe } from '../../contract/compileProbe.ts'
import { deployContract } from '../../contract/deployed.ts'
import { lower } from '../../contract/testDevice.ts'
import { startTwistedEndpoint, type Twist, type TwistedEndpoint } from './twistedEndpoint.ts'

/** Pays out what it holds, to somebody who has not asked for it. */
const payer = compileProbe(
  `import {P256} from "./lib/P256.sol";
  contract Probe {
    receive() external payable {}
    function pay(address payable to, uint256 amount) external { to.transfer(amount); }
    function refuse() external pure { revert("no"); }
  }`,
  'P256.sol',
)

const ether = 10n ** 18n
/** Blocks of nothing before, between and behind what happens: a history is mostly empty. */
const GAP = 40

let chain: TestChain
let token: Address
let contract: Address
let home: Address
let friend: Address
let funded: bigint
let firstBlock: number
const endpoints: TwistedEndpoint[] = []

beforeAll(async () => {
  chain = await startChain(['--slots-in-an-epoch', '1'])
  const { client, accounts } = chain
  const [a, b, c] = accounts.map(({ address }) => lower(address))
  if (!a || !b || !c) throw new Error('too few accounts')
  const minter = c
  ;[home, friend] = [a, b]
  token = lower(await deployContract(client, minter, { abi: demoTokenAbi, bytecode: demoTokenBytecode }))
  contract = lower(await deployContract(client, minter, payer))
  await sent({ from: minter, to: contract, value: ether })
  funded = await client.getBalance({ address: home })
  await mine(GAP)
  firstBlock = Number(await client.getBlockNumber())

  await sent({ from: friend, to: home, value: 7n })
  await mine(GAP)
  await sent({ from: home, to: friend, value: 3n * ether })
  await write(minter, token, demoTokenAbi, 'mint', [home, 500n])
  await mine(GAP)
  await write(home, token, demoTokenAbi, 'transfer', [friend, 200n])
  await write(minter, contract, payer.abi, 'pay', [home, 11n])
  await mine(GAP)
  await write(home, contract, payer.abi, 'refuse', [])
  await sent({ from: home, to: home, value: 5n })
  await inOneBlock([
    { from: home, to: friend, value: 1n },
    { from: friend, to: home, value: 2n },
    { from: home, to: friend, value: 4n },
  ])
  // Worth nothing, and made in anybody's name: how addresses are smuggled into histories.
  await write(friend, token, demoTokenAbi, 'transferFrom', [home, friend, 0n])
  await mine(GAP)
  for (let i = 0; i < 3; i++) endpoints.push(await startTwistedEndpoint(chain.url))
})
afterEach(() => {
  for (const endpoint of endpoints) endpoint.twist(() => undefined)
})
afterAll(async () => {
  for (const endpoint of endpoints) await endpoint.stop()
  await chain?.stop()
})

const mine = (blocks: number) => chain.client.mine({ blocks })

async function sent(transaction: { from: Address; to: Address; value: bigint }): Promise<void> {
  const { from: account, to, value } = transaction
  await receiptOf(chain.client, await chain.client.sendTransaction({ account, to, value, chain: null }))
}

type Abi = Parameters<TestChain['client']['writeContract']>[0]['abi']

async function write(
  account: Address,
  address: Address,
  abi: Abi,
  functionName: string,
  args: readonly unknown[],
): Promise<Hex> {
  // A limit of its own: what reverts is to be mined all the same.
  const hash = await chain.client.writeContract({
    account,
    address,
    abi,
    functionName,
    args,
    gas: 200_000n,
    chain: null,
  })
  await receiptOf(chain.client, hash)
  return hash
}

async function inOneBlock(transactions: { from: Address; to: Address; value: bigint }[]): Promise<void> {
  await chain.client.setAutomine(false)
  for (const { from: account, to, value } of transactions)
    await chain.client.sendTransaction({ account, to, value, chain: null })
  await mine(1)
  await chain.client.setAutomine(true)
}

function walletChain(count = 2, chainId = 31_337): WalletChain {
  return createWalletChain(
    {
      chainId,
      endpoints: endpoints.slice(0, count).map(({ url }) => url),
      minAgreeing: 2,
      maxAgeSeconds: 3600,
    },
    { unixNow: () => Math.floor(Date.now() / 1000), rpc: { timeoutMs: 5_000 } },
  )
}

async function read(from: number | null = null, count = 2): Promise<MovementsReading> {
  const reading = await walletChain(count).movementsOf(home, [token], from)
  if (!reading.ok) throw new Error(JSON.stringify(reading.error))
  return reading.value
}

const told = ({ movements }: MovementsReading) =>
  movements.map(({ direction, token: unit, amount, counterparty, succeeded }) =>
    [direction, amount, unit ? 'token' : 'coin', counterparty ?? 'nobody', succeeded ? '' : 'failed']
      .join(' ')
      .trim(),
  )

const ofBalance = ({ direction, amount, token: unit, fee, succeeded }: Movement): bigint =>
  (unit === null && succeeded ? (direction === 'in' ? amount : -amount) : 0n) - fee

describe('the movements of an account', () => {
  test('are all that happened, the newest first, and add up to what it has', async () => {
    const reading = await read()
    const lines = told(reading)
    // Of the three that share a block, the order is whatever the node chose.
    expect(lines.slice(0, 3).sort()).toEqual([
      `in 2 coin ${friend}`,
      `out 1 coin ${friend}`,
      `out 4 coin ${friend}`,
    ])
    expect(lines.slice(3)).toEqual([
      `out 0 coin ${home}`,
      `out 0 coin ${contract} failed`,
      'in 11 coin nobody',
      `out 200 token ${friend}`,
      `in 500 token 0x${'0'.repeat(40)}`,
      `out ${3n * ether} coin ${friend}`,
      `in 7 coin ${friend}`,
    ])
    const blocks = reading.movements.map(({ block }) => block)
    expect(blocks).toEqual(blocks.toSorted((a, b) => b - a))
    expect(reading.fromBlock).toBe(0)
    const present = await chain.client.getBalance({ address: home })
    const sum = reading.movements.reduce((total, movement) => total + ofBalance(movement), 0n)
    expect(funded + sum).toBe(present)
  })

  test('name transaction, time and fee, each paid once', async () => {
    const { movements } = await read()
    expect(new Set(movements.map(({ id }) => id)).size).toBe(movements.length)
    for (const { transaction, block, at, fee, direction } of movements) {
      expect(at).toBe(Number((await chain.client.getBlock({ blockNumber: BigInt(block) })).timestamp))
      if (!transaction) {
        expect(fee).toBe(0n)
        continue
      }
      const receipt = await chain.client.getTransactionReceipt({ hash: transaction })
      expect(Number(receipt.blockNumber)).toBe(block)
      const isOurs = lower(receipt.from) === home
      expect(fee).toBe(isOurs ? receipt.gasUsed * receipt.effectiveGasPrice : 0n)
      if (isOurs) expect(direction).toBe('out')
    }
  })

  test('go on where the last reading ended', async () => {
    const { movements } = await read()
    const [middle] = movements.slice(4)
    if (!middle) throw new Error('too few movements')
    const newer = await read(middle.block)
    expect(newer.fromBlock).toBe(middle.block)
    expect(newer.movements).toEqual(movements.filter(({ block }) => block >= middle.block))
    const after = await read(middle.block + 1)
    expect(after.movements).toEqual(movements.filter(({ block }) => block > middle.block))
    const none = await read(newer.toBlock + 1)
    expect(none).toEqual({ movements: [], fromBlock: newer.toBlock + 1, toBlock: newer.toBlock })
  })

  test('of an account that nothing ever happened to are none, and all blocks were searched', async () => {
    const reading = await walletChain().movementsOf(`0x${'5e'.repeat(20)}`, [token], null)
    expect(reading).toMatchObject({ ok: true, value: { movements: [], fromBlock: 0 } })
  })

  test('are found with few questions, however long the chain is', async () => {
    await read()
    const asked = endpoints.flatMap(({ calls }) => calls).length
    const blocks = Number(await chain.client.getBlockNumber())
    expect(blocks).toBeGreaterThan(5 * GAP)
    expect(asked).toBeLessThan(2 * 10 * 2 * Math.ceil(Math.log2(blocks)))
  })
})

/** As if the state before `first` had been thrown away. */
const pruned =
  (first: number): Twist =>
  ({ method, params }) => {
    const isOfState = method === 'eth_getBalance' || method === 'eth_getTransactionCount'
    return isOfState && Number(params[1]) < first
      ? { error: { code: -32000, message: 'missing trie node' } }
      : undefined
  }

describe('endpoints that keep little', () => {
  test('give what they have, and the reading says from where on', async () => {
    const all = await read()
    const first = firstBlock + GAP + 1
    for (const endpoint of endpoints) endpoint.twist(pruned(first))
    const reading = await read()
    expect(reading.fromBlock).toBe(first + 1)
    expect(reading.movements).toEqual(all.movements.filter(({ block }) => block > first))
    expect(reading.movements.length).toBeLessThan(all.movements.length)
  })

  test('are made up for by one that keeps more', async () => {
    const all = await read()
    endpoints[0]?.twist(pruned(firstBlock + GAP))
    expect(await read()).toMatchObject({ fromBlock: 0, movements: all.movements })
  })

  test('and give logs of few blocks at a time only are asked piece by piece', async () => {
    const all = await read()
    for (const endpoint of endpoints) {
      endpoint.twist(({ method, params }) => {
        if (method !== 'eth_getLogs') return undefined
        const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string }
        return Number(toBlock) - Number(fromBlock) >= 25
          ? { error: { code: -32005, message: 'query exceeds max block range 25' } }
          : undefined
      })
    }
    expect(await read()).toMatchObject({ fromBlock: 0, movements: all.movements })
  })

  test('without a block’s transactions leave the change itself, and the sum still holds', async () => {
    for (const endpoint of endpoints) {
      endpoint.twist(({ method, params }) =>
        method === 'eth_getBlockByNumber' && params[1] === true
          ? { error: { code: 4444, message: 'pruned history unavailable' } }
          : undefined,
      )
    }
    const { movements } = await read()
    const coins = movements.filter(({ token: unit }) => unit === null)
    expect(
      coins.every(({ transaction, counterparty }) => transaction === null && counterparty === null),
    ).toBe(true)
    const sum = coins.reduce((total, movement) => total + ofBalance(movement), 0n)
    expect(funded + sum).toBe(await chain.client.getBalance({ address: home }))
  })
})

describe('an endpoint that lies', () => {
  const lies: Record<string, Twist> = {
    'of the present balance': async (call, ask) =>
      call.method === 'eth_getBalance'
        ? { result: `0x${(BigInt(String(await ask(call))) + ether).toString(16)}` }
        : undefined,
    'of what a transaction moved': async (call, ask) => {
      if (call.method !== 'eth_getBlockByNumber' || call.params[1] !== true) return undefined
      const block = (await ask(call)) as { transactions: { value: string }[] }
      return {
        result: {
          ...block,
          transactions: block.transactions.map(each => ({ ...each, value: '0xde0b6b3a7640000' })),
        },
      }
    },
    'of what came of a transaction': async (call, ask) => {
      if (call.method !== 'eth_getBlockReceipts') return undefined
      const receipts = (await ask(call)) as { status: string }[]
      return { result: receipts.map(each => ({ ...each, status: each.status === '0x1' ? '0x0' : '0x1' })) }
    },
  }
  test.each(Object.keys(lies))('%s changes nothing where another one is asked', async lie => {
    const all = await read()
    endpoints[0]?.twist(lies[lie] ?? (() => undefined))
    expect(await read(null, 3)).toEqual(all)
  })

  test('of its blocks in the middle is not believed by itself', async () => {
    endpoints[0]?.twist(async (call, ask) => {
      const isOld = call.method === 'eth_getBlockByNumber' && Number(call.params[0]) <= firstBlock + 2
      if (!isOld) return undefined
      const block = (await ask(call)) as { hash: string }
      return { result: { ...block, hash: `0x${'66'.repeat(32)}` } }
    })
    expect(await walletChain(2).movementsOf(home, [token], null)).toMatchObject({ ok: false })
    expect((await read(null, 3)).movements).toHaveLength(10)
  })

  const tokenLies: Record<string, Twist> = {
    'hides a token’s transfer': ({ method }) => (method === 'eth_getLogs' ? { result: [] } : undefined),
    'inflates one': async (call, ask) => {
      if (call.method !== 'eth_getLogs') return undefined
      const logs = (await ask(call)) as { data: string }[]
      return { result: logs.map(log => ({ ...log, data: `0x${'f'.repeat(64)}` })) }
    },
  }
  test.each(Object.keys(tokenLies))('and %s contradicts the others, which is a failure', async lie => {
    endpoints[1]?.twist(tokenLies[lie] ?? (() => undefined))
    expect(await walletChain().movementsOf(home, [token], null)).toMatchObject({
      ok: false,
      error: { kind: 'chainDisagrees' },
    })
  })
})

test('another chain, and no chain, are told as what they are', async () => {
  expect(await walletChain(2, 1).movementsOf(home, [token], null)).toMatchObject({
    ok: false,
    error: { kind: 'wrongChain' },
  })
  for (const endpoint of endpoints) endpoint.twist(() => response => void response.destroy())
  expect(await walletChain().movementsOf(home, [token], null)).toMatchObject({
    ok: false,
    error: { kind: 'chainUnreachable' },
  })
})
