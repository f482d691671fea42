// Random sequences of calls by payers, payees and strangers: the chain does what the model in TypeScript does, no more than
// a deposit is ever claimed, and the payer always gets the rest back.
import fc from 'fast-check'
import { erc20Abi } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { paymentChannelsAbi } from '../../contracts/generated/PaymentChannels.ts'
import type { Address, Hex } from '../../src/core/bytes.ts'
import { type ChannelTerms, maxDeposit } from '../../src/core/voucher/channel.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { argument, type Channels, type KeyHolder, type OpenChannel, startChannels } from './channels.ts'
import { type Call, ChannelsModel } from './channelsModel.ts'
import type { Outcome } from './deployed.ts'
import { deployPlayToken } from './playToken.ts'

let channels: Channels
beforeEach(async () => {
  channels = await startChannels()
})
afterEach(() => channels?.stop())

interface Step {
  /** By place among the people, or one of the channel's two. */
  readonly from: number | 'payer' | 'payee'
  readonly call: Call
  /** Seconds since the last step. */
  readonly wait: number
}

const delay = 3600

function steps(people: number, count: number, assets: number): fc.Arbitrary<Step[]> {
  const channel = fc.nat({ max: count - 1 })
  const amount = fc.oneof(
    { weight: 12, arbitrary: fc.bigInt({ min: 0n, max: 1200n }) },
    { weight: 1, arbitrary: fc.constantFrom(0n, maxDeposit, maxDeposit + 1n, 2n ** 256n - 1n) },
  )
  const mostly = fc.oneof(
    { weight: 8, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  )
  const call: fc.Arbitrary<Call> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ name: fc.constant('open' as const), channel, amount }) },
    { weight: 2, arbitrary: fc.record({ name: fc.constant('topUp' as const), channel, amount }) },
    {
      weight: 6,
      arbitrary: fc.record({ name: fc.constant('claim' as const), channel, amount, isSigned: mostly }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        name: fc.constant('close' as const),
        channel,
        amount,
        isSigned: mostly,
        isConsented: mostly,
      }),
    },
    { weight: 2, arbitrary: fc.record({ name: fc.constant('startExit' as const), channel }) },
    { weight: 2, arbitrary: fc.record({ name: fc.constant('finishExit' as const), channel }) },
    {
      weight: 2,
      arbitrary: fc.record({ name: fc.constant('withdraw' as const), token: fc.nat({ max: assets - 1 }) }),
    },
  )
  const from = fc.oneof(
    fc.nat({ max: people - 1 }),
    fc.constant('payer' as const),
    fc.constant('payer' as const),
    fc.constant('payee' as const),
  )
  return fc.array(fc.record({ from, call, wait: fc.constantFrom(1, 1, 60, delay) }), {
    minLength: 15,
    maxLength: 50,
    size: 'max',
  })
}

const errorNames = paymentChannelsAbi.flatMap(item => (item.type === 'error' ? [item.name as string] : []))
const eventNames = paymentChannelsAbi.flatMap(item => (item.type === 'event' ? [item.name as string] : []))

