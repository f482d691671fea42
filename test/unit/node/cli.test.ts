// The fob command, as a process, against a whole local Fob: what it prints, writes and refuses.
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { buildDemoImage } from '../../../device/demoFirmware.ts'
import { readDemoKeys } from '../../../node/chain/demoKeys.ts'
import { rpc } from '../../../node/chain/rpc.ts'
import { runFob } from '../../../node/cli/main.ts'
import { commands } from '../../../node/commands/all.ts'
import { freePort, listen, readBody, shut } from '../../../node/http.ts'
import { firmwareCid } from '../../../node/seed/firmwareFile.ts'
import { type Running, startFob } from '../../../node/startFob.ts'
import { fromHex } from '../../../src/core/bytes.ts'
import { buildImage } from '../../../src/core/mcuboot/build.ts'
import { ImageFlag } from '../../../src/core/mcuboot/image.ts'
import { buildSlotSet } from '../../fixtures/dfuPackages.ts'
import { eventually, type Finished, runEntry } from './process.ts'
import { freePorts, temporaryDirectory } from './temporary.ts'

const home = temporaryDirectory()
const files = temporaryDirectory()
const lock = ['--model', 'Fob Lock One', '--hardware', 'rev B']
let running: Running

beforeAll(async () => {
  const { ports } = await freePorts()
  running = await startFob({ home, ports, log: () => {}, onGone: () => {} })
})
afterAll(() => running.stop())

const fob = (args: readonly string[], env: Record<string, string> = {}): Promise<Finished> =>
  runEntry('node/fob.ts', args, { FOB_HOME: home, ...env })

/** Runs with --json; the document and the exit code. */
async function fobJson(args: readonly string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await fob([...args, '--json'], env)
  try {
    return { code, ...JSON.parse(stdout) }
  } catch {
    throw new Error(`no JSON (exit ${code}): ${stdout}${stderr}`)
  }
}

function image(version: readonly [number, number, number], options: { counter?: number } = {}): string {
  const keys = readDemoKeys(running.home.demoKeys)
  const signingKey = fromHex(keys?.firmware ?? '0x') ?? new Uint8Array()
  const [major, minor, revision] = version
  const path = join(files, `lock-${version.join('.')}.bin`)
  const bytes = buildDemoImage({
    kind: 'lock',
    hardware: 'rev B',
    version: { major, minor, revision, build: 0 },
    securityCounter: options.counter ?? 9,
    signingKey,
    bodySize: 100_000,
  })
  writeFileSync(path, bytes)
  return path
}

/** So that a proof at the finalized block sees what was just written. */
async function finalized(block: string): Promise<void> {
  const [endpoint] = running.endpoints
  await eventually(async () => {
    const newest = await rpc(endpoint.url, 'eth_getBlockByNumber', ['finalized', false])
    return Number((newest as { number: string }).number) >= Number(block)
  })
}

