// The agent's HTTP: behind a token for its owner (status, rules, channels, stop), open to other agents for hiring.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import * as v from 'valibot'
import type { DeviceId } from '../../src/core/identity.ts'
import type { Failure, Result } from '../../src/core/result.ts'
import { channelIdOf } from '../../src/core/voucher/channel.ts'
import type { PayerPurse } from '../../src/core/voucher/payerPurse.ts'
import { termsToStore } from '../../src/core/voucher/storedTerms.ts'
import { type Agreement, agreementToSend } from '../channels/endChannel.ts'
import { readFileIfThere, writeFileDurably } from '../files.ts'
import { listen, readBody, shut } from '../http.ts'
import { answerIssuer, type IssuerService } from '../issuer/answerIssuer.ts'
import { allowEveryPage, parseJson, sendJson } from '../jsonHttp.ts'
import type { AnswerKiosk } from '../kiosk/kioskBox.ts'
import { type AgentAccount, readNames } from './account.ts'
import type { Agent } from './agent.ts'
import { type Hired, hireDevice } from './hireDevice.ts'
import { answerHire, type LetService } from './letService.ts'
import type { OwnUpdate } from './ownUpdate.ts'

export interface AgentServerOptions {
  readonly agent: Agent
  readonly host: string
  readonly port: number
  /** 32 bytes. */
  readonly token: Uint8Array
  readonly services: ReadonlyMap<DeviceId, LetService>
  /** null where the network has no Market. */
  readonly issuing: { readonly service: IssuerService; status(): unknown } | null
  /** Of kiosks; null where the network has no Market. */
  readonly kiosk: AnswerKiosk | null
  readonly domain: LetService['domain']
  /** Updates a device that is within reach; fails with deviceUnknown for any other. */
  update(deviceId: DeviceId): Promise<Result<OwnUpdate, Failure>>
  /** Asks the payee of this purse to agree to the channel's end. */
  askToClose(purse: PayerPurse): Promise<Result<Agreement, Failure>>
}

export interface AgentServer {
  readonly url: string
  stop(): Promise<void>
}

/** A signed statement with 64 payees for each purpose is the longest. */
const maxBody = 32 * 1024
const maxUnits = 10_000

/** The token of this box, made at the first start and readable by this user alone. */
export function loadOrMakeToken(directory: string): Uint8Array {
  const file = join(directory, 'token')
  const stored = readFileIfThere(file)?.toString('utf8').trim()
  if (stored !== undefined && /^[0-9a-f]{64}$/.test(stored)) return Buffer.from(stored, 'hex')
  const token = randomBytes(32)
  writeFileDurably(file, `${token.toString('hex')}\n`, 0o600)
  return token
}

/** Throws PortInUse where the port is taken. */
export async function startAgentServer(options: AgentServerOptions): Promise<AgentServer> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  await listen(server, options.port, options.host)
  return { url: `http://${options.host}:${options.port}`, stop: () => shut(server) }
}

async function answer(
  options: AgentServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // The owner's app asks from another origin; without the token it learns nothing.
  allowEveryPage(response)
  if (request.method === 'OPTIONS') return void response.writeHead(204).end()
  if (await answerHire(options.services, request, response)) return
  const { issuing } = options
  if (issuing && (await answerIssuer(issuing.service, request, response))) return
  if (options.kiosk && (await options.kiosk(request, response))) return
  if (!isOwner(options.token, request)) return sendJson(response, 401, { error: { kind: 'tokenMissing' } })
  const { agent } = options
  if (request.method === 'GET' && request.url === '/status')
    return sendJson(response, 200, { ...statusOf(agent), issuing: issuing?.status() ?? null })
  if (request.method !== 'POST') return sendJson(response, 404, { error: { kind: 'unknownPath' } })
  const body = await readBody(request, maxBody)
  if (body === undefined) return sendJson(response, 413, { error: { kind: 'tooLong' } })
  const task = tasks[request.url ?? '']
  if (task === undefined) return sendJson(response, 404, { error: { kind: 'unknownPath' } })
  const result = await task(options, parseJson(body))
  return result.ok ? sendJson(response, 200, result.value) : sendJson(response, 409, { error: result.error })
}

function isOwner(token: Uint8Array, request: IncomingMessage): boolean {
  const given = Buffer.from(request.headers.authorization?.replace(/^Bearer /, '') ?? '', 'hex')
  return given.length === token.length && timingSafeEqual(given, token)
}

