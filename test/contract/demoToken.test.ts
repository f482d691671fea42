// The development chain's play money: an ERC-20 with permits, as wallets and contracts expect one.
import { type Address, erc20Abi, getContract, type Hex, maxUint256, numberToHex, parseSignature } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { demoTokenAbi, demoTokenBytecode } from '../../contracts/generated/DemoToken.ts'
import { startChain, type TestChain } from '../chain.ts'
import { deployContract, senderFor } from './deployed.ts'

/** secp256k1's group order (SEC 2). */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const farDeadline = 4_000_000_000n

let chain: TestChain
let minter: Address
let spender: Address
let other: Address
let token: Address

beforeAll(async () => {
  chain = await startChain()
  const [first, second, third] = chain.accounts.map(({ address }) => address)
  if (!first || !second || !third) throw new Error('the chain has no accounts')
  ;[minter, spender, other] = [first, second, third]
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  token = await deployContract(chain.client, minter, { abi: demoTokenAbi, bytecode: demoTokenBytecode })
})

const send = (...args: Parameters<ReturnType<typeof senderFor<typeof demoTokenAbi>>>) =>
  senderFor(chain.client, demoTokenAbi, token)(...args)
/** Through the standard's own ABI, as wallets read it. */
const read = () => getContract({ address: token, abi: erc20Abi, client: chain.client }).read
const balances = (...of: Address[]) => Promise.all(of.map(address => read().balanceOf([address])))

test('it says what it is', async () => {
  expect(await Promise.all([read().name(), read().symbol(), read().decimals()])).toEqual([
    'Demo Dollar',
    'DUSD',
    6,
  ])
})

test('its deployer alone makes more of it', async () => {
  expect(await send(minter, 'mint', [other, 500n])).toMatchObject({
    ok: true,
    events: [{ name: 'Transfer', args: { to: other, value: 500n } }],
  })
  expect(await send(other, 'mint', [other, 1n])).toMatchObject({ ok: false, error: 'NotMinter' })
  expect([await balances(other), await read().totalSupply()]).toEqual([[500n], 500n])
  expect(await send(minter, 'mint', [other, maxUint256])).toMatchObject({ ok: false, error: 'Panic' })
  const nobody = `0x${'0'.repeat(40)}` as const
  expect(await send(minter, 'mint', [nobody, 1n])).toMatchObject({ ok: false, error: 'ERC20InvalidReceiver' })
})

test('it moves, to oneself too, and never more than there is, nor to nobody', async () => {
  await send(minter, 'mint', [spender, 500n])
  expect(await send(spender, 'transfer', [other, 200n])).toMatchObject({
    ok: true,
    events: [{ name: 'Transfer', args: { from: spender, to: other, value: 200n } }],
  })
  await send(other, 'transfer', [other, 200n])
  expect(await balances(spender, other)).toEqual([300n, 200n])
  expect(await send(spender, 'transfer', [other, 301n])).toMatchObject({
    error: 'ERC20InsufficientBalance',
    args: [spender, 300n, 301n],
  })
  const nobody = `0x${'0'.repeat(40)}` as const
  expect(await send(spender, 'transfer', [nobody, 1n])).toMatchObject({ error: 'ERC20InvalidReceiver' })
})

test('who is allowed an amount moves it once, who is allowed all moves on', async () => {
  await send(minter, 'mint', [minter, 500n])
  expect(await send(spender, 'transferFrom', [minter, other, 1n])).toMatchObject({
    error: 'ERC20InsufficientAllowance',
    args: [spender, 0n, 1n],
  })
  await send(minter, 'approve', [spender, 100n])
  expect(await send(spender, 'transferFrom', [minter, other, 60n])).toMatchObject({ ok: true })
  expect(await send(spender, 'transferFrom', [minter, other, 60n])).toMatchObject({
    error: 'ERC20InsufficientAllowance',
    args: [spender, 40n, 60n],
  })
  await send(minter, 'approve', [spender, maxUint256])
  await send(spender, 'transferFrom', [minter, other, 60n])
  expect(await read().allowance([minter, spender])).toBe(maxUint256)
  expect(await balances(minter, other)).toEqual([380n, 120n])
})

const types = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const

/** Signed by an account that has no coins, in the domain that network.json names for the token. */
async function signPermit(
  owner: ReturnType<typeof privateKeyToAccount>,
  terms: { value?: bigint; nonce?: bigint; deadline?: bigint; chainId?: number } = {},
) {
  const {
    value = 100n,
    nonce = 0n,
    deadline = farDeadline,
    chainId = await chain.client.getChainId(),
  } = terms
  const signature = await owner.signTypedData({
    domain: { name: 'Demo Dollar', version: '1', chainId, verifyingContract: token },
    types,
    primaryType: 'Permit',
    message: { owner: owner.address, spender, value, nonce, deadline },
  })
  const { r, s, yParity } = parseSignature(signature)
  return { value, deadline, r, s, v: 27 + yParity }
}
type Permit = Awaited<ReturnType<typeof signPermit>>
const handIn = (owner: Address, { value, deadline, v, r, s }: Permit) =>
  send(other, 'permit', [owner, spender, value, deadline, v, r, s])

test('an approval by signature counts once, whoever hands it in', async () => {
  const owner = privateKeyToAccount(generatePrivateKey())
  const permit = await signPermit(owner)
  expect(await handIn(owner.address, permit)).toMatchObject({
    ok: true,
    events: [{ name: 'Approval', args: { owner: owner.address, spender, value: 100n } }],
  })
  expect(await read().allowance([owner.address, spender])).toBe(100n)
  expect(await handIn(owner.address, permit)).toMatchObject({ error: 'InvalidPermit' })
  expect(await handIn(owner.address, await signPermit(owner, { nonce: 1n, value: 7n }))).toMatchObject({
    ok: true,
  })
  expect(await read().allowance([owner.address, spender])).toBe(7n)
})

test('an approval by signature counts for nothing else than what was signed', async () => {
  const owner = privateKeyToAccount(generatePrivateKey())
  const permit = await signPermit(owner)
  const highS: Hex = numberToHex(order - BigInt(permit.s), { size: 32 })
  const attempts: [string, Address, Permit][] = [
    ['another amount', owner.address, { ...permit, value: 101n }],
    ['another deadline', owner.address, { ...permit, deadline: farDeadline + 1n }],
    ['another owner', other, permit],
    ['nobody', `0x${'0'.repeat(40)}`, { ...permit, v: 0 }],
    ['the other s', owner.address, { ...permit, s: highS, v: 55 - permit.v }],
    ['another chain', owner.address, await signPermit(owner, { chainId: 1 })],
    ['a later nonce', owner.address, await signPermit(owner, { nonce: 1n })],
  ]
  for (const [what, from, each] of attempts) {
    expect([what, await handIn(from, each)]).toMatchObject([what, { ok: false, error: 'InvalidPermit' }])
  }
  const late = await signPermit(owner, { deadline: 1n })
  expect(await handIn(owner.address, late)).toMatchObject({ error: 'PermitExpired', args: [1n] })
  expect(await read().allowance([owner.address, spender])).toBe(0n)
})
