// npm start: builds the app, starts a whole local Fob, says what to do, and ends everything at Ctrl-C.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeError } from './describeError.ts'
import { homeDirectory, projectRoot } from './home.ts'
import { defaultPortBase, parsePortBase, portsFrom } from './local/ports.ts'
import { type Running, startFob } from './startFob.ts'
import { buildIfStale } from './web/build.ts'

const usage = `npm start [-- --port-base PORT] [--no-build]

Starts a development chain with its contracts, the maker’s IPFS seed, two releases for each demo device, and the app.

  --port-base PORT  ten ports from here on; default ${defaultPortBase} (or FOB_PORT_BASE)
  --no-build        serve the app as it was built last

State is kept in .fob (or FOB_HOME) and survives a restart. Delete that directory to start over.`

function readOptions(): { readonly portBase: number; readonly shouldBuild: boolean } | string {
  try {
    const { values } = parseArgs({
      options: {
        'port-base': { type: 'string' },
        'no-build': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
    if (values.help === true) return usage
    const portBase = parsePortBase(
      values['port-base'] ?? process.env.FOB_PORT_BASE ?? String(defaultPortBase),
    )
    if (portBase === undefined) return '--port-base takes a number from 1024 to 65526.'
    return { portBase, shouldBuild: values['no-build'] !== true }
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${usage}`
  }
}

const log = (line: string) => console.log(line)

/** Whoever started us may be killed without a word; then nobody is left who could end us. */
function watchParent(onGone: () => void): void {
  const parent = Number(process.env.FOB_PARENT)
  if (!Number.isInteger(parent) || parent !== process.ppid) return
  setInterval(() => {
    if (process.ppid !== parent) onGone()
  }, 1_000).unref()
}

async function build(): Promise<boolean> {
  const outcome = await buildIfStale(projectRoot, join(projectRoot, '.fob'), () =>
    log('Building the app (a few seconds) ...'),
  )
  if (outcome.kind !== 'failed') return true
  console.error(`The app could not be built:\n${outcome.detail}`)
  return false
}

function welcome({ url, network, seed }: Running): string {
  const { chain } = network()
  return `
Fob is running: ${url}

Open it in Chrome or Chromium and try first:
  1. "Try with a demo device": it runs in the page, no Bluetooth needed. It has 1.0.0.
  2. Pin its maker. The registry names 1.1.0: press Update and watch each check.
  3. Bluetooth without a device, on Linux: "npm run emulated" in another terminal.
  4. A real device: any with MCUmgr (SMP) over Bluetooth; see the README.
  5. Wallet: create one (it gets play money), and make the demo lock yours, on its own page.
  6. Let it: "Let or lend it", an offer paid "At once", share its link. Open that in a second browser profile,
     pay, switch the network off, and open the lock.
  7. A kiosk: ${url}/kiosk, choose the demo vending machine and a PIN. Pay from a second browser profile, or with
     npm run fob -- pay-till 'ethereum:…' (the link below the kiosk's code). On a tablet: npm run fob -- kiosk

Registry ${chain.registry} on chain ${chain.id}
Endpoints ${chain.endpoints.join(' and ')}
Seed ${seed.current().peerId}
Attestors ${network()
    .attestors?.members.map(({ url }) => url)
    .join(', ')}: two together are believed
Agent ${network()
    .agents?.map(({ url }) => url)
    .join(', ')}: signs for the orders of any device whose owner asks it to
Publish another release: npm run fob -- demo-firmware lock.bin --version 1.2.0
  npm run fob -- publish lock.bin --demo-key --model "Fob Lock One" --hardware "rev B" --notes "What is new"

Without the maker (take the demo sensor: each browser profile has its own, the other devices are the same in all of them):
  update it, "Serve onward" below the result, then "npm run fob -- seed --off". Another profile gets the file from yours, and a third from both.
For money: a wallet in each profile, and a price on the screen "Serve onward" (Settings). Whoever buys sees the price before anything is paid,
  from one seller or several. What you earned, taking it, and closing early is under Wallet, "Paid files". "npm run fob -- seed --on" ends it.

Ctrl-C ends it; everything is kept for the next start.`
}

async function main(): Promise<number> {
  const options = readOptions()
  if (typeof options === 'string') {
    console.log(options)
    return options === usage ? 0 : 2
  }
  let end: (code: number) => void = () => {}
  const ended = new Promise<number>(resolve => {
    end = resolve
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0))
  watchParent(() => end(1))

  if (options.shouldBuild && !(await build())) return 1
  log('Starting the chain, its contracts, the seed and the app ...')
  let running: Running
  try {
    running = await startFob({
      home: homeDirectory(process.env),
      ports: portsFrom(options.portBase),
      sharesDemoDevices: true,
      log,
      onGone: reason => {
        console.error(`${reason}\nFob ends. Start it again; if that does not help, delete .fob/chain.`)
        end(1)
      },
    })
  } catch (error) {
    console.error(describeError(error))
    return 1
  }
  log(welcome(running))
  const code = await ended
  log('\nEnding ...')
  // A socket that will not close must not keep anybody waiting.
  setTimeout(() => process.exit(code), 15_000).unref()
  await running.stop()
  return code
}

process.exit(await main())