type Task = (options: AgentServerOptions, json: unknown) => Promise<Result<unknown, Failure>>

const deviceId = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]{64}$/),
  v.transform(text => text as DeviceId),
)
const aboutDevice = v.looseObject({ deviceId })
const channelSchema = v.object({ deviceId, terms: v.unknown() })
const endSchema = v.object({ deviceId, channelId: v.string() })
const hireSchema = v.object({
  deviceId,
  url: v.pipe(v.string(), v.regex(/^https?:\/\/[^/?#@\s]+\/?$/), v.maxLength(300)),
  hired: deviceId,
  units: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(maxUnits)),
  pauseMs: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
})

const malformed = (detail: string) => ({ ok: false, error: { kind: 'malformed', detail } }) as const

async function forAccount<S extends v.GenericSchema<unknown, { deviceId: DeviceId }>>(
  { agent }: AgentServerOptions,
  schema: S,
  json: unknown,
  then: (account: AgentAccount, asked: v.InferOutput<S>) => Promise<Result<unknown, Failure>>,
): Promise<Result<unknown, Failure>> {
  const asked = v.safeParse(schema, json)
  if (!asked.success) return malformed(asked.issues[0].message)
  const account = agent.account(asked.output.deviceId)
  if (account === undefined)
    return { ok: false, error: { kind: 'deviceUnknown', detail: asked.output.deviceId } }
  return then(account, asked.output)
}

const tasks: Readonly<Record<string, Task | undefined>> = {
  '/accounts': async ({ agent }, json) => {
    const names = readNames(json)
    if (names === undefined) return malformed('deviceId, owner and account, in lower case')
    const added = await agent.add(names)
    return added.ok ? { ok: true, value: accountStatus(added.value) } : added
  },
  '/rules': (options, json) =>
    forAccount(options, aboutDevice, json, async account => {
      const taken = account.takeRules(json)
      return taken.ok ? { ok: true, value: { version: taken.value.version } } : describe(taken.error)
    }),
  '/channels': (options, json) =>
    forAccount(options, channelSchema, json, async (account, { terms }) => {
      const added = await account.addChannel(terms)
      return added.ok ? { ok: true, value: { channelId: channelIdOf(added.value) } } : added
    }),
  '/agreement': (options, json) =>
    forAccount(options, endSchema, json, async (account, { channelId }) => {
      const purse = await account.purseToEnd(channelId)
      const agreed = purse.ok ? await options.askToClose(purse.value) : purse
      return agreed.ok ? { ok: true, value: agreementToSend(agreed.value) } : agreed
    }),
  '/stop': async ({ agent }) => {
    agent.halt()
    return { ok: true, value: { isStopped: true } }
  },
  '/start': async ({ agent }) => {
    agent.resume()
    return { ok: true, value: { isStopped: false } }
  },
  '/update': (options, json) =>
    forAccount(options, aboutDevice, json, account => options.update(account.deviceId)),
  '/hire': (options, json) =>
    forAccount(options, hireSchema, json, async (account, { url, hired, units, pauseMs }) => {
      const { domain } = options
      const outcome = await hireDevice({
        account,
        domain,
        url,
        deviceId: hired,
        units,
        ...(pauseMs !== undefined && { pauseMs }),
      })
      return outcome.ok ? { ok: true, value: hiredToSend(outcome.value) } : outcome
    }),
}

const hiredToSend = ({ units, spent }: Hired) => ({ units, spent: `${spent}` })

/** A refusal with its particulars as text. */
function describe(error: { readonly kind: string }): Result<never, Failure> {
  const detail = Object.entries(error)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
  return { ok: false, error: { kind: error.kind, detail } }
}

function accountStatus(account: AgentAccount) {
  const { version, rules } = account.rules()
  return {
    deviceId: account.deviceId,
    owner: account.owner,
    account: account.account,
    /** What a channel names as its signer, and rules as their agent. */
    agent: account.agent,
    rules: { version, rules },
    channels: account
      .channels()
      .map(terms => ({ channelId: channelIdOf(terms), terms: termsToStore(terms) })),
    spending: account.spending.log(),
  }
}

const statusOf = (agent: Agent) => ({
  isStopped: agent.isStopped(),
  accounts: agent.accounts().map(accountStatus),
})
