// The client against a device that answers wrongly, late, twice, in pieces, in another order, or never.
import { getEventListeners } from 'node:events'
import { hexToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SmpClient, type SmpClientOptions, type SmpRequest } from '../../../src/core/smp/client.ts'
import { encodeMessage, SmpOp, SmpVersion } from '../../../src/core/smp/message.ts'
import { LinkError } from '../../../src/core/smp/transport.ts'
import {
  answerBytes,
  type LinkOptions,
  type ReceivedRequest,
  type Script,
  ScriptedLink,
} from './scriptedLink.ts'
import { VirtualTime } from './virtualTime.ts'

const ECHO: SmpRequest = { op: 'write', group: 0, command: 0, body: { d: 'hello' } }
const echoes: Script = ({ body }) => ({ r: body.d ?? '' })

function setUp(script: Script, link: Partial<LinkOptions> = {}, options: Partial<SmpClientOptions> = {}) {
  const time = new VirtualTime()
  const device = new ScriptedLink({ timer: time, script, ...link })
  const client = new SmpClient(device, { timer: time, ...options })
  return { time, device, client, ask: (request = ECHO) => time.until(client.request(request)) }
}

const held = () => {
  const requests: ReceivedRequest[] = []
  const script: Script = request => {
    requests.push(request)
    return undefined
  }
  return { requests, script }
}

const at = (requests: readonly ReceivedRequest[], index: number): ReceivedRequest => {
  const request = requests[index]
  if (!request) throw new Error(`request ${index} did not arrive`)
  return request
}

describe('a request', () => {
  it('is answered', async () => {
    const { ask } = setUp(echoes)
    expect(await ask()).toEqual({ ok: true, value: { r: 'hello' } })
  })

  it('goes out in version 2, in writes of what the link takes, one at a time and whole', async () => {
    const { device, time, client } = setUp(echoes, { maxWrite: 7 })
    const texts = ['first', 'second', 'third']
    await time.until(Promise.all(texts.map(d => client.request({ ...ECHO, body: { d } }))))
    expect(device.requests.map(({ body }) => body.d)).toEqual(texts)
    expect(device.requests.every(({ message }) => message.version === SmpVersion.v2)).toBe(true)
    expect(Math.max(...device.writes.map(write => write.length))).toBe(7)
    expect(device.overlapped).toBe(false)
  })

  it.each(['bytes per notification of 1', 'answers in one notification'])('takes %s', async size => {
    const { ask } = setUp(echoes, { notification: size.endsWith('1') ? 1 : 500 })
    expect(await ask()).toMatchObject({ ok: true })
  })

  it('numbers 300 requests so that none in flight share a number', async () => {
    const { device, time, client } = setUp(echoes)
    for (let i = 0; i < 300; i++) await time.until(client.request(ECHO))
    const numbers = device.requests.map(({ message }) => message.sequence)
    expect(numbers.slice(0, 3)).toEqual([0, 1, 2])
    expect(new Set(numbers.slice(0, 256)).size).toBe(256)
  })

  it('is refused when 256 are waiting, rather than mixed up', async () => {
    const { script } = held()
    const { time, client } = setUp(script)
    const all = Array.from({ length: 257 }, () => client.request(ECHO))
    const results = await time.until(Promise.all(all))
    expect(results.filter(result => !result.ok && result.error.kind === 'unexpected')).toHaveLength(1)
    expect(results.filter(result => !result.ok && result.error.kind === 'timeout')).toHaveLength(256)
  })

  it('leaves no timer and no listener behind', async () => {
    const { ask, time, client, device } = setUp(echoes)
    const abort = new AbortController()
    await ask({ ...ECHO, signal: abort.signal })
    client.dispose()
    expect(time.waiting).toBe(0)
    expect(device.listeners).toBe(0)
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0)
  })
})

