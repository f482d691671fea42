// The chain's endpoints: what passes, what does not, and that each fails alone.
import { createServer, type Server } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEndpoint, type Endpoint } from '../../../node/chain/endpoint.ts'
import { freePort, listen, PortInUse, readBody, shut } from '../../../node/http.ts'

/** Answers every call with its own method name, so that what came through is seen. */
let upstream: Server
let upstreamUrl: string
const seen: string[] = []

beforeAll(async () => {
  upstream = createServer((request, response) => {
    void readBody(request, 1_000_000).then(body => {
      const call = JSON.parse(String(body))
      seen.push(call.method)
      response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, result: call.method }))
    })
  })
  const port = await freePort()
  await listen(upstream, port, '127.0.0.1')
  upstreamUrl = `http://127.0.0.1:${port}`
})
afterAll(() => shut(upstream))

let endpoints: Endpoint[]
beforeEach(async () => {
  seen.length = 0
  const make = async () =>
    createEndpoint({ host: '127.0.0.1', port: await freePort(), upstream: async () => upstreamUrl })
  endpoints = [await make(), await make()]
  for (const endpoint of endpoints) await endpoint.start()
})
afterEach(async () => {
  for (const endpoint of endpoints) await endpoint.stop()
})

const first = () => endpoints[0] ?? fail('no endpoint')
const second = () => endpoints[1] ?? fail('no endpoint')
function fail(message: string): never {
  throw new Error(message)
}

async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  return response.json()
}
const call = (method: string, id = 1) => ({ jsonrpc: '2.0', id, method, params: [] })

describe('an endpoint', () => {
  it.each([
    'eth_call',
    'eth_createAccessList',
    'eth_estimateGas',
    'eth_feeHistory',
    'eth_gasPrice',
    'eth_getBalance',
    'eth_getBlockByNumber',
    'eth_getCode',
    'eth_getLogs',
    'eth_getProof',
    'eth_getTransactionByHash',
    'eth_getTransactionCount',
    'eth_getTransactionReceipt',
    'eth_maxPriorityFeePerGas',
    'eth_sendRawTransaction',
    'eth_simulateV1',
  ])('passes %s on: reads, proofs, simulations and signed transactions', async method => {
    expect(await post(first().url, call(method))).toEqual({ jsonrpc: '2.0', id: 1, result: method })
  })

  it.each([
    'anvil_setBalance',
    'anvil_impersonateAccount',
    'hardhat_setCode',
    'evm_mine',
    'evm_snapshot',
    'debug_traceCall',
    'personal_sign',
    'wallet_sendTransaction',
    'txpool_content',
    'eth_sendTransaction',
    'eth_sendUnsignedTransaction',
    'eth_sign',
    'eth_signTransaction',
    'eth_signTypedData_v4',
    'eth_accounts',
    'constructor',
  ])('keeps %s from the chain', async method => {
    expect(await post(first().url, call(method))).toMatchObject({ id: 1, error: { code: -32601 } })
    expect(seen).toEqual([])
  })

  it('answers a batch in order, each call for itself', async () => {
    const answer = await post(first().url, [call('eth_chainId', 1), call('evm_mine', 2), call('eth_call', 3)])
    expect(answer).toMatchObject([
      { id: 1, result: 'eth_chainId' },
      { id: 2, error: { code: -32601 } },
      { id: 3, result: 'eth_call' },
    ])
  })

  it.each([[[]], [Array.from({ length: 65 }, () => call('eth_chainId'))], ['text'], [null], [{ id: 1 }]])(
    'refuses %j as no request',
    async body => {
      expect(await post(first().url, body)).toMatchObject({ error: { code: -32600 } })
      expect(seen).toEqual([])
    },
  )

  it('refuses what is not JSON, and bodies that are too long', async () => {
    const broken = await fetch(first().url, { method: 'POST', body: '{' })
    expect(await broken.json()).toMatchObject({ error: { code: -32700 } })
    const long = await fetch(first().url, { method: 'POST', body: 'x'.repeat(300_000) })
    expect(long.status).toBe(413)
  })

  it('lets a page of another origin in', async () => {
    const preflight = await fetch(first().url, { method: 'OPTIONS' })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect(preflight.headers.get('access-control-allow-headers')).toContain('content-type')
  })

  it('fails alone and comes back', async () => {
    await first().stop()
    await expect(post(first().url, call('eth_chainId'))).rejects.toThrow()
    expect(await post(second().url, call('eth_chainId'))).toMatchObject({ result: 'eth_chainId' })
    await first().start()
    expect(await post(first().url, call('eth_chainId'))).toMatchObject({ result: 'eth_chainId' })
  })

  it('lies only where it is told to, and only there', async () => {
    first().setTamper(({ method }, result) => (method === 'eth_call' ? 'forged' : result))
    expect(await post(first().url, call('eth_call'))).toMatchObject({ result: 'forged' })
    expect(await post(first().url, call('eth_chainId'))).toMatchObject({ result: 'eth_chainId' })
    expect(await post(second().url, call('eth_call'))).toMatchObject({ result: 'eth_call' })
    first().setTamper(null)
    expect(await post(first().url, call('eth_call'))).toMatchObject({ result: 'eth_call' })
  })

  it('says so when the chain behind it is gone', async () => {
    const orphan = createEndpoint({
      host: '127.0.0.1',
      port: await freePort(),
      upstream: () => Promise.reject(new Error('gone')),
    })
    await orphan.start()
    expect(await post(orphan.url, call('eth_chainId'))).toMatchObject({ error: { code: -32603 } })
    await orphan.stop()
  })

  it('names the port that is in use', async () => {
    const port = Number(new URL(first().url).port)
    const late = createEndpoint({ host: '127.0.0.1', port, upstream: async () => upstreamUrl })
    await expect(late.start()).rejects.toSatisfy(error => error instanceof PortInUse && error.port === port)
  })
})
