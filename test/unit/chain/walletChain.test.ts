// The wallet's chain over a real node: accounts, fees, nonces, sending and what became of it, with endpoints that lie.

import { encodeFunctionData } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deviceRegistryAbi } from '../../../contracts/generated/DeviceRegistry.ts'
import type { Address, Hex } from '../../../src/core/bytes.ts'
import { signTransaction, type Transaction } from '../../../src/core/wallet/transaction.ts'
import { askChain, type Twist } from './twistedEndpoint.ts'
import {
  bytesOf,
  chainId,
  startWalletFixture,
  tokenCall,
  unwrap,
  type WalletFixture,
} from './walletFixture.ts'

let world: WalletFixture
beforeAll(async () => {
  world = await startWalletFixture()
})
afterAll(async () => {
  await world?.end()
})
beforeEach(() => {
  for (const endpoint of world.endpoints) endpoint.twist(() => undefined)
})

const nobody: Address = `0x${'12'.repeat(20)}`
const gwei = 1_000_000_000n
const people = () => world.people.map(({ address }) => address)
const person = (n: number): Address => people()[n] ?? nobody
const answer =
  (method: string, result: unknown): Twist =>
  call =>
    call.method === method ? { result } : undefined
const refuse =
  (method: string, message = 'the method is not available'): Twist =>
  call =>
    call.method === method ? { error: { code: -32_601, message } } : undefined

describe('an account', () => {
  it('is proven with its coin and its nonce, and has tokens as endpoints report them', async () => {
    const owner = person(0)
    await world.pay(owner, nobody, 5n)
    await world.onToken(world.deployer.address, 'mint', owner, 700n)
    await world.finalize()
    const expected = await world.client.getBalance({ address: owner })
    const reading = unwrap(await world.wallet().readAccount(owner, [world.token, nobody]))
    expect(reading).toMatchObject({ address: owner, balance: expected, nonce: 1, hasCode: false })
    expect(reading.evidence).toMatchObject({ level: 'proven' })
    // No contract is at the other address, so that there is no balance to speak of.
    expect([...reading.tokens]).toEqual([[world.token, 700n]])
  })

  it('that does not exist has nothing, proven; a contract is seen to be one', async () => {
    await world.finalize()
    const wallet = world.wallet()
    const empty = unwrap(await wallet.readAccount(`0x${'77'.repeat(20)}`, []))
    expect(empty).toMatchObject({ balance: 0n, nonce: 0, hasCode: false, evidence: { level: 'proven' } })
    expect(unwrap(await wallet.readAccount(world.registry, []))).toMatchObject({ hasCode: true })
  })

  it('is not what a lying endpoint says, and the lie is noted', async () => {
    await world.finalize()
    const [liar, second, third] = world.endpoints
    liar.twist(async (call, ask) => {
      if (call.method !== 'eth_getProof') return undefined
      const [, ...rest] = call.params
      return { result: await ask({ method: call.method, params: [world.deployer.address, ...rest] }) }
    })
    const honest = unwrap(await world.wallet([second, third]).readAccount(person(1), []))
    const reading = unwrap(await world.wallet(world.endpoints.slice()).readAccount(person(1), []))
    expect(reading.balance).toBe(honest.balance)
    expect(reading.evidence.level).toBe('proven')
    expect(reading.evidence.endpoints.find(({ host }) => host === liar.host)?.verdict).toBe('badProof')
    // With one honest witness left it is not proven any more.
    const fewer = unwrap(await world.wallet([liar, second]).readAccount(person(1), []))
    expect(fewer.evidence).toMatchObject({ level: 'unproven', reason: 'endpointLied' })
  })

  it('is unproven where nobody hands out proofs', async () => {
    await world.finalize()
    for (const endpoint of world.endpoints) endpoint.twist(refuse('eth_getProof'))
    const reading = unwrap(await world.wallet().readAccount(person(1), []))
    expect(reading.evidence).toMatchObject({ level: 'unproven', reason: 'noProofs' })
    expect(reading.balance).toBe(await world.client.getBalance({ address: person(1) }))
  })

  it('has no balance of a token on which endpoints contradict each other', async () => {
    await world.finalize()
    world.endpoints[1].twist(answer('eth_call', `0x${'f'.repeat(64)}`))
    const reading = unwrap(await world.wallet().readAccount(person(0), [world.token]))
    expect(reading.tokens.size).toBe(0)
  })

  it('of another chain is no reading', async () => {
    for (const endpoint of world.endpoints) endpoint.twist(answer('eth_chainId', '0x1'))
    const wallet = world.wallet()
    for (const result of [
      await wallet.readAccount(person(0), []),
      await wallet.readFees(),
      await wallet.nextNonce(person(0)),
      await wallet.broadcast(bytesOf('0x02')),
      await wallet.transactionStatus(`0x${'11'.repeat(32)}`),
    ]) {
      expect(result).toMatchObject({ ok: false, error: { kind: 'wrongChain' } })
    }
    expect(world.endpoints[0].calls.map(({ method }) => method)).not.toContain('eth_sendRawTransaction')
  })

  it('can’t be read without endpoints', async () => {
    for (const endpoint of world.endpoints) endpoint.twist(() => response => response.destroy())
    const wallet = world.wallet()
    for (const result of [await wallet.readAccount(person(0), []), await wallet.readFees()])
      expect(result).toMatchObject({ ok: false, error: { kind: 'chainUnreachable' } })
  })
})

