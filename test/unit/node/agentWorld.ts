// Everything that an agent meets, real and on loopback: a chain behind two endpoints, contracts, a release, a seed that sells.
import { join } from 'node:path'
import { privateKeyToAccount } from 'viem/accounts'
import {
  firmwareRegistryAbi,
  firmwareRegistryBytecode,
} from '../../../contracts/generated/FirmwareRegistry.ts'
import { paymentChannelsAbi, paymentChannelsBytecode } from '../../../contracts/generated/PaymentChannels.ts'
import { createDemoDevice, DEMO_MODELS, type DemoModel } from '../../../device/demo.ts'
import { buildDemoImage } from '../../../device/demoFirmware.ts'
import type { ReferenceDevice, ReferenceDeviceOptions } from '../../../device/referenceDevice.ts'
import { type Agent, openAgent } from '../../../node/agent/agent.ts'
import { publicClientFor } from '../../../node/chain/client.ts'
import { createEndpoint } from '../../../node/chain/endpoint.ts'
import { openPayeeLedger } from '../../../node/channels/payeeLedger.ts'
import { channelReader } from '../../../node/channels/readChannel.ts'
import { channelTransactions } from '../../../node/channels/transactions.ts'
import { freePort } from '../../../node/http.ts'
import { publishRelease } from '../../../node/release/publish.ts'
import { openRegistry } from '../../../node/release/registry.ts'
import { firmwareCid } from '../../../node/seed/firmwareFile.ts'
import { type Seed, startSeed } from '../../../node/seed/seed.ts'
import { type Address, type Bytes, toHex } from '../../../src/core/bytes.ts'
import { hashTypedData } from '../../../src/core/eip712.ts'
import { signerPublicKey } from '../../../src/core/mcuboot/build.ts'
import { type NetworkConfig, parseNetwork } from '../../../src/core/network.ts'
import { ok } from '../../../src/core/result.ts'
import type { Timer } from '../../../src/core/smp/transport.ts'
import {
  type ChannelDomain,
  type ChannelTerms,
  closeDigest,
  signByKey,
} from '../../../src/core/voucher/channel.ts'
import type { PayeeLedger, ReadChannel } from '../../../src/core/voucher/payeeLedger.ts'
import { termsToStore } from '../../../src/core/voucher/storedTerms.ts'
import { agentRulesTypedData } from '../../../src/core/wallet/agentRules.ts'
import {
  type AccountRules,
  noRules,
  type PaymentPurpose,
  type PurposeRule,
} from '../../../src/core/wallet/rules.ts'
import { startChain } from '../../chain.ts'
import { deployContract } from '../../contract/deployed.ts'
import { accountOf, keyOf } from '../voucher/people.ts'
import { temporaryDirectory } from './temporary.ts'

export const timer: Timer = {
  now: () => performance.now(),
  after(ms, task) {
    const handle = setTimeout(task, ms)
    return () => clearTimeout(handle)
  },
}

const firmwareKey = keyOf('firmware')
const channel = 'stable'
export const version = (minor: number) => ({ major: 1, minor, revision: 0, build: 0 })

interface SellingSeed {
  readonly seed: Seed
  readonly ledger: PayeeLedger
  restart(): Promise<void>
}

export interface World {
  stop(): Promise<void>
  readonly network: NetworkConfig
  readonly domain: ChannelDomain
  readonly maker: Address
  readonly read: ReadChannel
  readonly directory: string
  readonly image: Bytes
  coins(account: Address): Promise<bigint>
  transactions: ReturnType<typeof channelTransactions>
  /** An agent on a box of its own. */
  agent(name: string): Promise<Agent>
  /** A reference device with the older firmware, in this process. */
  device(model: DemoModel['kind'], name: string, options?: Partial<ReferenceDeviceOptions>): ReferenceDevice
  /** Signed by the owner's account and pushed. */
  pushRules(
    agent: Agent,
    device: ReferenceDevice,
    purpose: PaymentPurpose,
    rule: Partial<PurposeRule>,
    version?: number,
  ): void
  /** From the owner's wallet; the agent is told. Returns the terms. */
  fund(
    agent: Agent,
    device: ReferenceDevice,
    payee: Address,
    deposit: bigint,
    changes?: Partial<ChannelTerms>,
  ): Promise<ChannelTerms>
  /** A seed that sells what it has to whom it meets. */
  sellingSeed(price: bigint): Promise<SellingSeed>
  /** One that gives it away. */
  freeSeed(): Promise<Seed>
}

