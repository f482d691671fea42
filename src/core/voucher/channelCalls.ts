// Call data of what the wallet asks of PaymentChannels.sol: open, add to, leave, claim, close.
import { type Address, type Bytes, concat, fromHex } from '../bytes.ts'
import { type AbiValue, abiAddress, abiEncode, abiUint } from '../registry/abi.ts'
import { selectorOf } from '../wallet/abiShape.ts'
import { NOBODY } from '../wallet/contracts.ts'
import type { ChannelTerms } from './channel.ts'
import type { SignedVoucher } from './standing.ts'

const TERMS = '(address,address,address,address,uint32,uint64)'

/** Sent by `terms.payer`, with `amount` coins along where the channel holds coins. All functions here throw for fields that do not fit. */
export const openCall = (terms: ChannelTerms, amount: bigint): Bytes =>
  call('open(address,address,address,uint32,uint64,uint256)', [
    ...termsWords(terms).slice(1),
    abiUint(amount),
  ])

export const topUpCall = (terms: ChannelTerms, amount: bigint): Bytes =>
  call(`topUp(${TERMS},uint256)`, [...termsWords(terms), abiUint(amount)])

/** By the payer alone. */
export const startExitCall = (terms: ChannelTerms): Bytes => call(`startExit(${TERMS})`, termsWords(terms))

export const finishExitCall = (terms: ChannelTerms): Bytes => call(`finishExit(${TERMS})`, termsWords(terms))

export const claimCall = (terms: ChannelTerms, { amount, signature }: SignedVoucher): Bytes =>
  call(`claim(${TERMS},uint256,bytes)`, [...termsWords(terms), abiUint(amount), tail(signature)])

/** `amount`: what the payee gets in all; empty bytes for a voucher that is not needed, and for the consent of whoever sends it. */
export const closeCall = (
  terms: ChannelTerms,
  { amount, voucher, consent }: { readonly amount: bigint; readonly voucher: Bytes; readonly consent: Bytes },
): Bytes =>
  call(`close(${TERMS},uint256,bytes,bytes)`, [
    ...termsWords(terms),
    abiUint(amount),
    tail(voucher),
    tail(consent),
  ])

/** What the contract keeps for the sender of this asset (null: the coin), to himself or where he wants it. */
export const withdrawCall = (token: Address | null, to: Address): Bytes =>
  call('withdraw(address,address)', [abiAddress(token ?? NOBODY), abiAddress(to)])

const termsWords = ({ payer, payee, signer, token, exitDelay, nonce }: ChannelTerms): readonly AbiValue[] => [
  ...[payer, payee, signer, token ?? NOBODY].map(abiAddress),
  abiUint(exitDelay),
  abiUint(nonce),
]

const tail = (bytes: Uint8Array): AbiValue => ({ kind: 'tail', bytes })

function call(signature: string, values: readonly AbiValue[]): Bytes {
  const selector = fromHex(selectorOf(signature))
  if (!selector) throw new TypeError(signature)
  return concat(selector, abiEncode(values))
}
