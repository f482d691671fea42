import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ChainPort } from '../../../src/app/ports/chain.ts'
import { headerFromRpc } from '../../../src/core/proof/header.ts'
import { imageDigest } from '../../../src/core/registry/manifest.ts'
import { modelIdOf } from '../../../src/core/registry/modelId.ts'
import type { HeadReading } from '../../../src/core/registry/release.ts'
import { ok } from '../../../src/core/result.ts'
import { revokedTopic } from '../../../src/io/chain/events.ts'
import { createChainReader } from '../../../src/io/chain/reader.ts'
import { manifestOf, type RegistryFixture, startRegistry, unixNow } from './registryFixture.ts'
import {
  askChain,
  type RpcCall,
  startTwistedEndpoint,
  type Twist,
  type TwistedEndpoint,
} from './twistedEndpoint.ts'

let chain: RegistryFixture
/** A chain of the same id whose registry, at the same address, says something else: a liar's own. */
let otherChain: RegistryFixture
let first: TwistedEndpoint
let second: TwistedEndpoint
let third: TwistedEndpoint
let honest: HeadReading

beforeAll(async () => {
  chain = await startRegistry()
  otherChain = await startRegistry('Malware')
  first = await startTwistedEndpoint(chain.url)
  second = await startTwistedEndpoint(chain.url)
  third = await startTwistedEndpoint(chain.url)
  honest = await readingOf(readerOver(first, second))
})
afterAll(async () => {
  for (const endpoint of [first, second, third]) await endpoint?.stop()
  await chain?.stop()
  await otherChain?.stop()
})
beforeEach(() => {
  for (const endpoint of [first, second, third]) endpoint.twist(() => undefined)
})

const timeoutMs = 800
const rpc = { timeoutMs, maxBytes: 1 << 20 }

function readerOver(...endpoints: TwistedEndpoint[]): ChainPort {
  return readerOf(endpoints.map(({ url }) => url))
}

function readerOf(endpoints: readonly string[], now: () => number = unixNow): ChainPort {
  return createChainReader(
    { chainId: 31_337, registry: chain.registry, endpoints, minAgreeing: 2, maxAgeSeconds: 600 },
    { unixNow: now, rpc },
  )
}

async function readingOf(reader: ChainPort): Promise<HeadReading> {
  const reading = await reader.readHead(chain.modelId, 'stable')
  if (!reading.ok) throw new Error(`no reading: ${JSON.stringify(reading.error)}`)
  return reading.value
}

async function failureOf(reader: ChainPort) {
  const reading = await reader.readHead(chain.modelId, 'stable')
  if (reading.ok) throw new Error(`a reading: ${JSON.stringify(reading.value.evidence)}`)
  return reading.error
}

/** What the endpoints did, in the order first, second, third. */
const verdictsOf = ({ endpoints }: { readonly endpoints: readonly { host: string; verdict: string }[] }) =>
  [first, second, third].flatMap(({ host }) => endpoints.find(each => each.host === host)?.verdict ?? [])

const contentOf = ({ record, head, manifest, revocations }: HeadReading) => ({
  record,
  head,
  manifest,
  revocations,
})

/** Changes one method's honest result. */
const change =
  (method: string, changed: (result: never, call: RpcCall) => unknown): Twist =>
  async (call, ask) =>
    call.method === method ? { result: changed((await ask(call)) as never, call) } : undefined

const refuse =
  (...methods: string[]): Twist =>
  call =>
    methods.includes(call.method)
      ? { error: { code: -32601, message: 'no such method for /rpc/v3/secretKey?token=hidden' } }
      : undefined

const hangUp: Twist = () => response => {
  response.destroy()
}
const onOtherChain: Twist = async call => ({ result: await askChain(otherChain.url, call) })
const callsOf = (endpoint: TwistedEndpoint, method: string) =>
  endpoint.calls.filter(call => call.method === method)

const hexOf = (number: number) => `0x${number.toString(16)}`
const withBlock = (call: RpcCall, block: string): RpcCall => ({
  ...call,
  params: [block, ...call.params.slice(1)],
})

