import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hex } from '../../../src/core/bytes.ts'
import type { Endpoint } from '../../../src/core/proof/endpoint.ts'
import { fail, ok } from '../../../src/core/result.ts'
import { readLogs } from '../../../src/io/chain/logs.ts'
import { withTimeBudget } from '../../../src/io/chain/rpc.ts'

const address: Hex = `0x${'aa'.repeat(20)}`
const topic: Hex = `0x${'bb'.repeat(32)}`
const hex = (n: number): Hex => `0x${n.toString(16)}`

interface Span {
  readonly fromBlock: number
  readonly toBlock: number
}

/** An endpoint with one log in each of `blocks`, which refuses spans of more than `limit` blocks. */
function endpointWith(
  blocks: readonly number[],
  limit: number,
  delayMs = 0,
): Endpoint & { readonly asked: Span[] } {
  const asked: Span[] = []
  return {
    host: 'here',
    asked,
    async call(_, [query]) {
      const { fromBlock, toBlock } = query as { fromBlock: Hex; toBlock: Hex }
      const span = { fromBlock: Number(fromBlock), toBlock: Number(toBlock) }
      asked.push(span)
      if (delayMs > 0) await new Promise(resolve => setTimeout(resolve, delayMs))
      if (span.toBlock - span.fromBlock >= limit)
        return fail({ kind: 'rpcRefused', detail: 'range too large' })
      const found = blocks.filter(block => block >= span.fromBlock && block <= span.toBlock)
      return ok(found.map(block => logAt(block)))
    },
  }
}

const logAt = (block: number) => ({
  address,
  topics: [topic],
  data: hex(block).length % 2 === 0 ? hex(block) : `0x0${hex(block).slice(2)}`,
  blockNumber: hex(block),
  logIndex: '0x0',
  transactionHash: topic,
})
const query = (fromBlock: number, toBlock: number) => ({ address, topics: [topic], fromBlock, toBlock })

describe('reading logs', () => {
  it('finds every log once and in order, whatever the endpoint’s limit is', async () => {
    const blocks = fc.uniqueArray(fc.nat({ max: 999 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(blocks, fc.integer({ min: 10, max: 2000 }), async (with_, limit) => {
        const logs = await readLogs(endpointWith(with_, limit), query(0, 999))
        expect(logs.ok && logs.value.map(log => log.blockNumber)).toEqual([...with_].sort((a, b) => a - b))
      }),
    )
  })

  it('asks for nothing outside the span', async () => {
    const endpoint = endpointWith([5, 50, 95], 30)
    await readLogs(endpoint, query(10, 90))
    expect(endpoint.asked.every(({ fromBlock, toBlock }) => fromBlock >= 10 && toBlock <= 90)).toBe(true)
  })

  it('gives up on an endpoint that gives them in crumbs', async () => {
    const endpoint = endpointWith([], 2)
    expect(await readLogs(endpoint, query(0, 10_000_000))).toMatchObject({
      ok: false,
      error: { kind: 'rpcRefused' },
    })
    expect(endpoint.asked.length).toBeLessThan(600)
  })

  it('gives up on an endpoint that takes too long over many pieces', async () => {
    const slow = withTimeBudget(endpointWith([], 2, 20), 100)
    const started = performance.now()
    expect(await readLogs(slow, query(0, 10_000_000))).toMatchObject({
      ok: false,
      error: { kind: 'rpcUnreachable' },
    })
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('leaves out logs that were not asked for, and refuses what are none', async () => {
    const other: Hex = `0x${'cc'.repeat(32)}`
    const answer = (result: unknown): Endpoint => ({ host: 'here', call: async () => ok(result) })
    const wrong = [
      { ...logAt(3), address: `0x${'ab'.repeat(20)}` },
      { ...logAt(3), topics: [other] },
      { ...logAt(3), topics: [] },
      logAt(11),
    ]
    expect(await readLogs(answer([...wrong, logAt(4)]), query(0, 10))).toMatchObject({
      value: [{ blockNumber: 4 }],
    })
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async json => {
        fc.pre(!(Array.isArray(json) && json.length === 0))
        expect(await readLogs(answer(json), query(0, 10))).toMatchObject({ ok: false })
      }),
    )
  })
})
