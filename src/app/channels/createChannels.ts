// Puts payment channels together over their ports and the wallet, as the one object that the ui knows.
import type { Address } from '../../core/bytes.ts'
import { type Bytes, toHex } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { type ChannelId, type ChannelTerms, channelIdOf } from '../../core/voucher/channel.ts'
import {
  claimCall,
  closeCall,
  finishExitCall,
  startExitCall,
  topUpCall,
  withdrawCall,
} from '../../core/voucher/channelCalls.ts'
import { paidTo } from '../../core/voucher/payee.ts'
import { termsToStore } from '../../core/voucher/storedTerms.ts'
import { Observable, type Readable } from '../observable.ts'
import type { ChannelsReading } from '../ports/channelChain.ts'
import type { LedgerRecord, PurseRecord } from '../ports/channelStore.ts'
import type { BlockBuyer, BlockSale } from '../ports/firmware.ts'
import type { PageVisibility } from '../ports.ts'
import type { Proposal } from '../wallet/wallet.ts'
import { WhileWatched } from '../wallet/whileWatched.ts'
import { Buying } from './buying.ts'
import type { ChannelFailure, Channels, ChannelsView, PayingLimits } from './channels.ts'
import { ledgerView, purseView, readLedger } from './channelViews.ts'
import { claimCosts } from './claimCosts.ts'
import { Closings } from './closing.ts'
import { keptLimits, storeLimits } from './limits.ts'
import { Opening } from './opening.ts'
import { paidElsewhere } from './paidElsewhere.ts'
import { type ChannelParts, channelDomain, coins, networkOfChannels, ownerAccount } from './parts.ts'
import { pursesHere, termsOf } from './purses.ts'
import { ledgersHere, Selling } from './selling.ts'

export interface ChannelsWorld extends ChannelParts {
  readonly page: PageVisibility
  /** Where the person's limits are kept. */
  readonly values: {
    get<T>(key: string): Promise<T | undefined>
    put(key: string, value: unknown): Promise<void>
  }
}

/** For serving and fetching, which the ui has no use for. */
export interface ChannelsInside extends Channels {
  readonly buyer: BlockBuyer
  /** null where nothing can be sold: no contract, no account to be paid. */
  sale(pricePerUnit: bigint): Promise<BlockSale | null>
}

/** Milliseconds. */
const EVERY = 30_000
/** While a channel is on its way: what somebody waits for. */
const EVERY_OPENING = 3_000
const HOUR = 3_600_000

