// Uploads over a bad link to a device that may lie: the exact bytes arrive, or there is an error, and never a loop.
import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VerifiedFirmware } from '../../../src/core/firmware/verified.ts'
import { type CborMap, readUint } from '../../../src/core/smp/cbor.ts'
import { SmpClient } from '../../../src/core/smp/client.ts'
import { SentBytes } from '../../../src/core/smp/sentBytes.ts'
import { type UploadOptions, type UploadProgress, uploadImage } from '../../../src/core/smp/upload.ts'
import { testFirmware } from './firmware.ts'
import {
  answerBytes,
  type LinkOptions,
  type ReceivedRequest,
  type Script,
  ScriptedLink,
} from './scriptedLink.ts'
import { UploadServer } from './uploadServer.ts'
import { VirtualTime } from './virtualTime.ts'

const { bytes, firmware } = testFirmware(3000)
const SERVER = { bufSize: 256, bufCount: 4, checks: true, imageHash: firmware.imageHash }

const isUpload = ({ message }: ReceivedRequest) => message.group === 1 && message.command === 1

interface Setting {
  readonly server?: UploadServer
  readonly script?: Script
  readonly link?: Partial<LinkOptions>
  readonly options?: UploadOptions
}

async function upload({ server = new UploadServer(SERVER), script, link, options }: Setting = {}) {
  const time = new VirtualTime()
  const device = new ScriptedLink({
    timer: time,
    script: script ?? server.answer,
    maxWrite: 100,
    notification: 100,
    ...link,
  })
  const client = new SmpClient(device, { timer: time })
  const progress: UploadProgress[] = []
  const onProgress = (step: UploadProgress) => progress.push(step)
  const result = await time.until(uploadImage(client, firmware, { ...options, onProgress }))
  client.dispose()
  return { result, server, device, time, progress, uploads: device.requests.filter(isUpload) }
}

/** Only uploads go wrong; `change` gets their count, from 1. */
const onUploads = (
  server: UploadServer,
  change: (request: ReceivedRequest, count: number, link: ScriptedLink) => ReturnType<Script>,
): Script => {
  let count = 0
  return (request, link) => (isUpload(request) ? change(request, ++count, link) : server.answer(request))
}