interface Proof {
  readonly accountProof: readonly string[]
  readonly storageProof: readonly { readonly key: string; readonly proof: readonly string[] }[]
}
const flipLastDigit = (hex: string) => `${hex.slice(0, -1)}${hex.endsWith('1') ? '2' : '1'}`
const forgedProof = change('eth_getProof', (proof: Proof) => ({
  ...proof,
  storageProof: proof.storageProof.map(({ key, proof: nodes }) => ({ key, proof: nodes.map(flipLastDigit) })),
}))

describe('two honest endpoints', () => {
  it('prove the head, its manifest, the record and the complete list of revocations', async () => {
    const [oldest, , newest] = chain.manifests
    expect(honest.evidence).toMatchObject({ level: 'proven' })
    expect(verdictsOf(honest.evidence)).toEqual(['agreed', 'agreed'])
    expect(honest.manifest).toEqual(newest)
    expect(honest.head).toMatchObject({ seq: 3, version: newest?.version, minSecurityCounter: 1 })
    expect(honest.record).toEqual({
      maker: chain.model.maker,
      releaseKey: chain.model.maker,
      guardian: '0x000000000000000000000000000000000000dead',
      pending: null,
    })
    expect(honest.revocations).toEqual([{ digest: imageDigest(oldest?.imageHash ?? '0x'), reason: 3 }])
  })

  it('prove that a model is not registered, and that a channel has no release', async () => {
    const reader = readerOver(first, second)
    const unknown = await reader.readHead(modelIdOf({ ...chain.model, hardware: 'rev Z' }), 'stable')
    expect(unknown).toMatchObject({
      ok: true,
      value: { record: null, head: null, manifest: null, revocations: [] },
    })
    expect(unknown).toMatchObject({ value: { evidence: { level: 'proven' } } })
    const empty = await reader.readHead(chain.modelId, 'nightly')
    expect(empty).toMatchObject({ ok: true, value: { head: null, evidence: { level: 'proven' } } })
    expect(empty.ok && empty.value.record).toEqual(honest.record)
  })

  it('are read at the lower of their final blocks', async () => {
    second.twist(async (call, ask) => {
      if (call.params[0] !== 'finalized') return undefined
      const number = `0x${(honest.evidence.block.number - 1).toString(16)}`
      return { result: await ask({ ...call, params: [number, false] }) }
    })
    const { evidence } = await readingOf(readerOver(first, second))
    expect(evidence).toMatchObject({ level: 'proven', block: { number: honest.evidence.block.number - 1 } })
  })

  it('are not asked again for events that were verified before', async () => {
    const reader = readerOver(first, second)
    await readingOf(reader)
    first.twist(refuse('eth_getLogs'))
    second.twist(refuse('eth_getLogs'))
    expect(contentOf(await readingOf(reader))).toEqual(contentOf(honest))
    expect(callsOf(first, 'eth_getLogs')).toEqual([])
  })

  it('are asked only for what a stored reading lacks, and a wrong stored one does no harm', async () => {
    const recalling = (stored: Pick<HeadReading, 'revocations' | 'evidence'>) =>
      createChainReader(
        {
          chainId: 31_337,
          registry: chain.registry,
          endpoints: [first.url, second.url],
          minAgreeing: 2,
          maxAgeSeconds: 600,
        },
        { unixNow, rpc, recall: async () => stored },
      )
    expect(contentOf(await readingOf(recalling(honest)))).toEqual(contentOf(honest))
    expect(callsOf(first, 'eth_getLogs')).toHaveLength(1)
    const invented = { ...honest, revocations: [{ digest: honest.manifest?.imageHash ?? '0x', reason: 0 }] }
    expect(contentOf(await readingOf(recalling(invented)))).toEqual(contentOf(honest))
  })

  it('never show more of their address than the host', async () => {
    first.twist(refuse('eth_getProof'))
    second.twist(refuse('eth_getProof', 'eth_getLogs'))
    const shown = JSON.stringify([
      await readerOver(first, second).readHead(chain.modelId, 'stable'),
      await readerOver(first, second).probe(),
    ])
    expect(shown).toContain(first.host)
    expect(shown).not.toMatch(/secretKey|hidden|rpc/)
  })
})

