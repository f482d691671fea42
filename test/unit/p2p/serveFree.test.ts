// Blocks for nothing over /fob/serve/1.0.0: order, windows, back-pressure, and everything that the other side may do wrong.
import fc from 'fast-check'
import type { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { cidOf, RAW } from '../../../src/core/ipfs/block.ts'
import type { BlockGiver } from '../../../src/core/p2p/giveBlocks.ts'
import { messageStream } from '../../../src/core/p2p/messageStream.ts'
import {
  createServeStreams,
  type Seller,
  type ServeLimits,
  usualServeLimits,
} from '../../../src/core/p2p/serveStreams.ts'
import { takeOver } from '../../../src/core/p2p/takeBlocks.ts'
import { createUploadBudget } from '../../../src/core/p2p/uploadBudget.ts'
import { fail, ok } from '../../../src/core/result.ts'
import {
  decodeServeMessage,
  encodeServeMessage,
  maxServeMessage,
  type ServeMessage,
} from '../../../src/core/voucher/serveMessage.ts'
import { streamPair, type TestStream, virtualTime } from './streamPair.ts'

const TIMES = { answer: 30_000, idle: 20_000 }

const blocks = Array.from({ length: 400 }, (_, i) => {
  const bytes = new Uint8Array(1_000).fill(i)
  bytes[0] = i >> 8
  return { cid: cidOf(RAW, bytes), bytes }
})
const byName = new Map(blocks.map(({ cid, bytes }) => [cid.toString(), bytes]))
const absent = cidOf(RAW, Uint8Array.of(1, 2, 3))

const codec = { encode: encodeServeMessage, decode: decodeServeMessage }

function world(
  options: { giver?: Partial<BlockGiver>; seller?: Seller; limits?: Partial<ServeLimits> } = {},
) {
  const clock = virtualTime()
  let reads = 0
  const given: string[] = []
  const server = createServeStreams({
    timer: clock.timer,
    giver: {
      room: async () => undefined,
      async read(cid) {
        reads++
        const bytes = byName.get(cid.toString())
        return bytes ? ok(bytes) : fail({ kind: 'notHere' })
      },
      given: (peer, cid, bytes) => void given.push(`${peer} ${cid.toString()} ${bytes}`),
      ...options.giver,
    },
    seller: () => options.seller ?? null,
    ...(options.limits ? { limits: options.limits } : {}),
  })
  /** The taker's end; the giver's end is served. */
  function connect(peer = 'a', pieces?: readonly number[]): readonly [TestStream, TestStream] {
    const [mine, its] = streamPair(pieces)
    server.accept(its, peer)
    return [mine, its]
  }
  const framed = (stream: TestStream) =>
    messageStream(stream, codec, { messageBytes: maxServeMessage, queued: 500, sendMs: 15_000 }, clock.timer)
  const taker = (stream: TestStream) => takeOver(framed(stream), clock.timer, TIMES)
  return { clock, server, connect, framed, taker, reads: () => reads, given }
}

/** A giver that does what it is told; the taker is ours. */
function badGiver(
  answer: (message: ServeMessage, send: (message: ServeMessage | Uint8Array) => void) => void,
) {
  const clock = virtualTime()
  const [mine, its] = streamPair()
  const messages = messageStream(its, codec, { messageBytes: 256, queued: 500, sendMs: 1_000 }, clock.timer)
  void (async () => {
    for (;;) {
      const received = await messages.receive(3_600_000)
      if (!received.ok) return
      answer(received.value, message => {
        if (its.isClosed()) return
        its.send(message instanceof Uint8Array ? message : encodeServeMessage(message))
      })
    }
  })()
  const taker = takeOver(
    messageStream(mine, codec, { messageBytes: maxServeMessage, queued: 64, sendMs: 1_000 }, clock.timer),
    clock.timer,
    TIMES,
  )
  return { clock, taker, mine }
}

const kindOf = (result: { ok: boolean; error?: { kind: string } } | undefined) =>
  result === undefined ? 'pending' : result.ok ? 'ok' : result.error?.kind

function watch<T>(promise: Promise<T>) {
  const box: { value?: T } = {}
  void promise.then(value => {
    box.value = value
  })
  return box
}

const first = blocks[0]
if (!first) throw new Error('there are blocks')

describe('blocks for nothing', () => {
  it('are asked for in one message, as far as they are asked for in one go, and given one by one', async () => {
    const { connect, taker } = world()
    const ends = connect()
    const sent: number[][] = [[], []]
    for (const [i, end] of ends.entries()) {
      const send = end.send.bind(end)
      end.send = bytes => {
        sent[i]?.push(bytes.length)
        return send(bytes)
      }
    }
    const { get } = taker(ends[0])
    const taken = await Promise.all(blocks.slice(0, 8).map(({ cid }) => get(cid, 1_000)))
    expect(taken).toEqual(blocks.slice(0, 8).map(({ bytes }) => ok(bytes)))
    expect(sent).toEqual([[8 * 42], Array.from({ length: 8 }, () => 1_005)])
  })

  it('come in the order of the requests, whichever is read first and whatever pieces they arrive in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(blocks.length), { minLength: 1, maxLength: 40 }),
        fc.array(fc.nat(50), { minLength: 1 }),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }),
        async (wanted, delays, pieces) => {
          const clock = virtualTime()
          let reads = 0
          const { connect, taker, server } = world({
            giver: {
              async read(cid) {
                const delay = delays[reads++ % delays.length] ?? 0
                for (let i = 0; i < delay; i++) await Promise.resolve()
                const bytes = byName.get(cid.toString())
                return bytes ? ok(bytes) : fail({ kind: 'notHere' })
              },
            },
          })
          const [mine] = connect('a', pieces)
          const from = taker(mine)
          const answers = await Promise.all(wanted.map(i => from.get(blocks[i]?.cid ?? absent, 1_000)))
          for (const [at, i] of wanted.entries()) {
            const answer = answers[at]
            const block = blocks[i]
            if (block === undefined) expect(kindOf(answer)).toBe('notHere')
            else expect(answer).toEqual(ok(block.bytes))
          }
          server.stop()
          void clock
        },
      ),
      { numRuns: 40 },
    )
  })

  it('are counted for the peer that got them', async () => {
    const { connect, taker, given, clock } = world()
    await taker(connect('b')[0]).get(first.cid, 1_000)
    await clock.settle()
    expect(given).toEqual([`b ${first.cid.toString()} 1000`])
  })

  it('are read no further ahead than a few while the taker does not read, which is ended after a while', async () => {
    const { connect, framed, reads, clock, server } = world()
    const [mine, its] = connect()
    its.writableNeedsDrain = true
    const stream = framed(mine)
    for (const { cid } of blocks.slice(0, 100)) void stream.send({ kind: 'get', cid: cid.bytes })
    await clock.run(1_000)
    expect(reads()).toBeLessThan(10)
    its.writableNeedsDrain = false
    for (let i = 0; i < 50; i++) await clock.settle()
    expect(reads()).toBe(100)
    its.writableNeedsDrain = true
    void stream.send({ kind: 'get', cid: first.cid.bytes })
    await clock.run(usualServeLimits.sendMs + 1_000)
    expect(its.isClosed()).toBe(true)
    expect(server.open()).toBe(0)
  })

  it('wait for room that the giver has for that peer', async () => {
    let free = () => {}
    const { connect, taker, reads, clock } = world({
      giver: { room: () => new Promise<void>(resolve => (free = resolve)) },
    })
    const got = watch(taker(connect()[0]).get(first.cid, 1_000))
    await clock.settle()
    expect(reads()).toBe(0)
    free()
    await clock.settle()
    expect(kindOf(got.value)).toBe('ok')
  })

  it('are not given where they are sold, and what is no get goes to the seller with its first message', async () => {
    const heard: ServeMessage[] = []
    const { connect, framed, taker, clock } = world({
      giver: { read: async () => fail({ kind: 'notFree' }) },
      async seller(stream, peer) {
        const message = await stream.receive(1_000)
        if (message.ok) heard.push(message.value)
        await stream.send({ kind: 'refusal', refusal: 'busy', detail: peer })
      },
    })
    expect(kindOf(await taker(connect()[0]).get(first.cid, 1_000))).toBe('notFree')
    const buyer = framed(connect('buyer')[0])
    void buyer.send({ kind: 'ask', cid: first.cid.bytes })
    const answer = watch(buyer.receive(1_000))
    await clock.settle()
    expect(heard).toEqual([{ kind: 'ask', cid: Uint8Array.from(first.cid.bytes) }])
    expect(answer.value).toEqual(ok({ kind: 'refusal', refusal: 'busy', detail: 'buyer' }))
  })

  it('are not sold where nothing is', async () => {
    const { connect, framed, clock } = world()
    const buyer = framed(connect()[0])
    void buyer.send({ kind: 'ask', cid: first.cid.bytes })
    const answer = watch(buyer.receive(1_000))
    await clock.settle()
    expect(answer.value).toMatchObject({ ok: true, value: { kind: 'refusal', refusal: 'channelRefused' } })
  })
})

