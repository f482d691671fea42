// A Market on a real chain behind two endpoints, and an agent's issuer beside it, which looks at the chain when it is told to.
import { join } from 'node:path'
import { createEndpoint, type Endpoint } from '../../../node/chain/endpoint.ts'
import { writeFileDurably } from '../../../node/files.ts'
import { freePort } from '../../../node/http.ts'
import type { OpenedIssuer } from '../../../node/issuer/runIssuer.ts'
import { type IssuerSettings, openIssuer, usualIssuerSettings } from '../../../node/issuer/runIssuer.ts'
import type { WriteFile } from '../../../node/issuer/store.ts'
import { fromHex, type Hex, toHex } from '../../../src/core/bytes.ts'
import type { DeviceId } from '../../../src/core/identity.ts'
import { type NetworkConfig, parseNetwork } from '../../../src/core/network.ts'
import type { OfferTerms, Order } from '../../../src/core/registry/marketStatements.ts'
import { type AgentIssuing, agentIssuingTypedData } from '../../../src/core/wallet/agentIssuing.ts'
import type { Person } from '../../contract/deviceRegistry.ts'
import { type Offered, startMarket } from '../../contract/market.ts'
import type { TestDevice } from '../../contract/testDevice.ts'
import { temporaryDirectory } from './temporary.ts'

export const ether = 10n ** 18n

export interface OpenOptions {
  readonly settings?: Partial<IssuerSettings>
  readonly write?: WriteFile
  /** Of the box: its directory. */
  readonly name?: string
}

export async function startIssuerWorld() {
  const market = await startMarket(['--slots-in-an-epoch', '1'])
  const directory = temporaryDirectory()
  const endpoints: Endpoint[] = []
  for (let i = 0; i < 2; i++) {
    const endpoint = createEndpoint({
      host: '127.0.0.1',
      port: await freePort(),
      upstream: async () => market.registry.chain.url,
    })
    await endpoint.start()
    endpoints.push(endpoint)
  }
  const end = async () => {
    for (const endpoint of endpoints) await endpoint.stop()
    await market.stop()
  }
  const [first, second] = endpoints
  if (!first || !second) throw new Error('two endpoints')
  const parsed = parseNetwork({
    version: 1,
    name: 'Test',
    chain: {
      id: market.domain.chainId,
      name: 'Local',
      registry: `0x${'aa'.repeat(20)}`,
      endpoints: endpoints.map(({ url }) => url),
      minAgreeing: 2,
      maxAgeSeconds: 120,
      currency: { symbol: 'ETH', decimals: 18 },
      contracts: { deviceRegistry: market.registry.address, market: market.address },
    },
    peers: [],
    gateways: [],
    makers: [],
  })
  if (!parsed.ok) throw new Error(parsed.error.detail)
  const network: NetworkConfig = parsed.value
  let clock = 0
  let isStopped = false
  let version = 0

  const open = async ({ settings = {}, write, name = 'box' }: OpenOptions = {}): Promise<OpenedIssuer> => {
    clock = Math.max(clock, await market.now())
    const opened = await openIssuer({
      directory: join(directory, name),
      network,
      passphrase: 'of the box',
      keyCost: { n: 2 },
      settings: { ...usualIssuerSettings, isOpen: true, ...settings },
      isOwn: () => false,
      isStopped: () => isStopped,
      now: () => clock,
      write: write ?? writeFileDurably,
    })
    if (!opened.ok || opened.value === null) throw new Error('no issuer')
    await market.client.setBalance({ address: opened.value.gas.address, value: ether })
    return opened.value
  }

  /** The owner's word, as his wallet signs and sends it. */
  const statement = async (
    { issuer }: OpenedIssuer,
    owner: Person,
    deviceId: DeviceId,
    changes: Partial<AgentIssuing> = {},
    signer = owner,
  ) => {
    const issuing: AgentIssuing = {
      owner: owner.address,
      deviceId,
      key: issuer.keyOf(deviceId),
      version: ++version,
      isOn: true,
      offers: [],
      withdrawEvery: 0,
      ...changes,
    }
    const signature = await signer.sign(agentIssuingTypedData(market.domain, issuing))
    return { ...issuing, key: toHex(issuing.key), signature }
  }

  const world = {
    market,
    network,
    directory,
    endpoints: [first, second] as const,
    open,
    statement,
    stop(value: boolean) {
      isStopped = value
    },
    /** Three blocks on: what was the newest block is final. */
    async finalize() {
      await market.client.mine({ blocks: 3 })
      clock = Math.max(clock, await market.now())
    },
    /** The chain's time and the box's are at least that. */
    async advanceTo(time: number) {
      await market.client.setNextBlockTimestamp({ timestamp: BigInt(time) })
      await world.finalize()
    },
    /** Unix seconds, by the box’s clock. */
    now: () => clock,
    /** Time goes by on the box, and no block comes. */
    wait(seconds: number) {
      clock += seconds
    },
    /** Looks so often at what is final by then. */
    async passes({ issuer }: OpenedIssuer, count: number) {
      for (let i = 0; i < count; i++) {
        await world.finalize()
        const outcome = await issuer.pass()
        if (!outcome.ok) throw new Error(`${outcome.error.kind}: ${outcome.error.detail ?? ''}`)
      }
    },
    /** A device whose filed Config names the agent, which has the owner's word; with an offer of hours. */
    async offered(
      opened: OpenedIssuer,
      owner: Person,
      terms: Partial<OfferTerms> = {},
      device?: TestDevice,
    ): Promise<Offered> {
      const own = device ?? (await market.newDevice(owner))
      const issuerKey = opened.issuer.keyOf(own.deviceId)
      if (!device) await market.file(owner, own, 2, { issuerKey })
      const offer = await market.offer(owner, own, market.hoursOf(owner, own, terms))
      await world.finalize()
      const taken = await opened.issuer.take(own.deviceId, await statement(opened, owner, own.deviceId))
      if (!taken.ok) throw new Error(taken.error.kind)
      return offer
    },
    /** How many transactions the agent has sent that were mined. */
    transactionsOf: ({ gas }: OpenedIssuer) => market.client.getTransactionCount({ address: gas.address }),
    async signatureOnChain(orderId: Hex) {
      const logs = await market.client.getContractEvents({
        address: market.address,
        abi: (await import('../../../contracts/generated/Market.ts')).marketAbi,
        eventName: 'Fulfilled',
        args: { orderId },
        fromBlock: 0n,
      })
      return logs.map(({ args }) => fromHex(`${args.r}${args.s?.slice(2)}`))
    },
    ordered: (offer: Offered, payer: Person, changes: Partial<Order> = {}) =>
      market.ordered(offer, payer, changes),
    end,
  }
  return world
}

export type IssuerWorld = Awaited<ReturnType<typeof startIssuerWorld>>
