// Letting, booking and opening: an owner, guests, a lock without internet, and a real chain, through the app's public face.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { marketAbi } from '../../../contracts/generated/Market.ts'
import type { ReferenceDevice } from '../../../device/referenceDevice.ts'
import type { KeyView, OrderStep } from '../../../src/app/market/market.ts'
import { type Hex, toHex } from '../../../src/core/bytes.ts'
import { grantDigest } from '../../../src/core/lock/grant.ts'
import { signDigest } from '../../../src/core/p256.ts'
import {
  grantOfOrder,
  type OfferTerms,
  type Order,
  type OrderId,
} from '../../../src/core/registry/marketStatements.ts'
import { ok } from '../../../src/core/result.ts'
import { lower } from '../../contract/testDevice.ts'
import { until } from '../../fixtures/appWorld.ts'
import { done, type MarketWorld, type Phone, startMarketWorld } from '../../fixtures/marketWorld.ts'
import { kindOf } from '../../fixtures/walletWorld.ts'

const ALICE = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const BOB = 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above'
const CAROL =
  'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold'
const HOUR = 3600
const noHash: Hex = `0x${'00'.repeat(32)}`

let world: MarketWorld
let alice: Phone
let bob: Phone
let lock: ReferenceDevice
let atAlice = ''
let atBob = ''

beforeAll(async () => {
  world = await startMarketWorld()
  alice = await world.phone(ALICE)
  bob = await world.phone(BOB)
  lock = world.device()
  atAlice = await alice.meet(lock)
  atBob = await bob.meet(lock)
}, 60_000)
afterAll(() => world?.stop())

const now = () => Math.floor(Date.now() / 1000)
const hourNow = () => Math.floor(now() / HOUR)
const keyOf = (phone: Phone, keyId: string): KeyView => {
  const found = phone.market.keys.get().find(({ id }) => id === keyId)
  if (!found) throw new Error(`no key ${keyId}`)
  return found
}
const view = () => alice.market.letting(lock.deviceId).get()

function termsOf(changes: Partial<OfferTerms> = {}): OfferTerms {
  const owner = alice.wallet.owner.get()?.address ?? '0x'
  const account = alice.wallet.devices.get()[0]?.account.address ?? '0x'
  return {
    deviceId: lock.deviceId,
    owner,
    token: null,
    price: 1_000_000n,
    unit: 'hour',
    isInstant: false,
    slot: 0,
    maxQuantity: 24,
    slotHours: 1,
    startHour: 0,
    utcOffset: 0,
    fulfilWithin: HOUR,
    weeklyHours: new Uint8Array(21),
    maxUses: 0,
    actions: 1,
    legalHash: noHash,
    shares: [
      { payee: account, amount: 700_000n },
      { payee: owner, amount: 300_000n },
    ],
    ...changes,
  }
}

/** Until everything that was sent is final, and everybody knows. */
async function settle(...phones: Phone[]): Promise<void> {
  for (let round = 0; round < 2; round++) {
    await world.finalize()
    for (const phone of phones) await phone.market.refreshKeys()
  }
}

async function sent(phone: Phone, proposal: Parameters<Phone['confirm']>[0]): Promise<void> {
  const payment = await phone.confirm(proposal)
  for (let round = 0; round < 5; round++) {
    await world.finalize()
    await phone.wallet.refresh()
    const state = phone.wallet.payments.get().find(({ id }) => id === payment.id)?.state.kind
    if (state === 'final') return
    if (state === 'reverted') throw new Error('reverted')
  }
  throw new Error('never final')
}

/** Signs nothing new where the lock has it already; files what it has signed for. */
async function settled(change?: () => Promise<unknown>): Promise<void> {
  await change?.()
  const { readiness } = view()
  if (readiness === 'marketNotTold') done(await alice.market.tellMarket(lock.deviceId))
  done(await alice.market.bringSettings(lock.deviceId))
  const filing = await alice.wallet.proposeFileConfig(lock.deviceId)
  if (filing.ok) await sent(alice, filing.value)
  await until(() => view().readiness === 'ready', `ready, not ${view().readiness}`)
}

