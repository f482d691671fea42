// Signed orders over a stream between two peers: the messages byte by byte, one answer for one order, and strangers who try more.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PeerOrders } from '../../../src/app/kiosk/peerOrders.ts'
import type { OrderPeers } from '../../../src/app/ports/orderPeers.ts'
import { toHex } from '../../../src/core/bytes.ts'
import {
  decodeOrderMessage,
  encodeOrderMessage,
  MAX_ORDER_MESSAGE,
  type OrderAnswer,
  type OrderMessage,
  type OrderRefusal,
  orderRefusals,
} from '../../../src/core/kiosk/orderMessage.ts'
import { createOrderStreams, sendOrder, type TakeOrder } from '../../../src/core/kiosk/orderStreams.ts'
import { fail, ok } from '../../../src/core/result.ts'
import { streamPair, virtualTime } from '../p2p/streamPair.ts'

const refusals = Object.keys(orderRefusals) as OrderRefusal[]
const message: fc.Arbitrary<OrderMessage> = fc.oneof(
  fc.stringMatching(/^FOB:PAY:[A-Z2-7]{1,200}$/).map(code => ({ kind: 'order' as const, code })),
  fc.constant({ kind: 'taken' as const }),
  fc.constantFrom(...refusals).map(refusal => ({ kind: 'refused' as const, refusal })),
)

test('a message reads back as it was written; cut short, or of other bytes, it is malformed and nothing worse', () => {
  fc.assert(
    fc.property(message, said => {
      const bytes = encodeOrderMessage(said)
      const body = bytes.subarray(4)
      expect(decodeOrderMessage(body)).toEqual({ ok: true, value: said })
      expect(body.length).toBeLessThanOrEqual(MAX_ORDER_MESSAGE)
      for (let length = 0; length < body.length; length++) {
        const cut = decodeOrderMessage(body.subarray(0, length))
        // A code that is cut is another text, which its own checksum refuses.
        expect(cut.ok ? cut.value.kind : cut.error.kind).toBe(
          said.kind === 'order' && length > 1 ? 'order' : 'orderMessageMalformed',
        )
      }
    }),
    { numRuns: 40 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), bytes => {
      const read = decodeOrderMessage(bytes)
      return !read.ok || toHex(encodeOrderMessage(read.value).subarray(4)) === toHex(bytes)
    }),
    { numRuns: 200 },
  )
  expect(() => encodeOrderMessage({ kind: 'order', code: 'x'.repeat(513) })).toThrow(RangeError)
  expect(() => encodeOrderMessage({ kind: 'order', code: 'a b' })).toThrow(RangeError)
})

test('the examples of the documentation', () => {
  const hex = (said: OrderMessage) => toHex(encodeOrderMessage(said)).slice(2)
  expect(hex({ kind: 'order', code: 'FOB:PAY:AE' })).toBe('0000000b01464f423a5041593a4145')
  expect(hex({ kind: 'taken' })).toBe('0000000181')
  expect(hex({ kind: 'refused', refusal: 'overBuyerLimit' })).toBe('000000028f08')
})

test('one order, one answer, in whatever pieces it comes; the stream is over then', async () => {
  const time = virtualTime()
  const codes: string[] = []
  const answers: OrderAnswer[] = [{ kind: 'taken' }, { kind: 'refused', refusal: 'balanceTooLow' }]
  const kiosk = createOrderStreams({
    timer: time.timer,
    async take(code) {
      codes.push(code)
      const answer = answers.shift()
      if (!answer) throw new Error('the disk is full')
      return answer
    },
  })
  const ask = async (code: string) => {
    const [mine, its] = streamPair([1, 3, 7])
    kiosk.accept(its, 'a phone')
    const asked = sendOrder(mine, code, time.timer)
    await time.run(100)
    const answer = await asked
    await time.run(5_000)
    expect(its.isClosed()).toBe(true)
    return answer
  }
  expect(await ask('FOB:PAY:ONE')).toEqual({ ok: true, value: { kind: 'taken' } })
  expect(await ask('FOB:PAY:TWO')).toEqual({ ok: true, value: { kind: 'refused', refusal: 'balanceTooLow' } })
  expect(await ask('FOB:PAY:THREE')).toEqual({ ok: true, value: { kind: 'refused', refusal: 'unable' } })
  expect(codes).toEqual(['FOB:PAY:ONE', 'FOB:PAY:TWO', 'FOB:PAY:THREE'])
})

test('who says nothing, talks nonsense, or comes too often is let go of; others are served meanwhile', async () => {
  const time = virtualTime()
  let taken = 0
  const kiosk = createOrderStreams({
    timer: time.timer,
    async take() {
      taken += 1
      return { kind: 'taken' }
    },
    limits: { streams: 4, streamsPerPeer: 2, silenceMs: 1_000 },
  })
  const silent = [0, 1, 2].map(() => {
    const [mine, its] = streamPair()
    kiosk.accept(its, 'a silent one')
    return { mine, its }
  })
  expect(silent.map(({ its }) => its.aborted() !== undefined)).toEqual([false, false, true])
  const [mine, its] = streamPair()
  kiosk.accept(its, 'a phone')
  const asked = sendOrder(mine, 'FOB:PAY:ONE', time.timer)
  await time.run(100)
  expect(await asked).toEqual({ ok: true, value: { kind: 'taken' } })
  const [loud, heard] = streamPair()
  kiosk.accept(heard, 'a loud one')
  loud.send(encodeOrderMessage({ kind: 'taken' }))
  await time.run(100)
  expect(heard.aborted()).toBe('an order comes first')
  const [long, read] = streamPair()
  kiosk.accept(read, 'a long one')
  long.send(Uint8Array.of(0, 0, 9, 9, 1))
  await time.run(2_000)
  expect(read.isClosed()).toBe(true)
  expect(silent.every(each => each.its.isClosed())).toBe(true)
  expect(taken).toBe(1)
  kiosk.stop()
})

test('a kiosk that is silent leaves the buyer with “nobody knows”, and never with “not taken”', async () => {
  const time = virtualTime()
  const [mine] = streamPair()
  const asked = sendOrder(mine, 'FOB:PAY:ONE', time.timer)
  await time.run(20_000)
  expect(await asked).toMatchObject({ ok: false, error: { kind: 'orderUnanswered', detail: 'streamSilent' } })
})

test('a kiosk can be met while its owner sells on signatures, and tries again where its node did not start', async () => {
  const taking: (TakeOrder | null)[] = []
  const key = new Uint8Array(32).fill(9)
  let isBroken = true
  const peers: OrderPeers = {
    async take(take) {
      taking.push(take)
      return isBroken ? fail({ kind: 'peersUnavailable' }) : ok(take && key)
    },
    handOver: async () => fail({ kind: 'kioskUnreachable' }),
  }
  const orders = new PeerOrders({
    peers: async () => peers,
    take: async code => (code === 'FOB:PAY:ONE' ? ok(null) : fail({ kind: 'otherSale' })),
  })
  await orders.follow(false)
  expect(taking).toEqual([])
  await orders.follow(true)
  expect(orders.key).toBeNull()
  isBroken = false
  await orders.follow(true)
  await orders.follow(true)
  expect(orders.key).toEqual(key)
  expect(taking).toHaveLength(2)
  expect(await taking[1]?.('FOB:PAY:ONE')).toEqual({ kind: 'taken' })
  expect(await taking[1]?.('FOB:PAY:TWO')).toEqual({ kind: 'refused', refusal: 'otherSale' })
  await orders.follow(false)
  expect(orders.key).toBeNull()
  expect(taking[2]).toBeNull()
})
