// Keeps the flash of the demo devices for the app's own page, so that all browsers here meet the same devices.
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { readFileIfThere, writeFileWhole } from '../files.ts'
import { readBody } from '../http.ts'

/** Below it is the device's name, percent-encoded. */
export const demoMemoryPath = '/demo/memory'

const maxBytes = 4 * 1024 * 1024
/** Milliseconds for which a device is one browser's after it last said so: one that was closed does not come back. */
const leaseLasts = 10_000

export type DemoMemory = (
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
  origins: ReadonlySet<string>,
) => Promise<void>

/** Puts a device there as if a browser had; not over one that somebody has already. */
export function placeDemoDevice(directory: string, id: string, bytes: Uint8Array): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = demoFile(directory, id)
  if (!readFileIfThere(file)) writeFileWhole(file, bytes, 0o600)
}

const demoFile = (directory: string, id: string): string =>
  join(directory, `${createHash('sha256').update(id).digest('hex')}.gz`)

/**
 * GET: what was put last, with its ETag; 304 for `If-None-Match`, 204 where there is nothing yet. PUT: the bytes, taken as they
 * are, only over what `If-Match` names, or with `If-None-Match: *` over nothing, else 412. 403 for a PUT from another page,
 * 413 for more than 4 MiB, 404 for a device that is not among `ids`. Of those in `unshared`, which each browser has for
 * itself, nothing is kept: 204. POST with `Fob-Holder`: the device is that browser's for ten seconds, 204, or another one's,
 * 409; DELETE ends that. A PUT by anybody else meanwhile is 409: as of a real device, there is one, and it goes on in one place.
 */
export function createDemoMemory(
  directory: string,
  ids: ReadonlySet<string>,
  unshared: ReadonlySet<string> = new Set(),
  now = () => performance.now(),
): DemoMemory {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const fileOf = (id: string) => demoFile(directory, id)
  const tagOf = (bytes: Uint8Array) =>
    `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`

  const leases = new Map<string, { readonly holder: string; readonly until: number }>()
  const isAnothers = (id: string, holder: unknown): boolean => {
    const lease = leases.get(id)
    return lease !== undefined && lease.until > now() && lease.holder !== holder
  }

  return async (id, request, response, origins) => {
    response.setHeader('cache-control', 'no-store')
    const answer = (status: number) => {
      // A body that was not read to its end would be taken for the next request.
      if (!request.complete) response.setHeader('connection', 'close')
      response.writeHead(status).end()
    }
    if (unshared.has(id)) {
      // Read to its end: a browser takes an answer that comes before that for a connection that broke, and tries again.
      await readBody(request, maxBytes)
      return answer(204)
    }
    if (!ids.has(id)) return answer(404)
    const {
      origin,
      'if-match': ifMatch,
      'if-none-match': ifNoneMatch,
      'fob-holder': holder,
    } = request.headers
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      if (origin === undefined || !origins.has(origin)) return answer(403)
      if (isAnothers(id, holder)) return answer(409)
    }
    if (request.method === 'POST') {
      if (typeof holder !== 'string' || !/^[\w-]{1,64}$/.test(holder)) return answer(400)
      leases.set(id, { holder, until: now() + leaseLasts })
      return answer(204)
    }
    if (request.method === 'DELETE') {
      leases.delete(id)
      return answer(204)
    }
    if (request.method === 'PUT') {
      const bytes = await readBody(request, maxBytes)
      if (bytes === undefined) return answer(413)
      const held = readFileIfThere(fileOf(id))
      const isMeant = held ? ifMatch === tagOf(held) : ifNoneMatch === '*'
      if (!isMeant) return answer(412)
      writeFileWhole(fileOf(id), bytes, 0o600)
      response.setHeader('etag', tagOf(bytes))
      return answer(204)
    }
    const held = readFileIfThere(fileOf(id))
    // Not 404: that would be an error in the console of everybody who begins.
    if (!held) return answer(204)
    response.setHeader('etag', tagOf(held))
    if (ifNoneMatch === tagOf(held)) return answer(304)
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': held.length })
    response.end(request.method === 'HEAD' ? undefined : held)
  }
}