describe('a peer that asks', () => {
  it('with a flood of requests is ended, and refused for a while', async () => {
    let free = () => {}
    const { connect, framed, clock, server, reads } = world({
      giver: { room: () => new Promise<void>(resolve => (free = resolve)) },
    })
    const [mine, its] = connect('flood')
    const stream = framed(mine)
    for (let i = 0; i < 300; i++) void stream.send({ kind: 'get', cid: first.cid.bytes })
    await clock.settle()
    expect(its.aborted()).toMatch(/messages at once/)
    free()
    await clock.settle()
    expect(server.open()).toBe(0)
    // What it had asked for before is not even read.
    expect(reads()).toBeLessThan(2)
    expect(connect('flood')[1].isClosed()).toBe(true)
    expect(connect('other')[1].isClosed()).toBe(false)
  })

  it.each<[string, Uint8Array]>([
    ['no message', Uint8Array.of(0, 0, 0, 2, 99, 1)],
    ['a message that is too long', Uint8Array.of(0, 0, 4, 0, 10)],
    ['a message of nothing', Uint8Array.of(0, 0, 0, 0)],
  ])('and sends %s is ended, refused for a while, and heard again later', async (_, bytes) => {
    const { connect, taker, clock, server } = world()
    const [mine, its] = connect('bad')
    mine.send(bytes)
    await clock.settle()
    expect(its.isClosed()).toBe(true)
    expect(server.open()).toBe(0)
    const [, again] = connect('bad')
    expect(again.isClosed()).toBe(true)
    expect(kindOf(await taker(connect('good')[0]).get(first.cid, 1_000))).toBe('ok')
    await clock.run(usualServeLimits.shunMs)
    expect(kindOf(await taker(connect('bad')[0]).get(first.cid, 1_000))).toBe('ok')
  })

  it('over a thousand streams gets four, and all peers together sixty-four', async () => {
    const { connect, server, clock } = world()
    const ends = Array.from({ length: 1_000 }, () => connect('many')[1])
    expect(ends.filter(end => end.isClosed())).toHaveLength(996)
    expect(server.open()).toBe(4)
    for (let i = 0; i < 60; i++) connect(`peer ${i}`)
    expect(server.open()).toBe(64)
    const [mine] = connect('one too many')
    let said = 0
    mine.addEventListener('message', () => said++)
    await clock.settle()
    expect(said).toBeGreaterThan(0)
    expect(server.open()).toBe(64)
    server.stop()
    expect(ends.every(end => end.isClosed())).toBe(true)
    await clock.settle()
    expect(server.open()).toBe(0)
  })

  it('and then says nothing, or vanishes, frees its place', async () => {
    const { connect, server, clock } = world()
    connect('silent')
    const [gone] = connect('gone')
    gone.abort(new Error('the tab died'))
    await clock.settle()
    expect(server.open()).toBe(1)
    await clock.run(usualServeLimits.silenceMs)
    expect(server.open()).toBe(0)
  })

  it('while the store can not be read is told so', async () => {
    const { connect, taker, server, clock } = world({
      giver: { read: () => Promise.reject(new Error('disk')) },
    })
    const got = await taker(connect()[0]).get(first.cid, 1_000)
    expect(got).toMatchObject({ ok: false, error: { kind: 'takeEnded' } })
    await clock.settle()
    expect(server.open()).toBe(0)
  })
})

