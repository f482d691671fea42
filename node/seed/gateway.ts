// A trustless HTTP gateway over a block store: one block per request, which whoever asked verifies.
// Source: specs.ipfs.tech, "Trustless Gateway Specification", raw blocks.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { CID } from 'multiformats/cid'
import { parseCid } from './firmwareFile.ts'

const rawType = 'application/vnd.ipld.raw'
/** Bitswap's and the gateways' limit for one block. */
const maxBlockBytes = 2 * 1024 * 1024

export interface BlockSource {
  has(cid: CID): Promise<boolean> | boolean
  /** `offline`: never asks the network for what is not here. */
  get(
    cid: CID,
    options: { offline?: true; signal?: AbortSignal },
  ): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** `isPaid`: what is here is sold elsewhere, and the gateway says so. */
export function createGateway(blocks: BlockSource, { isPaid = false } = {}): Server {
  return createServer((request, response) => {
    answerBlock(blocks, isPaid, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
}

/** To any request at all: what is none for a block is refused. */
export async function answerBlock(
  blocks: BlockSource,
  isPaid: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-allow-methods', 'GET, HEAD')
  response.setHeader('access-control-allow-headers', 'accept, range')
  response.setHeader('access-control-expose-headers', 'content-length, x-ipfs-path')
  response.setHeader('access-control-allow-private-network', 'true')
  response.setHeader('x-content-type-options', 'nosniff')
  if (request.method === 'OPTIONS') return void response.writeHead(204).end()
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(response, 405, 'GET and HEAD only', { allow: 'GET, HEAD, OPTIONS' })
  }
  const url = new URL(request.url ?? '/', 'http://gateway')
  const [, root, text = '', ...rest] = url.pathname.split('/')
  if (root !== 'ipfs') return refuse(response, 404, 'Only /ipfs/{cid}')
  const cid = parseCid(text)
  if (cid === undefined) return refuse(response, 400, 'Not a CID')
  if (rest.some(part => part !== '')) return refuse(response, 400, 'No paths here, only /ipfs/{cid}')
  const format = url.searchParams.get('format')
  // `format` wins over `Accept`, as the specification says.
  const wantsRaw = format === null ? request.headers.accept?.includes(rawType) === true : format === 'raw'
  if (!wantsRaw) return refuse(response, 406, `Only ?format=raw, ${rawType}`)
  if (!(await blocks.has(cid))) {
    return refuse(response, 404, 'This block is not here', { 'cache-control': 'no-store' })
  }
  if (isPaid) {
    return refuse(response, 402, 'Sold for vouchers: /fob/serve/1.0.0', { 'cache-control': 'no-store' })
  }
  const etag = `"${cid.toString()}.raw"`
  const headers = {
    'content-type': rawType,
    'content-disposition': `attachment; filename="${cid.toString()}.bin"`,
    'cache-control': 'public, max-age=29030400, immutable',
    etag,
    'x-ipfs-path': `/ipfs/${cid.toString()}`,
  }
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304, headers).end()
  const block = await readBlock(blocks, cid)
  response.writeHead(200, { ...headers, 'content-length': block.length })
  response.end(request.method === 'HEAD' ? undefined : block)
}

/** From the store alone; throws where it has none, or one that is larger than any gateway hands out. */
export async function readBlock(blocks: BlockSource, cid: CID): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of blocks.get(cid, { offline: true })) {
    chunks.push(chunk)
    length += chunk.length
    if (length > maxBlockBytes) throw new Error('a block is larger than any gateway hands out')
  }
  return Buffer.concat(chunks)
}

function refuse(
  response: ServerResponse,
  status: number,
  why: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${why}\n`)
}
