// What EIP-712 typed data says: pairing, hand-over, Config, grants, permits, and what known contracts ask for.
import { type Address, fromHex, toHex } from '../bytes.ts'
import { encodeType, type TypedData, type TypedDefinitions, type TypedValue } from '../eip712.ts'
import { catalogueMessage } from '../kiosk/catalogueMessage.ts'
import { ownerRequestMessage } from '../kiosk/ownerRequestMessage.ts'
import { GrantAction } from '../lock/grant.ts'
import { marketMessages } from '../registry/marketStatements.ts'
import { hasSlot, VEND_TERMS, VendUse } from '../vending/vendTerms.ts'
import { closeMessage } from '../voucher/channel.ts'
import type { Argument, ArgumentValue } from './abiShape.ts'
import { agentIssuingMessage } from './agentIssuing.ts'
import {
  findContract,
  findToken,
  type KnownContract,
  type KnownMessage,
  type KnownToken,
  NOBODY,
  partyAt,
  type Signer,
  type SigningContext,
  tokenAmount,
} from './contracts.ts'
import { readThreshold, UNLIMITED } from './describeCall.ts'
import { closeSentence } from './describeChannels.ts'
import { kioskStatement } from './describeKiosk.ts'
import { marketStatement } from './describeMarket.ts'
import { Named } from './namedArguments.ts'
import type { GrantedAction, Party, Sentence } from './sentence.ts'

export interface StatementReading {
  readonly sentence: Sentence
  readonly signer: Signer
  /** The account that the statement speaks for; null where it names none. */
  readonly account: Address | null
}

const HAND_OVER =
  '(bytes32 deviceId,address owner,address newOwner,address newAccount,uint48 counter,uint40 deadline)'

/** What DeviceRegistry and the devices check; the fields are core/registry/deviceStatements.ts's. */
const ROLE_MESSAGES: Readonly<Record<KnownContract['role'], readonly KnownMessage[]>> = {
  firmwareRegistry: [],
  deviceRegistry: [
    { type: `HandOverGiven${HAND_OVER}`, signer: 'account', signerField: 'owner' },
    { type: `HandOverAccepted${HAND_OVER}`, signer: 'account', signerField: 'newOwner' },
    {
      type: 'DeviceConfig(bytes32 deviceId,uint32 version,bytes32 issuerX,bytes32 issuerY,uint8 attestorThreshold,bytes attestorKeys,uint32 epoch,address market)',
      signer: 'ownerKey',
    },
    {
      type: 'DevicePairing(bytes32 deviceId,bytes32 ownerX,bytes32 ownerY,bytes16 nonce,uint48 pairingCounter)',
      signer: 'ownerKey',
    },
    {
      type: 'OwnerKeyChange(bytes32 deviceId,bytes32 newOwnerX,bytes32 newOwnerY,uint48 pairingCounter)',
      signer: 'ownerKey',
    },
    { type: 'FactoryReset(bytes32 deviceId,uint48 pairingCounter)', signer: 'ownerKey' },
    { type: 'OwnerTime(bytes32 deviceId,bytes16 nonce,uint40 time)', signer: 'ownerKey' },
  ],
  market: [...marketMessages, agentIssuingMessage, catalogueMessage, ownerRequestMessage],
  paymentChannels: [closeMessage],
  anchors: [],
  tills: [],
  other: [],
}

/** Checked by devices alone, in the domain of the Market that they deal in: the zero address where they deal in none. */
const GRANT =
  'Grant(bytes32 deviceId,uint256 orderId,bytes32 userKeyHash,uint40 notBefore,uint40 notAfter,bytes21 weeklyHours,uint16 maxUses,uint8 actions,uint32 epoch,uint32 seq)'

const GRANTED: readonly (readonly [GrantedAction, number])[] = [
  ['open', GrantAction.open],
  ['vend', GrantAction.vend],
  ['manage', GrantAction.manage],
  ['own', GrantAction.own],
]

const USES = [
  ['sell', VendUse.sell],
  ['free', VendUse.free],
] as const

/** EIP-2612, "Specification". */
const PERMIT: KnownMessage = {
  type: 'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)',
  signer: 'account',
  signerField: 'owner',
}

