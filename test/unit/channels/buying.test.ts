// Buying by the block in a browser: within what was agreed and the limits, each voucher on the disk before it leaves, whatever dies.
import { CID } from 'multiformats/cid'
import * as v from 'valibot'
import { afterEach, describe, expect, it } from 'vitest'
import type { Quote } from '../../../src/app/channels/channels.ts'
import type { ChannelsInside } from '../../../src/app/channels/createChannels.ts'
import { lastVoucherIn } from '../../../src/app/channels/purses.ts'
import { type Address, type Bytes, type Hex, toHex } from '../../../src/core/bytes.ts'
import { cidOf, RAW } from '../../../src/core/ipfs/block.ts'
import { fail, ok } from '../../../src/core/result.ts'
import { askSeller, type PaidPeer } from '../../../src/core/voucher/buyBlocks.ts'
import { type ChannelTerms, channelIdOf, closeDigest, signByKey } from '../../../src/core/voucher/channel.ts'
import { closeCall } from '../../../src/core/voucher/channelCalls.ts'
import { createPayeeLedger, type LedgerOptions } from '../../../src/core/voucher/payeeLedger.ts'
import { sellOver } from '../../../src/core/voucher/sellBlocks.ts'
import { minExitDelay } from '../../../src/core/voucher/standing.ts'
import { termsSchema } from '../../../src/core/voucher/storedTerms.ts'
import { createChannelStores } from '../../../src/io/store/channelStores.ts'
import { accountOf, domain, keyOf } from '../voucher/people.ts'
import { BrowserOfPayer } from './channelWorld.ts'
import { line } from './line.ts'

const price = 10n
const payee = accountOf('seller')
const offer = {
  ...domain,
  payee,
  token: null,
  pricePerUnit: price,
  minExitDelay: minExitDelay.phone,
}
const blocks = Array.from({ length: 6 }, (_, i) => {
  const bytes = new Uint8Array(1000).fill(i + 1)
  return { cid: cidOf(RAW, bytes), bytes }
})
const [root] = blocks
if (!root) throw new Error('there are blocks')
const first = root
/** Six blocks of 64 KiB and the node above them would be seven; a file of less is six at most. */
const file = { cid: root.cid.toString(), size: 5 * 65_536, peers: [] }
const signal = new AbortController().signal

let count = 0
const browsers: BrowserOfPayer[] = []
afterEach(() => {
  for (const browser of browsers.splice(0)) for (const end of browser.ends) end()
})
function browserOf(): BrowserOfPayer {
  const browser = new BrowserOfPayer(`channels-${++count}`)
  browser.offers = [offer]
  browsers.push(browser)
  return browser
}

/** Sells all blocks under the browser's channels; what it was paid survives its restarts. */
class SellerInMemory {
  readonly stored = new Map<string, unknown>()
  consent: LedgerOptions['consent']
  readonly #browser: BrowserOfPayer
  readonly #payee: Address
  pricePerUnit: bigint

  constructor(browser: BrowserOfPayer, to = payee, pricePerUnit = price) {
    this.#browser = browser
    this.#payee = to
    this.pricePerUnit = pricePerUnit
  }