test('the channels do what their model does, call by call, and no unit is made or lost', async () => {
  const { client, address, read, send } = channels
  const people = channels.people.slice(0, 3)
  const addresses = people.map(person => person.address)
  const fortune = 2n ** 112n
  const token = await deployPlayToken(client, addresses, fortune, address)
  for (const person of addresses) await client.setBalance({ address: person, value: fortune })
  const assets: readonly (Address | null)[] = [null, token]
  const seen = new Set<string>()
  let clock = await channels.now()
  const keyHolder = (n: number): KeyHolder => {
    const person = people[n]
    if (!person) throw new Error(`no person ${n}`)
    return person
  }

  const heldByContract = (asset: Address | null) =>
    asset === null
      ? client.getBalance({ address })
      : client.readContract({ address: asset, abi: erc20Abi, functionName: 'balanceOf', args: [address] })

  const transact = (from: Address, call: Call, all: readonly OpenChannel[]): Promise<Outcome> => {
    if (call.name === 'withdraw') return send(from, 'withdraw', [assets[call.token] ?? NOBODY, from], clock)
    const channel = all[call.channel]
    if (!channel) throw new Error(`no channel ${call.channel}`)
    const { terms } = channel
    const voucherFor = (amount: bigint, isSigned: boolean): Hex =>
      channel.voucher(isSigned ? amount : amount ^ 1n)
    // More coins than a channel takes are more than anybody has, and can't even be sent.
    const coins = (amount: bigint) => (terms.token === null && amount <= maxDeposit ? amount : 0n)
    switch (call.name) {
      case 'open': {
        const { payee, signer, exitDelay, nonce } = terms
        const args = [payee, signer, terms.token ?? NOBODY, exitDelay, nonce, call.amount] as const
        return send(from, 'open', args, clock, coins(call.amount))
      }
      case 'topUp':
        return send(from, 'topUp', [argument(terms), call.amount], clock, coins(call.amount))
      case 'claim':
        return send(
          from,
          'claim',
          [argument(terms), call.amount, voucherFor(call.amount, call.isSigned)],
          clock,
        )
      case 'close': {
        const consent = channel.consent(call.isConsented ? call.amount : call.amount ^ 1n)
        const voucher = voucherFor(call.amount, call.isSigned)
        return send(from, 'close', [argument(terms), call.amount, voucher, consent], clock)
      }
      case 'startExit':
      case 'finishExit':
        return send(from, call.name, [argument(terms)], clock)
    }
  }

  const sumOf = async (all: readonly OpenChannel[], asset: Address | null) => {
    let owed = 0n
    for (const channel of all.filter(({ terms }) => terms.token === asset)) {
      const { deposit, claimed, exitAt } = await channels.stateOf(channel)
      expect(claimed).toBeLessThanOrEqual(deposit)
      if (exitAt !== 1) owed += deposit - claimed
    }
    for (const person of addresses) owed += await read.balanceOf([person, asset ?? NOBODY])
    return owed
  }

  await fc.assert(
    fc.asyncProperty(fc.gen(), async generate => {
      // Each run leaves something behind in the contract; what it begins with is taken off.
      const before = await Promise.all(assets.map(heldByContract))
      const keptBefore = await Promise.all(
        assets.map(asset => Promise.all(addresses.map(person => read.balanceOf([person, asset ?? NOBODY])))),
      )
      for (const [i, asset] of assets.entries()) {
        for (const [j, person] of addresses.entries()) {
          if ((keptBefore[i]?.[j] ?? 0n) > 0n) await send(person, 'withdraw', [asset ?? NOBODY, person])
        }
      }
      clock = await channels.now()
      const start = await Promise.all(assets.map(heldByContract))
      expect(start.every((held, i) => held <= (before[i] ?? 0n))).toBe(true)

      const pairs = [
        [0, 1, 0],
        [1, 0, 1],
        [0, 2, 1],
      ] as const
      const all = pairs.map(([payer, payee, asset]) => {
        const token = assets[asset] ?? null
        const made = channels.newTerms(keyHolder(payer), keyHolder(payee), { token, exitDelay: delay })
        return channels.channelOf(made.terms, made.signer, keyHolder(payee))
      })
      const parties = all.map(({ terms }: { terms: ChannelTerms }) => ({
        ...terms,
        token: assets.indexOf(terms.token),
      }))
      const model = new ChannelsModel(parties)

      for (const { from, call, wait } of generate(steps, people.length, all.length, assets.length)) {
        clock += wait
        const about = call.name === 'withdraw' ? undefined : parties[call.channel]
        // Only its payer can open a channel with a payer's terms: for anybody else it is another channel.
        const caller =
          call.name === 'open' && about
            ? about.payer
            : typeof from === 'number'
              ? keyHolder(from).address
              : (about?.[from] ?? keyHolder(0).address)
        const outcome = await transact(caller, call, all)
        const expected = model.apply(caller, call, clock)
        expect(outcome.ok ? null : outcome.error).toBe(expected)
        for (const name of outcome.ok ? outcome.events.map(event => event.name) : [outcome.error])
          seen.add(name)
        for (const [i, channel] of all.entries()) {
          expect(await channels.stateOf(channel)).toEqual(model.stateOf(i))
        }
        for (const [i, asset] of assets.entries()) {
          const held = (await heldByContract(asset)) - (start[i] ?? 0n)
          expect(held).toBe(await sumOf(all, asset))
        }
      }
      for (const [i, asset] of assets.entries()) {
        const gained = addresses.map(person => model.gainOf(person, i)).reduce((sum, gain) => sum + gain, 0n)
        expect((await heldByContract(asset)) - (start[i] ?? 0n)).toBe(-gained)
        for (const person of addresses) {
          expect(await read.balanceOf([person, asset ?? NOBODY])).toBe(model.keptFor(person, i))
        }
      }
    }),
    { numRuns: 8, endOnFailure: true },
  )

  // Or the sequences would have been too tame to mean anything.
  const elsewhere = ['InvalidTerms', 'WrongValue', 'TransferFailed', 'Reentered']
  const possible = [...eventNames, ...errorNames].filter(name => !elsewhere.includes(name))
  expect(possible).toEqual(expect.arrayContaining([...seen]))
  expect(seen.size).toBeGreaterThanOrEqual(possible.length - 2)
})
