// Delegated routing against a local router that answers as the specification says, and in every other way.
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MemoryBlockstore } from 'blockstore-core'
import { afterEach, describe, expect, it } from 'vitest'
import { systemTimer } from '../../../node/systemTimer.ts'
import { layOutFile } from '../../../src/core/ipfs/unixfs.ts'
import { findAtRouter } from '../../../src/io/ipfs/delegatedRouting.ts'
import { createFirmwareSource } from '../../../src/io/ipfs/firmwareSource.ts'
import { startNode } from '../../../src/io/ipfs/node.ts'
import { firmwareBytes, startSeed } from '../../fixtures/ipfsSeed.ts'

const FILE = firmwareBytes(200_000)
const { root } = layOutFile(FILE)

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function router(answer: RequestListener) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const saying = (body: unknown) =>
  router((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })

const ID = '12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA'
const OTHER = '12D3KooWGjgvfDkpuVAoNhd7PRRvMTEG4ZgzHBFURqDe1mqEzAMS'
const peer = (addresses: readonly unknown[], id: unknown = ID) => ({
  Schema: 'peer',
  ID: id,
  Addrs: addresses,
  Protocols: ['transport-bitswap'],
})

describe('a delegated router', () => {
  it('is asked by the specification’s path, for ways that a browser can go', async () => {
    const { url, asked } = await saying({ Providers: null })
    expect(await findAtRouter(`${url}/`, root, () => true)).toEqual([])
    const [path, query] = (asked[0] ?? '').split('?')
    expect(path).toBe(`/routing/v1/providers/${root.toString()}`)
    expect(new URLSearchParams(query).get('filter-addrs')?.split(',')).toContain('wss')
  })

  it('names one way to each peer: one that can be dialled, is allowed and leads to that peer', async () => {
    const { url } = await saying({
      Providers: [
        peer(['/ip4/203.0.113.1/tcp/4001', '/dns4/a.example/tcp/443/wss', '/dns4/b.example/tcp/443/wss']),
        peer([`/dns4/c.example/tcp/443/wss/p2p/${OTHER}`]),
        peer(['/dns4/forbidden.example/tcp/443/wss'], OTHER),
        peer(['/ip4/203.0.113.1/tcp/4001'], OTHER),
        peer(['/dns4/d.example/tcp/443/wss'], 'no peer id: 0OIl'),
        peer(['nonsense', `/dns4/e.example/tcp/443/tls/ws/p2p/${OTHER}`], OTHER),
        peer([], OTHER),
        { Schema: 'something else' },
      ],
    })
    expect(await findAtRouter(url, root, text => !text.includes('forbidden'))).toEqual([
      `/dns4/a.example/tcp/443/wss/p2p/${ID}`,
      `/dns4/e.example/tcp/443/tls/ws/p2p/${OTHER}`,
    ])
  })

  it.each<[string, RequestListener]>([
    ['an error', (_, response) => response.writeHead(500).end()],
    ['no JSON', (_, response) => response.end('<html>')],
    ['another shape', (_, response) => response.end('{"Providers":[3]}')],
    [
      'an endless answer',
      (_, response) => {
        const pour = () => {
          if (!response.destroyed) response.write('['.repeat(50_000), () => setImmediate(pour))
        }
        pour()
      },
    ],
    ['a closed connection', request => request.socket.destroy()],
  ])('that answers with %s knows nobody', async (_, answer) => {
    const { url } = await router(answer)
    expect(await findAtRouter(url, root, () => true)).toEqual([])
  })

  it('leads a fetch to a peer that the network does not name', async () => {
    const [empty, holder] = await Promise.all([startSeed({ serves: true }), startSeed({ serves: true })])
    for (const seed of [empty, holder]) cleanups.push(() => seed.stop())
    await holder.add(FILE)
    const { url, asked } = await saying({
      Providers: [peer([holder.address.replace(/\/p2p\/.*/, '')], holder.peerId)],
    })
    const source = createFirmwareSource({
      // The loopback is nobody's host unless the network names it.
      network: () => ({ peers: [empty.address], gateways: [], routers: [url] }),
      platform: { timer: systemTimer, storageEstimate: async () => null, onOnlineChange: () => () => {} },
      openBlocks: async () => new MemoryBlockstore(),
      startNode: blockstore =>
        startNode({ blockstore, webRtc: false, timer: systemTimer, onOnlineChange: () => () => {} }),
      times: { stall: 6_000 },
    })
    cleanups.push(() => source.stop())
    const fetch = () =>
      source.fetch(
        { cid: root.toString(), size: FILE.length, peers: [] },
        { signal: new AbortController().signal, onProgress: () => {} },
      )
    const refused = await fetch()
    expect(refused.ok ? 'ok' : refused.error.kind).toBe('firmwareUnavailable')
    expect(asked).toHaveLength(1)
    // Where its host is one that the network names, it is.
    const named = createFirmwareSource({
      network: () => ({
        peers: [empty.address, `${holder.address.replace(/\/p2p\/.*/, '')}/p2p/${OTHER}`],
        gateways: [],
        routers: [url],
      }),
      platform: { timer: systemTimer, storageEstimate: async () => null, onOnlineChange: () => () => {} },
      openBlocks: async () => new MemoryBlockstore(),
      startNode: blockstore =>
        startNode({ blockstore, webRtc: false, timer: systemTimer, onOnlineChange: () => () => {} }),
      times: { stall: 6_000 },
    })
    cleanups.push(() => named.stop())
    const fetched = await named.fetch(
      { cid: root.toString(), size: FILE.length, peers: [] },
      { signal: new AbortController().signal, onProgress: () => {} },
    )
    expect(fetched).toEqual({ ok: true, value: FILE })
  })
})
