// Handing a document to a server: what is sent, and what is told of the answer.
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createPostJson } from '../../src/io/postJson.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const stop of cleanups.splice(0)) stop()
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/app/`
}

test('a relative address is one of the app’s own, and the body arrives as JSON', async () => {
  const heard: unknown[] = []
  const appUrl = await serve(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    heard.push([request.method, request.url, request.headers['content-type'], JSON.parse(body)])
    response.writeHead(204).end()
  })
  expect(await createPostJson(appUrl)('demo/faucet', { address: '0x12' })).toBe(204)
  expect(heard).toEqual([['POST', '/app/demo/faucet', 'application/json', { address: '0x12' }]])
})

test.each([200, 403, 429, 500])('%i is told as it is', async status => {
  const appUrl = await serve((_request, response) => void response.writeHead(status).end('{}'))
  expect(await createPostJson(appUrl)('/demo/faucet', {})).toBe(status)
})

test('a redirect, a broken connection and no server are no answer', async () => {
  const away = await serve((_request, response) => void response.writeHead(302, { location: '/x' }).end())
  expect(await createPostJson(away)('/demo/faucet', {})).toBeUndefined()
  const broken = await serve((_request, response) => void response.destroy())
  expect(await createPostJson(broken)('/demo/faucet', {})).toBeUndefined()
  expect(await createPostJson('http://127.0.0.1:1/')('/demo/faucet', {})).toBeUndefined()
  expect(await createPostJson('http://127.0.0.1:1/')('http://[', {})).toBeUndefined()
})
