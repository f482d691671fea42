// One deployed Anchors on a chain of its own, and what its one write costs.
import { getContract, keccak256, stringToBytes } from 'viem'
import { anchorsAbi as abi, anchorsBytecode as bytecode } from '../../contracts/generated/Anchors.ts'
import { startChain } from '../chain.ts'
import { deployContract, senderFor } from './deployed.ts'
import { done } from './deviceRegistry.ts'
import type { GasRow } from './gas.ts'
import { lower } from './testDevice.ts'

export async function startAnchors() {
  const chain = await startChain()
  const { client } = chain
  const [deployer, ...people] = chain.accounts.map(({ address }) => lower(address))
  if (!deployer) throw new Error('the chain has no accounts')
  const address = lower(await deployContract(client, deployer, { abi, bytecode }))
  return {
    client,
    address,
    people,
    send: senderFor(client, abi, address),
    read: getContract({ abi, address, client }).read,
    stop: chain.stop,
  }
}

export type Anchors = Awaited<ReturnType<typeof startAnchors>>

export const aHash = (seed: string) => keccak256(stringToBytes(seed))

export async function measureAnchorsGas({ people, send }: Anchors): Promise<GasRow[]> {
  const [author] = people
  if (!author) throw new Error('the chain has too few accounts')
  const anchor = async (size: bigint) =>
    Number(done(await send(author, 'anchor', [aHash('a log for gas'), aHash(`root ${size}`), size])).gas)
  return [
    { name: 'gas: anchor a log, the first time', gas: await anchor(7n), bound: null },
    { name: 'gas: anchor a log, again', gas: await anchor(20n), bound: null },
  ]
}
