// Sizes of the production build as a phone downloads them, and their limits. Used by `npm test` and by the bench.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'

const dist = fileURLToPath(new URL('../dist', import.meta.url))

interface Chunk {
  readonly file: string
  readonly isEntry?: boolean
  readonly isDynamicEntry?: boolean
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
}

export interface Size {
  readonly name: string
  /** Bytes, gzip. */
  readonly bytes: number
  readonly limit: number
}

const kB = 1000
const wallet = 'src/ui/screens/wallet/WalletRoutes.tsx'
const market = 'src/ui/screens/market/MarketRoutes.tsx'
const kiosk = 'src/ui/kiosk/KioskRoute.tsx'
const buying = 'src/ui/screens/buying/BuyingRoutes.tsx'
const selling = 'src/ui/screens/selling/SellingRoutes.tsx'
/** Screens are counted on top of the frame that they lie in. */
const frames: Readonly<Record<string, string>> = {
  'src/ui/screens/wallet/': wallet,
  'src/ui/screens/market/': market,
  'src/ui/screens/fleet/AnchorReport.tsx': wallet,
  'src/ui/kiosk/': kiosk,
  'src/ui/screens/channels/': wallet,
  'src/ui/screens/buying/': buying,
  'src/ui/screens/selling/': selling,
}
const limits = { initialJs: 120 * kB, initialCss: 15 * kB, route: 30 * kB }
/**
 * Chunks that are no routes (protocols, curves, the IPFS node): loaded on first use, and kept by the service worker. Each is
 * counted with all that it needs, so what several of them share (about 55 kB of curves, hashes, ciphers, CBOR and schemas) counts in
 * each, and is downloaded once.
 */
const lazyLimits: Readonly<Record<string, number>> = {
  'src/io/chain/reader.ts': 45 * kB,
  /** The drivers, and the readers of each form of firmware. */
  'src/app/updateDevice.ts': 75 * kB,
  'src/app/openUpdater.ts': 70 * kB,
  'src/app/dfuSessions.ts': 45 * kB,
  'src/app/deviceConsole.ts': 75 * kB,
  /** The in-browser node is loaded behind it. */
  'src/io/ipfs/firmwareSource.ts': 60 * kB,
  /** Checks, and with them the policy’s hashes and curves: all but a few of it is loaded with the first check. */
  'src/app/fleet/createFleet.ts': 40 * kB,
  'src/app/serving/createServing.ts': 70 * kB,
  'src/ui/screens/serving/ServingScreen.tsx': 45 * kB,
  /** Vouchers and their ledgers: where somebody pays or is paid for files. */
  'src/app/channels/openChannels.ts': 45 * kB,
  'src/channelPorts.ts': 65 * kB,
  /** The block protocol over a channel of its own. */
  'src/io/handOver/handOver.ts': 60 * kB,
  /** The session’s cipher and the owner key’s door: only where a device is paired. */
  'src/app/manageDevice.ts': 80 * kB,
  /** A whole device: bootloader, lock, machine and meter, with all that they verify. */
  'src/demoDevices.ts': 105 * kB,
  'src/io/ipfs/node.ts': 300 * kB,
  /** What money and ownership do, and what they reach: vault, chain, store. From the first visit of the wallet. */
  'src/app/wallet/createWallet.ts': 135 * kB,
  'src/walletPorts.ts': 135 * kB,
  /** The wallet’s frame with its words and accounts; each of its screens comes on top of it. */
  [wallet]: 45 * kB,
  /** The market’s, with the wallet’s words, for whoever pays looks into the wallet’s sheets; so shared with the above. */
  [market]: 46 * kB,
  /** Whoever buys looks into the wallet’s sheet at once: with it, and with its words. */
  [buying]: 52 * kB,
  [selling]: 45 * kB,
  'src/app/market/createMarket.ts': 135 * kB,
  /** What staff takes: a machine’s session on top of the market, which is there by then. */
  'src/app/market/takeFree.ts': 142 * kB,
  /** The tablet, its owner and its buyers: sale, machine and Market in one. */
  'src/app/kiosk/openKiosks.ts': 150 * kB,
  'src/kioskPorts.ts': 95 * kB,
  /** The signing sheet, and the report’s screen, from which it is opened. */
  'src/ui/screens/fleet/AnchorReport.tsx': 40 * kB,
  'src/marketPorts.ts': 65 * kB,
  /** libp2p with WebSockets and WebRTC, most of it shared with the IPFS node: with the first question to a gateway. */
  'src/io/gateway/gatewayNode.ts': 200 * kB,
  'src/wayPorts.ts': 40 * kB,
}

/** What a first visit needs before it shows anything, then each lazily loaded part on top of that. */
export async function measureSizes(): Promise<readonly Size[]> {
  const manifest: Record<string, Chunk> = JSON.parse(
    await readFile(path.join(dist, '.vite/manifest.json'), 'utf8'),
  )
  const entry = Object.entries(manifest).find(([, chunk]) => chunk.isEntry)
  if (!entry) throw new Error('the build has no entry')
  const initial = closure(manifest, entry[0], new Set())
  const sizes: Size[] = [
    { name: 'initial JS', bytes: await gzipped(initial, manifest, 'js'), limit: limits.initialJs },
    { name: 'initial CSS', bytes: await gzipped(initial, manifest, 'css'), limit: limits.initialCss },
  ]
  const around = new Map(
    Object.entries(frames).map(([folder, frame]) => [
      folder,
      new Set([...initial, ...closure(manifest, frame, new Set(initial))]),
    ]),
  )
  for (const [key, chunk] of Object.entries(manifest)) {
    if (!chunk.isDynamicEntry) continue
    const [folder, frame] = Object.entries(frames).find(([each]) => key.startsWith(each)) ?? ['', '']
    const known = (key === frame ? undefined : around.get(folder)) ?? new Set(initial)
    const own = closure(manifest, key, known)
    const bytes = (await gzipped(own, manifest, 'js')) + (await gzipped(own, manifest, 'css'))
    sizes.push({ name: key, bytes, limit: lazyLimits[key] ?? limits.route })
  }
  return sizes
}

/** A chunk and its static imports that are not in `known` yet. */
function closure(manifest: Record<string, Chunk>, key: string, known: Set<string>): Set<string> {
  const found = new Set<string>()
  const visit = (at: string): void => {
    if (known.has(at) || found.has(at)) return
    found.add(at)
    for (const next of manifest[at]?.imports ?? []) visit(next)
  }
  visit(key)
  return found
}

async function gzipped(
  keys: Set<string>,
  manifest: Record<string, Chunk>,
  kind: 'js' | 'css',
): Promise<number> {
  const files = new Set<string>()
  for (const key of keys) {
    const chunk = manifest[key]
    if (kind === 'js' && chunk?.file.endsWith('.js')) files.add(chunk.file)
    if (kind === 'css') for (const file of chunk?.css ?? []) files.add(file)
  }
  let bytes = 0
  for (const file of files) bytes += gzipSync(await readFile(path.join(dist, file)), { level: 9 }).length
  return bytes
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  let isOver = false
  for (const { name, bytes, limit } of await measureSizes()) {
    if (bytes > limit) isOver = true
    console.log(
      `${bytes > limit ? 'TOO LARGE' : 'ok'}  ${name}: ${(bytes / kB).toFixed(1)} of ${limit / kB} kB gzip`,
    )
  }
  process.exit(isOver ? 1 : 0)
}
