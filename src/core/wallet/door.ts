// The one door to every signature: what is not decoded into a sentence is not signed.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Address, type Bytes, concat, toHex, utf8 } from '../bytes.ts'
import { Eip712Error, hashTypedData, type TypedData, type TypedValue } from '../eip712.ts'
import { signDigest } from '../p256.ts'
import { fail, ok, type Result } from '../result.ts'
import { addressOfKey } from './address.ts'
import { coinAmount, partyAt, type Signer, type SigningContext } from './contracts.ts'
import { describeCall } from './describeCall.ts'
import { describeStatement, readFields } from './describeStatement.ts'
import type { Amount, Sentence, Warning } from './sentence.ts'
import { type SignedTransaction, signTransaction, type Transaction, transactionFault } from './transaction.ts'
import { warningsOf } from './warnings.ts'

export type SigningRequest =
  | { readonly kind: 'transaction'; readonly transaction: Transaction }
  | { readonly kind: 'typedData'; readonly typedData: TypedData }
  /** EIP-191 version 0x45 (`personal_sign`): text for a person to read, never bytes. */
  | { readonly kind: 'text'; readonly text: string }
  /** EIP-7702: named so that whoever passes requests on need not know to refuse it. */
  | { readonly kind: 'delegation' }

export type SigningRefusal =
  | { readonly kind: 'wrongChain'; readonly expected: number; readonly got: string }
  | { readonly kind: 'transactionInvalid'; readonly detail: string }
  | { readonly kind: 'statementInvalid'; readonly detail: string }
  | { readonly kind: 'unknownContract'; readonly address: Address }
  /** The contract is known, and what is asked of it is not. */
  | { readonly kind: 'unknownCall'; readonly address: Address }
  | { readonly kind: 'unknownStatement'; readonly type: string }
  | { readonly kind: 'valueNotTaken' }
  | { readonly kind: 'textUnreadable' }
  | { readonly kind: 'delegationRefused' }

export type Signed =
  | { readonly kind: 'transaction'; readonly signed: SignedTransaction }
  /** By an account: r || s || v, 65 bytes, v 27 or 28. By the owner key: r || s, 64 bytes. Both with low s. */
  | { readonly kind: 'signature'; readonly signature: Bytes; readonly digest: Bytes }

/** The statement names another account than the one that was to sign it. */
export interface WrongSigner {
  readonly kind: 'wrongSigner'
  readonly detail: string
}

type Payload =
  | { readonly kind: 'transaction'; readonly transaction: Transaction }
  | { readonly kind: 'digest'; readonly digest: Bytes }

// Never leaves this module, so nobody else can make a Signable.
const gate = Symbol('readRequest')

class DecodedRequest {
  // A private field is also a brand: it can't be put on an object from outside.
  readonly #payload: Payload
  readonly sentence: Sentence
  readonly warnings: readonly Warning[]
  readonly signer: Signer
  /** The account that must sign; null where the request names none. */
  readonly account: Address | null
  /** The most that the transaction can cost besides its amount; null where nothing is sent. */
  readonly maxFee: Amount | null

  constructor(key: symbol, payload: Payload, view: View) {
    if (key !== gate) throw new TypeError('what is signed comes from readRequest alone')
    this.#payload = payload
    this.sentence = deepFreeze(view.sentence)
    this.warnings = deepFreeze(view.warnings)
    this.signer = view.signer
    this.account = view.account
    this.maxFee = deepFreeze(view.maxFee)
    Object.freeze(this)
  }

  static payloadOf(value: DecodedRequest): Payload {
    return value.#payload
  }
}
Object.freeze(DecodedRequest.prototype)
Object.freeze(DecodedRequest)

/** A request that was read: the sentence is of the very bytes that are signed. Only `readRequest` makes one. */
export type Signable = DecodedRequest

type View = Pick<DecodedRequest, 'sentence' | 'warnings' | 'signer' | 'account' | 'maxFee'>

/** Decodes what is asked; refuses what it can't put into a sentence, unless the context's expert switch is on. */
export function readRequest(
  request: SigningRequest,
  context: SigningContext,
): Result<Signable, SigningRefusal> {
  switch (request.kind) {
    case 'transaction':
      return readTransaction(request.transaction, context)
    case 'typedData':
      return readTypedData(copyTypedData(request.typedData), context)
    case 'text':
      return readText(request.text)
    case 'delegation':
      return fail({ kind: 'delegationRefused' })
  }
}

/**
 * Signs with an account's 32-byte secp256k1 key. Throws TypeError for anything that `readRequest` did not make, and for
 * a statement of the owner key.
 */
export function signForAccount(signable: Signable, secretKey: Uint8Array): Result<Signed, WrongSigner> {
  const payload = payloadOf(signable, 'account')
  const own = addressOfKey(secp256k1.getPublicKey(secretKey, false))
  if (signable.account !== null && signable.account !== own) {
    return fail({ kind: 'wrongSigner', detail: `${signable.account} must sign, not ${own}` })
  }
  if (payload.kind === 'transaction') {
    return ok({ kind: 'transaction', signed: signTransaction(payload.transaction, secretKey) })
  }
  const digest = Uint8Array.from(payload.digest)
  const options = { prehash: false, lowS: true, format: 'recovered' } as const
  const recovered = secp256k1.sign(digest, secretKey, options)
  const signature = concat(recovered.subarray(1), Uint8Array.of(27 + (recovered[0] ?? 0)))
  return ok({ kind: 'signature', signature, digest })
}

