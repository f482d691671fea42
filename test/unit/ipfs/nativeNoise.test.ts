// Noise with WebCrypto's cipher against libp2p's own: both ways, in any pieces, and never a byte that was changed.
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { ConnectionEncrypter, MessageStream, PeerId, PrivateKey } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { multiaddrConnectionPair } from '@libp2p/utils'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { bytesEqual, concat } from '../../../src/core/bytes.ts'
import { noiseForBrowsers } from '../../../src/io/ipfs/nativeNoise.ts'

const keys = await Promise.all([generateKeyPair('Ed25519'), generateKeyPair('Ed25519')])
const native = await noiseForBrowsers()

type Which = 'native' | 'library'

/** As much of a node as the handshake looks at. */
const nodeOf = (privateKey: PrivateKey, { log }: MessageStream) =>
  ({
    privateKey,
    logger: { forComponent: () => log },
    upgrader: { getStreamMuxers: () => new Map() },
  }) as never

const encrypterOf = (which: Which, privateKey: PrivateKey, connection: MessageStream): ConnectionEncrypter =>
  (which === 'native' ? native : noise())(nodeOf(privateKey, connection))

interface Pair {
  readonly raw: readonly [MessageStream, MessageStream]
  readonly streams: readonly [MessageStream, MessageStream]
  readonly dialler: PeerId
}

/** `chunkSize`: of the pieces that the connection below cuts everything into. */
async function secured(dials: Which, listens: Which, chunkSize: number): Promise<Pair> {
  const raw = multiaddrConnectionPair({ chunkSize, capacity: 1_000 })
  const [out, incoming] = await Promise.all([
    encrypterOf(dials, keys[0], raw[0]).secureOutbound(raw[0]),
    encrypterOf(listens, keys[1], raw[1]).secureInbound(raw[1]),
  ])
  expect(out.remotePeer.publicKey?.equals(keys[1].publicKey)).toBe(true)
  expect(incoming.remotePeer.publicKey?.equals(keys[0].publicKey)).toBe(true)
  return { raw, streams: [out.connection, incoming.connection], dialler: incoming.remotePeer }
}

interface Heard {
  /** Everything until the stream ended. */
  readonly ended: Promise<{ readonly bytes: Uint8Array; readonly error: Error | undefined }>
  /** Resolves when so many bytes have come. */
  bytes(length: number): Promise<Uint8Array>
}

function hear(stream: MessageStream): Heard {
  const parts: Uint8Array[] = []
  let onMore = () => {}
  stream.addEventListener('message', ({ data }) => {
    parts.push(data.subarray())
    onMore()
  })
  return {
    ended: new Promise(resolve =>
      stream.addEventListener('close', ({ error }) => resolve({ bytes: concat(...parts), error })),
    ),
    bytes: length =>
      new Promise(resolve => {
        onMore = () => {
          if (parts.reduce((sum, part) => sum + part.length, 0) >= length) resolve(concat(...parts))
        }
        onMore()
      }),
  }
}

function bytesOf(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + seed + (i >> 8)) & 255)
}

const pairs: readonly (readonly [Which, Which])[] = [
  ['native', 'library'],
  ['library', 'native'],
  ['native', 'native'],
]

