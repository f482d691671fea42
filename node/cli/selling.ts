// What a seed sells its blocks for, and by which key it earns: from the command line.
import { join } from 'node:path'
import { parseUnits } from 'viem'
import { type Address, fromHex, toHex } from '../../src/core/bytes.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { closeDigest, maxDeposit } from '../../src/core/voucher/channel.ts'
import { minExitDelay } from '../../src/core/voucher/standing.ts'
import { type ClaimWatch, watchEarnings } from '../channels/claimEarnings.ts'
import { openPayeeLedger } from '../channels/payeeLedger.ts'
import { channelReader } from '../channels/readChannel.ts'
import { channelTransactions } from '../channels/transactions.ts'
import { describeError } from '../describeError.ts'
import type { SeedOptions } from '../seed/seed.ts'
import type { Input, Io } from './command.ts'
import { loadKey } from './key.ts'
import { loadNetwork } from './network.ts'

export interface Selling {
  readonly sell: NonNullable<SeedOptions['sell']>
  /** Claims what is worth its gas, every hour. */
  watch(): ClaimWatch
}

/** null where no price was given: blocks are given away. */
export async function readSelling(input: Input, io: Io): Promise<Result<Selling | null, Failure>> {
  const text = input.text('price')
  if (text === undefined) return ok(null)
  if (!/^\d+(\.\d+)?$/.test(text) || /^[0.]+$/.test(text)) {
    return fail({ kind: 'usage', detail: '--price takes an amount of coins above 0, as in 0.0001.' })
  }
  const network = await loadNetwork(input, io)
  if (!network.ok) return network
  const { chain } = network.value
  const paymentChannels = chain.contracts?.paymentChannels
  if (paymentChannels === undefined) {
    return fail({ kind: 'noPaymentChannels', detail: 'This network has no PaymentChannels.' })
  }
  const pricePerUnit = parseUnits(text, chain.currency.decimals)
  if (pricePerUnit === 0n || pricePerUnit > maxDeposit) {
    return fail({
      kind: 'usage',
      detail: `--price is less than the coin’s smallest unit, or more than a channel holds.`,
    })
  }
  const key = await loadKey(input, io, 'maker')
  if (!key.ok) return key
  const account = key.value
  const domain = { chainId: chain.id, paymentChannels }
  const demand = {
    payee: account.address.toLowerCase() as Address,
    token: null,
    minExitDelay: minExitDelay.watched,
  }
  const read = channelReader(domain, chain, chain, () => Math.floor(Date.now() / 1000))
  const ledger = openPayeeLedger({
    directory: join(io.home.seed, 'earnings'),
    domain,
    demand,
    read,
    monotonic: () => performance.now(),
    // What was paid is kept, and what is left was never ours: nothing speaks against an end that the payer asks for.
    async consent(close) {
      const signature = await account.sign?.({ hash: toHex(closeDigest(domain, close)) })
      return (signature && fromHex(signature)) ?? null
    },
  })
  return ok({
    sell: { domain, demand, pricePerUnit, ledger },
    watch: () =>
      watchEarnings({
        earnings: ledger.earnings,
        read,
        transactions: channelTransactions(domain, chain.endpoints),
        account,
        onClaims({ done, failed }) {
          for (const { channelId, gain } of done) io.print(`Claimed ${gain} from channel ${channelId}.`)
          for (const { channelId, error } of failed) {
            io.print(`What channel ${channelId} brought could not be claimed: ${describeError(error)}`)
          }
        },
      }),
  })
}
