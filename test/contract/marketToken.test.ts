// The Market with ERC-20 tokens: honest and old ones, permits, and tokens that lie, take a fee, break down or call back.
import { encodeFunctionData, erc20Abi, type Hex, parseSignature, toFunctionSelector } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoTokenAbi, demoTokenBytecode } from '../../contracts/generated/DemoToken.ts'
import { marketAbi } from '../../contracts/generated/Market.ts'
import type { Address } from '../../src/core/bytes.ts'
import { SaleOutcome } from '../../src/core/lock/saleReceipt.ts'
import { termsArgument } from '../../src/core/registry/marketStatements.ts'
import { deployContract, senderFor } from './deployed.ts'
import { account, done, farDeadline, type Person } from './deviceRegistry.ts'
import { day, hour, type Market, type Offered, startMarket } from './market.ts'
import { lower } from './testDevice.ts'
import { deployOddToken, type OddToken } from './tokens/oddToken.ts'

let market: Market
let owner: Person
let buyer: Person
beforeAll(async () => {
  market = await startMarket()
  const [first, second] = market.people
  if (!first || !second) throw new Error('the chain has too few accounts')
  owner = first
  buyer = second
})
afterAll(() => market?.stop())

const oddToken = (kind: Parameters<typeof deployOddToken>[3] = {}) =>
  deployOddToken(market.client, buyer, market, kind)

test.each([
  ['that answers true', {}],
  ['of before ERC-20’s final text, which answers nothing', { returns: '', rest: '' }],
])('a token %s goes all the ways that money goes', async (_name, kind) => {
  const token = await oddToken(kind)
  const rooms = await market.offeredHours(owner, { token: token.address })
  const order = await market.ordered(rooms, buyer, { quantity: 3 })
  expect([await token.heldBy(buyer), await token.heldBy(market)]).toEqual([7000n, 3000n])
  done(await market.fulfil(owner, rooms.terms, order))
  const [first] = market.payees
  done(await market.withdraw(first, [rooms.terms], token.address))
  expect([await token.heldBy(first), await token.heldBy(market)]).toEqual([2700n, 300n])

  const machine = await market.offeredProduct(owner, { token: token.address })
  const part = await market.ordered(machine, buyer, { quantity: 2 })
  done(await market.handIn(owner, machine, part, { quantity: 1 }))
  expect([await token.heldBy(buyer), await token.heldBy(market)]).toEqual([6000n, 1300n])
  const late = await market.ordered(machine, buyer)
  done(await market.refund(owner, machine.terms, late, (await market.now()) + 2 * hour))
  done(await market.send(buyer.address, 'deposit', [token.address, 500n]))
  done(await market.send(buyer.address, 'requestReturn', [token.address]))
  const at = (await market.now()) + day
  done(await market.send(buyer.address, 'takeBack', [token.address, buyer.address], at))
  expect([await token.heldBy(buyer), await token.heldBy(market)]).toEqual([6000n, 1300n])
})

test.each([
  ['takes a fee', { fee: 1 }],
  ['answers false', { rest: 'return false;' }],
  ['answers with a word that is neither', { returns: 'uint256', rest: 'return 2;' }],
  ['reverts', { rest: 'revert(); return true;' }],
  ['burns gas', { rest: 'while (true) {} return true;' }],
])('a token that %s is refused, and nothing is ordered or put down', async (_name, kind) => {
  const token = await oddToken(kind)
  const own = await market.offeredHours(owner, { token: token.address })
  const order = await market.orderOf(own.terms, buyer)
  expect(await market.order(buyer, own.terms, order)).toMatchObject({ error: 'TransferFailed' })
  expect(await market.statusOf(order)).toBe('unknown')
  const deposit = market.send(buyer.address, 'deposit', [token.address, 10n])
  expect(await deposit).toMatchObject({ error: 'TransferFailed' })
  expect(await token.heldBy(market)).toBe(0n)
})

test('an address without a contract is no token, nor is the Market itself, and no coins come along with one', async () => {
  const empty: Address = `0x${'00'.repeat(19)}04`
  for (const token of [buyer.address, market.address, empty]) {
    const own = await market.offeredHours(owner, { token })
    const order = await market.orderOf(own.terms, buyer)
    expect(await market.order(buyer, own.terms, order)).toMatchObject({ error: 'TransferFailed' })
  }
  const token = await oddToken()
  const own = await market.offeredHours(owner, { token: token.address })
  const order = await market.orderOf(own.terms, buyer)
  expect(await market.order(buyer, own.terms, order, { value: 1n })).toEqual({
    ok: false,
    error: 'WrongValue',
    args: [0n, 1n],
  })
})

test('a token that calls back can’t count one transfer twice', async () => {
  const token = await oddToken()
  const own = await market.offeredHours(owner, { token: token.address })
  const order = await market.orderOf(own.terms, buyer)
  const deposit = encodeFunctionData({
    abi: marketAbi,
    functionName: 'deposit',
    args: [token.address, 1000n],
  })
  await token.callBack(market.address, deposit)
  done(await market.order(buyer, own.terms, order))
  expect(await token.answer()).toBe(toFunctionSelector('Reentered()'))
  expect(await token.heldBy(market)).toBe(1000n)
  expect(await market.read.prepaidOf([token.address, token.address])).toMatchObject({ amount: 0n })
})

