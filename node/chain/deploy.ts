// Puts the contracts on the development chain once, and notices when chain and memory do not belong together.
import * as v from 'valibot'
import { createWalletClient, http, keccak256, parseEther } from 'viem'
import { type LocalAccount, privateKeyToAccount } from 'viem/accounts'
import { firmwareRegistryAbi, firmwareRegistryBytecode } from '../../contracts/generated/FirmwareRegistry.ts'
import type { Address, Hex } from '../../src/core/bytes.ts'
import { readJsonIfThere, writeFileWhole } from '../files.ts'
import { publicClientFor } from './client.ts'
import { rpc } from './rpc.ts'

/** One hour, so that a rotation can be tried within an afternoon; a real maker takes days. */
const rotationDelaySeconds = 3600

const hex = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]+$/),
  v.transform(text => text as Hex),
)
const schema = v.object({
  version: v.literal(2),
  registry: hex,
  /** The transaction that created it: a chain that does not know it is another chain. */
  transaction: hex,
  /** keccak256 of the creation code: contracts that were rebuilt are deployed anew. */
  code: hex,
})

export interface DeployOptions {
  /** The chain itself: funding uses its unlocked development account. */
  readonly url: string
  /** Where the registry's address is remembered. */
  readonly file: string
  readonly deployer: Hex
  /** Accounts that get coins for gas. */
  readonly fund: readonly Address[]
  readonly log: (line: string) => void
}

/** Returns the registry's address, lower case. */
export async function deployOnce(options: DeployOptions): Promise<Address> {
  const client = publicClientFor(options.url)
  const deployer = privateKeyToAccount(options.deployer)
  // Sent one after the other, so that they are numbered in turn; waited for together, in one block.
  const transfers: Hex[] = []
  for (const account of [deployer.address, ...options.fund]) {
    transfers.push(...(await fund(options.url, account)))
  }
  await Promise.all(transfers.map(hash => client.waitForTransactionReceipt({ hash })))

  const code = keccak256(firmwareRegistryBytecode)
  const stored = v.safeParse(schema, readJsonIfThere(options.file))
  if (stored.success) {
    const { registry, transaction } = stored.output
    const receipt = await client.getTransactionReceipt({ hash: transaction }).catch(() => undefined)
    const isThere = (await client.getCode({ address: registry })) !== undefined
    if (receipt === undefined || !isThere) options.log('This is another chain than last time.')
    else if (stored.output.code === code) return registry
    else options.log('The contracts have changed since the last start.')
    options.log('Deploying the contracts anew: releases are published again, under a new registry.')
  }
  const { registry, transaction } = await deployRegistry(options.url, deployer, rotationDelaySeconds)
  const record = { version: 2, registry, transaction, code }
  writeFileWhole(options.file, `${JSON.stringify(record, null, 2)}\n`)
  return registry
}

/** Deploys a FirmwareRegistry on any chain. Throws what viem throws where the chain refuses. */
export async function deployRegistry(
  url: string,
  account: LocalAccount,
  rotationDelay: number,
): Promise<{ readonly registry: Address; readonly transaction: Hex }> {
  const client = publicClientFor(url)
  const wallet = createWalletClient({ account, transport: http(url) })
  const hash = await wallet.deployContract({
    abi: firmwareRegistryAbi,
    bytecode: firmwareRegistryBytecode,
    args: [rotationDelay],
    chain: null,
  })
  const { contractAddress, status } = await client.waitForTransactionReceipt({ hash })
  if (status !== 'success' || !contractAddress) throw new Error(`deploying the registry failed: ${hash}`)
  return { registry: contractAddress.toLowerCase() as Address, transaction: hash }
}

/** The transfer that was sent, not mined yet; none where the account has enough. */
async function fund(url: string, account: Address): Promise<readonly Hex[]> {
  const balance = await publicClientFor(url).getBalance({ address: account })
  if (balance >= parseEther('10')) return []
  const [rich] = (await rpc(url, 'eth_accounts', [])) as readonly Address[]
  const transfer = { from: rich, to: account, value: `0x${parseEther('100').toString(16)}` }
  return [(await rpc(url, 'eth_sendTransaction', [transfer])) as Hex]
}
