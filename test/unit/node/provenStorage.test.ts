// Words of storage as agent, attestor and command read them: proven over whatever one of three endpoints does.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AgreementRule, readFinalBlock, readProvenWords } from '../../../node/chain/provenStorage.ts'
import { slotHex } from '../../../src/core/proof/slot.ts'
import { startChain, type TestChain } from '../../chain.ts'
import { askChain, startTwistedEndpoint, type Twist, type TwistedEndpoint } from '../chain/twistedEndpoint.ts'

const contract = `0x${'c0'.repeat(20)}` as const
const slots = [slotHex(7n), slotHex(8n)]
const word = 0x1234n

let chain: TestChain
let fork: TestChain
let endpoints: TwistedEndpoint[]
let now: number
beforeAll(async () => {
  const args = ['--slots-in-an-epoch', '1']
  ;[chain, fork] = await Promise.all([startChain(args), startChain(args)])
  for (const { client } of [chain, fork]) {
    await client.setCode({ address: contract, bytecode: '0x00' })
    await client.setStorageAt({ address: contract, index: slotHex(7n), value: slotHex(word) })
  }
  await chain.client.mine({ blocks: 20 })
  await fork.client.setStorageAt({ address: contract, index: slotHex(7n), value: slotHex(word + 1n) })
  await fork.client.mine({ blocks: 40, interval: 3 })
  endpoints = await Promise.all([0, 1, 2].map(() => startTwistedEndpoint(chain.url)))
  now = Number((await chain.client.getBlock({ blockTag: 'finalized' })).timestamp)
})
afterAll(async () => {
  await Promise.all(endpoints.map(endpoint => endpoint.stop()))
  await Promise.all([chain.stop(), fork.stop()])
})
beforeEach(() => {
  for (const endpoint of endpoints) endpoint.twist(() => undefined)
})

const location = () => ({ chainId: 31_337, endpoints: endpoints.map(({ url }) => url) })
const rule = (changes: Partial<AgreementRule> = {}): AgreementRule => ({
  minAgreeing: 2,
  maxAgeSeconds: 600,
  now,
  ...changes,
})
const read = (changes?: Partial<AgreementRule>) => readProvenWords(location(), contract, slots, rule(changes))

const silent: Twist = () => ({ error: { code: -32_000, message: 'later' } })
/** As if this endpoint stood before another chain of the same id. */
const misled: Twist = async call => ({ result: await askChain(fork.url, call) })

/** What one endpoint may do while the others prove the words, and what is said of it. */
const troubles: Record<string, readonly [Twist, string]> = {
  'is silent': [silent, 'unreachable'],
  'lags, by a block that it calls final': [
    async (call, ask) =>
      call.method === 'eth_getBlockByNumber' && call.params[0] === 'finalized'
        ? { result: await ask({ ...call, params: ['0x2', false] }) }
        : undefined,
    'agreed',
  ],
  'knows another chain': [misled, 'disagreed'],
  'names another chain': [
    call => (call.method === 'eth_chainId' ? { result: '0x1' } : undefined),
    'wrongChain',
  ],
  'proves another word': [
    async call => (call.method === 'eth_getProof' ? { result: await askChain(fork.url, call) } : undefined),
    'badProof',
  ],
}

describe('words of storage', () => {
  it.each(Object.entries(troubles))(
    'are proven where one of three endpoints %s',
    async (_, [twist, said]) => {
      endpoints[0]?.twist(twist)
      const proven = await read()
      if (!proven.ok) throw new Error(proven.error.detail)
      expect(proven.value.words).toEqual([word, 0n])
      expect(proven.value.evidence.level).toBe('proven')
      const of = (endpoint: TwistedEndpoint | undefined) =>
        proven.value.evidence.endpoints.find(({ host }) => host === endpoint?.host)?.verdict
      expect(endpoints.map(of)).toEqual([said, 'agreed', 'agreed'])
    },
  )

  it('are what two of three say, and unproven where only one answers', async () => {
    for (const endpoint of endpoints.slice(1)) endpoint.twist(misled)
    // Whoever the two are: that is all that "2 of 3" says.
    expect(await read({ maxAgeSeconds: 100_000 })).toMatchObject({
      ok: true,
      value: { words: [word + 1n, 0n] },
    })
    for (const endpoint of endpoints.slice(1)) endpoint.twist(silent)
    expect(await read()).toMatchObject({ ok: false, error: { kind: 'unproven' } })
  })

  it('are unproven where none gives a proof, though all give the values', async () => {
    for (const endpoint of endpoints)
      endpoint.twist(({ method }) =>
        method === 'eth_getProof' ? { error: { code: -32_601, message: 'not offered' } } : undefined,
      )
    expect(await read()).toMatchObject({ ok: false, error: { kind: 'unproven' } })
  })

  it('are unproven where the newest final block is too old, or one host was named twice', async () => {
    expect(await read({ now: now + 601 })).toMatchObject({ ok: false, error: { kind: 'unproven' } })
    const [url = ''] = location().endpoints
    const one = { chainId: 31_337, endpoints: [url, `${url}/key`] }
    expect(await readFinalBlock(one, rule())).toMatchObject({ ok: false, error: { kind: 'unproven' } })
  })

  it('say what each endpoint did, and never its whole address', async () => {
    for (const endpoint of endpoints) endpoint.twist(silent)
    const failed = await read()
    expect(failed).toMatchObject({ ok: false, error: { kind: 'unproven' } })
    for (const { host } of endpoints) expect(JSON.stringify(failed)).toContain(`${host}: unreachable`)
    expect(location().endpoints.join()).toContain('secretKey')
    expect(JSON.stringify(failed)).not.toContain('secretKey')
  })
})
