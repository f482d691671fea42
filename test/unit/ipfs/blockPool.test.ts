// The pool in virtual time: who is asked when, who is dropped, and that every request ends, whatever the sources do.
import fc from 'fast-check'
import type { CID } from 'multiformats/cid'
import { describe, expect, test } from 'vitest'
import { cidOf, RAW } from '../../../src/core/ipfs/block.ts'
import { fail, ok, type Result } from '../../../src/core/result.ts'
import { createBlockPool, type PoolTimes } from '../../../src/io/ipfs/blockPool.ts'
import type { BlockFailure, BlockSource } from '../../../src/io/ipfs/source.ts'

const TIMES: PoolTimes = {
  gatewayHeadStart: 1_000,
  sellerHeadStart: 2_000,
  arrival: 8_000,
  patience: 3_000,
  silence: 10_000,
  backOff: 500,
}

/** Time that moves only when it is told to, from one timer to the next. */
function virtualTime() {
  let now = 0
  const timers = new Map<number, { at: number; task: () => void }>()
  let next = 0
  const settle = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve()
  }
  return {
    timer: {
      now: () => now,
      after(ms: number, task: () => void) {
        const id = next++
        timers.set(id, { at: now + ms, task })
        return () => void timers.delete(id)
      },
    },
    pending: () => timers.size,
    async run(ms: number) {
      const end = now + ms
      await settle()
      for (;;) {
        const due = [...timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0]
        if (!due) break
        timers.delete(due[0])
        now = due[1].at
        due[1].task()
        await settle()
      }
      now = end
    },
  }
}

const blocks = Array.from({ length: 20 }, (_, i) => {
  const bytes = Uint8Array.of(i, 1, 2, 3)
  return { cid: cidOf(RAW, bytes), bytes }
})
const [block] = blocks
if (!block) throw new Error('there are blocks')
const bytesOf = (cid: CID) => blocks.find(b => b.cid.equals(cid))?.bytes ?? new Uint8Array(0)

type Answer = { after: number; result: (cid: CID) => Result<Uint8Array, BlockFailure> } | 'never'
const good = (after = 10): Answer => ({ after, result: cid => ok(bytesOf(cid)) })
const bad = (kind: BlockFailure['kind'], after = 10): Answer => ({
  after,
  result: () => fail({ kind, detail: kind }),
})
const garbage = (after = 10): Answer => ({ after, result: () => ok(Uint8Array.of(9)) })

function source(
  clock: ReturnType<typeof virtualTime>,
  name: string,
  answer: (call: number) => Answer,
  kind: BlockSource['kind'] = 'peer',
) {
  const asked: number[] = []
  const it: BlockSource = {
    name,
    kind,
    maxInFlight: 16,
    get: cid => {
      asked.push(clock.timer.now())
      const how = answer(asked.length)
      return new Promise(resolve => {
        if (how !== 'never') clock.timer.after(how.after, () => resolve(how.result(cid)))
      })
    },
  }
  return { it, asked }
}

function watch<T>(promise: Promise<T>) {
  const box: { value?: T } = {}
  void promise.then(value => {
    box.value = value
  })
  return box
}

describe('who sells', () => {
  const neverThere = (clock: ReturnType<typeof virtualTime>) => {
    const dead = source(clock, 'dead', () => good())
    return { ...dead, it: { ...dead.it, reach: () => new Promise<never>(() => {}) } }
  }

  test('is asked for what nobody gives away, after a head start, and for nothing else', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    const [first, second] = blocks
    const giver = source(clock, 'giver', call => (call === 1 ? good() : bad('lacksBlock')))
    const seller = source(clock, 'seller', () => good(), 'seller')
    pool.add(seller.it)
    pool.add(giver.it)
    const given = watch(pool.request(first?.cid ?? block.cid, 4))
    await clock.run(100)
    const sold = watch(pool.request(second?.cid ?? block.cid, 4))
    await clock.run(3_000)
    expect([given.value?.ok, sold.value?.ok]).toEqual([true, true])
    expect(seller.asked).toEqual([2_000])
  })

  test('does not wait for a giver that can’t be reached, nor does the end of a fetch', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    const dead = neverThere(clock)
    const seller = source(clock, 'seller', call => (call === 1 ? good() : bad('lacksBlock')), 'seller')
    pool.add(dead.it)
    pool.add(seller.it)
    const sold = watch(pool.request(block.cid, 4))
    await clock.run(7_900)
    expect(seller.asked).toEqual([])
    await clock.run(500)
    expect(sold.value?.ok).toBe(true)
    const last = watch(pool.request(blocks[1]?.cid ?? block.cid, 4))
    await clock.run(500)
    expect(last.value).toMatchObject({ ok: false, error: { kind: 'noSource' } })
    expect(dead.asked).toEqual([])
  })

  test('where nobody has answered yet, who is being connected is waited for', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    pool.add(neverThere(clock).it)
    const wanted = watch(pool.request(block.cid, 4))
    await clock.run(20_000)
    expect(wanted.value).toBeUndefined()
    pool.close()
  })
})

