// PaymentChannels with coins: who may do what with a channel, when, and what each of the two ends up with.
import { encodeFunctionData, type Hex, slice, toFunctionSelector } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paymentChannelsAbi } from '../../contracts/generated/PaymentChannels.ts'
import { toHex } from '../../src/core/bytes.ts'
import { channelIdOf, maxDeposit, signByKey, voucherDigest } from '../../src/core/voucher/channel.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { argument, type Channels, done, type KeyHolder, newKey, startChannels, week } from './channels.ts'
import { compileProbe } from './compileProbe.ts'
import { deployContract, senderFor } from './deployed.ts'
import { lower } from './testDevice.ts'

let channels: Channels
let payer: KeyHolder
let payee: KeyHolder
let stranger: KeyHolder
beforeAll(async () => {
  channels = await startChannels()
  const [first, second, third] = channels.people
  if (!first || !second || !third) throw new Error('the chain has too few accounts')
  payer = first
  payee = second
  stranger = third
})
afterAll(() => channels?.stop())

/** What each account has gained by one transaction, what its gas cost left aside. */
async function gains(accounts: readonly KeyHolder[], action: () => Promise<unknown>): Promise<bigint[]> {
  const before = await Promise.all(accounts.map(channels.coinsOf))
  await action()
  const after = await Promise.all(accounts.map(channels.coinsOf))
  const [hash] = (await channels.client.getBlock()).transactions
  if (!hash) throw new Error('no transaction was mined')
  const { from, gasUsed, effectiveGasPrice } = await channels.client.getTransactionReceipt({ hash })
  return accounts.map(({ address }, i) => {
    const fee = address === from ? gasUsed * effectiveGasPrice : 0n
    return (after[i] ?? 0n) - (before[i] ?? 0n) + fee
  })
}
const kept = ({ address }: KeyHolder) => channels.read.balanceOf([address, NOBODY])

describe('opening', () => {
  test('puts the deposit aside under the hash of the terms, and says all of them', async () => {
    const { terms } = channels.newTerms(payer, payee)
    const opened = done(await channels.open(terms, 1000n))
    const channelId = channelIdOf(terms)
    expect(opened.events).toMatchObject([
      { name: 'Opened', args: { channelId, exitDelay: week, nonce: terms.nonce, amount: 1000n } },
    ])
    expect(await channels.read.channelOf([channelId])).toEqual({ deposit: 1000n, claimed: 0n, exitAt: 0 })
    expect(await channels.read.channelIdOf([argument(terms)])).toBe(channelId)
  })

  test('takes the same terms once, also after the channel has ended', async () => {
    const channel = await channels.opened(payer, payee)
    const again = () => channels.open(channel.terms, 1000n)
    expect(await again()).toMatchObject({ error: 'AlreadyOpened', args: [channel.id] })
    done(await channels.close(payee, channel, 0n, '0x', '0x'))
    expect(await again()).toMatchObject({ error: 'AlreadyOpened', args: [channel.id] })
    expect(await channels.topUp(payer, channel, 1n)).toMatchObject({ error: 'NotOpen' })
  })

  test('is refused without payee or signer, and to pay oneself', async () => {
    for (const change of [{ payee: NOBODY }, { signer: NOBODY }, { payee: payer.address }]) {
      const { terms } = channels.newTerms(payer, payee, change)
      expect(await channels.open(terms, 1n)).toMatchObject({ error: 'InvalidTerms' })
    }
  })

  test('takes just the coins that it names, and something', async () => {
    const { terms } = channels.newTerms(payer, payee)
    expect(await channels.open(terms, 2n, 1n)).toMatchObject({ error: 'WrongValue', args: [2n, 1n] })
    expect(await channels.open(terms, 2n, 3n)).toMatchObject({ error: 'WrongValue' })
    expect(await channels.open(terms, 0n)).toMatchObject({ error: 'InvalidAmount' })
    expect(await channels.open(terms, maxDeposit + 1n, 0n)).toMatchObject({ error: 'InvalidAmount' })
    const token = channels.newTerms(payer, payee, { token: stranger.address })
    expect(await channels.open(token.terms, 2n, 2n)).toMatchObject({ error: 'WrongValue', args: [0n, 2n] })
  })
})