describe('an upload', () => {
  it('brings the exact bytes, each at its place, once', async () => {
    const { result, server } = await upload()
    expect(result).toEqual({
      ok: true,
      value: { resumedFrom: 0, bytesSent: bytes.length, rewinds: 0, deviceChecked: true },
    })
    expect(server.slot).toEqual(bytes)
    let next = 0
    for (const { offset, length } of server.chunks) {
      expect(offset).toBe(next)
      next += length
    }
  })

  it('says what is uploaded in the first packet alone', async () => {
    const { server, uploads } = await upload({ options: { upgradeOnly: true, image: 1 } })
    const [first, ...others] = server.chunks
    expect(first?.keys).toEqual(['data', 'image', 'len', 'off', 'sha', 'upgrade'])
    expect(others.every(({ keys }) => keys.join() === 'data,off')).toBe(true)
    expect(uploads[0]?.body).toMatchObject({ image: 1, len: bytes.length, sha: sha256(bytes), upgrade: true })
  })

  it("fills the device's buffer with each message and never exceeds it", async () => {
    for (const bufSize of [137, 256, 384, 2048]) {
      const server = new UploadServer({ ...SERVER, bufSize })
      const { uploads, result } = await upload({ server, link: { maxWrite: 20 } })
      expect(result.ok).toBe(true)
      const sizes = uploads.map(({ message }) => 8 + message.payload.length)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(bufSize)
      // Of 20 bytes, a whole number of writes; and chunks end on multiples of 8.
      expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(bufSize - 20 - 8 - 2)
    }
  })

  it('leaves a buffer partly empty where the rest would cost a write that carries little', async () => {
    for (const [bufSize, longest] of [
      [256, 244],
      [500, 488],
      [400, 244],
      [470, 470],
    ] as const) {
      const server = new UploadServer({ ...SERVER, bufSize })
      const { uploads } = await upload({ server, link: { maxWrite: 244 } })
      const sizes = uploads.slice(1).map(({ message }) => 8 + message.payload.length)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(longest)
      expect(Math.max(...sizes)).toBeGreaterThan(longest - 10)
    }
  })

  it.each([
    { bufCount: 1, window: 4, expected: 1 },
    { bufCount: 2, window: 4, expected: 1 },
    { bufCount: 4, window: 8, expected: 3 },
    { bufCount: 8, window: 2, expected: 2 },
    { bufCount: 0, window: 4, expected: 1 },
  ])(
    'keeps $expected in flight for $bufCount buffers and a window of $window',
    async ({ bufCount, window, expected }) => {
      let open = 0
      let most = 0
      const time = new VirtualTime()
      const server = new UploadServer({ ...SERVER, bufCount })
      const device: ScriptedLink = new ScriptedLink({
        timer: time,
        maxWrite: 300,
        script: request => {
          most = Math.max(most, ++open)
          const answer = server.answer(request)
          time.after(50, () => {
            open--
            device.reply(request, answer)
          })
          return undefined
        },
      })
      const client = new SmpClient(device, { timer: time })
      expect(await time.until(uploadImage(client, firmware, { window }))).toMatchObject({ ok: true })
      expect(most).toBe(expected)
      expect(server.slot).toEqual(bytes)
    },
  )

  it('sends single writes to a device that tells no buffer size', async () => {
    const { uploads, server } = await upload({
      server: new UploadServer({ checks: true }),
      link: { maxWrite: 182 },
    })
    expect(server.slot).toEqual(bytes)
    expect(Math.max(...uploads.map(({ message }) => 8 + message.payload.length))).toBeLessThanOrEqual(182)
  })

  it('does not ask for what the caller has read already', async () => {
    const { device } = await upload({ options: { params: { bufSize: 256, bufCount: 4 } } })
    expect(device.requests.every(isUpload)).toBe(true)
  })

  it('tells its progress, ending with the whole file', async () => {
    const { progress } = await upload()
    const sent = progress.map(step => step.sent)
    expect(sent).toEqual([...sent].sort((a, b) => a - b))
    expect(progress.at(-1)).toEqual({ sent: bytes.length, total: bytes.length, resumedFrom: 0 })
    expect(progress.length).toBeGreaterThan(10)
  })

  it('takes any sizes of buffer, write and window', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 128, max: 4000 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 20, max: 509 }),
        fc.integer({ min: 1, max: 9 }),
        async (bufSize, bufCount, maxWrite, window) => {
          const server = new UploadServer({ ...SERVER, bufSize, bufCount })
          const { result } = await upload({ server, link: { maxWrite }, options: { window } })
          expect(result).toMatchObject({ ok: true, value: { rewinds: 0 } })
          expect(server.slot).toEqual(bytes)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('refuses a buffer that can not take an image header', async () => {
    const { result, uploads } = await upload({ server: new UploadServer({ ...SERVER, bufSize: 90 }) })
    expect(result).toMatchObject({ ok: false, error: { kind: 'deviceBufferTooSmall' } })
    expect(uploads).toHaveLength(0)
  })

  it('takes nothing but verified firmware', async () => {
    const time = new VirtualTime()
    const client = new SmpClient(new ScriptedLink({ timer: time, script: () => undefined }), { timer: time })
    const lookalike = { size: 4, fileHash: sha256(bytes), chunk: () => bytes } as unknown as VerifiedFirmware
    await expect(uploadImage(client, lookalike)).rejects.toThrow(TypeError)
  })
})

