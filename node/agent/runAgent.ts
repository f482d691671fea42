// The whole agent as one process: accounts, HTTP, its IPFS node, and the devices within reach.
import { join } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import type { DemoModel } from '../../device/demo.ts'
import type { Address } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import type { NetworkConfig } from '../../src/core/network.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { askToClose } from '../channels/endChannel.ts'
import { channelReader } from '../channels/readChannel.ts'
import { type IssuerSettings, type RunningIssuer, runIssuer } from '../issuer/runIssuer.ts'
import { createKioskBox, type KioskBoxOptions } from '../kiosk/kioskBox.ts'
import { systemTimer } from '../systemTimer.ts'
import { type Agent, openAgent } from './agent.ts'
import { type DemoBoard, startDemoBoard } from './demoBoard.ts'
import type { LetService } from './letService.ts'
import { type ReachableDevice, updateOwnDevice } from './ownUpdate.ts'
import { type PeerNode, startPeerNode } from './peerNode.ts'
import { announceAgent } from './running.ts'
import { type AgentServer, loadOrMakeToken, startAgentServer } from './server.ts'

export interface RunOptions {
  readonly directory: string
  readonly network: NetworkConfig
  readonly host: string
  readonly port: number
  readonly passphrase: string
  /** Makers whose releases the owner trusts; those of the network where he named none. */
  readonly makers: readonly Address[]
  readonly channel: string
  /** Of new key files' scrypt. */
  readonly keyCost?: { readonly n: number }
  /** A reference device in this process. */
  readonly demo: { readonly kind: DemoModel['kind']; readonly factoryImage: () => Uint8Array } | null
  /** How it signs for orders. */
  readonly issuing: IssuerSettings
  /** Answers kiosks in the owner's place; null: he does that in his app. */
  readonly answerKiosk?: KioskBoxOptions['answerKiosk']
  readonly log: (line: string) => void
}

export interface AgentProcess {
  readonly agent: Agent
  /** null where the network has no Market. */
  readonly issuer: RunningIssuer | null
  readonly server: AgentServer
  /** Where one was asked for. */
  readonly demo: DemoBoard | null
  stop(): Promise<void>
}

/** Fails with noPaymentChannels, or why an account can't be opened. Throws PortInUse where the port is taken. */
export async function runAgent(options: RunOptions): Promise<Result<AgentProcess, Failure>> {
  const { directory, network, host, port, passphrase, keyCost, log } = options
  const { chain } = network
  const paymentChannels = chain.contracts?.paymentChannels
  if (paymentChannels === undefined) return fail({ kind: 'noPaymentChannels', detail: network.name })
  const domain = { chainId: chain.id, paymentChannels }
  const wallNow = () => Math.floor(Date.now() / 1000)
  const read = channelReader(domain, chain, chain, wallNow)
  const opened = await openAgent({ directory, domain, read, passphrase, ...(keyCost && { keyCost }) })
  if (!opened.ok) return opened
  const agent = opened.value

  const started = await runIssuer({
    directory: join(directory, 'issuer'),
    network,
    passphrase,
    ...(keyCost && { keyCost }),
    settings: options.issuing,
    isOwn: (deviceId, owner) => agent.account(deviceId)?.owner === owner,
    isStopped: agent.isStopped,
    now: agent.now,
    log,
  })
  if (!started.ok) return started
  const issuer = started.value

  const devices = new Map<DeviceId, ReachableDevice>()
  let demo: DemoBoard | null = null
  if (options.demo !== null) {
    const { kind, factoryImage } = options.demo
    const board = startDemoBoard(kind, {
      directory: join(directory, 'demo', kind),
      network,
      factoryImage,
      timer: systemTimer,
    })
    demo = board
    devices.set(board.device.deviceId, { connect: () => board.device.connect(), right: null })
    log(`The ${kind} ${board.device.deviceId} is within reach.`)
  }

  // Loaded and started when something is to be fetched: most days nothing is.
  let node: Promise<PeerNode> | null = null
  const nodeStarted = () => (node ??= startPeerNode(join(directory, 'blocks')))
  const updating = new Set<DeviceId>()
  const services = new Map<DeviceId, LetService>()
  let server: AgentServer
  const token = loadOrMakeToken(directory)
  try {
    server = await startAgentServer({
      agent,
      host,
      port,
      token,
      services,
      issuing: issuer && { service: issuer.service, status: () => statusOf(issuer) },
      kiosk: issuer && createKioskBox(kioskBoxOptions(options, issuer, agent)),
      domain,
      async askToClose(purse) {
        const { libp2p } = (await nodeStarted()).helia
        return askToClose({ libp2p, domain }, purse, network.peers.map(multiaddr))
      },
      async update(deviceId) {
        const account = agent.account(deviceId)
        const device = devices.get(deviceId)
        if (account === undefined || device === undefined)
          return fail({ kind: 'deviceUnknown', detail: deviceId })
        if (updating.has(deviceId)) return fail({ kind: 'updateUnderWay' })
        updating.add(deviceId)
        try {
          return await updateOwnDevice({
            account,
            device,
            network,
            domain,
            makers: options.makers,
            channel: options.channel,
            node: await nodeStarted(),
            directory: join(directory, 'updates', deviceId),
            timer: systemTimer,
            now: agent.now,
          })
        } finally {
          updating.delete(deviceId)
        }
      },
    })
  } catch (error) {
    demo?.stop()
    await issuer?.stop()
    throw error
  }
  const withdraw = announceAgent(directory, server.url, token)
  return ok({
    agent,
    issuer,
    server,
    demo,
    async stop() {
      withdraw()
      await server.stop()
      await issuer?.stop()
      await (await node)?.stop()
      demo?.stop()
    },
  })
}

const statusOf = ({ gas, service }: RunningIssuer) => ({
  isOpen: service.isOpen,
  lastSeconds: service.lastSeconds,
  gas: { account: gas.address, spentToday: gas.spent(), inFlight: gas.inFlight() },
  devices: service.issuer.issuings(),
  orders: service.issuer.counts(),
})

const kioskBoxOptions = (
  { directory, issuing, answerKiosk }: RunOptions,
  { issuer }: RunningIssuer,
  agent: Agent,
): KioskBoxOptions => ({
  directory: join(directory, 'kiosk'),
  domain: issuer.domain,
  ownerOf: issuer.ownerOf,
  serves: (deviceId, owner) =>
    issuing.isOpen || issuing.owners.includes(owner) || agent.account(deviceId)?.owner === owner,
  now: agent.now,
  answerKiosk: answerKiosk ?? null,
})
