// Every message between kiosk and machine: there and back, with any field taken away or changed, and of random maps never more than "no".
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bytes, toHex } from '../../../src/core/bytes.ts'
import { type CborMap, decodeCborMap, encodeCbor } from '../../../src/core/smp/cbor.ts'
import { FobCommand } from '../../../src/core/smp/fob.ts'
import { SmpGroup } from '../../../src/core/smp/message.ts'
import {
  decodeSlot,
  encodeSlot,
  MACHINE_OVERHEAD,
  type MachineReading,
  machineBody,
  parseMachine,
} from '../../../src/core/vending/machine.ts'
import {
  type MeterPart,
  meterPartBody,
  meterTermsBody,
  meterVoucherBody,
  parseMeterPart,
  parseMeterTerms,
  parseMeterVoucher,
} from '../../../src/core/vending/meterPart.ts'
import { parseVendOrder, type VendOrder, vendOrderBody } from '../../../src/core/vending/vendOrder.ts'
import { parseVendRecord, type VendRecord, vendRecordBody } from '../../../src/core/vending/vendRecord.ts'
import {
  hasSlot,
  METERED,
  parseVendTerms,
  slotSet,
  vendTermsBody,
} from '../../../src/core/vending/vendTerms.ts'
import { must, NOW } from '../lock/lockWorld.ts'
import { order, VendWorld } from './vendWorld.ts'

const bytes = (length: number): fc.Arbitrary<Bytes> => fc.uint8Array({ minLength: length, maxLength: length })
const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 })
const amount = fc.bigInt({ min: 0n, max: 2n ** 104n - 1n })
const address = bytes(20).map(toHex)

const vendOrder: fc.Arbitrary<VendOrder> = fc.record({
  orderId: fc.bigInt({ min: 1n, max: 2n ** 256n - 1n }),
  slot: uint(16),
  quantity: fc.integer({ min: 1, max: 0xffff }),
  notAfter: uint(40),
})
const vendTerms = fc.record({
  use: fc.constantFrom(1 as const, 2 as const),
  slots: fc.array(uint(8), { minLength: 1 }).map(slotSet),
  perDay: fc.integer({ min: 1, max: 0xffff }),
  signature: bytes(64),
})
const meterPart: fc.Arbitrary<MeterPart> = fc
  .record({
    channelId: bytes(32).map(toHex),
    signer: address,
    amounts: fc.tuple(amount, amount, amount),
    price: fc.bigInt({ min: 1n, max: 2n ** 104n - 1n }),
    voucher: bytes(65),
  })
  .map(({ amounts, voucher, ...rest }) => {
    const [floor = 0n, paid = 0n, deposit = 0n] = [...amounts].sort((a, b) => (a < b ? -1 : 1))
    return { ...rest, floor, paid, deposit, voucher: paid > floor ? voucher : null }
  })
const vendRecord: fc.Arbitrary<VendRecord> = fc
  .record({
    asked: vendOrder,
    use: fc.constantFrom(1 as const, 2 as const, METERED),
    state: fc.constantFrom('running', 'dropped', 'failed'),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    cause: fc.constantFrom('none', 'jam', 'powerCut', 'unpaid', 'cancelled'),
    counter: fc.integer({ min: 1, max: 2 ** 48 - 1 }),
    isAcknowledged: fc.boolean(),
    chainId: uint(48),
    contract: address,
    userKeyHash: bytes(32),
    signature: bytes(64),
    meter: meterPart,
  })
  .map(({ asked, use, state, share, userKeyHash, meter, ...made }) => {
    const isRunning = state === 'running'
    const some = Math.ceil(share * asked.quantity)
    const dropped = state === 'failed' ? 0 : isRunning ? some : Math.max(1, some)
    return {
      ...{ ...asked, ...made, use, state, dropped },
      counter: isRunning ? 0 : made.counter,
      isAcknowledged: made.isAcknowledged && !isRunning,
      userKeyHash: use === 2 ? userKeyHash : null,
      signature: isRunning ? null : made.signature,
      ...(use === METERED && { meter }),
    }
  })
const slot = fc.record({
  unit: fc.constantFrom('product', 'tenWattHours', 'minute'),
  isChilled: fc.boolean(),
  fault: fc.constantFrom('none', 'jam', 'noDrop', 'powerCut'),
  ...{ stock: uint(16), capacity: uint(16), given: uint(32), failed: uint(32) },
})
const reading: fc.Arbitrary<MachineReading> = fc.record({
  slots: fc.array(slot, { maxLength: 30 }).map(slots => slots.map((made, i) => ({ ...made, slot: i }))),
  ...{ isDoorOpen: fc.boolean(), isTooWarm: fc.boolean(), isBusy: fc.boolean(), canStop: fc.boolean() },
  temperature: fc.option(fc.integer({ min: -3000, max: 3000 })),
  ...{ pendingReceipts: uint(8), receiptCounter: uint(48) },
  time: fc.record({ time: uint(40), isTimeCertain: fc.boolean() }),
})

interface Codec<T> {
  readonly values: fc.Arbitrary<T>
  readonly body: (value: T) => CborMap
  readonly parse: (body: CborMap) => T | undefined
  /** Fields that may be left out. */
  readonly optional?: readonly string[]
}

const codec = <T>(made: Codec<T>): Codec<unknown> => ({
  ...made,
  body: value => made.body(value as T),
})

