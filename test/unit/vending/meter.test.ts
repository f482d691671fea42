// A metered outlet: energy by an order, whose rest goes back, and by vouchers, of which nothing is given on credit.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { installFactoryImage } from '../../../device/referenceDevice.ts'
import { fromHex } from '../../../src/core/bytes.ts'
import { isDigestSignedBy } from '../../../src/core/p256.ts'
import { type MeterRun, payMeter, startMeter, stopMeter } from '../../../src/core/vending/meter.ts'
import { amountDue, meterReceiptDigest } from '../../../src/core/vending/meterPart.ts'
import { readMachine } from '../../../src/core/vending/readMachine.ts'
import { readVend } from '../../../src/core/vending/vend.ts'
import { isRecordSignedBy, saleReceiptOf } from '../../../src/core/vending/vendRecord.ts'
import { VendUse } from '../../../src/core/vending/vendTerms.ts'
import { signByKey, voucherDigest } from '../../../src/core/voucher/channel.ts'
import { addressOfKey } from '../../../src/core/wallet/address.ts'
import { PluggedFlash, PowerCut } from '../device/failingFlash.ts'
import { DEVICE_PUBLIC_KEY, DOMAIN, kindOf, lockImage, must, NOW } from '../lock/lockWorld.ts'
import { order, STAFF, VendWorld } from './vendWorld.ts'

const PAYER = new Uint8Array(32).fill(70)
const OTHER = new Uint8Array(32).fill(71)
const CHANNELS = `0x${'5e'.repeat(20)}` as const
const CHANNEL = `0x${'6f'.repeat(32)}` as const

let runs = 0
const run = (change: Partial<MeterRun> = {}): MeterRun => ({
  runId: 5000n + BigInt(++runs),
  slot: 0,
  notAfter: NOW + 900,
  paymentChannels: fromHex(CHANNELS) ?? new Uint8Array(),
  channelId: CHANNEL,
  signer: addressOfKey(secp256k1.getPublicKey(PAYER, false)),
  floor: 1000n,
  deposit: 2000n,
  price: 20n,
  ...change,
})

const voucher = (
  amount: bigint,
  key = PAYER,
  change: { channelId?: `0x${string}`; chainId?: number } = {},
) => {
  const { channelId = CHANNEL, chainId = DOMAIN.chainId } = change
  const digest = voucherDigest({ chainId, paymentChannels: CHANNELS }, { channelId, amount })
  return { amount, signature: Uint8Array.from(signByKey(digest, key)) }
}

describe('by an order of the Market', () => {
  it('gives what was paid for, and ends by a receipt', async () => {
    const world = await VendWorld.start({ isMeter: true })
    const bought = order({ slot: 0, quantity: 3 })
    expect(must(await world.begin(bought))).toMatchObject({ state: 'running', dropped: 0 })
    await world.lock.timer.advance(1500)
    expect(must(await world.begin(bought))).toMatchObject({ state: 'running', dropped: 1 })
    await world.lock.timer.advance(2000)
    expect(must(await world.begin(bought))).toMatchObject({ state: 'dropped', dropped: 3, cause: 'none' })
    const { slots, canStop } = must(await world.passing(readMachine((await world.inside()).client)))
    expect(slots[0]).toMatchObject({ unit: 'tenWattHours', given: 3, stock: 65_535 })
    expect(canStop).toBe(true)
  })

  it('stopped half-way, at the deadline or by a power cut, the rest was not given and goes back', async () => {
    const world = await VendWorld.start({ isMeter: true })
    const [stopped, late, cut] = [
      order({ slot: 0, quantity: 9 }),
      order({ slot: 1, quantity: 50, notAfter: NOW + 60 + 10 }),
      order({ slot: 0, quantity: 9 }),
    ]
    must(await world.begin(stopped))
    await world.lock.timer.advance(2500)
    const receipt = must(await world.cancel(stopped))
    expect(receipt).toMatchObject({ state: 'dropped', dropped: 2, cause: 'stopped', quantity: 9 })
    expect(saleReceiptOf(world.lock.deviceId, receipt)).toMatchObject({ outcome: 1, quantity: 2 })
    must(await world.begin(late))
    await world.lock.timer.advance(30_000)
    expect(must(await world.begin(late))).toMatchObject({ state: 'dropped', cause: 'deadline', dropped: 7 })
    must(await world.begin(cut))
    await world.lock.timer.advance(1500)
    await world.cyclePower()
    await world.lock.timer.advance(5000)
    expect(must(await world.begin(cut))).toMatchObject({ state: 'dropped', cause: 'powerCut', dropped: 1 })
    // Nothing hangs in a cable: the next one is served.
    expect(must(await world.begin(order({ slot: 0 })))).toMatchObject({ state: 'running' })
  })
})