describe('a header from somewhere else', () => {
  it('proves with one endpoint that hands out proofs', async () => {
    const header = headerFromRpc(
      await askChain(chain.url, { method: 'eth_getBlockByNumber', params: ['latest', false] }),
    )
    if (!header.ok) throw new Error(header.error.detail)
    const reader = createChainReader(
      {
        chainId: 31_337,
        registry: chain.registry,
        endpoints: [first.url],
        minAgreeing: 2,
        maxAgeSeconds: 600,
      },
      {
        unixNow,
        rpc,
        headerSource: {
          newest: async () => ok({ header: header.value, doubt: null, endpoints: [], needed: 0 }),
        },
      },
    )
    const { evidence, ...content } = await readingOf(reader)
    expect(evidence).toMatchObject({ level: 'proven', block: { hash: header.value.hash } })
    expect(verdictsOf(evidence)).toEqual(['agreed'])
    expect(content).toEqual(contentOf(honest))
  })
})

describe('one endpoint that lies', () => {
  it('about the fields of its block is left out, and nothing is proven', async () => {
    first.twist(
      change('eth_getBlockByNumber', (block: object) => ({ ...block, stateRoot: `0x${'66'.repeat(32)}` })),
    )
    const { evidence, ...content } = await readingOf(readerOver(first, second))
    expect(evidence).toMatchObject({ level: 'unproven', reason: 'endpointLied' })
    expect(verdictsOf(evidence)).toEqual(['badHeader', 'agreed'])
    expect(content).toEqual(contentOf(honest))
  })

  it('with a chain of its own contradicts the other, and nothing is read', async () => {
    first.twist(onOtherChain)
    const failure = await failureOf(readerOver(first, second))
    expect(failure.kind).toBe('chainDisagrees')
    expect(verdictsOf(failure)).toEqual(['disagreed', 'disagreed'])
  })

  it('with a chain of its own is outvoted by two others', async () => {
    first.twist(onOtherChain)
    const { evidence, ...content } = await readingOf(readerOver(first, second, third))
    expect(evidence.level).toBe('proven')
    expect(verdictsOf(evidence)).toEqual(['disagreed', 'agreed', 'agreed'])
    expect(content).toEqual(contentOf(honest))
  })

  it('by calling an old block final makes the reading stale', async () => {
    first.twist(async (call, ask) =>
      call.params[0] === 'finalized' ? { result: await ask({ ...call, params: ['0x6', false] }) } : undefined,
    )
    const { evidence } = await readingOf(readerOver(first, second))
    expect(evidence).toMatchObject({ level: 'unproven', reason: 'stale', block: { number: 6 } })
  })

  it('by calling an old block final does not hold up two others', async () => {
    first.twist(async (call, ask) =>
      call.params[0] === 'finalized' ? { result: await ask({ ...call, params: ['0x6', false] }) } : undefined,
    )
    const { evidence } = await readingOf(readerOver(first, second, third))
    expect(evidence).toMatchObject({ level: 'proven', block: { number: honest.evidence.block.number } })
  })

  it('by calling a block final that is not does not carry it alone', async () => {
    first.twist(async (call, ask) =>
      call.params[0] === 'finalized'
        ? { result: await ask({ ...call, params: ['latest', false] }) }
        : undefined,
    )
    const { evidence } = await readingOf(readerOver(first, second))
    expect(evidence).toMatchObject({ level: 'proven', block: { number: honest.evidence.block.number } })
  })

  it('does not get a block read that only one honest endpoint calls final', async () => {
    const { number } = honest.evidence.block
    first.twist(async call => ({
      result: await askChain(
        otherChain.url,
        call.params[0] === 'finalized' ? withBlock(call, 'latest') : call,
      ),
    }))
    third.twist(async (call, ask) =>
      call.params[0] === 'finalized' ? { result: await ask(withBlock(call, hexOf(number - 1))) } : undefined,
    )
    const { evidence } = await readingOf(readerOver(first, second, third))
    expect(evidence).toMatchObject({ level: 'proven', block: { number: number - 1 } })
  })

  it('by giving another block than the one it was asked for is caught', async () => {
    const asked = hexOf(honest.evidence.block.number - 1)
    second.twist(async (call, ask) =>
      call.params[0] === 'finalized' ? { result: await ask(withBlock(call, asked)) } : undefined,
    )
    first.twist(async (call, ask) =>
      call.params[0] === asked ? { result: await ask(withBlock(call, '0x6')) } : undefined,
    )
    const { evidence } = await readingOf(readerOver(first, second))
    expect(evidence).toMatchObject({ level: 'unproven', reason: 'endpointLied' })
    expect(verdictsOf(evidence)).toEqual(['badHeader', 'agreed'])
  })

  it('about the chain is left out', async () => {
    first.twist(change('eth_chainId', () => '0x1'))
    const { evidence } = await readingOf(readerOver(first, second))
    expect(evidence).toMatchObject({ level: 'unproven', reason: 'endpointLied' })
    expect(verdictsOf(evidence)).toEqual(['wrongChain', 'agreed'])
  })

  it('with its proof is caught, and its word for the block does not count any more', async () => {
    first.twist(forgedProof)
    const { evidence, ...content } = await readingOf(readerOver(first, second))
    expect(evidence).toMatchObject({ level: 'unproven', reason: 'endpointLied' })
    expect(verdictsOf(evidence)).toEqual(['badProof', 'agreed'])
    expect(content).toEqual(contentOf(honest))
  })

  it('with its proof is caught and replaced where two others remain', async () => {
    first.twist(forgedProof)
    const { evidence, ...content } = await readingOf(readerOver(first, second, third))
    expect(evidence.level).toBe('proven')
    expect(verdictsOf(evidence)).toEqual(['badProof', 'agreed', 'agreed'])
    expect(content).toEqual(contentOf(honest))
  })

  it.each<[string, Twist]>([
    [
      'of another chain',
      async call => (call.method === 'eth_getProof' ? onOtherChain(call, askNobody) : undefined),
    ],
    ['of an older block', async (call, ask) => proofAt('0x4', call, ask)],
    [
      'without a slot',
      change('eth_getProof', (proof: Proof) => ({ ...proof, storageProof: proof.storageProof.slice(1) })),
    ],
    [
      'with the slots’ proofs exchanged',
      change('eth_getProof', ({ storageProof, ...proof }: Proof) => ({
        ...proof,
        storageProof: storageProof.map(({ key }, i) => ({ key, proof: storageProof.at(i - 1)?.proof })),
      })),
    ],
    ['that is no proof', change('eth_getProof', () => ({ accountProof: 'none', storageProof: {} }))],
  ])('is caught with a proof %s', async (_, twist) => {
    first.twist(twist)
    const { evidence } = await readingOf(readerOver(first, second))
    expect(verdictsOf(evidence)).toEqual(['badProof', 'agreed'])
    expect(evidence).toMatchObject({ level: 'unproven', reason: 'endpointLied' })
  })

  it('about the manifest is not believed, and the other is asked', async () => {
    first.twist(call => (call.method === 'eth_getLogs' ? onOtherChain(call, askNobody) : undefined))
    expect(contentOf(await readingOf(readerOver(first, second)))).toEqual(contentOf(honest))
  })

  it('by leaving out a revocation is not believed, and the other is asked', async () => {
    first.twist(change('eth_getLogs', () => []))
    expect(await readingOf(readerOver(first, second))).toMatchObject({
      evidence: { level: 'proven' },
      revocations: honest.revocations,
    })
  })

  it('by inventing a revocation is not believed', async () => {
    first.twist(
      change('eth_getLogs', (logs: { topics: string[]; data: string }[], call) =>
        JSON.stringify(call.params).includes(String(honest.head?.manifestHash))
          ? logs
          : logs.flatMap(log => [log, { ...log, data: flipLastDigit(log.data) }]),
      ),
    )
    expect((await readingOf(readerOver(first, second))).revocations).toEqual(honest.revocations)
  })
})

