// Thanks for serving: a capped channel to one peer for one file, and vouchers for as many blocks as it says that it gave away.
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Libp2p } from 'libp2p'
import type { CID } from 'multiformats/cid'
import * as v from 'valibot'
import type { LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { type Address, fromHex, type Hex } from '../../src/core/bytes.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { budgetOf } from '../../src/core/voucher/budget.ts'
import type { PaidFailure, PaidPeer, Thanks } from '../../src/core/voucher/buyBlocks.ts'
import { type ChannelDomain, type ChannelTerms, channelIdOf } from '../../src/core/voucher/channel.ts'
import type { ReadChannel } from '../../src/core/voucher/payeeLedger.ts'
import { termsSchema, termsToStore } from '../../src/core/voucher/storedTerms.ts'
import { askPaidPeer, type PaidPeerOptions } from '../channels/paidPeer.ts'
import { openPurse } from '../channels/payerPurse.ts'
import type { ChannelTransactions } from '../channels/transactions.ts'
import { readJsonIfThere, writeFileDurably } from '../files.ts'

export interface Sponsorship {
  readonly libp2p: Libp2p
  readonly domain: ChannelDomain
  readonly read: ReadChannel
  readonly transactions: ChannelTransactions
  /** Pays the deposit. */
  readonly account: LocalAccount
  /** Terms, session keys and vouchers are kept here. */
  readonly directory: string
  /** Of accounts that are ever paid for one file; absent: no limit. */
  readonly most?: number
  readonly print: (line: string) => void
}

export interface SponsoredPeer {
  readonly address: Multiaddr
  /** The root of the file that it serves. */
  readonly root: CID
  /** For each block of 64 KiB, in the coin's smallest unit. */
  readonly perBlock: bigint
  /** The most that this peer ever gets for this file: the deposit. */
  readonly cap: bigint
}

export interface Sponsored extends Thanks {
  readonly payee: Address
  readonly channelId: Hex
  readonly terms: ChannelTerms
}

const documentSchema = v.object({
  terms: termsSchema,
  secretKey: v.pipe(v.string(), v.regex(/^0x[0-9a-f]{64}$/)),
})

/**
 * Opens the channel the first time, and pays what is due. `kind`: peerUnreachable, notHere (it lacks the file, or takes no thanks),
 * sponsorUnreadable, enoughSponsored, or one of the purse's, the stream's and the chain's.
 */
export async function sponsorPeer(
  sponsorship: Sponsorship,
  peer: SponsoredPeer,
): Promise<Result<Sponsored, Failure>> {
  const { libp2p, domain, read, directory } = sponsorship
  const { address, root, perBlock } = peer
  const asked = await meet({ libp2p, address, domain, root })
  if (!asked.ok) return asked
  const { offer } = asked.value
  await asked.value.close()
  if (offer.token !== null) return fail({ kind: 'offerForeign', detail: 'it wants to be paid in a token' })
  const channel = await channelFor(sponsorship, peer, offer)
  if (!channel.ok) return channel
  const { terms, secretKey } = channel.value
  const purse = await openPurse({ directory: join(directory, 'purses'), domain, terms, secretKey, read })
  if (!purse.ok) return purse
  // Asked again: the channel may have taken minutes to become final.
  const met = await meet({ libp2p, address, domain, root })
  if (!met.ok) return met
  try {
    if (met.value.offer.payee !== terms.payee)
      return fail({ kind: 'offerChanged', detail: met.value.offer.payee })
    const budget = budgetOf(purse.value.left())
    const begun = await met.value.begin(purse.value, { held: async () => undefined, budget })
    if (!begun.ok) return begun
    const thanked = await met.value.thank(root, perBlock)
    if (!thanked.ok) return thanked
    return ok({ ...thanked.value, payee: terms.payee, channelId: channelIdOf(terms), terms })
  } finally {
    await met.value.close()
  }
}

/** Dialled once more where that fails: over WebRTC both sides must be quick at the same moment. */
async function meet(options: PaidPeerOptions): Promise<Result<PaidPeer, PaidFailure>> {
  const met = await askPaidPeer(options)
  return !met.ok && met.error.kind === 'peerUnreachable' ? askPaidPeer(options) : met
}

/** The one that is kept for this peer's account and file; another is opened, written down before, where there is none. */
async function channelFor(
  { account, directory, transactions, read, print, most = Number.POSITIVE_INFINITY }: Sponsorship,
  { root, cap }: SponsoredPeer,
  { payee, minExitDelay }: { readonly payee: Address; readonly minExitDelay: number },
): Promise<Result<{ readonly terms: ChannelTerms; readonly secretKey: Uint8Array }, Failure>> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, `${payee}-${root}.json`)
  const stored = readJsonIfThere(file)
  const known = v.safeParse(documentSchema, stored)
  if (stored !== undefined && !known.success) return fail({ kind: 'sponsorUnreadable', detail: file })
  if (!known.success && sponsoredFor(directory, root) >= most)
    return fail({ kind: 'enoughSponsored', detail: `${payee} would be one account more than --most` })
  const payer = account.address.toLowerCase() as Address
  const secret = known.success ? (known.output.secretKey as Hex) : generatePrivateKey()
  const terms: ChannelTerms = known.success
    ? known.output.terms
    : {
        payer,
        payee,
        signer: privateKeyToAddress(secret).toLowerCase() as Address,
        token: null,
        exitDelay: minExitDelay,
        nonce: BigInt(Date.now()),
      }
  const secretKey = fromHex(secret) ?? new Uint8Array()
  if (!known.success) {
    writeFileDurably(file, `${JSON.stringify({ terms: termsToStore(terms), secretKey: secret })}\n`, 0o600)
  }
  const channelId = channelIdOf(terms)
  const onChain = await read(channelId)
  if (onChain.ok && onChain.value.deposit > 0n) return ok({ terms, secretKey })
  // Written down and not final: an earlier start may have been interrupted before it was sent, or after.
  if (!onChain.ok) return onChain
  print(`Opening a channel of at most ${cap} to ${payee} ...`)
  await transactions.open(account, terms, cap)
  return (await untilOpen(read, channelId)) ?? ok({ terms, secretKey })
}

