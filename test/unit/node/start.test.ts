// npm start, as a process: what it serves, what it says, what it leaves behind, and what survives.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { getContract } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoTokenAbi } from '../../../contracts/generated/DemoToken.ts'
import { publicClientFor } from '../../../node/chain/client.ts'
import { rpc } from '../../../node/chain/rpc.ts'
import { listen, shut } from '../../../node/http.ts'
import { openRegistry } from '../../../node/release/registry.ts'
import { fromHex, toHex } from '../../../src/core/bytes.ts'
import { deviceIdOf, devicePublicKey } from '../../../src/core/identity.ts'
import { decodeKioskGrantCode, encodeKioskCode } from '../../../src/core/kiosk/codes.ts'
import { attestedHeaderDigest, deviceTimeDigest } from '../../../src/core/lock/attestation.ts'
import { makerPinPath, parseMakerPin } from '../../../src/core/makerPin.ts'
import { type NetworkConfig, networkFingerprint, parseNetwork } from '../../../src/core/network.ts'
import { isDigestSignedBy } from '../../../src/core/p256.ts'
import { modelIdOf } from '../../../src/core/registry/modelId.ts'
import { eventually, isAlive, runEntry, type Started, startEntry } from './process.ts'
import { freePorts, temporaryDirectory } from './temporary.ts'

const home = temporaryDirectory()
let base: number
let env: Record<string, string>
let running: Started

const ready = 'Ctrl-C ends it'

async function start(): Promise<Started> {
  const started = startEntry('node/start.ts', ['--no-build'], env)
  await started.printed(ready)
  return started
}

/** Every process of ours that has the state directory in its command line, found in /proc. */
function processesOf(directory: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        readlinkSync(`/proc/${pid}/exe`)
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(directory)
      } catch {
        return false
      }
    })
    .map(Number)
}

async function network(): Promise<NetworkConfig> {
  const response = await fetch(`http://127.0.0.1:${base}/network.json`)
  const parsed = parseNetwork(await response.json())
  if (!parsed.ok) throw new Error(parsed.error.detail)
  return parsed.value
}

async function versions(config: NetworkConfig): Promise<number[]> {
  const registry = openRegistry({
    chainId: config.chain.id,
    registry: config.chain.registry,
    endpoints: config.chain.endpoints,
  })
  const models = config.demo?.models ?? []
  return Promise.all(
    models.map(async ({ name, hardware }) => {
      const modelId = modelIdOf({ maker: config.demo?.maker ?? '0x', name, hardware })
      const releases = await registry.releases(modelId, 'stable', 0n)
      return releases.length
    }),
  )
}

beforeAll(async () => {
  base = (await freePorts()).base
  env = { FOB_HOME: home, FOB_PORT_BASE: String(base) }
  running = await start()
})

afterAll(async () => {
  if (running.child.exitCode === null) {
    running.child.kill('SIGTERM')
    await running.finished
  }
})