const askNobody = () => Promise.reject(new Error('not asked'))

async function proofAt(block: string, call: RpcCall, ask: (call: RpcCall) => Promise<unknown>) {
  if (call.method !== 'eth_getProof') return undefined
  return { result: await ask({ ...call, params: [...call.params.slice(0, 2), block] }) }
}

describe('two endpoints that lie together', () => {
  it('against two honest ones are a contradiction that nothing is read from', async () => {
    const fourth = await startTwistedEndpoint(otherChain.url)
    try {
      first.twist(onOtherChain)
      expect((await failureOf(readerOver(first, second, third, fourth))).kind).toBe('chainDisagrees')
    } finally {
      await fourth.stop()
    }
  })

  it('by leaving out a revocation make the reading fail', async () => {
    const hide = change('eth_getLogs', (logs: unknown[], call) =>
      JSON.stringify(call.params).includes(revokedTopic) ? [] : logs,
    )
    first.twist(hide)
    second.twist(hide)
    expect((await failureOf(readerOver(first, second))).kind).toBe('manifestMissing')
  })
})

describe('endpoints that fail', () => {
  it.each<[string, Twist]>([
    ['is down', hangUp],
    ['answers with garbage', () => response => response.end('<html>Bad gateway</html>')],
    ['answers with JSON that is no JSON-RPC', () => response => response.end('[1, 2]')],
    ['never answers', () => () => undefined],
    ['sends its body for ever', () => response => void response.write('{')],
    ['redirects to another', () => response => response.writeHead(307, { location: second.url }).end()],
    ['has no final block', change('eth_getBlockByNumber', () => null)],
  ])('one that %s leaves the other alone: not proven', async (_, twist) => {
    first.twist(twist)
    const started = Date.now()
    const { evidence, ...content } = await readingOf(readerOver(first, second))
    expect(evidence).toMatchObject({ level: 'unproven', reason: 'oneEndpoint' })
    expect(verdictsOf(evidence)).toEqual(['unreachable', 'agreed'])
    expect(content).toEqual(contentOf(honest))
    expect(Date.now() - started).toBeLessThan(3 * timeoutMs)
  })

  it('one that stops answering after the block is replaced, and its word for the block stands', async () => {
    first.twist(call => (call.method === 'eth_getProof' ? hangUp(call, askNobody) : undefined))
    expect((await readingOf(readerOver(first, second))).evidence.level).toBe('proven')
  })

  it('one that sends more than any answer may have is cut off at once', async () => {
    first.twist(() => response => endless(response))
    const { evidence } = await readingOf(readerOver(first, second))
    expect(evidence.endpoints.find(({ host }) => host === first.host)?.detail).toMatch(
      /more than 1048576 bytes/,
    )
  })

  it('one that stalls after the block is asked last for events', async () => {
    first.twist(call => (/getProof|getLogs/.test(call.method) ? () => undefined : undefined))
    const started = Date.now()
    expect(await readingOf(readerOver(first, second))).toMatchObject({ evidence: { level: 'proven' } })
    expect(Date.now() - started).toBeLessThan(1.9 * timeoutMs)
    expect(callsOf(first, 'eth_getLogs')).toEqual([])
  })

  it('one that refuses proofs is replaced by the other', async () => {
    first.twist(refuse('eth_getProof'))
    expect((await readingOf(readerOver(first, second))).evidence.level).toBe('proven')
  })

  it('both that refuse proofs are taken at their word, and it says so', async () => {
    first.twist(refuse('eth_getProof'))
    second.twist(refuse('eth_getProof'))
    const { evidence, ...content } = await readingOf(readerOver(first, second))
    expect(evidence).toMatchObject({ level: 'unproven', reason: 'noProofs' })
    expect(content).toEqual(contentOf(honest))
  })

  it('one alone proves nothing, even under two paths of one host', async () => {
    expect((await readingOf(readerOver(first))).evidence).toMatchObject({
      level: 'unproven',
      reason: 'oneEndpoint',
    })
    const twice = readerOf([first.url, `${first.url}&again`])
    expect((await readingOf(twice)).evidence).toMatchObject({ level: 'unproven', reason: 'oneEndpoint' })
  })

  it('all of them: each failure has its kind', async () => {
    const bothWith = async (twist: Twist) => {
      first.twist(twist)
      second.twist(twist)
      return (await failureOf(readerOver(first, second))).kind
    }
    expect(await bothWith(hangUp)).toBe('chainUnreachable')
    expect(await bothWith(change('eth_chainId', () => '0x2'))).toBe('wrongChain')
    expect(await bothWith(forgedProof)).toBe('chainDisagrees')
    expect(await bothWith(change('eth_getBlockByNumber', (b: object) => ({ ...b, number: '0x1' })))).toBe(
      'chainDisagrees',
    )
    expect(await bothWith(change('eth_getLogs', () => []))).toBe('manifestMissing')
    expect(await bothWith(refuse('eth_getLogs'))).toBe('manifestMissing')
    expect(await bothWith(refuse('eth_getProof', 'eth_getStorageAt'))).toBe('chainUnreachable')
  })

  it('and a clock that is off by more than the age limit, either way, proves nothing', async () => {
    for (const [offset, reason] of [
      [-700, 'clockBehind'],
      [700, 'stale'],
    ] as const) {
      const reading = await readingOf(readerOf([first.url, second.url], () => unixNow() + offset))
      expect(reading.evidence).toMatchObject({ level: 'unproven', reason })
    }
  })
})

