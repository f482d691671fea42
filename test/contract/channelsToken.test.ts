// PaymentChannels with ERC-20 tokens: honest ones, old ones that answer nothing, and those that lie, take a fee or call back.
import { type Abi, encodeFunctionData, erc20Abi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paymentChannelsAbi } from '../../contracts/generated/PaymentChannels.ts'
import type { Address } from '../../src/core/bytes.ts'
import { type Channels, done, type KeyHolder, startChannels, week } from './channels.ts'
import { compileProbe } from './compileProbe.ts'
import { deployContract, senderFor } from './deployed.ts'
import { lower } from './testDevice.ts'

let channels: Channels
let payer: KeyHolder
let payee: KeyHolder
beforeAll(async () => {
  channels = await startChannels()
  const [first, second] = channels.people
  if (!first || !second) throw new Error('the chain has too few accounts')
  payer = first
  payee = second
})
afterAll(() => channels?.stop())

/** A token whose moves end in `rest`, of the type `returns`; the payer has all of it, and the contract may take it. */
async function token({ returns = 'bool', rest = 'return true;', fee = '0' } = {}): Promise<Address> {
  const { abi, bytecode } = compileProbe(
    `import {Consent} from "./lib/Consent.sol";
    contract Probe {
      mapping(address => uint256) public balanceOf;
      mapping(address => mapping(address => uint256)) public allowance;
      address public channels;
      bytes public again;
      function mint(address to, uint256 amount) external { balanceOf[to] += amount; }
      function approve(address spender, uint256 amount) external { allowance[msg.sender][spender] = amount; }
      function callBack(address to, bytes calldata data) external { (channels, again) = (to, data); }
      function move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += amount - ${fee};
      }
      function transfer(address to, uint256 amount) external ${returns && `returns (${returns})`} {
        move(msg.sender, to, amount);
        ${rest}
      }
      function transferFrom(address from, address to, uint256 amount) external ${returns && `returns (${returns})`} {
        allowance[from][msg.sender] -= amount;
        move(from, to, amount);
        ${rest}
      }
    }`,
    'Consent.sol',
  )
  const address = lower(await deployContract(channels.client, payer.address, { abi, bytecode }))
  const send = senderFor(channels.client, abi, address)
  done(await send(payer.address, 'mint', [payer.address, 10_000n]))
  done(await send(payer.address, 'approve', [channels.address, 10_000n]))
  return address
}

const held = (address: Address, { address: account }: { readonly address: Address }) =>
  channels.client.readContract({ address, abi: erc20Abi, functionName: 'balanceOf', args: [account] })

test.each([
  ['that answers true', {}],
  ['of before ERC-20’s final text, which answers nothing', { returns: '', rest: '' }],
])('a token %s goes through a channel’s whole life', async (_name, kind) => {
  const address = await token(kind)
  const channel = await channels.opened(payer, payee, 1000n, { token: address })
  done(await channels.topUp(payer, channel, 500n))
  expect(await held(address, channels)).toBe(1500n)
  done(await channels.claim(payee, channel, 400n))
  expect(await held(address, payee)).toBe(400n)
  done(await channels.claim(payer, channel, 600n))
  done(await channels.send(payee.address, 'withdraw', [address, payee.address]))
  expect(await held(address, payee)).toBe(600n)
  const at = (await channels.now()) + 10
  done(await channels.startExit(payer, channel, at))
  done(await channels.finishExit(payer, channel, at + week))
  expect(await held(address, payer)).toBe(9400n)
  expect(await held(address, channels)).toBe(0n)
})

test.each([
  ['takes a fee', { fee: '1' }],
  ['answers false', { rest: 'return false;' }],
  ['answers with a word that is neither', { returns: 'uint256', rest: 'return 2;' }],
  ['reverts', { rest: 'revert(); return true;' }],
])('a token that %s is refused', async (_name, kind) => {
  const address = await token(kind)
  const { terms } = channels.newTerms(payer, payee, { token: address })
  expect(await channels.open(terms, 1000n)).toMatchObject({ error: 'TransferFailed' })
  expect(await held(address, channels)).toBe(0n)
})

test('an address without a contract is no token, nor is the contract itself', async () => {
  for (const address of [
    payee.address,
    channels.address,
    lower('0x0000000000000000000000000000000000000004'),
  ]) {
    const { terms } = channels.newTerms(payer, payee, { token: address })
    expect(await channels.open(terms, 1000n)).toMatchObject({ error: 'TransferFailed' })
  }
})

test('a token that calls back can’t count one transfer twice', async () => {
  const rest =
    'if (again.length > 0) { (bool success,) = channels.call(again); require(success); } return true;'
  const address = await token({ rest })
  const first = channels.newTerms(payer, payee, { token: address })
  const channel = await channels.opened(payer, payee, 100n, { token: address })
  const topUp = encodeFunctionData({
    abi: paymentChannelsAbi,
    functionName: 'topUp',
    args: [{ ...channel.terms, token: address }, 100n],
  })
  const abi = [
    {
      type: 'function',
      name: 'callBack',
      stateMutability: 'nonpayable',
      inputs: [
        { name: 'to', type: 'address' },
        { name: 'data', type: 'bytes' },
      ],
      outputs: [],
    },
  ] as const satisfies Abi
  done(await senderFor(channels.client, abi, address)(payer.address, 'callBack', [channels.address, topUp]))
  expect(await channels.open(first.terms, 1000n)).toMatchObject({ error: 'TransferFailed' })
  expect(await held(address, channels)).toBe(100n)
  expect(await channels.stateOf(channel)).toMatchObject({ deposit: 100n })
})

test('what a broken token does touches no other’s deposits', async () => {
  const coins = await channels.opened(payer, payee, 700n)
  const address = await token({ rest: 'require(to != address(0) && amount < 600); return true;' })
  const channel = await channels.opened(payer, payee, 500n, { token: address })
  done(await channels.topUp(payer, channel, 500n))
  expect(await channels.claim(payee, channel, 700n)).toMatchObject({ error: 'TransferFailed' })
  done(await channels.claim(payee, coins, 700n))
  done(await channels.claim(payee, channel, 500n))
})
