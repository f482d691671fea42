// A kiosk and its machine over the real link: what is sold, what is refused and why, and that every order ends by one receipt.
import { describe, expect, it } from 'vitest'
import { DEMO_SPIRALS, DemoMachine } from '../../../device/vending/demoMachine.ts'
import { GrantAction } from '../../../src/core/lock/grant.ts'
import { saleReceiptDigest } from '../../../src/core/lock/saleReceipt.ts'
import { isDigestSignedBy } from '../../../src/core/p256.ts'
import { FobCommand } from '../../../src/core/smp/fob.ts'
import { readState } from '../../../src/core/smp/image.ts'
import { SmpGroup } from '../../../src/core/smp/message.ts'
import { reset } from '../../../src/core/smp/os.ts'
import { readMachine, serviceSlot } from '../../../src/core/vending/readMachine.ts'
import { acknowledge, readVend, startVend } from '../../../src/core/vending/vend.ts'
import { isRecordSignedBy, saleReceiptOf } from '../../../src/core/vending/vendRecord.ts'
import { openVendSession } from '../../../src/core/vending/vendSession.ts'
import { slotSet, VendUse, vendTermsBody } from '../../../src/core/vending/vendTerms.ts'
import {
  DEVICE_PUBLIC_KEY,
  DOMAIN,
  fresh,
  ISSUER,
  kindOf,
  MARKET,
  must,
  NOW,
  STRANGER,
} from '../lock/lockWorld.ts'
import { network } from '../lock/toldTime.ts'
import { KIOSK, order, STAFF, VendWorld } from './vendWorld.ts'

const reading = async (world: VendWorld) =>
  must(await world.passing(readMachine((await world.inside()).client)))