function endless(response: {
  write(chunk: string): boolean
  once(event: 'drain' | 'close', done: () => void): unknown
}) {
  const chunk = ' '.repeat(1 << 16)
  let open = true
  response.once('close', () => {
    open = false
  })
  const more = () => {
    while (open && response.write(chunk));
    if (open) response.once('drain', more)
  }
  more()
}

describe('events', () => {
  it('are read in pieces from endpoints that limit the span of blocks', async () => {
    const limited: Twist = call => {
      const [query] = call.params as [{ fromBlock: string; toBlock: string }]
      if (call.method !== 'eth_getLogs' || Number(query.toBlock) - Number(query.fromBlock) < 2)
        return undefined
      return { error: { code: -32005, message: 'query exceeds max block range 2' } }
    }
    first.twist(limited)
    second.twist(limited)
    expect(contentOf(await readingOf(readerOver(first, second)))).toEqual(contentOf(honest))
  })

  it('are found by the head’s time where the contract’s block numbers are of no use', async () => {
    let isFirst = true
    first.twist(async (call, ask) => {
      if (call.method !== 'eth_getLogs' || !JSON.stringify(call.params).includes('737461626c65'))
        return undefined
      const blind = isFirst
      isFirst = false
      return { result: blind ? [] : await ask(call) }
    })
    second.twist(refuse('eth_getLogs'))
    const reader = readerOver(first, second)
    const reading = await reader.readHead(chain.modelId, 'stable')
    expect(reading.ok && reading.value.manifest).toEqual(honest.manifest)
    expect(callsOf(first, 'eth_getBlockByNumber').length).toBeGreaterThan(3)
  })
})

