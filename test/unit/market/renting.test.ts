// Letting, booking and opening: an owner, guests, a lock without internet, and a real chain, through the app's public face.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { marketAbi } from '../../../contracts/generated/Market.ts'
import { type Hex, toHex } from '../../../src/core/bytes.ts'
import { type Grant, grantDigest } from '../../../src/core/lock/grant.ts'
import { uint256Bytes } from '../../../src/core/lock/layout.ts'
import { signDigest } from '../../../src/core/p256.ts'
import { grantOfOrder, type Order } from '../../../src/core/registry/marketStatements.ts'
import { ok } from '../../../src/core/result.ts'
import { lower } from '../../contract/testDevice.ts'
import { until } from '../../fixtures/appWorld.ts'
import {
  ALICE,
  CAROL,
  HOUR,
  hourNow,
  keyOf,
  type MarketStory,
  now,
  paid,
  startMarketStory,
} from '../../fixtures/marketStory.ts'
import { done, type MarketWorld } from '../../fixtures/marketWorld.ts'
import { kindOf } from '../../fixtures/walletWorld.ts'

let story: MarketStory
let world: MarketWorld

beforeAll(async () => {
  story = await startMarketStory()
  world = story.world
})
afterAll(() => world?.stop())

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

describe('one lock, from its pairing to its last guest', () => {
  it('its owner pairs and claims it, tells it the market and the time, and opens it with a key without an end', async () => {
    await story.claimed()
    expect(story.view.readiness).toBe('marketNotTold')
    await story.settled()
    expect(story.view).toMatchObject({
      signer: { kind: 'phone' },
      takesProofs: false,
      attestors: { threshold: 2, of: 3 },
    })
    await until(() => story.alice.market.keys.get().length === 1, 'her own key')
    const [own] = story.alice.market.keys.get()
    if (!own) throw new Error('no key')
    expect(own).toMatchObject({ kind: 'own', state: { kind: 'ready' }, until: null })
    expect(done(await story.alice.market.open(own.id, story.atAlice))).toMatchObject({
      status: 'done',
      isRepeated: false,
    })
    // One at a time talks to the lock, and who comes second waits for its turn.
    const both = await Promise.all([
      story.alice.market.bringSettings(story.lock.deviceId),
      story.alice.market.open(own.id, story.atAlice),
    ])
    expect(both.map(({ ok }) => ok)).toEqual([true, true])
    story.alice.vault.lock()
    expect(done(await story.alice.market.open(own.id, story.atAlice)).status).toBe('done')
    await story.alice.vault.unlock(new TextEncoder().encode('correct horse battery'))
    expect(story.alice.market.receipts(own.id).get()).toHaveLength(3)
  })

  it('a guest sees what it costs before he has anything, pays, is signed for, and opens without a connection', async () => {
    const made = await story.offered(
      story.terms({
        shares: [
          { payee: story.account, amount: 700_000n },
          { payee: story.owner, amount: 300_000n },
        ],
      }),
    )
    expect(made).toMatchObject({ state: 'live', sold: 0n })
    const { text, path } = story.bob.market.offerCode({ offerId: made.offerId, block: made.block })
    expect(done(story.bob.market.readCode(text))).toMatchObject({
      kind: 'offer',
      reference: { offerId: made.offerId },
    })
    expect(done(story.bob.market.readCode(`https://fob.example${path}`))).toMatchObject({
      reference: { offerId: made.offerId, block: made.block },
    })
    expect(done(await story.bob.market.meetLock(story.atBob))).toMatchObject({
      takesProofs: true,
      isPaired: true,
      offers: [{ offerId: made.offerId }],
    })
    const offer = done(await story.bob.market.readOffer({ offerId: made.offerId, block: made.block }))
    expect(offer).toMatchObject({
      state: 'live',
      attestors: null,
      areAttestorsProven: true,
      signer: { kind: 'owner' },
    })
    expect(offer.evidence.level).toBe('proven')
    const start = (hourNow() + 2) * HOUR
    const step = paid(done(await story.bob.market.proposeOrder({ offer, start, quantity: 2 })))
    expect(step.proposal.sentence).toMatchObject({
      kind: 'placeOrder',
      amount: { value: 2_000_000n },
      notBefore: BigInt(start),
    })
    // Looked at, and not paid: nothing was bought.
    expect(story.bob.market.keys.get()).toHaveLength(0)
    await story.bob.confirm(step.proposal)
    story.bob = await story.bob.reopened()
    await story.settle(story.bob)
    expect(keyOf(story.bob, step.keyId)).toMatchObject({
      kind: 'bought',
      state: { kind: 'waitingForSigner' },
    })
    expect(kindOf(await story.bob.market.open(step.keyId, story.atBob))).toBe('keyNotReady')
    const again = await story.bob.market.proposeOrder({ offer, start, quantity: 1 })
    expect(kindOf(again)).toBe('hoursTaken')

    await story.alice.market.readLetting(story.lock.deviceId)
    expect(story.view.stays).toMatchObject([
      { state: { kind: 'toSign' }, from: start, paid: { value: 2_000_000n } },
    ])
    expect(story.view.escrow).toMatchObject([{ value: 2_000_000n }])
    await story.signedByOwner(story.view.stays[0]?.orderId)
    await story.alice.market.readLetting(story.lock.deviceId)
    expect(story.view.stays[0]?.state.kind).toBe('signed')
    expect(story.view.withdrawable.map(({ amount }) => amount.value).sort()).toEqual([1_400_000n, 600_000n])

    await story.settle(story.bob)
    const key = keyOf(story.bob, step.keyId)
    expect(key).toMatchObject({
      state: { kind: 'notYet', from: start },
      isOffline: true,
      authorisedBy: 'issuer',
    })
    // By the lock’s own clock it is too early; his phone’s clock does not matter.
    expect(await story.bob.market.open(step.keyId, story.atBob)).toMatchObject({
      error: { kind: 'lockRefused', reason: 'notYet' },
    })
    story.timeIs(start + 60)
    expect(done(await story.bob.market.open(step.keyId, story.atBob)).status).toBe('done')
    story.bob.setOnline(false)
    world.services.isReachable = false
    expect(done(await story.bob.market.open(step.keyId, story.atBob)).status).toBe('done')
    const receipts = story.bob.market.receipts(step.keyId).get()
    expect(receipts.map(({ status }) => status)).toEqual(['done', 'done', 'notYet'])
    world.services.isReachable = true
    story.bob.setOnline(true)
  })

  it('a link that breaks after the lock was asked is asked again, and nothing is done twice', async () => {
    const [key] = story.bob.market.keys.get()
    if (!key) throw new Error('no key')
    let last = 0
    story.bob.cutWhen(written => {
      last = written
      return false
    })
    // Before anything was asked: met again by itself, and nothing was repeated.
    let answers = 0
    story.bob.cutWhen(() => answers++ === 0)
    expect(done(await story.bob.market.open(key.id, story.atBob))).toMatchObject({
      status: 'done',
      isRepeated: false,
    })
    expect(answers).toBeGreaterThan(1)
    story.bob.cutWhen(written => {
      last = written
      return false
    })
    const before = done(await story.bob.market.open(key.id, story.atBob))
    const whole = last
    let cuts = 0
    story.bob.cutWhen(written => written >= whole && cuts++ === 0)
    const repeated = done(await story.bob.market.open(key.id, story.atBob))
    expect(cuts).toBeGreaterThan(0)
    expect(repeated).toMatchObject({ status: 'done', isRepeated: true })
    expect(repeated.receipt.counter).toBe(before.receipt.counter + 1)
    // Never heard of again: it says that nobody knows, and the next press within a minute tells.
    story.bob.cutWhen(written => written >= whole)
    expect(kindOf(await story.bob.market.open(key.id, story.atBob))).toBe('outcomeUnknown')
    story.bob.cutWhen(null)
    story.bob = await story.bob.reopened()
    const told = done(await story.bob.market.open(key.id, story.atBob))
    expect(told).toMatchObject({ status: 'done', isRepeated: true })
    expect(told.receipt.counter).toBe(repeated.receipt.counter + 1)
  })

  it('what the lock has said is anchored, and shown to somebody else, who believes nothing but what he checks', async () => {
    const { alice, bob, lock } = story
    const [key] = bob.market.keys.get()
    const receipts = bob.market.receipts(key?.id ?? '').get()
    const [newest] = receipts
    if (!newest) throw new Error('no receipts')
    expect(done(await bob.market.serviceLog(lock.deviceId))).toMatchObject({
      size: receipts.length,
      anchored: null,
    })
    expect(kindOf(await bob.market.proveReceipt(newest.id))).toBe('notAnchoredYet')
    const proposal = done(await bob.market.proposeAnchor(lock.deviceId))
    expect(proposal.sentence).toMatchObject({ kind: 'anchorLog', size: BigInt(receipts.length) })
    await story.sent(bob, proposal)
    expect(done(await bob.market.serviceLog(lock.deviceId)).anchored).toMatchObject({
      size: receipts.length,
      isOurs: true,
    })
    const shown = done(await bob.market.proveReceipt(newest.id))
    const checked = done(await alice.market.checkReceipt(shown))
    expect(checked).toMatchObject({
      deviceId: lock.deviceId,
      author: bob.wallet.owner.get()?.address,
      digest: newest.digest,
      status: newest.status,
      counter: newest.counter,
      orderId: toHex(uint256Bytes(BigInt(newest.orderId))),
      evidence: { level: 'proven' },
    })
    expect(checked.anchoredAt).toBeGreaterThan(now() - HOUR)

    const proof = JSON.parse(shown)
    const change = (fields: object) => alice.market.checkReceipt(JSON.stringify({ ...proof, ...fields }))
    const other = receipts[1]
    if (!other) throw new Error('one receipt only')
    expect(kindOf(await change({ said: { ...proof.said, counter: newest.counter + 1 } }))).toBe(
      'receiptNotSigned',
    )
    expect(kindOf(await change({ signature: other.signature }))).toBe('receiptNotSigned')
    expect(kindOf(await change({ said: { ...proof.said, counter: 2 ** 48 } }))).toBe('notAReceipt')
    expect(kindOf(await change({ said: { ...proof.said, orderId: (1n << 256n).toString() } }))).toBe(
      'notAReceipt',
    )
    expect(kindOf(await change({ said: { ...proof.said, status: 255 } }))).toBe('notAReceipt')
    expect(kindOf(await change({ index: proof.index + 1 }))).toBe('notInLog')
    expect(kindOf(await change({ author: story.owner }))).toBe('notAnchored')
    expect(kindOf(await change({ size: proof.size + 1 }))).toBe('notAnchored')
    expect(kindOf(await change({ chainId: 1 }))).toBe('otherNetwork')
    expect(kindOf(await change({ path: ['0x12'] }))).toBe('notAReceipt')
    for (let length = 0; length < shown.length; length += 97)
      expect(kindOf(await alice.market.checkReceipt(shown.slice(0, length)))).toBe('notAReceipt')

    // The log goes on and is anchored again: what was shown before is still found, by events.
    done(await bob.market.open(key?.id ?? '', story.atBob))
    await story.sent(bob, done(await bob.market.proposeAnchor(lock.deviceId)))
    expect(done(await alice.market.checkReceipt(shown))).toMatchObject({ anchoredAt: null, evidence: null })
  })

  it('what was earned is paid out, to the device’s account too', async () => {
    await story.alice.market.readLetting(story.lock.deviceId)
    const [first] = story.view.withdrawable
    if (!first) throw new Error('nothing earned')
    const { account, amount } = first
    const had = await world.client.getBalance({ address: account })
    const device = story.alice.wallet.devices.get()[0]?.account.address
    const proposal = done(await story.alice.market.proposeWithdraw(story.lock.deviceId, device ?? '0x', null))
    expect(proposal.sentence).toMatchObject({ kind: 'payOut', account: device })
    await story.sent(story.alice, proposal)
    expect(device && (await world.client.getBalance({ address: device }))).toBe(
      (device === account ? had : 0n) + 1_400_000n,
    )
    expect(amount.value).toBeGreaterThan(0n)
    await story.alice.market.readLetting(story.lock.deviceId)
    expect(story.view.withdrawable.map(({ amount: { value } }) => value)).toEqual([600_000n])
  })

  it('a lent key opens at its hours, for its phone alone, until its owner ends all keys', async () => {
    const request = done(await story.bob.market.keyRequest())
    expect(done(story.alice.market.readCode(request.text))).toEqual({
      kind: 'request',
      userKeyHash: request.userKeyHash,
    })
    const lent = done(
      await story.alice.market.lend({
        deviceId: story.lock.deviceId,
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
    const keyId = done(await story.bob.market.takeKey(lent.code))
    expect(done(await story.bob.market.keyRequest()).text).not.toBe(request.text)
    expect(keyOf(story.bob, keyId)).toMatchObject({
      kind: 'lent',
      state: { kind: 'ready' },
      uses: { of: 2, left: 2 },
    })
    expect(done(await story.bob.market.open(keyId, story.atBob)).status).toBe('done')
    expect(keyOf(story.bob, keyId).uses).toEqual({ of: 2, left: 1 })

    await story.settled(async () => done(await story.alice.market.revokeAll(story.lock.deviceId)))
    expect(story.view.lent).toMatchObject([{ name: 'Bob', isRevoked: true }])
    expect(await story.bob.market.open(keyId, story.atBob)).toMatchObject({
      error: { kind: 'lockRefused', reason: 'epochStale' },
    })
    expect(keyOf(story.bob, keyId).state).toEqual({ kind: 'revoked' })
    // What he has paid for is void too, until it is signed again.
    const stay = story.bob.market.keys.get().find(({ kind }) => kind === 'bought')
    if (!stay?.offer) throw new Error('no stay')
    expect(await story.bob.market.open(stay.id, story.atBob)).toMatchObject({
      error: { reason: 'epochStale' },
    })
    const needing = () => story.view.stays.map(({ needsNewKey }) => needsNewKey)
    await story.alice.market.readLetting(story.lock.deviceId)
    expect(needing()).toEqual([true])
    const again = done(await story.alice.market.signAgain(story.lock.deviceId, stay.offer.orderId))
    expect(kindOf(await carol.market.takeKey(again))).toBe('notForUs')
    expect(needing()).toEqual([false])
    expect(done(await story.bob.market.takeKey(again))).toBe(stay.id)
    expect(done(await story.bob.market.open(stay.id, story.atBob)).status).toBe('done')
    const [own] = story.alice.market.keys.get()
    // Her own key is signed anew.
    expect(done(await story.alice.market.open(own?.id ?? '', story.atAlice)).status).toBe('done')
  })

  it('an instant offer is proven to the lock by the chain, and moves to another phone', async () => {
    await story.settled(async () => done(await story.alice.market.setTakesProofs(story.lock.deviceId, true)))
    expect(story.view.takesProofs).toBe(true)
    const made = await story.offered(
      story.terms({
        price: 2_000_000n,
        isInstant: true,
      }),
    )
    const offer = done(await story.bob.market.readOffer({ offerId: made.offerId, block: made.block }))
    expect(offer.attestors).toEqual({ threshold: 2, of: 3 })
    const keyId = await story.booked(story.bob, made.offerId, (hourNow() + 6) * HOUR, 3)
    story.timeIs((hourNow() + 6) * HOUR + 30)
    expect(keyOf(story.bob, keyId)).toMatchObject({ authorisedBy: 'chain', isOffline: true })
    expect(done(await story.bob.market.open(keyId, story.atBob)).status).toBe('done')

    const carol = await world.phone(CAROL)
    const atCarol = await carol.meet(story.lock)
    const request = done(await carol.market.keyRequest())
    await story.sent(story.bob, done(await story.bob.market.proposeMove(keyId, request.userKeyHash)))
    await story.settle(story.bob)
    const { state } = keyOf(story.bob, keyId)
    if (state.kind !== 'moved') throw new Error(state.kind)
    const moved = done(await carol.market.takeKey(state.code))
    await story.settle(carol)
    expect(keyOf(carol, moved)).toMatchObject({ kind: 'bought', authorisedBy: 'chain' })
    expect(done(await carol.market.open(moved, atCarol)).status).toBe('done')
    expect(await story.bob.market.open(keyId, story.atBob)).toMatchObject({ error: { reason: 'superseded' } })

    // A page that is still open while its browser’s data is cleared: another key is made, which no lock would take.
    await carol.forgetLockKeys()
    expect(kindOf(await carol.market.open(moved, atCarol))).toBe('keyGone')
  })

  it('a box signs, and is told to stop; what it says is checked', async () => {
    await story.settled(async () =>
      done(await story.alice.market.chooseBox(story.lock.deviceId, 'http://box.example')),
    )
    expect(story.view.signer).toMatchObject({ kind: 'box', name: 'Box' })
    const proposal = done(await story.alice.market.proposeBox(story.lock.deviceId, true))
    expect(proposal.sentence).toMatchObject({ kind: 'agentIssuing', isOn: true })
    done(await story.alice.market.confirmBox(proposal))
    expect(world.services.told).toMatchObject([{ isOn: true, deviceId: story.lock.deviceId }])
    const made = await story.offered(
      story.terms({
        price: 3_000_000n,
      }),
    )
    const offer = done(await story.bob.market.readOffer({ offerId: made.offerId, block: null }))
    expect(offer.signer).toEqual({ kind: 'agent', name: 'Box' })
    const start = (hourNow() + 12) * HOUR
    const keyId = await story.booked(story.bob, made.offerId, start)
    await story.alice.market.readLetting(story.lock.deviceId)
    const stay = story.view.stays.find(({ from }) => from === start)
    expect(stay?.state.kind).toBe('withBox')
    expect(kindOf(await story.alice.market.proposeSign(story.lock.deviceId, stay?.orderId ?? '0x'))).toBe(
      'signerIsAnother',
    )

    // The box hands it in: the chain tells, whatever the box says besides.
    const { offer: bought } = keyOf(story.bob, keyId)
    if (!bought) throw new Error('no purchase')
    const ordered = await orderOf(bought.orderId)
    const epoch = story.alice.wallet.devices.get()[0]?.config.wanted?.epoch ?? 0
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
    await story.settle(story.bob)
    expect(keyOf(story.bob, keyId)).toMatchObject({ authorisedBy: 'issuer', state: { kind: 'notYet' } })
    story.timeIs(start + 30)
    expect(done(await story.bob.market.open(keyId, story.atBob)).status).toBe('done')

    // Moved to another phone, it is for the box to sign again: a word that is not its own is not taken.
    const carol = await world.phone(CAROL)
    const atCarol = await carol.meet(story.lock)
    const { userKeyHash } = done(await carol.market.keyRequest())
    await story.sent(story.bob, done(await story.bob.market.proposeMove(keyId, userKeyHash)))
    await story.settle(story.bob)
    const { state } = keyOf(story.bob, keyId)
    if (state.kind !== 'moved') throw new Error(state.kind)
    const moved = done(await carol.market.takeKey(state.code))
    const next = grantOfOrder(bought.terms, ordered, { epoch, seq: 1, userKeyHash })
    const boxSays = (grant: Grant, key: Uint8Array) =>
      world.services.grants.set(
        bought.orderId,
        ok({ grant, signature: signDigest(grantDigest(world.market.domain, grant), key) }),
      )
    boxSays(next, new Uint8Array(32).fill(5))
    await carol.market.refreshKeys()
    expect(keyOf(carol, moved)).toMatchObject({
      state: { kind: 'waitingForSigner' },
      lastFailure: { kind: 'notSignedYet' },
    })
    boxSays({ ...next, notAfter: next.notAfter + HOUR }, secret)
    await carol.market.refreshKeys()
    expect(keyOf(carol, moved).isOffline).toBe(false)
    boxSays(next, secret)
    await carol.market.refreshKeys()
    expect(done(await carol.market.open(moved, atCarol)).status).toBe('done')
    expect(await story.bob.market.open(keyId, story.atBob)).toMatchObject({ error: { reason: 'superseded' } })
  })

  it('nobody signs: the money comes back', async () => {
    const made = await story.offered(
      story.terms({
        price: 4_000_000n,
        fulfilWithin: 2,
      }),
    )
    const keyId = await story.booked(story.bob, made.offerId, (hourNow() + 20) * HOUR)
    await story.alice.market.readLetting(story.lock.deviceId)
    const late = story.view.stays.find(({ paid: { value } }) => value === 4_000_000n)
    // A grant that is out and not handed in before the deadline would let somebody in who then takes the money back.
    expect(kindOf(await story.alice.market.choosePhone(story.lock.deviceId))).toBe('ok')
    await story.settled()
    expect(kindOf(await story.alice.market.proposeSign(story.lock.deviceId, late?.orderId ?? '0x'))).toBe(
      'tooLateToSign',
    )
    await until(() => {
      void story.bob.market.refreshKeys()
      return keyOf(story.bob, keyId).state.kind === 'refundDue'
    }, 'the refund is due')
    await world.client.setNextBlockTimestamp({ timestamp: BigInt(now() + 60) })
    await world.finalize()
    await story.sent(story.bob, done(await story.bob.market.proposeRefund(keyId)))
    await story.settle(story.bob)
    expect(keyOf(story.bob, keyId).state).toEqual({ kind: 'refunded' })
  })

  it('who signs may change: what was signed before still opens, or its owner hears that it wants a new key', async () => {
    const { alice, bob, lock, atBob } = story
    const made = await story.offered(story.terms({ price: 5_000_000n }))
    const [first, second] = [(hourNow() + 30) * HOUR, (hourNow() + 31) * HOUR]
    const byPhone = await story.booked(bob, made.offerId, first)
    await story.signedByOwner(keyOf(bob, byPhone).offer?.orderId)
    await story.settle(bob)
    await story.settled(async () => done(await alice.market.chooseBox(lock.deviceId, 'http://box.example')))
    await story.settle(bob)
    story.timeIs(first + 30)
    expect(await bob.market.open(byPhone, atBob)).toMatchObject({ value: { status: 'done' } })

    const byBox = await story.booked(bob, made.offerId, second)
    const { offer: bought } = keyOf(bob, byBox)
    if (!bought) throw new Error('no purchase')
    const ordered = await orderOf(bought.orderId)
    const epoch = alice.wallet.devices.get()[0]?.config.wanted?.epoch ?? 0
    const digest = grantDigest(world.market.domain, grantOfOrder(bought.terms, ordered, { epoch }))
    const signature = signDigest(digest, new Uint8Array(32).fill(0x77))
    const [somebody] = world.market.people
    if (!somebody) throw new Error('nobody')
    await world.market.fulfil(somebody, bought.terms, ordered, {
      x: toHex(world.services.boxKey.subarray(0, 32)),
      y: toHex(world.services.boxKey.subarray(32)),
      r: toHex(signature.subarray(0, 32)),
      s: toHex(signature.subarray(32)),
    })
    await story.settle(bob)
    const needing = async () => {
      await alice.market.readLetting(lock.deviceId)
      return story.view.stays.filter(({ needsNewKey }) => needsNewKey).map(({ orderId }) => orderId)
    }
    expect(await needing()).toEqual([])
    await story.settled(async () => done(await alice.market.choosePhone(lock.deviceId)))
    story.timeIs(second + 30)
    expect(await bob.market.open(byBox, atBob)).toMatchObject({ error: { reason: 'authorisationInvalid' } })
    expect(await needing()).toContain(bought.orderId)
    done(await bob.market.takeKey(done(await alice.market.signAgain(lock.deviceId, bought.orderId))))
    expect(await needing()).not.toContain(bought.orderId)
    expect(done(await bob.market.open(byBox, atBob)).status).toBe('done')
  })

  it('a phone restored from words ends all keys only once it knows of which epoch they are', async () => {
    const { lock } = story
    const restored = await world.phone(ALICE)
    done(await restored.wallet.findDevices())
    const epoch = () =>
      restored.wallet.devices.get().find(({ deviceId }) => deviceId === lock.deviceId)?.config.wanted?.epoch
    const refused = kindOf(await restored.market.revokeAll(lock.deviceId))
    done(await restored.wallet.readOwnership(await restored.meet(lock)))
    const before = story.alice.wallet.devices.get()[0]?.config.wanted?.epoch ?? 0
    expect([refused, epoch()]).toEqual(['deviceNotMet', before])
    done(await restored.market.revokeAll(lock.deviceId))
    done(await restored.market.bringSettings(lock.deviceId))
    expect(epoch()).toBe(before + 1)
  })
})
