// Who signs on a local instance: three attestors, two of whom are believed together, and an agent for devices of anybody.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { parseEther } from 'viem'
import { type Hex, toHex } from '../../src/core/bytes.ts'
import type { NetworkConfig } from '../../src/core/network.ts'
import { type RunOptions, runAgent } from '../agent/runAgent.ts'
import { runAttestor } from '../attest/runAttestor.ts'
import { sendFromBank } from '../chain/bank.ts'
import { publicClientFor } from '../chain/client.ts'
import { createEndpoint } from '../chain/endpoint.ts'
import { rpc } from '../chain/rpc.ts'
import { readFileIfThere, writeFileDurably } from '../files.ts'
import { freePort } from '../http.ts'

export interface LocalSigners {
  readonly attestors: readonly { readonly key: Hex; readonly url: string }[]
  /** Of this chain: another one begins anew, for nothing that was signed for the last is of any use there. */
  readonly directory: string
  /** Ways to the chain that do not count as somebody's reading: an idle chain stays idle. */
  readonly endpoints: readonly [string, string]
  stop(): Promise<void>
}

export interface LocalAttestorOptions {
  readonly directory: string
  readonly host: string
  readonly ports: readonly number[]
  readonly chainId: number
  /** The chain itself; waits while it is being restarted. */
  readonly chain: () => Promise<string>
}

/** On the development chain a block comes every ten seconds at least, and is final two blocks later. */
const maxDriftSeconds = 60
/** Final in seconds: half an hour, as on a real chain, would leave nothing of a rental that begins soon. */
const lastSeconds = 60

/** Throws PortInUse. */
export async function startLocalAttestors(options: LocalAttestorOptions): Promise<LocalSigners> {
  const { host, ports, chainId, chain } = options
  const ends: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of ends.splice(0).toReversed()) await end()
  }
  try {
    const directory = join(options.directory, await chainName(await chain()))
    const endpointOf = async () => {
      const endpoint = createEndpoint({ host, port: await freePort(), upstream: chain })
      await endpoint.start()
      ends.push(() => endpoint.stop())
      return endpoint.url
    }
    const endpoints = [await endpointOf(), await endpointOf()] as const
    const attestors: { key: Hex; url: string }[] = []
    for (const [i, port] of ports.entries()) {
      const attestor = await runAttestor({
        directory: join(directory, `attestor-${i + 1}`),
        location: { chainId, endpoints: [endpoints[0]] },
        minAgreeing: 1,
        maxDriftSeconds,
        host,
        port,
      })
      ends.push(() => attestor.stop())
      attestors.push({ key: toHex(attestor.key), url: attestor.url })
    }
    return { attestors, directory, endpoints, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

export interface LocalAgentOptions {
  readonly signers: LocalSigners
  readonly network: NetworkConfig
  readonly host: string
  readonly port: number
  readonly chain: () => Promise<string>
  /** In place of the demo machine's owner. */
  readonly answerKiosk: NonNullable<RunOptions['answerKiosk']> | null
  readonly log: (line: string) => void
}

/** Its account gets coins for gas. Throws PortInUse, or an Error where its files can't be used. */
export async function startLocalAgent(options: LocalAgentOptions): Promise<{ stop(): Promise<void> }> {
  const { signers, network, host, port, chain, answerKiosk, log } = options
  const directory = join(signers.directory, 'agent')
  const started = await runAgent({
    directory,
    network,
    host,
    port,
    passphrase: loadOrMakePassphrase(join(directory, 'passphrase')),
    // The passphrase lies beside the key and is as random: nothing is to be gained by stretching it.
    keyCost: { n: 2 },
    makers: network.makers.map(({ address }) => address),
    channel: 'stable',
    demo: null,
    answerKiosk,
    issuing: {
      isOpen: true,
      owners: [],
      lastSeconds,
      gasPerDay: parseEther('1'),
      everyMs: 1_500,
      askAgainMs: 1_000,
      endpoints: signers.endpoints,
    },
    log: line => log(`Agent: ${line}`),
  })
  if (!started.ok) throw new Error(`The agent did not start: ${started.error.kind}`)
  const { issuer, stop } = started.value
  if (issuer !== null) await fillUp(await chain(), issuer.gas.address)
  return { stop }
}

async function fillUp(url: string, address: Hex): Promise<void> {
  if ((await publicClientFor(url).getBalance({ address })) >= parseEther('5')) return
  await sendFromBank(url, { to: address, value: `0x${parseEther('10').toString(16)}` })
}

/** By its first block, whose hash tells it from another chain with the same id. */
async function chainName(url: string): Promise<string> {
  const block = await rpc(url, 'eth_getBlockByNumber', ['0x0', false])
  const hash = typeof block === 'object' && block !== null && 'hash' in block ? String(block.hash) : ''
  if (!/^0x[0-9a-f]{64}$/.test(hash)) throw new Error('the chain has no first block')
  return hash.slice(2, 18)
}

function loadOrMakePassphrase(path: string): string {
  const stored = readFileIfThere(path)?.toString('utf8').trim()
  if (stored !== undefined && stored !== '') return stored
  const passphrase = randomBytes(32).toString('hex')
  writeFileDurably(path, `${passphrase}\n`, 0o600)
  return passphrase
}
