// Booking in a world of trouble: tokens, tabs that die, blocks that are dropped, endpoints that lie, offers that have ended.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Hex } from '../../../src/core/bytes.ts'
import { offerIdOf } from '../../../src/core/registry/marketStatements.ts'
import { topics } from '../../../src/io/chain/market/marketEvents.ts'
import { until } from '../../fixtures/appWorld.ts'
import { HOUR, hourNow, keyOf, type MarketStory, paid, startMarketStory } from '../../fixtures/marketStory.ts'
import { done } from '../../fixtures/marketWorld.ts'
import { diesAt, kindOf } from '../../fixtures/walletWorld.ts'

let story: MarketStory
/** No two tests book the same hour. */
let hour = 2
function nextStart(): number {
  hour += 2
  return (hourNow() + hour) * HOUR
}

beforeAll(async () => {
  story = await startMarketStory()
  await story.claimed()
  await story.settled()
})
afterAll(() => story?.world.stop())
afterEach(() => {
  for (const endpoint of story.world.endpoints) endpoint.twist(() => undefined)
})

const publicOffer = async (offerId: Hex) => done(await story.bob.market.readOffer({ offerId, block: null }))

describe('paying', () => {
  it('with a token that takes permits: a statement for just this price, then the order', async () => {
    const { world } = story
    const { dollar } = world.tokens
    const payer = story.bob.wallet.owner.get()?.address ?? '0x'
    await world.mint(dollar, payer, 10_000_000n)
    await world.finalize()
    const made = await story.offered(story.terms({ token: dollar, price: 3_000_000n }))
    expect(made.price).toMatchObject({ symbol: 'DUSD', value: 3_000_000n })
    const offer = await publicOffer(made.offerId)
    const start = nextStart()
    const step = done(await story.bob.market.proposeOrder({ offer, start, quantity: 2 }))
    if (step.kind !== 'permit') throw new Error(step.kind)
    expect(step.proposal).toMatchObject({
      kind: 'statement',
      sentence: { kind: 'tokenPermit', amount: { value: 6_000_000n }, isUnlimited: false },
    })
    const order = paid(done(await story.bob.market.confirmPermit(step.proposal)))
    expect(order.keyId).toBe(step.keyId)
    expect(order.proposal.sentence).toMatchObject({
      kind: 'placeOrder',
      amount: { value: 6_000_000n, token: dollar },
    })
    await story.sent(story.bob, order.proposal)
    await story.settle(story.bob)
    expect(keyOf(story.bob, step.keyId)).toMatchObject({
      state: { kind: 'waitingForSigner' },
      paid: { value: 6_000_000n, symbol: 'DUSD' },
    })
    expect(kindOf(await story.bob.market.confirmPermit(step.proposal))).toBe('proposalExpired')
  })

  it('with a token that nobody says takes permits: allowed first, by a transaction of its own', async () => {
    const { world } = story
    const { plain } = world.tokens
    const payer = story.bob.wallet.owner.get()?.address ?? '0x'
    await world.mint(plain, payer, 10_000_000n)
    await world.finalize()
    const made = await story.offered(story.terms({ token: plain, price: 4_000_000n }))
    const offer = await publicOffer(made.offerId)
    const start = nextStart()
    const request = { offer, start, quantity: 1 }
    const step = done(await story.bob.market.proposeOrder(request))
    if (step.kind !== 'allow') throw new Error(step.kind)
    expect(step.proposal.sentence).toMatchObject({ kind: 'tokenApproval', amount: { value: 4_000_000n } })
    await story.sent(story.bob, step.proposal)
    const order = paid(done(await story.bob.market.proposeOrder(request)))
    await story.sent(story.bob, order.proposal)
    await story.settle(story.bob)
    expect(keyOf(story.bob, order.keyId).state.kind).toBe('waitingForSigner')
  })

  it('is refused before anything is signed where the offer, the time or the money is not there', async () => {
    const made = await story.offered(story.terms({ price: 5_000_000n, maxQuantity: 3 }))
    const offer = await publicOffer(made.offerId)
    const order = (start: number, quantity = 1) => story.bob.market.proposeOrder({ offer, start, quantity })
    expect(await order(nextStart() + 60)).toMatchObject({ error: { kind: 'orderInvalid', detail: 'start' } })
    expect(await order(nextStart(), 4)).toMatchObject({ error: { kind: 'orderInvalid', detail: 'quantity' } })
    expect(kindOf(await order(hourNow() * HOUR))).toBe('tooLate')
    expect(kindOf(await order((hourNow() + 90) * HOUR))).toBe('hoursTaken')
    const dear = await story.offered(story.terms({ price: 10n ** 20n }))
    const tooDear = await publicOffer(dear.offerId)
    expect(
      kindOf(await story.bob.market.proposeOrder({ offer: tooDear, start: nextStart(), quantity: 1 })),
    ).toBe('notEnough')
    await story.sent(story.alice, done(await story.alice.market.proposePause(made.offerId, true)))
    const paused = await publicOffer(made.offerId)
    expect(paused.state).toBe('paused')
    expect(
      kindOf(await story.bob.market.proposeOrder({ offer: paused, start: nextStart(), quantity: 1 })),
    ).toBe('offerNotLive')
    // Seen as live, and paused meanwhile: the simulation says it.
    expect(kindOf(await order(nextStart()))).toBe('wouldRevert')
    expect(kindOf(await story.bob.market.readOffer({ offerId: `0x${'ab'.repeat(32)}`, block: null }))).toBe(
      'offerNotFound',
    )
    const terms = story.terms({ price: 5_500_000n })
    await story.alice.confirm(done(await story.alice.market.proposeOffer(terms, null)))
    const reference = { offerId: offerIdOf(terms), block: null }
    // Sent, and in a block a moment later.
    await expect.poll(async () => kindOf(await story.bob.market.readOffer(reference))).toBe('offerNotFinal')
    await story.world.finalize()
    expect((await story.bob.market.readOffer(reference)).ok).toBe(true)
  })
})

