// Whether an agent signs grants for a device, for which offers, and when it withdraws: a statement that only the owner's account can make.
import * as v from 'valibot'
import { type Address, type Bytes, fromHex, type Hex, toHex } from '../bytes.ts'
import { hashTypedData, type TypedData } from '../eip712.ts'
import type { DeviceId } from '../identity.ts'
import type { MarketDomain } from '../lock/grant.ts'
import { fail, ok, type Result } from '../result.ts'
import { signerOf } from './accountSignature.ts'
import type { KnownMessage } from './contracts.ts'

export interface AgentIssuing {
  readonly owner: Address
  readonly deviceId: DeviceId
  /** The agent's key for this device, P-256, x || y, 64 bytes: by it the agent is told from others of the same owner. */
  readonly key: Bytes
  /** uint48, from 1: an agent takes none that is not greater than the last. */
  readonly version: number
  /** false: nothing is signed from here on. */
  readonly isOn: boolean
  /** Ids of the offers for whose orders it signs; none: for those of all offers of this device. */
  readonly offers: readonly Hex[]
  /** uint32: seconds between two withdrawals to the owner; 0: never. */
  readonly withdrawEvery: number
}

export interface SignedAgentIssuing extends AgentIssuing {
  /** The owner account's: r || s || v, 65 bytes. */
  readonly signature: Bytes
}

export type AgentIssuingRefusal =
  | { readonly kind: 'issuingMalformed'; readonly detail: string }
  | { readonly kind: 'issuingNotForUs'; readonly detail: string }
  | { readonly kind: 'issuingNotSigned'; readonly detail: string }
  | { readonly kind: 'issuingNotNewer'; readonly detail: string }

const MAX_OFFERS = 64

const TYPES = {
  AgentIssuing: [
    { name: 'owner', type: 'address' },
    { name: 'deviceId', type: 'bytes32' },
    { name: 'issuerX', type: 'bytes32' },
    { name: 'issuerY', type: 'bytes32' },
    { name: 'version', type: 'uint48' },
    { name: 'isOn', type: 'bool' },
    { name: 'withdrawEvery', type: 'uint32' },
    { name: 'offers', type: 'bytes32[]' },
  ],
} as const

/** What a wallet may be asked to sign, for its list of known contracts: under the Market, whose orders it is about. */
export const agentIssuingMessage: KnownMessage = {
  type: 'AgentIssuing(address owner,bytes32 deviceId,bytes32 issuerX,bytes32 issuerY,uint48 version,bool isOn,uint32 withdrawEvery,bytes32[] offers)',
  signer: 'account',
  signerField: 'owner',
}

/** What the owner signs (eth_signTypedData_v4), in the domain {name: 'Fob', version: '1', chainId, verifyingContract: market}. */
export function agentIssuingTypedData(
  { chainId, market }: MarketDomain,
  { owner, deviceId, key, version, isOn, offers, withdrawEvery }: AgentIssuing,
): TypedData {
  return {
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: market },
    types: TYPES,
    primaryType: 'AgentIssuing',
    message: {
      owner,
      deviceId,
      issuerX: toHex(key.subarray(0, 32)),
      issuerY: toHex(key.subarray(32)),
      version,
      isOn,
      withdrawEvery,
      offers: [...offers],
    },
  }
}

/** For whom an agent takes statements. Who owns the device is for the chain to say. */
export interface IssuingHolder {
  readonly deviceId: DeviceId
  readonly key: Bytes
  /** Of the statement that it holds; 0 for none. */
  readonly version: number
}

/** Whether the statement is whole: signed by the owner that it names, for this key and device, newer than what is held. */
export function checkAgentIssuing(
  domain: MarketDomain,
  signed: SignedAgentIssuing,
  { deviceId, key, version }: IssuingHolder,
): Result<AgentIssuing, AgentIssuingRefusal> {
  if (signed.deviceId !== deviceId) return fail({ kind: 'issuingNotForUs', detail: 'another device' })
  if (!signed.key.every((byte, i) => byte === key[i]))
    return fail({ kind: 'issuingNotForUs', detail: 'another issuer key' })
  if (signerOf(hashTypedData(agentIssuingTypedData(domain, signed)), signed.signature) !== signed.owner)
    return fail({ kind: 'issuingNotSigned', detail: `by ${signed.owner}` })
  if (signed.version <= version)
    return fail({ kind: 'issuingNotNewer', detail: `${signed.version}, and ${version} is held` })
  const { signature: _, ...issuing } = signed
  return ok(issuing)
}

const hexOf = (digits: number) => v.pipe(v.string(), v.regex(new RegExp(`^0x[0-9a-f]{${digits}}$`)))
const bytesOf = (length: number) =>
  v.pipe(
    hexOf(2 * length),
    v.transform(text => fromHex(text) ?? new Uint8Array()),
  )
const hash = v.pipe(
  hexOf(64),
  v.transform(text => text as Hex),
)

const schema = v.strictObject({
  owner: v.pipe(
    hexOf(40),
    v.transform(text => text as Address),
  ),
  deviceId: v.pipe(
    hexOf(64),
    v.transform(text => text as DeviceId),
  ),
  key: bytesOf(64),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(2 ** 48 - 1)),
  isOn: v.boolean(),
  offers: v.pipe(v.array(hash), v.maxLength(MAX_OFFERS)),
  withdrawEvery: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1)),
  signature: bytesOf(65),
})

/** The statement as it is sent and stored: JSON, bytes as `0x` and digits in lower case. */
export function readSignedAgentIssuing(json: unknown): Result<SignedAgentIssuing, AgentIssuingRefusal> {
  const parsed = v.safeParse(schema, json)
  if (parsed.success) return ok(parsed.output)
  const [issue] = parsed.issues
  return fail({
    kind: 'issuingMalformed',
    detail: `${v.getDotPath(issue) ?? 'the statement'}: ${issue.message}`,
  })
}
