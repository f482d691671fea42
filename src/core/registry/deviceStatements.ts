// What is signed to own, hand over and configure a device: the statements that DeviceRegistry.sol checks, as EIP-712.
import { type Address, type Bytes, concat } from '../bytes.ts'
import { hashTypedData, type TypedData, type TypedDefinitions, type TypedValue } from '../eip712.ts'
import type { DeviceId } from '../identity.ts'
import type { ModelId } from './model.ts'

/**
 * Which DeviceRegistry a statement is for. The EIP-712 domain is {name: 'Fob', version: '1', chainId, verifyingContract:
 * registry}, so nothing that is signed for one chain or registry holds in another.
 */
export interface StatementDomain {
  readonly chainId: number
  /** The DeviceRegistry's address (not the FirmwareRegistry's, which a device's identity names). */
  readonly registry: Address
}

/** Signed by an unclaimed device for the account that is to own it, which sends it to the registry itself. */
export interface DeviceClaim {
  readonly deviceId: DeviceId
  readonly owner: Address
  /** The device account. */
  readonly account: Address
  readonly modelId: ModelId
  /**
   * uint48. Greater than that of every claim and hand-over that the registry took before, so the first is at least 1.
   * The device stores it before it signs, never signs two statements with one, and keeps it through a factory reset.
   */
  readonly counter: number
  /** uint40, Unix time in seconds: the last at which the registry takes the statement. */
  readonly deadline: number
}

/** Signed by the device, by its present and by its new owner, each as a type of its own; see `HandOverParty`. */
export interface HandOver {
  readonly deviceId: DeviceId
  readonly owner: Address
  readonly newOwner: Address
  /** Replaces the device account, whose key the present owner has. */
  readonly newAccount: Address
  /** uint48, as in DeviceClaim, and of the same sequence. */
  readonly counter: number
  /** uint40, Unix time in seconds, as in DeviceClaim. */
  readonly deadline: number
}

/**
 * `device` signs `DeviceHandOver` with its P-256 key, `owner` signs `HandOverGiven` and `newOwner` signs
 * `HandOverAccepted` with their accounts' keys (secp256k1; a contract answers by ERC-1271). Who of the two persons sends
 * the transaction needs no signature.
 */
export type HandOverParty = 'device' | 'owner' | 'newOwner'

/** What the owner tells a device. The domain binds its chain. */
export interface DeviceConfig {
  readonly deviceId: DeviceId
  /** uint32. A device takes exactly its present version + 1, from 1, and keeps it through a factory reset. */
  readonly version: number
  /** P-256, x || y, 64 bytes, big-endian: whoever signs grants. 64 zeros: nobody. */
  readonly issuerKey: Uint8Array
  readonly attestors: {
    /** uint8: how many of `keys` must sign a header or a time. */
    readonly threshold: number
    /** P-256, x || y, 64 bytes each. */
    readonly keys: readonly Uint8Array[]
    /**
     * Whether what they have signed of the chain lets somebody in, without a signature by issuer or owner: so many of them
     * together can then open that door. Left out: no.
     */
    readonly mayOpen?: boolean
  }
  /** uint32. Grants of a lower epoch are void. */
  readonly epoch: number
  /** The Market whose grants and receipts the device deals in; zero: none. */
  readonly market: Address
}

/** Bit of `attestorThreshold` that says `attestors.mayOpen`. */
export const ATTESTORS_MAY_OPEN = 0x80

const CLAIM_TYPES = {
  DeviceClaim: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'owner', type: 'address' },
    { name: 'account', type: 'address' },
    { name: 'modelId', type: 'bytes32' },
    { name: 'counter', type: 'uint48' },
    { name: 'deadline', type: 'uint40' },
  ],
} as const

const HAND_OVER_FIELDS = [
  { name: 'deviceId', type: 'bytes32' },
  { name: 'owner', type: 'address' },
  { name: 'newOwner', type: 'address' },
  { name: 'newAccount', type: 'address' },
  { name: 'counter', type: 'uint48' },
  { name: 'deadline', type: 'uint40' },
] as const

const HAND_OVER_TYPE: Readonly<Record<HandOverParty, string>> = {
  device: 'DeviceHandOver',
  owner: 'HandOverGiven',
  newOwner: 'HandOverAccepted',
}

const CONFIG_TYPES = {
  DeviceConfig: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'version', type: 'uint32' },
    { name: 'issuerX', type: 'bytes32' },
    { name: 'issuerY', type: 'bytes32' },
    { name: 'attestorThreshold', type: 'uint8' },
    { name: 'attestorKeys', type: 'bytes' },
    { name: 'epoch', type: 'uint32' },
    { name: 'market', type: 'address' },
  ],
} as const