describe('who is asked', () => {
  test('a gateway waits for its head start while there is a peer', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    const peer = source(clock, 'peer', () => 'never')
    const gateway = source(clock, 'gateway', () => good(), 'gateway')
    pool.add(gateway.it)
    pool.add(peer.it)
    void pool.request(block.cid, 4)
    await clock.run(5_000)
    expect(peer.asked).toEqual([0])
    expect(gateway.asked).toEqual([3_000])
  })

  test('a gateway is asked at once where no peer is', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    const gateway = source(clock, 'gateway', () => good(), 'gateway')
    pool.add(gateway.it)
    const result = watch(pool.request(block.cid, 4))
    await clock.run(20)
    expect(gateway.asked).toEqual([0])
    expect(result.value).toEqual(ok({ bytes: block.bytes, from: 'gateway' }))
  })

  test('a gateway is asked as soon as the last peer turned out not to have it', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    const gateway = source(clock, 'gateway', () => good(), 'gateway')
    pool.add(gateway.it)
    pool.add(source(clock, 'peer', () => bad('lacksBlock', 50)).it)
    void pool.request(block.cid, 4)
    await clock.run(100)
    expect(gateway.asked).toEqual([50])
  })

  test('more is asked for at a time as answers come quickly', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    const peer = source(clock, 'peer', () => good(10))
    pool.add(peer.it)
    for (const { cid } of blocks) void pool.request(cid, 4)
    await clock.run(5)
    expect(peer.asked.length).toBe(8)
    await clock.run(10)
    expect(peer.asked.length).toBe(20)
  })

  test('who has enough under way is asked for several at a time', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    let line = 0
    const peer = source(clock, 'peer', () => {
      line = Math.max(line, clock.timer.now()) + 10
      return good(line - clock.timer.now())
    })
    pool.add(peer.it)
    const all = watch(
      Promise.all(Array.from({ length: 10 }, () => blocks.map(({ cid }) => pool.request(cid, 4))).flat()),
    )
    await clock.run(2_000)
    expect(all.value?.every(result => result.ok)).toBe(true)
    const together = [...Map.groupBy(peer.asked, at => at).values()].map(({ length }) => length)
    // While its window grows for two, then for a quarter of the sixteen, until none is left.
    expect(together).toEqual([8, 2, 2, 2, ...Array.from({ length: 46 }, () => 4), 2])
  })

  test('a slow source is never given more than it can carry', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    let line = 0
    const peer = source(clock, 'peer', () => {
      // One block in 4.5 s, one after the other.
      line = Math.max(line, clock.timer.now()) + 4_500
      return good(line - clock.timer.now())
    })
    pool.add(peer.it)
    const all = watch(Promise.all(blocks.map(({ cid }) => pool.request(cid, 4))))
    await clock.run(4_500 * blocks.length)
    expect(all.value?.every(result => result.ok)).toBe(true)
  })
})

describe('who is dropped', () => {
  test('one whose bytes do not match, at once and for good', async () => {
    const clock = virtualTime()
    const liars: string[] = []
    const pool = createBlockPool({ timer: clock.timer, times: TIMES, onLiar: ({ name }) => liars.push(name) })
    const liar = source(clock, 'liar', () => garbage())
    const honest = source(clock, 'honest', () => good(200))
    pool.add(liar.it)
    pool.add(honest.it)
    const all = watch(Promise.all(blocks.map(({ cid }) => pool.request(cid, 4))))
    await clock.run(5_000)
    expect(all.value?.every(result => result.ok)).toBe(true)
    expect(liar.asked.length).toBe(8)
    expect(liars).toEqual(['liar'])
    expect(pool.report().detail).toContain('liar: bytes that do not match')
  })

  test('one that is silent, after which its block is asked of nobody in vain', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    pool.add(source(clock, 'mute', () => 'never').it)
    const result = watch(pool.request(block.cid, 4))
    await clock.run(9_999)
    expect(result.value).toBeUndefined()
    await clock.run(1)
    expect(result.value).toEqual(fail({ kind: 'noSource' }))
  })

  test('one that can not be reached, after three tries with growing pauses', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    const gone = source(clock, 'gone', () => bad('unreachable', 0))
    pool.add(gone.it)
    const result = watch(pool.request(block.cid, 4))
    await clock.run(10_000)
    expect(gone.asked).toEqual([0, 500, 1_500])
    expect(result.value).toEqual(fail({ kind: 'noSource' }))
  })

  test('not one that comes back in time', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    pool.add(source(clock, 'shaky', call => (call < 3 ? bad('unreachable', 0) : good())).it)
    const result = watch(pool.request(block.cid, 4))
    await clock.run(2_000)
    expect(result.value?.ok).toBe(true)
  })
})

