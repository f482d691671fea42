// The agent's HTTP for paid unlocks, open to everybody: its key for a device, the owner's word, and grants that are paid for.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Hex } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import { readBody } from '../http.ts'
import { parseJson, sendFailure, sendJson } from '../jsonHttp.ts'
import type { IssuedOrder, Issuer } from './issuer.ts'

export interface IssuerService {
  readonly issuer: Issuer
  readonly deviceRegistry: Hex
  readonly isOpen: boolean
  readonly lastSeconds: number
  readonly isStopped: () => boolean
  readonly mayAsk: (request: IncomingMessage) => boolean
}

/** A statement with 64 offers is the longest. */
const maxBody = 8 * 1024

/** Answers requests under /issuer and /orders; false for any other. */
export async function answerIssuer(
  service: IssuerService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { issuer, mayAsk } = service
  const [, place, id] = /^\/(issuer|orders)(?:\/(0x[0-9a-f]{64}))?$/.exec(request.url ?? '') ?? []
  if (place === undefined || (place === 'orders' && id === undefined)) return false
  if (!mayAsk(request)) return refuse(response, 429, 'tooMany')
  if (request.method === 'GET') {
    if (id === undefined) return answer(response, describeService(service))
    if (place === 'issuer') return answer(response, describeDevice(issuer, id as DeviceId))
    const order = issuer.order(id as Hex)
    return order ? answer(response, describeOrder(order)) : refuse(response, 404, 'orderUnknown')
  }
  if (request.method !== 'POST' || place !== 'issuer' || id === undefined)
    return refuse(response, 405, 'methodRefused')
  const body = await readBody(request, maxBody)
  if (body === undefined) return refuse(response, 413, 'tooLong')
  const taken = await issuer.take(id as DeviceId, parseJson(body))
  if (!taken.ok) {
    sendFailure(response, taken.error.kind === 'unproven' ? 503 : 409, taken.error)
    return true
  }
  const { version, isOn } = taken.value
  return answer(response, { version, isOn })
}

const describeService = ({ issuer, deviceRegistry, isOpen, lastSeconds, isStopped }: IssuerService) => ({
  ...issuer.domain,
  deviceRegistry,
  isOpen,
  lastSeconds,
  isStopped: isStopped(),
})

function describeDevice(issuer: Issuer, deviceId: DeviceId) {
  const issuing = issuer.issuingOf(deviceId)
  return {
    key: issuer.keyOf(deviceId),
    state: issuing === undefined ? 'none' : issuing.isOn ? 'on' : 'off',
    version: issuing?.version ?? 0,
    offers: issuing?.offers ?? [],
    withdrawEvery: issuing?.withdrawEvery ?? 0,
  }
}

const describeOrder = ({ state, reason, order, issued }: IssuedOrder) => ({
  state,
  ...(reason !== null && { reason }),
  order,
  ...issued,
})

function answer(response: ServerResponse, body: unknown): true {
  sendJson(response, 200, body)
  return true
}

function refuse(response: ServerResponse, status: number, kind: string): true {
  sendFailure(response, status, { kind })
  return true
}
