// A payer with a channel to a payee, for the tests of vouchers.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Address, type Bytes, utf8 } from '../../../src/core/bytes.ts'
import {
  type ChannelDomain,
  type ChannelTerms,
  channelIdOf,
  signByKey,
  voucherDigest,
} from '../../../src/core/voucher/channel.ts'
import type { SignedVoucher } from '../../../src/core/voucher/standing.ts'
import { addressOfKey } from '../../../src/core/wallet/address.ts'

export const keyOf = (name: string): Bytes => Uint8Array.from(keccak_256(utf8(name)))
export const accountOf = (name: string): Address => addressOfKey(secp256k1.getPublicKey(keyOf(name), false))

export const domain: ChannelDomain = { chainId: 31337, paymentChannels: accountOf('contract') }

export const terms: ChannelTerms = {
  payer: accountOf('payer'),
  payee: accountOf('payee'),
  signer: accountOf('session'),
  token: null,
  exitDelay: 7 * 86_400,
  nonce: 3n,
}

export const channelId = channelIdOf(terms)

export const voucherBy = (name: string, amount: bigint, id = channelId, of = domain): SignedVoucher => ({
  amount,
  signature: signByKey(voucherDigest(of, { channelId: id, amount }), keyOf(name)),
})

/** As the channel's signer signs it. */
export const voucher = (amount: bigint): SignedVoucher => voucherBy('session', amount)
