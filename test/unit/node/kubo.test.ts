// Adding through Kubo's RPC, against a small server that answers as Kubo does.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort, listen, readBody, shut } from '../../../node/http.ts'
import { firmwareCid } from '../../../node/seed/firmwareFile.ts'
import { addToKubo } from '../../../node/seed/kubo.ts'

const running: Server[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await shut(server)
})

type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void | Promise<void>

async function kubo(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    void readBody(request, 10_000_000).then(body => handler(request, response, body ?? Buffer.alloc(0)))
  })
  running.push(server)
  const port = await freePort()
  await listen(server, port, '127.0.0.1')
  return `http://127.0.0.1:${port}`
}

/** The one part of a multipart/form-data body. */
function filePart(request: IncomingMessage, body: Buffer): { headers: string; content: Buffer } {
  const boundary = /boundary=(.+)$/.exec(request.headers['content-type'] ?? '')?.[1] ?? ''
  const start = body.indexOf('\r\n\r\n') + 4
  return {
    headers: body.subarray(0, start).toString(),
    content: body.subarray(start, body.lastIndexOf(`\r\n--${boundary}`)),
  }
}

/** As Kubo 0.35 answers: JSON lines, `Size` as text, the trailing newline. */
const honest: Handler = async (request, response, body) => {
  const { headers, content } = filePart(request, body)
  const name = /filename="([^"]+)"/.exec(headers)?.[1] ?? ''
  response.writeHead(200, {
    'content-type': 'application/json',
    'x-chunked-output': '1',
    trailer: 'X-Stream-Error',
  })
  const cid = await firmwareCid(content)
  response.end(`${JSON.stringify({ Name: name, Hash: cid.toString(), Size: String(content.length) })}\n`)
}

const bytes = new Uint8Array(200_000).fill(9)

describe('addToKubo', () => {
  it('sends the file with the parameters that fix the CID, and returns it', async () => {
    let url: URL | undefined
    let method: string | undefined
    const base = await kubo((request, response, body) => {
      url = new URL(request.url ?? '', 'http://kubo')
      method = request.method
      return honest(request, response, body)
    })
    const added = await addToKubo({ url: `${base}/` }, 'image.bin', bytes)
    expect(added).toEqual({ ok: true, value: (await firmwareCid(bytes)).toString() })
    expect(method).toBe('POST')
    expect(url?.pathname).toBe('/api/v0/add')
    expect(Object.fromEntries(url?.searchParams ?? [])).toMatchObject({
      'cid-version': '1',
      'raw-leaves': 'true',
      chunker: 'size-65536',
      'max-file-links': '174',
      pin: 'true',
    })
  })

  it('sends the Authorization header that it is given', async () => {
    let authorization: string | undefined
    const base = await kubo((request, response, body) => {
      authorization = request.headers.authorization
      return honest(request, response, body)
    })
    await addToKubo({ url: base, authorization: 'Bearer secret' }, 'image.bin', bytes)
    expect(authorization).toBe('Bearer secret')
  })

  it.each<[string, Handler, string]>([
    [
      'an error of Kubo’s own',
      (_request, response) =>
        void response
          .writeHead(500, { 'content-type': 'application/json' })
          .end('{"Message":"disk is full","Code":0,"Type":"error"}\n'),
      'kuboRefused',
    ],
    [
      'an error behind a first line that was fine',
      (_request, response) =>
        void response.end(
          '{"Name":"x","Hash":"bafy","Size":"1"}\n{"Message":"pin failed","Code":0,"Type":"error"}\n',
        ),
      'kuboRefused',
    ],
    [
      '403 without JSON',
      (_request, response) => void response.writeHead(403).end('403 - Forbidden\n'),
      'kuboRefused',
    ],
    ['an empty answer', (_request, response) => void response.end(''), 'kuboMalformed'],
    ['HTML', (_request, response) => void response.end('<html></html>'), 'kuboMalformed'],
    ['a connection that is cut', (_request, response) => void response.destroy(), 'kuboUnreachable'],
  ])('returns a failure for %s', async (_what, handler, kind) => {
    const added = await addToKubo({ url: await kubo(handler) }, 'image.bin', bytes)
    expect(added).toMatchObject({ ok: false, error: { kind } })
  })

  it('returns a failure where nobody listens', async () => {
    const added = await addToKubo({ url: `http://127.0.0.1:${await freePort()}` }, 'image.bin', bytes)
    expect(added).toMatchObject({ ok: false, error: { kind: 'kuboUnreachable' } })
  })
})
