// fob pay-till: a plain transfer by a kiosk's link (EIP-681), as a wallet does that knows nothing of Fob; play money from the faucet.

import * as v from 'valibot'
import { createWalletClient, fallback, http } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { parsePaymentUri } from '../../src/core/wallet/eip681.ts'
import { publicClientFor } from '../chain/client.ts'
import {
  type Command,
  failed,
  type Input,
  type Io,
  type Outcome,
  refused,
  usageError,
} from '../cli/command.ts'
import { loadNetwork, networkOptions } from '../cli/network.ts'
import { readFileIfThere } from '../files.ts'

export const payTill: Command = {
  usage: 'LINK [options]',
  description: `Sends just what the link asks for (ethereum:TILL@CHAIN?value=AMOUNT) from a new account, with play money of the npm start that runs on this machine. A refund goes to that account.`,
  positionals: ['LINK'],
  options: networkOptions,
  run: pay,
}

const instance = v.object({ url: v.pipe(v.string(), v.url()) })
/** A transfer that calls a Till orders at the Market. */
const gas = 400_000n

async function pay(input: Input, io: Io): Promise<Outcome> {
  const network = await loadNetwork(input, io)
  if (!network.ok) return usageError(network.error.detail ?? '')
  const asked = parsePaymentUri(input.positionals[0] ?? '')
  if (!asked.ok || asked.value.amount === null || asked.value.token !== null) {
    return usageError('LINK must be ethereum:ADDRESS@CHAIN?value=AMOUNT, as the kiosk shows it.')
  }
  const { to, amount, chainId } = asked.value
  const { chain, demo } = network.value
  if (chainId !== null && chainId !== chain.id) {
    return refused('wrongChain', `The link is for chain ${chainId}, and this network is chain ${chain.id}.`)
  }
  const account = privateKeyToAccount(generatePrivateKey())
  const client = publicClientFor(chain.endpoints)
  const app = runningApp(io)
  if (app === undefined || demo?.faucet === undefined) {
    return failed('noPlayMoney', 'There is play money only while npm start runs on this machine.')
  }
  try {
    const given = await fetch(new URL(demo.faucet, app), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(app).origin },
      body: JSON.stringify({ address: account.address }),
      signal: AbortSignal.timeout(60_000),
    })
    if (!given.ok) return failed('noPlayMoney', `The faucet answered ${given.status}.`)
    await untilFunded(() => client.getBalance({ address: account.address }), amount)
    const wallet = createWalletClient({ account, transport: fallback(chain.endpoints.map(url => http(url))) })
    const hash = await wallet.sendTransaction({ to, value: amount, gas, chain: null })
    const { status } = await client.waitForTransactionReceipt({ hash, timeout: 60_000 })
    return status === 'success'
      ? { ok: true, text: `Paid: ${hash}`, data: { hash, from: account.address } }
      : refused('notTaken', 'The Till did not take it: the time is over, or somebody has paid it already.')
  } catch (error) {
    return failed('notPaid', `It was not paid: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function runningApp(io: Io): string | undefined {
  const text = readFileIfThere(io.home.running)?.toString('utf8')
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), instance), text)
  return parsed.success ? parsed.output.url : undefined
}

/** A minute at the most. */
async function untilFunded(balance: () => Promise<bigint>, amount: bigint): Promise<void> {
  for (let i = 0; i < 240 && (await balance()) <= amount; i++) {
    await new Promise(resolve => setTimeout(resolve, 250))
  }
}
