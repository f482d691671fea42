// What each write to PaymentChannels costs on a real chain node; the contract tests and the bench print these rows.
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { type Channels, week } from './channels.ts'
import type { Outcome } from './deployed.ts'
import type { GasRow } from './gas.ts'
import { deployPlayToken } from './playToken.ts'

const openBound = 52_000
const claimBound = 46_000

/** Measures every write on fresh channels of `channels`, with its first three people. Throws if any of them reverts. */
export async function measureChannelsGas(channels: Channels): Promise<GasRow[]> {
  const [payer, payee, courier] = channels.people
  if (!payer || !payee || !courier) throw new Error('the chain has too few accounts')
  const rows: GasRow[] = []
  const record = async (name: string, write: Promise<Outcome>, bound: number | null = null) => {
    const outcome = await write
    if (!outcome.ok) throw new Error(`${name}: ${outcome.error}`)
    rows.push({ name: `gas: ${name}`, gas: Number(outcome.gas), bound })
  }
  const amount = 10n ** 18n
  const token = await deployPlayToken(channels.client, [payer.address], 10n * amount, channels.address)

  for (const [asset, name] of [
    [null, 'native'],
    [token, 'token'],
  ] as const) {
    const bounds = asset === null
    const { terms, signer } = channels.newTerms(payer, payee, { token: asset })
    await record(`open a channel, ${name}`, channels.open(terms, amount), bounds ? openBound : null)
    const channel = channels.channelOf(terms, signer, payee)
    await record(`top up, ${name}`, channels.topUp(payer, channel, amount))
    const claim = (sum: bigint, from = payee) => channels.claim(from, channel, sum)
    await record(`claim a voucher, the first, ${name}`, claim(amount / 4n), bounds ? claimBound : null)
    await record(`claim a voucher, after the first, ${name}`, claim(amount / 2n))
    await record(`claim a voucher, sent by a third, ${name}`, claim(amount, courier))
    const close = channels.close(payee, channel, 2n * amount, channel.voucher(2n * amount), '0x')
    await record(`close by the payee, ${name}`, close)
    const withdraw = channels.send(payee.address, 'withdraw', [asset ?? NOBODY, payee.address])
    await record(`withdraw what was kept, ${name}`, withdraw)

    const leaving = await channels.opened(payer, payee, amount, { token: asset })
    const at = (await channels.now()) + 10
    await record(`start an exit, ${name}`, channels.startExit(payer, leaving, at))
    await record(`finish an exit, ${name}`, channels.finishExit(payer, leaving, at + week))
  }
  return rows
}