describe('a giver', () => {
  const ask = (taker: ReturnType<typeof badGiver>['taker'], cids: readonly CID[]) =>
    cids.map(cid => watch(taker.get(cid, 1_000)))
  const three = blocks.slice(0, 3).map(({ cid }) => cid)

  it('that sends more than the block can have is a liar; the other requests go elsewhere', async () => {
    const { clock, taker, mine } = badGiver((_, send) =>
      send({ kind: 'given', bytes: new Uint8Array(1_001) }),
    )
    const answers = ask(taker, three)
    await clock.settle()
    expect(answers.map(({ value }) => kindOf(value))).toEqual(['wrongAnswer', 'takeEnded', 'takeEnded'])
    expect(mine.isClosed()).toBe(true)
    expect(taker.isEnded()).toBe(true)
  })

  it('that sends without end is cut off at the longest message there is', async () => {
    const { clock, taker, mine } = badGiver((_, send) => send(Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 11)))
    const answers = ask(taker, three)
    await clock.settle()
    expect(answers.map(({ value }) => kindOf(value))).toEqual(['takeEnded', 'takeEnded', 'takeEnded'])
    expect(mine.aborted()).toMatch(/a message of/)
  })

  it('that answers what was not asked is a liar', async () => {
    const { clock, taker } = badGiver((_, send) => send({ kind: 'accepted', amount: 1n }))
    const answers = ask(taker, three)
    await clock.settle()
    expect(kindOf(answers[0]?.value)).toBe('wrongAnswer')
  })

  it('that takes requests and says nothing is ended, at once for whoever comes later', async () => {
    const { clock, taker } = badGiver(() => {})
    const answers = ask(taker, three)
    await clock.run(TIMES.answer - 1)
    expect(answers.map(({ value }) => kindOf(value))).toEqual(['pending', 'pending', 'pending'])
    await clock.run(1)
    expect(answers.map(({ value }) => kindOf(value))).toEqual(['takeEnded', 'takeEnded', 'takeEnded'])
    expect(kindOf(await taker.get(first.cid, 1_000))).toBe('takeEnded')
    await clock.run(TIMES.idle + 5_000)
    expect(taker.isEnded()).toBe(true)
  })

  it('that is busy ends what is under way', async () => {
    const { clock, taker } = badGiver((_, send) =>
      send({ kind: 'refusal', refusal: 'busy', detail: 'later' }),
    )
    const answers = ask(taker, three)
    await clock.settle()
    expect(answers.map(({ value }) => value?.ok === false && value.error.detail)).toEqual(
      three.map(() => 'busy: later'),
    )
  })

  it('that is not needed for a while is let go of, and not while it is', async () => {
    const { connect, taker, clock, server } = world()
    const from = taker(connect()[0])
    for (let i = 0; i < 3; i++) {
      await clock.run(TIMES.idle - 1)
      expect(kindOf(await from.get(first.cid, 1_000))).toBe('ok')
    }
    await clock.run(TIMES.idle)
    expect(from.isEnded()).toBe(true)
    expect(server.open()).toBe(0)
  })
})