describe('fees', () => {
  it('are the chain’s', async () => {
    const wallet = world.wallet()
    const { baseFee, tips, blockSeconds } = unwrap(await wallet.readFees())
    const { baseFeePerGas } = await world.client.getBlock({ blockTag: 'pending' })
    expect(baseFee).toBe(baseFeePerGas)
    expect(tips.slow <= tips.normal && tips.normal <= tips.fast).toBe(true)
    expect(blockSeconds).toBeGreaterThan(0)
  })

  it('of a chain on which nobody has sent anything are what the node advises', async () => {
    await world.client.mine({ blocks: 25 })
    const advised = String(
      await askChain(world.chain.url, { method: 'eth_maxPriorityFeePerGas', params: [] }),
    )
    const { tips } = unwrap(await world.wallet().readFees())
    expect(tips).toEqual({ slow: BigInt(advised), normal: BigInt(advised), fast: BigInt(advised) })
    expect(tips.slow).toBeGreaterThan(0n)
  })

  it('are not what one of two, or of three, exaggerates', async () => {
    const honest = unwrap(await world.wallet().readFees())
    const absurd = {
      oldestBlock: '0x1',
      baseFeePerGas: ['0xffffffffffffffffff'],
      reward: [[1, 2, 3].map(() => '0xffffffffffffffffff')],
    }
    world.endpoints[0].twist(answer('eth_feeHistory', absurd))
    for (const through of [world.endpoints.slice(0, 2), world.endpoints.slice()])
      expect(unwrap(await world.wallet(through).readFees())).toMatchObject({
        baseFee: honest.baseFee,
        tips: honest.tips,
      })
  })

  it('never exceed what any chain has asked for, though all say so', async () => {
    const absurd = {
      oldestBlock: '0x1',
      baseFeePerGas: ['0xffffffffffffffffff'],
      reward: [[1, 2, 3].map(() => '0xffffffffffffffffff')],
    }
    for (const endpoint of world.endpoints) endpoint.twist(answer('eth_feeHistory', absurd))
    const { baseFee, tips } = unwrap(await world.wallet().readFees())
    expect(baseFee).toBe(10_000n * gwei)
    expect(tips).toEqual({ slow: 1_000n * gwei, normal: 1_000n * gwei, fast: 1_000n * gwei })
  })

  it('fail where what endpoints say is nonsense', async () => {
    for (const endpoint of world.endpoints) endpoint.twist(answer('eth_feeHistory', { baseFeePerGas: [] }))
    expect(await world.wallet().readFees()).toMatchObject({ ok: false, error: { kind: 'chainUnreachable' } })
  })
})

describe('the next nonce', () => {
  it('is not moved by one endpoint that exaggerates or lags', async () => {
    const address = person(0)
    const honest = unwrap(await world.wallet().nextNonce(address))
    expect(honest.mined).toBe(await world.client.getTransactionCount({ address }))
    for (const lie of ['0xffff', '0x0']) {
      world.endpoints[0].twist(answer('eth_getTransactionCount', lie))
      expect(unwrap(await world.wallet(world.endpoints.slice()).nextNonce(address))).toEqual(honest)
    }
    world.endpoints[0].twist(answer('eth_getTransactionCount', '0xffff'))
    expect(unwrap(await world.wallet().nextNonce(address))).toEqual(honest)
  })
})