describe('a sale', () => {
  it('drops one product, and ends by a receipt that the Market takes', async () => {
    const world = await VendWorld.start()
    const bought = order({ slot: 2 })
    const receipt = must(await world.vend(bought))
    expect(receipt).toMatchObject({ ...bought, state: 'dropped', dropped: 1, cause: 'none', counter: 1 })
    expect(world.machine.out).toEqual([2])
    const sale = saleReceiptOf(world.lock.deviceId, receipt)
    expect(sale).toMatchObject({ outcome: 1, quantity: 1, slot: 2, orderId: bought.orderId })
    const digest = saleReceiptDigest({ chainId: DOMAIN.chainId, market: MARKET }, sale)
    expect(isDigestSignedBy(DEVICE_PUBLIC_KEY, digest, receipt.signature)).toBe(true)
    const { slots, pendingReceipts, receiptCounter, isBusy } = await reading(world)
    expect(slots[2]).toMatchObject({ stock: 4, given: 1, failed: 0, fault: 'none' })
    expect({ pendingReceipts, receiptCounter, isBusy }).toEqual({
      pendingReceipts: 1,
      receiptCounter: 1,
      isBusy: false,
    })
  })

  it('asked for again, in this session, the next, and by another kiosk, drops nothing and tells the same', async () => {
    const world = await VendWorld.start()
    const bought = order()
    const first = must(await world.vend(bought))
    expect(must(await world.vend(bought))).toEqual(first)
    await world.reconnect()
    expect(must(await world.vend(bought))).toEqual(first)
    await world.cyclePower()
    must(await world.open({ userKey: STAFF }))
    expect(must(await world.vend(bought))).toEqual(first)
    expect(must(await world.cancel(bought))).toEqual(first)
    expect(kindOf(await world.vend({ ...bought, slot: 2 }))).toBe('orderDiffers')
    expect(kindOf(await world.vend({ ...bought, notAfter: bought.notAfter + 1 }))).toBe('orderDiffers')
    expect(world.machine.out).toEqual([1])
  })

  it('of several units tells how many of them came out, and the slot is looked at before the next', async () => {
    const world = await VendWorld.start()
    world.machine.faults.push('noDrop')
    const partly = must(await world.vend(order({ quantity: 3 })))
    expect(partly).toMatchObject({ state: 'dropped', dropped: 2, cause: 'noDrop' })
    expect(saleReceiptOf(world.lock.deviceId, partly)).toMatchObject({ outcome: 1, quantity: 2 })
    expect(kindOf(await world.vend(order()))).toBe('slotOutOfOrder')
    expect((await reading(world)).slots[1]).toMatchObject({ stock: 3, given: 2, fault: 'noDrop' })
  })

  it.each([
    ['jam', 'jam'],
    ['noDrop', 'noDrop'],
  ] as const)(
    'with a %s ends as failed, and the slot is closed until somebody has looked at it',
    async (fault, cause) => {
      const world = await VendWorld.start()
      world.machine.faults.push(fault)
      const failed = must(await world.vend(order({ quantity: 2 })))
      if (fault === 'jam') {
        expect(failed).toMatchObject({ state: 'failed', dropped: 0, cause })
        expect(saleReceiptOf(world.lock.deviceId, failed)).toMatchObject({ outcome: 2, quantity: 2 })
      } else expect(failed).toMatchObject({ state: 'dropped', dropped: 1, cause })
      expect(kindOf(await world.vend(order()))).toBe('slotOutOfOrder')
      must(await world.vend(order({ slot: 2 })))
      const owner = await world.manage()
      expect(kindOf(await world.passing(serviceSlot(owner, { slot: 1, stock: 10, isCleared: true })))).toBe(
        'slotUnknown',
      )
      must(await world.passing(serviceSlot(owner, { slot: 1, stock: 9, isCleared: true })))
      expect(must(await world.passing(readMachine(owner))).slots[1]).toMatchObject({
        stock: 9,
        fault: 'none',
      })
      must(await world.open())
      expect(must(await world.vend(order()))).toMatchObject({ state: 'dropped' })
    },
  )

  it('is refused, and can be had later, while the door is open, it is too warm, or another one is running', async () => {
    const world = await VendWorld.start()
    const bought = order({ slot: 0 })
    world.machine.doorOpen = true
    expect(kindOf(await world.vend(bought))).toBe('machineDoorOpen')
    world.machine.doorOpen = false
    world.machine.degrees = 121
    expect(kindOf(await world.vend(bought))).toBe('machineTooWarm')
    expect(await reading(world)).toMatchObject({ isTooWarm: true, temperature: 121, isDoorOpen: false })
    must(await world.vend(order({ slot: 1 })))
    world.machine.degrees = -180
    const running = order({ slot: 3 })
    expect(must(await world.begin(running))).toMatchObject({ state: 'running', signature: null })
    expect(kindOf(await world.begin(bought))).toBe('machineBusy')
    expect(kindOf(await world.cancel(running))).toBe('vendRunning')
    expect(must(await world.vend(running))).toMatchObject({ state: 'dropped' })
    expect(must(await world.vend(bought))).toMatchObject({ state: 'dropped' })
    expect(world.machine.out).toEqual([1, 3, 0])
  })

  it('stops when the door is opened meanwhile', async () => {
    const world = await VendWorld.start()
    const bought = order()
    must(await world.begin(bought))
    world.machine.doorOpen = true
    expect(must(await world.vend(bought))).toMatchObject({ state: 'failed', cause: 'doorOpened' })
    expect(world.machine.out).toEqual([])
  })

  it('of the last one goes to one of two customers, and the other has his money back at once', async () => {
    const world = await VendWorld.start()
    for (let i = 0; i < 4; i++) must(await world.vend(order()))
    const [one, other] = [order(), order()]
    must(await world.vend(one))
    expect(kindOf(await world.vend(other))).toBe('slotEmpty')
    const refunded = must(await world.cancel(other))
    expect(refunded).toMatchObject({ state: 'failed', cause: 'cancelled', counter: 6 })
    expect(saleReceiptOf(world.lock.deviceId, refunded)).toMatchObject({ outcome: 2, quantity: 1 })
    // What was cancelled never comes out, whoever fills the machine.
    must(await world.passing(serviceSlot(await world.manage(), { slot: 1, stock: 9, isCleared: true })))
    must(await world.open())
    expect(must(await world.vend(other))).toEqual(refunded)
    expect(world.machine.out).toHaveLength(5)
  })
})