describe('answers', () => {
  it('are matched in whatever order they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), async order => {
        const { requests, script } = held()
        const { time, client, device } = setUp(script)
        const asked = ['a', 'b', 'c', 'd', 'e'].map(d => client.request({ ...ECHO, body: { d } }))
        await time.pass(10)
        for (const index of order) {
          const request = at(requests, index)
          device.reply(request, { r: request.body.d ?? '' })
        }
        const results = await time.until(Promise.all(asked))
        expect(results.map(result => result.ok && result.value.r)).toEqual(['a', 'b', 'c', 'd', 'e'])
      }),
      { numRuns: 20 },
    )
  })

  it('that come twice are counted and dropped', async () => {
    const { ask, client } = setUp(request => {
      const bytes = answerBytes(request, { r: 'hello' })
      return [bytes, bytes]
    })
    expect(await ask()).toMatchObject({ ok: true })
    expect(await ask()).toMatchObject({ ok: true })
    expect(client.ignoredResponses).toBe(2)
  })

  it('that come late do not answer the next request', async () => {
    let count = 0
    const { requests, script } = held()
    const { ask, time, client, device } = setUp((request, link) =>
      ++count === 1 ? script(request, link) : { r: 'second' },
    )
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'timeout' } })
    const second = client.request(ECHO)
    device.reply(at(requests, 0), { r: 'first' })
    expect(await time.until(second)).toEqual({ ok: true, value: { r: 'second' } })
    expect(client.ignoredResponses).toBe(1)
  })

  it('can come before the link says that it took the last byte', async () => {
    const { ask } = setUp(() => undefined, {
      onWrite: async (bytes, _, link) => {
        const header = { version: SmpVersion.v2, flags: 0, group: 0, sequence: 0, command: 0 }
        link.notify(encodeMessage({ ...header, op: SmpOp.writeResponse, payload: hexToBytes('a0') }))
        return bytes
      },
    })
    expect(await ask()).toEqual({ ok: true, value: {} })
  })

  it.each<[string, (request: ReceivedRequest) => Uint8Array]>([
    ['another group', request => answerBytes(request, {}, { group: 1 })],
    ['another command', request => answerBytes(request, {}, { command: 5 })],
    ['the op of a read', request => answerBytes(request, {}, { op: SmpOp.readResponse })],
    ['a request', request => answerBytes(request, {}, { op: SmpOp.write })],
  ])('to %s are an error', async (_, answer) => {
    const { ask } = setUp(request => [answer(request)])
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'unexpected' } })
  })

  it('with a sequence number that nobody used are dropped', async () => {
    const { ask, client } = setUp(request => [answerBytes(request, {}, { sequence: 77 })])
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'timeout' } })
    expect(client.ignoredResponses).toBe(1)
  })

  it.each<[string, string]>([
    ['CBOR that breaks off', 'bf6172'],
    ['no body', ''],
    ['a list', '80'],
    ['an rc that is text', 'a16272636130'],
  ])('with %s are malformed', async (_, hex) => {
    const { ask } = setUp(request => [answerBytes(request, {}, { payload: hexToBytes(hex) })])
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'malformed' } })
  })

  it('that are no SMP are malformed at once, and the next request is answered', async () => {
    let count = 0
    const { ask, time } = setUp(() => (++count === 1 ? [Uint8Array.of(0xff, 0xff, 0xff)] : { r: 'ok' }))
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'malformed' } })
    expect(time.now()).toBeLessThan(100)
    expect(await ask()).toMatchObject({ ok: true })
  })

  it('longer than the limit are malformed', async () => {
    const { ask } = setUp(() => ({ r: 'x'.repeat(200) }), {}, { maxResponse: 100 })
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'malformed' } })
  })

  it('that break off do not swallow the next one', async () => {
    let count = 0
    const { ask } = setUp(request =>
      ++count === 1 ? [answerBytes(request, { r: 'cut' }).slice(0, 10)] : { r: 'ok' },
    )
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'timeout' } })
    expect(await ask()).toEqual({ ok: true, value: { r: 'ok' } })
  })

  it('that break off do not swallow the next one, even right after', async () => {
    let count = 0
    const { ask } = setUp(request =>
      ++count === 1 ? [answerBytes(request, { r: 'cut' }).slice(0, 10)] : { r: 'ok' },
    )
    expect(await ask({ ...ECHO, timeoutMs: 100 })).toMatchObject({ error: { kind: 'timeout' } })
    expect(await ask()).toEqual({ ok: true, value: { r: 'ok' } })
  })

  it('that break off do not swallow those of others that still wait', async () => {
    const { requests, script } = held()
    const { time, client, device } = setUp(script)
    const short = client.request(ECHO)
    const long = client.request({ ...ECHO, timeoutMs: 40_000 })
    await time.pass(10)
    device.notify(answerBytes(at(requests, 0), { r: 'cut' }).slice(0, 10))
    expect(await time.until(short)).toMatchObject({ error: { kind: 'timeout' } })
    await time.pass(1_000)
    device.reply(at(requests, 1), { r: 'whole' })
    expect(await time.until(long)).toEqual({ ok: true, value: { r: 'whole' } })
  })

  it('that come 256 requests late are not taken for the answer to another command', async () => {
    const { requests, script } = held()
    let count = 0
    const { ask, time, client, device } = setUp((request, link) => {
      count++
      return count === 1 || count === 257 ? script(request, link) : { r: 'ok' }
    })
    await ask()
    for (let i = 0; i < 255; i++) await ask()
    const other = client.request({ ...ECHO, command: 5 })
    await time.pass(10)
    expect(at(requests, 1).message.sequence).toBe(at(requests, 0).message.sequence)
    device.reply(at(requests, 0), { r: 'late' })
    device.reply(at(requests, 1), { right: true })
    expect(await time.until(other)).toEqual({ ok: true, value: { right: true } })
  })

  it('before the request was sent are no answers', async () => {
    const early = encodeMessage({
      op: SmpOp.writeResponse,
      version: SmpVersion.v2,
      flags: 0,
      group: 0,
      sequence: 0,
      command: 0,
      payload: hexToBytes('a0'),
    })
    const { ask, client } = setUp(echoes, {
      onWrite: (bytes, count, link) => {
        if (count === 1) link.notify(early)
        return bytes
      },
    })
    expect(await ask({ ...ECHO, body: { d: 'x'.repeat(30) } })).toEqual({
      ok: true,
      value: { r: 'x'.repeat(30) },
    })
    expect(client.ignoredResponses).toBe(1)
  })

  it('that say an error carry its group, code and name', async () => {
    const { ask } = setUp(() => ({ err: { group: 1, rc: 30 } }))
    expect(await ask()).toMatchObject({
      ok: false,
      error: { kind: 'deviceError', group: 1, rc: 30, name: 'IMG_MGMT_ERR_INVALID_IMAGE_TOO_LARGE' },
    })
  })

  it('of random bytes never throw and never hang', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), async chunks => {
        const { ask } = setUp(() => chunks)
        const result = await ask()
        expect(
          result.ok || ['timeout', 'malformed', 'unexpected', 'deviceError'].includes(result.error.kind),
        ).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})

