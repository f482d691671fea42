// How one agent hires another one's device: JSON over HTTP, amounts as decimal text, bytes as 0x and hexadecimal digits.
import * as v from 'valibot'
import { type Address, type Bytes, fromHex, toHex } from '../../src/core/bytes.ts'
import { maxDeposit } from '../../src/core/voucher/channel.ts'
import type { SignedVoucher } from '../../src/core/voucher/standing.ts'
import { termsSchema } from '../../src/core/voucher/storedTerms.ts'
import { parseAmount } from '../../src/core/wallet/rules.ts'

/** The most that one body may have, in bytes. */
export const maxHireBody = 4096

const address = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]{40}$/),
  v.transform(text => text as Address),
)
const amount = v.pipe(
  v.string(),
  v.transform(parseAmount),
  v.check(value => value !== undefined && value <= maxDeposit, 'not an amount'),
  v.transform(value => value ?? 0n),
)
const signature = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]{130}$/),
  v.transform((text): Bytes => fromHex(text) ?? new Uint8Array()),
)
const voucher = v.object({ amount, signature })
const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

/** Item names: what one unit is called between the two. */
const unit = v.pipe(v.string(), v.regex(/^[0-9a-z-]{1,64}$/))

/** GET /hire/{deviceId} */
export const offerSchema = v.object({
  /** What a unit is, in words for a log. */
  service: v.pipe(v.string(), v.maxLength(120)),
  chainId: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  paymentChannels: address,
  payee: address,
  token: v.nullable(address),
  pricePerUnit: amount,
  unitSeconds: seconds,
  minExitDelay: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
})
export type HireOffer = v.InferOutput<typeof offerSchema>

/** POST /hire/{deviceId}/meet, /unit and /voucher */
export const meetSchema = v.object({ terms: termsSchema })
export const unitSchema = v.object({ terms: termsSchema, unit })
export const voucherSchema = v.object({ terms: termsSchema, voucher })

/** What they are answered with. */
export const standingSchema = v.object({
  delivered: amount,
  accepted: v.nullable(voucher),
  lent: v.nullable(unit),
})

/** Whatever is refused, with a status from 400 on. */
export const refusalSchema = v.object({
  error: v.object({
    kind: v.pipe(v.string(), v.maxLength(64)),
    detail: v.exactOptional(v.pipe(v.string(), v.maxLength(500))),
  }),
})

export const voucherToSend = ({ amount, signature }: SignedVoucher) => ({
  amount: `${amount}`,
  signature: toHex(signature),
})
