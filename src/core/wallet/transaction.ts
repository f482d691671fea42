// The one kind of transaction that Fob signs: EIP-1559 (type 2) to an address, without an access list.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToNumberBE } from '@noble/curves/utils.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Address, type Bytes, concat, fromHex, type Hex, toHex } from '../bytes.ts'
import { decodeRlp, encodeRlp, quantityBytes, type RlpItem } from '../proof/rlp.ts'
import { fail, ok, type Result } from '../result.ts'
import { addressOfKey } from './address.ts'

/** Amounts are wei; fees are wei per unit of gas. */
export interface Transaction {
  readonly chainId: number
  readonly nonce: number
  readonly maxPriorityFeePerGas: bigint
  readonly maxFeePerGas: bigint
  readonly gasLimit: bigint
  readonly to: Address
  readonly value: bigint
  readonly data: Bytes
}

export interface SignedTransaction {
  /** `0x02 || rlp([...])`, what eth_sendRawTransaction takes. */
  readonly raw: Bytes
  readonly hash: Hex
  readonly from: Address
  readonly transaction: Transaction
}

export type TransactionError =
  | { readonly kind: 'transactionMalformed'; readonly detail: string }
  /** A legacy, access-list or blob transaction, or one that creates a contract. */
  | { readonly kind: 'transactionUnsupported'; readonly detail: string }
  /** EIP-7702: it would hand the whole account to a contract. Never signed, whatever the settings. */
  | { readonly kind: 'delegationRefused' }

const TYPE = 0x02
/** EIP-7702: the transaction's type, and the first byte of what an authorisation signs. */
const DELEGATION = [0x04, 0x05]
const WORD = 1n << 256n

/** What is wrong with the numbers, in words for the log; undefined where all fit (EIP-1559, EIP-2681 for the nonce). */
export function transactionFault(transaction: Transaction): string | undefined {
  const { chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gasLimit, to, value } = transaction
  if (!Number.isSafeInteger(chainId) || chainId < 1) return `chain id ${chainId}`
  if (!Number.isSafeInteger(nonce) || nonce < 0) return `nonce ${nonce}`
  if (!/^0x[0-9a-f]{40}$/.test(to)) return `to ${to}`
  for (const [name, number] of Object.entries({ maxPriorityFeePerGas, maxFeePerGas, value })) {
    if (number < 0n || number >= WORD) return `${name} ${number}`
  }
  if (gasLimit < 21_000n || gasLimit >= 1n << 63n) return `gasLimit ${gasLimit}`
  if (maxPriorityFeePerGas > maxFeePerGas) return 'the tip is greater than the fee that it is part of'
  return undefined
}

/** keccak256 of `0x02 || rlp([chainId, nonce, …, data, []])`: what the account signs. Throws RangeError for a fault. */
function transactionDigest(transaction: Transaction): Bytes {
  return Uint8Array.from(keccak_256(envelope(unsignedFields(transaction))))
}

/** Signs with a 32-byte secp256k1 key (RFC 6979, low s: EIP-2). Throws RangeError for a fault. */
export function signTransaction(transaction: Transaction, secretKey: Uint8Array): SignedTransaction {
  const signature = secp256k1.sign(transactionDigest(transaction), secretKey, {
    prehash: false,
    lowS: true,
    format: 'recovered',
  })
  const [parity = 0] = signature
  const r = bytesToNumberBE(signature.subarray(1, 33))
  const s = bytesToNumberBE(signature.subarray(33))
  const raw = envelope([
    ...unsignedFields(transaction),
    quantityBytes(BigInt(parity)),
    quantityBytes(r),
    quantityBytes(s),
  ])
  const from = addressOfKey(secp256k1.getPublicKey(secretKey, false))
  return { raw, hash: toHex(keccak_256(raw)), from, transaction }
}

