// A trustless gateway as a block source: https://specs.ipfs.tech/http-gateways/trustless-gateway/
import type { CID } from 'multiformats/cid'
import { concat } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { type BlockFailure, type BlockRequest, type BlockSource, describe } from './source.ts'

/** `base` is the gateway's origin, with a path in front of `/ipfs` where it has one. undefined for anything but http(s). */
export function createGatewaySource(base: string): BlockSource | undefined {
  const url = URL.parse(base)
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return undefined
  const prefix = `${url.origin}${url.pathname.replace(/\/+$/, '')}`
  return {
    name: url.host,
    kind: 'gateway',
    // Six is what browsers open to one host over HTTP/1.1; more would only queue, and run into our time-outs there.
    maxInFlight: 6,
    get: (cid, request) => getBlock(prefix, cid, request),
  }
}

async function getBlock(
  prefix: string,
  cid: CID,
  { maxBytes, signal }: BlockRequest,
): Promise<Result<Uint8Array, BlockFailure>> {
  try {
    const response = await fetch(`${prefix}/ipfs/${cid}?format=raw`, {
      headers: { accept: 'application/vnd.ipld.raw' },
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      // Blocks have their own store; a second copy in the HTTP cache would only fill the quota.
      cache: 'no-store',
      signal,
    })
    if (!response.ok) {
      await response.body?.cancel()
      const detail = `HTTP ${response.status}`
      return response.status === 404 || response.status === 410
        ? fail({ kind: 'lacksBlock', detail })
        : fail({ kind: 'unreachable', detail })
    }
    return await readAtMost(response, maxBytes)
  } catch (error) {
    return fail({ kind: 'unreachable', detail: describe(error) })
  }
}

async function readAtMost(response: Response, maxBytes: number): Promise<Result<Uint8Array, BlockFailure>> {
  const reader = response.body?.getReader()
  if (!reader) return fail({ kind: 'wrongBytes', detail: 'an answer without a body' })
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return ok(concat(...parts))
    length += value.length
    if (length > maxBytes) {
      await reader.cancel()
      return fail({ kind: 'wrongBytes', detail: `more than the ${maxBytes} bytes that the block can have` })
    }
    parts.push(value)
  }
}
