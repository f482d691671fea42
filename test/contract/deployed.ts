// A deployed contract, and a way to call it that hands back what the mined transaction did.
import {
  type Abi,
  type AbiStateMutability,
  type Address,
  BaseError,
  type ContractEventName,
  type ContractFunctionArgs,
  type ContractFunctionName,
  decodeErrorResult,
  encodeFunctionData,
  type Hex,
  isHex,
  parseEventLogs,
} from 'viem'
import { type ChainClient, receiptOf } from '../chain.ts'

/** A decoded event: `args` by their names in the ABI, addresses checksummed. */
export interface ContractEvent<Name extends string = string> {
  readonly name: Name
  readonly args: unknown
}

/** What a mined transaction did. */
export type Outcome<Name extends string = string> = Done<Name> | Refused

export interface Done<Name extends string = string> {
  readonly ok: true
  readonly gas: bigint
  readonly events: readonly ContractEvent<Name>[]
  readonly block: BlockOf
}

/** `error` is the contract's own, by name, with its parameters in order. */
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

const gasLimit = 6_000_000n

/**
 * A function that sends from one of the chain's accounts and waits until it is mined; its `at` is the block's Unix time
 * in seconds, later than the last block's, and `value` the coins that it brings along.
 */
export function senderFor<const A extends Abi>(client: ChainClient, abi: A, address: Address) {
  return async function send<N extends ContractFunctionName<A>>(
    from: Address,
    functionName: N,
    args: ContractFunctionArgs<A, AbiStateMutability, N>,
    at?: number,
    value?: bigint,
  ): Promise<Outcome<ContractEventName<A>>> {
    if (at !== undefined) await client.setNextBlockTimestamp({ timestamp: BigInt(at) })
    // The wide types are for viem's overloads alone: `args` was checked against the function's name above.
    const data = encodeFunctionData({ abi, functionName, args } as Parameters<typeof encodeFunctionData>[0])
    // No chain is named, for a test may run its node under another id.
    const hash = await client.sendTransaction({
      account: from,
      chain: null,
      to: address,
      data,
      gas: gasLimit,
      ...(value !== undefined && { value }),
    })
    const receipt = await receiptOf(client, hash)
    if (receipt.status === 'reverted') return revertOf(client, abi, hash)
    const block = await client.getBlock({ blockHash: receipt.blockHash })
    const logs = parseEventLogs({ abi: abi as Abi, logs: receipt.logs })
    return {
      ok: true,
      gas: receipt.gasUsed,
      events: logs.map(log => ({ name: log.eventName as ContractEventName<A>, args: log.args })),
      block: { number: Number(block.number), timestamp: Number(block.timestamp) },
    }
  }
}

/**
 * A function that tries a call on the present state and leaves no trace: `done`, or the name of the contract's error.
 */
export function attemptsFor<const A extends Abi>(client: ChainClient, abi: A, address: Address) {
  return async function attempt<N extends ContractFunctionName<A>>(
    from: Address,
    functionName: N,
    args: ContractFunctionArgs<A, AbiStateMutability, N>,
  ): Promise<string> {
    const data = encodeFunctionData({ abi, functionName, args } as Parameters<typeof encodeFunctionData>[0])
    try {
      await client.call({ account: from, to: address, data })
      return 'done'
    } catch (error) {
      return errorNameOf(abi, error)
    }
  }
}

/** Name of the contract's error that a tried call ended with. Throws what it is given where that is something else. */
export function errorNameOf(abi: Abi, error: unknown): string {
  const cause = error instanceof BaseError ? error.walk(cause => dataOf(cause) !== undefined) : undefined
  const data = dataOf(cause)
  if (data === undefined) throw error
  return decodeErrorResult({ abi, data }).errorName
}

function dataOf(cause: unknown): Hex | undefined {
  if (typeof cause !== 'object' || cause === null || !('data' in cause)) return undefined
  return isHex(cause.data) ? cause.data : undefined
}

/** Sends creation code with its arguments; throws, naming the contract's error, if the constructor reverts. */
export async function deployContract(
  client: ChainClient,
  from: Address,
  contract: { readonly abi: Abi; readonly bytecode: Hex; readonly args?: readonly unknown[] },
): Promise<Address> {
  const hash = await client.deployContract({ account: from, chain: null, gas: gasLimit, ...contract })
  const { contractAddress, status } = await receiptOf(client, hash)
  if (status === 'reverted' || !contractAddress) {
    const { error, args } = await revertOf(client, contract.abi, hash)
    throw new Error(`${error}(${args})`)
  }
  return contractAddress
}

/** The error data comes from the mined transaction's trace, not from a second call that could see another state. */
async function revertOf(client: ChainClient, abi: Abi, hash: Hex): Promise<Refused> {
  const trace = await client.request<{
    Method: 'debug_traceTransaction'
    Parameters: [Hex, { tracer: string }]
    ReturnType: { output?: Hex }
  }>({ method: 'debug_traceTransaction', params: [hash, { tracer: 'callTracer' }] })
  const { errorName, args = [] } = decodeErrorResult({ abi, data: trace.output ?? '0x' })
  return { ok: false, error: errorName, args }
}