describe('what one peer may have', () => {
  const each = { burst: 1_000, perSecond: 100 }
  const all = { burst: 10_000, perSecond: 1_000 }

  it('goes out at once at first, then at a rate, and comes back with time', async () => {
    const clock = virtualTime()
    const budget = createUploadBudget(clock.timer, each, all)
    budget.spend('a', 1_500)
    const a = watch(budget.room('a').then(() => clock.timer.now()))
    const b = watch(budget.room('b').then(() => clock.timer.now()))
    await clock.run(0)
    expect([a.value, b.value]).toEqual([undefined, 0])
    await clock.run(10_000)
    expect(a.value).toBeGreaterThan(5_000)
    expect(a.value).toBeLessThan(5_100)
  })

  it('is bounded for all together, and no number of peers makes it forget who had too much', async () => {
    const clock = virtualTime()
    const budget = createUploadBudget(clock.timer, each, { burst: 1_000_000, perSecond: 1 })
    budget.spend('greedy', 2_000)
    for (let i = 0; i < 3_000; i++) budget.spend(`peer ${i}`, 1)
    const greedy = watch(budget.room('greedy').then(() => true))
    await clock.run(9_000)
    expect(greedy.value).toBeUndefined()
    budget.spend('x', 1_000_000)
    const others = watch(budget.room('new').then(() => true))
    await clock.run(60_000)
    expect([greedy.value, others.value]).toEqual([undefined, undefined])
  })
})
