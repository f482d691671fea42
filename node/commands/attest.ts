// fob attest: a header attestor on its operator's own machine.
import { join } from 'node:path'
import { toHex } from '../../src/core/bytes.ts'
import { runAttestor } from '../attest/runAttestor.ts'
import { type Command, failed, type Input, type Io, type Outcome, usageError } from '../cli/command.ts'
import { loadNetwork, networkOptions } from '../cli/network.ts'
import { PortInUse } from '../http.ts'

const defaultPort = 8660
const defaultDrift = 1_800

export const attest: Command = {
  usage: '[options]',
  description: `Runs a header attestor until Ctrl-C: for devices that have no chain and no clock it signs hashes of final blocks, one for each height and never another, and the time.

Its key and the record of what it has signed lie in FOB_HOME/attestor. Never run two with one key, and never restore an old record: then it could sign twice.`,
  positionals: [],
  options: {
    host: { type: 'string', value: 'IP', help: 'address to listen on; default: 127.0.0.1' },
    port: { type: 'string', value: 'PORT', help: `default: ${defaultPort}` },
    endpoint: {
      type: 'string',
      multiple: true,
      value: 'URL',
      help: 'JSON-RPC of your own node; default: the network’s endpoints, as many of which must agree as it says',
    },
    'max-drift': {
      type: 'string',
      value: 'SECONDS',
      help: `how far the newest final block may lie behind this clock for telling the time; default: ${defaultDrift}`,
    },
    ...networkOptions,
  },
  run,
}

async function run(input: Input, io: Io): Promise<Outcome> {
  const network = await loadNetwork(input, io)
  if (!network.ok) return failed(network.error.kind, network.error.detail ?? '')
  const { chain } = network.value
  const port = Number(input.text('port') ?? defaultPort)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return usageError('--port is a number from 1 to 65535.')
  const maxDriftSeconds = Number(input.text('max-drift') ?? defaultDrift)
  if (!Number.isInteger(maxDriftSeconds) || maxDriftSeconds < 10)
    return usageError('--max-drift is a number of seconds, at least 10.')
  const own = input.texts('endpoint')
  const endpoints = own.length > 0 ? own : chain.endpoints
  try {
    const attestor = await runAttestor({
      directory: join(io.home.directory, 'attestor'),
      location: { chainId: chain.id, endpoints },
      minAgreeing: own.length > 0 ? own.length : chain.minAgreeing,
      maxDriftSeconds,
      host: input.text('host') ?? '127.0.0.1',
      port,
    })
    io.print(`The attestor is running: ${attestor.url}`)
    io.print(`Its key, for network.json and devices’ Configs: ${toHex(attestor.key)}`)
    io.print('Ctrl-C ends it.')
    await io.interrupted()
    await attestor.stop()
    return { ok: true, text: 'The attestor has ended.', data: {} }
  } catch (error) {
    if (!(error instanceof PortInUse)) throw error
    return failed('portInUse', `Port ${error.port} is in use. Choose another: --port`)
  }
}
