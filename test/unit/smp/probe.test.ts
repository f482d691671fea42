// The write size probe on links that take, refuse, lose or cut long writes.
import { describe, expect, it } from 'vitest'
import { SmpClient } from '../../../src/core/smp/client.ts'
import { echo } from '../../../src/core/smp/os.ts'
import { probeWriteSize } from '../../../src/core/smp/probe.ts'
import { LinkError } from '../../../src/core/smp/transport.ts'
import { type LinkOptions, type Script, ScriptedLink } from './scriptedLink.ts'
import { VirtualTime } from './virtualTime.ts'

const echoes: Script = ({ message, body }) => (message.group === 0 ? { r: body.d ?? '' } : { rc: 8 })

function setUp(onWrite?: LinkOptions['onWrite'], script: Script = echoes) {
  const time = new VirtualTime()
  const device = new ScriptedLink({ timer: time, script, ...(onWrite && { onWrite }) })
  const client = new SmpClient(device, { timer: time })
  return { time, device, client }
}

describe('the write size', () => {
  it('is the largest that is tried, on a link that takes everything', async () => {
    const { time, client, device } = setUp()
    expect(await time.until(probeWriteSize(client))).toEqual({
      ok: true,
      value: { writeSize: 495, inSync: true },
    })
    expect(client.writeSize).toBe(495)
    expect(device.writes.map(write => write.length)).toEqual([20, 182, 244, 495])
  })

  it.each([20, 182, 200, 244, 494, 495, 508])(
    'is found on a link that refuses more than %i bytes',
    async limit => {
      const { time, client } = setUp(bytes => {
        if (bytes.length > limit) throw new LinkError('refused', 'too long')
        return bytes
      })
      const expected = Math.max(...[20, 182, 244, 495].filter(size => size <= limit))
      expect(await time.until(probeWriteSize(client))).toEqual({
        ok: true,
        value: { writeSize: expected, inSync: true },
      })
      expect(time.now()).toBeLessThan(100)
      expect(await time.until(echo(client, 'still there'))).toEqual({ ok: true, value: 'still there' })
    },
  )

  it.each([20, 182, 244])('is found on a link that drops more than %i bytes in silence', async limit => {
    const { time, client } = setUp(bytes => (bytes.length > limit ? new Uint8Array() : bytes))
    expect(await time.until(probeWriteSize(client))).toEqual({
      ok: true,
      value: { writeSize: limit, inSync: true },
    })
    expect(await time.until(echo(client, 'still there'))).toEqual({ ok: true, value: 'still there' })
  })

  it.each([20, 61, 182, 185, 244, 300, 495])(
    'is found on a link that cuts writes at %i bytes, and the device is in step again',
    async limit => {
      const { time, client } = setUp(bytes => bytes.slice(0, limit))
      const expected = Math.max(...[20, 182, 244, 495].filter(size => size <= limit))
      expect(await time.until(probeWriteSize(client))).toEqual({
        ok: true,
        value: { writeSize: expected, inSync: true },
      })
      expect(await time.until(echo(client, 'still there'))).toEqual({ ok: true, value: 'still there' })
      expect(time.now()).toBeLessThan(10_000)
    },
  )

  it('is never larger than what the device buffers', async () => {
    const { time, client, device } = setUp()
    expect(await time.until(probeWriteSize(client, { bufSize: 256 }))).toMatchObject({
      value: { writeSize: 244 },
    })
    expect(Math.max(...device.writes.map(write => write.length))).toBe(244)
  })

  it('is not raised by an echo that came back wrong', async () => {
    const { time, client } = setUp(undefined, ({ body }) => {
      const text = String(body.d)
      return { r: text.length > 200 ? text.slice(0, 200) : text }
    })
    expect(await time.until(probeWriteSize(client))).toEqual({
      ok: true,
      value: { writeSize: 182, inSync: true },
    })
  })

  it('stays as it was for a device without echo', async () => {
    const { time, client } = setUp(undefined, () => ({ rc: 8 }))
    expect(await time.until(probeWriteSize(client))).toEqual({
      ok: true,
      value: { writeSize: 20, inSync: true },
    })
  })

  it('is out of step with a device that says nothing any more', async () => {
    const { time, client } = setUp(undefined, () => undefined)
    expect(await time.until(probeWriteSize(client))).toEqual({
      ok: true,
      value: { writeSize: 20, inSync: false },
    })
    expect(time.now()).toBeLessThan(10_000)
  })
})

it('ends with the link', async () => {
  const { time, client } = setUp((bytes, count, link) => {
    if (count === 3) link.cut('lost')
    return bytes
  })
  expect(await time.until(probeWriteSize(client))).toMatchObject({
    ok: false,
    error: { kind: 'linkLost', loss: 'lost' },
  })
})

it('can be cancelled', async () => {
  const abort = new AbortController()
  const { time, client } = setUp((bytes, count) => {
    if (count === 2) abort.abort()
    return bytes
  })
  expect(await time.until(probeWriteSize(client, { signal: abort.signal }))).toEqual({
    ok: false,
    error: { kind: 'cancelled' },
  })
})
