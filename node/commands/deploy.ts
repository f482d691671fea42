// fob deploy: puts a FirmwareRegistry on a chain that has none.
import { getAddress } from 'viem'
import { publicClientFor } from '../chain/client.ts'
import { deployRegistry } from '../chain/deploy.ts'
import { type Command, type Input, type Io, type Outcome, table, usageError } from '../cli/command.ts'
import { keyHelp, keyOptions, loadKey } from '../cli/key.ts'

const secondsPerDay = 86_400

export const deploy: Command = {
  usage: '--rpc URL [options]',
  description: `One registry serves all makers of a chain; nobody owns it and it can't be changed. Put the address that is printed into network.json.
${keyHelp} It only pays: the deployer has no rights.`,
  positionals: [],
  options: {
    rpc: { type: 'string', value: 'URL', help: 'JSON-RPC endpoint of the chain' },
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
  const account = await loadKey(input, io, 'maker')
  if (!account.ok) return usageError(account.error.detail ?? '')
  const chainId = await publicClientFor(url).getChainId()
  const rotationDelay = Math.ceil(days * secondsPerDay)
  const { registry, transaction } = await deployRegistry(url, account.value, rotationDelay)
  return {
    ok: true,
    text: [
      'Deployed.',
      ...table([
        ['registry', getAddress(registry)],
        ['chain id', String(chainId)],
        ['transaction', transaction],
        ['rotation delay', `${rotationDelay} seconds`],
      ]),
    ].join('\n'),
    data: { registry, chainId, rotationDelay, transaction },
  }
}