it('whoever fills the machine tells its kiosk, of the slots that it sells from', async () => {
  const world = await VendWorld.start()
  must(await world.open({ slots: slotSet([1, 2]) }))
  world.machine.faults.push('jam')
  must(await world.vend(order()))
  expect(kindOf(await world.vend(order()))).toBe('slotOutOfOrder')
  const { client } = await world.inside()
  const service = async (slot: number, stock?: number) =>
    kindOf(
      await world.passing(
        serviceSlot(client, { slot, ...(stock !== undefined && { stock }), isCleared: true }),
      ),
    )
  expect(await service(0)).toBe('slotNotGranted')
  expect(await service(1, 10)).toBe('slotUnknown')
  expect(await service(1)).toBe('ok')
  expect((await reading(world)).slots[1]).toMatchObject({ fault: 'none', stock: 5, failed: 1 })
  expect(await service(1, 9)).toBe('ok')
  must(await world.vend(order()))
  expect((await reading(world)).slots[1]).toMatchObject({ stock: 8, given: 1 })
})

describe('two kiosks', () => {
  it('have one motor: one waits for the other, finds its order, and is counted on its own', async () => {
    const world = await VendWorld.start({
      machineOf: timer => new DemoMachine({ timer, slots: DEMO_SPIRALS, unitMs: 500 }),
    })
    must(await world.open({ perDay: 1 }))
    const bought = order()
    must(await world.begin(bought))
    world.lock.device.dropLink()
    await world.lock.reconnect()
    must(await world.open({ userKey: STAFF, perDay: 1 }))
    expect(kindOf(await world.begin(order({ slot: 2 })))).toBe('machineBusy')
    const receipt = must(await world.vend(bought))
    expect(receipt).toMatchObject({ state: 'dropped', counter: 1 })
    must(await world.vend(order({ slot: 2 })))
    expect(await world.pending()).toMatchObject([{ counter: 1 }, { counter: 2 }])
    must(await world.open({ perDay: 1 }))
    expect(kindOf(await world.vend(order({ slot: 2 })))).toBe('vendLimitReached')
    expect(world.machine.out).toEqual([1, 2])
  })
})

describe('the deadline', () => {
  it('is kept with a minute to spare, by the machine’s time; it is never too late to cancel', async () => {
    const world = await VendWorld.start()
    const near = order({ notAfter: NOW + 61 })
    expect(kindOf(await world.vend(order({ notAfter: NOW + 60 })))).toBe('orderDeadlineNear')
    must(await world.vend(near))
    expect(kindOf(await world.vend(order({ notAfter: NOW + 86_400 + 5 })))).toBe('orderDeadlineFar')
    const late = order({ notAfter: NOW - 5 })
    expect(kindOf(await world.vend(late))).toBe('orderDeadlineNear')
    expect(must(await world.cancel(late))).toMatchObject({ state: 'failed', cause: 'cancelled' })
    expect(world.machine.out).toEqual([1])
  })

  it('can’t be kept without the time: nothing is sold after a power loss until it was told', async () => {
    const world = await VendWorld.start()
    await world.lock.cyclePower()
    expect(kindOf(await world.open())).toBe('openRefused')
    const withoutTime = { actions: GrantAction.vend | GrantAction.withoutTime, maxUses: 50 }
    must(await world.open({ grant: withoutTime }))
    expect(kindOf(await world.vend(order()))).toBe('machineTimeUncertain')
    expect(kindOf(await world.cancel(order()))).toBe('machineTimeUncertain')
    const request = { ...world.request(), timeSource: network(NOW + 30) }
    world.session = must(await world.passing(openVendSession(world.lock.client, request)))
    expect(must(await world.vend(order()))).toMatchObject({ state: 'dropped' })
  })
})

