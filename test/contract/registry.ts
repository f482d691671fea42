// One deployed FirmwareRegistry on a chain of its own.
import { type Address, type ContractEventName, getContract } from 'viem'
import {
  firmwareRegistryAbi as abi,
  firmwareRegistryBytecode as bytecode,
} from '../../contracts/generated/FirmwareRegistry.ts'
import { type ChainClient, startChain } from '../chain.ts'
import { type ContractEvent, deployContract, senderFor } from './deployed.ts'

export type RegistryEvent = ContractEvent<ContractEventName<typeof abi>>

export const rotationDelay = 3 * 24 * 3600

export async function startRegistry() {
  const chain = await startChain()
  const { client } = chain
  const [deployer, ...people] = chain.accounts.map(account => account.address)
  if (!deployer) throw new Error('the chain has no accounts')
  const address = await deploy(client, deployer, rotationDelay)
  return {
    chain,
    client,
    address,
    deployer,
    people,
    send: senderFor(client, abi, address),
    read: getContract({ abi, address, client }).read,
    now: async () => Number((await client.getBlock()).timestamp),
    stop: chain.stop,
  }
}

export type Registry = Awaited<ReturnType<typeof startRegistry>>

/** Deploys a registry; throws, naming the registry's error, if the constructor reverts. */
export const deploy = (client: ChainClient, from: Address, delay: number): Promise<Address> =>
  deployContract(client, from, { abi, bytecode, args: [delay] })