/**
 * The reading of typed data of a known contract or token for the context's chain; undefined for all else. The types must
 * be exactly the known ones, for a field more or less is another statement. Throws Eip712Error for undeclared types.
 */
export function describeStatement(typed: TypedData, context: SigningContext): StatementReading | undefined {
  const { verifyingContract } = typed.domain
  if (verifyingContract === undefined || typed.domain.salt !== undefined) return undefined
  const contract = findContract(context, verifyingContract)
  const isForDevice = contract !== undefined || verifyingContract === NOBODY
  if (isForDevice && isFob(typed)) {
    const type = encodeType(typed.primaryType, typed.types)
    if (type === GRANT) return grant(typed, contract)
    if (type === VEND_TERMS) return vendTerms(typed, contract)
  }
  if (contract) return contractStatement(typed, contract, context)
  const token = findToken(context, verifyingContract)
  return token && permit(typed, token, context)
}

const isFob = ({ domain }: TypedData): boolean => domain.name === 'Fob' && domain.version === '1'

/** undefined for a grant with an action that has no words. */
function grant(typed: TypedData, contract: KnownContract | undefined): StatementReading | undefined {
  const args = new Named(readFields(typed))
  const bits = Number(args.uint('actions'))
  const actions = GRANTED.filter(([, bit]) => (bits & bit) !== 0)
  const known = actions.reduce<number>((sum, [, bit]) => sum | bit, GrantAction.withoutTime)
  if ((bits & ~known) !== 0 || actions.length === 0) return undefined
  const sentence = args.checked({
    kind: 'deviceGrant',
    contract: contract ? { address: contract.address, name: contract.name } : null,
    deviceId: args.hex('deviceId'),
    orderId: args.uint('orderId'),
    userKeyHash: args.hex('userKeyHash'),
    actions: actions.map(([name]) => name),
    isWithoutTime: (bits & GrantAction.withoutTime) !== 0,
    notBefore: args.uint('notBefore'),
    notAfter: args.uint('notAfter'),
    isAtHours: !/^0x0*$/.test(args.hex('weeklyHours')),
    maxUses: args.uint('maxUses'),
  })
  return sentence && { sentence, signer: 'ownerKey', account: null }
}

/** undefined for a use that has no words. */
function vendTerms(typed: TypedData, contract: KnownContract | undefined): StatementReading | undefined {
  const args = new Named(readFields(typed))
  const use = USES.find(([, code]) => BigInt(code) === args.uint('use'))
  const slots = fromHex(args.hex('slots')) ?? new Uint8Array()
  if (!use) return undefined
  const sentence = args.checked({
    kind: 'vendTerms',
    contract: contract ? { address: contract.address, name: contract.name } : null,
    deviceId: args.hex('deviceId'),
    grantDigest: args.hex('grantDigest'),
    use: use[0],
    slots: Array.from({ length: 8 * slots.length }, (_, slot) => slot).filter(slot => hasSlot(slots, slot)),
    perDay: args.uint('perDay'),
  })
  return sentence && { sentence, signer: 'ownerKey', account: null }
}

function contractStatement(
  typed: TypedData,
  contract: KnownContract,
  context: SigningContext,
): StatementReading | undefined {
  if (!isFob(typed)) return undefined
  const type = encodeType(typed.primaryType, typed.types)
  const message = [...ROLE_MESSAGES[contract.role], ...(contract.messages ?? [])].find(
    known => known.type === type,
  )
  if (!message) return undefined
  const fields = readFields(typed)
  const party = { address: contract.address, name: contract.name }
  const args = new Named(fields)
  const sentence =
    contract.role === 'market'
      ? typed.primaryType.startsWith('Kiosk')
        ? kioskStatement(typed.primaryType, args, party)
        : marketStatement(typed.primaryType, args, party, context)
      : contract.role === 'paymentChannels'
        ? closeSentence(args, party, context)
        : roleSentence(contract.role, typed.primaryType, args, party)
  // Which channel that is must be known: the statement names neither the other side nor what the amount is of.
  if (!sentence && contract.role === 'paymentChannels') return undefined
  return {
    sentence: sentence ?? { kind: 'statement', contract: party, type: typed.primaryType, fields },
    signer: message.signer,
    account: message.signerField === undefined ? null : new Named(fields).hex(message.signerField),
  }
}

