// The way onto a phone that the README names: the built app on a static HTTPS host, which can dial wss and WebRTC only.
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { afterAll, beforeAll, inject, it } from 'vitest'
import { DEMO_MODELS } from '../../device/demo.ts'
import { loadOrMakeDemoKeys } from '../../node/chain/demoKeys.ts'
import { freePort } from '../../node/http.ts'
import { demoFactoryImage, publishDemoReleases } from '../../node/release/demo.ts'
import { openRegistry } from '../../node/release/registry.ts'
import { type Seed, startSeed } from '../../node/seed/seed.ts'
import { Person } from './harness/person.ts'
import { startWorld, type World } from './harness/world.ts'

const [lock] = DEMO_MODELS
if (lock === undefined) throw new Error('there is no demo model')

let world: World
let folder: string
let seed: Seed
let tls: { certificate: string; key: string }
const ends: (() => unknown)[] = []

beforeAll(async () => {
  world = await startWorld({ hasRadio: false })
  ends.push(() => world.stop())
  folder = await mkdtemp(join(tmpdir(), 'fob-deploy-'))
  ends.push(() => rm(folder, { recursive: true, force: true }))
  tls = await selfSigned(folder)
  const log = (): void => {}
  seed = await startSeed({
    directory: join(folder, 'seed'),
    host: '127.0.0.1',
    port: await freePort(),
    gatewayPort: await freePort(),
    tls: { port: await freePort(), ...tls },
    log,
  })
  ends.push(() => seed.stop())
  const { id: chainId, registry } = world.fob.network().chain
  await publishDemoReleases({
    registry: openRegistry({ chainId, registry, endpoints: [await world.fob.chain.url()] }),
    keys: loadOrMakeDemoKeys(world.fob.home.demoKeys),
    addToSeed: bytes => seed.add(bytes),
    now: Math.floor(Date.now() / 1000),
  })
})

afterAll(async () => {
  for (const end of ends.toReversed()) await end()
})

it.each([
  ['secure WebSockets', (address: string) => address.includes('/tls/ws') || address.includes('/wss')],
  ['WebRTC-direct', (address: string) => address.includes('/webrtc-direct/')],
])('updates from a static HTTPS host, with the seed over %s alone', async (_name, isWanted) => {
  const peers = seed.addresses().filter(isWanted)
  if (peers.length === 0) throw new Error(`the seed has no such address among ${seed.addresses().join(', ')}`)
  const host = await serveStatically(() => ({ ...world.fob.network(), peers, gateways: [] }))
  const phone = await world.phone({
    url: host.url,
    webBluetooth: false,
    args: ['--ignore-certificate-errors'],
  })
  try {
    const person = new Person(phone)
    const { words, page } = person
    await person.button(words.devices.demo).click()
    await page.getByRole('dialog').getByText(words.devices.demoKind.lock).click()
    await person.link(words.device.pinMaker).click()
    await person.button(words.pin.confirm).click()
    await person.sees(person.heading(words.device.verdict.update('1.1.0')))
    await person.startUpdate('1.1.0')
    await person.seesResult(lock.name, '1.1.0')
    // Before its host, of which it still fetches what it may need later.
    await phone.close()
  } catch (error) {
    await phone.screenshot('deploy-failed').catch(() => undefined)
    await phone.discard()
    throw error
  } finally {
    await host.stop()
  }
})

/** A static host as anybody has one: files, `index.html` for what it does not know, and a network.json beside them. */
async function serveStatically(network: () => unknown): Promise<{ url: string; stop(): Promise<void> }> {
  const root = inject('appFolder')
  const keys = loadOrMakeDemoKeys(world.fob.home.demoKeys)
  const server: Server = createServer({ cert: tls.certificate, key: tls.key }, async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'https://localhost')
    if (pathname === '/network.json') return void response.end(JSON.stringify(network()))
    const demo = DEMO_MODELS.find(({ kind }) => pathname === `/demo/${kind}.bin`)
    if (demo) return void response.end(demoFactoryImage(demo, keys))
    const path = join(root, normalize(pathname === '/' ? '/index.html' : pathname))
    const body = await readFile(path).catch(() => undefined)
    const type = types[body ? extname(path) : '.html'] ?? 'application/octet-stream'
    response.writeHead(200, { 'content-type': type }).end(body ?? (await readFile(join(root, 'index.html'))))
  })
  const port = await freePort()
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `https://localhost:${port}/`,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}

async function selfSigned(directory: string): Promise<{ certificate: string; key: string }> {
  const [certificate, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const subject = ['-days', '2', '-subj', '/CN=localhost', '-addext', names]
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', certificate, ...subject], {
    stdio: 'ignore',
  })
  return { certificate: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') }
}
