// The seed of the swarm bench and the plain WebSocket that it is compared with, in a process of their own, as a seed runs.
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../node/http.ts'
import { startSeed } from '../../../node/seed/seed.ts'
import { startNarrowLink } from './narrowLink.ts'

/** Each question is answered by one message with its id. */
export type SeedQuestion =
  | { readonly id: number; readonly kind: 'reservations' }
  | { readonly id: number; readonly kind: 'way'; readonly perSecond: number | null }
  | { readonly id: number; readonly kind: 'add'; readonly length: number }

/** How the seed is reached: directly, or over a link of its own speed. */
export interface Way {
  /** Multiaddrs of the seed. */
  readonly peers: readonly string[]
  /** URL of a plain WebSocket that sends as many bytes as its path says. */
  readonly plain: string
}

export interface SeedAnswer {
  readonly id: number
  readonly value: unknown
}

const seedPort = await freePort()
const seed = await startSeed({
  directory: await mkdtemp(join(tmpdir(), 'fob-swarm-seed-')),
  host: '127.0.0.1',
  port: seedPort,
  webRtcDirect: false,
  log: () => undefined,
})

process.on('message', async (question: SeedQuestion) => {
  const answer: SeedAnswer = { id: question.id, value: await answerTo(question) }
  process.send?.(answer)
})
// The bench is gone: nobody else ends this process.
process.on('disconnect', () => process.exit())
const plainPort = await startPlainSocket()
process.send?.({ id: 0, value: null } satisfies SeedAnswer)

async function answerTo(question: SeedQuestion): Promise<unknown> {
  switch (question.kind) {
    case 'way':
      return wayAt(question.perSecond)
    case 'reservations':
      return seed.reservations()
    case 'add':
      return seed.add(createBytes(question.length))
  }
}

async function wayAt(perSecond: number | null): Promise<Way> {
  const at = async (port: number) => (perSecond === null ? port : await startNarrowLink(port, perSecond))
  const seedAt = String(await at(seedPort))
  return {
    plain: `ws://127.0.0.1:${String(await at(plainPort))}`,
    peers: seed
      .addresses()
      .filter(address => address.includes('/ws/'))
      .map(address => address.replace(`/tcp/${String(seedPort)}/`, `/tcp/${seedAt}/`)),
  }
}

/** Sends as many bytes as the path says, in messages of 64 KiB, and nothing else. RFC 6455. Returns its port. */
async function startPlainSocket(): Promise<number> {
  const server = createServer()
  server.on('upgrade', (request, socket) => {
    const key = `${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    // Does not shrink, wherever it is kept.
    const part = randomBytes(65_536)
    // Binary, final; the length in eight bytes.
    const head = Buffer.alloc(10)
    head[0] = 0x82
    head[1] = 127
    for (let left = Number(request.url?.slice(1)); left > 0; left -= part.length) {
      const length = Math.min(left, part.length)
      head.writeBigUInt64BE(BigInt(length), 2)
      socket.write(Buffer.concat([head, part.subarray(0, length)]))
    }
    socket.on('error', () => undefined)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Does not shrink. */
function createBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0, x = 1; i < length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0
    bytes[i] = x >>> 16
  }
  return bytes
}
