// The purses of this browser: each voucher is on the disk, with what it was spent on, before it leaves.
import * as v from 'valibot'
import type { Address } from '../../core/bytes.ts'
import { type Failure, fail, type Result } from '../../core/result.ts'
import { type ChannelTerms, channelIdOf } from '../../core/voucher/channel.ts'
import { payerFromStore } from '../../core/voucher/payer.ts'
import { createPurse, type PayerPurse } from '../../core/voucher/payerPurse.ts'
import type { ChannelOnChain, SignedVoucher } from '../../core/voucher/standing.ts'
import { termsSchema } from '../../core/voucher/storedTerms.ts'
import type { PurseRecord, Spent } from '../ports/channelStore.ts'
import { dayOf } from '../serving/usage.ts'
import { type ChannelParts, channelDomain, networkOfChannels, provenReader } from './parts.ts'

/** undefined where what was stored is no terms. */
export function termsOf(stored: unknown): ChannelTerms | undefined {
  const parsed = v.safeParse(termsSchema, stored)
  return parsed.success ? parsed.output : undefined
}

export async function pursesHere(parts: ChannelParts): Promise<readonly PurseRecord[]> {
  const network = networkOfChannels(parts)
  return (await parts.stores.purses.all()).filter(record => record.network === network)
}

/** What was signed away in all: today, and for this file. */
export function spentOf(
  records: readonly PurseRecord[],
  day: string,
  cid: string,
): { readonly today: bigint; readonly forFile: bigint } {
  const spent = records.flatMap(({ spending }) => spending)
  const sum = (of: readonly Spent[]) => of.reduce((total, { amount }) => total + BigInt(amount), 0n)
  return {
    today: sum(spent.filter(each => each.day === day)),
    forFile: sum(spent.filter(each => each.cid === cid)),
  }
}

/** One with something left for this payee, for one file; the newest first. To be asked for while `holdPaying` holds. */
export async function openPurseFor(
  parts: ChannelParts,
  payee: Address,
  cid: string,
): Promise<Result<PayerPurse, Failure>> {
  let last: Failure = { kind: 'noChannel', detail: payee }
  const records = (await pursesHere(parts)).filter(
    record => record.payee === payee && record.keyName !== null && !record.closing?.consent,
  )
  for (const { channelId } of records.toSorted((a, b) => b.addedAt - a.addedAt)) {
    const opened = await openPurse(parts, channelId, cid)
    if (opened.ok && opened.value.left() > 0n) return opened
    last = opened.ok ? { kind: 'depositExhausted', detail: channelId } : opened.error
  }
  return fail(last)
}

/**
 * Read under the lock of `holdPaying`: another tab may have signed since. `isEnding`: also one whose rest is being asked back.
 * What is signed counts for the file `cid`.
 */
export async function openPurse(
  parts: ChannelParts,
  channelId: PurseRecord['channelId'],
  cid: string,
  isEnding = false,
): Promise<Result<PayerPurse, Failure>> {
  try {
    return await openStored(parts, channelId, cid, isEnding)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return fail({ kind: 'channelNotStored', detail })
  }
}

async function openStored(
  parts: ChannelParts,
  channelId: PurseRecord['channelId'],
  cid: string,
  isEnding: boolean,
): Promise<Result<PayerPurse, Failure>> {
  const { stores, sessionKeys, platform } = parts
  const domain = channelDomain(parts)
  const record = await stores.purses.get(channelId)
  const terms = record && termsOf(record.terms)
  if (!domain || !record || !terms || record.keyName === null || channelIdOf(terms) !== channelId)
    return fail({ kind: 'channelUnknown', detail: channelId })
  const key = await sessionKeys.keyFor(record.keyName)
  if (!key.ok) return key
  if (key.value.address !== terms.signer) return fail({ kind: 'keyLost', detail: channelId })
  const onChain = await provenReader(parts)(channelId)
  if (!onChain.ok) return onChain
  return createPurse({
    domain,
    terms,
    onChain: onChain.value,
    isEnding,
    sign: digest => key.value.sign(digest),
    ...writing(parts, record, cid, onChain.value, platform.unixNow),
  })
}

function writing(
  { stores }: ChannelParts,
  record: PurseRecord,
  cid: string,
  { claimed }: ChannelOnChain,
  unixNow: () => number,
) {
  let present = record
  let total = totalIn(record.document) ?? claimed
  return {
    stored: record.document ?? undefined,
    async store(document: unknown) {
      const after = totalIn(document) ?? total
      const amount = after > total ? after - total : 0n
      // Whoever buys on does not want it to end.
      const { closing, ...open } = present
      const next = {
        ...(amount > 0n || !closing ? open : present),
        document,
        spending: withSpent(present.spending, dayOf(unixNow()), cid, amount),
      }
      await stores.purses.put(next)
      present = next
      total = after
    },
  }
}

const documentSchema = v.object({ state: v.unknown() })

/** In what the purse wrote; undefined where there is none, or it can't be read. */
export function lastVoucherIn(document: unknown): SignedVoucher | undefined {
  const parsed = v.safeParse(documentSchema, document)
  const state = parsed.success ? payerFromStore(parsed.output.state) : undefined
  return state?.ok ? (state.value.last ?? undefined) : undefined
}

/** Of that voucher. */
export const totalIn = (document: unknown): bigint | undefined => lastVoucherIn(document)?.amount

function withSpent(spending: readonly Spent[], day: string, cid: string, amount: bigint): readonly Spent[] {
  if (amount === 0n) return spending
  const isSame = (each: Spent) => each.day === day && each.cid === cid
  const before = BigInt(spending.find(isSame)?.amount ?? '0')
  return [...spending.filter(each => !isSame(each)), { day, cid, amount: `${before + amount}` }]
}

/**
 * One file is paid for at a time, in all tabs together: two would not know of what the other takes of the day's limit. null
 * where another tab holds it; else the release.
 */
export function holdPaying({ platform }: ChannelParts): Promise<(() => void) | null> {
  return new Promise(resolve => {
    platform
      .withLock('paying', () => new Promise<void>(release => resolve(release)))
      .then(
        held => {
          if (held === undefined) resolve(null)
        },
        () => resolve(null),
      )
  })
}