describe('a transaction', () => {
  const secretOf = (n: number): Uint8Array => {
    const key = mnemonicToAccount('test test test test test test test test test test test junk', {
      addressIndex: n,
    }).getHdKey().privateKey
    if (!key) throw new Error('no key')
    return key
  }
  /** Of account 5 of the chain, which no other test uses. */
  const signed = async (change: Partial<Transaction> = {}) => {
    const secret = secretOf(5)
    const from = person(4)
    const nonce = await world.client.getTransactionCount({ address: from })
    return signTransaction(
      {
        chainId,
        nonce,
        maxPriorityFeePerGas: gwei,
        maxFeePerGas: 20n * gwei,
        gasLimit: 21_000n,
        to: nobody,
        value: 3n,
        data: new Uint8Array(),
        ...change,
      },
      secret,
    )
  }

  it('waits, is mined, and is final with its receipt proven', async () => {
    const wallet = world.wallet()
    await world.client.setAutomine(false)
    const { raw, hash, from } = await signed()
    expect(from).toBe(person(4))
    expect(unwrap(await wallet.transactionStatus(hash))).toEqual({ kind: 'unknown' })
    unwrap(await wallet.broadcast(raw))
    expect(unwrap(await wallet.transactionStatus(hash))).toEqual({ kind: 'pending' })
    expect(unwrap(await wallet.nextNonce(from))).toMatchObject({ mined: 0, pending: 1 })
    // Sent again, it is the same payment.
    unwrap(await wallet.broadcast(raw))
    await world.client.setAutomine(true)
    await world.client.mine({ blocks: 1 })
    const receipt = await world.client.getTransactionReceipt({ hash })
    const fee = receipt.gasUsed * receipt.effectiveGasPrice
    const block = Number(receipt.blockNumber)
    expect(unwrap(await wallet.transactionStatus(hash))).toEqual({
      kind: 'mined',
      block,
      succeeded: true,
      fee,
    })
    unwrap(await wallet.broadcast(raw))
    await world.finalize()
    expect(unwrap(await wallet.transactionStatus(hash))).toMatchObject({
      kind: 'final',
      block,
      succeeded: true,
      fee,
      evidence: { level: 'proven' },
    })
  })

  it('that reverted is final, too', async () => {
    const data = bytesOf(
      encodeFunctionData({
        abi: deviceRegistryAbi,
        functionName: 'report',
        args: [`0x${'00'.repeat(32)}`, 1],
      }),
    )
    const { raw, hash } = await signed({ to: world.registry, value: 0n, data, gasLimit: 100_000n })
    unwrap(await world.wallet().broadcast(raw))
    await world.finalize()
    expect(unwrap(await world.wallet().transactionStatus(hash))).toMatchObject({
      kind: 'final',
      succeeded: false,
      evidence: { level: 'proven' },
    })
  })

  it('is final as the block says, not as lying receipts do; without receipts it is unproven', async () => {
    const { raw, hash } = await signed()
    unwrap(await world.wallet().broadcast(raw))
    await world.finalize()
    const truth = unwrap(await world.wallet().transactionStatus(hash))
    const failed: Twist = async (call, ask) => {
      if (call.method !== 'eth_getTransactionReceipt') return undefined
      const receipt = await ask(call)
      return {
        result:
          typeof receipt === 'object' && receipt !== null
            ? { ...receipt, status: '0x0', gasUsed: '0x1' }
            : null,
      }
    }
    for (const endpoint of world.endpoints) endpoint.twist(failed)
    expect(unwrap(await world.wallet().transactionStatus(hash))).toMatchObject({
      succeeded: true,
      fee: truth.kind === 'final' ? truth.fee : 0n,
    })

    for (const endpoint of world.endpoints) endpoint.twist(refuse('eth_getBlockReceipts'))
    expect(unwrap(await world.wallet().transactionStatus(hash))).toMatchObject({
      kind: 'final',
      succeeded: true,
      evidence: { level: 'unproven', reason: 'noProofs' },
    })
  })

  it('that one endpoint invents in a final block is not believed', async () => {
    const { raw, hash } = await signed()
    unwrap(await world.wallet().broadcast(raw))
    await world.finalize()
    const invented: Hex = `0x${'ab'.repeat(32)}`
    world.endpoints[0].twist(async (call, ask) => {
      if (call.method !== 'eth_getTransactionReceipt') return undefined
      const receipt = await ask({ method: call.method, params: [hash] })
      return {
        result:
          typeof receipt === 'object' && receipt !== null ? { ...receipt, transactionHash: invented } : null,
      }
    })
    expect(unwrap(await world.wallet().transactionStatus(invented)).kind).not.toBe('final')
  })

  it('that one endpoint puts into a final block, where it is not, is still where the others say', async () => {
    await world.finalize()
    const { raw, hash } = await signed()
    unwrap(await world.wallet().broadcast(raw))
    const { blockNumber } = await world.client.getTransactionReceipt({ hash })
    world.endpoints[0].twist(async (call, ask) => {
      if (call.method !== 'eth_getTransactionReceipt') return undefined
      return { result: { ...Object(await ask(call)), blockNumber: '0x2' } }
    })
    expect(unwrap(await world.wallet().transactionStatus(hash))).toMatchObject({
      kind: 'mined',
      block: Number(blockNumber),
    })
  })

  it('is refused for what is wrong with it', async () => {
    const wallet = world.wallet()
    const used = await signed({ nonce: 0, value: 99n })
    expect(await wallet.broadcast(used.raw)).toEqual({ ok: false, error: { kind: 'nonceTooLow' } })
    const rich = await signed({ value: 10n ** 30n })
    expect(await wallet.broadcast(rich.raw)).toEqual({ ok: false, error: { kind: 'insufficientFunds' } })
    const cheap = await signed({ maxFeePerGas: 1n, maxPriorityFeePerGas: 1n })
    expect(await wallet.broadcast(cheap.raw)).toMatchObject({
      ok: false,
      error: { kind: 'broadcastRefused' },
    })
    await world.client.setAutomine(false)
    const waiting = await signed()
    unwrap(await wallet.broadcast(waiting.raw))
    const same = await signed({ value: 4n })
    expect(await wallet.broadcast(same.raw)).toEqual({ ok: false, error: { kind: 'replacementUnderpriced' } })
    await world.client.setAutomine(true)
    await world.client.mine({ blocks: 1 })
  })

  it('goes to every endpoint, and one that takes it is enough', async () => {
    const [first, second] = world.endpoints
    first.twist(refuse('eth_sendRawTransaction', 'nonce too low'))
    const { raw, hash } = await signed()
    unwrap(await world.wallet().broadcast(raw))
    expect(second.calls.some(({ method }) => method === 'eth_sendRawTransaction')).toBe(true)
    expect(await world.client.getTransactionReceipt({ hash })).toMatchObject({ status: 'success' })
  })

  it('that an endpoint claims to have taken under another hash was not taken', async () => {
    for (const endpoint of world.endpoints)
      endpoint.twist(answer('eth_sendRawTransaction', `0x${'00'.repeat(32)}`))
    const { raw } = await signed()
    expect(await world.wallet().broadcast(raw)).toMatchObject({ error: { kind: 'broadcastRefused' } })
  })
})

