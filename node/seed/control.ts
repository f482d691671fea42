// How `fob publish` hands a file to the seed that is running: HTTP on loopback, behind a token that only this user can read.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import * as v from 'valibot'
import { readJsonIfThere, writeFileWhole } from '../files.ts'
import { freePort, listen, readBody, shut } from '../http.ts'
import type { Seed } from './seed.ts'

/** Larger than any microcontroller's flash, small enough to hold in memory. */
const maxFirmwareBytes = 64 * 1024 * 1024

const tokenFileSchema = v.object({ url: v.string(), token: v.string() })
const statusSchema = v.object({
  peerId: v.string(),
  addresses: v.array(v.string()),
  gateway: v.string(),
  connectedPeers: v.number(),
})
const addedSchema = v.object({ cid: v.string() })

type SeedStatus = v.InferOutput<typeof statusSchema>

const tokenFile = (directory: string) => join(directory, 'control.json')

export interface SeedControl {
  stop(): Promise<void>
}

/** `directory` is the seed's own; the token file there is private and goes away with the seed. */
export async function startSeedControl(seed: Seed, directory: string): Promise<SeedControl> {
  const token = randomBytes(32)
  const server = createServer((request, response) => {
    answer(seed, token, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  const port = await freePort()
  await listen(server, port, '127.0.0.1')
  const content = { url: `http://127.0.0.1:${port}`, token: token.toString('hex') }
  writeFileWhole(tokenFile(directory), JSON.stringify(content), 0o600)
  return {
    async stop() {
      rmSync(tokenFile(directory), { force: true })
      await shut(server)
    },
  }
}

async function answer(
  seed: Seed,
  token: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const given = Buffer.from(request.headers.authorization?.replace(/^Bearer /, '') ?? '', 'hex')
  if (given.length !== token.length || !timingSafeEqual(given, token))
    return void response.writeHead(401).end()
  if (request.method === 'GET' && request.url === '/status') {
    return send(response, {
      peerId: seed.peerId,
      addresses: [...seed.addresses()],
      gateway: seed.gateway,
      connectedPeers: seed.connectedPeers(),
    } satisfies SeedStatus)
  }
  if (request.method === 'POST' && request.url === '/add') {
    const body = await readBody(request, maxFirmwareBytes)
    if (body === undefined || body.length === 0) return void response.writeHead(413).end()
    return send(response, { cid: await seed.add(body) })
  }
  response.writeHead(404).end()
}

function send(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** The other end: a seed running on this machine. */
export interface RunningSeed {
  status(): Promise<SeedStatus>
  /** Returns the CID that the seed gave the file. */
  add(bytes: Uint8Array): Promise<string>
}

/** undefined where no seed of this state directory is running (also after one was killed). */
export async function findRunningSeed(directory: string): Promise<RunningSeed | undefined> {
  const file = v.safeParse(tokenFileSchema, readJsonIfThere(tokenFile(directory)))
  if (!file.success) return undefined
  const { url, token } = file.output
  const call = async (path: string, init: RequestInit): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(60_000),
    })
    if (!response.ok) throw new Error(`the seed answered ${response.status}`)
    return response.json()
  }
  const seed: RunningSeed = {
    status: async () => v.parse(statusSchema, await call('/status', {})),
    add: async bytes =>
      v.parse(addedSchema, await call('/add', { method: 'POST', body: Uint8Array.from(bytes) })).cid,
  }
  try {
    await seed.status()
    return seed
  } catch {
    // The file outlives a seed that was killed.
    return undefined
  }
}