describe('npm start', () => {
  it('serves a valid network.json and maker’s pin that belong together', async () => {
    const config = await network()
    expect(config.chain.endpoints).toEqual([`http://127.0.0.1:${base + 1}`, `http://127.0.0.1:${base + 2}`])
    expect(config.peers.some(peer => peer.startsWith(`/ip4/127.0.0.1/tcp/${base + 3}/ws/p2p/`))).toBe(true)
    const pin = parseMakerPin(await (await fetch(`http://127.0.0.1:${base}${makerPinPath}`)).json())
    expect(pin).toMatchObject({
      ok: true,
      value: { address: config.demo?.maker, registry: config.chain.registry, chainId: config.chain.id },
    })
  })

  it('has put the device registry there, which the constructor’s vector shows to be of a chain with P-256', async () => {
    const { chain } = await network()
    const address = chain.contracts?.deviceRegistry
    expect(address).not.toBe(chain.registry)
    for (const endpoint of chain.endpoints) {
      expect(String(await rpc(endpoint, 'eth_getCode', [address, 'latest'])).length).toBeGreaterThan(1000)
    }
  })

  it('has three attestors, of whom two sign the same block and the same time, and an agent that signs for anybody', async () => {
    const { attestors, agents, chain } = await network()
    expect(attestors?.threshold).toBe(2)
    const members = attestors?.members ?? []
    expect(members.map(({ url }) => url)).toEqual([5, 6, 7].map(i => `http://127.0.0.1:${base + i}`))
    const json = async (url: string, init: RequestInit = {}) =>
      (await (await fetch(url, init)).json()) as Record<string, unknown>
    const bytes = (hex: unknown) => fromHex(String(hex)) ?? new Uint8Array()
    const deviceId = `0x${'d1'.repeat(32)}` as const
    const time = Math.floor(Date.now() / 1000)
    const nonce = new Uint8Array(16).fill(7)
    for (const { key, url } of members) {
      const header = await json(`${url}/headers/1`)
      const digest = attestedHeaderDigest({ chainId: chain.id, number: 1, hash: bytes(header.hash) })
      expect(isDigestSignedBy(bytes(key), digest, bytes(header.signature))).toBe(true)
      const body = JSON.stringify({ deviceId, nonce: toHex(nonce), time })
      const told = await json(`${url}/time`, { method: 'POST', body })
      const timeDigest = deviceTimeDigest({ deviceId, nonce, time })
      expect(isDigestSignedBy(bytes(key), timeDigest, bytes(told.signature))).toBe(true)
    }
    const [agent] = agents ?? []
    expect(agent?.url).toBe(`http://127.0.0.1:${base + 8}`)
    const { market, deviceRegistry } = chain.contracts ?? {}
    expect(await json(`${agent?.url}/issuer`)).toEqual({
      chainId: chain.id,
      market,
      deviceRegistry,
      isOpen: true,
      lastSeconds: 60,
      isStopped: false,
    })
    expect(await json(`${agent?.url}/issuer/${deviceId}`)).toMatchObject({ state: 'none', version: 0 })
    expect((await fetch(`${agent?.url}/status`)).status).toBe(401)
  })

  it('names a token as the token names itself, and gives some of it to a new wallet', async () => {
    const { chain, demo } = await network()
    const [token] = chain.tokens ?? []
    const [endpoint = ''] = chain.endpoints
    const { address = '0x', ...facts } = token ?? {}
    const client = publicClientFor(endpoint)
    const read = getContract({ address, abi: demoTokenAbi, client }).read
    const [name, symbol, decimals, version] = await Promise.all([
      read.name(),
      read.symbol(),
      read.decimals(),
      read.version(),
    ])
    expect(facts).toEqual({ name, symbol, decimals, permit: { name, version } })

    const account = `0x${'e7'.repeat(20)}` as const
    const ask = (origin: string) =>
      fetch(new URL(demo?.faucet ?? '', origin), {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: JSON.stringify({ address: account }),
      })
    expect((await ask(`http://127.0.0.1:${base}`)).status).toBe(204)
    expect(await read.balanceOf([account])).toBe(500_000_000n)
    expect(await client.getBalance({ address: account })).toBe(10n ** 19n)
    expect((await ask(`http://127.0.0.1:${base}`)).status).toBe(429)
  })

  it('has published two releases for each of the four demo models', async () => {
    expect(await versions(await network())).toEqual([2, 2, 2, 2])
  })

  it('serves the factory firmware of each demo device, and its released file from the gateway', async () => {
    const config = await network()
    for (const { image } of config.demo?.models ?? []) {
      const bytes = await (await fetch(`http://127.0.0.1:${base}${image}`)).arrayBuffer()
      expect(bytes.byteLength).toBeGreaterThan(100_000)
    }
  })

  it('says that it is running already, to a second start', async () => {
    const second = await runEntry('node/start.ts', ['--no-build'], env)
    expect(second.code).toBe(1)
    expect(second.stderr).toContain(`running already at http://localhost:${base}`)
  }, 30_000)

  it('names the port that another program has', async () => {
    const { base: other } = await freePorts()
    const squatter = createServer()
    await listen(squatter, other + 2, '127.0.0.1')
    const blocked = await runEntry('node/start.ts', ['--no-build', '--port-base', String(other)], {
      FOB_HOME: temporaryDirectory(),
    })
    await shut(squatter)
    expect(blocked.code).toBe(1)
    expect(blocked.stderr).toContain(`Port ${other + 2} is in use`)
    expect(blocked.stderr).toContain('--port-base')
  }, 30_000)

  it.each([['--port-base', 'x'], ['--port-base', '80'], ['--nonsense']])(
    'refuses %s %s as wrong usage',
    async (...args) => {
      const refused = await runEntry('node/start.ts', args.filter(Boolean), {
        FOB_HOME: temporaryDirectory(),
      })
      expect(refused.code).toBe(2)
    },
  )

  it('starts the chain again when it dies, and goes on where it was', async () => {
    const before = await network()
    const chain = processesOf(join(home, 'chain')).find(pid => {
      const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return program.endsWith('anvil')
    })
    expect(chain).toBeDefined()
    process.kill(chain ?? 0, 'SIGKILL')
    await running.printed('The chain ended unexpectedly; starting it again.')
    for (const endpoint of before.chain.endpoints) {
      await eventually(async () => Number(await rpc(endpoint, 'eth_blockNumber', []).catch(() => 0)) > 0)
    }
    expect(await versions(before)).toEqual([2, 2, 2, 2])

    // Whoever asked it for something before asks the new one: the demo machine's owner still lets kiosks sell.
    const [folder = ''] = readdirSync(join(home, 'signers'))
    const secrets = readFileSync(join(home, 'signers', folder, 'kiosk-owner', 'owner.json'), 'utf8')
    const { machineKey } = JSON.parse(secrets) as { readonly machineKey: string }
    const deviceId = deviceIdOf(devicePublicKey(fromHex(machineKey) ?? new Uint8Array()))
    const market = before.chain.contracts?.market ?? '0x'
    const domain = { chainId: before.chain.id, market }
    const gasAddress = `0x${'c1'.repeat(20)}` as const
    const kioskKeyHash = `0x${'c2'.repeat(32)}` as const
    const code = encodeKioskCode({ domain, deviceId, kioskKeyHash, gasAddress, name: 'Kiosk' })
    const body = JSON.stringify({ code })
    const asked = await fetch(`${before.agents?.[0]?.url}/kiosk/${deviceId}/ask`, { method: 'POST', body })
    const { answer } = (await asked.json()) as { readonly answer: string }
    expect(decodeKioskGrantCode(answer)).toMatchObject({ domain, grant: { deviceId } })
    const client = publicClientFor(before.chain.endpoints)
    expect(await client.getBalance({ address: gasAddress })).toBeGreaterThan(0n)
  }, 30_000)

  it('proves state at the finalized block after it was killed with -9 and started again; nothing was left running', async () => {
    const before = await network()
    const publishedBefore = await versions(before)
    // What a kill may cost is the last second.
    await new Promise(resolve => setTimeout(resolve, 1_500))
    running.child.kill('SIGKILL')
    await running.finished
    await eventually(() => processesOf(home).length === 0)

    running = await start()
    const after = await network()
    expect(networkFingerprint(after), running.output()).toBe(networkFingerprint(before))
    expect(after.peers[0]).toBe(before.peers[0])
    expect(await versions(after)).toEqual(publishedBefore)
    const slot = `0x${'0'.repeat(64)}`
    for (const endpoint of after.chain.endpoints) {
      const proof = await rpc(endpoint, 'eth_getProof', [after.chain.registry, [slot], 'finalized'])
      expect(proof).toMatchObject({ storageProof: [{ key: expect.any(String) }] })
    }
  }, 60_000)

  it('ends with everything it started, by SIGTERM', async () => {
    const pids = processesOf(home)
    expect(pids.length).toBeGreaterThan(0)
    running.child.kill('SIGTERM')
    const { code } = await running.finished
    expect(code).toBe(0)
    await eventually(() => pids.every(pid => !isAlive(pid)))
    await expect(fetch(`http://127.0.0.1:${base}/network.json`)).rejects.toThrow()
  }, 30_000)
})
