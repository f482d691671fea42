// The payee's side of hiring: a device of this owner works by the unit, one unit on credit, the next after the voucher.
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as v from 'valibot'
import type { Address } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import type { Failure } from '../../src/core/result.ts'
import { type ChannelDomain, channelIdOf } from '../../src/core/voucher/channel.ts'
import type { PayeeState } from '../../src/core/voucher/payee.ts'
import type { PayeeLedger } from '../../src/core/voucher/payeeLedger.ts'
import { readBody } from '../http.ts'
import type { ActOnce } from './actOnDevice.ts'
import {
  type HireOffer,
  maxHireBody,
  meetSchema,
  unitSchema,
  voucherSchema,
  voucherToSend,
} from './hireWire.ts'

export interface LetService {
  readonly deviceId: DeviceId
  /** In words for a log, as in "power, by the minute". */
  readonly service: string
  readonly domain: ChannelDomain
  /** The device account, which earns. */
  readonly payee: Address
  readonly token: Address | null
  readonly pricePerUnit: bigint
  readonly unitSeconds: number
  readonly minExitDelay: number
  /** Of this device alone. */
  readonly ledger: PayeeLedger
  readonly act: ActOnce
  readonly isStopped: () => boolean
}

/** Answers requests under /hire/; false for any other. Open to everybody: what is here is paid for. */
export async function answerHire(
  services: ReadonlyMap<DeviceId, LetService>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const path = /^\/hire\/(0x[0-9a-f]{64})(?:\/(meet|unit|voucher))?$/.exec(request.url ?? '')
  if (path === null) return false
  const [, id, action] = path
  const service = services.get(id as DeviceId)
  if (service === undefined) return refuse(response, 404, { kind: 'notForHire', detail: id ?? '' })
  if (action === undefined) {
    if (request.method !== 'GET') return refuse(response, 405, { kind: 'methodRefused' })
    return answer(response, offerOf(service))
  }
  if (request.method !== 'POST') return refuse(response, 405, { kind: 'methodRefused' })
  const body = await readBody(request, maxHireBody)
  if (body === undefined) return refuse(response, 413, { kind: 'tooLong' })
  if (service.isStopped()) return refuse(response, 503, { kind: 'agentStopped' })
  const json = parse(body)
  if (action === 'meet') return answerMeet(service, json, response)
  return action === 'unit' ? answerUnit(service, json, response) : answerVoucher(service, json, response)
}

async function answerMeet({ ledger }: LetService, json: unknown, response: ServerResponse): Promise<true> {
  const asked = v.safeParse(meetSchema, json)
  if (!asked.success) return malformed(response, asked.issues[0])
  const met = await ledger.meet(asked.output.terms)
  return met.ok ? answer(response, standingOf(met.value)) : refuse(response, 409, met.error)
}

async function answerUnit(
  { ledger, pricePerUnit, act }: LetService,
  json: unknown,
  response: ServerResponse,
): Promise<true> {
  const asked = v.safeParse(unitSchema, json)
  if (!asked.success) return malformed(response, asked.issues[0])
  const { terms, unit } = asked.output
  const lent = await ledger.lend(terms, unit, pricePerUnit)
  if (!lent.ok) return refuse(response, 402, { kind: lent.error.kind, detail: words(lent.error) })
  // It is written that the unit is owed. The device does each unit once, so this can be asked again until it is done.
  const done = await act(`${channelIdOf(terms)} ${unit}`)
  return done.ok ? answer(response, standingOf(lent.value)) : refuse(response, 503, done.error)
}

async function answerVoucher({ ledger }: LetService, json: unknown, response: ServerResponse): Promise<true> {
  const asked = v.safeParse(voucherSchema, json)
  if (!asked.success) return malformed(response, asked.issues[0])
  const accepted = await ledger.accept(asked.output.terms, asked.output.voucher)
  if (accepted.ok) return answer(response, standingOf(accepted.value))
  return refuse(response, 409, { kind: accepted.error.kind, detail: words(accepted.error) })
}

function offerOf(service: LetService): { readonly [K in keyof HireOffer]: unknown } {
  const { domain, payee, token, pricePerUnit, unitSeconds, minExitDelay } = service
  return {
    service: service.service,
    ...domain,
    payee,
    token,
    pricePerUnit: `${pricePerUnit}`,
    unitSeconds,
    minExitDelay,
  }
}

const standingOf = ({ delivered, accepted, lent }: PayeeState) => ({
  delivered: `${delivered}`,
  accepted: accepted && voucherToSend(accepted),
  lent,
})

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    // No JSON: no schema fits it.
    return undefined
  }
}

const words = (error: object): string =>
  Object.entries(error)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

const malformed = (response: ServerResponse, issue: v.BaseIssue<unknown>) =>
  refuse(response, 400, { kind: 'malformed', detail: `${v.getDotPath(issue) ?? 'body'}: ${issue.message}` })

function answer(response: ServerResponse, body: unknown): true {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  return true
}

function refuse(response: ServerResponse, status: number, { kind, detail }: Failure): true {
  const error = { kind, ...(detail && { detail: detail.slice(0, 500) }) }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
  return true
}