  ledger() {
    return createPayeeLedger({
      domain,
      demand: { payee: this.#payee, token: null, minExitDelay: minExitDelay.phone },
      ...(this.consent && { consent: this.consent }),
      stored: this.stored,
      store: async (channelId, document) => void this.stored.set(channelId, document),
      read: async id => ok(this.#browser.onChain.get(id) ?? { deposit: 0n, claimed: 0n, exitAt: 0 }),
      monotonic: () => performance.now(),
      freshMs: 0,
    })
  }

  /** A new stream to it, as after a restart of both. */
  async meet(): Promise<{ readonly peer: PaidPeer; readonly cut: () => void }> {
    const { payer, payee: other, cut } = line()
    const demand = { payee: this.#payee, token: null, minExitDelay: minExitDelay.phone }
    const readBlock = async (cid: CID): Promise<Bytes | undefined> =>
      blocks.find(each => each.cid.equals(cid))?.bytes
    void sellOver(
      other,
      { domain, demand, pricePerUnit: this.pricePerUnit, ledger: this.ledger(), readBlock },
      1000,
    )
    const asked = await askSeller(payer, { domain, root: CID.parse(file.cid), timeoutMs: 1000 })
    if (!asked.ok) throw new Error(asked.error.kind)
    return { peer: asked.value, cut }
  }
}

async function quoteIn(tab: ChannelsInside): Promise<Quote> {
  const quotes = await tab.quotes(file, signal)
  const quote = quotes.ok ? quotes.value[0] : undefined
  if (!quote) throw new Error('nobody sells it')
  return quote
}

const fund = (tab: ChannelsInside, browser: BrowserOfPayer, deposit: bigint) =>
  fundFor(tab, browser, payee, deposit)

/** Opens a channel as the person would, and has the chain show it. */
async function fundFor(
  tab: ChannelsInside,
  browser: BrowserOfPayer,
  to: Address,
  deposit: bigint,
): Promise<Hex> {
  const quotes = await tab.quotes(file, signal)
  const quote = quotes.ok ? quotes.value.find(each => each.payee === to) : undefined
  if (!quote) throw new Error('nobody sells it')
  const proposed = await tab.proposeOpen(quote, deposit)
  if (!proposed.ok) throw new Error(proposed.error.kind)
  const confirmed = await tab.confirmOpen(proposed.value, 'normal')
  if (!confirmed.ok) throw new Error(confirmed.error.kind)
  const id = tab.view.get().channels.find(({ state }) => state.kind === 'opening')?.channelId
  if (!id) throw new Error('no channel is on its way')
  browser.onChain.set(id, { deposit, claimed: 0n, exitAt: 0 })
  await tab.refresh()
  return id
}

const keep = async () => {}
const held = async () => undefined
async function begin(tab: ChannelsInside, peer: PaidPeer) {
  return tab.buyer.begin(peer, file.cid, held)
}

describe('what is seen before', () => {
  it('is the price of the whole file at most, the cheapest first, of each payee once', async () => {
    const browser = browserOf()
    browser.offers = [
      { ...offer, pricePerUnit: 12n },
      offer,
      { ...offer, payee: accountOf('cheap'), pricePerUnit: 9n },
      { ...offer, payee: accountOf('token'), token: accountOf('x') },
      { ...offer, payee: accountOf('payer'), pricePerUnit: 1n },
    ]
    const quotes = await (await browser.tab()).quotes(file, signal)
    expect(quotes).toMatchObject({
      value: [
        { payee: accountOf('cheap'), atMost: { value: 54n }, tooDear: null },
        { payee, atMost: { value: 60n }, agreed: null },
      ],
    })
  })

  it('says which limit of the person’s stands in the way, and does not agree beyond it', async () => {
    const tab = await browserOf().tab()
    await tab.changeLimits({ perFile: 59n, perDay: 1000n })
    const quote = await quoteIn(tab)
    expect(quote.tooDear).toBe('perFile')
    expect(await tab.agree([quote])).toMatchObject({ ok: false, error: { kind: 'limitTooLow' } })
    await tab.changeLimits({ perFile: 100n, perDay: 59n })
    expect((await quoteIn(tab)).tooDear).toBe('perDay')
  })
})

describe('a purchase', () => {
  it('pays nobody without an agreement, nor another one than was agreed on, nor more than was said', async () => {
    const browser = browserOf()
    const tab = await browser.tab()
    const seller = new SellerInMemory(browser)
    await fund(tab, browser, 1000n)
    expect(await tab.buyer.wants(file.cid)).toBe(false)
    expect(await begin(tab, (await seller.meet()).peer)).toMatchObject({ error: { kind: 'notAgreed' } })
    await tab.agree([{ ...(await quoteIn(tab)), payee: accountOf('somebody else') }])
    expect(await begin(tab, (await seller.meet()).peer)).toMatchObject({ error: { kind: 'notAgreed' } })
    await tab.agree([await quoteIn(tab)])
    seller.pricePerUnit = price + 1n
    expect(await begin(tab, (await seller.meet()).peer)).toMatchObject({ error: { kind: 'offerChanged' } })
    expect(await tab.buyer.wants(file.cid)).toBe(true)
    // A day later it is asked for again.
    browser.later = 86_401
    expect(await tab.buyer.wants(file.cid)).toBe(false)
    browser.later = 0
    await tab.withdrawAgreement(file.cid)
    expect(await tab.buyer.wants(file.cid)).toBe(false)
  })

  it('goes on after both died at any point, and never loses more than one block', async () => {
    const browser = browserOf()
    const seller = new SellerInMemory(browser)
    let tab = await browser.tab()
    const id = await fund(tab, browser, 1000n)
    await tab.agree([await quoteIn(tab)])
    for (const [index, { cid }] of blocks.entries()) {
      const { peer, cut } = await seller.meet()
      const begun = await begin(tab, peer)
      if (!begun.ok) throw new Error(begun.error.kind)
      // The line is cut before the block, while it is kept, or after its voucher: the next life goes on.
      if (index % 3 === 0) cut()
      const got = await peer.fetch(cid, async () => (index % 3 === 1 ? cut() : undefined))
      if (index % 3 === 2) expect(got.ok).toBe(true)
      begun.value.end()
      if (index % 3 === 2) continue
      for (const end of browser.ends.splice(0)) end()
      tab = await browser.tab()
      const again = await seller.meet()
      const second = await tab.buyer.begin(again.peer, file.cid, async wanted =>
        index % 3 === 0 ? undefined : blocks.find(each => each.cid.equals(wanted))?.bytes,
      )
      if (!second.ok) throw new Error(second.error.kind)
      if (index % 3 === 0) expect((await again.peer.fetch(cid, keep)).ok).toBe(true)
      second.value.end()
    }
    await tab.refresh()
    const view = tab.view.get().channels.find(({ channelId }) => channelId === id)
    expect(view).toMatchObject({ promised: { value: 60n }, state: { kind: 'open' } })
    expect(seller.ledger().paid()).toBe(60n)
  })

  it('ends at the ceiling of the file, also over restarts, and at the limit of the day', async () => {
    const browser = browserOf()
    const seller = new SellerInMemory(browser)
    const tab = await browser.tab()
    await fund(tab, browser, 1000n)
    await tab.agree([await quoteIn(tab)])
    await tab.changeLimits({ perFile: 20n, perDay: 1000n })
    const buy = async (from: ChannelsInside, of: number) => {
      const { peer } = await seller.meet()
      const begun = await begin(from, peer)
      if (!begun.ok) return begun.error.kind
      const got = await peer.fetch(blocks[of]?.cid ?? CID.parse(file.cid), keep)
      begun.value.end()
      return got.ok ? 'got' : got.error.kind
    }
    expect([await buy(tab, 0), await buy(await browser.tab(), 1)]).toEqual(['got', 'got'])
    expect(await buy(tab, 2)).toBe('budgetExhausted')
    await tab.changeLimits({ perFile: 1000n, perDay: 29n })
    expect(await buy(tab, 2)).toBe('budgetExhausted')
    await tab.changeLimits({ perFile: 1000n, perDay: 30n })
    expect(await buy(tab, 2)).toBe('got')
    expect(seller.ledger().paid()).toBe(30n)
  })

  it('is one at a time in all tabs, signs nothing on an unproven reading, and tells when the deposit ends', async () => {
    const browser = browserOf()
    const seller = new SellerInMemory(browser)
    const tab = await browser.tab()
    const id = await fund(tab, browser, 15n)
    await tab.agree([await quoteIn(tab)])
    const first = await begin(tab, (await seller.meet()).peer)
    expect(await begin(await browser.tab(), (await seller.meet()).peer)).toMatchObject({
      error: { kind: 'payingElsewhere' },
    })
    if (first.ok) first.value.end()
    browser.level = 'unproven'
    expect(await begin(tab, (await seller.meet()).peer)).toMatchObject({ error: { kind: 'unproven' } })
    browser.level = 'proven'
    const { peer } = await seller.meet()
    const begun = await begin(tab, peer)
    expect((await peer.fetch(root.cid, keep)).ok).toBe(true)
    expect(await peer.fetch(blocks[1]?.cid ?? root.cid, keep)).toMatchObject({ ok: false })
    if (begun.ok) begun.value.end()
    browser.onChain.set(id, { deposit: 15n, claimed: 0n, exitAt: 1_900_000_000 })
    expect(await begin(tab, (await seller.meet()).peer)).toMatchObject({ error: { kind: 'channelNotOpen' } })
  })
})

describe('several sellers of one file', () => {
  it('are agreed on together, and paid out of one budget: that of the dearest', async () => {
    const browser = browserOf()
    const dear = accountOf('dear')
    browser.offers = [offer, { ...offer, payee: dear, pricePerUnit: 12n }]
    const tab = await browser.tab()
    for (const to of [payee, dear]) await fundFor(tab, browser, to, 1000n)
    const quotes = await tab.quotes(file, signal)
    if (!quotes.ok) throw new Error(quotes.error.kind)
    expect(await tab.agree(quotes.value)).toEqual(ok(null))
    expect(await tab.quotes(file, signal)).toMatchObject({
      value: [{ agreed: { value: 72n } }, { agreed: { value: 72n } }],
    })
    const sellers = [new SellerInMemory(browser), new SellerInMemory(browser, dear, 12n)]
    await tab.changeLimits({ perFile: 34n, perDay: 1000n })
    const met = await Promise.all(sellers.map(seller => seller.meet()))
    const begun = await Promise.all(met.map(({ peer }) => begin(tab, peer)))
    expect(begun.map(({ ok: isOk }) => isOk)).toEqual([true, true])
    // 34 are enough for three blocks, however the two are asked at once.
    const buyTwo = async ({ peer }: { readonly peer: PaidPeer }, from: number) => {
      const first = await peer.fetch(blocks[from]?.cid ?? root.cid, keep)
      return [first, await peer.fetch(blocks[from + 1]?.cid ?? root.cid, keep)]
    }
    const got = (await Promise.all(met.map((each, i) => buyTwo(each, 2 * i)))).flat()
    expect(got.filter(each => each.ok).length).toBeLessThanOrEqual(3)
    const paid = sellers.reduce((sum, seller) => sum + seller.ledger().paid(), 0n)
    expect(paid).toBeLessThanOrEqual(34n)
    expect(paid).toBeGreaterThan(0n)
    // Another tab has its turn when both are done.
    const another = await browser.tab()
    const third = new SellerInMemory(browser)
    if (begun[0]?.ok) begun[0].value.end()
    expect(await begin(another, (await third.meet()).peer)).toMatchObject({
      error: { kind: 'payingElsewhere' },
    })
    if (begun[1]?.ok) begun[1].value.end()
    await another.changeLimits({ perFile: 1000n, perDay: 1000n })
    expect((await begin(another, (await third.meet()).peer)).ok).toBe(true)
  })
})

describe('a channel', () => {
  it('is written down, with its key, before it is sent, for the payee’s delay and no longer', async () => {
    const browser = browserOf()
    const tab = await browser.tab()
    await fund(tab, browser, 100n)
    expect(browser.calls).toMatchObject([{ to: domain.paymentChannels, value: 100n }])
    const later = await browser.tab()
    await later.refresh()
    expect(later.view.get().channels).toMatchObject([
      { role: 'payer', other: payee, exitDelay: minExitDelay.phone, canPay: true, state: { kind: 'open' } },
    ])
  })

  it('is shown as the chain says: leaving until, ready, closed, and then it can be forgotten', async () => {
    const browser = browserOf()
    const tab = await browser.tab()
    const id = await fund(tab, browser, 100n)
    const stateAt = async (exitAt: number) => {
      browser.onChain.set(id, { deposit: 100n, claimed: 0n, exitAt })
      await tab.refresh()
      return tab.view.get().channels[0]?.state
    }
    const now = browser.platform.unixNow()
    expect(await stateAt(now + 1000)).toEqual({ kind: 'leaving', until: now + 1000 })
    expect(await stateAt(now - 1)).toEqual({ kind: 'ready' })
    await tab.forget(id)
    expect(tab.view.get().channels).toHaveLength(1)
    expect(await stateAt(1)).toEqual({ kind: 'closed' })
    await tab.forget(id)
    expect(tab.view.get().channels).toHaveLength(0)
  })
})

describe('selling', () => {
  it('asks of channels a week’s delay, keeps each voucher, and claims or closes with the last', async () => {
    const browser = browserOf()
    const shop = await browser.tab(payee)
    expect((await shop.sale(0n))?.pricePerUnit).toBe(0n)
    const sale = await shop.sale(price)
    if (!sale) throw new Error('nothing is sold')
    expect(sale.demand).toEqual({ payee, token: null, minExitDelay: 604_800 })
    const buyers = browserOf()
    const buyer = await buyers.tab()
    const id = await fund(buyer, buyers, 100n)
    browser.onChain.set(id, { deposit: 100n, claimed: 0n, exitAt: 0 })
    await buyer.agree([await quoteIn(buyer)])
    const { payer, payee: other } = line()
    void sellOver(other, { ...sale, readBlock: async () => root.bytes }, 1000)
    const asked = await askSeller(payer, { domain, root: root.cid, timeoutMs: 1000 })
    if (!asked.ok) throw new Error(asked.error.kind)
    const begun = await begin(buyer, asked.value)
    if (!begun.ok) throw new Error(begun.error.kind)
    expect((await asked.value.fetch(root.cid, keep)).ok).toBe(true)

    const later = await browser.tab(payee)
    const [channel] = later.view.get().channels
    expect(channel).toMatchObject({ role: 'payee', other: accountOf('payer'), promised: { value: 10n } })
    expect(later.view.get().earned.value).toBe(10n)
    await later.proposeClaim(id)
    await later.proposeClose(id)
    expect(browser.calls.map(({ value }) => value)).toEqual([0n, 0n])
    expect(browser.calls[0]?.data).not.toBe(browser.calls[1]?.data)
  })

  it('refuses a payer who could be gone within the week', async () => {
    const browser = browserOf()
    const sale = await (await browser.tab(payee)).sale(price)
    const terms: ChannelTerms = {
      payer: accountOf('payer'),
      payee,
      signer: accountOf('session'),
      token: null,
      exitDelay: 604_799,
      nonce: 1n,
    }
    browser.onChain.set(channelIdOf(terms), { deposit: 100n, claimed: 0n, exitAt: 0 })
    expect(await sale?.ledger.meet(terms)).toMatchObject({ error: { kind: 'channelDelayTooShort' } })
  })
})

describe('the end of a channel, by both together', () => {
  /** A buyer who has paid for one block, and the browser that sold it. */
  async function sold() {
    const shopBrowser = browserOf()
    const shop = await shopBrowser.tab(payee)
    const sale = await shop.sale(price)
    if (!sale) throw new Error('nothing is sold')
    const browser = browserOf()
    const tab = await browser.tab()
    const id = await fund(tab, browser, 100n)
    const onChain = { deposit: 100n, claimed: 0n, exitAt: 0 }
    shopBrowser.onChain.set(id, onChain)
    await tab.agree([await quoteIn(tab)])
    const meet = async () => {
      const { payer, payee: other } = line()
      void sellOver(other, { ...sale, readBlock: async () => first.bytes }, 1000)
      const asked = await askSeller(payer, { domain, root: first.cid, timeoutMs: 1000, isAnyBlock: true })
      if (!asked.ok) throw new Error(asked.error.kind)
      return asked.value
    }
    const peer = await meet()
    const begun = await begin(tab, peer)
    if (!begun.ok) throw new Error(begun.error.kind)
    await peer.fetch(first.cid, keep)
    begun.value.end()
    await peer.close()
    browser.meet = async (to, talk) =>
      to === payee ? talk(await meet(), held) : fail({ kind: 'payeeNotThere' })
    const closingOf = (of: ChannelsInside) =>
      of.view.get().channels.find(({ channelId }) => channelId === id)?.closing
    return { shopBrowser, shop, browser, tab, id, meet, closingOf }
  }

  it('is wished for, agreed to by the payee’s account, and carried out in one transaction with voucher and consent', async () => {
    const { shopBrowser, shop, browser, tab, id, closingOf } = await sold()
    expect(await tab.askToClose(id)).toMatchObject({ error: { kind: 'askedToClose' } })
    await expect.poll(() => closingOf(tab)).toBe('asked')
    await expect.poll(() => closingOf(shop)).toBe('asked')
    expect(await tab.proposeCloseNow(id)).toMatchObject({ error: { kind: 'channelUnknown' } })

    const proposed = await shop.proposeAgreeing(id)
    if (!proposed.ok) throw new Error(proposed.error.kind)
    shopBrowser.signer = 'somebody else'
    expect(await shop.agreeToClose(proposed.value)).toMatchObject({ error: { kind: 'wrongSigner' } })
    shopBrowser.signer = 'seller'
    expect(await shop.agreeToClose(proposed.value)).toEqual(ok(null))
    await expect.poll(() => closingOf(shop)).toBe('agreed')

    expect(await tab.askToClose(id)).toEqual(ok(null))
    const terms = v.parse(termsSchema, (await storedPurse(browser, id)).terms)
    await tab.proposeCloseNow(id)
    const consent = signByKey(closeDigest(domain, { channelId: id, amount: price }), keyOf('seller'))
    const last = lastVoucherIn((await storedPurse(browser, id)).document)
    const voucher = last?.signature ?? new Uint8Array()
    expect(browser.calls.at(-1)).toMatchObject({
      to: domain.paymentChannels,
      value: 0n,
      data: toHex(closeCall(terms, { amount: price, voucher, consent })),
    })
  })

  it('is bought through no more once it was agreed to, and forgotten by whoever buys on before that', async () => {
    const { shop, browser, tab, id, meet, closingOf } = await sold()
    await tab.askToClose(id)
    const peer = await meet()
    const begun = await begin(tab, peer)
    await peer.fetch(first.cid, keep)
    if (begun.ok) begun.value.end()
    await peer.close()
    await expect.poll(() => [closingOf(tab), closingOf(shop)]).toEqual(['none', 'none'])

    await tab.askToClose(id)
    const proposed = await shop.proposeAgreeing(id)
    if (proposed.ok) await shop.agreeToClose(proposed.value)
    expect(await (await browser.tab()).askToClose(id)).toEqual(ok(null))
    expect(await begin(await browser.tab(), await meet())).toMatchObject({ error: { kind: 'noChannel' } })
  })

  it('can be asked for while the rest is being asked back, and not where the payee is not there', async () => {
    const { browser, tab, id } = await sold()
    browser.onChain.set(id, { deposit: 100n, claimed: 0n, exitAt: 1_900_000_000 })
    expect(await tab.askToClose(id)).toMatchObject({ error: { kind: 'askedToClose' } })
    browser.meet = async () => fail({ kind: 'payeeNotThere' })
    expect(await tab.askToClose(id)).toMatchObject({ error: { kind: 'payeeNotThere' } })
  })
})

describe('what an account pays without this browser', () => {
  const terms = (nonce: bigint, change: Partial<ChannelTerms> = {}): ChannelTerms => ({
    payer: accountOf('device'),
    payee: accountOf('charger'),
    signer: accountOf('session key on a box'),
    token: null,
    exitDelay: minExitDelay.watched,
    nonce,
    ...change,
  })

  it('is what the chain holds of channels under other keys, and not of its own', async () => {
    const browser = browserOf()
    const tab = await browser.tab(accountOf('payer'))
    const own = await fund(tab, browser, 100n)
    const ownTerms = v.parse(termsSchema, (await storedPurse(browser, own)).terms)
    const token = accountOf('a token of no list')
    const [running, closed, inTokens] = [
      terms(1n, { payer: ownTerms.payer }),
      terms(2n, { payer: ownTerms.payer }),
      terms(3n, { payer: ownTerms.payer, token }),
    ]
    browser.opened = [ownTerms, running, closed, inTokens, terms(4n)]
    browser.onChain.set(channelIdOf(running), { deposit: 50n, claimed: 7n, exitAt: 0 })
    browser.onChain.set(channelIdOf(closed), { deposit: 20n, claimed: 20n, exitAt: 1 })
    const paid = await tab.paidElsewhere(ownTerms.payer)
    if (!paid.ok) throw new Error(paid.error.kind)
    const coin = (value: bigint) => ({ value, token: null, symbol: 'ETH', decimals: 18 })
    expect(paid.value.evidence?.level).toBe('proven')
    expect(paid.value.channels).toEqual([
      {
        channelId: channelIdOf(running),
        payee: running.payee,
        deposit: coin(50n),
        claimed: coin(7n),
        state: { kind: 'open' },
      },
      {
        channelId: channelIdOf(closed),
        payee: closed.payee,
        deposit: coin(20n),
        claimed: coin(20n),
        state: { kind: 'closed' },
      },
      {
        channelId: channelIdOf(inTokens),
        payee: inTokens.payee,
        deposit: { value: 0n, token, symbol: token, decimals: 0 },
        claimed: { value: 0n, token, symbol: token, decimals: 0 },
        state: { kind: 'opening' },
      },
    ])
  })

  it('is nothing for an account that opened none, and unproven where one endpoint alone tells', async () => {
    const browser = browserOf()
    const tab = await browser.tab()
    expect(await tab.paidElsewhere(accountOf('device'))).toEqual(ok({ channels: [], evidence: null }))
    browser.opened = [terms(1n)]
    browser.level = 'unproven'
    const paid = await tab.paidElsewhere(accountOf('device'))
    expect(paid.ok && paid.value.evidence?.level).toBe('unproven')
  })
})

async function storedPurse(browser: BrowserOfPayer, id: Hex) {
  const stores = createChannelStores({ onProblem: () => {}, name: browser.name })
  browser.ends.push(() => stores.close())
  const record = await stores.purses.get(id)
  if (!record) throw new Error('no such purse')
  return record
}