describe('a grant', () => {
  it('without terms, or with terms of somebody else, vends nothing', async () => {
    const world = await VendWorld.start()
    expect(kindOf(await world.open({ termsSigner: STRANGER }))).toBe('vendTermsRefused')
    expect(kindOf(await world.open({ termsSigner: KIOSK }))).toBe('vendTermsRefused')
    // Terms of the owner do not widen what the issuer has granted, nor the other way round.
    expect(kindOf(await world.open({ by: 'owner', termsSigner: ISSUER }))).toBe('vendTermsRefused')
    must(await world.open())
    must(await world.open({ by: 'owner' }))
    const { client } = await world.inside()
    const wide = { ...world.request({ by: 'owner' }).terms, perDay: 60_000 }
    const body = vendTermsBody(wide)
    const reply = await world.passing(
      client.request({ op: 'write', group: SmpGroup.fob, command: FobCommand.vendTerms, body }),
    )
    expect(reply).toMatchObject({ ok: false, error: { rc: 8 } })
  })

  it('forged, of another device’s user, stale, ended or for another action opens no session', async () => {
    const world = await VendWorld.start()
    const refused = async (change: Parameters<VendWorld['open']>[0]) => {
      const opened = await world.open(change)
      return opened.ok ? 'ok' : opened.error.kind === 'openRefused' ? opened.error.reason : opened.error.kind
    }
    expect(await refused({ grantSigner: STRANGER })).toBe('authorisationInvalid')
    expect(await refused({ grant: { userKeyHash: fresh(32) } })).toBe('authorisationInvalid')
    expect(await refused({ grant: { notAfter: NOW } })).toBe('expired')
    expect(await refused({ grant: { notBefore: NOW + 5 } })).toBe('notYet')
    expect(await refused({ grant: { actions: GrantAction.open | GrantAction.manage } })).toBe(
      'actionNotGranted',
    )
    must(await world.lock.deliver({ version: 2, epoch: 1 }))
    expect(await refused({})).toBe('epochStale')
    expect(world.machine.turns).toBe(0)
  })

  it('vends from its slots alone, so many a day, and as often as it may be used', async () => {
    const world = await VendWorld.start()
    must(await world.open({ slots: slotSet([1, 2]), perDay: 3, grant: { maxUses: 3 } }))
    expect(kindOf(await world.vend(order({ slot: 0 })))).toBe('slotNotGranted')
    must(await world.vend(order({ quantity: 2 })))
    expect(kindOf(await world.vend(order({ slot: 2, quantity: 2 })))).toBe('vendLimitReached')
    must(await world.vend(order({ slot: 2 })))
    expect(kindOf(await world.vend(order({ slot: 2 })))).toBe('vendLimitReached')
    await world.cyclePower()
    // A session is no use, and a day begins at midnight, UTC.
    must(await world.open({ slots: slotSet([1, 2]), perDay: 3, grant: { maxUses: 3 } }))
    expect(kindOf(await world.vend(order({ slot: 2 })))).toBe('vendLimitReached')
    world.lock.device.takeTime(NOW + 86_400)
    const tomorrow = { notAfter: NOW + 87_000, slot: 2 }
    must(await world.vend(order(tomorrow)))
    expect(kindOf(await world.vend(order(tomorrow)))).toBe('vendGrantOver')
    expect(world.machine.out).toEqual([1, 1, 2, 2])
  })

  it('ends in the midst of a session: by a higher epoch, by its time, and by ten idle minutes', async () => {
    const world = await VendWorld.start()
    const isOver = { ok: false, error: { kind: 'linkLost', loss: 'refused' } }
    await world.inside()
    must(await world.vend(order()))
    must(await world.lock.deliver({ version: 2, epoch: 1 }))
    expect(await world.vend(order())).toMatchObject(isOver)
    must(await world.open({ grant: { epoch: 1, notAfter: NOW + 400 } }))
    await world.lock.timer.advance(410_000)
    expect(await world.vend(order())).toMatchObject(isOver)
    must(await world.open({ grant: { epoch: 1 } }))
    await world.lock.timer.advance(600_000)
    expect(await world.vend(order({ notAfter: NOW + 3600 }))).toMatchObject(isOver)
    expect(world.machine.out).toEqual([1])
  })

  it('of staff is for nothing, and its receipt is nothing that a Market takes', async () => {
    const world = await VendWorld.start()
    must(await world.open({ use: VendUse.free, by: 'owner', userKey: STAFF }))
    const taken = order()
    const receipt = must(await world.vend(taken))
    expect(receipt).toMatchObject({ use: VendUse.free, state: 'dropped', contract: DOMAIN.registry })
    const digest = saleReceiptDigest(
      { chainId: DOMAIN.chainId, market: MARKET },
      saleReceiptOf(world.lock.deviceId, receipt),
    )
    expect(isDigestSignedBy(DEVICE_PUBLIC_KEY, digest, receipt.signature)).toBe(false)
    expect(isRecordSignedBy(DEVICE_PUBLIC_KEY, receipt)).toBe(true)
    expect(isRecordSignedBy(DEVICE_PUBLIC_KEY, { ...receipt, userKeyHash: fresh(32) })).toBe(false)
    must(await world.open())
    expect(kindOf(await world.vend(taken))).toBe('orderDiffers')
  })

  it('to vend manages nothing, and one to manage vends nothing', async () => {
    const world = await VendWorld.start()
    const session = await world.inside()
    const { client } = session
    expect(kindOf(await world.passing(reset(client)))).toBe('deviceError')
    must(await world.passing(readState(client)))
    const asOwner = { ...session, client: await world.manage() }
    expect(kindOf(await world.passing(startVend(asOwner, order())))).toBe('deviceError')
    expect(world.machine.turns).toBe(0)
  })
})

