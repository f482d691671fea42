// The rules of a device account as its owner hands them to an agent: a statement that only the owner's account can make.
import * as v from 'valibot'
import { type Address, type Bytes, fromHex } from '../bytes.ts'
import { hashTypedData, type TypedData } from '../eip712.ts'
import type { DeviceId } from '../identity.ts'
import { fail, ok, type Result } from '../result.ts'
import type { ChannelDomain } from '../voucher/channel.ts'
import { signerOf } from './accountSignature.ts'
import { type KnownMessage, NOBODY } from './contracts.ts'
import {
  type AccountRules,
  accountRulesSchema,
  type PurposeRule,
  type RulesMalformed,
  rulesMalformed,
} from './rules.ts'

export interface AgentRules {
  readonly owner: Address
  /** The agent's own account, by which it is told from other agents of the same owner. */
  readonly agent: Address
  readonly deviceId: DeviceId
  /** The device account that pays. */
  readonly account: Address
  /** uint48, from 1: an agent takes none that is not greater than the last. */
  readonly version: number
  readonly rules: AccountRules
}

export interface SignedAgentRules extends AgentRules {
  /** The owner account's: r || s || v, 65 bytes. */
  readonly signature: Bytes
}

export type AgentRulesRefusal =
  | RulesMalformed
  | { readonly kind: 'rulesNotForUs'; readonly detail: string }
  | { readonly kind: 'rulesNotSigned'; readonly detail: string }
  | { readonly kind: 'rulesNotNewer'; readonly held: number; readonly given: number }

const TYPES = {
  AgentRules: [
    { name: 'owner', type: 'address' },
    { name: 'agent', type: 'address' },
    { name: 'deviceId', type: 'bytes32' },
    { name: 'account', type: 'address' },
    { name: 'version', type: 'uint48' },
    { name: 'serving', type: 'PurposeRule' },
    { name: 'ownUpdates', type: 'PurposeRule' },
    { name: 'otherDevices', type: 'PurposeRule' },
  ],
  PurposeRule: [
    { name: 'isOn', type: 'bool' },
    { name: 'token', type: 'address' },
    { name: 'perPayment', type: 'uint256' },
    { name: 'perDay', type: 'uint256' },
    { name: 'payees', type: 'address[]' },
  ],
} as const

/** What a wallet may be asked to sign, for its list of known contracts: under PaymentChannels, whose money it is about. */
export const agentRulesMessage: KnownMessage = {
  type: 'AgentRules(address owner,address agent,bytes32 deviceId,address account,uint48 version,PurposeRule serving,PurposeRule ownUpdates,PurposeRule otherDevices)PurposeRule(bool isOn,address token,uint256 perPayment,uint256 perDay,address[] payees)',
  signer: 'account',
  signerField: 'owner',
}

/**
 * What the owner signs (eth_signTypedData_v4), in the domain {name: 'Fob', version: '1', chainId, verifyingContract:
 * paymentChannels}. A token of null is the zero address. Throws SyntaxError where an amount is no number.
 */
export function agentRulesTypedData(
  { chainId, paymentChannels }: ChannelDomain,
  { owner, agent, deviceId, account, version, rules }: AgentRules,
): TypedData {
  const { serving, ownUpdates, otherDevices } = rules
  return {
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: paymentChannels },
    types: TYPES,
    primaryType: 'AgentRules',
    message: {
      owner,
      agent,
      deviceId,
      account,
      version,
      serving: ruleMessage(serving),
      ownUpdates: ruleMessage(ownUpdates),
      otherDevices: ruleMessage(otherDevices),
    },
  }
}

const ruleMessage = ({ isOn, token, perPayment, perDay, payees }: PurposeRule) => ({
  isOn,
  token: token ?? NOBODY,
  perPayment: BigInt(perPayment),
  perDay: BigInt(perDay),
  payees: [...payees],
})

/** For whom an agent takes rules. */
export interface RulesHolder {
  readonly owner: Address
  readonly agent: Address
  readonly deviceId: DeviceId
  readonly account: Address
  /** Of the rules that it holds; 0 for none. */
  readonly version: number
}

/** Whether an agent takes new rules: signed by its owner, for itself and this account, and newer than what it has. */
export function checkAgentRules(
  domain: ChannelDomain,
  signed: SignedAgentRules,
  holder: RulesHolder,
): Result<AgentRules, AgentRulesRefusal> {
  for (const field of ['owner', 'agent', 'deviceId', 'account'] as const) {
    if (signed[field] !== holder[field]) {
      return fail({ kind: 'rulesNotForUs', detail: `${field} is ${signed[field]}` })
    }
  }
  const digest = hashTypedData(agentRulesTypedData(domain, signed))
  if (signerOf(digest, signed.signature) !== holder.owner) {
    return fail({ kind: 'rulesNotSigned', detail: `by ${holder.owner}` })
  }
  if (signed.version <= holder.version) {
    return fail({ kind: 'rulesNotNewer', held: holder.version, given: signed.version })
  }
  const { signature: _, ...rules } = signed
  return ok(rules)
}

const hexOf = (digits: number) => v.pipe(v.string(), v.regex(new RegExp(`^0x[0-9a-f]{${digits}}$`)))
const address = v.pipe(
  hexOf(40),
  v.transform(text => text as Address),
)

const schema = v.strictObject({
  owner: address,
  agent: address,
  deviceId: v.pipe(
    hexOf(64),
    v.transform(text => text as DeviceId),
  ),
  account: address,
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(2 ** 48 - 1)),
  rules: accountRulesSchema,
  signature: v.pipe(
    hexOf(130),
    v.transform(text => fromHex(text) ?? new Uint8Array()),
  ),
})

/** The statement as it is sent and stored: JSON, with the signature as `0x` and 130 digits, all in lower case. */
export function readSignedAgentRules(json: unknown): Result<SignedAgentRules, AgentRulesRefusal> {
  const parsed = v.safeParse(schema, json)
  return parsed.success ? ok(parsed.output) : fail(rulesMalformed(parsed.issues[0]))
}
