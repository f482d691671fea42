// fob seed: runs the maker's seed on its own, as on a server.
import { readFileSync } from 'node:fs'
import { type Command, failed, type Input, type Io, type Outcome, usageError } from '../cli/command.ts'
import { keyOptions } from '../cli/key.ts'
import { networkOptions } from '../cli/network.ts'
import { readSelling } from '../cli/selling.ts'
import { PortInUse } from '../http.ts'
import { findRunningSeed, startSeedControl, turnSeed } from '../seed/control.ts'
import { type SeedOptions, startSeed } from '../seed/seed.ts'

export const seed: Command = {
  usage: '[options]',
  description: `Keeps the files that fob publish hands over, and serves them over WebSockets, WebRTC-direct (where this machine can) and a trustless
HTTP gateway. An https page can't dial ws://; give a certificate for wss. Blocks and the peer id are kept in FOB_HOME.`,
  positionals: [],
  options: {
    host: { type: 'string', value: 'IP', help: 'address to listen on; default: 127.0.0.1' },
    port: { type: 'string', value: 'PORT', help: 'WebSockets (TCP) and WebRTC-direct (UDP); default: 8643' },
    'gateway-port': { type: 'string', value: 'PORT', help: 'trustless HTTP gateway; default: 8644' },
    'wss-port': {
      type: 'string',
      value: 'PORT',
      help: 'secure WebSockets, with a certificate; default: 8645',
    },
    certificate: { type: 'string', value: 'FILE', help: 'PEM certificate chain for wss' },
    'certificate-key': { type: 'string', value: 'FILE', help: 'its PEM private key' },
    off: {
      type: 'boolean',
      help: 'switches the seed of npm start off: nothing is served from then on, and nobody relayed',
    },
    on: { type: 'boolean', help: 'switches it on again' },
    price: {
      type: 'string',
      value: 'COINS',
      help: 'sells blocks for vouchers instead of giving them away: for each 64 KiB; the key below earns, and claims',
    },
    ...keyOptions,
    ...networkOptions,
  },
  run: runSeed,
}

async function runSeed(input: Input, io: Io): Promise<Outcome> {
  if (input.isSet('on') || input.isSet('off')) return turn(input.isSet('on'), io)
  const port = readPort(input, 'port', 8643)
  const gatewayPort = readPort(input, 'gateway-port', 8644)
  const wssPort = readPort(input, 'wss-port', 8645)
  if (port === undefined || gatewayPort === undefined || wssPort === undefined) {
    return usageError('A port is a number from 1 to 65535.')
  }
  const certificate = input.text('certificate')
  const key = input.text('certificate-key')
  if ((certificate === undefined) !== (key === undefined)) {
    return usageError('--certificate and --certificate-key belong together.')
  }
  let tls: SeedOptions['tls']
  if (certificate !== undefined && key !== undefined) {
    try {
      tls = {
        port: wssPort,
        certificate: readFileSync(certificate, 'utf8'),
        key: readFileSync(key, 'utf8'),
      }
    } catch (error) {
      return usageError(error instanceof Error ? error.message : String(error))
    }
  }
  const selling = await readSelling(input, io)
  if (!selling.ok) return usageError(selling.error.detail ?? selling.error.kind)
  if ((await findRunningSeed(io.home.seed)) !== undefined) {
    return failed('seedRunning', `A seed is running already with the state in ${io.home.seed}.`)
  }
  const options: SeedOptions = {
    directory: io.home.seed,
    host: input.text('host') ?? '127.0.0.1',
    port,
    gatewayPort,
    ...(tls === undefined ? {} : { tls }),
    ...(selling.value === null ? {} : { sell: selling.value.sell }),
    log: io.print,
  }
  try {
    const running = await startSeed(options)
    const control = await startSeedControl({ current: () => running }, io.home.seed)
    io.print(`The seed is running as ${running.peerId}.`)
    for (const address of running.addresses()) io.print(`  ${address}`)
    io.print(`  ${running.gateway}/ipfs/{cid}?format=raw`)
    const watch = selling.value?.watch()
    io.print('Ctrl-C ends it.')
    await io.interrupted()
    watch?.stop()
    await control.stop()
    await running.stop()
    return { ok: true, text: 'The seed has ended.', data: { peerId: running.peerId } }
  } catch (error) {
    if (!(error instanceof PortInUse)) throw error
    return failed('portInUse', `Port ${error.port} is in use. Choose others: --port and --gateway-port`)
  }
}

async function turn(isOn: boolean, io: Io): Promise<Outcome> {
  if (!(await turnSeed(io.home.seed, isOn))) {
    return failed('noSeed', 'npm start does not run with this state; a seed of its own ends with Ctrl-C.')
  }
  const text = isOn ? 'The maker’s seed is on again.' : 'The maker’s seed is off. Browsers that serve go on.'
  return { ok: true, text, data: { isOn } }
}

/** undefined where it is no port. */
function readPort(input: Input, option: string, standard: number): number | undefined {
  const port = Number(input.text(option) ?? standard)
  return Number.isInteger(port) && port >= 1 && port <= 65535 ? port : undefined
}