describe('a deposit', () => {
  test('grows by whoever adds to it, and its rest is the payer’s', async () => {
    const channel = await channels.opened(payer, payee, 100n)
    expect(done(await channels.topUp(stranger, channel, 50n)).events).toMatchObject([
      { name: 'ToppedUp', args: { deposit: 150n } },
    ])
    const [got] = await gains([payer], () => channels.close(payer, channel, 0n, '0x', channel.consent(0n)))
    expect(got).toBe(150n)
  })

  test('grows by just what was sent, never beyond 104 bits, and not while the payer leaves', async () => {
    const channel = await channels.opened(payer, payee, 100n)
    expect(await channels.topUp(payer, channel, 5n, 4n)).toMatchObject({ error: 'WrongValue' })
    for (const amount of [0n, maxDeposit, 2n ** 256n - 1n]) {
      expect(await channels.topUp(payer, channel, amount, 0n)).toMatchObject({ error: 'InvalidAmount' })
    }
    done(await channels.startExit(payer, channel))
    expect(await channels.topUp(payer, channel, 5n)).toMatchObject({ error: 'Exiting' })
  })
})

describe('a voucher', () => {
  test('pays the payee what is new in it, and the last one is enough', async () => {
    const channel = await channels.opened(payer, payee)
    expect(await gains([payee], () => channels.claim(payee, channel, 300n))).toEqual([300n])
    expect(await gains([payee], () => channels.claim(payee, channel, 1000n))).toEqual([700n])
    expect(await channels.stateOf(channel)).toMatchObject({ deposit: 1000n, claimed: 1000n })
  })

  test('that is older never wins', async () => {
    const channel = await channels.opened(payer, payee)
    done(await channels.claim(payee, channel, 300n))
    for (const amount of [300n, 299n, 0n]) {
      expect(await channels.claim(payee, channel, amount)).toMatchObject({
        error: 'AmountNotGreater',
        args: [300n, amount],
      })
    }
    const close = channels.close(payer, channel, 200n, channel.voucher(200n), channel.consent(200n))
    expect(await close).toMatchObject({ error: 'AmountNotGreater', args: [300n, 200n] })
  })

  test('for more than the deposit is worth nothing', async () => {
    const channel = await channels.opened(payer, payee)
    expect(await channels.claim(payee, channel, 1001n)).toMatchObject({
      error: 'AmountExceedsDeposit',
      args: [1000n, 1001n],
    })
    const close = channels.close(payee, channel, 1001n, channel.voucher(1001n), '0x')
    expect(await close).toMatchObject({ error: 'AmountExceedsDeposit' })
  })

  test('may be handed in by anybody, and waits for the payee then', async () => {
    const channel = await channels.opened(payer, payee)
    const before = await kept(payee)
    const got = await gains([payee, stranger], () => channels.claim(stranger, channel, 400n))
    expect(got).toEqual([0n, 0n])
    expect((await kept(payee)) - before).toBe(400n)
    const all = await kept(payee)
    const withdraw = () => channels.send(payee.address, 'withdraw', [NOBODY, stranger.address])
    expect(await gains([payee, stranger], withdraw)).toEqual([0n, all])
    expect(await withdraw()).toMatchObject({ error: 'NothingToWithdraw' })
  })

  test('counts only if the signer has signed it for just this channel, total, chain and contract', async () => {
    const channel = await channels.opened(payer, payee)
    const other = await channels.opened(payer, payee)
    const { chainId, paymentChannels } = channels.domain
    const signed = (domain: typeof channels.domain, amount: bigint, key: KeyHolder) =>
      toHex(signByKey(voucherDigest(domain, { channelId: channel.id, amount }), key.secretKey))
    const high: Hex = `0x${channel.voucher(500n).slice(2, 66)}${'f'.repeat(64)}1b`
    for (const signature of [
      other.voucher(500n),
      channel.voucher(499n),
      channel.consent(500n),
      signed({ chainId: chainId + 1, paymentChannels }, 500n, newKey()),
      signed(channels.domain, 500n, payer),
      signed(channels.domain, 500n, payee),
      slice(channel.voucher(500n), 0, 64),
      high,
      '0x' as const,
    ]) {
      expect(await channels.claim(payee, channel, 500n, signature)).toMatchObject({ error: 'InvalidVoucher' })
    }
    const chain = { chainId: chainId + 1, paymentChannels }
    const contract = { chainId, paymentChannels: stranger.address }
    for (const domain of [chain, contract]) {
      const { terms, signer } = channels.newTerms(payer, payee)
      done(await channels.open(terms, 1000n))
      const mine = channels.channelOf(terms, signer, payee)
      const wrong = toHex(
        signByKey(voucherDigest(domain, { channelId: mine.id, amount: 1n }), signer.secretKey),
      )
      expect(await channels.claim(payee, mine, 1n, wrong)).toMatchObject({ error: 'InvalidVoucher' })
    }
  })

  test('of a channel that was never opened pays nothing', async () => {
    const { terms, signer } = channels.newTerms(payer, payee)
    const never = channels.channelOf(terms, signer, payee)
    expect(await channels.claim(payee, never, 1n)).toMatchObject({ error: 'NotOpen', args: [never.id] })
    expect(await channels.finishExit(payer, never)).toMatchObject({ error: 'NotOpen' })
  })
})

