// The attestor's HTTP: its key, signed hashes of final blocks, and the time. docs/attest.md has it byte by byte.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import * as v from 'valibot'
import { fromHex, type Hex } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import type { Failure } from '../../src/core/result.ts'
import { listen, readBody, shut } from '../http.ts'
import { allowEveryPage, createRateLimit, parseJson, sendFailure, sendJson } from '../jsonHttp.ts'
import type { Attestor } from './attestor.ts'

export interface AttestorServerOptions {
  readonly attestor: Attestor
  readonly host: string
  readonly port: number
  readonly chainId: number
  readonly maxDriftSeconds: number
  /** What only the process that holds the directory can say. */
  readonly instance: { readonly path: string; readonly id: string }
}

export interface AttestorServer {
  readonly url: string
  stop(): Promise<void>
}

const maxBody = 512
const limits = { perSecond: 20, burst: 60 }

const statusOf: Readonly<Record<string, number>> = {
  notFinal: 404,
  otherHashSigned: 409,
  timeOff: 409,
  clockUncertain: 503,
  chainUnreachable: 503,
}

const timeSchema = v.object({
  deviceId: v.pipe(
    v.string(),
    v.regex(/^0x[0-9a-f]{64}$/),
    v.transform(text => text as DeviceId),
  ),
  nonce: v.pipe(
    v.string(),
    v.regex(/^0x[0-9a-f]{32}$/),
    v.transform(text => fromHex(text) ?? new Uint8Array()),
  ),
  time: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(2 ** 40 - 1)),
})

/** Throws PortInUse where the port is taken. */
export async function startAttestorServer(options: AttestorServerOptions): Promise<AttestorServer> {
  const mayAsk = createRateLimit(limits.perSecond, limits.burst)
  const server = createServer((request, response) => {
    allowEveryPage(response)
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    if (!mayAsk(request)) return sendFailure(response, 429, { kind: 'tooMany' })
    answer(options, request, response).catch(() => {
      if (response.headersSent) response.destroy()
      else sendFailure(response, 500, { kind: 'attestorFailed' })
    })
  })
  await listen(server, options.port, options.host)
  return { url: `http://${options.host}:${options.port}`, stop: () => shut(server) }
}

async function answer(
  options: AttestorServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { attestor, chainId, maxDriftSeconds, instance } = options
  const { method, url = '' } = request
  const refuse = (failure: Failure) => sendFailure(response, statusOf[failure.kind] ?? 400, failure)
  if (method === 'GET') {
    if (url === '/') return sendJson(response, 200, { key: attestor.key, chainId, maxDriftSeconds })
    if (url === instance.path) return sendJson(response, 200, instance.id)
    const block = /^\/headers\/(0x[0-9a-f]{64}|\d{1,15})$/.exec(url)?.[1]
    if (block === undefined) return sendFailure(response, 404, { kind: 'unknownPath' })
    const attested = await attestor.header(block.startsWith('0x') ? (block as Hex) : Number(block))
    return attested.ok ? sendJson(response, 200, { chainId, ...attested.value }) : refuse(attested.error)
  }
  if (method !== 'POST') return sendFailure(response, 405, { kind: 'methodRefused' })
  if (url !== '/time') return sendFailure(response, 404, { kind: 'unknownPath' })
  const body = await readBody(request, maxBody)
  if (body === undefined) return sendFailure(response, 413, { kind: 'tooLong' })
  const asked = v.safeParse(timeSchema, parseJson(body))
  if (!asked.success) {
    const [issue] = asked.issues
    return refuse({ kind: 'malformed', detail: `${v.getDotPath(issue) ?? 'body'}: ${issue.message}` })
  }
  const signed = await attestor.time(asked.output)
  if (!signed.ok) return refuse(signed.error)
  sendJson(response, 200, { time: asked.output.time, signature: signed.value.signature })
}