describe('fob', () => {
  it('explains itself and every command', async () => {
    const overview = await fob(['--help'])
    expect(overview.code).toBe(0)
    const names = [...overview.stdout.matchAll(/^ {2}([\w-]+) {2,}/gm)].map(match => match[1] ?? '')
    expect(names).toEqual(
      expect.arrayContaining(['publish', 'revoke', 'releases', 'verify', 'seed', 'key', 'deploy']),
    )
    expect(names).toEqual([...commands.keys()])
    // What the others say is the same in this process.
    const said = vi.spyOn(console, 'log').mockImplementation(() => {})
    for (const name of names) {
      expect(await runFob([name, '--help'], commands)).toBe(0)
      const [help] = said.mock.lastCall ?? []
      expect(help).toContain(`fob ${name} `)
      expect(help).toContain('--json')
    }
    said.mockRestore()
    const published = await fob(['publish', '--help'])
    expect(published).toMatchObject({ code: 0, stdout: expect.stringContaining('fob publish ') })
  })

  it.each([
    [[]],
    [['frobnicate']],
    [['publish']],
    [['verify', 'a', 'b']],
    [['releases', '--nonsense']],
    [['releases']],
  ])('exits with 2 for wrong usage: %j', async args => {
    const { code } = await fob(args)
    expect(code).toBe(2)
  })

  it('publishes a file that the proven registry then vouches for, and everyone can fetch', async () => {
    const file = image([2, 0, 0])
    const published = await fobJson(['publish', file, ...lock, '--demo-key', '--notes', 'Test notes'])
    expect(published).toMatchObject({ code: 0, ok: true, seq: 3, created: null })
    const { manifest, release } = published
    expect(manifest).toMatchObject({
      model: 'Fob Lock One',
      version: { major: 2, minor: 0, revision: 0, build: 0 },
      securityCounter: 9,
      size: statSync(file).size,
      cid: (await firmwareCid(readFileSync(file))).toString(),
      notes: 'Test notes',
    })
    expect(Number(release.gasUsed)).toBeLessThan(45_000)

    const block = await fetch(`${running.seed.current().gateway}/ipfs/${manifest.cid}?format=raw`)
    expect(block.status).toBe(200)
    await block.arrayBuffer()

    await finalized(release.blockNumber)
    const verified = await fobJson(['verify', file, ...lock])
    expect(verified).toMatchObject({ code: 0, ok: true, proof: { endpoints: 2 } })
    expect(verified.manifest).toEqual(manifest)

    const listed = await fobJson(['releases', ...lock])
    expect(listed.releases.map((each: { seq: number; isHead: boolean }) => [each.seq, each.isHead])).toEqual([
      [3, true],
      [2, false],
      [1, false],
    ])
  })

  it('refuses to verify another file, an older release, and one flipped byte', async () => {
    const other = await fobJson(['verify', image([2, 0, 1]), ...lock])
    expect(other).toMatchObject({ code: 3, error: { kind: 'notTheRelease' } })
    const factory = join(files, 'factory.bin')
    const response = await fetch(`${running.url}/demo/lock.bin`)
    writeFileSync(factory, new Uint8Array(await response.arrayBuffer()))
    expect(await fobJson(['verify', factory, ...lock])).toMatchObject({
      code: 3,
      error: { kind: 'notNewest' },
    })
    const damaged = Uint8Array.from(readFileSync(image([2, 0, 0])))
    damaged[5000] = (damaged[5000] ?? 0) ^ 1
    const path = join(files, 'damaged.bin')
    writeFileSync(path, damaged)
    expect(await fobJson(['verify', path, ...lock])).toMatchObject({
      code: 3,
      error: { kind: 'malformedImage' },
    })
  })

  it('verifies nothing while only one endpoint answers, or while one lies', async () => {
    const [first] = running.endpoints
    const file = image([2, 0, 0])
    await first.stop()
    expect(await fobJson(['verify', file, ...lock])).toMatchObject({ code: 3, error: { kind: 'unproven' } })
    await first.start()
    first.setTamper(({ method }, result) => {
      if (method !== 'eth_getBlockByNumber' || typeof result !== 'object') return result
      return { ...result, stateRoot: `0x${'11'.repeat(32)}` }
    })
    expect(await fobJson(['verify', file, ...lock])).toMatchObject({ code: 3, error: { kind: 'unproven' } })
    first.setTamper(null)
    expect(await fobJson(['verify', file, ...lock])).toMatchObject({ code: 0 })
  })

  it('refuses a version that is not newer, and a security counter that goes down', async () => {
    const same = await fobJson(['publish', image([2, 0, 0]), ...lock, '--demo-key'])
    expect(same).toMatchObject({ code: 3, error: { kind: 'versionNotGreater' } })
    const low = await fobJson([
      'publish',
      image([2, 1, 0], { counter: 4 }),
      ...lock,
      '--demo-key',
      '--min-security-counter',
      '5',
    ])
    expect(low).toMatchObject({ code: 3, error: { kind: 'securityCounterLowered' } })
  })

  it('refuses unsigned images, other files and models that nobody registered', async () => {
    const unsigned = join(files, 'unsigned.bin')
    const parts = {
      version: { major: 3, minor: 0, revision: 0, build: 0 },
      body: new Uint8Array(100),
      signer: null,
    }
    writeFileSync(unsigned, buildImage(parts))
    expect(await fobJson(['publish', unsigned, ...lock, '--demo-key'])).toMatchObject({
      code: 3,
      error: { kind: 'unsigned' },
    })
    const text = join(files, 'notes.txt')
    writeFileSync(text, '404 page not found')
    expect(await fobJson(['publish', text, ...lock, '--demo-key'])).toMatchObject({
      code: 3,
      error: { kind: 'malformedImage' },
    })
    const unknown = await fobJson([
      'publish',
      image([3, 0, 0]),
      '--model',
      'Nope',
      '--hardware',
      'rev B',
      '--demo-key',
    ])
    expect(unknown).toMatchObject({ code: 3, error: { kind: 'modelNotRegistered' } })
  })

  it('works for another maker: key file made, chain paid, model created, released through Kubo', async () => {
    const keystore = join(files, 'maker.json')
    const passphrase = { FOB_PASSPHRASE: 'correct horse' }
    const made = await fobJson(['key', keystore], passphrase)
    expect(made.code).toBe(0)
    expect(statSync(keystore).mode & 0o777).toBe(0o600)
    expect(await fobJson(['key', keystore], passphrase)).toMatchObject({
      code: 1,
      error: { kind: 'fileExists' },
    })

    const chainUrl = await running.chain.url()
    await rpc(chainUrl, 'anvil_setBalance', [made.address, '0xde0b6b3a7640000'])
    const kubo = await fakeKubo()
    const model = ['--model', 'Other Lamp', '--hardware', 'v1']
    const args = ['publish', image([1, 0, 0]), ...model, '--keystore', keystore, '--kubo', kubo.url]
    expect(await fobJson(args, passphrase)).toMatchObject({ code: 3, error: { kind: 'modelNotRegistered' } })
    expect(await fobJson([...args, '--create-model'], { FOB_PASSPHRASE: 'wrong' })).toMatchObject({ code: 2 })
    const published = await fobJson([...args, '--create-model'], passphrase)
    expect(published).toMatchObject({ code: 0, seq: 1, created: { transaction: expect.any(String) } })
    expect(kubo.added).toEqual([published.manifest.cid])
    await shut(kubo.server)

    const listed = await fobJson(['releases', ...model, '--maker', made.address])
    expect(listed.record).toMatchObject({ maker: made.address, releaseKey: made.address })
  })

  it('makes firmware for the demo devices, which it then releases; never over a file that is there', async () => {
    const file = join(files, 'sensor.bin')
    const made = await fobJson(['demo-firmware', file, '--kind', 'sensor', '--version', '1.2.0'])
    expect(made).toMatchObject({ code: 0, model: 'Fob Sensor Mini', securityCounter: 3 })
    const sensor = ['--model', made.model, '--hardware', made.hardware]
    const published = await fobJson(['publish', file, ...sensor, '--demo-key'])
    expect(published).toMatchObject({ code: 0, manifest: { securityCounter: 3, size: made.size } })
    expect(published.manifest.version).toEqual(made.version)
    const again = await fobJson(['demo-firmware', file, '--version', '1.3.0'])
    expect(again).toMatchObject({ code: 1, error: { kind: 'fileExists' } })
    const complains = vi.spyOn(console, 'error').mockImplementation(() => {})
    for (const wrong of [[], ['--version', '1e3'], ['--version', '1.2.0', '--kind', 'toaster']]) {
      expect(await runFob(['demo-firmware', join(files, 'none.bin'), ...wrong], commands)).toBe(2)
    }
    complains.mockRestore()
  })

  it('publishes nothing where the node made another CID', async () => {
    const kubo = await fakeKubo('bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am')
    const file = image([2, 5, 0])
    const refused = await fobJson(['publish', file, ...lock, '--demo-key', '--kubo', kubo.url])
    await shut(kubo.server)
    expect(refused).toMatchObject({ code: 1, error: { kind: 'cidDiffers' } })
    const listed = await fobJson(['releases', ...lock])
    expect(listed.head.version).toEqual({ major: 2, minor: 0, revision: 0, build: 0 })
  })

  it('takes a key from the environment, and refuses one that is not the release key', async () => {
    const stranger = { FOB_PRIVATE_KEY: `0x${'11'.repeat(32)}` }
    const maker = running.network().demo?.maker ?? ''
    const refused = await fobJson(['publish', image([2, 6, 0]), ...lock, '--maker', maker], stranger)
    expect(refused).toMatchObject({ code: 3, error: { kind: 'notReleaseKey' } })
    const none = await fob(['publish', image([2, 6, 0]), ...lock])
    expect(none.code).toBe(2)
    expect(none.stderr).toContain('FOB_PRIVATE_KEY')
  })

  it('never prints a private key', async () => {
    const secret = 'ab'.repeat(32)
    for (const args of [
      ['publish', image([2, 7, 0]), ...lock],
      ['revoke', ...lock, '--version', '2.0.0'],
    ]) {
      const { stdout, stderr } = await fob(args, { FOB_PRIVATE_KEY: `0x${secret}` })
      expect(stdout + stderr).not.toContain(secret)
    }
  })

  it('revokes an image once; then it verifies no more and can’t be released again', async () => {
    const args = ['revoke', ...lock, '--version', '2.0.0', '--reason', 'vulnerable', '--demo-key']
    const revoked = await fobJson(args)
    expect(revoked).toMatchObject({ code: 0, reason: 1 })
    expect(Number(revoked.revocation.gasUsed)).toBeLessThan(32_000)
    await finalized(revoked.revocation.blockNumber)
    const verified = await fobJson(['verify', image([2, 0, 0]), ...lock])
    expect(verified).toMatchObject({ code: 3, error: { kind: 'revoked' } })
    expect(await fobJson(args)).toMatchObject({ code: 3, error: { kind: 'alreadyRevoked' } })
    const listed = await fobJson(['releases', ...lock])
    expect(listed.releases[0]).toMatchObject({ seq: 3, revoked: 1 })
  })

  it('publishes a build for each slot as one release, and withdraws it under each of its names', async () => {
    const secretKey = fromHex(readDemoKeys(running.home.demoKeys)?.firmware ?? '0x') ?? new Uint8Array()
    const signer = { kind: 'ecdsaP256', secretKey } as const
    const build = (loadAddress: number) =>
      buildImage({
        ...{ version: { major: 2, minor: 9, revision: 0, build: 0 }, body: new Uint8Array(3000).fill(1) },
        ...{ signer, securityCounter: 9, flags: ImageFlag.romFixed, loadAddress },
      })
    const file = join(files, 'dfu_application.zip')
    writeFileSync(file, buildSlotSet([build(0xc000), build(0x84000)]))
    const published = await fobJson(['publish', file, ...lock, '--demo-key'])
    expect(published).toMatchObject({ code: 0, manifest: { version: { minor: 9 } } })
    const { manifest, release } = published
    expect(manifest.slotImages).toHaveLength(2)
    expect(Number(release.gasUsed)).toBeLessThan(48_000)
    await finalized(release.blockNumber)
    const verified = await fobJson(['verify', file, ...lock])
    expect(verified).toMatchObject({ code: 0, manifest: { slotImages: manifest.slotImages } })

    const revoked = await fobJson(['revoke', ...lock, '--file', file, '--demo-key'])
    expect(revoked).toMatchObject({ code: 0, slotImages: manifest.slotImages })
    for (const hash of manifest.slotImages) {
      const again = await fobJson(['revoke', ...lock, '--image-hash', hash, '--demo-key'])
      expect(again).toMatchObject({ code: 3, error: { kind: 'alreadyRevoked' } })
    }
  })

  it('says so where no seed is running and where no endpoint answers', async () => {
    await running.seed.stop()
    const noSeed = await fobJson(['publish', image([4, 0, 0]), ...lock, '--demo-key'])
    expect(noSeed).toMatchObject({ code: 1, error: { kind: 'noSeed' } })
    await running.seed.start()
    for (const endpoint of running.endpoints) await endpoint.stop()
    const unreachable = await fobJson(['releases', ...lock])
    expect(unreachable.code).toBe(1)
    for (const endpoint of running.endpoints) await endpoint.start()
  })

  it('deploys a registry of its own on any chain', async () => {
    const keys = readDemoKeys(running.home.demoKeys)
    const [endpoint] = running.endpoints
    const deployed = await fobJson(['deploy', '--rpc', endpoint.url], { FOB_PRIVATE_KEY: keys?.maker ?? '' })
    expect(deployed).toMatchObject({ code: 0, chainId: running.network().chain.id, rotationDelay: 259_200 })
    expect(deployed.registry).not.toBe(running.network().chain.registry)
    const code = await rpc(endpoint.url, 'eth_getCode', [deployed.registry, 'latest'])
    expect(String(code).length).toBeGreaterThan(1000)
  })

  it('deploys what a wallet needs beside it, by name, and says what to put into network.json', async () => {
    const key = { FOB_PRIVATE_KEY: readDemoKeys(running.home.demoKeys)?.maker ?? '' }
    const [endpoint] = running.endpoints
    const names = ['deviceRegistry', 'market', 'paymentChannels'] as const
    const args = ['deploy', '--rpc', endpoint.url, ...names.flatMap(name => ['--contract', name])]
    const { code, stdout } = await fob(args, key)
    expect(code).toBe(0)
    const { chain } = JSON.parse(stdout.slice(stdout.indexOf('{')))
    const address = expect.stringMatching(/^0x[0-9a-f]{40}$/)
    expect(chain).toEqual({
      id: running.network().chain.id,
      contracts: { deviceRegistry: address, market: address, paymentChannels: address },
    })
    for (const name of names) {
      const known = running.network().chain.contracts?.[name] ?? ''
      expect(known).not.toBe(chain.contracts[name])
      const [made, there] = await Promise.all(
        [chain.contracts, running.network().chain.contracts].map(async all => {
          const code = String(await rpc(endpoint.url, 'eth_getCode', [all?.[name], 'latest']))
          return code.replaceAll(String(all?.deviceRegistry).slice(2), 'the registry that it names')
        }),
      )
      expect(made).toBe(there)
    }
    const another = ['--contract', 'market', '--known', `deviceRegistry=${chain.contracts.deviceRegistry}`]
    expect((await fob(['deploy', '--rpc', endpoint.url, ...another], key)).code).toBe(0)
    const alone = await fob(['deploy', '--rpc', endpoint.url, '--contract', 'market'], key)
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('--known deviceRegistry=')])
    for (const name of ['nonsense', 'demoToken']) {
      const refused = await fob(['deploy', '--rpc', endpoint.url, '--contract', name], key)
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('deviceRegistry')])
    }
  })
})

/** Answers /api/v0/add as Kubo does; with `cid`, dishonestly. */
async function fakeKubo(cid?: string): Promise<{ url: string; server: Server; added: string[] }> {
  const added: string[] = []
  const server = createServer((request, response) => {
    void readBody(request, 10_000_000).then(async body => {
      const boundary = /boundary=(.+)$/.exec(request.headers['content-type'] ?? '')?.[1] ?? ''
      const whole = body ?? Buffer.alloc(0)
      const content = whole.subarray(whole.indexOf('\r\n\r\n') + 4, whole.lastIndexOf(`\r\n--${boundary}`))
      const hash = cid ?? (await firmwareCid(content)).toString()
      added.push(hash)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(`${JSON.stringify({ Name: 'image.bin', Hash: hash, Size: String(content.length) })}\n`)
    })
  })
  const port = await freePort()
  await listen(server, port, '127.0.0.1')
  return { url: `http://127.0.0.1:${port}`, server, added }
}