describe('by vouchers', () => {
  it('gives as far as they pay, unit by unit, and signs what the channel owes', async () => {
    const world = await VendWorld.start({ isMeter: true })
    const session = await world.inside()
    const asked = run()
    must(await world.passing(startMeter(session, asked)))
    await world.lock.timer.advance(5000)
    expect(world.machine.out).toHaveLength(0)
    // Two units and a half: half a unit is not given.
    must(await world.passing(payMeter(session, asked.runId, voucher(1050n))))
    await world.lock.timer.advance(5000)
    expect(world.machine.out).toHaveLength(2)
    must(await world.passing(payMeter(session, asked.runId, voucher(1100n))))
    await world.lock.timer.advance(500)
    // The next voucher comes while the last is being used up.
    const more = must(await world.passing(payMeter(session, asked.runId, voucher(1140n))))
    expect(more).toMatchObject({ state: 'running', quantity: 7 })
    await world.lock.timer.advance(2000)
    const receipt = must(await world.passing(stopMeter(session, asked.runId)))
    expect(world.machine.out).toHaveLength(4)
    expect(receipt).toMatchObject({ state: 'dropped', dropped: 4, cause: 'stopped', counter: 1 })
    const { meter } = receipt
    if (!meter) throw new Error('no meter')
    expect(amountDue(meter, receipt.dropped)).toBe(1080n)
    const digest = meterReceiptDigest(
      { chainId: DOMAIN.chainId, paymentChannels: CHANNELS },
      {
        ...{ deviceId: world.lock.deviceId, runId: asked.runId, channelId: CHANNEL, slot: 0 },
        ...{ units: 4, amount: 1080n, counter: 1 },
      },
    )
    expect(isDigestSignedBy(DEVICE_PUBLIC_KEY, digest, receipt.signature)).toBe(true)
    // Whoever is paid finds the last voucher here, also if he has lost his own.
    expect(meter).toMatchObject({ paid: 1140n, voucher: voucher(1140n).signature })
    const dearer = { ...receipt, meter: { ...meter, price: 21n } }
    expect(isRecordSignedBy(DEVICE_PUBLIC_KEY, dearer)).toBe(false)
    expect(await world.pending()).toEqual([receipt])
  })

  it('takes none that is forged, of another channel or chain, or beyond the deposit; an old one changes nothing', async () => {
    const world = await VendWorld.start({ isMeter: true })
    const session = await world.inside()
    const asked = run()
    const pay = async (paid: ReturnType<typeof voucher>) =>
      kindOf(await world.passing(payMeter(session, asked.runId, paid)))
    expect(await pay(voucher(1100n))).toBe('orderUnknown')
    must(await world.passing(startMeter(session, asked)))
    expect(await pay(voucher(1100n, OTHER))).toBe('meterVoucherInvalid')
    expect(await pay(voucher(1100n, PAYER, { channelId: `0x${'60'.repeat(32)}` }))).toBe(
      'meterVoucherInvalid',
    )
    expect(await pay(voucher(1100n, PAYER, { chainId: 1 }))).toBe('meterVoucherInvalid')
    expect(await pay({ ...voucher(1100n), amount: 1200n })).toBe('meterVoucherInvalid')
    expect(await pay(voucher(2001n))).toBe('meterDepositExceeded')
    expect(await pay(voucher(1000n, OTHER))).toBe('ok')
    expect(world.machine.turns).toBe(0)
    expect(await pay(voucher(1020n))).toBe('ok')
    expect(await pay(voucher(1020n))).toBe('ok')
    await world.lock.timer.advance(5000)
    expect(world.machine.out).toHaveLength(1)
    expect(kindOf(await world.passing(startMeter(session, { ...asked, price: 1n })))).toBe('orderDiffers')
    expect(kindOf(await world.passing(startMeter(session, run())))).toBe('machineBusy')
    expect(kindOf(await world.vend(order({ slot: 0 })))).toBe('machineBusy')
    must(await world.passing(stopMeter(session, asked.runId)))
    expect(await pay(voucher(1100n))).toBe('meterStopped')
    expect(must(await world.passing(startMeter(session, asked)))).toMatchObject({ dropped: 1, counter: 1 })
  })

  it('ends by itself when none comes, when the power goes, and before what it was agreed until', async () => {
    const world = await VendWorld.start({ isMeter: true })
    const [unpaid, cut, late] = [run(), run(), run({ notAfter: NOW + 300 })]
    const read = async (asked: MeterRun) =>
      must(await world.passing(readVend(await world.inside(), asked.runId)))
    must(await world.passing(startMeter(await world.inside(), unpaid)))
    must(await world.passing(payMeter(await world.inside(), unpaid.runId, voucher(1020n))))
    await world.lock.timer.advance(62_000)
    expect(await read(unpaid)).toMatchObject({ state: 'dropped', dropped: 1, cause: 'unpaid' })
    must(await world.passing(startMeter(await world.inside(), cut)))
    must(await world.passing(payMeter(await world.inside(), cut.runId, voucher(1200n))))
    await world.lock.timer.advance(2500)
    await world.cyclePower()
    await world.lock.timer.advance(5000)
    expect(await read(cut)).toMatchObject({ state: 'dropped', dropped: 2, cause: 'powerCut' })
    must(await world.passing(startMeter(await world.inside(), late)))
    must(await world.passing(payMeter(await world.inside(), late.runId, voucher(2000n))))
    await world.lock.timer.advance(200_000)
    const ended = await read(late)
    expect(ended).toMatchObject({ state: 'dropped', dropped: 50 })
    expect(world.machine.out).toHaveLength(53)
  })

  it('is for nobody who takes for nothing, within the day’s limit, and not of what falls in pieces', async () => {
    const world = await VendWorld.start({ isMeter: true })
    must(await world.open({ use: VendUse.free, by: 'owner', userKey: STAFF }))
    expect(kindOf(await world.passing(startMeter(await world.inside(), run())))).toBe('vendTermsMissing')
    must(await world.open({ perDay: 5 }))
    const asked = run()
    const session = await world.inside()
    must(await world.passing(startMeter(session, asked)))
    expect(kindOf(await world.passing(payMeter(session, asked.runId, voucher(1120n))))).toBe(
      'vendLimitReached',
    )
    must(await world.passing(payMeter(session, asked.runId, voucher(1100n))))
    const spirals = await VendWorld.start()
    expect(kindOf(await spirals.passing(startMeter(await spirals.inside(), run())))).toBe('slotNotMetered')
  })
})

