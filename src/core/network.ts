// network.json: which chain, which peers, which makers are suggested. Fetched at run time, so that one build serves any network.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import * as v from 'valibot'
import { type Address, type Hex, toHex } from './bytes.ts'
import { fail, ok, type Result } from './result.ts'

const address = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-fA-F]{40}$/),
  v.transform(text => text.toLowerCase() as Address),
)
const httpUrl = v.pipe(v.string(), v.regex(/^https?:\/\//), v.maxLength(2048))
const shortText = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

const chain = v.object({
  id: v.pipe(v.number(), v.integer(), v.minValue(1)),
  name: shortText,
  /** FirmwareRegistry. */
  registry: address,
  /** Block from which logs are read; 0 where it is not known. */
  deployedAt: v.optional(count, 0),
  endpoints: v.pipe(v.array(httpUrl), v.minLength(1), v.maxLength(16)),
  minAgreeing: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2)), 2),
  /** Age in seconds from which the newest agreed block is called stale. */
  maxAgeSeconds: v.optional(v.pipe(count, v.minValue(10)), 3600),
  currency: v.optional(shortText, 'ETH'),
  explorer: v.optional(httpUrl),
})

const model = v.object({ name: shortText, hardware: shortText })

const suggestedMaker = v.object({
  name: shortText,
  address,
  models: v.pipe(v.array(model), v.maxLength(256)),
})

/** What the page needs to build the demo devices in itself. */
const demoDevice = v.object({
  kind: v.picklist(['lock', 'vending', 'outlet', 'sensor']),
  model,
  maker: address,
  /** The factory image, relative to the page or absolute. */
  image: v.pipe(v.string(), v.maxLength(2048)),
  /** DER SubjectPublicKeyInfo of the key that the demo bootloader trusts, hexadecimal. */
  trustedKey: v.pipe(v.string(), v.regex(/^0x([0-9a-fA-F]{2})+$/)),
})

const schema = v.object({
  version: v.literal(1),
  name: shortText,
  chain,
  /** Multiaddrs that the in-browser node dials. */
  peers: v.pipe(v.array(v.pipe(v.string(), v.startsWith('/'), v.maxLength(512))), v.maxLength(64)),
  /** Trustless IPFS gateways: `${url}/ipfs/{cid}?format=raw`. */
  gateways: v.pipe(v.array(httpUrl), v.maxLength(16)),
  makers: v.pipe(v.array(suggestedMaker), v.maxLength(64)),
  demo: v.optional(v.pipe(v.array(demoDevice), v.maxLength(16)), []),
})

export type NetworkConfig = v.InferOutput<typeof schema>
export type DemoDeviceConfig = v.InferOutput<typeof demoDevice>
export type SuggestedMaker = v.InferOutput<typeof suggestedMaker>

export type NetworkFailure = { readonly kind: 'malformedNetwork'; readonly detail: string }

/** Unknown versions are refused; unknown fields are dropped. */
export function parseNetwork(json: unknown): Result<NetworkConfig, NetworkFailure> {
  const parsed = v.safeParse(schema, json)
  if (parsed.success) return ok(parsed.output)
  const [issue] = parsed.issues
  return fail({ kind: 'malformedNetwork', detail: `${v.getDotPath(issue) ?? 'document'}: ${issue.message}` })
}

/** keccak256 of the canonical JSON (keys sorted at every level): what is pinned at first use. */
export function networkFingerprint(config: NetworkConfig): Hex {
  return toHex(keccak_256(utf8ToBytes(JSON.stringify(sortKeys(config)))))
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  )
}