describe('after the link was lost', () => {
  it('at any packet, the next upload goes on where the device is', async () => {
    const packets = (await upload()).uploads.length
    expect(packets).toBeGreaterThan(12)
    for (let cutAt = 1; cutAt <= packets; cutAt++) {
      const server = new UploadServer(SERVER)
      const script = onUploads(server, (request, count, link) => {
        const answer = server.answer(request)
        if (count === cutAt) link.cut('lost')
        return answer
      })
      const { result: lost } = await upload({ server, script })
      expect(lost).toMatchObject({ ok: false, error: { kind: 'linkLost', loss: 'lost' } })
      const kept = server.offset
      const { result } = await upload({ server })
      const expected = cutAt === 1 || cutAt === packets ? 0 : kept
      expect(result).toMatchObject({ ok: true, value: { resumedFrom: expected } })
      expect(server.slot).toEqual(bytes)
    }
  })

  it('in the middle of a packet, the next upload goes on too', async () => {
    const writes = (await upload()).device.writes.length
    for (let cutAt = 2; cutAt < writes; cutAt += 3) {
      const server = new UploadServer(SERVER)
      const cut: Partial<LinkOptions> = {
        onWrite: (written, count, link) => {
          if (count === cutAt) link.cut('lost')
          return written
        },
      }
      expect((await upload({ server, link: cut })).result).toMatchObject({
        ok: false,
        error: { kind: 'linkLost' },
      })
      expect((await upload({ server })).result.ok).toBe(true)
      expect(server.slot).toEqual(bytes)
    }
  })

  it('with everything stored, nothing but the opening packet is sent', async () => {
    const script: Script = request => (isUpload(request) ? { off: bytes.length, match: true } : { rc: 8 })
    const { result, uploads } = await upload({ script })
    expect(result).toMatchObject({ ok: true, value: { resumedFrom: bytes.length, deviceChecked: true } })
    expect(uploads).toHaveLength(1)
  })
})

describe('on a bad link', () => {
  it.each(['request', 'answer'])('any one %s can be lost', async lost => {
    const packets = (await upload()).uploads.length
    for (let lostAt = 1; lostAt <= packets; lostAt++) {
      const server = new UploadServer(SERVER)
      const script = onUploads(server, (request, count) => {
        if (count !== lostAt) return server.answer(request)
        if (lost === 'answer') server.answer(request)
        return undefined
      })
      const { result, time } = await upload({ server, script })
      expect(result.ok).toBe(true)
      expect(server.slot).toEqual(bytes)
      expect(time.now()).toBeLessThan(60_000)
    }
  })

  it('a packet lost in the middle is noticed by the next answer, without waiting for a time-out', async () => {
    const server = new UploadServer(SERVER)
    const script = onUploads(server, (request, count) => (count === 5 ? undefined : server.answer(request)))
    const { result, time } = await upload({ server, script })
    expect(result).toMatchObject({ ok: true, value: { rewinds: 1 } })
    expect(time.now()).toBeLessThan(1_000)
  })

  it('answers can come twice', async () => {
    const server = new UploadServer(SERVER)
    const script = onUploads(server, request => {
      const answer = answerBytes(request, server.answer(request))
      return [answer, answer]
    })
    expect((await upload({ server, script })).result).toMatchObject({ ok: true, value: { rewinds: 0 } })
    expect(server.slot).toEqual(bytes)
  })

  it('answers can overtake each other', async () => {
    const server = new UploadServer(SERVER)
    let kept: Uint8Array | undefined
    const script = onUploads(server, (request, count) => {
      const answer = answerBytes(request, server.answer(request))
      if (count > 1 && count % 2 === 0 && server.slot === undefined) {
        kept = answer
        return undefined
      }
      const both = kept ? [answer, kept] : [answer]
      kept = undefined
      return both
    })
    expect((await upload({ server, script })).result.ok).toBe(true)
    expect(server.slot).toEqual(bytes)
  })

  it('arbitrary losses end in the exact bytes or in an error, in bounded time', async () => {
    let completed = 0
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(
          fc.constantFrom('ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'noRequest', 'noAnswer', 'garbled', 'twice'),
        ),
        async faults => {
          const server = new UploadServer(SERVER)
          const script = onUploads(server, request => {
            const fault = faults.next().value
            if (fault === 'noRequest') return undefined
            const answer = server.answer(request)
            if (fault === 'noAnswer') return undefined
            if (fault === 'garbled') return [Uint8Array.of(0xff, 1, 2, 3)]
            const bytesOfAnswer = answerBytes(request, answer)
            return fault === 'twice' ? [bytesOfAnswer, bytesOfAnswer] : answer
          })
          const { result, time } = await upload({ server, script })
          if (result.ok) {
            completed++
            expect(server.slot).toEqual(bytes)
          }
          expect(time.now()).toBeLessThan(1_000_000)
        },
      ),
      { numRuns: 40 },
    )
    expect(completed).toBeGreaterThan(20)
  })

  it('silence is an error in less than two minutes, whenever it begins', async () => {
    for (const silentFrom of [1, 2, 8]) {
      const server = new UploadServer(SERVER)
      const script = onUploads(server, (request, count) =>
        count >= silentFrom ? undefined : server.answer(request),
      )
      const { result, time } = await upload({ server, script })
      expect(result).toMatchObject({ ok: false, error: { kind: 'timeout' } })
      expect(time.now()).toBeLessThan(120_000)
    }
  })

  it('a device that takes half a minute to erase is waited for', async () => {
    const server = new UploadServer(SERVER)
    const script = onUploads(server, (request, count, link) => {
      const answer = server.answer(request)
      if (count > 1) return answer
      time.after(30_000, () => link.reply(request, answer))
      return undefined
    })
    const time = new VirtualTime()
    const device = new ScriptedLink({ timer: time, script, maxWrite: 100 })
    const result = await time.until(uploadImage(new SmpClient(device, { timer: time }), firmware))
    expect(result).toMatchObject({ ok: true, value: { rewinds: 0 } })
  })
})

