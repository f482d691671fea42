// network.json: what is accepted, what is refused, and what its fingerprint covers.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type NetworkConfig, networkFingerprint, parseNetwork } from '../../src/core/network.ts'

const document = {
  version: 1,
  name: 'Test network',
  chain: {
    id: 31337,
    name: 'Local',
    registry: '0xABCDEFabcdef0000000000000000000000000001',
    endpoints: ['http://127.0.0.1:8641', 'http://127.0.0.1:8642'],
    minAgreeing: 2,
    maxAgeSeconds: 120,
    currency: { symbol: 'ETH', decimals: 18 },
  },
  peers: ['/ip4/127.0.0.1/tcp/8643/ws/p2p/12D3KooWExample'],
  gateways: ['http://127.0.0.1:8644'],
  makers: [
    {
      name: 'Maker',
      address: '0x00000000000000000000000000000000000000aa',
      models: [{ name: 'Lock', hardware: 'rev B' }],
    },
  ],
  demo: {
    maker: '0x00000000000000000000000000000000000000aa',
    trustedKeys: ['0x3059'],
    models: [{ kind: 'lock', name: 'Lock', hardware: 'rev B', image: '/demo/lock.bin' }],
  },
}

type Path = readonly (string | number)[]
function withValue(path: Path, value: unknown): unknown {
  const copy = structuredClone(document) as unknown
  let at = copy as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>
  const last = path.at(-1) ?? ''
  if (value === undefined) delete at[last]
  else at[last] = value
  return copy
}

function parsed(json: unknown): NetworkConfig {
  const result = parseNetwork(json)
  if (!result.ok) throw new Error(result.error.detail)
  return result.value
}

describe('parseNetwork', () => {
  it('accepts a full document and lower-cases addresses', () => {
    expect(parsed(document).chain.registry).toBe('0xabcdefabcdef0000000000000000000000000001')
  })

  it('accepts one without demo devices, peers, gateways or makers', () => {
    const bare = { ...document, peers: [], gateways: [], makers: [], demo: undefined }
    const { demo: _demo, ...rest } = bare
    expect(parsed(rest).demo).toBeUndefined()
  })

  it.each([2, 0, '1', null])('refuses version %s with a kind of its own', version => {
    const result = parseNetwork({ ...document, version })
    expect(result).toMatchObject({ ok: false, error: { kind: 'networkVersionUnknown' } })
  })

  it.each<[string, Path, unknown]>([
    ['a name that is missing', ['name'], undefined],
    ['a chain id of zero', ['chain', 'id'], 0],
    ['a chain id that is text', ['chain', 'id'], '31337'],
    ['a short registry address', ['chain', 'registry'], '0x12'],
    ['no endpoint', ['chain', 'endpoints'], []],
    ['an endpoint with credentials', ['chain', 'endpoints', 0], 'http://user:secret@127.0.0.1:1'],
    ['an endpoint that is not http', ['chain', 'endpoints', 0], 'ftp://127.0.0.1/'],
    ['agreement of one', ['chain', 'minAgreeing'], 1],
    ['no age limit', ['chain', 'maxAgeSeconds'], undefined],
    ['a peer that is a URL', ['peers', 0], 'http://127.0.0.1'],
    ['a gateway that is a path', ['gateways', 0], '/ipfs'],
    ['a maker without models', ['makers', 0, 'models'], undefined],
    ['a demo kind nobody builds', ['demo', 'models', 0, 'kind'], 'rocket'],
  ])('refuses %s and names the field', (_what, path, value) => {
    const result = parseNetwork(withValue(path, value))
    expect(result.ok).toBe(false)
    if (result.ok) return
    expect(result.error.kind).toBe('networkMalformed')
    expect(result.error.detail).toContain(String(path[0]))
  })

  it.each([
    [['http://a.example/one', 'http://a.example/two']],
    [['https://a.example', 'https://A.example:443/x']],
  ])('refuses two endpoints of one origin: %s', endpoints => {
    expect(parseNetwork(withValue(['chain', 'endpoints'], endpoints)).ok).toBe(false)
  })

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), value => {
        const result = parseNetwork(value)
        expect(typeof result.ok).toBe('boolean')
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(document)), fc.anything(), (key, value) => {
        parseNetwork({ ...document, [key]: value })
      }),
    )
  })
})

describe('networkFingerprint', () => {
  it('does not depend on the order of keys or on unknown fields', () => {
    const reversed = Object.fromEntries(Object.entries(document).reverse())
    const chain = Object.fromEntries(Object.entries(document.chain).reverse())
    expect(networkFingerprint(parsed({ ...reversed, chain, more: 1 }))).toBe(
      networkFingerprint(parsed(document)),
    )
  })

  it('covers who attests, how many of them and which agents, and not where attestors are', () => {
    const members = ['a1', 'b2'].map((byte, i) => ({
      key: `0x${byte.repeat(64)}`,
      url: `http://127.0.0.1:${8645 + i}`,
    }))
    const attested = { ...document, attestors: { threshold: 2, members } }
    const of = (json: unknown) => networkFingerprint(parsed(json))
    const moved = members.map(({ key }) => ({ key, url: 'https://elsewhere.example' }))
    expect(of({ ...attested, attestors: { threshold: 2, members: moved } })).toBe(of(attested))
    const agents = [{ name: 'Agent', url: 'http://127.0.0.1:8648' }]
    const others = [
      document,
      { ...attested, attestors: { threshold: 1, members } },
      { ...attested, attestors: { threshold: 2, members: members.toReversed() } },
      { ...attested, agents },
      { ...attested, agents: [{ ...agents[0], url: 'http://127.0.0.1:8649' }] },
    ]
    expect(new Set([attested, ...others].map(of)).size).toBe(others.length + 1)
    for (const attestors of [
      { threshold: 3, members },
      { threshold: 0, members },
      { threshold: 1, members: [members[0], members[0]] },
      { threshold: 1, members: [{ ...members[0], key: '0xa1' }] },
    ]) {
      expect(parseNetwork({ ...document, attestors })).toMatchObject({
        ok: false,
        error: { kind: 'networkMalformed' },
      })
    }
  })

  it('is the keccak256 of canonical JSON', () => {
    // Computed apart from this code, over the JSON text with sorted keys and without peers, gateways and demo.
    expect(networkFingerprint(parsed(document))).toBe(
      '0xa17be4898dea12a30eda929695e004f3490a9a960fbc36f755e83c84a4d6eea9',
    )
  })

  it.each<[string, Path, unknown]>([
    ['the chain id', ['chain', 'id'], 1],
    ['the registry', ['chain', 'registry'], '0x0000000000000000000000000000000000000002'],
    ['an endpoint', ['chain', 'endpoints', 1], 'http://127.0.0.1:9999'],
    ['the age limit', ['chain', 'maxAgeSeconds'], 121],
    ['a suggested maker', ['makers', 0, 'address'], '0x00000000000000000000000000000000000000bb'],
  ])('changes with %s', (_what, path, value) => {
    expect(networkFingerprint(parsed(withValue(path, value)))).not.toBe(networkFingerprint(parsed(document)))
  })

  it.each<[string, Path, unknown]>([
    ['peers', ['peers'], []],
    ['gateways', ['gateways'], []],
    ['demo devices', ['demo'], undefined],
  ])('does not change with %s, which are not trusted', (_what, path, value) => {
    expect(networkFingerprint(parsed(withValue(path, value)))).toBe(networkFingerprint(parsed(document)))
  })
})
