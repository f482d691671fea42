import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEMO_MODELS } from '../../device/demo.ts'
import { findRunningAgent, type RunningAgent, reportTold } from '../agent/running.ts'
import { readDemoKeys } from '../chain/demoKeys.ts'
import { type Command, failed, type Input, type Io, type Outcome, table, usageError } from '../cli/command.ts'
import { keyHelp, keyOptions, loadPassphrase, passphraseOptions } from '../cli/key.ts'
import { parseAddress } from '../cli/model.ts'
import { loadNetwork, networkOptions } from '../cli/network.ts'
import { PortInUse } from '../http.ts'
import { usualIssuerSettings } from '../issuer/runIssuer.ts'
import { demoFactoryImage } from '../release/demo.ts'
import { fund, leave, readAmount } from './agentFunds.ts'
import { code, issue } from './agentIssue.ts'

const actions = [
  'run',
  'status',
  'add',
  'rules',
  'fund',
  'leave',
  'hire',
  'update',
  'code',
  'issue',
  'stop',
  'start',
] as const
type Action = (typeof actions)[number]

const defaultPort = 8650

export const agent: Command = {
  usage: 'ACTION [options]',
  description: `run     runs the agent until Ctrl-C; the others speak to one that is running
status  what it holds, may and did
add     makes a session key for a device account: --device --owner --account
rules   hands it the rules that the owner has signed: --file
fund    opens a channel to somebody, for the session key, out of the owner's own key: --device --payee --amount
leave   ends a channel: at once where who is paid agrees, else it begins to leave, and takes the rest back once the delay is over:
        --device --channel, with the owner's own key
hire    hires another owner's device: --device --url --hired --units
update  updates a device within reach
code    shows the code by which the owner’s app finds this box: --url where it is reached from outside
issue   tells it to sign grants for the orders of a device, or with --off not to: --device, with the owner’s own key
stop    nothing is paid or signed from here on, also after a restart; start takes that back

The account's own key is never here: a stolen box can give the channels' deposits to their payees, and nothing else.
For fund, leave and issue: ${keyHelp}`,
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
    'for-anybody': {
      type: 'boolean',
      help: 'sign for any device whose owner asks; default: for those that were added',
    },
    'last-minutes': {
      type: 'string',
      value: 'MINUTES',
      help: 'no grant is signed so shortly before an order’s deadline; default: 30',
    },
    'gas-per-day': {
      type: 'string',
      value: 'COINS',
      help: 'the most for gas within 24 hours; default: 0.05',
    },
    device: { type: 'string', value: 'ID', help: 'the device whose account it is about' },
    owner: {
      type: 'string',
      multiple: true,
      value: 'ADDRESS',
      help: 'add: whose rules the agent obeys; run: for all devices of this owner it signs where he asks it to',
    },
    account: { type: 'string', value: 'ADDRESS', help: 'the device account' },
    file: { type: 'string', value: 'FILE', help: 'a signed AgentRules statement, as JSON' },
    payee: { type: 'string', value: 'ADDRESS', help: 'who can be paid by the channel' },
    amount: { type: 'string', value: 'COINS', help: 'the deposit: the most that can be lost' },
    channel: { type: 'string', value: 'ID', help: 'the channel to leave' },
    'exit-days': { type: 'string', value: 'DAYS', help: 'the channel’s exit delay; default: 7' },
    url: {
      type: 'string',
      value: 'URL',
      help: 'hire: the other owner’s agent; code: this agent, from outside',
    },
    off: { type: 'boolean', help: 'issue: no grants are signed for the device from here on' },
    offer: {
      type: 'string',
      multiple: true,
      value: 'ID',
      help: 'issue: for the orders of this offer alone; default: of all offers of the device',
    },
    'withdraw-hours': {
      type: 'string',
      value: 'HOURS',
      help: 'issue: how often earnings are paid out to the owner; default: 24; 0: never',
    },
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
      return reportTold(await running.tell('/accounts', names), 'The account is with the agent.')
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
      return reportTold(await running.tell('/hire', asked), 'Hired and paid.')
    }
    case 'update':
      return reportTold(await running.tell('/update', { deviceId: lower(input.text('device')) }), 'Done.')
    case 'code':
      return code(input, running)
    case 'issue':
      return issue(input, io, running)
    case 'stop':
      return reportTold(await running.tell('/stop', {}), 'Nothing is paid or signed any more.')
    case 'start':
      return reportTold(await running.tell('/start', {}), 'The rules hold again.')
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
  const owners = input.texts('owner').map(parseAddress)
  if (owners.includes(undefined)) return usageError('--owner takes an address.')
  const lastSeconds = Number(input.text('last-minutes') ?? usualIssuerSettings.lastSeconds / 60) * 60
  if (!Number.isInteger(lastSeconds) || lastSeconds < 0) return usageError('--last-minutes is a number.')
  const { decimals } = network.value.chain.currency
  const gasText = input.text('gas-per-day')
  const gasPerDay = gasText === undefined ? usualIssuerSettings.gasPerDay : readAmount(gasText, decimals)
  if (gasPerDay === undefined) return usageError('--gas-per-day takes an amount of coins.')
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
      issuing: {
        ...usualIssuerSettings,
        isOpen: input.isSet('for-anybody'),
        owners: owners.filter(each => each !== undefined),
        lastSeconds,
        gasPerDay,
      },
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
    const { issuer } = started.value
    if (issuer !== null) {
      io.print(
        `Give ${issuer.gas.address} some coins for gas, if it is to sign grants. The app finds it by: fob agent code`,
      )
    }
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
  const { isStopped, accounts, issuing } = await running.status()
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
  const signing = issuing
    ? table([
        ['signs for', `${issuing.devices.length} devices${issuing.isOpen ? ', and for anybody’s' : ''}`],
        ['gas', `${issuing.gas.account}: ${issuing.gas.spentToday} spent within a day`],
        [
          'orders',
          Object.entries(issuing.orders)
            .map(([state, count]) => `${count} ${state}`)
            .join(', '),
        ],
      ])
    : []
  const head = `${running.url}${isStopped ? ', stopped: nothing is paid or signed' : ''}`
  return { ok: true, text: [head, ...signing, ...lines].join('\n'), data: { isStopped, accounts, issuing } }
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
  return reportTold(await running.tell('/rules', json), 'The agent has the rules.')
}

const lower = (text: string | undefined) => (text ?? '').toLowerCase()

function texts<N extends string>(input: Input, names: readonly N[]): Record<N, string | undefined> {
  return Object.fromEntries(names.map(name => [name, input.text(name)])) as Record<N, string | undefined>
}
