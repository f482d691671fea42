// What is signed for a payment channel: vouchers and the payee's consent to close, as PaymentChannels.sol checks them.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { type Address, type Bytes, concat, type Hex, toHex } from '../bytes.ts'
import { hashStruct, hashTypedData, type TypedData } from '../eip712.ts'
import { signerOf } from '../wallet/accountSignature.ts'
import { type KnownMessage, NOBODY } from '../wallet/contracts.ts'

/** EIP-712's hashStruct of the terms: 32 bytes. */
export type ChannelId = Hex

/** What a channel is, from its opening to its end. Addresses in lower case. */
export interface ChannelTerms {
  readonly payer: Address
  readonly payee: Address
  /** Whose vouchers hold: a secp256k1 key. */
  readonly signer: Address
  /** null for the chain's coin. */
  readonly token: Address | null
  /** uint32: seconds from the payer's wish to leave until the rest is paid back. */
  readonly exitDelay: number
  /** uint64: the same two can have several channels. */
  readonly nonce: bigint
}

/**
 * Which PaymentChannels a voucher is for: the EIP-712 domain is {name: 'Fob', version: '1', chainId, verifyingContract:
 * paymentChannels}.
 */
export interface ChannelDomain {
  readonly chainId: number
  readonly paymentChannels: Address
}

/** `amount` is in all since the opening, in the smallest unit: the next voucher replaces the last. */
export interface Voucher {
  readonly channelId: ChannelId
  readonly amount: bigint
}

/** r || s || v, 65 bytes, v 27 or 28, low s. */
export type VoucherSignature = Bytes

/** The most that a channel takes: uint104. */
export const maxDeposit = (1n << 104n) - 1n

const CHANNEL_TYPES = {
  Channel: [
    { name: 'payer', type: 'address' },
    { name: 'payee', type: 'address' },
    { name: 'signer', type: 'address' },
    { name: 'token', type: 'address' },
    { name: 'exitDelay', type: 'uint32' },
    { name: 'nonce', type: 'uint64' },
  ],
} as const

const FIELDS = [
  { name: 'channelId', type: 'bytes32' },
  { name: 'amount', type: 'uint256' },
] as const

/** What a wallet may be asked to sign for PaymentChannels; vouchers are signed by keys of their own. */
export const closeMessage: KnownMessage = {
  type: 'ChannelClose(bytes32 channelId,uint256 amount)',
  signer: 'account',
}

/** Throws Eip712Error where a term does not fit its type. */
export function channelIdOf(terms: ChannelTerms): ChannelId {
  return toHex(hashStruct('Channel', { ...terms, token: terms.token ?? NOBODY }, CHANNEL_TYPES))
}

/** `Voucher(bytes32 channelId,uint256 amount)`, which the channel's signer signs. */
export const voucherTypedData = (domain: ChannelDomain, voucher: Voucher): TypedData =>
  typedData(domain, 'Voucher', voucher)

/** `ChannelClose(bytes32 channelId,uint256 amount)`, by which the payee agrees to get `amount` in all and no more. */
export const closeTypedData = (domain: ChannelDomain, close: Voucher): TypedData =>
  typedData(domain, 'ChannelClose', close)

/**
 * `ChannelCloseRequest(bytes32 channelId,uint256 amount)`, by which the channel's signer asks the payee for that consent: the
 * terms are public, and a stranger must not end what others have open. No contract takes it.
 */
export const closeRequestDigest = (domain: ChannelDomain, close: Voucher): Bytes =>
  hashTypedData(typedData(domain, 'ChannelCloseRequest', close))

function typedData(
  { chainId, paymentChannels }: ChannelDomain,
  primaryType: string,
  { channelId, amount }: Voucher,
): TypedData {
  const domain = { name: 'Fob', version: '1', chainId, verifyingContract: paymentChannels }
  return { domain, types: { [primaryType]: FIELDS }, primaryType, message: { channelId, amount } }
}

/** The 32-byte digest of `voucherTypedData`. */
export const voucherDigest = (domain: ChannelDomain, voucher: Voucher): Bytes =>
  hashTypedData(voucherTypedData(domain, voucher))

/** The 32-byte digest of `closeTypedData`. */
export const closeDigest = (domain: ChannelDomain, close: Voucher): Bytes =>
  hashTypedData(closeTypedData(domain, close))

/** Signs a 32-byte digest with a 32-byte secp256k1 key: RFC 6979, low s. */
export function signByKey(digest: Uint8Array, secretKey: Uint8Array): VoucherSignature {
  const recovered = secp256k1.sign(digest, secretKey, { prehash: false, lowS: true, format: 'recovered' })
  const [parity = 0] = recovered
  return concat(recovered.subarray(1), Uint8Array.of(27 + parity))
}

/** False for anything but a signature of this form by the account's key, whatever the length. */
export const isSignedByKey = (account: Address, digest: Uint8Array, signature: Uint8Array): boolean =>
  signerOf(digest, signature) === account