describe('time', () => {
  it('ends a request that is not answered, after 5 s or what the request says', async () => {
    const { script } = held()
    const { ask, time } = setUp(script)
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'timeout' } })
    expect(time.now()).toBe(5_000)
    await ask({ ...ECHO, timeoutMs: 40_000 })
    expect(time.now()).toBe(45_000)
  })

  it('begins when the last byte was taken', async () => {
    const { time, ask } = setUp(() => undefined, {
      onWrite: async bytes => {
        await new Promise<void>(resolve => time.after(4_000, resolve))
        return bytes
      },
    })
    expect(await ask({ ...ECHO, body: { d: 'x'.repeat(40) } })).toMatchObject({ error: { kind: 'timeout' } })
    expect(time.now()).toBe(4_000 * 3 + 5_000)
  })

  it('ends the link when a write never ends', async () => {
    const { time, client } = setUp(echoes, { onWrite: () => new Promise<Uint8Array>(() => {}) })
    const results = await time.until(Promise.all([client.request(ECHO), client.request(ECHO)]))
    expect(results).toMatchObject([
      { error: { kind: 'linkLost', loss: 'timeout' } },
      { error: { kind: 'linkLost', loss: 'timeout' } },
    ])
    expect(await time.until(client.request(ECHO))).toMatchObject({ error: { kind: 'linkLost' } })
  })
})

describe('loss of the link', () => {
  it('fails everything under way and everything after, at once, with its reason', async () => {
    const { script } = held()
    const { time, client, device } = setUp(script)
    const all = [client.request(ECHO), client.request(ECHO), client.request(ECHO)]
    await time.pass(100)
    device.cut('lost')
    const lost = { ok: false, error: { kind: 'linkLost', loss: 'lost' } }
    expect(await time.until(Promise.all(all))).toMatchObject([lost, lost, lost])
    expect(time.now()).toBe(100)
    expect(await time.until(client.request(ECHO))).toMatchObject(lost)
    expect(time.waiting).toBe(0)
  })

  it('before the client was made is seen', async () => {
    const time = new VirtualTime()
    const device = new ScriptedLink({ timer: time, script: echoes })
    device.cut('closed')
    const client = new SmpClient(device, { timer: time })
    expect(await time.until(client.request(ECHO))).toMatchObject({
      error: { kind: 'linkLost', loss: 'closed' },
    })
    expect(device.listeners).toBe(0)
  })

  it('at any write ends the request, without a hang', async () => {
    for (let cutAt = 1; cutAt <= 5; cutAt++) {
      const { ask } = setUp(echoes, {
        onWrite: (bytes, count, link) => {
          if (count === cutAt) link.cut('lost')
          return bytes
        },
      })
      const result = await ask({ ...ECHO, body: { d: 'x'.repeat(80) } })
      expect(result).toMatchObject({ ok: false, error: { kind: 'linkLost', loss: 'lost' } })
    }
  })
})

