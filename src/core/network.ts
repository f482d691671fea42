// network.json: which chain, registry, endpoints, peers and makers this copy of the app works with, read at run time.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import * as v from 'valibot'
import { type Address, type Hex, toHex } from './bytes.ts'
import { hasInvisible } from './invisible.ts'
import { fail, ok, type Result } from './result.ts'

/** Where the app's host serves it. */
export const networkPath = '/network.json'

const lowerHex = (digits: number) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^0x[0-9a-fA-F]{${digits}}$`), `must be 0x and ${digits} hexadecimal digits`),
    v.transform(text => text.toLowerCase() as Hex),
  )
const address = lowerHex(40) satisfies v.GenericSchema<unknown, Address>
const visible = v.check((text: string) => !hasInvisible(text), 'has invisible characters')
const shortText = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64), visible)

/** Scheme, host and port; credentials in front of the host are refused, so that they never reach a screen or a log. */
const urlPattern = /^(https?):\/\/([^/?#@\s]+)([/?#][^\s]*)?$/
const httpUrl = v.pipe(
  v.string(),
  v.maxLength(2048),
  v.regex(urlPattern, 'must be an http(s) URL without credentials'),
)
const originOf = (url: string) => {
  const [, scheme = '', host = ''] = urlPattern.exec(url) ?? []
  const port = scheme === 'https' ? ':443' : ':80'
  return `${scheme}://${host.endsWith(port) ? host.slice(0, -port.length) : host}`.toLowerCase()
}

const token = v.object({
  address,
  name: shortText,
  symbol: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(12), visible),
  decimals: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(36)),
  /** EIP-2612, where the token has it: name and version of its EIP-712 domain. */
  permit: v.exactOptional(v.object({ name: shortText, version: shortText })),
})

const model = v.object({ name: shortText, hardware: shortText })

const attestor = v.object({
  /** P-256, x || y. */
  key: lowerHex(128),
  /** Of its HTTP service: docs/attest.md. */
  url: httpUrl,
})

const demoModel = v.object({
  kind: v.picklist(['lock', 'vending', 'outlet', 'sensor']),
  name: shortText,
  hardware: shortText,
  /** The firmware that a demo device leaves the factory with: a URL, relative to the app's own origin or absolute. */
  image: v.pipe(v.string(), v.minLength(1), v.maxLength(2048)),
})