/** Signs with the 32-byte P-256 owner key. Throws TypeError for anything but a statement of the owner key. */
export function signForOwnerKey(signable: Signable, secretKey: Uint8Array): Signed {
  const payload = payloadOf(signable, 'ownerKey')
  if (payload.kind !== 'digest') throw new TypeError('the owner key signs statements alone')
  const digest = Uint8Array.from(payload.digest)
  return { kind: 'signature', signature: signDigest(digest, secretKey), digest }
}

function payloadOf(signable: Signable, signer: Signer): Payload {
  if (!(signable instanceof DecodedRequest))
    throw new TypeError('what is signed comes from readRequest alone')
  if (signable.signer !== signer) throw new TypeError(`this is for the ${signable.signer} to sign`)
  return DecodedRequest.payloadOf(signable)
}

function readTransaction(given: Transaction, context: SigningContext): Result<Signable, SigningRefusal> {
  const transaction = { ...given, data: Uint8Array.from(given.data) }
  const fault = transactionFault(transaction)
  if (fault !== undefined) return fail({ kind: 'transactionInvalid', detail: fault })
  const { chainId, to, value, data, gasLimit, maxFeePerGas } = transaction
  if (chainId !== context.chainId) {
    return fail({ kind: 'wrongChain', expected: context.chainId, got: String(chainId) })
  }
  const reading = describeCall(transaction, context)
  if (reading.kind === 'valueNotTaken') return fail({ kind: 'valueNotTaken' })
  if (reading.kind === 'unknown' && !context.isExpert) {
    return fail({ kind: reading.isContractKnown ? 'unknownCall' : 'unknownContract', address: to })
  }
  const amount = coinAmount(context, value)
  const sentence: Sentence =
    reading.kind === 'read'
      ? reading.sentence
      : { kind: 'unknownCall', to: partyAt(context, to), amount, data: toHex(data) }
  const view = {
    sentence,
    warnings: warningsOf(sentence, context),
    signer: 'account',
    account: null,
    maxFee: coinAmount(context, gasLimit * maxFeePerGas),
  } as const
  return ok(new DecodedRequest(gate, { kind: 'transaction', transaction }, view))
}

function readTypedData(typed: TypedData, context: SigningContext): Result<Signable, SigningRefusal> {
  const { domain, primaryType } = typed
  try {
    const digest = hashTypedData(typed)
    if (
      domain.chainId === undefined ? !context.isExpert : BigInt(domain.chainId) !== BigInt(context.chainId)
    ) {
      return fail({ kind: 'wrongChain', expected: context.chainId, got: String(domain.chainId ?? 'none') })
    }
    const reading = describeStatement(typed, context)
    if (!reading && !context.isExpert) return fail({ kind: 'unknownStatement', type: primaryType })
    const sentence: Sentence = reading?.sentence ?? {
      kind: 'unknownStatement',
      contract: domain.verifyingContract ?? null,
      type: primaryType,
      fields: readFields(typed),
    }
    const view = {
      sentence,
      warnings: warningsOf(sentence, context),
      signer: reading?.signer ?? 'account',
      account: reading?.account ?? null,
      maxFee: null,
    } as const
    return ok(new DecodedRequest(gate, { kind: 'digest', digest }, view))
  } catch (error) {
    if (!(error instanceof Eip712Error)) throw error
    return fail({ kind: 'statementInvalid', detail: error.message })
  }
}

/** Longer text is not read by anybody before they sign it. */
const MAX_TEXT = 2000

function readText(text: string): Result<Signable, SigningRefusal> {
  // Invisible characters and direction overrides make a text read otherwise than it is; bytes pass as hexadecimal.
  const isReadable =
    text.trim() !== '' &&
    text.length <= MAX_TEXT &&
    !/[^\P{C}\n]/u.test(text) &&
    !/[\u2028\u2029]/.test(text) &&
    !/^(0x)?[0-9a-f]{64}$/i.test(text.trim())
  if (!isReadable) return fail({ kind: 'textUnreadable' })
  const message = utf8(text)
  const prefix = utf8(`\x19Ethereum Signed Message:\n${message.length}`)
  const digest = Uint8Array.from(keccak_256(concat(prefix, message)))
  const view = {
    sentence: { kind: 'text', text },
    warnings: [],
    signer: 'account',
    account: null,
    maxFee: null,
  } as const
  return ok(new DecodedRequest(gate, { kind: 'digest', digest }, view))
}

/** A snapshot: what is described and what is hashed must not be able to differ. */
function copyTypedData({ domain, types, primaryType, message }: TypedData): TypedData {
  const verifyingContract = domain.verifyingContract && lowerCase(domain.verifyingContract)
  return {
    domain: verifyingContract === undefined ? { ...domain } : { ...domain, verifyingContract },
    types: Object.fromEntries(
      Object.entries(types).map(([name, fields]) => [name, fields.map(f => ({ ...f }))]),
    ),
    primaryType,
    message: copyStruct(message),
  }
}

/** Wallets ask with checksummed addresses, and the lists have lower-case ones. */
const lowerCase = (address: Address): Address => `0x${address.slice(2).toLowerCase()}`

const copyStruct = (value: { readonly [field: string]: TypedValue }) =>
  Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyValue(member)]))

function copyValue(value: TypedValue): TypedValue {
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (Array.isArray(value)) return value.map(copyValue)
  return typeof value === 'object' ? copyStruct(value as { readonly [field: string]: TypedValue }) : value
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    for (const member of Object.values(value)) deepFreeze(member)
    Object.freeze(value)
  }
  return value
}