describe('a write that the link refuses', () => {
  const refuseAt = (refused: number, loss: 'busy' | 'timeout') => ({
    onWrite: (bytes: Uint8Array, count: number) => {
      if (count === refused) throw new LinkError(loss, 'not now')
      return bytes
    },
  })

  it('fails that request alone, when the device got nothing of it', async () => {
    const { ask } = setUp(echoes, refuseAt(1, 'busy'))
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'linkLost', loss: 'busy' } })
    expect(await ask()).toMatchObject({ ok: true })
  })

  it('in the middle of a message ends the link: the device would take the next one for its rest', async () => {
    const { ask } = setUp(echoes, refuseAt(2, 'busy'))
    expect(await ask({ ...ECHO, body: { d: 'x'.repeat(40) } })).toMatchObject({ error: { kind: 'linkLost' } })
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'linkLost' } })
  })

  it('that may have arrived ends the link', async () => {
    const { ask } = setUp(echoes, refuseAt(1, 'timeout'))
    expect(await ask()).toMatchObject({ error: { kind: 'linkLost', loss: 'timeout' } })
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'linkLost' } })
  })
})

describe('cancelling', () => {
  it('ends the request at once, and its late answer is dropped', async () => {
    const { requests, script } = held()
    const { time, client, device } = setUp(script)
    const abort = new AbortController()
    const asked = client.request({ ...ECHO, signal: abort.signal })
    await time.pass(10)
    abort.abort()
    expect(await time.until(asked)).toEqual({ ok: false, error: { kind: 'cancelled' } })
    expect(time.now()).toBe(10)
    device.reply(at(requests, 0), { r: 'late' })
    expect(client.ignoredResponses).toBe(1)
  })

  it('before its turn takes the request out of the queue', async () => {
    const { time, client, device } = setUp(echoes, { maxWrite: 5 })
    const abort = new AbortController()
    const first = client.request(ECHO)
    const second = client.request({ ...ECHO, body: { d: 'never' }, signal: abort.signal })
    abort.abort()
    expect(await time.until(second)).toMatchObject({ error: { kind: 'cancelled' } })
    expect(await time.until(first)).toMatchObject({ ok: true })
    expect(device.requests).toHaveLength(1)
  })

  it('in the middle of a message still sends the rest, for the sake of the next one', async () => {
    const abort = new AbortController()
    const { ask } = setUp(echoes, {
      onWrite: (bytes, count) => {
        if (count === 1) abort.abort()
        return bytes
      },
    })
    const long = { ...ECHO, body: { d: 'x'.repeat(60) }, signal: abort.signal }
    expect(await ask(long)).toMatchObject({ error: { kind: 'cancelled' } })
    expect(await ask()).toEqual({ ok: true, value: { r: 'hello' } })
  })

  it('before asking sends nothing', async () => {
    const { ask, device } = setUp(echoes)
    expect(await ask({ ...ECHO, signal: AbortSignal.abort() })).toMatchObject({
      error: { kind: 'cancelled' },
    })
    expect(device.writes).toHaveLength(0)
  })

  it('by a handle ends as cancelled', async () => {
    const { script } = held()
    const { time, client } = setUp(script)
    const pending = client.send(ECHO)
    pending.forget()
    expect(await time.until(pending.reply)).toMatchObject({ error: { kind: 'cancelled' } })
  })
})

describe('the version', () => {
  it('falls back to 1 for a device that calls 2 too new, and stays there', async () => {
    const { ask, device, client } = setUp(({ message, body }) =>
      message.version === SmpVersion.v2 ? { rc: 13 } : { r: body.d ?? '' },
    )
    expect(await ask()).toEqual({ ok: true, value: { r: 'hello' } })
    expect(client.protocolVersion).toBe(1)
    await ask()
    expect(device.requests.map(({ message }) => message.version)).toEqual([1, 0, 0])
  })

  it('follows a device that answers in version 1', async () => {
    const { ask, client } = setUp(request => [
      answerBytes(request, { rc: 0, r: 'x' }, { version: SmpVersion.v1 }),
    ])
    expect(await ask()).toMatchObject({ ok: true })
    expect(client.protocolVersion).toBe(1)
  })

  it('goes back to 2 for a device that calls 1 too old', async () => {
    let count = 0
    const { ask, client } = setUp(request =>
      ++count === 1
        ? [answerBytes(request, {}, { version: SmpVersion.v1 })]
        : request.message.version === SmpVersion.v1
          ? { rc: 12 }
          : { r: 'ok' },
    )
    await ask()
    expect(await ask()).toEqual({ ok: true, value: { r: 'ok' } })
    expect(client.protocolVersion).toBe(2)
  })

  it('refused in both ways is an error, not a loop', async () => {
    const { ask, device } = setUp(({ message }) => ({ rc: message.version === SmpVersion.v2 ? 13 : 12 }))
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'deviceError', rc: 12 } })
    expect(device.requests).toHaveLength(2)
  })
})