describe('what befalls a booking', () => {
  it('a tab that dies before it is confirmed has bought nothing; one that dies after has its key', async () => {
    const made = await story.offered(story.terms({ price: 6_000_000n }))
    const offer = await publicOffer(made.offerId)
    const request = { offer, start: nextStart(), quantity: 1 }
    const before = story.bob.market.keys.get().length
    done(await story.bob.market.proposeOrder(request))
    story.bob = await story.bob.reopened()
    expect(story.bob.market.keys.get()).toHaveLength(before)
    const step = paid(done(await story.bob.market.proposeOrder(request)))
    await story.bob.confirm(step.proposal)
    story.bob = await story.bob.reopened()
    expect(keyOf(story.bob, step.keyId).state.kind).toMatch(/paying|confirming/)
    await story.settle(story.bob)
    expect(keyOf(story.bob, step.keyId).state.kind).toBe('waitingForSigner')
    expect(story.bob.market.keys.get()).toHaveLength(before + 1)
  })

  it('a tab that dies at any write has booked once or not at all, and knows which', async () => {
    const made = await story.offered(story.terms({ price: 6_500_000n }))
    const offer = await publicOffer(made.offerId)
    const seen: string[] = []
    for (let step = 1; ; step++) {
      const { before, steps } = diesAt(step)
      const start = nextStart()
      const { bob } = story
      bob.guard(before)
      let isOver = false
      void bob.market
        .proposeOrder({ offer, start, quantity: 1 })
        .then(asked => bob.confirm(paid(done(asked)).proposal))
        .then(() => {
          isOver = true
        })
      await until(() => isOver || steps.length >= step, 'the end')
      story.bob = await bob.reopened()
      await story.settle(story.bob)
      await story.settle(story.bob)
      await story.alice.market.readLetting(story.lock.deviceId)
      const stays = story.view.stays.filter(({ from }) => from === start)
      const keys = story.bob.market.keys.get().filter(({ from }) => from === start)
      expect(stays.length, `step ${step}`).toBeLessThanOrEqual(1)
      expect(keys.map(({ state }) => state.kind)).toEqual(stays.map(() => 'waitingForSigner'))
      seen.push(`${steps.at(-1)} ${stays.length}`)
      if (isOver) break
    }
    // Written down first, as key and as payment: what died between has bought nothing, what died after is sent.
    expect(seen[0]).toBe('keys 0')
    expect(seen.at(-1)).toMatch(/ 1$/)
    expect(seen.length).toBeGreaterThan(3)
  })

  it('a block that is dropped takes nothing: the same order is sent again', async () => {
    const { world } = story
    const made = await story.offered(story.terms({ price: 7_000_000n }))
    const offer = await publicOffer(made.offerId)
    const step = paid(done(await story.bob.market.proposeOrder({ offer, start: nextStart(), quantity: 1 })))
    const snapshot = await world.client.snapshot()
    await story.bob.confirm(step.proposal)
    await story.bob.market.refreshKeys()
    expect(keyOf(story.bob, step.keyId).state.kind).toBe('confirming')
    await world.client.revert({ id: snapshot })
    await story.bob.market.refreshKeys()
    expect(keyOf(story.bob, step.keyId).state.kind).toBe('paying')
    await story.bob.market.refreshKeys()
    await story.settle(story.bob)
    expect(keyOf(story.bob, step.keyId).state.kind).toBe('waitingForSigner')
  })

  it('an endpoint that hides events, makes them up or changes them changes nothing', async () => {
    const [first] = story.world.endpoints
    const made = await story.offered(story.terms({ price: 8_000_000n }))
    const truth = await publicOffer(made.offerId)
    first?.twist(({ method }) => (method === 'eth_getLogs' ? { result: [] } : undefined))
    expect(await publicOffer(made.offerId)).toMatchObject({ terms: truth.terms, state: 'live' })
    await story.alice.market.readLetting(story.lock.deviceId)
    expect(story.view.offers.some(({ offerId }) => offerId === made.offerId)).toBe(true)
    first?.twist(async (call, ask) => {
      if (call.method !== 'eth_getLogs') return undefined
      const logs = (await ask(call)) as { data: string }[]
      // The price is another one, and the id the same.
      return { result: logs.map(log => ({ ...log, data: log.data.replaceAll('7a1200', '7a1201') })) }
    })
    expect((await publicOffer(made.offerId)).terms.price).toBe(8_000_000n)
    first?.twist(({ method }) => (method === 'eth_getProof' ? { result: { accountProof: [] } } : undefined))
    expect(await publicOffer(made.offerId)).toMatchObject({
      state: 'live',
      evidence: { level: 'unproven', reason: 'endpointLied' },
    })
    // What is not proven is not signed for: whoever answers could have made the order up.
    const [stay] = story.view.stays.filter(({ state }) => state.kind === 'toSign')
    expect(kindOf(await story.alice.market.proposeSign(story.lock.deviceId, stay?.orderId ?? '0x'))).toBe(
      'orderUnproven',
    )
    for (const endpoint of story.world.endpoints) endpoint.twist(() => response => void response.destroy())
    expect(kindOf(await story.bob.market.readOffer({ offerId: made.offerId, block: null }))).toBe(
      'chainUnreachable',
    )
  })

  it('a grant that an endpoint makes up does not stand in the way of the one that was signed', async () => {
    const [first] = story.world.endpoints
    const made = await story.offered(story.terms({ price: 8_250_000n }))
    const keyId = await story.booked(story.bob, made.offerId, nextStart())
    await story.signedByOwner(keyOf(story.bob, keyId).offer?.orderId)
    first?.twist(async (call, ask) => {
      if (call.method !== 'eth_getLogs') return undefined
      const logs = (await ask(call)) as { topics: string[]; data: string }[]
      const forged = (data: string) => `${data.slice(0, -64)}${'01'.repeat(32)}`
      const isFulfilled = ({ topics: [topic] }: { readonly topics: readonly string[] }) =>
        topic === topics.fulfilled
      return { result: logs.map(log => (isFulfilled(log) ? { ...log, data: forged(log.data) } : log)) }
    })
    await story.settle(story.bob)
    expect(keyOf(story.bob, keyId)).toMatchObject({ authorisedBy: 'issuer', isOffline: true })
  })

  it('a block that an endpoint makes up does not stand in the way of what was granted at once', async () => {
    const [first] = story.world.endpoints
    await story.settled(async () => done(await story.alice.market.setTakesProofs(story.lock.deviceId, true)))
    const made = await story.offered(story.terms({ price: 8_350_000n, isInstant: true }))
    first?.twist(async (call, ask) => {
      if (call.method !== 'eth_getBlockReceipts') return undefined
      const receipts = (await ask(call)) as { cumulativeGasUsed: string }[]
      return { result: receipts.map(receipt => ({ ...receipt, cumulativeGasUsed: '0x1' })) }
    })
    const keyId = await story.booked(story.bob, made.offerId, nextStart())
    await story.settle(story.bob)
    expect(keyOf(story.bob, keyId)).toMatchObject({ authorisedBy: 'chain', isOffline: true })
    first?.twist(() => undefined)
    await story.settled(async () => done(await story.alice.market.setTakesProofs(story.lock.deviceId, false)))
  })

  it('who else could open is told as proven only where the block that names them proves it', async () => {
    const [first] = story.world.endpoints
    const made = await story.offered(story.terms({ price: 8_500_000n }))
    const isConfigFiled = ({ topics }: { readonly topics: readonly string[] }) => topics.length === 2
    // Of the event’s data, the sixth word: 2 of 3, and they may open.
    const forged = (data: string) =>
      `${data.slice(0, 2 + 64 * 5)}${(0x82).toString(16).padStart(64, '0')}${data.slice(2 + 64 * 6)}`
    first?.twist(async (call, ask) => {
      if (call.method !== 'eth_getLogs') return undefined
      const logs = (await ask(call)) as { topics: string[]; data: string }[]
      return { result: logs.map(log => (isConfigFiled(log) ? { ...log, data: forged(log.data) } : log)) }
    })
    expect(await publicOffer(made.offerId)).toMatchObject({ attestors: null, areAttestorsProven: true })
    for (const endpoint of story.world.endpoints)
      endpoint.twist(({ method }) =>
        method === 'eth_getBlockReceipts' ? { error: { code: -32601, message: 'no' } } : undefined,
      )
    expect(await publicOffer(made.offerId)).toMatchObject({ attestors: null, areAttestorsProven: false })
  })

  it('an offer ends with its device’s loss, and nobody books what could not be signed for', async () => {
    const made = await story.offered(story.terms({ price: 9_000_000n }))
    const report = { kind: 'report', deviceId: story.lock.deviceId, report: 'lost' } as const
    await story.sent(story.alice, done(await story.alice.wallet.propose(report)))
    const offer = await publicOffer(made.offerId)
    expect(offer.state).toBe('ended')
    expect(kindOf(await story.bob.market.proposeOrder({ offer, start: nextStart(), quantity: 1 }))).toBe(
      'offerNotLive',
    )
  })
})