describe('a device', () => {
  it('that restarted and forgot is told again what is uploaded', async () => {
    const server = new UploadServer(SERVER)
    const script = onUploads(server, (request, count) => {
      if (count === 7) server.forget()
      return server.answer(request)
    })
    const { result } = await upload({ server, script })
    expect(result).toMatchObject({ ok: true, value: { rewinds: 1 } })
    expect(server.slot).toEqual(bytes)
    expect(server.chunks.filter(({ offset }) => offset === 0)).toHaveLength(2)
  })

  it('whose last answer was lost is asked what it holds, not sent everything again', async () => {
    const server = new UploadServer({ ...SERVER, checks: false })
    const script = onUploads(server, request => {
      const answer = server.answer(request)
      return server.slot ? undefined : answer
    })
    const { result, uploads, device } = await upload({ server, script })
    expect(result).toMatchObject({ ok: true, value: { bytesSent: bytes.length, deviceChecked: false } })
    expect(device.requests.at(-1)?.message).toMatchObject({ group: 1, command: 0 })
    expect(uploads.filter(({ body }) => readUint(body, 'off') === 0)).toHaveLength(1)
  })

  it.each<[string, CborMap]>([
    ['runs it already', { slot: 0, active: true }],
    ['holds it for another core', { image: 1, slot: 1 }],
    ['holds another image', { slot: 1, hash: new Uint8Array(32) }],
    ['tells no hash', { slot: 1, hash: null }],
  ])('whose last answer was lost and that %s is sent it again', async (_, entry) => {
    const server = new UploadServer({ ...SERVER, checks: false })
    const slot = { version: '1.1.0', hash: firmware.imageHash, ...entry }
    let isLost = false
    const script: Script = request => {
      if (request.message.group === 1 && request.message.command === 0) return { images: [slot] }
      const answer = server.answer(request)
      if (!server.slot || isLost) return answer
      isLost = true
      return undefined
    }
    const { result, uploads } = await upload({ server, script })
    expect(result.ok).toBe(true)
    expect(uploads.filter(({ body }) => readUint(body, 'off') === 0)).toHaveLength(2)
  })

  it('that restarts while packets are in flight is heard out before it is sent more', async () => {
    const server = new UploadServer(SERVER)
    const script = onUploads(server, (request, count) => {
      if (count === 5) return undefined
      if (count === 7) server.forget()
      return server.answer(request)
    })
    expect((await upload({ server, script })).result).toMatchObject({ ok: true, value: { rewinds: 1 } })
    expect(server.slot).toEqual(bytes)
  })

  it('that stored something else is found out', async () => {
    const server = new UploadServer(SERVER)
    const script = onUploads(server, request => {
      const answer = server.answer(request)
      return 'match' in answer ? { ...answer, match: false } : answer
    })
    expect((await upload({ server, script })).result).toEqual({
      ok: false,
      error: { kind: 'storedFileDiffers' },
    })
  })

  it.each<[string, CborMap]>([
    ['the image is too large', { err: { group: 1, rc: 30 } }],
    ['the magic is bad', { err: { group: 1, rc: 23 } }],
    ['its own is newer', { err: { group: 1, rc: 27 } }],
    ['the state forbids it, in version 1', { rc: 6 }],
    ['it is not allowed', { rc: 11 }],
  ])('that says %s is not asked again', async (_, answer) => {
    const { result, uploads } = await upload({ script: onUploads(new UploadServer(SERVER), () => answer) })
    expect(result).toMatchObject({ ok: false, error: { kind: 'deviceError' } })
    expect(uploads).toHaveLength(1)
  })

  it.each([2, 10])('that runs out of buffers (rc %i) gets one request at a time', async rc => {
    const server = new UploadServer(SERVER)
    let failedAt = Number.POSITIVE_INFINITY
    let open = 0
    let most = 0
    const script = onUploads(server, (request, count, link) => {
      if (++open > 1 && failedAt === Number.POSITIVE_INFINITY) failedAt = count
      if (count > failedAt + 3) most = Math.max(most, open)
      const answer = count === failedAt ? { rc } : server.answer(request)
      link.after(50, () => {
        open--
        link.reply(request, answer)
      })
      return undefined
    })
    expect((await upload({ server, script })).result.ok).toBe(true)
    expect(most).toBe(1)
    expect(server.slot).toEqual(bytes)
  })

  it('that got a garbled message is sent it again', async () => {
    const server = new UploadServer(SERVER)
    const script = onUploads(server, (request, count) => (count === 6 ? { rc: 9 } : server.answer(request)))
    expect((await upload({ server, script })).result).toMatchObject({ ok: true, value: { rewinds: 1 } })
    expect(server.slot).toEqual(bytes)
  })

  it.each<[string, CborMap | undefined]>([
    ['says that they are too long', { rc: 7 }],
    ['does not answer them', undefined],
  ])('that puts no messages together and %s gets single writes', async (_, answer) => {
    const server = new UploadServer(SERVER)
    const script = onUploads(server, request =>
      8 + request.message.payload.length > 128 ? answer : server.answer(request),
    )
    expect((await upload({ server, script, link: { maxWrite: 128 } })).result.ok).toBe(true)
    expect(server.slot).toEqual(bytes)
  })

  it.each<[string, CborMap]>([
    ['beyond what was sent', { off: 3000 }],
    ['beyond the file', { off: bytes.length + 1 }],
    ['beyond 2^53', { off: 2n ** 60n }],
    ['negative', { off: -1 }],
    ['a fraction', { off: 0.5 }],
    ['text', { off: '256' }],
    ['absent', {}],
  ])('that names an offset %s is not believed', async (_, answer) => {
    const server = new UploadServer(SERVER)
    const script = onUploads(server, (request, count) => (count >= 3 ? answer : server.answer(request)))
    const { result, uploads } = await upload({ server, script })
    expect(result).toMatchObject({ ok: false })
    if (!result.ok) expect(['badUploadOffset', 'malformed']).toContain(result.error.kind)
    expect(uploads.length).toBeLessThan(30)
  })

  it('that names one wrong offset behind a lost packet is not believed', async () => {
    const server = new UploadServer(SERVER)
    const script = onUploads(server, (request, count) =>
      count === 5 ? undefined : count === 7 ? { off: 2900 } : server.answer(request),
    )
    expect((await upload({ server, script })).result).toMatchObject({ error: { kind: 'badUploadOffset' } })
  })

  it('that names one wrong offset is not believed', async () => {
    const server = new UploadServer(SERVER)
    const script = onUploads(server, (request, count) =>
      count === 5 ? { off: 2900 } : server.answer(request),
    )
    expect((await upload({ server, script })).result).toMatchObject({ error: { kind: 'badUploadOffset' } })
  })

  it('that says a wrong offset for the end of the opening packet is not believed either', async () => {
    const { result } = await upload({
      script: onUploads(new UploadServer(SERVER), () => ({ off: bytes.length + 1 })),
    })
    expect(result).toMatchObject({ ok: false, error: { kind: 'badUploadOffset' } })
  })

  it.each<[string, (count: number, request: ReceivedRequest) => number]>([
    ['stays at 0', () => 0],
    ['stays in the middle', () => 256],
    ['goes to and fro', count => (count % 2) * 128],
    ['gets on by one byte at a time', count => Math.min(count, bytes.length - 1)],
  ])('that %s is given up', async (_, offset) => {
    let count = 0
    const script = onUploads(new UploadServer(SERVER), request => ({ off: offset(++count, request) }))
    const { result, device } = await upload({ script })
    expect(result).toMatchObject({ ok: false, error: { kind: 'uploadStalled' } })
    expect(device.requests.length).toBeLessThan(2000)
  })

  it('that answers at random is survived', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat(bytes.length)), async offsets => {
        const script = onUploads(new UploadServer(SERVER), () => ({ off: offsets.next().value ?? 0 }))
        const { device } = await upload({ script })
        expect(device.requests.length).toBeLessThan(2000)
      }),
      { numRuns: 30 },
    )
  })
})