describe('a simulation', () => {
  const send = (change: object = {}) => ({
    from: person(2),
    to: nobody,
    value: 9n,
    data: new Uint8Array(),
    ...change,
  })

  it('tells what a payment moves, and the gas of a plain one exactly', async () => {
    const simulation = unwrap(await world.wallet().simulate(send(), [person(2), nobody]))
    expect(simulation.gasLimit).toBe(21_000n)
    expect(simulation.changes).toEqual([
      { account: person(2), token: null, change: -9n },
      { account: nobody, token: null, change: 9n },
    ])
  })

  it('tells what a call does to tokens, of the accounts that are watched', async () => {
    await world.onToken(world.deployer.address, 'mint', person(2), 50n)
    const call = send({ to: world.token, value: 0n, data: bytesOf(tokenCall('transfer', nobody, 20n)) })
    const { changes, gasLimit } = unwrap(await world.wallet().simulate(call, [person(2)]))
    expect(changes).toEqual([{ account: person(2), token: world.token, change: -20n }])
    expect(gasLimit).toBeGreaterThan(21_000n)
  })

  it('names the contract’s error, where its ABI is known', async () => {
    const data = bytesOf(
      encodeFunctionData({
        abi: deviceRegistryAbi,
        functionName: 'report',
        args: [`0x${'00'.repeat(32)}`, 1],
      }),
    )
    const call = send({ to: world.registry, value: 0n, data })
    expect(await world.wallet().simulate(call, [])).toEqual({
      ok: false,
      error: { kind: 'wouldRevert', reason: `UnknownDevice(0x${'00'.repeat(32)})` },
    })
    const foreign = send({ to: world.token, value: 0n, data: bytesOf(tokenCall('mint', nobody, 1n)) })
    expect(await world.wallet().simulate(foreign, [])).toEqual({
      ok: false,
      error: { kind: 'wouldRevert', reason: null },
    })
  })

  it('says so where there is not enough', async () => {
    expect(await world.wallet().simulate(send({ value: 10n ** 30n }), [])).toEqual({
      ok: false,
      error: { kind: 'insufficientFunds' },
    })
  })

  it('without eth_simulateV1 tells only whether it reverts', async () => {
    for (const endpoint of world.endpoints) endpoint.twist(refuse('eth_simulateV1'))
    expect(unwrap(await world.wallet().simulate(send(), [person(2)]))).toEqual({
      gasLimit: 21_000n,
      changes: null,
    })
    const data = bytesOf(
      encodeFunctionData({
        abi: deviceRegistryAbi,
        functionName: 'report',
        args: [`0x${'00'.repeat(32)}`, 1],
      }),
    )
    expect(await world.wallet().simulate(send({ to: world.registry, value: 0n, data }), [])).toMatchObject({
      error: { kind: 'wouldRevert', reason: `UnknownDevice(0x${'00'.repeat(32)})` },
    })
  })

  it('that leaves out what the call itself moves can’t tell the changes', async () => {
    for (const endpoint of world.endpoints) {
      endpoint.twist(async (call, ask) => {
        if (call.method !== 'eth_simulateV1') return undefined
        const [options, block] = call.params
        return {
          result: await ask({
            method: call.method,
            params: [{ ...Object(options), traceTransfers: false }, block],
          }),
        }
      })
    }
    expect(unwrap(await world.wallet().simulate(send(), [person(2)])).changes).toBeNull()
  })

  it('fails where endpoints come to different ends', async () => {
    world.endpoints[0].twist(async (call, ask) => {
      if (call.method !== 'eth_simulateV1') return undefined
      const [, block] = call.params
      const other = { from: person(2), to: nobody, value: '0x1', input: '0x' }
      const options = { blockStateCalls: [{ calls: [other] }], traceTransfers: true, validation: false }
      return { result: await ask({ method: call.method, params: [options, block] }) }
    })
    // The liar's own movement is not the call's: it can't tell. But the honest one's outcome stands.
    expect(unwrap(await world.wallet().simulate(send(), [person(2)])).changes).toEqual([
      { account: person(2), token: null, change: -9n },
    ])
    world.endpoints[0].twist(async (call, ask) => {
      if (call.method !== 'eth_simulateV1') return undefined
      const [{ blockStateCalls = [] } = {}, block] = call.params as [
        { blockStateCalls?: { calls: unknown[] }[] }?,
        unknown?,
      ]
      const calls = [...(blockStateCalls[0]?.calls ?? []), ...(blockStateCalls[0]?.calls ?? [])]
      const result = await ask({
        method: call.method,
        params: [{ blockStateCalls: [{ calls }], traceTransfers: true }, block],
      })
      const [first] = result as { calls: { logs: unknown[] }[] }[]
      const logs = (first?.calls ?? []).flatMap(each => each.logs)
      return { result: [{ calls: [{ ...first?.calls[0], logs }] }] }
    })
    expect(await world.wallet().simulate(send(), [person(2)])).toMatchObject({
      error: { kind: 'chainDisagrees' },
    })
  })
})
