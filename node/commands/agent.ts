// fob agent: spends for the owner's devices on his own box, within the rules that he has signed.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { parseUnits } from 'viem'
import { DEMO_MODELS } from '../../device/demo.ts'
import type { Failure, Result } from '../../src/core/result.ts'
import { type ChannelTerms, channelIdOf } from '../../src/core/voucher/channel.ts'
import { minExitDelay } from '../../src/core/voucher/standing.ts'
import { findRunningAgent, type RunningAgent } from '../agent/running.ts'
import { readDemoKeys } from '../chain/demoKeys.ts'
import { channelReader } from '../channels/readChannel.ts'
import { termsSchema, termsToStore } from '../channels/termsFile.ts'
import { channelTransactions } from '../channels/transactions.ts'
import {
  type Command,
  failed,
  type Input,
  type Io,
  type Outcome,
  refused,
  table,
  usageError,
} from '../cli/command.ts'
import { keyHelp, keyOptions, loadKey, loadPassphrase, passphraseOptions } from '../cli/key.ts'
import { parseAddress } from '../cli/model.ts'
import { loadNetwork, networkOptions } from '../cli/network.ts'
import { PortInUse } from '../http.ts'
import { demoFactoryImage } from '../release/demo.ts'

const actions = ['run', 'status', 'add', 'rules', 'fund', 'leave', 'hire', 'update', 'stop', 'start'] as const
type Action = (typeof actions)[number]

const defaultPort = 8650
const secondsPerDay = 86_400

export const agent: Command = {
  usage: 'ACTION [options]',
  description: `run     runs the agent until Ctrl-C; the others speak to one that is running
status  what it holds, may and did
add     makes a session key for a device account: --device --owner --account
rules   hands it the rules that the owner has signed: --file
fund    opens a channel to somebody, for the session key, out of the owner's own key: --device --payee --amount
leave   begins to leave a channel, and takes the rest back once its delay is over: --device --channel, with the owner's own key
hire    hires another owner's device: --device --url --hired --units
update  updates a device within reach
stop    nothing is paid from here on, also after a restart; start takes that back

The account's own key is never here: a stolen box can give the channels' deposits to their payees, and nothing else.
For fund: ${keyHelp}`,
  positionals: ['ACTION'],
  options: {
    host: { type: 'string', value: 'IP', help: 'address to listen on; default: 127.0.0.1' },
    port: { type: 'string', value: 'PORT', help: `default: ${defaultPort}` },
    'demo-device': {
      type: 'string',
      value: 'KIND',
      help: `a reference device in this process: ${DEMO_MODELS.map(({ kind }) => kind).join(', ')}`,
    },
    maker: {
      type: 'string',
      multiple: true,
      value: 'ADDRESS',
      help: 'whose releases are trusted; default: the makers that the network names',
    },
    device: { type: 'string', value: 'ID', help: 'the device whose account it is about' },
    owner: { type: 'string', value: 'ADDRESS', help: 'whose rules the agent obeys' },
    account: { type: 'string', value: 'ADDRESS', help: 'the device account' },
    file: { type: 'string', value: 'FILE', help: 'a signed AgentRules statement, as JSON' },
    payee: { type: 'string', value: 'ADDRESS', help: 'who can be paid by the channel' },
    amount: { type: 'string', value: 'COINS', help: 'the deposit: the most that can be lost' },
    channel: { type: 'string', value: 'ID', help: 'the channel to leave' },
    'exit-days': { type: 'string', value: 'DAYS', help: 'the channel’s exit delay; default: 7' },
    url: { type: 'string', value: 'URL', help: 'the other owner’s agent' },
    hired: { type: 'string', value: 'ID', help: 'the device to hire' },
    units: { type: 'string', value: 'NUMBER', help: 'how many units of its service; default: 1' },
    ...keyOptions,
    ...networkOptions,
    ...passphraseOptions,
  },
  run: runCommand,
}