export const owner = accountOf('owner')
export const seedAccount = accountOf('seed')
export const ether = 10n ** 18n

/** `model`: whose newer release is published. Whoever starts it stops it. */
export async function startWorld(kind: DemoModel['kind']): Promise<World> {
  const directory = temporaryDirectory()
  const cleanups: (() => unknown)[] = []
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  }
  const chain = await startChain(['--block-time', '1', '--slots-in-an-epoch', '1'])
  cleanups.push(() => chain.stop())
  const { client } = chain
  const [deployer] = chain.accounts
  if (!deployer) throw new Error('the chain has no accounts')
  const maker = accountOf('maker')
  for (const name of ['owner', 'maker', 'seed', 'other owner', 'outlet account']) {
    await client.setBalance({ address: accountOf(name), value: 100n * ether })
  }
  const deployed = async (
    abi: Parameters<typeof deployContract>[2]['abi'],
    bytecode: `0x${string}`,
    args: unknown[],
  ) => (await deployContract(client, deployer.address, { abi, bytecode, args })).toLowerCase() as Address
  const registry = await deployed(firmwareRegistryAbi, firmwareRegistryBytecode, [3600])
  const paymentChannels = await deployed(paymentChannelsAbi, paymentChannelsBytecode, [])

  const endpoints: string[] = []
  for (let i = 0; i < 2; i++) {
    const endpoint = createEndpoint({
      host: '127.0.0.1',
      port: await freePort(),
      upstream: async () => chain.url,
    })
    await endpoint.start()
    cleanups.push(() => endpoint.stop())
    endpoints.push(endpoint.url)
  }
  const chainId = await client.getChainId()
  const domain = { chainId, paymentChannels }
  const now = () => Math.floor(Date.now() / 1000)
  const read = channelReader(domain, { endpoints }, { minAgreeing: 2, maxAgeSeconds: 120 }, now)
  const transactions = channelTransactions(domain, endpoints)

  const model = DEMO_MODELS.find(each => each.kind === kind)
  if (!model) throw new Error(`no model ${kind}`)
  const { name, hardware } = model
  const image = buildDemoImage({
    kind,
    hardware,
    version: version(1),
    securityCounter: 2,
    signingKey: firmwareKey,
  })
  const published = await publishRelease(
    openRegistry({ chainId, registry, endpoints }),
    privateKeyToAccount(toHex(keyOf('maker'))),
    async () => ok(String(await firmwareCid(image))),
    {
      bytes: image,
      fileName: 'image.bin',
      model: { maker, name, hardware },
      channel,
      notes: 'newer',
      validUntil: now() + 86_400,
      peers: [],
      createModel: { releaseKey: maker, guardian: null },
    },
  )
  if (!published.ok) throw new Error(published.error.kind)

  const parsed = parseNetwork({
    version: 1,
    name: 'test',
    chain: {
      id: chainId,
      name: 'test',
      registry,
      endpoints,
      minAgreeing: 2,
      maxAgeSeconds: 120,
      currency: { symbol: 'ETH', decimals: 18 },
      contracts: { paymentChannels },
    },
    peers: [],
    gateways: [],
    makers: [{ name: 'Maker', address: maker, models: [{ name, hardware }] }],
  })
  if (!parsed.ok) throw new Error(parsed.error.detail)
  let nonce = 0n
  let seeds = 0

  const accountIn = (agent: Agent, device: ReferenceDevice) => {
    const account = agent.account(device.deviceId)
    if (!account) throw new Error('the agent does not know this device')
    return account
  }

  return {
    stop,
    network: parsed.value,
    domain,
    maker,
    read,
    directory,
    image,
    transactions,
    coins: address => publicClientFor(chain.url).getBalance({ address }),
    async agent(name) {
      const opened = await openAgent({
        directory: join(directory, name),
        domain,
        read,
        passphrase: 'of the box',
        keyCost: { n: 2 },
      })
      if (!opened.ok) throw new Error(opened.error.kind)
      return opened.value
    },
    device(of, deviceName, options = {}) {
      const demo = DEMO_MODELS.find(each => each.kind === of)
      if (!demo) throw new Error(`no model ${of}`)
      const { device } = createDemoDevice({
        kind: of,
        maker,
        registry,
        chainId,
        trustedKeys: [signerPublicKey({ kind: 'ecdsaP256', secretKey: firmwareKey })],
        key: keyOf(deviceName),
        timer,
        storage: {
          factoryImage: buildDemoImage({
            kind: of,
            hardware: demo.hardware,
            version: version(0),
            securityCounter: 1,
            signingKey: firmwareKey,
          }),
        },
        options: {
          requestMs: 0,
          writeMs: 0,
          eraseMs: 0,
          bootMs: 100,
          resetMs: 20,
          maxWrite: 495,
          ...options,
        },
      })
      cleanups.push(() => device.dispose())
      return device
    },
    pushRules(agent, device, purpose, rule, version = 1) {
      const { deviceId, account, agent: key } = accountIn(agent, device)
      const own: PurposeRule = { isOn: true, token: null, perPayment: '0', perDay: '0', payees: [], ...rule }
      const rules: AccountRules = { ...noRules, [purpose]: own }
      const statement = { owner, agent: key, deviceId, account, version, rules }
      const signature = signByKey(hashTypedData(agentRulesTypedData(domain, statement)), keyOf('owner'))
      const taken = accountIn(agent, device).takeRules({ ...statement, signature: toHex(signature) })
      if (!taken.ok) throw new Error(taken.error.kind)
    },
    async fund(agent, device, payee, deposit, changes = {}) {
      const account = accountIn(agent, device)
      const terms: ChannelTerms = {
        payer: owner,
        payee,
        signer: account.agent,
        token: null,
        exitDelay: 7 * 86_400,
        nonce: ++nonce,
        ...changes,
      }
      await transactions.open(privateKeyToAccount(toHex(keyOf('owner'))), terms, deposit)
      // It must be final before anybody believes it.
      for (;;) {
        const added = await account.addChannel(termsToStore(terms))
        if (added.ok) return terms
        if (added.error.kind !== 'channelNotOpen') throw new Error(added.error.kind)
        await new Promise(resolve => setTimeout(resolve, 300))
      }
    },
    async sellingSeed(price) {
      const place = join(directory, `seed ${++seeds}`)
      const demand = { payee: seedAccount, token: null, minExitDelay: 86_400 }
      const ports = { port: await freePort(), gatewayPort: await freePort() }
      const start = async () => {
        const ledger = openPayeeLedger({
          directory: join(place, 'earnings'),
          domain,
          demand,
          read,
          monotonic: () => performance.now(),
          consent: async close => signByKey(closeDigest(domain, close), keyOf('seed')),
        })
        const sell = { domain, demand, pricePerUnit: price, ledger }
        const seed = await startSeed({ directory: place, host: '127.0.0.1', ...ports, log: () => {}, sell })
        return { seed, ledger }
      }
      let running = await start()
      cleanups.push(() => running.seed.stop())
      await running.seed.add(image)
      return {
        get seed() {
          return running.seed
        },
        get ledger() {
          return running.ledger
        },
        async restart() {
          await running.seed.stop()
          running = await start()
        },
      }
    },
    async freeSeed() {
      const seed = await startSeed({
        directory: join(directory, `seed ${++seeds}`),
        host: '127.0.0.1',
        port: await freePort(),
        gatewayPort: await freePort(),
        log: () => {},
      })
      cleanups.push(() => seed.stop())
      await seed.add(image)
      return seed
    },
  }
}