describe('leaving', () => {
  test('is the payer’s to begin, once', async () => {
    const channel = await channels.opened(payer, payee)
    for (const person of [payee, stranger]) {
      expect(await channels.startExit(person, channel)).toMatchObject({ error: 'NotPayer' })
    }
    const at = (await channels.now()) + 10
    expect(done(await channels.startExit(payer, channel, at)).events).toMatchObject([
      { name: 'ExitStarted', args: { exitAt: BigInt(at + week) } },
    ])
    expect(await channels.startExit(payer, channel)).toMatchObject({ error: 'Exiting' })
  })

  test('gives the payer the rest after the delay and not a second before', async () => {
    const channel = await channels.opened(payer, payee)
    expect(await channels.finishExit(payer, channel)).toMatchObject({ error: 'ExitNotReady' })
    const at = (await channels.now()) + 10
    done(await channels.startExit(payer, channel, at))
    expect(await channels.finishExit(payer, channel, at + week - 1)).toMatchObject({
      error: 'ExitNotReady',
      args: [channel.id, at + week],
    })
    const [got] = await gains([payer], () => channels.finishExit(payer, channel, at + week))
    expect(got).toBe(1000n)
    expect(await channels.finishExit(payer, channel)).toMatchObject({ error: 'NotOpen' })
    expect(await channels.claim(payee, channel, 1n)).toMatchObject({ error: 'NotOpen' })
  })

  test('leaves the payee the time to hand in the last voucher, until somebody finishes', async () => {
    const channel = await channels.opened(payer, payee)
    done(await channels.claim(payee, channel, 100n))
    const at = (await channels.now()) + 10
    done(await channels.startExit(payer, channel, at))
    done(await channels.claim(payee, channel, 600n))
    const before = await kept(payer)
    const finished = done(await channels.finishExit(stranger, channel, at + week))
    expect(finished.events).toMatchObject([{ name: 'Closed', args: { claimed: 600n, refund: 400n } }])
    expect((await kept(payer)) - before).toBe(400n)
  })
})