describe('the list of releases', () => {
  it('is newest first, with revocations and each auditor’s last word', async () => {
    const listed = await readerOver(first, second).listReleases(chain.modelId, 'stable')
    if (!listed.ok) throw new Error(listed.error.kind)
    const [newest, middle, oldest] = listed.value
    expect(listed.value.map(({ seq, manifest }) => [seq, manifest])).toEqual(
      chain.manifests.map((manifest, i) => [i + 1, manifest]).reverse(),
    )
    expect(listed.value.map(({ isHead, revoked }) => [isHead, revoked])).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ])
    expect(newest?.attestations).toEqual([
      { auditor: chain.accounts[1]?.address.toLowerCase(), approves: true, uri: 'https://auditor.example/1' },
      { auditor: chain.accounts[2]?.address.toLowerCase(), approves: false, uri: 'https://critic.example/2' },
    ])
    expect([middle?.attestations, oldest?.attestations]).toEqual([[], []])
    expect(newest?.transaction).toMatch(/^0x[0-9a-f]{64}$/)
  })

  it('is empty for a channel without releases', async () => {
    expect(await readerOver(first, second).listReleases(chain.modelId, 'nightly')).toEqual({
      ok: true,
      value: [],
    })
  })

  it('holds no release and no attestation that one endpoint alone reports', async () => {
    const honestList = await readerOver(first, second).listReleases(chain.modelId, 'stable')
    first.twist(call => (call.method === 'eth_getLogs' ? onOtherChain(call, askNobody) : undefined))
    const listed = await readerOver(first, second, third).listReleases(chain.modelId, 'stable')
    expect(listed).toEqual(honestList)
  })

  it('fails as the reading of its head does', async () => {
    first.twist(hangUp)
    expect(await readerOver(first).listReleases(chain.modelId, 'stable')).toMatchObject({
      ok: false,
      error: { kind: 'chainUnreachable' },
    })
  })
})

