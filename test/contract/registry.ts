// One deployed FirmwareRegistry and a way to call it that hands back what the mined transaction did.
import {
  type Address,
  type ContractEventName,
  type ContractFunctionArgs,
  type ContractFunctionName,
  decodeErrorResult,
  encodeFunctionData,
  getContract,
  type Hex,
  parseEventLogs,
} from 'viem'
import {
  firmwareRegistryAbi as abi,
  firmwareRegistryBytecode as bytecode,
} from '../../contracts/generated/FirmwareRegistry.ts'
import { type ChainClient, receiptOf, startChain } from '../chain.ts'

type WriteName = ContractFunctionName<typeof abi, 'nonpayable'>
type WriteArgs<N extends WriteName> = ContractFunctionArgs<typeof abi, 'nonpayable', N>

/** A decoded event: `args` by their names in the ABI, addresses checksummed. */
export interface RegistryEvent {
  readonly name: ContractEventName<typeof abi>
  readonly args: unknown
}

/** What a mined transaction did. */
export type Outcome = Done | Refused

export interface Done {
  readonly ok: true
  readonly gas: bigint
  readonly events: readonly RegistryEvent[]
  readonly block: BlockOf
}

/** `error` is the registry's own, by name, with its parameters in order. */
export interface Refused {
  readonly ok: false
  readonly error: string
  readonly args: readonly unknown[]
}

export interface BlockOf {
  readonly number: number
  /** Unix time in seconds. */
  readonly timestamp: number
}

export const rotationDelay = 3 * 24 * 3600
const gasLimit = 3_000_000n

export async function startRegistry() {
  const chain = await startChain()
  const { client } = chain
  const [deployer, ...people] = chain.accounts.map(account => account.address)
  if (!deployer) throw new Error('the chain has no accounts')
  const address = await deploy(client, deployer, rotationDelay)

  /** Sends from one of the chain's accounts; `at` is the block's Unix time in seconds, later than the last block's. */
  async function send<N extends WriteName>(
    from: Address,
    functionName: N,
    args: WriteArgs<N>,
    at?: number,
  ): Promise<Outcome> {
    if (at !== undefined) await client.setNextBlockTimestamp({ timestamp: BigInt(at) })
    // The wide type is for viem's overloads alone: `args` was checked against the function's name above.
    const data = encodeFunctionData({ abi, functionName, args } as Parameters<typeof encodeFunctionData>[0])
    const hash = await client.sendTransaction({ account: from, to: address, data, gas: gasLimit })
    const receipt = await receiptOf(client, hash)
    if (receipt.status === 'reverted') return revertOf(client, hash)
    const block = await client.getBlock({ blockHash: receipt.blockHash })
    return {
      ok: true,
      gas: receipt.gasUsed,
      events: parseEventLogs({ abi, logs: receipt.logs }).map(log => ({
        name: log.eventName,
        args: log.args,
      })),
      block: { number: Number(block.number), timestamp: Number(block.timestamp) },
    }
  }

  return {
    chain,
    client,
    address,
    deployer,
    people,
    send,
    read: getContract({ abi, address, client }).read,
    now: async () => Number((await client.getBlock()).timestamp),
    stop: chain.stop,
  }
}

export type Registry = Awaited<ReturnType<typeof startRegistry>>

/** Deploys a registry; throws, naming the registry's error, if the constructor reverts. */
export async function deploy(client: ChainClient, from: Address, delay: number): Promise<Address> {
  const hash = await client.deployContract({ account: from, abi, bytecode, args: [delay], gas: gasLimit })
  const { contractAddress, status } = await receiptOf(client, hash)
  if (status === 'reverted' || !contractAddress) {
    const { error, args } = await revertOf(client, hash)
    throw new Error(`${error}(${args})`)
  }
  return contractAddress
}

/** The error data comes from the mined transaction's trace, not from a second call that could see another state. */
async function revertOf(client: ChainClient, hash: Hex): Promise<Refused> {
  const trace = await client.request<{
    Method: 'debug_traceTransaction'
    Parameters: [Hex, { tracer: string }]
    ReturnType: { output?: Hex }
  }>({ method: 'debug_traceTransaction', params: [hash, { tracer: 'callTracer' }] })
  const { errorName, args = [] } = decodeErrorResult({ abi, data: trace.output ?? '0x' })
  return { ok: false, error: errorName, args }
}
