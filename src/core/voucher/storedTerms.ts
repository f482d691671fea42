// A channel's terms as they are stored and sent in JSON.
import * as v from 'valibot'
import type { Address } from '../bytes.ts'
import type { ChannelTerms } from './channel.ts'

const address = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]{40}$/),
  v.transform(text => text as Address),
)

/** The nonce is decimal text; addresses are in lower case. */
export const termsSchema = v.strictObject({
  payer: address,
  payee: address,
  signer: address,
  token: v.nullable(address),
  exitDelay: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2 ** 32 - 1)),
  nonce: v.pipe(
    v.string(),
    v.regex(/^(0|[1-9]\d{0,19})$/),
    v.transform(text => BigInt(text)),
    v.maxValue(2n ** 64n - 1n),
  ),
}) satisfies v.GenericSchema<unknown, ChannelTerms>

export const termsToStore = (terms: ChannelTerms) => ({ ...terms, nonce: `${terms.nonce}` })
