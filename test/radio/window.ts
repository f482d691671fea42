// `npm run emulated`: a Chromium window on the test radio, with the demo devices on the air. For trying Bluetooth by hand
// where no device is at hand; everything above the radio is the browser's own.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { chromium } from 'playwright-core'
import { createDemoDevice, DEMO_MODELS } from '../../device/demo.ts'
import { loadOrMakeDemoKeys } from '../../node/chain/demoKeys.ts'
import { homeDirectory, openHome } from '../../node/home.ts'
import { demoFactoryImage, demoFirmwareKey } from '../../node/release/demo.ts'
import { decodeImagePublicKey } from '../../src/core/mcuboot/publicKey.ts'
import { parseNetwork } from '../../src/core/network.ts'
import { findChromium, radioObstacle } from '../chromium.ts'
import { startRadio } from './radio.ts'
import { referencePeripheral } from './referencePeripheral.ts'

const home = openHome(homeDirectory(process.env))

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}

/** Of the instance that `npm start` runs here. */
function runningUrl(): string {
  try {
    const { url } = JSON.parse(readFileSync(home.running, 'utf8'))
    if (typeof url === 'string') return url
  } catch {
    // Said below.
  }
  return fail('Nothing runs here yet. Run npm start in another terminal first.')
}

const obstacle = radioObstacle()
if (obstacle !== undefined) fail(obstacle)
const url = runningUrl()
const network = parseNetwork(JSON.parse(readFileSync(home.network, 'utf8')))
if (!network.ok || !network.value.demo) fail(`${home.network} names no demo devices. Start npm start anew.`)
const { chain, demo } = network.value

const keys = loadOrMakeDemoKeys(home.demoKeys)
const trusted = decodeImagePublicKey(demoFirmwareKey(keys))
if (trusted === undefined) fail(`${home.demoKeys} is damaged.`)

const executablePath = await findChromium(console.log)
const radio = await startRadio()
DEMO_MODELS.forEach((model, i) => {
  const { device } = createDemoDevice({
    kind: model.kind,
    maker: demo.maker,
    registry: chain.registry,
    chainId: chain.id,
    trustedKeys: [trusted],
    key: Uint8Array.from([0x7f, ...randomBytes(31)]),
    timer: {
      now: () => performance.now(),
      after(ms, task) {
        const timer = setTimeout(task, ms)
        return () => clearTimeout(timer)
      },
    },
    storage: { factoryImage: demoFactoryImage(model, keys) },
    // The air takes its own time.
    options: { requestMs: 0, writeMs: 0 },
  })
  radio.add(referencePeripheral(device, { address: `C0:00:00:00:02:0${i + 1}` }))
})

const profile = join(home.directory, 'emulated-profile')
mkdirSync(profile, { recursive: true })
const context = await chromium
  .launchPersistentContext(profile, {
    executablePath,
    headless: false,
    chromiumSandbox: false,
    viewport: null,
    args: ['--enable-features=WebBluetooth', '--no-first-run', '--window-size=440,920', `--app=${url}`],
    env: { ...process.env, ...radio.env },
  })
  .catch(async (error: unknown) => {
    await radio.stop()
    return fail(`Chromium did not open a window (is there a display?): ${String(error).split('\n')[0]}`)
  })
console.log(`A Chromium window shows ${url}, with ${DEMO_MODELS.length} emulated Bluetooth devices in reach.
Press Add device and choose one; they were made anew and run 1.0.0. Close the window, or press Ctrl-C, to end.`)

let isEnding = false
const end = async (): Promise<void> => {
  if (isEnding) return
  isEnding = true
  await context.close().catch(() => {})
  await radio.stop()
  process.exit(0)
}
context.on('close', () => void end())
process.on('SIGINT', () => void end())
process.on('SIGTERM', () => void end())