describe('receipts', () => {
  it('are read by anybody who knows the order, listed to the kiosk, and kept until they are acknowledged', async () => {
    const world = await VendWorld.start()
    const [one, two] = [order(), order({ slot: 2 })]
    const receipts = [must(await world.vend(one)), must(await world.vend(two))]
    const source = { client: world.lock.client, devicePublicKey: DEVICE_PUBLIC_KEY }
    expect(must(await world.passing(readVend(source, two.orderId)))).toEqual(receipts[1])
    expect(kindOf(await world.passing(readVend(source, 5n)))).toBe('orderUnknown')
    expect(await world.pending()).toEqual(receipts)
    const session = await world.inside()
    const [first] = receipts
    if (!first) throw new Error('no receipt')
    const wrong = await world.passing(acknowledge(session, { ...first, counter: 2 }))
    expect(kindOf(wrong)).toBe('orderDiffers')
    must(await world.passing(acknowledge(session, first)))
    must(await world.passing(acknowledge(session, first)))
    await world.cyclePower()
    expect(await world.pending()).toEqual(receipts.slice(1))
    const kept = must(await world.passing(readVend(await world.inside(), one.orderId)))
    expect(kept).toEqual({ ...first, isAcknowledged: true })
  })

  it('fill its memory while nobody acknowledges; what was forgotten after that is never sold again', async () => {
    const world = await VendWorld.start({ options: { bufSize: 300 } })
    const sold = Array.from({ length: 24 }, (_, i) => order({ notAfter: NOW + 1000 - 10 * i }))
    for (const [i, bought] of sold.entries()) {
      if (i < 20) must(await world.cancel(bought))
      else must(await world.vend({ ...bought, slot: 2 }))
    }
    expect(kindOf(await world.vend(order()))).toBe('machineReceiptsFull')
    expect(kindOf(await world.cancel(order()))).toBe('machineReceiptsFull')
    await world.acknowledgeAll()
    expect(await world.pending()).toEqual([])
    // The last of them has the earliest deadline, so it goes first.
    must(await world.vend(order({ notAfter: NOW + 2000 })))
    const last = sold.at(-1)
    const first = sold[0]
    if (!last || !first) throw new Error('none')
    expect(kindOf(await world.vend({ ...last, slot: 2 }))).toBe('orderForgotten')
    expect(kindOf(await world.cancel({ ...last, slot: 2 }))).toBe('orderForgotten')
    expect(kindOf(await world.vend(order({ notAfter: last.notAfter })))).toBe('orderForgotten')
    must(await world.vend(order({ notAfter: NOW + 2001 })))
    expect(must(await world.vend(first))).toMatchObject({ state: 'failed', counter: 1 })
  })
})
