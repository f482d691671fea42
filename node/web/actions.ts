// What the app's own page may ask of this server by POST: a small JSON body in, a status out, and nobody else's page.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../http.ts'

const maxBodyBytes = 1024

/** Gets the parsed body; returns the status to answer with, without a body. */
export type Action = (body: unknown) => Promise<number>

/** Where the page itself may come from. Never told by the request: its Host is whatever name led a browser here. */
export const ownOrigins = (port: number): ReadonlySet<string> =>
  new Set([`http://127.0.0.1:${port}`, `http://localhost:${port}`])

/**
 * 403 where the request comes from another page or from no page, 415 for what is not JSON by its header (a form could be
 * sent across origins without being asked for), 413 and 400 for a body that is too long or no JSON, 503 where the
 * action throws.
 */
export async function answerAction(
  action: Action,
  origins: ReadonlySet<string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const status = await statusOf(action, origins, request)
  response.setHeader('cache-control', 'no-store')
  // A body that was not read to its end would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close')
  response.writeHead(status).end()
}

async function statusOf(
  action: Action,
  origins: ReadonlySet<string>,
  request: IncomingMessage,
): Promise<number> {
  const { origin, 'content-type': type = '' } = request.headers
  if (origin === undefined || !origins.has(origin)) return 403
  if (!/^application\/json\s*(;|$)/i.test(type)) return 415
  const bytes = await readBody(request, maxBodyBytes)
  if (bytes === undefined) return 413
  let body: unknown
  try {
    body = JSON.parse(bytes.toString('utf8'))
  } catch {
    return 400
  }
  return action(body).catch(() => 503)
}