describe('the probe', () => {
  it('says who answers, of which chain, and up to which final block', async () => {
    second.twist(change('eth_chainId', () => '0x1'))
    third.twist(hangUp)
    expect(await readerOver(first, second, third).probe()).toEqual([
      { host: first.host, state: 'ok', finalizedBlock: honest.evidence.block.number },
      { host: second.host, state: 'wrongChain', finalizedBlock: null },
      { host: third.host, state: 'unreachable', finalizedBlock: null },
    ])
  })
})

describe('whatever one endpoint says', () => {
  it('a proven reading is the true one', async () => {
    const methods = ['eth_chainId', 'eth_getBlockByNumber', 'eth_getProof', 'eth_getLogs']
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...methods),
        fc.jsonValue(),
        fc.nat(),
        fc.boolean(),
        async (method, json, at, deep) => {
          first.twist(change(method, (result: unknown) => (deep ? replaceLeaf(result, at, json) : json)))
          const reading = await readerOver(first, second).readHead(chain.modelId, 'stable')
          if (reading.ok) expect(contentOf(reading.value)).toEqual(contentOf(honest))
          else expect(['chainDisagrees']).toContain(reading.error.kind)
        },
      ),
      { numRuns: 40 },
    )
  }, 30_000)
})

/** A copy of a JSON value with one of its leaves replaced. */
function replaceLeaf(value: unknown, at: number, by: unknown): unknown {
  let leaves = 0
  const count = (node: unknown): void => {
    if (typeof node === 'object' && node !== null) Object.values(node).forEach(count)
    else leaves++
  }
  count(value)
  let left = at % Math.max(1, leaves)
  const copy = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(copy)
    if (typeof node === 'object' && node !== null) {
      return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, copy(child)]))
    }
    return left-- === 0 ? by : node
  }
  return copy(value)
}

describe('a change on chain', () => {
  it('shows in the next reading once it is final: a release, and a revocation on top of the known ones', async () => {
    const reader = readerOver(first, second)
    await readingOf(reader)
    const next = { ...manifestOf(chain.model, 3), notes: 'Release 1.3.0' }
    await chain.publish(next)
    await chain.revoke(`0x${'ab'.repeat(32)}`, 1)
    await chain.finalize()
    first.twist(() => undefined)
    const reading = await readingOf(reader)
    expect(reading).toMatchObject({ evidence: { level: 'proven' }, manifest: next, head: { seq: 4 } })
    expect(reading.revocations).toEqual([
      ...honest.revocations,
      { digest: `0x${'ab'.repeat(32)}`, reason: 1 },
    ])
    const [{ fromBlock = '' } = {}] = callsOf(first, 'eth_getLogs')
      .map(call => call.params[0] as { fromBlock: string; toBlock: string })
      .filter(({ fromBlock, toBlock }) => fromBlock !== toBlock)
    expect(Number(fromBlock)).toBe(honest.evidence.block.number + 1)
  })
})