describe('closing together', () => {
  test('pays both in one transaction of the payee, with the last voucher', async () => {
    const channel = await channels.opened(payer, payee)
    done(await channels.claim(payee, channel, 100n))
    const before = await kept(payer)
    const close = () => channels.close(payee, channel, 250n, channel.voucher(250n), '0x')
    expect(await gains([payee], close)).toEqual([150n])
    expect((await kept(payer)) - before).toBe(750n)
    expect(await channels.stateOf(channel)).toEqual({ deposit: 1000n, claimed: 250n, exitAt: 1 })
  })

  test('pays both in one transaction of the payer, with the payee’s consent', async () => {
    const channel = await channels.opened(payer, payee)
    const before = await kept(payee)
    const close = () => channels.close(payer, channel, 250n, channel.voucher(250n), channel.consent(250n))
    expect(await gains([payer], close)).toEqual([750n])
    expect((await kept(payee)) - before).toBe(250n)
  })

  test('needs no voucher where the payee wants no more than was claimed', async () => {
    const channel = await channels.opened(payer, payee)
    done(await channels.claim(payee, channel, 300n))
    const close = () => channels.close(payer, channel, 300n, '0x', channel.consent(300n))
    expect(await gains([payer], close)).toEqual([700n])
  })

  test('is not done by the payer alone, nor with a consent to another total or of another person', async () => {
    const channel = await channels.opened(payer, payee)
    const other = await channels.opened(payer, payee)
    for (const consent of ['0x', channel.consent(1n), other.consent(0n), channel.voucher(0n)] as const) {
      const close = channels.close(payer, channel, 0n, '0x', consent)
      expect(await close).toMatchObject({ error: 'ConsentMissing', args: [expect.anything()] })
    }
    const unsigned = channels.close(payee, channel, 500n, channel.voucher(499n), '0x')
    expect(await unsigned).toMatchObject({ error: 'InvalidVoucher' })
  })
})

test('an account that can’t be paid stops neither claim nor close of the other', async () => {
  const { abi, bytecode } = compileProbe(
    `import {Consent} from "./lib/Consent.sol";
    contract Probe {
      receive() external payable { while (true) {} }
    }`,
    'Consent.sol',
  )
  const address = lower(await deployContract(channels.client, stranger.address, { abi, bytecode }))
  const hungry: KeyHolder = { address, secretKey: payee.secretKey }
  const channel = await channels.opened(payer, hungry)
  done(await channels.claim(stranger, channel, 100n))
  const at = (await channels.now()) + 10
  done(await channels.startExit(payer, channel, at))
  expect(await gains([payer], () => channels.finishExit(payer, channel, at + week))).toEqual([900n])
  expect(await kept(hungry)).toBe(100n)
})

test('an account that calls back while it is paid is not let in', async () => {
  const { abi, bytecode } = compileProbe(
    `import {Consent} from "./lib/Consent.sol";
    contract Probe {
      address private target;
      bytes private again;
      bytes4 public answered;
      function run(address to, bytes calldata first, bytes calldata second) external {
        (target, again) = (to, second);
        (bool success,) = to.call(first);
        require(success);
      }
      receive() external payable {
        (bool success, bytes memory answer) = target.call(again);
        if (!success) answered = bytes4(answer);
      }
    }`,
    'Consent.sol',
  )
  const { client } = channels
  const address = lower(await deployContract(client, stranger.address, { abi, bytecode }))
  const channel = await channels.opened(payer, { ...payee, address })
  const claimOf = (amount: bigint) =>
    encodeFunctionData({
      abi: paymentChannelsAbi,
      functionName: 'claim',
      args: [argument(channel.terms), amount, channel.voucher(amount)],
    })
  const run = senderFor(client, abi, address)
  done(await run(stranger.address, 'run', [channels.address, claimOf(10n), claimOf(20n)]))
  expect(await client.readContract({ address, abi, functionName: 'answered' })).toBe(
    toFunctionSelector('Reentered()'),
  )
  expect(await channels.stateOf(channel)).toMatchObject({ claimed: 10n })
  expect(await client.getBalance({ address })).toBe(10n)
})