describe('what only the owner can', () => {
  it('needs the open vault, and says so', async () => {
    story.alice.vault.lock()
    const request = done(await story.bob.market.keyRequest())
    const lending = {
      deviceId: story.lock.deviceId,
      name: '',
      userKeyHash: request.userKeyHash,
      from: 0,
      until: 2_000_000_000,
      weeklyHours: new Uint8Array(21),
      maxUses: 0,
      canManage: false,
    }
    expect(kindOf(await story.alice.market.lend(lending))).toBe('vaultLocked')
    expect(kindOf(await story.alice.market.revokeAll(story.lock.deviceId))).toBe('vaultLocked')
    const [stay] = story.view.stays
    expect(kindOf(await story.alice.market.proposeSign(story.lock.deviceId, stay?.orderId ?? '0x'))).toBe(
      'vaultLocked',
    )
  })

  it('a guest can’t sign, lend or end anything of a lock that is not his', async () => {
    const { market } = story.bob
    expect(kindOf(await market.revokeAll(story.lock.deviceId))).toBe('deviceNotOwned')
    expect(kindOf(await market.tellMarket(story.lock.deviceId))).toBe('deviceNotOwned')
    const terms = story.terms({ price: 77n, owner: story.bob.wallet.owner.get()?.address ?? '0x' })
    expect(kindOf(await market.proposeOffer(terms, null))).toBe('wouldRevert')
    expect(market.letting(story.lock.deviceId).get().readiness).toBe('notOwned')
  })
})
