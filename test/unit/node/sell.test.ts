// Blocks for vouchers between two real nodes, one of which behaves as badly as it can.
import { join } from 'node:path'
import type { Stream } from '@libp2p/interface'
import type { Libp2p } from 'libp2p'
import { describe, expect, it } from 'vitest'
import { askPaidPeer } from '../../../node/channels/paidPeer.ts'
import { type ServeStream, serveStream } from '../../../node/channels/serveStream.ts'
import { type SellLimits, sellBlocks } from '../../../node/seed/sell.ts'
import { concat } from '../../../src/core/bytes.ts'
import { budgetOf } from '../../../src/core/voucher/budget.ts'
import { closeDigest, signByKey, type Voucher } from '../../../src/core/voucher/channel.ts'
import type { PayeeLedger } from '../../../src/core/voucher/payeeLedger.ts'
import {
  encodeServeMessage,
  type ServeMessage,
  serveProtocol,
} from '../../../src/core/voucher/serveMessage.ts'
import { isConsentOf } from '../../../src/core/voucher/standing.ts'
import { accountOf, channelId, domain, keyOf, terms, voucher, voucherBy } from '../voucher/people.ts'
import { eventually } from './process.ts'
import {
  addressOf,
  block,
  demand,
  ledgerIn,
  node,
  openChannel,
  price,
  purseIn,
  storeOf,
  streamTo,
  type TestBlock,
} from './serveNodes.ts'
import { temporaryDirectory } from './temporary.ts'

const directory = temporaryDirectory()
let count = 0
const place = () => join(directory, `${++count}`)
const [first, second, third] = [block(1), block(2, 70_000), block(3)]
const offer = {
  ...domain,
  payee: terms.payee,
  token: null,
  pricePerUnit: price,
  minExitDelay: demand.minExitDelay,
}

async function market(options: { ledger?: PayeeLedger; limits?: Partial<SellLimits> } = {}) {
  const seed = await node(true)
  const payer = await node(false)
  const ledger = options.ledger ?? ledgerIn(place())
  const { limits = {} } = options
  const blocks = storeOf(first, second, third)
  const seller = await sellBlocks(seed, { domain, demand, pricePerUnit: price, ledger, blocks, limits })
  return { seed, payer, ledger, seller }
}

const ask = async (stream: ServeStream, message: ServeMessage) => {
  await stream.send(message)
  const answer = await stream.receive(3_000)
  return answer.ok ? answer.value : answer.error
}
const want = ({ cid }: TestBlock): ServeMessage => ({ kind: 'want', cid: cid.bytes })
const begin: ServeMessage = { kind: 'channel', terms }