function roleSentence(
  role: KnownContract['role'],
  type: string,
  args: Named,
  contract: Party,
): Sentence | undefined {
  if (role !== 'deviceRegistry') return undefined
  if (type === 'HandOverGiven' || type === 'HandOverAccepted') {
    return args.checked({
      kind: type === 'HandOverGiven' ? 'handOverGiven' : 'handOverAccepted',
      contract,
      deviceId: args.hex('deviceId'),
      owner: args.hex('owner'),
      newOwner: args.hex('newOwner'),
      newAccount: args.hex('newAccount'),
      deadline: args.uint('deadline'),
    })
  }
  const deviceId = args.hex('deviceId')
  if (type === 'DevicePairing')
    return args.checked({ kind: 'pairDevice', contract, deviceId, ownerKey: args.pair('ownerX', 'ownerY') })
  if (type === 'OwnerKeyChange') {
    const newOwnerKey = args.pair('newOwnerX', 'newOwnerY')
    return args.checked({ kind: 'changeOwnerKey', contract, deviceId, newOwnerKey })
  }
  if (type === 'FactoryReset') return args.checked({ kind: 'resetDevice', contract, deviceId })
  if (type === 'OwnerTime')
    return args.checked({ kind: 'tellTime', contract, deviceId, time: args.uint('time') })
  if (type !== 'DeviceConfig') return undefined
  return args.checked({
    kind: 'deviceConfig',
    contract,
    deviceId: args.hex('deviceId'),
    version: args.uint('version'),
    epoch: args.uint('epoch'),
    ...readThreshold(args.uint('attestorThreshold')),
    market: args.hex('market'),
    issuerKey: args.pair('issuerX', 'issuerY'),
  })
}

function permit(typed: TypedData, token: KnownToken, context: SigningContext): StatementReading | undefined {
  const { domain } = typed
  if (domain.name !== token.permit?.name || domain.version !== token.permit?.version) return undefined
  if (encodeType(typed.primaryType, typed.types) !== PERMIT.type) return undefined
  const args = new Named(readFields(typed))
  const value = args.uint('value')
  const owner = args.hex('owner')
  const sentence = args.checked({
    kind: 'tokenPermit',
    contract: { address: token.address, name: token.name },
    spender: partyAt(context, args.hex('spender')),
    amount: tokenAmount(token, value),
    isUnlimited: value >= UNLIMITED,
    owner,
    deadline: args.uint('deadline'),
  })
  return sentence && { sentence, signer: PERMIT.signer, account: owner }
}

/** The declared fields with their values, and nothing else: what is not hashed is not shown. */
export function readFields({ types, primaryType, message }: TypedData): readonly Argument[] {
  return structFields(primaryType, message, types)
}

function structFields(
  type: string,
  value: { readonly [field: string]: TypedValue },
  types: TypedDefinitions,
): readonly Argument[] {
  const fields = Object.hasOwn(types, type) ? (types[type] ?? []) : []
  return fields.flatMap(field => {
    const member = Object.hasOwn(value, field.name) ? value[field.name] : undefined
    if (member === undefined) return []
    return [{ name: field.name, type: field.type, value: argumentValue(field.type, member, types) }]
  })
}

function argumentValue(type: string, value: TypedValue, types: TypedDefinitions): ArgumentValue {
  if (value instanceof Uint8Array) return toHex(value)
  if (typeof value === 'number') return BigInt(value)
  if (typeof value === 'string') return type === 'string' ? value : value.toLowerCase()
  if (typeof value === 'bigint' || typeof value === 'boolean') return value
  if (isList(value)) {
    const element = type.replace(/\[\d*\]$/, '')
    return value.map((item, i) => ({
      name: String(i),
      type: element,
      value: argumentValue(element, item, types),
    }))
  }
  return structFields(type, value, types)
}

const isList = (value: TypedValue): value is readonly TypedValue[] => Array.isArray(value)
