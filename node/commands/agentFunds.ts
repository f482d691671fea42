// fob agent fund and leave: money into a channel for a session key, and back, by the owner's own key.
import { randomBytes } from 'node:crypto'
import * as v from 'valibot'
import { parseUnits } from 'viem'
import type { Failure, Result } from '../../src/core/result.ts'
import type { ChannelTerms } from '../../src/core/voucher/channel.ts'
import { minExitDelay } from '../../src/core/voucher/standing.ts'
import { termsSchema, termsToStore } from '../../src/core/voucher/storedTerms.ts'
import { type RunningAgent, reportTold } from '../agent/running.ts'
import { endChannel, readAgreement } from '../channels/endChannel.ts'
import { channelReader } from '../channels/readChannel.ts'
import { channelTransactions } from '../channels/transactions.ts'
import { failed, type Input, type Io, type Outcome, refused, usageError } from '../cli/command.ts'
import { loadKey } from '../cli/key.ts'
import { parseAddress } from '../cli/model.ts'
import { loadNetwork } from '../cli/network.ts'

const secondsPerDay = 86_400

/** Opens a channel from the owner's key to the payee, for the session key; the agent takes it once it is final. */
export async function fund(input: Input, io: Io, running: RunningAgent): Promise<Outcome> {
  const network = await loadNetwork(input, io)
  if (!network.ok) return failed(network.error.kind, network.error.detail ?? '')
  const { chain } = network.value
  const paymentChannels = chain.contracts?.paymentChannels
  if (paymentChannels === undefined)
    return failed('noPaymentChannels', 'This network has no PaymentChannels.')
  const deviceId = lower(input.text('device'))
  const payee = parseAddress(input.text('payee') ?? '')
  if (payee === undefined) return usageError('Say who is to be paid: --payee ADDRESS')
  const amount = readAmount(input.text('amount'), chain.currency.decimals)
  if (amount === undefined) return usageError('Say how much at most: --amount COINS')
  const exitDelay = Number(input.text('exit-days') ?? minExitDelay.phone / secondsPerDay) * secondsPerDay
  if (!Number.isInteger(exitDelay) || exitDelay < minExitDelay.watched || exitDelay > 365 * secondsPerDay) {
    return usageError('--exit-days takes a number of days from 1 to 365.')
  }
  const account = (await running.status()).accounts.find(each => each.deviceId === deviceId)
  if (account === undefined)
    return failed('deviceUnknown', `The agent has no account for ${deviceId}: fob agent add`)
  const key = await loadKey(input, io, 'maker')
  if (!key.ok) return usageError(key.error.detail ?? '')
  const payer = lower(key.value.address)
  if (payer !== account.owner && payer !== account.account) {
    return refused('notOwner', `${payer} is neither the owner nor the account of this device.`)
  }
  const terms: ChannelTerms = {
    payer: parseAddress(payer) ?? payee,
    payee,
    signer: account.agent,
    token: null,
    exitDelay,
    nonce: randomBytes(8).readBigUInt64BE(),
  }
  const transactions = channelTransactions({ chainId: chain.id, paymentChannels }, chain.endpoints)
  // Printed first: whoever is interrupted can still hand them to the agent.
  io.print(`Opening a channel: ${JSON.stringify(termsToStore(terms))}`)
  const transaction = await transactions.open(key.value, terms, amount)
  io.print(`Opened by ${transaction}. Waiting until it is final ...`)
  const told = await untilFinal(() => running.tell('/channels', { deviceId, terms: termsToStore(terms) }))
  return reportTold(told, 'The channel is open, and the agent has it.', {
    transaction,
    terms: termsToStore(terms),
  })
}

/** At once where the payee agrees; else the first step, or, once the delay is over, the second. Vouchers that were signed stay good until then. */
export async function leave(input: Input, io: Io, running: RunningAgent): Promise<Outcome> {
  const network = await loadNetwork(input, io)
  if (!network.ok) return failed(network.error.kind, network.error.detail ?? '')
  const { chain } = network.value
  const paymentChannels = chain.contracts?.paymentChannels
  if (paymentChannels === undefined)
    return failed('noPaymentChannels', 'This network has no PaymentChannels.')
  const deviceId = lower(input.text('device'))
  const account = (await running.status()).accounts.find(each => each.deviceId === deviceId)
  const held = account?.channels.find(({ channelId }) => channelId === lower(input.text('channel')))
  const terms = v.safeParse(termsSchema, held?.terms)
  const channelId = held?.channelId
  if (!terms.success) return failed('channelUnknown', 'The agent has no such channel: fob agent status')
  const key = await loadKey(input, io, 'maker')
  if (!key.ok) return usageError(key.error.detail ?? '')
  const domain = { chainId: chain.id, paymentChannels }
  const now = Math.floor(Date.now() / 1000)
  const ended = await endChannel(
    {
      read: channelReader(domain, chain, chain, () => now),
      transactions: channelTransactions(domain, chain.endpoints),
      account: key.value,
    },
    terms.output,
    // The session key is the agent's: it is who asks the payee.
    async () => {
      const told = await running.tell('/agreement', { deviceId, channelId })
      return told.ok ? readAgreement(told.value) : told
    },
    now,
  )
  if (!ended.ok) return failed(ended.error.kind, ended.error.detail ?? '')
  const end = ended.value
  if (end.kind === 'overBefore') return refused('channelNotOpen', 'The channel is closed.')
  if (end.kind === 'closed') return { ok: true, text: `${end.refund} came back.`, data: end }
  const from = `The rest can be taken from about ${new Date(end.until * 1000).toISOString()} on, by the same command.`
  return end.transaction === null
    ? refused('exitNotReady', `It does not end at once: ${end.why}. ${from}`)
    : { ok: true, text: `The exit has begun, for it does not end at once: ${end.why}. ${from}`, data: end }
}

/** Finality takes seconds on the development chain, and a quarter of an hour on others. */
async function untilFinal(ask: () => Promise<Result<unknown, Failure>>): Promise<Result<unknown, Failure>> {
  const until = Date.now() + 30 * 60_000
  for (;;) {
    const told = await ask()
    const isEarly = !told.ok && (told.error.kind === 'channelNotOpen' || told.error.kind === 'unproven')
    if (!isEarly || Date.now() > until) return told
    await new Promise(resolve => setTimeout(resolve, 2_000))
  }
}

/** In the smallest unit; undefined for what is no amount above zero. */
export function readAmount(text: string | undefined, decimals: number): bigint | undefined {
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text)) return undefined
  const amount = parseUnits(text, decimals)
  return amount > 0n ? amount : undefined
}

const lower = (text: string | undefined) => (text ?? '').toLowerCase()