describe('a seed that sells', () => {
  it('offers, lends a block, takes a voucher for it, and lends the next', async () => {
    const { seed, payer, ledger } = await market()
    const stream = await streamTo(payer, seed)
    expect(await ask(stream, { kind: 'ask', cid: second.cid.bytes })).toEqual({
      kind: 'offer',
      isHere: true,
      length: 70_000,
      offer,
    })
    expect(await ask(stream, begin)).toEqual({
      kind: 'standing',
      delivered: 0n,
      accepted: null,
      lent: new Uint8Array(),
    })
    expect(await ask(stream, want(second))).toEqual({ kind: 'block', delivered: 20n, bytes: second.bytes })
    expect(await ask(stream, { kind: 'voucher', voucher: voucher(20n) })).toEqual({
      kind: 'accepted',
      amount: 20n,
    })
    expect(await ask(stream, want(first))).toMatchObject({ kind: 'block', delivered: 30n })
    expect(ledger.paid()).toBe(20n)
  })

  it('gives one block to who does not pay, over however many streams he asks at once', async () => {
    const { seed, payer } = await market()
    const streams = await Promise.all([1, 2, 3].map(() => streamTo(payer, seed)))
    for (const stream of streams) await ask(stream, begin)
    const wanted = [first, second, third]
    const answers = await Promise.all(streams.map((stream, i) => ask(stream, want(wanted[i] ?? first))))
    expect(answers.filter(answer => answer.kind === 'block')).toHaveLength(1)
    expect(answers.filter(answer => answer.kind === 'refusal')).toHaveLength(2)
    const [lent] = answers.flatMap((answer, i) => (answer.kind === 'block' ? [wanted[i]] : []))
    const later = await streamTo(payer, seed)
    expect(await ask(later, begin)).toMatchObject({ kind: 'standing', lent: lent?.cid.bytes })
    // The same again is no second one.
    expect(await ask(later, want(lent ?? first))).toMatchObject({ kind: 'block' })
  })

  it('remembers after a restart what it has lent and what it was paid', async () => {
    const home = place()
    const before = await market({ ledger: ledgerIn(home) })
    const stream = await streamTo(before.payer, before.seed)
    await ask(stream, begin)
    await ask(stream, want(first))
    await ask(stream, { kind: 'voucher', voucher: voucher(10n) })
    await ask(stream, want(third))
    const after = await market({ ledger: ledgerIn(home) })
    const again = await streamTo(after.payer, after.seed)
    expect(await ask(again, begin)).toEqual({
      kind: 'standing',
      delivered: 20n,
      accepted: voucher(10n),
      lent: third.cid.bytes,
    })
    expect(await ask(again, want(first))).toMatchObject({ kind: 'refusal', refusal: 'unpaid' })
  })

  it('takes no voucher that is old, forged, or for more than the deposit', async () => {
    const { seed, payer, ledger } = await market()
    for (const bad of [
      voucherBy('payee', 10n),
      { ...voucher(10n), amount: 11n },
      voucher(1001n),
      voucher(0n),
    ]) {
      const stream = await streamTo(payer, seed)
      await ask(stream, begin)
      expect(await ask(stream, { kind: 'voucher', voucher: bad })).toMatchObject({
        kind: 'refusal',
        refusal: 'voucherRefused',
      })
    }
    expect(ledger.paid()).toBe(0n)
  })

  it('serves under no channel that is another’s, too short, closed, or being left', async () => {
    let onChain = openChannel
    const { seed, payer } = await market({ ledger: ledgerIn(place(), () => onChain) })
    const answerTo = async (changes: Partial<typeof terms>) => {
      const stream = await streamTo(payer, seed)
      const answer = await ask(stream, { kind: 'channel', terms: { ...terms, ...changes } })
      await stream.close()
      return answer
    }
    const refused = { kind: 'refusal', refusal: 'channelRefused' }
    expect(await answerTo({ payee: accountOf('x') })).toMatchObject(refused)
    expect(await answerTo({ token: accountOf('x') })).toMatchObject(refused)
    expect(await answerTo({ exitDelay: 60 })).toMatchObject(refused)
    const stream = await streamTo(payer, seed)
    expect(await ask(stream, begin)).toMatchObject({ kind: 'standing' })
    onChain = { ...openChannel, exitAt: 1_800_000_000 }
    // Whoever leaves can still settle, and gets nothing more.
    expect(await answerTo({})).toMatchObject({ kind: 'standing' })
    expect(await ask(stream, want(first))).toMatchObject(refused)
  })

  it('ends a stream that sends what is no message, or is too long, or comes in a flood', async () => {
    const { seed, payer, seller } = await market()
    const bytesOf = (message: ServeMessage) => encodeServeMessage(message)
    const floods = concat(
      ...Array.from({ length: 500 }, () => bytesOf({ kind: 'ask', cid: first.cid.bytes })),
    )
    for (const bytes of [
      Uint8Array.of(0, 0, 0, 1, 99),
      Uint8Array.of(0xff, 0xff, 0xff, 0xff),
      bytesOf({ kind: 'block', delivered: 1n, bytes: new Uint8Array(5000) }),
      floods,
    ]) {
      const raw: Stream = await payer.dialProtocol(addressOf(seed), serveProtocol)
      raw.send(bytes)
      await eventually(() => raw.status !== 'open', 5_000)
    }
    await eventually(() => seller.streams() === 0)
    const stream = await streamTo(payer, seed)
    expect(await ask(stream, want(first))).toMatchObject({ kind: 'refusal', refusal: 'malformed' })
  })

  it('ends a stream that stays silent, and turns away more than it can serve', async () => {
    const { seed, payer, seller } = await market({
      limits: { silenceMs: 300, streams: 2, streamsPerPeer: 10 },
    })
    const streams = [await streamTo(payer, seed), await streamTo(payer, seed)]
    await eventually(() => seller.streams() === 2)
    const third = await streamTo(payer, seed)
    expect(await third.receive(2_000)).toMatchObject({ value: { kind: 'refusal', refusal: 'busy' } })
    await eventually(() => seller.streams() === 0)
    for (const stream of streams) expect((await stream.receive(1_000)).ok).toBe(false)
  })
})