test.each([
  ['that breaks down', 'require(!isBroken); return true;'],
  ['that burns gas one day', 'while (isBroken) {} return true;'],
  ['that answers false one day', 'return !isBroken;'],
])('a token %s keeps no order open, and touches nobody’s other money', async (_name, rest) => {
  const token = await oddToken({ rest })
  const machine = await market.offeredProduct(owner, { token: token.address })
  const [failed, unsold, dropped] = [
    await market.ordered(machine, buyer),
    await market.ordered(machine, buyer),
    await market.ordered(machine, buyer),
  ]
  const coins = await market.offeredProduct(owner, { shares: [{ payee: account(0x51), amount: 1000n }] })
  const paid = await market.ordered(coins, buyer)
  await token.breakUp()
  const kept = () => market.keptFor(buyer.address, token.address)
  for (const ended of [
    done(await market.handIn(owner, machine, failed, { outcome: SaleOutcome.failed })),
    done(await market.handIn(owner, machine, dropped)),
    done(await market.refund(owner, machine.terms, unsold, (await market.now()) + 2 * hour)),
  ]) {
    expect(ended.gas).toBeLessThan(350_000n)
  }
  expect(await kept()).toBe(2000n)
  const [first] = market.payees
  expect(await market.withdraw(first, [machine.terms], token.address)).toMatchObject({
    error: 'TransferFailed',
  })
  expect(await market.withdraw(buyer, [], token.address)).toMatchObject({ error: 'TransferFailed' })
  expect(await kept()).toBe(2000n)
  const before = await market.coinsOf(buyer)
  done(await market.refund(owner, coins.terms, paid))
  expect((await market.coinsOf(buyer)) - before).toBe(1000n)
})

test('what one token’s offers earn is not paid in another, nor in coins', async () => {
  const [cheap, dear] = [await oddToken(), await oddToken()]
  const payee = account(0x61)
  const shares = [{ payee, amount: 1000n }]
  const sell = async (token: OddToken | null): Promise<Offered> => {
    const own = await market.offeredProduct(owner, { token: token?.address ?? null, shares })
    done(await market.handIn(owner, own, await market.ordered(own, buyer)))
    return own
  }
  const offers = [await sell(cheap), await sell(dear), await sell(null)].map(({ terms }) =>
    termsArgument(terms),
  )
  const payOut = (token: Address) => market.send(owner.address, 'payOut', [offers, token, payee])
  done(await payOut(cheap.address))
  expect([await cheap.heldBy({ address: payee }), await dear.heldBy({ address: payee })]).toEqual([1000n, 0n])
  expect(await market.coinsOf({ address: payee })).toBe(0n)
  expect(await payOut(cheap.address)).toMatchObject({ error: 'NothingToWithdraw' })
  done(await payOut(dear.address))
  expect(await market.keptFor(payee)).toBe(1000n)
})

test('a permit and the order that it pays for are one transaction, also where somebody has handed the permit in', async () => {
  const { client, deployer } = market
  const token = lower(
    await deployContract(client, deployer.address, { abi: demoTokenAbi, bytecode: demoTokenBytecode }),
  )
  const send = senderFor(client, demoTokenAbi, token)
  done(await send(deployer.address, 'mint', [buyer.address, 10_000n]))
  let nonce = 0n
  const permitFor = async (value: bigint, deadline = BigInt(farDeadline)) => {
    const signature: Hex = await buyer.sign({
      domain: { name: 'Demo Dollar', version: '1', chainId: market.domain.chainId, verifyingContract: token },
      types: {
        Permit: [
          { name: 'owner', type: 'address' },
          { name: 'spender', type: 'address' },
          { name: 'value', type: 'uint256' },
          { name: 'nonce', type: 'uint256' },
          { name: 'deadline', type: 'uint256' },
        ],
      },
      primaryType: 'Permit',
      message: { owner: buyer.address, spender: market.address, value, nonce: nonce++, deadline },
    })
    const { r, s, yParity } = parseSignature(signature)
    return { value, deadline, v: 27 + yParity, r, s }
  }
  const held = (of: Address) =>
    client.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [of] })
  const own = await market.offeredProduct(owner, { token })
  const orderWith = async (permit: Awaited<ReturnType<typeof permitFor>>) => {
    const order = await market.orderOf(own.terms, buyer)
    return market.send(buyer.address, 'orderWithPermit', [termsArgument(own.terms), order, permit])
  }
  done(await orderWith(await permitFor(1000n)))
  expect(await held(market.address)).toBe(1000n)

  // Somebody saw it on its way and was faster.
  const { value, deadline, v, r, s } = await permitFor(1000n)
  done(await send(deployer.address, 'permit', [buyer.address, market.address, value, deadline, v, r, s]))
  done(await orderWith({ value, deadline, v, r, s }))
  expect(await orderWith({ value, deadline, v, r, s })).toMatchObject({ error: 'TransferFailed' })

  done(await market.send(buyer.address, 'depositWithPermit', [token, 700n, await permitFor(700n)]))
  expect(await market.read.prepaidOf([buyer.address, token])).toMatchObject({ amount: 700n })
  expect(await orderWith(await permitFor(999n))).toMatchObject({ error: 'TransferFailed' })
  expect(await held(market.address)).toBe(2700n)

  // Of coins there are no permits, and a call that brings none can't pay with them.
  const coins = await market.offeredProduct(owner)
  const order = await market.orderOf(coins.terms, buyer)
  const args = [termsArgument(coins.terms), order, await permitFor(1000n)] as const
  expect(await market.send(buyer.address, 'orderWithPermit', args)).toMatchObject({ error: 'WrongValue' })
})
