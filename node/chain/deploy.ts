// Puts the contracts on the development chain once, and notices when chain and memory do not belong together.
import { createWalletClient, getContractAddress, http, keccak256, type PublicClient, parseEther } from 'viem'
import { type LocalAccount, privateKeyToAccount } from 'viem/accounts'
import type { Address, Hex } from '../../src/core/bytes.ts'
import { bankAddress, sendFromBank } from './bank.ts'
import { publicClientFor } from './client.ts'
import { type ContractName, contractNames, creationCode, isPlayMoney } from './contracts.ts'
import { type Deployed, readDeployment, writeDeployment } from './deployment.ts'

/** One hour, so that a rotation can be tried within an afternoon; a real maker takes days. */
const localSettings = { rotationDelay: 3600 }

interface DeployOptions {
  /** The chain itself: funding uses its unlocked development account. */
  readonly url: string
  /** Where the addresses are remembered. */
  readonly file: string
  readonly deployer: Hex
  /** Accounts that get coins for gas. */
  readonly fund: readonly Address[]
  readonly log: (line: string) => void
}

type LocalContracts = Readonly<Record<ContractName, Address>>

/** Who creates a contract; its `nonce` is that of the next transaction. */
interface Creator {
  readonly address: Address
  nonce: number
  send(data: Hex, nonce: number): Promise<Hex>
}

/** Returns the contracts' addresses, lower case. What is there already, with the code of today, is left as it is. */
export async function deployOnce({ url, file, deployer, fund, log }: DeployOptions): Promise<LocalContracts> {
  const client = publicClientFor(url)
  const account = privateKeyToAccount(deployer)
  await giveCoins(url, client, [account.address, ...fund])

  const creators = {
    maker: await makerOf(url, client, account),
    // Whoever creates play money may make more of it: the account that needs no key of ours.
    bank: await bankOf(url, client),
  }
  const remembered = readDeployment(file, localSettings)
  const addresses = new Map<ContractName, Address>()
  const contracts = new Map<ContractName, Deployed>()
  const sent: { readonly name: ContractName; readonly code: Hex; readonly transaction: Hex }[] = []
  const remarks = new Set<string>()
  for (const name of contractNames) {
    const data = creationCode(name, localSettings, Object.fromEntries(addresses))
    const code = keccak256(data)
    const before = remembered.get(name)
    const state = before === undefined ? 'new' : await stateOf(client, before, code)
    if (before !== undefined && state === 'there') {
      addresses.set(name, before.address)
      contracts.set(name, before)
      continue
    }
    if (state === 'lost') remarks.add('This is another chain than last time.')
    if (state === 'changed') remarks.add('The contracts have changed since the last start.')
    if (state !== 'new' && name === 'registry')
      remarks.add('Releases are published again, under a new registry.')
    const creator = creators[isPlayMoney(name) ? 'bank' : 'maker']
    // The address is known before the contract is there: so one block takes them all, those that name others too.
    const nonce = creator.nonce++
    addresses.set(name, lower(getContractAddress({ from: creator.address, nonce: BigInt(nonce) })))
    sent.push({ name, code, transaction: await creator.send(data, nonce) })
  }
  for (const remark of remarks) log(remark)
  for (const { name, code, transaction } of sent) {
    contracts.set(name, { address: await addressMadeBy(client, transaction, name), transaction, code })
  }
  if (sent.length > 0) writeDeployment(file, contracts)
  return Object.fromEntries(contractNames.map(name => [name, contracts.get(name)?.address])) as LocalContracts
}

/** Deploys one contract on any chain. Throws what viem throws where the chain refuses. */
export async function deployContract(
  url: string,
  account: LocalAccount,
  name: ContractName,
  data: Hex,
): Promise<{ readonly address: Address; readonly transaction: Hex }> {
  const wallet = createWalletClient({ account, transport: http(url) })
  const transaction = await wallet.sendTransaction({ data, chain: null })
  return { address: await addressMadeBy(publicClientFor(url), transaction, name), transaction }
}

async function addressMadeBy(client: PublicClient, transaction: Hex, name: string): Promise<Address> {
  const { contractAddress, status } = await client.waitForTransactionReceipt({ hash: transaction })
  if (status !== 'success' || !contractAddress) throw new Error(`deploying ${name} failed: ${transaction}`)
  return lower(contractAddress)
}

async function stateOf(client: PublicClient, before: Deployed, code: Hex) {
  const receipt = await client.getTransactionReceipt({ hash: before.transaction }).catch(() => undefined)
  const isThere = (await client.getCode({ address: before.address })) !== undefined
  if (receipt === undefined || !isThere) return 'lost'
  return before.code === code ? 'there' : 'changed'
}

async function makerOf(url: string, client: PublicClient, account: LocalAccount): Promise<Creator> {
  const wallet = createWalletClient({ account, transport: http(url) })
  return {
    address: account.address,
    nonce: await client.getTransactionCount({ address: account.address, blockTag: 'pending' }),
    async send(data, nonce) {
      // "pending": a constructor may look at a contract that is to be in the same block.
      const gas = await client.estimateGas({ account, data, blockTag: 'pending' })
      return wallet.sendTransaction({ data, gas, nonce, chain: null })
    },
  }
}

async function bankOf(url: string, client: PublicClient): Promise<Creator> {
  const address = await bankAddress(url)
  return {
    address,
    nonce: await client.getTransactionCount({ address, blockTag: 'pending' }),
    send: (data, nonce) => sendFromBank(url, { data, nonce: `0x${nonce.toString(16)}` }),
  }
}

async function giveCoins(url: string, client: PublicClient, accounts: readonly Address[]): Promise<void> {
  // Sent one after the other, so that they are numbered in turn; waited for together, in one block.
  const transfers: Hex[] = []
  for (const to of accounts) {
    if ((await client.getBalance({ address: to })) >= parseEther('10')) continue
    transfers.push(await sendFromBank(url, { to, value: `0x${parseEther('100').toString(16)}` }))
  }
  await Promise.all(transfers.map(hash => client.waitForTransactionReceipt({ hash })))
}

const lower = (address: string) => address.toLowerCase() as Address