/** How many accounts have been promised something for this file. */
const sponsoredFor = (directory: string, root: CID): number => filesFor(directory, root).length

const filesFor = (directory: string, root: CID): readonly string[] =>
  readdirSync(directory).filter(name => name.endsWith(`-${root}.json`))

export interface KeptSponsorship {
  readonly terms: ChannelTerms
  readonly secretKey: Uint8Array
}

/** Every channel that was ever opened for this file. `kind` sponsorUnreadable: one of the files is damaged. */
export function keptFor(directory: string, root: CID): Result<readonly KeptSponsorship[], Failure> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const kept: KeptSponsorship[] = []
  for (const name of filesFor(directory, root)) {
    const parsed = v.safeParse(documentSchema, readJsonIfThere(join(directory, name)))
    if (!parsed.success) return fail({ kind: 'sponsorUnreadable', detail: name })
    const { terms, secretKey } = parsed.output
    kept.push({ terms, secretKey: fromHex(secretKey) ?? new Uint8Array() })
  }
  return ok(kept)
}

/** null once it is final. */
async function untilOpen(read: ReadChannel, channelId: Hex): Promise<Result<never, Failure> | null> {
  const until = Date.now() + 30 * 60_000
  for (;;) {
    const onChain = await read(channelId)
    if (onChain.ok && onChain.value.deposit > 0n) return null
    if (Date.now() > until) return fail({ kind: 'channelNotOpen', detail: channelId })
    await new Promise(resolve => setTimeout(resolve, 1_000))
  }
}
