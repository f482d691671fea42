// The contracts that Fob puts on a chain, in the order in which they need each other. A new one is one more entry here.
import { type Abi, encodeDeployData } from 'viem'
import { anchorsAbi, anchorsBytecode } from '../../contracts/generated/Anchors.ts'
import { demoTokenAbi, demoTokenBytecode } from '../../contracts/generated/DemoToken.ts'
import { deviceRegistryAbi, deviceRegistryBytecode } from '../../contracts/generated/DeviceRegistry.ts'
import { firmwareRegistryAbi, firmwareRegistryBytecode } from '../../contracts/generated/FirmwareRegistry.ts'
import { marketAbi, marketBytecode } from '../../contracts/generated/Market.ts'
import { paymentChannelsAbi, paymentChannelsBytecode } from '../../contracts/generated/PaymentChannels.ts'
import { tillsAbi, tillsBytecode } from '../../contracts/generated/Tills.ts'
import type { Address, Hex } from '../../src/core/bytes.ts'

/** What the constructors are told. */
export interface ContractSettings {
  /** Seconds for which a new release key is announced before it can publish. */
  readonly rotationDelay: number
}

/** Addresses of the contracts that come earlier in the list. */
type Earlier = Readonly<Partial<Record<string, Address>>>

interface Contract {
  readonly abi: Abi
  readonly bytecode: Hex
  /** Money of no worth, for the development chain alone; its creator may make more of it. */
  readonly isPlayMoney?: true
  /** The earlier one whose address its constructor is told. */
  readonly needs?: 'deviceRegistry' | 'market'
  args?(settings: ContractSettings, earlier: Earlier): readonly unknown[]
}

/** By the names that network.json has for them (`chain.registry`, `chain.contracts`), but for play money. */
const contracts = {
  registry: {
    abi: firmwareRegistryAbi,
    bytecode: firmwareRegistryBytecode,
    args: ({ rotationDelay }) => [rotationDelay],
  },
  deviceRegistry: { abi: deviceRegistryAbi, bytecode: deviceRegistryBytecode },
  market: {
    abi: marketAbi,
    bytecode: marketBytecode,
    needs: 'deviceRegistry',
    args: (_settings, { deviceRegistry }) => [deviceRegistry],
  },
  tills: {
    abi: tillsAbi,
    bytecode: tillsBytecode,
    needs: 'market',
    args: (_settings, { market }) => [market],
  },
  anchors: { abi: anchorsAbi, bytecode: anchorsBytecode },
  paymentChannels: { abi: paymentChannelsAbi, bytecode: paymentChannelsBytecode },
  demoToken: { abi: demoTokenAbi, bytecode: demoTokenBytecode, isPlayMoney: true },
} satisfies Record<string, Contract>

export type ContractName = keyof typeof contracts

export const isContractName = (name: string): name is ContractName => Object.hasOwn(contracts, name)

/** In the order in which they are deployed. */
export const contractNames = Object.keys(contracts).filter(isContractName)

const contractOf = (name: ContractName): Contract => contracts[name]

export const isPlayMoney = (name: ContractName): boolean => contractOf(name).isPlayMoney === true

/** The contract whose address must be known before this one can be deployed. */
export const neededBy = (name: ContractName): ContractName | undefined => contractOf(name).needs

/** The creation code with the constructor's arguments: the data of the transaction that deploys it. */
export function creationCode(name: ContractName, settings: ContractSettings, earlier: Earlier): Hex {
  const { abi, bytecode, args } = contractOf(name)
  return encodeDeployData({ abi, bytecode, args: args?.(settings, earlier) ?? [] })
}