type Step =
  | { readonly kind: 'start' | 'stop' | 'power' | 'link' }
  | { readonly kind: 'pay'; readonly amount: number }
  | { readonly kind: 'cut'; readonly writes: number; readonly amount: number }
  | { readonly kind: 'wait'; readonly ms: number }

const amount = fc.integer({ min: 1000, max: 1400 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('start', 'stop', 'power', 'link') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pay'), amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut'), writes: fc.nat(1), amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.integer({ min: 100, max: 4000 }) }) },
)

it('random faults: what went through the cable is in receipts, once, and no more than was paid for', async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async steps => {
    const flash = new PluggedFlash({ slotSize: 0x8000 })
    installFactoryImage(flash, lockImage(0))
    const world = await VendWorld.start({ isMeter: true, flash })
    const paid = new Map<bigint, number>()
    let current = run()
    const pay = async (value: number): Promise<void> => {
      const reply = await world.passing(payMeter(await world.inside(), current.runId, voucher(BigInt(value))))
      if (reply.ok) paid.set(current.runId, Math.max(value, paid.get(current.runId) ?? 0))
    }
    const act = async (taken: Step): Promise<void> => {
      switch (taken.kind) {
        case 'start': {
          const next = run()
          const reply = await world.passing(startMeter(await world.inside(), next))
          if (reply.ok) current = next
          break
        }
        case 'stop':
          await world.passing(stopMeter(await world.inside(), current.runId))
          break
        case 'power':
          return world.cyclePower()
        case 'link':
          return world.reconnect()
        case 'pay':
          return pay(taken.amount)
        case 'wait':
          return world.lock.timer.advance(taken.ms)
        case 'cut':
          await world.inside()
          flash.left = taken.writes
          // The voucher has left the payer's hands, whatever is cut.
          paid.set(current.runId, Math.max(taken.amount, paid.get(current.runId) ?? 0))
          await pay(taken.amount)
          await world.lock.timer.advance(500)
      }
    }
    for (const taken of [{ kind: 'start' } as const, ...steps]) {
      try {
        await act(taken)
        flash.left = Number.POSITIVE_INFINITY
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error
        flash.left = Number.POSITIVE_INFINITY
        await world.cyclePower()
      }
    }
    await world.cyclePower()
    const receipts = await world.pending()
    const units = receipts.reduce((sum, { dropped }) => sum + dropped, 0)
    expect(world.machine.out).toHaveLength(units)
    expect(new Set(receipts.map(({ orderId }) => orderId)).size).toBe(receipts.length)
    for (const { orderId, dropped, meter } of receipts) {
      const due = meter ? Number(amountDue(meter, dropped)) : 0
      expect(due).toBeLessThanOrEqual(Math.max(1000, paid.get(orderId) ?? 0))
    }
  })
  await fc.assert(property, { numRuns: 15 })
})