describe('a payer', () => {
  /** Meets somebody who answers each message as the test says; null: with silence. */
  async function meets(answers: (message: ServeMessage) => ServeMessage | Uint8Array | null) {
    const seed = await serving(answers)
    const purse = await purseIn(place())
    const result = await buy(await node(false), seed, purse)
    return { result, signed: purse.signed() }
  }

  async function serving(
    answers: (message: ServeMessage) => ServeMessage | Uint8Array | null,
  ): Promise<Libp2p> {
    const seed = await node(true)
    await seed.handle(serveProtocol, async (stream: Stream) => {
      const messages = serveStream(stream, { messageBytes: 10_000, queued: 100, sendMs: 2_000 })
      for (;;) {
        const message = await messages.receive(5_000)
        if (!message.ok) return
        const answer = answers(message.value)
        if (answer instanceof Uint8Array) stream.send(answer)
        else if (answer !== null) await messages.send(answer)
      }
    })
    return seed
  }

  async function buy(
    libp2p: Libp2p,
    seed: Libp2p,
    purse: Awaited<ReturnType<typeof purseIn>>,
    limit = 1000n,
  ) {
    const address = addressOf(seed)
    const peer = await askPaidPeer({ libp2p, address, domain, root: first.cid, timeoutMs: 1_000 })
    if (!peer.ok) return peer
    const begun = await peer.value.begin(purse, { held: async () => undefined, budget: budgetOf(limit) })
    return begun.ok ? peer.value.fetch(first.cid, async () => {}) : begun
  }

  const honest: Record<string, ServeMessage> = {
    ask: { kind: 'offer', isHere: true, length: 1000, offer },
    channel: { kind: 'standing', delivered: 0n, accepted: null, lent: new Uint8Array() },
    want: { kind: 'block', delivered: price, bytes: first.bytes },
    voucher: { kind: 'accepted', amount: price },
  }
  const except = (changes: Record<string, ServeMessage | Uint8Array | null>) => (message: ServeMessage) =>
    message.kind in changes ? (changes[message.kind] ?? null) : (honest[message.kind] ?? null)

  it('pays an honest seed for a block that it has verified', async () => {
    const { result, signed } = await meets(except({}))
    expect(result).toEqual({ ok: true, value: first.bytes })
    expect(signed).toBe(price)
  })

  it.each<[string, string, Record<string, ServeMessage | Uint8Array | null>]>([
    ['another block', 'wrongBlock', { want: { kind: 'block', delivered: price, bytes: second.bytes } }],
    [
      'more than its price',
      'overcharged',
      { want: { kind: 'block', delivered: price + 1n, bytes: first.bytes } },
    ],
    [
      'a voucher that was never signed',
      'standingForged',
      {
        channel: {
          kind: 'standing',
          delivered: 500n,
          accepted: voucherBy('payee', 500n),
          lent: new Uint8Array(),
        },
      },
    ],
    [
      'a debt for no block',
      'overcharged',
      { channel: { kind: 'standing', delivered: price, accepted: null, lent: new Uint8Array() } },
    ],
    [
      'a debt for a block that it does not hand out',
      'notHere',
      {
        channel: { kind: 'standing', delivered: price, accepted: null, lent: second.cid.bytes },
        want: { kind: 'refusal', refusal: 'notHere', detail: '' },
      },
    ],
    [
      'a debt of many blocks',
      'debtTooLarge',
      { channel: { kind: 'standing', delivered: 900n, accepted: null, lent: second.cid.bytes } },
    ],
    ['endless bytes', 'streamMalformed', { want: new Uint8Array(100_000).fill(0xff) }],
    ['nothing at all', 'streamSilent', { want: null }],
    ['an answer to another question', 'streamMalformed', { want: { kind: 'accepted', amount: 1n } }],
    [
      'an offer under another contract',
      'offerForeign',
      {
        ask: { kind: 'offer', isHere: true, length: 1, offer: { ...offer, paymentChannels: accountOf('x') } },
      },
    ],
    [
      'an offer that would lock what is put aside for a lifetime',
      'offerForeign',
      { ask: { kind: 'offer', isHere: true, length: 1, offer: { ...offer, minExitDelay: 2 ** 32 - 1 } } },
    ],
  ])('signs nothing for a seed that gives %s', async (_what, kind, changes) => {
    const { result, signed } = await meets(except(changes))
    expect(result).toMatchObject({ ok: false, error: { kind } })
    expect(signed).toBe(0n)
  })

  it('never signs more than it may, whatever is asked', async () => {
    const { seed, payer, ledger } = await market()
    const purse = await purseIn(place())
    expect(await buy(payer, seed, purse, price - 1n)).toMatchObject({ error: { kind: 'budgetExhausted' } })
    expect([purse.signed(), ledger.paid()]).toEqual([0n, 0n])
  })

  it('sends again what never arrived, and pays for the block only once', async () => {
    const home = place()
    const { seed, payer, ledger } = await market()
    const stream = await streamTo(payer, seed)
    await ask(stream, begin)
    await ask(stream, want(first))
    // It has signed, and was killed before the voucher left.
    const purse = await purseIn(home)
    expect(await purse.pay(price)).toEqual({ ok: true, value: voucher(price) })
    const again = await purseIn(home)
    expect(await buy(payer, seed, again)).toMatchObject({ ok: true })
    // The first block was asked for once more, and counted once more: what was owed before is paid.
    expect(ledger.paid()).toBe(2n * price)
    expect(again.signed()).toBe(2n * price)
  })

  it('asks for the end of the channel, and believes the consent of the payee’s account alone', async () => {
    const consentOf = (name: string) => async (close: Voucher) =>
      signByKey(closeDigest(domain, close), keyOf(name))
    const home = place()
    for (const [open, expected] of [
      [() => ledgerIn(place()), { error: { kind: 'askedToClose' } }],
      [() => ledgerIn(home, () => openChannel, consentOf('payee')), { ok: true, value: { amount: price } }],
      // It was given, and is given again after a restart, whoever may sign now.
      [() => ledgerIn(home), { ok: true, value: { amount: price } }],
    ] as const) {
      const ledger = open()
      const { seed, payer } = await market({ ledger })
      const purse = await purseIn(place())
      const bought = await buy(payer, seed, purse)
      const isEnded = ledger.earnings().some(({ state }) => state.closing?.consent)
      expect(bought).toMatchObject(isEnded ? { error: { kind: 'peerRefused' } } : { ok: true })
      const peer = await askPaidPeer({ libp2p: payer, address: addressOf(seed), domain, root: first.cid })
      if (!peer.ok) throw new Error(peer.error.kind)
      await peer.value.begin(purse, { held: async () => undefined, budget: budgetOf(0n) })
      const asked = await peer.value.askToClose()
      expect(asked).toMatchObject(expected)
      if (asked.ok) expect(isConsentOf(domain, terms, asked.value)).toBe(true)
    }
    for (const forged of [
      { amount: price, signature: signByKey(closeDigest(domain, { channelId, amount: price }), keyOf('x')) },
      { amount: 0n, signature: signByKey(closeDigest(domain, { channelId, amount: 0n }), keyOf('payee')) },
    ]) {
      const libp2p = await node(false)
      const seed = await serving(except({ close: { kind: 'closing', consent: forged } }))
      const purse = await purseIn(place())
      const peer = await askPaidPeer({ libp2p, address: addressOf(seed), domain, root: first.cid })
      if (!peer.ok) throw new Error(peer.error.kind)
      await peer.value.begin(purse, { held: async () => undefined, budget: budgetOf(1000n) })
      await peer.value.fetch(first.cid, async () => {})
      expect(await peer.value.askToClose()).toMatchObject({ error: { kind: 'consentForged' } })
    }
  })

  it('that has lost its memory believes the voucher that it has signed itself', async () => {
    const { seed, payer, ledger } = await market()
    expect(await buy(payer, seed, await purseIn(place()))).toMatchObject({ ok: true })
    const forgetful = await purseIn(place())
    expect(await buy(payer, seed, forgetful)).toMatchObject({ ok: true })
    expect(forgetful.signed()).toBe(2n * price)
    expect(ledger.paid()).toBe(2n * price)
  })
})