async function runCommand(input: Input, io: Io): Promise<Outcome> {
  const action = input.positionals[0]
  if (!isAction(action)) return usageError(`An ACTION is one of ${actions.join(', ')}.`)
  const directory = join(io.home.directory, 'agent')
  const running = await findRunningAgent(directory)
  if (action === 'run') {
    if (running !== undefined) return failed('agentRunning', `An agent is running already: ${running.url}`)
    return run(input, io, directory)
  }
  if (running === undefined) return failed('agentNotRunning', 'No agent is running here: fob agent run')
  switch (action) {
    case 'status':
      return status(running)
    case 'add': {
      const { device, owner, account } = texts(input, ['device', 'owner', 'account'])
      const names = { deviceId: lower(device), owner: lower(owner), account: lower(account) }
      return report(await running.tell('/accounts', names), 'The account is with the agent.')
    }
    case 'rules':
      return pushRules(input, running)
    case 'fund':
      return fund(input, io, running)
    case 'leave':
      return leave(input, io, running)
    case 'hire': {
      const { device, url, hired, units } = texts(input, ['device', 'url', 'hired', 'units'])
      const asked = { deviceId: lower(device), url, hired: lower(hired), units: Number(units ?? 1) }
      return report(await running.tell('/hire', asked), 'Hired and paid.')
    }
    case 'update':
      return report(await running.tell('/update', { deviceId: lower(input.text('device')) }), 'Done.')
    case 'stop':
      return report(await running.tell('/stop', {}), 'Nothing is paid any more.')
    case 'start':
      return report(await running.tell('/start', {}), 'The rules hold again.')
  }
}

const isAction = (text: string | undefined): text is Action => actions.some(action => action === text)

async function run(input: Input, io: Io, directory: string): Promise<Outcome> {
  const network = await loadNetwork(input, io)
  if (!network.ok) return failed(network.error.kind, network.error.detail ?? '')
  const port = Number(input.text('port') ?? defaultPort)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return usageError('--port is a number from 1 to 65535.')
  const kind = input.text('demo-device')
  const model = DEMO_MODELS.find(each => each.kind === kind)
  if (kind !== undefined && model === undefined) return usageError(`There is no demo device ${kind}.`)
  const demoKeys = model && readDemoKeys(io.home.demoKeys)
  if (model && demoKeys === undefined) return usageError('Demo devices need npm start’s keys: run it first.')
  const named = input.texts('maker').map(parseAddress)
  if (named.includes(undefined)) return usageError('--maker takes an address.')
  const makers = named.filter(maker => maker !== undefined)
  const passphrase = await loadPassphrase('the agent’s keys', input, io)
  if (!passphrase.ok) return usageError(passphrase.error.detail ?? '')
  // Loaded here alone: the libraries of an IPFS node take longer to load than the other actions to finish.
  const { runAgent } = await import('../agent/runAgent.ts')
  try {
    const started = await runAgent({
      directory,
      network: network.value,
      host: input.text('host') ?? '127.0.0.1',
      port,
      passphrase: passphrase.value,
      makers: makers.length > 0 ? makers : network.value.makers.map(({ address }) => address),
      channel: 'stable',
      demo:
        model && demoKeys
          ? { kind: model.kind, factoryImage: () => demoFactoryImage(model, demoKeys) }
          : null,
      log: io.print,
    })
    if (!started.ok) return failed(started.error.kind, started.error.detail ?? started.error.kind)
    io.print(
      `The agent is running: ${started.value.server.url}. Its token is in ${join(directory, 'token')}.`,
    )
    io.print('Ctrl-C ends it.')
    await io.interrupted()
    await started.value.stop()
    return { ok: true, text: 'The agent has ended.', data: {} }
  } catch (error) {
    if (!(error instanceof PortInUse)) throw error
    return failed('portInUse', `Port ${error.port} is in use. Choose another: --port`)
  }
}

async function status(running: RunningAgent): Promise<Outcome> {
  const { isStopped, accounts } = await running.status()
  const lines = accounts.flatMap(({ deviceId, account, agent, rules, channels, spending }) => [
    '',
    ...table([
      ['device', deviceId],
      ['account', account],
      ['session key', agent],
      ['rules', rules.version === 0 ? 'none: nothing is paid' : `version ${rules.version}`],
      ['channels', channels.map(({ channelId }) => channelId).join(' ') || 'none'],
      ...spending.map(({ amount, what }) => ['paid', `${amount} for ${what}`] as const),
    ]),
  ])
  const head = `${running.url}${isStopped ? ', stopped: nothing is paid' : ''}`
  return { ok: true, text: [head, ...lines].join('\n'), data: { isStopped, accounts } }
}