const CONFIG_TAKEN_TYPES = {
  ...CONFIG_TYPES,
  ConfigTaken: [{ name: 'config', type: 'DeviceConfig' }],
} as const

/**
 * The 32-byte digest that the device signs (P-256, `core/p256.ts`) of
 * `DeviceClaim(bytes32 deviceId,address owner,address account,bytes32 modelId,uint48 counter,uint40 deadline)`.
 * Throws Eip712Error where a field does not fit its type, as do all functions here.
 */
export function claimDigest(domain: StatementDomain, claim: DeviceClaim): Bytes {
  const { deviceId, owner, account, modelId, counter, deadline } = claim
  return hashTypedData(
    typedData(domain, CLAIM_TYPES, 'DeviceClaim', { deviceId, owner, account, modelId, counter, deadline }),
  )
}

/**
 * What one party signs of a hand-over, in the form that wallets show and sign (eth_signTypedData_v4):
 * `<type>(bytes32 deviceId,address owner,address newOwner,address newAccount,uint48 counter,uint40 deadline)`, where the
 * type is the party's own.
 */
export function handOverTypedData(
  domain: StatementDomain,
  handOver: HandOver,
  party: HandOverParty,
): TypedData {
  const { deviceId, owner, newOwner, newAccount, counter, deadline } = handOver
  const type = HAND_OVER_TYPE[party]
  const message = { deviceId, owner, newOwner, newAccount, counter, deadline }
  return typedData(domain, { [type]: HAND_OVER_FIELDS }, type, message)
}

/** The 32-byte digest of `handOverTypedData`. */
export function handOverDigest(domain: StatementDomain, handOver: HandOver, party: HandOverParty): Bytes {
  return hashTypedData(handOverTypedData(domain, handOver, party))
}

/**
 * What the owner key signs of a Config: `DeviceConfig(bytes32 deviceId,uint32 version,bytes32 issuerX,bytes32 issuerY,
 * uint8 attestorThreshold,bytes attestorKeys,uint32 epoch,address market)`, without the line break; `attestorKeys` are
 * the keys, 64 bytes each, one after the other; `attestorThreshold` has its highest bit set where they may open.
 */
export function configTypedData(domain: StatementDomain, config: DeviceConfig): TypedData {
  return typedData(domain, CONFIG_TYPES, 'DeviceConfig', configMessage(config))
}

/** The 32-byte digest of `configTypedData`, which the owner key signs (P-256). */
export function configDigest(domain: StatementDomain, config: DeviceConfig): Bytes {
  return hashTypedData(configTypedData(domain, config))
}

/**
 * The 32-byte digest that the device signs (P-256) once it has stored a Config: `ConfigTaken(DeviceConfig config)`. The
 * signature is what the registry files.
 */
export function configTakenDigest(domain: StatementDomain, config: DeviceConfig): Bytes {
  const message = { config: configMessage(config) }
  return hashTypedData(typedData(domain, CONFIG_TAKEN_TYPES, 'ConfigTaken', message))
}

/** `bytes attestorKeys`: the attestors' keys one after the other. Throws RangeError for a key that has not 64 bytes. */
export function packAttestorKeys(keys: readonly Uint8Array[]): Bytes {
  for (const key of keys) checkKey(key, 'an attestor key')
  return concat(...keys)
}

/** `uint8 attestorThreshold`: how many must sign, and `ATTESTORS_MAY_OPEN` where they may open. */
export const packThreshold = ({ threshold, mayOpen }: DeviceConfig['attestors']): number =>
  mayOpen === true ? threshold | ATTESTORS_MAY_OPEN : threshold

function configMessage(config: DeviceConfig) {
  const { deviceId, version, issuerKey, attestors, epoch, market } = config
  checkKey(issuerKey, 'an issuer key')
  return {
    deviceId,
    version,
    issuerX: issuerKey.subarray(0, 32),
    issuerY: issuerKey.subarray(32),
    attestorThreshold: packThreshold(attestors),
    attestorKeys: packAttestorKeys(attestors.keys),
    epoch,
    market,
  }
}

function checkKey(key: Uint8Array, what: string): void {
  if (key.length !== 64) throw new RangeError(`${what} has 64 bytes, not ${key.length}`)
}

function typedData(
  { chainId, registry }: StatementDomain,
  types: TypedDefinitions,
  primaryType: string,
  message: { readonly [field: string]: TypedValue },
): TypedData {
  const domain = { name: 'Fob', version: '1', chainId, verifyingContract: registry }
  return { domain, types, primaryType, message }
}