const CODECS: Readonly<Record<string, Codec<unknown>>> = {
  'an order': codec({ values: vendOrder, body: vendOrderBody, parse: parseVendOrder }),
  'vend terms': codec({ values: vendTerms, body: vendTermsBody, parse: parseVendTerms }),
  'a record': codec({ values: vendRecord, body: vendRecordBody, parse: parseVendRecord }),
  'a reading': codec({
    values: reading,
    body: made => machineBody({ reading: made, slotCount: made.slots.length }),
    parse: made => parseMachine(made)?.reading,
    optional: ['tp'],
  }),
  'a meter’s terms': codec({
    values: meterPart.map(({ paid: _, voucher: _voucher, ...terms }) => terms),
    body: meterTermsBody,
    parse: parseMeterTerms,
  }),
  'what a meter was paid': codec({ values: meterPart, body: meterPartBody, parse: parseMeterPart }),
  'a voucher': codec({
    values: fc.record({ amount, signature: bytes(65) }),
    body: meterVoucherBody,
    parse: parseMeterVoucher,
  }),
}

/** As it comes over the link. */
const carried = (body: CborMap): CborMap => must(decodeCborMap(encodeCbor(body)))

const junk = fc.oneof(
  fc.constantFrom(null, true, -1, 2 ** 52, 'x'),
  fc.uint8Array({ maxLength: 80 }),
  fc.bigInt({ min: 2n ** 54n, max: 2n ** 64n - 1n }),
)

describe.each(Object.entries(CODECS))('%s', (_, { values, body, parse, optional = [] }) => {
  it('comes back as it was sent', () => {
    fc.assert(
      fc.property(values, value => {
        expect(parse(carried(body(value)))).toEqual(value)
      }),
      { numRuns: 60 },
    )
  })

  it('without one of its fields, or with junk in it, is refused or reads as something that can be sent', () => {
    fc.assert(
      fc.property(values, fc.nat(), junk, (value, place, wrong) => {
        const whole = body(value)
        const keys = Object.keys(whole)
        const key = keys[place % keys.length] ?? ''
        const { [key]: _removed, ...less } = whole
        const without = parse(less)
        if (!optional.includes(key)) expect(without).toBeUndefined()
        const changed = parse({ ...whole, [key]: wrong })
        if (changed !== undefined) expect(parse(carried(body(changed)))).toEqual(changed)
      }),
      { numRuns: 100 },
    )
  })

  it('cut at any byte, or of random bytes, is never read', () => {
    fc.assert(
      fc.property(values, fc.uint8Array({ maxLength: 60 }), (value, random) => {
        const sent = encodeCbor(body(value))
        for (let length = 0; length < sent.length; length += 1 + (length >> 3)) {
          expect(decodeCborMap(sent.subarray(0, length)).ok).toBe(false)
        }
        const map = decodeCborMap(random)
        if (map.ok) parse(map.value)
      }),
      { numRuns: 20 },
    )
  })
})

it('a slot is 14 bytes, no more and no less', () => {
  fc.assert(
    fc.property(slot, fc.uint8Array({ maxLength: 20 }), (made, random) => {
      const sent = encodeSlot(made)
      expect(decodeSlot(sent, 7)).toEqual({ ...made, slot: 7 })
      for (let length = 0; length < sent.length; length++) {
        expect(decodeSlot(sent.subarray(0, length), 7)).toBeUndefined()
      }
      const read = decodeSlot(random, 7)
      if (read) expect(encodeSlot(read)).toEqual(random)
    }),
  )
})

it('around the slots a reading takes no more room than is counted on', () => {
  fc.assert(
    fc.property(reading, made => {
      const none = machineBody({ reading: { ...made, slots: [] }, slotCount: 256 })
      expect(8 + encodeCbor(none).length + 2).toBeLessThanOrEqual(MACHINE_OVERHEAD)
    }),
  )
})

it('a set of slots has just those', () => {
  fc.assert(
    fc.property(fc.uniqueArray(uint(8)), slots => {
      const set = slotSet(slots)
      const found = Array.from({ length: 256 }, (_, i) => i).filter(i => hasSlot(set, i))
      expect(found).toEqual([...slots].sort((a, b) => a - b))
      expect(hasSlot(set, 256)).toBe(false)
    }),
    { numRuns: 30 },
  )
  expect(() => slotSet([256])).toThrow(RangeError)
})

it('whatever a kiosk sends in its session, the machine answers, and gives nothing out', async () => {
  const world = await VendWorld.start({ isMeter: true })
  const { client } = await world.inside()
  const commands = Object.values(FobCommand).filter(command => command >= FobCommand.vendTerms)
  const fields = ['id', 'sl', 'q', 'na', 'u', 'pd', 'sg', 'a', 'n', 'f', 'ci', 'si', 'fl', 'am', 'vs', 'ct']
  const body = fc.dictionary(fc.constantFrom(...fields), junk, { maxKeys: 6 })
  const request = fc.record({
    command: fc.constantFrom(...commands),
    op: fc.constantFrom('read' as const, 'write' as const),
    body,
  })
  await fc.assert(
    fc.asyncProperty(request, async asked => {
      const reply = await world.passing(client.request({ group: SmpGroup.fob, ...asked }))
      if (!reply.ok) expect(reply.error.kind).toBe('deviceError')
    }),
    { numRuns: 120 },
  )
  expect(world.machine.turns).toBe(0)
  expect(must(await world.begin(order({ slot: 0, notAfter: NOW + 600 })))).toMatchObject({ state: 'running' })
})