async function pushRules(input: Input, running: RunningAgent): Promise<Outcome> {
  const file = input.text('file')
  if (file === undefined) return usageError('Say which rules: --file FILE')
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return usageError(`${file} can't be read as JSON.`)
  }
  return report(await running.tell('/rules', json), 'The agent has the rules.')
}

/** Opens a channel from the owner's key to the payee, for the session key; the agent takes it once it is final. */
async function fund(input: Input, io: Io, running: RunningAgent): Promise<Outcome> {
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
  const transaction = await transactions.open(key.value, terms, amount)
  io.print(`Opened by ${transaction}. Waiting until it is final ...`)
  const told = await untilFinal(() => running.tell('/channels', { deviceId, terms: termsToStore(terms) }))
  return report(told, 'The channel is open, and the agent has it.', {
    transaction,
    terms: termsToStore(terms),
  })
}

/** The first step, or, once the delay is over, the second. The vouchers that were signed stay good until then. */
async function leave(input: Input, io: Io, running: RunningAgent): Promise<Outcome> {
  const network = await loadNetwork(input, io)
  if (!network.ok) return failed(network.error.kind, network.error.detail ?? '')
  const { chain } = network.value
  const paymentChannels = chain.contracts?.paymentChannels
  if (paymentChannels === undefined)
    return failed('noPaymentChannels', 'This network has no PaymentChannels.')
  const account = (await running.status()).accounts.find(
    each => each.deviceId === lower(input.text('device')),
  )
  const held = account?.channels.find(({ channelId }) => channelId === lower(input.text('channel')))
  const terms = v.safeParse(termsSchema, held?.terms)
  if (!terms.success) return failed('channelUnknown', 'The agent has no such channel: fob agent status')
  const key = await loadKey(input, io, 'maker')
  if (!key.ok) return usageError(key.error.detail ?? '')
  const domain = { chainId: chain.id, paymentChannels }
  const now = Math.floor(Date.now() / 1000)
  const onChain = await channelReader(domain, chain, chain, () => now)(channelIdOf(terms.output))
  if (!onChain.ok) return failed(onChain.error.kind, onChain.error.detail)
  const { exitAt, deposit, claimed } = onChain.value
  if (exitAt === 1) return refused('channelNotOpen', 'The channel is closed.')
  if (exitAt > now) {
    return refused('exitNotReady', `The rest can be taken from ${new Date(exitAt * 1000).toISOString()} on.`)
  }
  const transactions = channelTransactions(domain, chain.endpoints)
  if (exitAt !== 0) {
    const transaction = await transactions.finishExit(key.value, terms.output)
    return {
      ok: true,
      text: `${deposit - claimed} came back.`,
      data: { transaction, refund: deposit - claimed },
    }
  }
  const transaction = await transactions.startExit(key.value, terms.output)
  const until = now + terms.output.exitDelay
  const text = `The rest can be taken from about ${new Date(until * 1000).toISOString()} on: the same command again.`
  return { ok: true, text, data: { transaction, exitDelay: terms.output.exitDelay } }
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

function readAmount(text: string | undefined, decimals: number): bigint | undefined {
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text)) return undefined
  const amount = parseUnits(text, decimals)
  return amount > 0n ? amount : undefined
}

const lower = (text: string | undefined) => (text ?? '').toLowerCase()

function texts<N extends string>(input: Input, names: readonly N[]): Record<N, string | undefined> {
  return Object.fromEntries(names.map(name => [name, input.text(name)])) as Record<N, string | undefined>
}

function report(
  told: Result<unknown, Failure>,
  text: string,
  data: Readonly<Record<string, unknown>> = {},
): Outcome {
  if (!told.ok)
    return refused(told.error.kind, `${told.error.kind}${told.error.detail ? `: ${told.error.detail}` : ''}`)
  return { ok: true, text, data: { ...data, answer: told.value } }
}
