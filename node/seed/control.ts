// How `fob publish` hands a file to the seed that is running, and how that is switched off and on: HTTP on loopback, behind a token that only this user can read.
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
  gateway: v.nullable(v.string()),
  connectedPeers: v.number(),
})
const switchedSchema = v.object({ isOn: v.boolean() })
const addedSchema = v.object({ cid: v.string() })

type SeedStatus = v.InferOutput<typeof statusSchema>

const tokenFile = (directory: string) => join(directory, 'control.json')

export interface SeedControl {
  stop(): Promise<void>
}

/** A seed that may be switched off for a while: nothing is served then, and nobody relayed. */
export interface SwitchedSeed {
  /** undefined while it is off. */
  current(): Seed | undefined
  /** Absent where the process is there for the seed alone, and ends instead. */
  readonly turn?: (isOn: boolean) => Promise<void>
}

/** `directory` is the seed's own; the token file there is private and goes away with the seed. */
export async function startSeedControl(seed: SwitchedSeed, directory: string): Promise<SeedControl> {
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
  switched: SwitchedSeed,
  token: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const given = Buffer.from(request.headers.authorization?.replace(/^Bearer /, '') ?? '', 'hex')
  if (given.length !== token.length || !timingSafeEqual(given, token))
    return void response.writeHead(401).end()
  const { turn } = switched
  if (request.method === 'POST' && (request.url === '/on' || request.url === '/off')) {
    if (!turn) return void response.writeHead(409).end()
    await turn(request.url === '/on')
    return send(response, { isOn: request.url === '/on' })
  }
  const seed = switched.current()
  if (seed === undefined) return void response.writeHead(503).end()
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

/** undefined where no seed of this state directory is running (also after one was killed), or it is switched off. */
export async function findRunningSeed(directory: string): Promise<RunningSeed | undefined> {
  const call = callerOf(directory)
  if (!call) return undefined
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

/**
 * Switches the seed of this state directory, where a process keeps it that does more than that; false where there is none, or
 * none that can be switched.
 */
export async function turnSeed(directory: string, isOn: boolean): Promise<boolean> {
  try {
    const told = await callerOf(directory)?.(isOn ? '/on' : '/off', { method: 'POST' })
    return v.is(switchedSchema, told)
  } catch {
    return false
  }
}

function callerOf(directory: string): ((path: string, init: RequestInit) => Promise<unknown>) | undefined {
  const file = v.safeParse(tokenFileSchema, readJsonIfThere(tokenFile(directory)))
  if (!file.success) return undefined
  const { url, token } = file.output
  return async (path, init) => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(60_000),
    })
    if (!response.ok) throw new Error(`the seed answered ${response.status}`)
    return response.json()
  }
}