const schema = v.object({
  version: v.literal(1),
  name: shortText,
  chain: v.object({
    id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    name: shortText,
    registry: address,
    /** JSON-RPC, each at an origin of its own: two paths of one host are not independent witnesses. */
    endpoints: v.pipe(
      v.array(httpUrl),
      v.minLength(1),
      v.maxLength(16),
      v.check(
        urls => new Set(urls.map(originOf)).size === urls.length,
        'endpoints must not share an origin: one host is one witness',
      ),
    ),
    /** How many endpoints must agree on a block before it proves anything; a configuration can't go below two. */
    minAgreeing: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(16)),
    /** Seconds; an older finalized block proves nothing about now. */
    maxAgeSeconds: v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(86_400)),
    /** Seconds from block to block, about: how often what waits for one is looked at. */
    blockSeconds: v.exactOptional(v.pipe(v.number(), v.minValue(0.1), v.maxValue(600))),
    currency: v.object({
      symbol: v.pipe(v.string(), v.minLength(1), v.maxLength(12), visible),
      decimals: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(36)),
    }),
    explorer: v.exactOptional(httpUrl),
    /** The contracts beside the FirmwareRegistry; what is not named here is not offered. */
    contracts: v.exactOptional(
      v.object({
        deviceRegistry: v.exactOptional(address),
        market: v.exactOptional(address),
        tills: v.exactOptional(address),
        anchors: v.exactOptional(address),
        paymentChannels: v.exactOptional(address),
      }),
    ),
    /** ERC-20 tokens that the wallet shows beside the chain's own coin. */
    tokens: v.exactOptional(v.pipe(v.array(token), v.maxLength(64))),
  }),
  /** Multiaddrs with a peer id. */
  peers: v.pipe(
    v.array(v.pipe(v.string(), v.regex(/^\/\S+$/, 'must be a multiaddr'), v.maxLength(1024))),
    v.maxLength(64),
  ),
  /** Trustless HTTP gateways: `{url}/ipfs/{cid}?format=raw`. */
  gateways: v.pipe(v.array(httpUrl), v.maxLength(16)),
  /** Delegated routers, asked who holds a file: `{url}/routing/v1/providers/{cid}`. They learn who wants which file. */
  routers: v.exactOptional(v.pipe(v.array(httpUrl), v.maxLength(8))),
  /** Suggestions only: the person pins a maker, or does not. */
  makers: v.pipe(
    v.array(
      v.object({
        name: shortText,
        address,
        models: v.pipe(v.array(model), v.maxLength(256)),
        domain: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(253))),
      }),
    ),
    v.maxLength(64),
  ),
  /** Whom a device's Config may name to tell it the time and the chain's blocks, and how many of them together are believed. */
  attestors: v.exactOptional(
    v.pipe(
      v.object({
        threshold: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
        members: v.pipe(v.array(attestor), v.minLength(1), v.maxLength(8)),
      }),
      v.check(({ threshold, members }) => threshold <= members.length, 'more must sign than there are'),
      v.check(
        ({ members }) => new Set(members.map(({ key }) => key)).size === members.length,
        'attestors must not share a key',
      ),
    ),
  ),
  /** What a coin (or a token, by its address) is worth in money that people here count in: for comparison beside exact amounts. */
  rates: v.exactOptional(
    v.pipe(
      v.array(
        v.object({
          token: v.exactOptional(address),
          /** ISO 4217. */
          currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
          /** Of one whole coin or token. */
          price: v.pipe(v.number(), v.finite(), v.minValue(0)),
          /** Unix seconds. */
          at: v.pipe(v.number(), v.integer(), v.minValue(0)),
        }),
      ),
      v.maxLength(16),
    ),
  ),
  /** Agents that sign grants for devices of anybody who asks them to: docs/agent.md. */
  agents: v.exactOptional(v.pipe(v.array(v.object({ name: shortText, url: httpUrl })), v.maxLength(16))),
  /** What the page needs to make demo devices. */
  demo: v.exactOptional(
    v.object({
      maker: address,
      /** DER SubjectPublicKeyInfo of the P-256 keys whose images the demo devices' bootloader boots. */
      trustedKeys: v.pipe(
        v.array(v.pipe(v.string(), v.regex(/^0x([0-9a-f]{2})+$/), v.maxLength(1024))),
        v.minLength(1),
        v.maxLength(4),
      ),
      models: v.pipe(v.array(demoModel), v.minLength(1), v.maxLength(16)),
      /**
       * Where a new wallet gets play money: POST {"address": "0x…"}; a URL, relative to the app's own origin or absolute.
       * Answers 204, or 429 for an account that has enough.
       */
      faucet: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(2048))),
      /**
       * Where the demo devices' flash is kept for all browsers: `{memory}/{id}`, GET and PUT with ETags (node/web/demoMemory.ts); a
       * URL, relative to the app's own origin or absolute. Without it each browser has devices of its own.
       */
      memory: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(2048))),
    }),
  ),
})

export type NetworkConfig = v.InferOutput<typeof schema>
export type DemoNetwork = NonNullable<NetworkConfig['demo']>
export type MakerSuggestion = NetworkConfig['makers'][number]

export type NetworkFailure =
  /** Made for a newer app than this one; `detail` is the version found. */
  | { readonly kind: 'networkVersionUnknown'; readonly detail: string }
  /** `detail` names the field and what is wrong with it. */
  | { readonly kind: 'networkMalformed'; readonly detail: string }

/** Checks a parsed network.json. Unknown fields are dropped; addresses come out in lower case. */
export function parseNetwork(json: unknown): Result<NetworkConfig, NetworkFailure> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return fail({ kind: 'networkMalformed', detail: 'not a JSON object' })
  if (!('version' in json)) return fail({ kind: 'networkMalformed', detail: 'version: missing' })
  if (json.version !== 1) return fail({ kind: 'networkVersionUnknown', detail: String(json.version) })
  const parsed = v.safeParse(schema, json)
  if (parsed.success) return ok(parsed.output)
  const [issue] = parsed.issues
  return fail({
    kind: 'networkMalformed',
    detail: `${v.getDotPath(issue) ?? 'document'}: ${issue.message}`,
  })
}

/**
 * What is pinned at first use: keccak256 of the canonical JSON (RFC 8785) of everything that decides whom the app believes.
 * Peers, gateways, routers and the demo devices are left out: their bytes are verified against the registry whoever hands them over, and
 * their addresses change without anybody's ill will (a WebRTC certificate is renewed every two weeks). So are the addresses
 * of attestors, whose signatures are checked by their keys; the keys count, and so does where an agent is: it tells its own.
 */
export function networkFingerprint(config: NetworkConfig): Hex {
  const {
    peers: _peers,
    gateways: _gateways,
    routers: _routers,
    demo: _demo,
    rates: _rates,
    attestors,
    ...others
  } = config
  const trusted = attestors
    ? {
        ...others,
        attestors: { threshold: attestors.threshold, keys: attestors.members.map(({ key }) => key) },
      }
    : others
  return toHex(keccak_256(utf8ToBytes(canonicalJson(trusted))))
}

/** RFC 8785 for the values that occur here: objects, arrays, strings, booleans and safe integers. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}
