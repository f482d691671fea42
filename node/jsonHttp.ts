// What the small JSON services have in common: any page may ask, answers are never kept, and nobody can ask too often.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { toHex } from '../src/core/bytes.ts'
import type { Failure } from '../src/core/result.ts'

/** Everything that is answered is public, or needs a token that another page does not have. */
export function allowEveryPage(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-allow-headers', 'authorization, content-type')
  response.setHeader('access-control-allow-methods', 'GET, POST')
  response.setHeader('access-control-allow-private-network', 'true')
  response.setHeader('access-control-max-age', '600')
  response.setHeader('cache-control', 'no-store')
}

/** Bytes as hexadecimal, big integers as decimal text. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body, (_key, value) => {
    if (value instanceof Uint8Array) return toHex(value)
    return typeof value === 'bigint' ? `${value}` : value
  })
  response.writeHead(status, { 'content-type': 'application/json' }).end(text)
}

export function sendFailure(response: ServerResponse, status: number, { kind, detail }: Failure): void {
  // A body that was not read to its end would be taken for the next request.
  if (!response.req.complete) response.setHeader('connection', 'close')
  sendJson(response, status, {
    error: { kind, ...(detail !== undefined && { detail: detail.slice(0, 500) }) },
  })
}

/** undefined for what is no JSON: no schema takes it. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}

const maxCallers = 4_096

/**
 * Whether a caller may ask once more: `burst` times at once, and then `perSecond` times. Callers are told apart by their
 * address, and many new ones at once share what one has.
 */
export function createRateLimit(
  perSecond: number,
  burst: number,
  now = () => performance.now(),
): (request: IncomingMessage) => boolean {
  const callers = new Map<string, { left: number; at: number }>()
  return request => {
    const at = now()
    const address = request.socket.remoteAddress ?? ''
    if (callers.size >= maxCallers && !callers.has(address)) {
      for (const [known, { at: last }] of callers) {
        if (at - last > (burst / perSecond) * 1000) callers.delete(known)
      }
    }
    const name = callers.size >= maxCallers && !callers.has(address) ? 'others' : address
    const caller = callers.get(name) ?? { left: burst, at }
    const left = Math.min(burst, caller.left + ((at - caller.at) / 1000) * perSecond)
    callers.set(name, { left: Math.max(0, left - 1), at })
    return left >= 1
  }
}
