// The network.json and the maker's pin file of a local instance.
import type { Address, Hex } from '../../src/core/bytes.ts'
import type { MakerPin } from '../../src/core/makerPin.ts'
import type { DemoNetwork, NetworkConfig } from '../../src/core/network.ts'
import { busySecondsPerBlock } from '../chain/localChain.ts'

export interface LocalNetwork {
  readonly chainId: number
  readonly registry: Address
  readonly endpoints: readonly string[]
  readonly gateway: string
  readonly maker: Address
  /** DER SubjectPublicKeyInfo. */
  readonly firmwareKey: Hex
  readonly models: DemoNetwork['models']
  /** What a wallet works with; absent where there is only the main job. */
  readonly wallet?: {
    readonly contracts: NonNullable<NetworkConfig['chain']['contracts']>
    readonly demoToken: Address
    /** Path on the app's own server. */
    readonly faucet: string
  }
  /** Whom a device may be told to believe: two of them together. */
  readonly attestors?: readonly { readonly key: Hex; readonly url: string }[]
  /** Where the agent is that signs for devices of anybody. */
  readonly agent?: string
  /** Path on the app's own server, where all browsers are to meet the same demo devices. */
  readonly demoMemory?: string
}

const makerName = 'Fob Demo Maker'
const agentName = 'Fob Demo Agent'

/** As contracts/demo/DemoToken.sol says them. */
const demoTokenFacts = {
  name: 'Demo Dollar',
  symbol: 'DUSD',
  decimals: 6,
  permit: { name: 'Demo Dollar', version: '1' },
}

export function networkConfig(local: LocalNetwork, peers: readonly string[]): NetworkConfig {
  const { wallet, attestors, agent } = local
  return {
    version: 1,
    name: 'Local demo',
    chain: {
      id: local.chainId,
      name: 'Local development chain',
      registry: local.registry,
      endpoints: [...local.endpoints],
      minAgreeing: 2,
      maxAgeSeconds: 120,
      blockSeconds: busySecondsPerBlock,
      currency: { symbol: 'ETH', decimals: 18 },
      ...(wallet && {
        contracts: wallet.contracts,
        tokens: [{ address: wallet.demoToken, ...demoTokenFacts }],
      }),
    },
    peers: [...peers],
    gateways: [local.gateway],
    makers: [{ name: makerName, address: local.maker, models: modelNames(local) }],
    ...(attestors && { attestors: { threshold: 2, members: [...attestors] } }),
    ...(agent && { agents: [{ name: agentName, url: agent }] }),
    demo: {
      maker: local.maker,
      trustedKeys: [local.firmwareKey],
      models: local.models,
      ...(wallet && { faucet: wallet.faucet }),
      ...(local.demoMemory !== undefined && { memory: local.demoMemory }),
    },
  }
}

export function makerPin(local: LocalNetwork): MakerPin {
  return {
    version: 1,
    name: makerName,
    address: local.maker,
    chainId: local.chainId,
    registry: local.registry,
    models: modelNames(local),
  }
}

const modelNames = ({ models }: LocalNetwork) => models.map(({ name, hardware }) => ({ name, hardware }))