describe('Noise with the cipher of WebCrypto', () => {
  it.each(pairs)(
    '%s dials, %s listens: what is sent arrives, in order, however it is cut',
    async (...which) => {
      await fc.assert(
        fc.asyncProperty(
          // Below and above what JavaScript opens itself, and what one message of Noise carries.
          fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 900, max: 200_000 })), {
            minLength: 1,
            maxLength: 6,
          }),
          fc.constantFrom(1_009, 16_384, 65_536, 1 << 20),
          async (lengths, chunkSize) => {
            const { streams } = await secured(...which, chunkSize)
            const sent = lengths.map(bytesOf)
            const all = concat(...sent)
            const [atDialler, atListener] = [hear(streams[0]), hear(streams[1])]
            for (const each of sent) for (const stream of streams) stream.send(each)
            const got = await Promise.all([atDialler.bytes(all.length), atListener.bytes(all.length)])
            for (const bytes of got) expect(bytesEqual(bytes, all)).toBe(true)
            await streams[0].close()
          },
        ),
        { numRuns: 8 },
      )
    },
  )

  it('a connection that closes right after a block has brought the whole block', async () => {
    const { streams } = await secured('native', 'library', 65_536)
    const heard = hear(streams[0])
    const block = bytesOf(300_000, 1)
    streams[1].send(block)
    await streams[1].close()
    const { bytes, error } = await heard.ended
    expect(bytesEqual(bytes, block)).toBe(true)
    expect(error).toBeUndefined()
  })

  it.each([
    ['a small', 100],
    ['a large', 60_000],
  ] as const)(
    'ends the connection at %s message that was changed, and passes on nothing from it or after it',
    async (_size, length) => {
      const { raw, streams } = await secured('native', 'library', 1 << 20)
      const heard = hear(streams[0])
      const before = bytesOf(50_000, 2)
      streams[1].send(before)
      const send = raw[1].send.bind(raw[1])
      raw[1].send = data => {
        const changed = Uint8Array.from(data.subarray())
        changed[20] = (changed[20] ?? 0) ^ 1
        return send(changed)
      }
      streams[1].send(bytesOf(length, 3))
      raw[1].send = send
      streams[1].send(bytesOf(10, 4))
      streams[1].send(bytesOf(50_000, 5))
      const { bytes, error } = await heard.ended
      expect(bytesEqual(bytes, before)).toBe(true)
      expect(error).toBeInstanceOf(Error)
      expect(raw[0].status).toBe('aborted')
    },
  )

  it('ends at a message of no length, and where the other side resets the connection', async () => {
    const malformed = await secured('native', 'library', 1 << 20)
    const atMalformed = hear(malformed.streams[0]).ended
    malformed.raw[1].send(Uint8Array.of(0, 0))
    expect((await atMalformed).error).toBeInstanceOf(Error)

    const reset = await secured('native', 'library', 1 << 20)
    const atReset = hear(reset.streams[0]).ended
    reset.streams[1].send(bytesOf(50_000, 6))
    reset.streams[1].abort(new Error('over'))
    expect(await atReset).toMatchObject({ bytes: { length: 50_000 }, error: { name: 'StreamResetError' } })
    expect(() => reset.streams[0].send(Uint8Array.of(1))).toThrow()
  })

  it('is the library alone where WebCrypto has no such cipher', async () => {
    const importKey = vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(new Error('unrecognized name'))
    const factory = await noiseForBrowsers()
    const [near, far] = multiaddrConnectionPair()
    const [out, incoming] = await Promise.all([
      factory(nodeOf(keys[0], near)).secureOutbound(near),
      noise()(nodeOf(keys[1], far)).secureInbound(far),
    ])
    const heard = hear(out.connection)
    incoming.connection.send(bytesOf(100_000, 8))
    expect(bytesEqual(await heard.bytes(100_000), bytesOf(100_000, 8))).toBe(true)
    // Asked whether it can, and never again.
    expect(importKey).toHaveBeenCalledTimes(1)
    importKey.mockRestore()
  })

  it('refuses another peer than the one that was dialled, and whoever speaks no Noise', async () => {
    const { dialler } = await secured('native', 'library', 1 << 20)
    const raw = multiaddrConnectionPair()
    const listening = encrypterOf('library', keys[1], raw[1])
      .secureInbound(raw[1])
      .catch((error: unknown) => error)
    const dialling = encrypterOf('native', keys[0], raw[0]).secureOutbound(raw[0], { remotePeer: dialler })
    await expect(dialling).rejects.toThrow()
    raw[0].abort(new Error('refused'))
    expect(await listening).toBeInstanceOf(Error)

    const [dialled, stranger] = multiaddrConnectionPair()
    const lost = encrypterOf('native', keys[0], dialled).secureOutbound(dialled)
    stranger.send(concat(Uint8Array.of(0, 96), bytesOf(96, 7)))
    await expect(lost).rejects.toThrow()
  })
})
