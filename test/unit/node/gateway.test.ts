// The trustless gateway, over HTTP as a browser uses it.
import type { Server } from 'node:http'
import { MemoryBlockstore } from 'blockstore-core/memory'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, listen, shut } from '../../../node/http.ts'
import { addFirmwareFile, firmwareCid } from '../../../node/seed/firmwareFile.ts'
import { createGateway } from '../../../node/seed/gateway.ts'

const content = new TextEncoder().encode('hello\n')
const store = new MemoryBlockstore()
let server: Server
let base: string
let cid: string

beforeAll(async () => {
  cid = (await addFirmwareFile(store, content)).toString()
  server = createGateway(store)
  const port = await freePort()
  await listen(server, port, '127.0.0.1')
  base = `http://127.0.0.1:${port}`
})
afterAll(() => shut(server))

describe('the gateway', () => {
  it('hands out a block for ?format=raw', async () => {
    const response = await fetch(`${base}/ipfs/${cid}?format=raw`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/vnd.ipld.raw')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(content)
  })

  it('hands out a block for the Accept header alone', async () => {
    const response = await fetch(`${base}/ipfs/${cid}`, { headers: { accept: 'application/vnd.ipld.raw' } })
    expect(response.status).toBe(200)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(content)
  })

  it('answers HEAD with the size and no body', async () => {
    const response = await fetch(`${base}/ipfs/${cid}?format=raw`, { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-length')).toBe(String(content.length))
    expect((await response.arrayBuffer()).byteLength).toBe(0)
  })

  it('answers 304 to whoever has the block', async () => {
    const first = await fetch(`${base}/ipfs/${cid}?format=raw`)
    const etag = first.headers.get('etag') ?? ''
    await first.arrayBuffer()
    const second = await fetch(`${base}/ipfs/${cid}?format=raw`, { headers: { 'if-none-match': etag } })
    expect(second.status).toBe(304)
  })

  it('answers 404, not to be cached, for a block that is not here', async () => {
    const other = await firmwareCid(new TextEncoder().encode('other'))
    const response = await fetch(`${base}/ipfs/${other}?format=raw`)
    expect(response.status).toBe(404)
    expect(response.headers.get('cache-control')).toBe('no-store')
    await response.arrayBuffer()
  })

  it.each([
    ['/ipfs/nonsense?format=raw', 400],
    ['/ipfs/CID/a/path?format=raw', 400],
    ['/ipfs/CID', 406],
    ['/ipfs/CID?format=car', 406],
    ['/ipns/CID?format=raw', 404],
    ['/', 404],
  ])('refuses %s with %i', async (path, status) => {
    const response = await fetch(`${base}${path.replace('CID', cid)}`)
    expect(response.status).toBe(status)
    await response.arrayBuffer()
  })

  it('lets a page of another origin ask first', async () => {
    const response = await fetch(`${base}/ipfs/${cid}`, { method: 'OPTIONS' })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-methods')).toContain('GET')
  })

  it('takes nothing', async () => {
    const response = await fetch(`${base}/ipfs/${cid}`, { method: 'PUT', body: 'x' })
    expect(response.status).toBe(405)
    await response.arrayBuffer()
  })
})