async function offered(terms: OfferTerms) {
  const open = [{ first: hourNow(), end: hourNow() + 48 }]
  await sent(alice, done(await alice.market.proposeOffer(terms, open)))
  await alice.market.readLetting(lock.deviceId)
  const made = view().offers.find(({ terms: { price } }) => price === terms.price)
  if (!made) throw new Error('the offer is not in the list')
  return made
}

const paid = (step: OrderStep) => {
  if (step.kind !== 'pay') throw new Error(step.kind)
  return step
}

async function booked(phone: Phone, offerId: Hex, start: number, quantity = 1): Promise<string> {
  const offer = done(await phone.market.readOffer({ offerId, block: null }))
  const step = paid(done(await phone.market.proposeOrder({ offer, start, quantity })))
  await sent(phone, step.proposal)
  await settle(phone)
  return step.keyId
}

async function signedByAlice(orderId: OrderId | undefined): Promise<void> {
  if (!orderId) throw new Error('no order')
  await alice.market.readLetting(lock.deviceId)
  await sent(alice, done(await alice.market.proposeSign(lock.deviceId, orderId)))
}

/** As the chain tells it. */
async function orderOf(orderId: Hex): Promise<Order> {
  const [event] = await world.client.getContractEvents({
    address: world.market.address,
    abi: marketAbi,
    eventName: 'Ordered',
    args: { orderId },
    fromBlock: 0n,
    strict: true,
  })
  if (!event) throw new Error('no event')
  const { offerId, payer, userKeyHash, start, quantity, nonce, validUntil } = event.args
  return { offerId, payer: lower(payer), userKeyHash, start, quantity, nonce, validUntil }
}