describe('the end', () => {
  test('does not come while somebody may still join', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    const release = pool.hold()
    const result = watch(pool.request(block.cid, 4))
    await clock.run(60_000)
    expect(result.value).toBeUndefined()
    release()
    release()
    await clock.run(0)
    expect(result.value).toEqual(fail({ kind: 'noSource' }))
  })

  test('closing settles every request and leaves no timer', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    pool.add(source(clock, 'mute', () => 'never').it)
    const all = watch(Promise.all(blocks.map(({ cid }) => pool.request(cid, 4))))
    await clock.run(100)
    pool.close()
    await clock.run(0)
    expect(all.value?.every(result => !result.ok && result.error.kind === 'closed')).toBe(true)
    expect(clock.pending()).toBe(0)
    expect(await pool.request(block.cid, 4)).toEqual(fail({ kind: 'closed' }))
  })

  test('a block that can not be kept ends its request as such', async () => {
    const clock = virtualTime()
    const pool = createBlockPool({ timer: clock.timer, times: TIMES })
    pool.add(source(clock, 'peer', () => bad('notStored')).it)
    const result = watch(pool.request(block.cid, 4))
    await clock.run(20)
    expect(result.value).toEqual(fail({ kind: 'notStored', detail: 'notStored' }))
  })
})

const answer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 4, arbitrary: fc.nat(8_000).map(good) },
  fc.nat(8_000).map(garbage),
  fc
    .tuple(fc.constantFrom('lacksBlock', 'wrongBytes', 'unreachable' as const), fc.nat(8_000))
    .map(([kind, after]) => bad(kind, after)),
  fc.constant<Answer>('never'),
)

describe('whatever the sources do', () => {
  const arbitrarySources = fc.array(
    fc.record({
      kind: fc.constantFrom('peer', 'gateway' as const),
      answers: fc.array(answer, { minLength: 1, maxLength: 6 }),
    }),
    { maxLength: 4 },
  )

  test('every request ends, and only with the bytes that its CID names', async () => {
    await fc.assert(
      fc.asyncProperty(arbitrarySources, async sources => {
        const clock = virtualTime()
        const pool = createBlockPool({ timer: clock.timer, times: TIMES })
        for (const [i, { kind, answers }] of sources.entries())
          pool.add(source(clock, `s${i}`, call => answers[(call - 1) % answers.length] ?? 'never', kind).it)
        const all = watch(Promise.all(blocks.map(({ cid }) => pool.request(cid, 4))))
        await clock.run(3_600_000)
        expect(all.value?.length).toBe(blocks.length)
        for (const [i, result] of (all.value ?? []).entries())
          if (result.ok) expect(result.value.bytes).toEqual(blocks[i]?.bytes)
        pool.close()
      }),
      { numRuns: 150 },
    )
  })

  test('one honest source is enough', async () => {
    await fc.assert(
      fc.asyncProperty(arbitrarySources, fc.nat(2_000), async (sources, delay) => {
        const clock = virtualTime()
        const pool = createBlockPool({ timer: clock.timer, times: TIMES })
        for (const [i, { kind, answers }] of sources.entries())
          pool.add(source(clock, `s${i}`, call => answers[(call - 1) % answers.length] ?? 'never', kind).it)
        pool.add(source(clock, 'honest', () => good(delay)).it)
        const all = watch(Promise.all(blocks.map(({ cid }) => pool.request(cid, 4))))
        await clock.run(3_600_000)
        expect(all.value?.every(result => result.ok)).toBe(true)
        pool.close()
      }),
      { numRuns: 150 },
    )
  })
})
