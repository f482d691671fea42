// PaymentChannels' generated storage layout: what a reader of storage proofs finds by it is what the views say.
import { pad } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paymentChannelsLayout as layout } from '../../contracts/generated/PaymentChannels.ts'
import { maxDeposit } from '../../src/core/voucher/channel.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { type Channels, done, type KeyHolder, startChannels } from './channels.ts'
import { plain, slotOf, storageOf } from './storage.ts'

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

const { wordAt, structAt } = storageOf(() => channels)

test('a channel is one slot, and every member of it is found by the layout', async () => {
  expect(layout.channels.value.slots).toBe(1)
  await channels.client.setBalance({ address: payer.address, value: 2n ** 105n })
  const channel = await channels.opened(payer, payee, maxDeposit, { exitDelay: 2 ** 32 - 1 })
  done(await channels.claim(payee, channel, 0x0102030405060708090a0bn))
  done(await channels.startExit(payer, channel))
  const found = await structAt(slotOf(layout.channels.slot, [channel.id]), layout.channels.value.members)
  expect(found).toEqual(plain({ ...(await channels.stateOf(channel)) }))
  expect(found).toMatchObject({ deposit: maxDeposit, claimed: 0x0102030405060708090a0bn })
  expect(found.exitAt).toBeGreaterThan(2n ** 32n)
})

test('what is kept for an account is one slot', async () => {
  const channel = await channels.opened(payer, payee)
  done(await channels.claim(payer, channel, 77n))
  const slot = slotOf(layout.balances.slot, [payee.address, NOBODY])
  expect(BigInt(await wordAt(BigInt(slot)))).toBe(await channels.read.balanceOf([payee.address, NOBODY]))
})

test('a channel that was never opened is a slot of zeros, so that this can be proven', async () => {
  expect(BigInt(await wordAt(BigInt(slotOf(layout.channels.slot, [pad('0x77')]))))).toBe(0n)
})
