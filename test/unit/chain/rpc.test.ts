// One endpoint over HTTP: what it is asked, and what it is not asked again.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fail, ok } from '../../../src/core/result.ts'
import { probeEndpoint } from '../../../src/io/chain/probe.ts'
import { connectEndpoints, defaultRpcOptions, withKnownChain } from '../../../src/io/chain/rpc.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const AN_HOUR = 3_600_000

/** An endpoint that gives these answers, one after the other, and what it was asked. */
function endpointThatSays(...bodies: readonly unknown[]) {
  const asked: string[] = []
  const answers = [...bodies]
  const fetch = async (_url: unknown, init?: RequestInit) => {
    asked.push(JSON.parse(String(init?.body)).method)
    const body = answers.shift()
    if (body === undefined) throw new TypeError('no connection')
    return new Response(JSON.stringify(body))
  }
  const [endpoint] = connectEndpoints(['https://rpc.example'], { ...defaultRpcOptions, fetch })
  if (!endpoint) throw new Error('one address, one endpoint')
  return { fresh: endpoint, endpoint: withKnownChain(endpoint), asked }
}

const id = { result: '0x7a69' }

it('is asked once in a while which chain it is of, and each time for everything else', async () => {
  const { endpoint, asked } = endpointThatSays(id, { result: '0x1' }, { result: '0x2' }, { result: '0x5' })
  const both = await Promise.all([endpoint.call('eth_chainId', []), endpoint.call('eth_chainId', [])])
  expect(both).toEqual([
    { ok: true, value: '0x7a69' },
    { ok: true, value: '0x7a69' },
  ])
  expect(await endpoint.call('eth_blockNumber', [])).toMatchObject({ value: '0x1' })
  expect(await endpoint.call('eth_blockNumber', [])).toMatchObject({ value: '0x2' })
  expect(await endpoint.call('eth_chainId', [])).toMatchObject({ value: '0x7a69' })
  expect(asked).toEqual(['eth_chainId', 'eth_blockNumber', 'eth_blockNumber'])

  vi.advanceTimersByTime(AN_HOUR)
  expect(await endpoint.call('eth_chainId', [])).toMatchObject({ value: '0x5' })
  expect(asked.at(-1)).toBe('eth_chainId')
})

it('is asked each time by whoever wants to know for sure', async () => {
  const { fresh, endpoint } = endpointThatSays(id, { result: '0x1' })
  expect(await endpoint.call('eth_chainId', [])).toMatchObject({ value: '0x7a69' })
  expect(await fresh.call('eth_chainId', [])).toMatchObject({ value: '0x1' })
})

it('is asked anew after it did not say so', async () => {
  const { endpoint, asked } = endpointThatSays({ error: { code: -32000, message: 'warming up' } }, id)
  expect(await endpoint.call('eth_chainId', [])).toMatchObject({ ok: false, error: { kind: 'rpcRefused' } })
  expect(await endpoint.call('eth_chainId', [])).toMatchObject({ ok: true, value: '0x7a69' })
  expect(asked).toHaveLength(2)
})

it('is not called reachable on the network page by its chain id alone', async () => {
  const call = async (method: string) =>
    method === 'eth_chainId' ? ok('0x7a69') : fail({ kind: 'rpcUnreachable', detail: 'time-out' } as const)
  const status = await probeEndpoint({ host: 'rpc.example', call }, 31_337)
  expect(status).toEqual({ host: 'rpc.example', state: 'unreachable', finalizedBlock: null })
})