/** Reads a signed transaction strictly, and recovers who signed it. */
export function parseTransaction(raw: Uint8Array): Result<SignedTransaction, TransactionError> {
  const [type = 0] = raw
  if (DELEGATION.includes(type)) return fail({ kind: 'delegationRefused' })
  if (type !== TYPE) return fail({ kind: 'transactionUnsupported', detail: `type ${type}` })
  const decoded = decodeRlp(raw.subarray(1))
  if (!decoded.ok) return malformed(decoded.error.detail)
  if (decoded.value instanceof Uint8Array || decoded.value.length !== 12) return malformed('needs 12 fields')
  const [chainId, nonce, tip, fee, gas, to, value, data, accessList, parity, r, s] = decoded.value
  if (accessList instanceof Uint8Array || accessList === undefined) return malformed('access list')
  if (accessList.length > 0) return fail({ kind: 'transactionUnsupported', detail: 'access list' })
  if (!(to instanceof Uint8Array) || !(data instanceof Uint8Array)) return malformed('to or data')
  if (to.length === 0) return fail({ kind: 'transactionUnsupported', detail: 'creates a contract' })
  if (to.length !== 20) return malformed(`to has ${to.length} bytes`)
  const numbers = [chainId, nonce, tip, fee, gas, value, parity, r, s].map(readQuantity)
  const [chain, count, priority, max, limit, wei, yParity, rNumber, sNumber] = numbers
  if (
    chain === undefined ||
    count === undefined ||
    priority === undefined ||
    max === undefined ||
    limit === undefined ||
    wei === undefined ||
    yParity === undefined ||
    rNumber === undefined ||
    sNumber === undefined
  ) {
    return malformed('a number')
  }
  const transaction: Transaction = {
    chainId: Number(chain),
    nonce: Number(count),
    maxPriorityFeePerGas: priority,
    maxFeePerGas: max,
    gasLimit: limit,
    to: toHex(to),
    value: wei,
    data: Uint8Array.from(data),
  }
  const fault = transactionFault(transaction)
  if (fault !== undefined) return malformed(fault)
  const from = recover(transactionDigest(transaction), yParity, rNumber, sNumber)
  if (from === undefined) return malformed('signature')
  return ok({ raw: Uint8Array.from(raw), hash: toHex(keccak_256(raw)), from, transaction })
}

function recover(digest: Bytes, parity: bigint, r: bigint, s: bigint): Address | undefined {
  if (parity > 1n || r >= WORD || s >= WORD) return undefined
  try {
    const signature = new secp256k1.Signature(r, s, Number(parity))
    if (signature.hasHighS()) return undefined
    return addressOfKey(signature.recoverPublicKey(digest).toBytes(false))
  } catch {
    // noble throws where r or s is out of range, or r is no point of the curve.
    return undefined
  }
}

function unsignedFields(transaction: Transaction): RlpItem[] {
  const fault = transactionFault(transaction)
  if (fault !== undefined) throw new RangeError(fault)
  const { chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gasLimit, to, value, data } = transaction
  const target = fromHex(to)
  if (!target) throw new RangeError(`to ${to}`)
  return [
    quantityBytes(BigInt(chainId)),
    quantityBytes(BigInt(nonce)),
    quantityBytes(maxPriorityFeePerGas),
    quantityBytes(maxFeePerGas),
    quantityBytes(gasLimit),
    target,
    quantityBytes(value),
    data,
    [],
  ]
}

const envelope = (fields: readonly RlpItem[]): Bytes => concat(Uint8Array.of(TYPE), encodeRlp(fields))

/** undefined for a list, for more than 256 bits and for leading zeros. */
function readQuantity(item: RlpItem | undefined): bigint | undefined {
  if (!(item instanceof Uint8Array) || item.length > 32 || item[0] === 0) return undefined
  return item.length === 0 ? 0n : bytesToNumberBE(item)
}

const malformed = (detail: string) => fail({ kind: 'transactionMalformed', detail } as const)
