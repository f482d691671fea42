// fob gateway: carries the app to the devices near this board.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BluezObjects } from '../bluez/bluezObjects.ts'
import { BluezCentral } from '../bluez/central.ts'
import { type Command, failed, type Input, type Io, type Outcome, usageError } from '../cli/command.ts'
import { loadNetwork, networkOptions } from '../cli/network.ts'
import { describeError } from '../describeError.ts'
import { startGateway } from '../gateway/gateway.ts'
import { PortInUse } from '../http.ts'
import { systemTimer } from '../systemTimer.ts'

const DEFAULT_PORT = 8650
/** Milliseconds for which the code waits for a slot at a relay. */
const RELAY_PATIENCE = 8_000

export const gateway: Command = {
  usage: '[options]',
  description: `Lets the app reach devices by this board's Bluetooth until Ctrl-C: from an iPhone, or from far away. It hands on bytes between the
app and a device, and is trusted with nothing: who the device is, what it may run and who may open it is proven between the two.

Its code, which is printed, is its address and a key to its radio: add it in the app under Add device. It is the same at every
start, as long as FOB_HOME/gateway is kept and the address stays; remove the file key there to make all given codes void.
An https page can't dial a plain WebSocket: give a certificate, or a relay that both sides reach.`,
  positionals: [],
  options: {
    host: {
      type: 'string',
      value: 'IP',
      help: 'address to listen on; default: 0.0.0.0, which is the whole house',
    },
    port: {
      type: 'string',
      value: 'PORT',
      help: `WebSockets (TCP) and WebRTC-direct (UDP); default: ${DEFAULT_PORT}`,
    },
    'wss-port': {
      type: 'string',
      value: 'PORT',
      help: `secure WebSockets, with a certificate; default: ${DEFAULT_PORT + 1}`,
    },
    certificate: { type: 'string', value: 'FILE', help: 'PEM certificate chain for wss' },
    'certificate-key': { type: 'string', value: 'FILE', help: 'its PEM private key' },
    relay: {
      type: 'string',
      multiple: true,
      value: 'MULTIADDR',
      help: 'a relay to be met at from outside; default: the network’s seeds, where a network is given',
    },
    device: {
      type: 'string',
      multiple: true,
      value: 'ADDRESS',
      help: 'Bluetooth addresses that may be used; default: every device with SMP in reach',
    },
    adapter: { type: 'string', value: 'NAME', help: 'as in hci0; default: the first one' },
    'idle-seconds': {
      type: 'string',
      value: 'N',
      help: 'after which a silent client is let go of; default: 300',
    },
    ...networkOptions,
  },
  run,
}

async function run(input: Input, io: Io): Promise<Outcome> {
  const numbers = {
    port: Number(input.text('port') ?? DEFAULT_PORT),
    wssPort: Number(input.text('wss-port') ?? DEFAULT_PORT + 1),
    idle: Number(input.text('idle-seconds') ?? 300),
  }
  for (const port of [numbers.port, numbers.wssPort]) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      return usageError('A port is a number from 1 to 65535.')
  }
  if (!Number.isInteger(numbers.idle) || numbers.idle < 5)
    return usageError('--idle-seconds is a number, at least 5.')
  const files = { certificate: input.text('certificate'), key: input.text('certificate-key') }
  if ((files.certificate === undefined) !== (files.key === undefined)) {
    return usageError('--certificate and --certificate-key go together.')
  }
  const log = (line: string) => io.print(`${new Date().toISOString().slice(11, 19)} ${line}`)
  const stops: (() => unknown)[] = []
  try {
    const relays = await relaysOf(input, io)
    const bluez = await BluezObjects.open()
    stops.push(() => bluez.close())
    const radio = new BluezCentral({ bluez, log, timer: systemTimer, adapter: input.text('adapter') })
    if (!radio.isOn()) log('Bluetooth is off here: switch it on (bluetoothctl power on).')
    const allowed = input.texts('device').map(address => address.toUpperCase())
    const started = await startGateway({
      directory: join(io.home.directory, 'gateway'),
      host: input.text('host') ?? '0.0.0.0',
      port: numbers.port,
      ...{ relays, radio, log },
      idleMs: numbers.idle * 1_000,
      allowed: allowed.length > 0 ? new Set(allowed) : undefined,
      tls:
        files.certificate !== undefined && files.key !== undefined
          ? {
              certificate: readFileSync(files.certificate, 'utf8'),
              key: readFileSync(files.key, 'utf8'),
              port: numbers.wssPort,
            }
          : undefined,
    })
    stops.push(() => started.stop())
    if (relays.length > 0) await started.atRelays(RELAY_PATIENCE)
    for (const address of started.addresses()) io.print(address)
    io.print(`Its code: ${started.code()}`)
    io.print('Whoever has the code can use this board’s Bluetooth. Ctrl-C ends it.')
    await io.interrupted()
    return { ok: true, text: 'The gateway has ended.', data: { peerId: started.peerId } }
  } catch (error) {
    if (error instanceof PortInUse)
      return failed('portInUse', `Port ${error.port} is in use. Choose another: --port`)
    return failed('gatewayFailed', describeError(error))
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

/** Without a network it serves its house alone. */
async function relaysOf(input: Input, io: Io): Promise<readonly string[]> {
  const named = input.texts('relay')
  if (named.length > 0) return named
  const network = await loadNetwork(input, io)
  if (network.ok) return network.value.peers
  if (input.text('network') !== undefined) throw new Error(network.error.detail)
  return []
}