describe('one lock, from its pairing to its last guest', { timeout: 60_000 }, () => {
  it('its owner pairs and claims it, tells it the market and the time, and opens it with a key without an end', async () => {
    lock.pressButton()
    done(await alice.wallet.pair(atAlice, { kind: 'button' }))
    await sent(alice, done(await alice.wallet.proposeClaim(lock.deviceId)))
    await alice.wallet.refresh()
    await until(() => alice.wallet.devices.get()[0]?.stage.kind === 'owned', 'it is owned')
    expect(view().readiness).toBe('marketNotTold')
    await settled()
    expect(view()).toMatchObject({
      signer: { kind: 'phone' },
      takesProofs: false,
      attestors: { threshold: 2, of: 3 },
    })
    await until(() => alice.market.keys.get().length === 1, 'her own key')
    const [own] = alice.market.keys.get()
    if (!own) throw new Error('no key')
    expect(own).toMatchObject({ kind: 'own', state: { kind: 'ready' }, until: null })
    expect(done(await alice.market.open(own.id, atAlice))).toMatchObject({
      status: 'done',
      isRepeated: false,
    })
    alice.vault.lock()
    expect(done(await alice.market.open(own.id, atAlice)).status).toBe('done')
    await alice.vault.unlock(new TextEncoder().encode('correct horse battery'))
    expect(alice.market.receipts(own.id).get()).toHaveLength(2)
  })

  it('a guest sees what it costs before he has anything, pays, is signed for, and opens without a connection', async () => {
    const made = await offered(termsOf())
    expect(made).toMatchObject({ state: 'live', sold: 0n })
    const { text, path } = bob.market.offerCode({ offerId: made.offerId, block: made.block })
    expect(done(bob.market.readCode(text))).toMatchObject({
      kind: 'offer',
      reference: { offerId: made.offerId },
    })
    expect(done(bob.market.readCode(`https://fob.example${path}`))).toMatchObject({
      reference: { offerId: made.offerId, block: made.block },
    })
    expect(done(await bob.market.meetLock(atBob))).toMatchObject({
      takesProofs: true,
      isPaired: true,
      offers: [{ offerId: made.offerId }],
    })
    const offer = done(await bob.market.readOffer({ offerId: made.offerId, block: made.block }))
    expect(offer).toMatchObject({ state: 'live', attestors: null, signer: { kind: 'owner' } })
    expect(offer.evidence.level).toBe('proven')
    const start = (hourNow() + 2) * HOUR
    const step = paid(done(await bob.market.proposeOrder({ offer, start, quantity: 2 })))
    expect(step.proposal.sentence).toMatchObject({
      kind: 'placeOrder',
      amount: { value: 2_000_000n },
      notBefore: BigInt(start),
    })
    // Looked at, and not paid: nothing was bought.
    expect(bob.market.keys.get()).toHaveLength(0)
    await bob.confirm(step.proposal)
    bob = await bob.reopened()
    await settle(bob)
    expect(keyOf(bob, step.keyId)).toMatchObject({ kind: 'bought', state: { kind: 'waitingForSigner' } })
    expect(kindOf(await bob.market.open(step.keyId, atBob))).toBe('keyNotReady')
    const again = await bob.market.proposeOrder({ offer, start, quantity: 1 })
    expect(kindOf(again)).toBe('hoursTaken')

    await alice.market.readLetting(lock.deviceId)
    expect(view().stays).toMatchObject([
      { state: { kind: 'toSign' }, from: start, paid: { value: 2_000_000n } },
    ])
    expect(view().escrow).toMatchObject([{ value: 2_000_000n }])
    await signedByAlice(view().stays[0]?.orderId)
    await alice.market.readLetting(lock.deviceId)
    expect(view().stays[0]?.state.kind).toBe('signed')
    expect(
      view()
        .withdrawable.map(({ amount }) => amount.value)
        .sort(),
    ).toEqual([1_400_000n, 600_000n])

    await settle(bob)
    const key = keyOf(bob, step.keyId)
    expect(key).toMatchObject({
      state: { kind: 'notYet', from: start },
      isOffline: true,
      authorisedBy: 'issuer',
    })
    // By the lock’s own clock it is too early; his phone’s clock does not matter.
    expect(await bob.market.open(step.keyId, atBob)).toMatchObject({
      error: { kind: 'lockRefused', reason: 'notYet' },
    })
    world.services.drift = start + 60 - now()
    expect(done(await bob.market.open(step.keyId, atBob)).status).toBe('done')
    bob.setOnline(false)
    world.services.isReachable = false
    expect(done(await bob.market.open(step.keyId, atBob)).status).toBe('done')
    const receipts = bob.market.receipts(step.keyId).get()
    expect(receipts.map(({ status }) => status)).toEqual(['done', 'done', 'notYet'])
    world.services.isReachable = true
    bob.setOnline(true)
  })

  it('a link that breaks after the lock was asked is asked again, and nothing is done twice', async () => {
    const [key] = bob.market.keys.get()
    if (!key) throw new Error('no key')
    let last = 0
    bob.cutWhen(written => {
      last = written
      return false
    })
    const before = done(await bob.market.open(key.id, atBob))
    const whole = last
    let cuts = 0
    bob.cutWhen(written => written >= whole && cuts++ === 0)
    const repeated = done(await bob.market.open(key.id, atBob))
    expect(cuts).toBeGreaterThan(0)
    expect(repeated).toMatchObject({ status: 'done', isRepeated: true })
    expect(repeated.receipt.counter).toBe(before.receipt.counter + 1)
    // Never heard of again: it says that nobody knows, and the next press within a minute tells.
    bob.cutWhen(written => written >= whole)
    expect(kindOf(await bob.market.open(key.id, atBob))).toBe('outcomeUnknown')
    bob.cutWhen(null)
    bob = await bob.reopened()
    const told = done(await bob.market.open(key.id, atBob))
    expect(told).toMatchObject({ status: 'done', isRepeated: true })
    expect(told.receipt.counter).toBe(repeated.receipt.counter + 1)
  })

  it('what was earned is paid out, to the device’s account too', async () => {
    await alice.market.readLetting(lock.deviceId)
    const [first] = view().withdrawable
    if (!first) throw new Error('nothing earned')
    const { account, amount } = first
    const had = await world.client.getBalance({ address: account })
    const device = alice.wallet.devices.get()[0]?.account.address
    const proposal = done(await alice.market.proposeWithdraw(lock.deviceId, device ?? '0x', null))
    expect(proposal.sentence).toMatchObject({ kind: 'payOut', account: device })
    await sent(alice, proposal)
    expect(device && (await world.client.getBalance({ address: device }))).toBe(
      (device === account ? had : 0n) + 1_400_000n,
    )
    expect(amount.value).toBeGreaterThan(0n)
    await alice.market.readLetting(lock.deviceId)
    expect(view().withdrawable.map(({ amount: { value } }) => value)).toEqual([600_000n])
  })

  it('a lent key opens at its hours, for its phone alone, until its owner ends all keys', async () => {
    const request = done(await bob.market.keyRequest())
    expect(done(alice.market.readCode(request.text))).toEqual({
      kind: 'request',
      userKeyHash: request.userKeyHash,
    })
    const lent = done(
      await alice.market.lend({
        deviceId: lock.deviceId,
        name: 'Bob',
        userKeyHash: request.userKeyHash,
        from: now() - 60,
        until: now() + 30 * 24 * HOUR,
        weeklyHours: new Uint8Array(21),
        maxUses: 2,
        canManage: false,
      }),
    )
    const carol = await world.phone(CAROL)
    expect(kindOf(await carol.market.takeKey(lent.code))).toBe('notForUs')
    const keyId = done(await bob.market.takeKey(lent.code))
    expect(done(await bob.market.keyRequest()).text).not.toBe(request.text)
    expect(keyOf(bob, keyId)).toMatchObject({
      kind: 'lent',
      state: { kind: 'ready' },
      uses: { of: 2, left: 2 },
    })
    expect(done(await bob.market.open(keyId, atBob)).status).toBe('done')
    expect(keyOf(bob, keyId).uses).toEqual({ of: 2, left: 1 })

    await settled(async () => done(await alice.market.revokeAll(lock.deviceId)))
    expect(view().lent).toMatchObject([{ name: 'Bob', isRevoked: true }])
    expect(await bob.market.open(keyId, atBob)).toMatchObject({
      error: { kind: 'lockRefused', reason: 'epochStale' },
    })
    expect(keyOf(bob, keyId).state).toEqual({ kind: 'revoked' })
    const [own] = alice.market.keys.get()
    // Her own key is signed anew.
    expect(done(await alice.market.open(own?.id ?? '', atAlice)).status).toBe('done')
  })

  it('an instant offer is proven to the lock by the chain, and moves to another phone', async () => {
    await settled(async () => done(await alice.market.setTakesProofs(lock.deviceId, true)))
    expect(view().takesProofs).toBe(true)
    const made = await offered(
      termsOf({
        price: 2_000_000n,
        isInstant: true,
        fulfilWithin: 0,
        shares: [{ payee: alice.wallet.owner.get()?.address ?? '0x', amount: 2_000_000n }],
      }),
    )
    const offer = done(await bob.market.readOffer({ offerId: made.offerId, block: made.block }))
    expect(offer.attestors).toEqual({ threshold: 2, of: 3 })
    const keyId = await booked(bob, made.offerId, (hourNow() + 6) * HOUR, 3)
    world.services.drift = (hourNow() + 6) * HOUR + 30 - now()
    expect(keyOf(bob, keyId)).toMatchObject({ authorisedBy: 'chain', isOffline: true })
    expect(done(await bob.market.open(keyId, atBob)).status).toBe('done')

    const carol = await world.phone(CAROL)
    const atCarol = await carol.meet(lock)
    const request = done(await carol.market.keyRequest())
    await sent(bob, done(await bob.market.proposeMove(keyId, request.userKeyHash)))
    await settle(bob)
    const { state } = keyOf(bob, keyId)
    if (state.kind !== 'moved') throw new Error(state.kind)
    const moved = done(await carol.market.takeKey(state.code))
    await settle(carol)
    expect(keyOf(carol, moved)).toMatchObject({ kind: 'bought', authorisedBy: 'chain' })
    expect(done(await carol.market.open(moved, atCarol)).status).toBe('done')
    expect(await bob.market.open(keyId, atBob)).toMatchObject({ error: { reason: 'superseded' } })
  })

  it('a box signs, and is told to stop; what it says is checked', async () => {
    await settled(async () => done(await alice.market.chooseBox(lock.deviceId, 'http://box.example')))
    expect(view().signer).toMatchObject({ kind: 'box', name: 'Box' })
    const proposal = done(await alice.market.proposeBox(lock.deviceId, true))
    expect(proposal.sentence).toMatchObject({ kind: 'agentIssuing', isOn: true })
    done(await alice.market.confirmBox(proposal))
    expect(world.services.told).toMatchObject([{ isOn: true, deviceId: lock.deviceId }])
    const made = await offered(
      termsOf({
        price: 3_000_000n,
        shares: [{ payee: alice.wallet.owner.get()?.address ?? '0x', amount: 3_000_000n }],
      }),
    )
    const offer = done(await bob.market.readOffer({ offerId: made.offerId, block: null }))
    expect(offer.signer).toEqual({ kind: 'agent', name: 'Box' })
    const start = (hourNow() + 12) * HOUR
    const keyId = await booked(bob, made.offerId, start)
    await alice.market.readLetting(lock.deviceId)
    const stay = view().stays.find(({ from }) => from === start)
    expect(stay?.state.kind).toBe('withBox')
    expect(kindOf(await alice.market.proposeSign(lock.deviceId, stay?.orderId ?? '0x'))).toBe(
      'signerIsAnother',
    )

    // The box hands it in: the chain tells, whatever the box says besides.
    const { offer: bought } = keyOf(bob, keyId)
    if (!bought) throw new Error('no purchase')
    const ordered = await orderOf(bought.orderId)
    const epoch = alice.wallet.devices.get()[0]?.config.wanted?.epoch ?? 0
    const grant = grantOfOrder(bought.terms, ordered, { epoch })
    const secret = new Uint8Array(32).fill(0x77)
    const digest = grantDigest(world.market.domain, grant)
    world.services.grants.set(
      bought.orderId,
      ok({ grant, signature: signDigest(digest, new Uint8Array(32).fill(5)) }),
    )
    const [somebody] = world.market.people
    if (!somebody) throw new Error('nobody')
    const signature = signDigest(digest, secret)
    await world.market.fulfil(somebody, bought.terms, ordered, {
      x: toHex(world.services.boxKey.subarray(0, 32)),
      y: toHex(world.services.boxKey.subarray(32)),
      r: toHex(signature.subarray(0, 32)),
      s: toHex(signature.subarray(32)),
    })
    await settle(bob)
    expect(keyOf(bob, keyId)).toMatchObject({ authorisedBy: 'issuer', state: { kind: 'notYet' } })
    world.services.drift = start + 30 - now()
    expect(done(await bob.market.open(keyId, atBob)).status).toBe('done')
  })

  it('nobody signs: the money comes back', async () => {
    const made = await offered(
      termsOf({
        price: 4_000_000n,
        fulfilWithin: 2,
        shares: [{ payee: alice.wallet.owner.get()?.address ?? '0x', amount: 4_000_000n }],
      }),
    )
    const keyId = await booked(bob, made.offerId, (hourNow() + 20) * HOUR)
    await until(() => {
      void bob.market.refreshKeys()
      return keyOf(bob, keyId).state.kind === 'refundDue'
    }, 'the refund is due')
    await world.client.setNextBlockTimestamp({ timestamp: BigInt(now() + 60) })
    await world.finalize()
    await sent(bob, done(await bob.market.proposeRefund(keyId)))
    await settle(bob)
    expect(keyOf(bob, keyId).state).toEqual({ kind: 'refunded' })
  })
})
