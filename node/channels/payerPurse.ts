// The payer's side of one channel on a box: a session key that signs vouchers, each written down before it leaves.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import {
  type ChannelDomain,
  type ChannelTerms,
  channelIdOf,
  signByKey,
  voucherDigest,
} from '../../src/core/voucher/channel.ts'
import {
  afterSigning,
  newPayer,
  nextTotal,
  type PayerRefusal,
  type PayerState,
  payerFromStore,
  payerToStore,
  refreshed,
  type Settled,
  type Shown,
  settle,
  signedBy,
} from '../../src/core/voucher/payer.ts'
import type { SignedVoucher } from '../../src/core/voucher/standing.ts'
import { readJsonIfThere, writeFileDurably } from '../files.ts'
import type { ReadChannel } from './readChannel.ts'
import { termsSchema, termsToStore } from './termsFile.ts'

export interface PayerPurse {
  readonly terms: ChannelTerms
  /** In all, signed away. */
  signed(): bigint
  /** Of the deposit, not signed away. */
  left(): bigint
  /** Compares with what the payee shows; what was learnt is written down. */
  settle(shown: Shown, price: bigint): Result<Settled, PayerRefusal>
  /** The next voucher, written down when it returns. */
  pay(price: bigint): Result<SignedVoucher, PayerRefusal>
}

export interface PurseOptions {
  readonly directory: string
  readonly domain: ChannelDomain
  readonly terms: ChannelTerms
  /** The 32-byte secp256k1 key of `terms.signer`. */
  readonly secretKey: Uint8Array
  readonly read: ReadChannel
}

const fileSchema = v.object({ terms: termsSchema, state: v.unknown() })

/** Asks the chain for the deposit; fails where the channel is not open, or the file of it can't be read. */
export async function openPurse(options: PurseOptions): Promise<Result<PayerPurse, Failure>> {
  const { directory, domain, terms, secretKey, read } = options
  const channelId = channelIdOf(terms)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, `${channelId}.json`)
  const onChain = await read(channelId)
  if (!onChain.ok) return onChain
  const { deposit, exitAt } = onChain.value
  if (deposit === 0n || exitAt !== 0) return fail({ kind: 'channelNotOpen', detail: channelId })

  const json = readJsonIfThere(file)
  let state: PayerState = newPayer(channelId, onChain.value)
  if (json !== undefined) {
    const stored = v.safeParse(fileSchema, json)
    const read = stored.success ? payerFromStore(stored.output.state) : undefined
    if (read?.ok !== true) return fail({ kind: 'purseUnreadable', detail: file })
    state = refreshed(read.value, onChain.value)
  }
  const keep = (next: PayerState) => {
    const document = { terms: termsToStore(terms), state: payerToStore(next) }
    writeFileDurably(file, `${JSON.stringify(document)}\n`, 0o600)
    state = next
  }
  return ok({
    terms,
    signed: () => signedBy(state),
    left: () => state.deposit - signedBy(state),
    settle(shown, price) {
      const settled = settle(domain, terms, state, shown, price)
      if (settled.ok && settled.value.state !== state) keep(settled.value.state)
      return settled
    },
    pay(price) {
      const amount = nextTotal(state, price)
      if (!amount.ok) return amount
      const digest = voucherDigest(domain, { channelId, amount: amount.value })
      const voucher = { amount: amount.value, signature: signByKey(digest, secretKey) }
      keep(afterSigning(state, voucher))
      return ok(voucher)
    },
  })
}
