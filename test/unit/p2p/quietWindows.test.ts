// Streams of yamux whose windows are updated now and then: everything arrives, and whoever does not read is not flooded.
import type { MessageStream, Stream } from '@libp2p/interface'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { yamux } from '@libp2p/yamux'
import { describe, expect, it, vi } from 'vitest'
import { bytesEqual, concat } from '../../../src/core/bytes.ts'
import { quietWindows } from '../../../src/core/p2p/quietWindows.ts'

const WINDOW = 256 << 10
const BLOCK = 65_541

async function connected(reader = quietWindows(yamux())) {
  const [near, far] = multiaddrConnectionPair({ capacity: 1_000 })
  const here = reader().createStreamMuxer(near)
  const there = quietWindows(yamux())().createStreamMuxer(far)
  const opened = new Promise<Stream>(resolve =>
    there.addEventListener('stream', ({ detail }) => resolve(detail)),
  )
  const stream = await here.createStream()
  return { near, stream, remote: await opened }
}

function countSent(connection: MessageStream): () => number {
  let sent = 0
  const send = connection.send.bind(connection)
  connection.send = data => {
    sent++
    return send(data)
  }
  return () => sent
}

/** Sends as the app's streams do: the next block when there is room for it. */
async function sendAll(stream: Stream, blocks: readonly Uint8Array[]): Promise<void> {
  for (const block of blocks) {
    stream.send(block)
    while (stream.writableNeedsDrain)
      await new Promise(resolve => stream.addEventListener('drain', resolve, { once: true }))
  }
}

function received(stream: Stream, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  return new Promise(resolve => {
    stream.addEventListener('message', ({ data }) => {
      parts.push(data.subarray())
      if (parts.reduce((sum, part) => sum + part.length, 0) === length) resolve(concat(...parts))
    })
  })
}

const blocks = Array.from({ length: 48 }, (_, i) => new Uint8Array(BLOCK).fill(i))
const all = concat(...blocks)

describe('windows that are updated when half of them is used up', () => {
  it.each([
    ['the usual window', 0, Math.ceil(all.length / (WINDOW / 2))],
    ['one of 2 MiB', 2 << 20, Math.ceil(all.length / (1 << 20))],
  ] as const)('with %s everything arrives, for few messages', async (_name, ownWindow, updates) => {
    const { near, stream, remote } = await connected(quietWindows(yamux(), ownWindow))
    const sent = countSent(near)
    const [bytes] = await Promise.all([received(stream, all.length), sendAll(remote, blocks)])
    expect(bytesEqual(bytes, all)).toBe(true)
    expect(sent()).toBeLessThanOrEqual(updates)
  })

  it('also to a reader that updates after each message, and from it', async () => {
    const { stream, remote } = await connected(yamux())
    const [there, back] = await Promise.all([
      received(remote, all.length),
      received(stream, all.length),
      sendAll(remote, blocks),
      sendAll(stream, blocks),
    ])
    expect(bytesEqual(there, all) && bytesEqual(back, all)).toBe(true)
  })

  it('who does not read is sent as much as the window holds, and the rest when it reads on', async () => {
    const { stream, remote } = await connected(quietWindows(yamux(), 512 << 10))
    stream.pause()
    const bytes = received(stream, all.length)
    const sending = sendAll(remote, blocks)
    await vi.waitFor(() => expect(stream.readBufferLength).toBe(512 << 10), 30_000)
    stream.resume()
    await sending
    expect(bytesEqual(await bytes, all)).toBe(true)
  })
})
