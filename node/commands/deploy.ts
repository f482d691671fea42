// fob deploy: puts Fob's contracts on a chain that has none.
import { getAddress } from 'viem'
import type { Address, Hex } from '../../src/core/bytes.ts'
import { publicClientFor } from '../chain/client.ts'
import {
  type ContractName,
  contractNames,
  creationCode,
  isContractName,
  isPlayMoney,
  neededBy,
} from '../chain/contracts.ts'
import { deployContract } from '../chain/deploy.ts'
import { type Command, type Input, type Io, type Outcome, table, usageError } from '../cli/command.ts'
import { keyHelp, keyOptions, loadKey } from '../cli/key.ts'
import { parseAddress } from '../cli/model.ts'

const secondsPerDay = 86_400
const offered = contractNames.filter(name => !isPlayMoney(name))

export const deploy: Command = {
  usage: '--rpc URL [options]',
  description: `One registry serves all makers of a chain, one device registry all wallets, one market all devices that sell; nobody owns them and they can't be changed. Put what is printed into network.json, under "chain".
${keyHelp} It only pays: the deployer has no rights.`,
  positionals: [],
  options: {
    rpc: { type: 'string', value: 'URL', help: 'JSON-RPC endpoint of the chain' },
    contract: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: `what to deploy, once for each: ${offered.join(', ')}; default: registry`,
    },
    known: {
      type: 'string',
      multiple: true,
      value: 'NAME=ADDRESS',
      help: 'a contract that is there already, for one that is told its address: a market needs the deviceRegistry, tills need the market',
    },
    'rotation-days': {
      type: 'string',
      value: 'DAYS',
      help: 'how long a new release key is announced before it can publish; default: 3',
    },
    ...keyOptions,
  },
  run: runDeploy,
}

async function runDeploy(input: Input, io: Io): Promise<Outcome> {
  const url = input.text('rpc')
  if (url === undefined) return usageError('Say on which chain: --rpc URL')
  const days = Number(input.text('rotation-days') ?? 3)
  if (!Number.isFinite(days) || days <= 0 || days > 365) {
    return usageError('--rotation-days takes a number above 0, up to 365.')
  }
  const asked = input.texts('contract').length === 0 ? ['registry'] : input.texts('contract')
  const unknown = asked.find(name => !offered.some(each => each === name))
  if (unknown !== undefined) {
    return usageError(`There is no contract ${unknown}: ${offered.join(', ')}.`)
  }
  const known = readKnown(input.texts('known'))
  if (known === undefined)
    return usageError('--known takes a contract’s name and its address: deviceRegistry=0x….')
  const isThere = (name: ContractName) => asked.includes(name) || known[name] !== undefined
  for (const name of offered.filter(each => asked.includes(each))) {
    const needed = neededBy(name)
    if (needed === undefined || isThere(needed)) continue
    return usageError(`${name} needs to know ${needed}: --contract ${needed} or --known ${needed}=ADDRESS.`)
  }
  const account = await loadKey(input, io, 'maker')
  if (!account.ok) return usageError(account.error.detail ?? '')
  const chainId = await publicClientFor(url).getChainId()
  const rotationDelay = Math.ceil(days * secondsPerDay)
  const addresses: Partial<Record<ContractName, Address>> = {}
  const transactions: Partial<Record<ContractName, Hex>> = {}
  for (const name of offered.filter(each => asked.includes(each))) {
    const data = creationCode(name, { rotationDelay }, { ...known, ...addresses })
    const { address, transaction } = await deployContract(url, account.value, name, data)
    addresses[name] = address
    transactions[name] = transaction
    // At once: where the next one fails, this one has been paid for.
    io.print(`${name} ${getAddress(address)}`)
  }
  const { registry, ...contracts } = addresses
  return {
    ok: true,
    text: [
      '',
      ...table([
        ['chain id', String(chainId)],
        ...(registry === undefined ? [] : [['rotation delay', `${rotationDelay} seconds`] as const]),
      ]),
      '',
      'For network.json:',
      JSON.stringify({ chain: { id: chainId, ...(registry && { registry }), contracts } }, null, 2),
    ].join('\n'),
    data: { chainId, ...addresses, transactions, rotationDelay },
  }
}

/** Undefined where one of the texts names no contract and address. */
function readKnown(texts: readonly string[]): Partial<Record<ContractName, Address>> | undefined {
  const known: Partial<Record<ContractName, Address>> = {}
  for (const text of texts) {
    const [name = '', address = ''] = text.split('=')
    const parsed = parseAddress(address)
    if (!isContractName(name) || parsed === undefined) return undefined
    known[name] = parsed
  }
  return known
}