describe('cancelling', () => {
  it('stops at once, and the next upload goes on from there', async () => {
    const server = new UploadServer(SERVER)
    const abort = new AbortController()
    const script = onUploads(server, (request, count) => {
      if (count === 8) abort.abort()
      return server.answer(request)
    })
    const { result, uploads } = await upload({ server, script, options: { signal: abort.signal } })
    expect(result).toEqual({ ok: false, error: { kind: 'cancelled' } })
    expect(uploads.length).toBeLessThan(12)
    const kept = server.offset
    expect((await upload({ server })).result).toMatchObject({ ok: true, value: { resumedFrom: kept } })
    expect(server.slot).toEqual(bytes)
  })
})

describe('the bytes on their way out', () => {
  const corrupt = (from: number) =>
    ({
      sizeOf: () => bytes.length,
      hashOf: () => sha256(bytes),
      chunk: (offset: number, length: number) =>
        bytes.slice(offset, offset + length).map((byte, i) => (offset + i === from ? byte ^ 1 : byte)),
    }) as unknown as VerifiedFirmware

  it.each([0, 700, bytes.length - 1])('are not completed when byte %i changed in memory', from => {
    const sent = new SentBytes(corrupt(from))
    expect(sent.take(0, 1000)).toBeDefined()
    expect(sent.take(1000, bytes.length - 1000)).toBeUndefined()
  })

  it('are completed after a resume and after repeats', () => {
    const sent = new SentBytes(firmware)
    sent.take(0, 100)
    sent.take(900, 100)
    sent.take(950, 100)
    const rest = sent.take(1000, bytes.length - 1000)
    expect(rest).toEqual(bytes.slice(1000))
    expect(sent.take(1000, bytes.length - 1000)).toEqual(rest)
  })
})