export async function createChannels(parts: ChannelsWorld): Promise<ChannelsInside> {
  const { stores, wallet, platform, config } = parts
  const view = new Observable<ChannelsView>({
    channels: [],
    earned: coins(parts, 0n),
    kept: null,
    lastFailure: null,
    readAt: null,
  })
  const limits = new Observable<PayingLimits>(await keptLimits(parts.values, config()))
  let purses: readonly PurseRecord[] = []
  let ledgers: readonly LedgerRecord[] = []
  let reading: ChannelsReading | null = null
  let agreed: ReadonlyMap<ChannelId, bigint> = new Map()
  let costs: ReadonlyMap<ChannelId, bigint> = new Map()

  const closings = new Closings(parts, parts.values)

  async function load(): Promise<void> {
    purses = await pursesHere(parts)
    ledgers = await ledgersHere(parts)
    agreed = await agreedAmounts(closings, ledgers)
    show()
  }

  function show(change: Partial<ChannelsView> = {}): void {
    const facts = { reading, costs, agreed, now: platform.unixNow() }
    const channels = [
      ...purses.map(record => purseView(parts, record, facts)),
      ...ledgers.map(record => ledgerView(parts, record, facts)),
    ].filter(channel => channel !== null)
    const earned = channels.reduce(
      (sum, { role, promised }) => sum + (role === 'payee' ? promised.value : 0n),
      0n,
    )
    view.update(before => ({ ...before, channels, earned: coins(parts, earned), ...change }))
  }

  async function read(): Promise<void> {
    await load()
    const ids = [...purses, ...ledgers].map(({ channelId }) => channelId)
    const account = wallet.owner.get()?.address ?? null
    if (!channelDomain(parts) || (ids.length === 0 && account === null)) return
    const asked = await (await parts.chain()).read(ids, account)
    if (!asked.ok) return show({ lastFailure: asked.error })
    reading = asked.value
    costs = await claimCosts(parts, ledgers, asked.value)
    const kept = account === null ? null : coins(parts, asked.value.kept)
    show({ lastFailure: null, readAt: platform.unixNow(), kept })
  }

  /** One reading after the other. */
  let turn: Promise<void> = Promise.resolve()
  const refresh = (): Promise<void> => {
    turn = turn.then(read, read)
    return turn
  }
  const reload = () => void load().catch(() => {})

  const watching = new WhileWatched(platform, parts.page, {
    everyMs: () =>
      view.get().channels.some(({ state }) => state.kind === 'opening') ? EVERY_OPENING : EVERY,
    run: () => refresh().catch(() => {}),
  })
  const seen = watching.watched(view)
  const watched: Readable<ChannelsView> = {
    get: () => view.get(),
    subscribe(listener) {
      const ends = [seen.subscribe(listener), wallet.payments.subscribe(() => watching.soon())]
      return () => {
        for (const end of ends) end()
      }
    },
  }

  const opening = new Opening(parts)
  const selling = new Selling(parts, { paid: reload, consent: closings.consent })
  const buying = new Buying(parts, { limits: limits.get, spent: reload })

  let isWatched = false
  /** A payer who leaves is to be seen long before his delay is over, whether or not anybody looks at the screen of it. */
  function lookHourly(): void {
    isWatched = true
    platform.timer.after(HOUR, () => {
      void refresh().catch(() => {})
      lookHourly()
    })
  }

  function ask(data: Bytes, value = 0n): Promise<Result<Proposal, ChannelFailure>> {
    const domain = channelDomain(parts)
    if (!domain) return Promise.resolve(fail({ kind: 'notOnThisNetwork' }))
    const from = ownerAccount(parts)
    return wallet.propose({ kind: 'call', from, to: domain.paymentChannels, value, data: toHex(data) })
  }

  async function asPayer(
    channelId: ChannelId,
    call: (terms: ChannelTerms) => Bytes,
    value = 0n,
  ): Promise<Result<Proposal, ChannelFailure>> {
    const terms = termsOf(purses.find(record => record.channelId === channelId)?.terms)
    return terms ? ask(call(terms), value) : fail({ kind: 'channelUnknown' })
  }

  async function asPayee(
    channelId: ChannelId,
    call: (ledger: NonNullable<ReturnType<typeof readLedger>>) => Bytes | null,
  ): Promise<Result<Proposal, ChannelFailure>> {
    const record = await stores.ledgers.get(channelId)
    const ledger = record && readLedger(record)
    const data = ledger ? call(ledger) : null
    return data === null ? fail({ kind: 'channelUnknown' }) : ask(data)
  }

  await load()
  stores.onForeignChange(reload)
  wallet.owner.subscribe(() => watching.soon())

  return {
    get isThere() {
      return channelDomain(parts) !== null
    },
    view: watched,
    limits,
    trouble: buying.trouble,
    buyer: buying,
    async sale(pricePerUnit) {
      const sale = await selling.sale(pricePerUnit)
      if (sale && !isWatched) lookHourly()
      return sale
    },
    async changeLimits(next) {
      await storeLimits(parts.values, config(), next)
      limits.set(next)
    },
    refresh,
    async findOwn() {
      const payer = wallet.owner.get()?.address
      if (!payer) return fail({ kind: 'walletMissing' })
      const found = await (await parts.chain()).openedBy(payer)
      if (!found.ok) return found
      const known = new Set(purses.map(({ channelId }) => channelId))
      const unknown = found.value.filter(terms => !known.has(channelIdOf(terms)))
      for (const terms of unknown) await stores.purses.put(foundRecord(parts, terms, payer))
      await refresh()
      return ok(unknown.length)
    },
    paidElsewhere: payer => paidElsewhere(parts, payer),
    async quotes(file, signal) {
      await refresh()
      return buying.quotes(file, signal)
    },
    proposeOpen: (quote, deposit) => opening.propose(quote, deposit),
    async confirmOpen(proposal, speed) {
      const confirmed = await opening.confirm(proposal, speed)
      await refresh()
      return confirmed
    },
    agree: quotes => buying.agree(quotes),
    withdrawAgreement: cid => buying.withdrawAgreement(cid),
    proposeTopUp: (channelId, amount) => asPayer(channelId, terms => topUpCall(terms, amount), amount),
    proposeLeave: channelId => asPayer(channelId, startExitCall),
    async askToClose(channelId) {
      const asked = await closings.ask(channelId)
      reload()
      return asked
    },
    proposeCloseNow: channelId => closings.propose(channelId),
    proposeAgreeing: channelId => closings.proposeAgreeing(channelId),
    async agreeToClose(proposal) {
      const given = await closings.agree(proposal)
      reload()
      return given
    },
    proposeEmpty: channelId => asPayer(channelId, finishExitCall),
    proposeClaim: channelId =>
      asPayee(channelId, ({ terms, state }) => state.accepted && claimCall(terms, state.accepted)),
    proposeClose: channelId =>
      asPayee(channelId, ({ terms, state }) => {
        const voucher = state.accepted?.signature ?? new Uint8Array()
        return closeCall(terms, { amount: paidTo(state), voucher, consent: new Uint8Array() })
      }),
    async proposeWithdraw() {
      const to = wallet.owner.get()?.address
      return to ? ask(withdrawCall(null, to)) : fail({ kind: 'walletMissing' })
    },
    async forget(channelId) {
      const closed = view.get().channels.find(channel => channel.channelId === channelId)
      if (closed?.state.kind !== 'closed') return
      const keyName = purses.find(record => record.channelId === channelId)?.keyName
      await stores.purses.delete(channelId)
      await stores.ledgers.delete(channelId)
      if (keyName) await parts.sessionKeys.forget(keyName)
      await load()
    },
  }
}

async function agreedAmounts(
  closings: Closings,
  ledgers: readonly LedgerRecord[],
): Promise<ReadonlyMap<ChannelId, bigint>> {
  const wished = ledgers.filter(record => readLedger(record)?.state.closing)
  const given = await Promise.all(
    wished.map(async ({ channelId }) => [channelId, await closings.given(channelId)] as const),
  )
  return new Map(given.flatMap(([id, consent]) => (consent ? [[id, BigInt(consent.amount)] as const] : [])))
}

/** Its key is elsewhere, or gone: the rest can be taken back, and nothing be paid. */
const foundRecord = (parts: ChannelParts, terms: ChannelTerms, payer: Address): PurseRecord => ({
  channelId: channelIdOf(terms),
  network: networkOfChannels(parts),
  payer,
  payee: terms.payee,
  keyName: null,
  terms: termsToStore(terms),
  document: null,
  spending: [],
  addedAt: parts.platform.unixNow(),
  paymentId: null,
})
