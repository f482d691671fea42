// fob sponsor: a maker thanks peers that serve his releases, up to a cap that he sets.
import { join } from 'node:path'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import { parseFileCid } from '../../src/core/ipfs/block.ts'
import type { Failure } from '../../src/core/result.ts'
import { channelReader } from '../channels/readChannel.ts'
import { channelTransactions } from '../channels/transactions.ts'
import { type Command, failed, type Input, type Io, type Outcome, usageError } from '../cli/command.ts'
import { keyOptions, loadKey } from '../cli/key.ts'
import { loadNetwork, networkOptions } from '../cli/network.ts'
import { findHolders } from '../seed/providers.ts'
import { startVisitor } from '../seed/visitor.ts'
import { endSponsorship } from '../sponsor/endSponsorship.ts'
import { type Sponsored, type SponsoredPeer, type Sponsorship, sponsorPeer } from '../sponsor/sponsorPeer.ts'
import { readAmount } from './agentFunds.ts'

export const sponsor: Command = {
  usage: 'PEER CID (--cap COINS --per-block COINS | --end) [options]',
  description: `Pays a peer that gives a file away for nothing: opens a channel of at most the cap to the account that the peer names, once, and pays for each
block of 64 KiB that it says went out since the last time. That those were downloads by different people, or downloads at all, can't be
proven: a peer can claim as much as it likes, and the cap is all that it can get. Run it again, by hand or by a timer, to pay again.
PEER is a multiaddr that ends in /p2p/..., or "all": whoever the network's relays know to hold the file, phones among them, which are
called something else each time. Their owners must have switched thanks on. Of "all" no more than --most accounts are ever paid for a file.
With --end what is left comes back: each peer that was sponsored for this file is asked to agree, which ends it in one transaction; where it does not, or is
not there, the exit begins, and the same command takes the rest once the peer's delay is over.`,
  positionals: ['PEER', 'CID'],
  options: {
    end: { type: 'boolean', help: 'ends it instead: at once where the peer agrees, else after its delay' },
    most: {
      type: 'string',
      value: 'N',
      help: 'with PEER "all": how many accounts may get the cap; default 3',
    },
    cap: { type: 'string', value: 'COINS', help: 'the most that this peer ever gets for this file' },
    'per-block': { type: 'string', value: 'COINS', help: 'for each block of 64 KiB' },
    ...keyOptions,
    ...networkOptions,
  },
  run: runSponsor,
}

async function runSponsor(input: Input, io: Io): Promise<Outcome> {
  const [peer = '', cid = ''] = input.positionals
  const address = peer === 'all' ? null : readAddress(peer)
  const root = parseFileCid(cid)
  if (address === undefined) return usageError(`${peer} is no multiaddr of a peer: it ends in /p2p/...`)
  if (!root.ok) return usageError(`${cid} is no CID of a file.`)
  const most = Number(input.text('most') ?? 3)
  if (!Number.isSafeInteger(most) || most < 1) return usageError('--most takes a number from 1 on.')
  const network = await loadNetwork(input, io)
  if (!network.ok) return failed(network.error.kind, network.error.detail ?? '')
  const { chain } = network.value
  const paymentChannels = chain.contracts?.paymentChannels
  if (paymentChannels === undefined)
    return failed('noPaymentChannels', 'This network has no PaymentChannels.')
  const cap = readAmount(input.text('cap'), chain.currency.decimals)
  const perBlock = readAmount(input.text('per-block'), chain.currency.decimals)
  const isEnding = input.isSet('end')
  if (!isEnding && (cap === undefined || perBlock === undefined)) {
    return usageError('Say how much at most, and for each block: --cap COINS --per-block COINS')
  }
  const key = await loadKey(input, io, 'maker')
  if (!key.ok) return usageError(key.error.detail ?? '')
  const domain = { chainId: chain.id, paymentChannels }
  const libp2p = await startVisitor(io.print)
  const sponsorship: Sponsorship = {
    libp2p,
    domain,
    read: channelReader(domain, chain, chain, () => Math.floor(Date.now() / 1000)),
    transactions: channelTransactions(domain, chain.endpoints),
    account: key.value,
    directory: join(io.home.directory, 'sponsor'),
    print: io.print,
  }
  const terms = { root: root.value, perBlock: perBlock ?? 0n, cap: cap ?? 0n }
  try {
    const found =
      address === null
        ? (await findHolders(libp2p, network.value.peers, root.value.bytes)).map(each => multiaddr(each))
        : [address]
    if (isEnding) return await end(sponsorship, root.value, found)
    if (address === null) return await thankAll(sponsorship, found, terms, most)
    const thanked = await sponsorPeer(sponsorship, { address, ...terms })
    if (!thanked.ok) return failed(thanked.error.kind, thanked.error.detail ?? 'It could not be thanked.')
    return { ok: true, text: said(thanked.value, terms.cap), data: told(thanked.value) }
  } finally {
    await libp2p.stop()
  }
}

async function end(sponsorship: Sponsorship, root: CID, addresses: readonly Multiaddr[]): Promise<Outcome> {
  const ended = await endSponsorship(sponsorship, root, addresses, Math.floor(Date.now() / 1000))
  if (!ended.ok) return failed(ended.error.kind, ended.error.detail ?? 'It could not be ended.')
  const lines = ended.value.map(({ payee, state }) => {
    if (state.kind === 'closed') return `${payee}: closed, ${state.refund} came back.`
    if (state.kind === 'overBefore') return `${payee}: it was over before.`
    const until = new Date(state.until * 1000).toISOString()
    return `${payee}: ${state.why}. The rest can be taken from about ${until} on, by the same command.`
  })
  const text = lines.length === 0 ? 'Nobody was sponsored for this file.' : lines.join('\n')
  return { ok: true, text, data: { channels: ended.value.map(({ payee, state }) => ({ payee, ...state })) } }
}

/** One after the other: each of them may open a channel. */
async function thankAll(
  sponsorship: Sponsorship,
  addresses: readonly Multiaddr[],
  terms: Omit<SponsoredPeer, 'address'>,
  most: number,
): Promise<Outcome> {
  const thanked: Sponsored[] = []
  const lines: string[] = []
  for (const address of addresses) {
    const outcome = await sponsorPeer({ ...sponsorship, most }, { address, ...terms })
    if (outcome.ok) thanked.push(outcome.value)
    lines.push(outcome.ok ? said(outcome.value, terms.cap) : `${address}: ${reason(outcome.error)}`)
  }
  if (addresses.length === 0)
    return failed('noProvider', 'The network’s relays know of nobody who holds this file.')
  if (thanked.length === 0) return failed('nobodyThanked', lines.join('\n'))
  return { ok: true, text: lines.join('\n'), data: { peers: thanked.map(told) } }
}

const reason = ({ kind, detail }: Failure): string => (detail === undefined ? kind : `${kind}: ${detail}`)

const said = ({ payee, blocks, paid, inAll }: Sponsored, cap: bigint): string =>
  `${payee} says that ${blocks} blocks went out; whether that is so can't be proven. Paid ${paid} now, ${inAll} in all, of at most ${cap}.`

const told = ({ payee, channelId, blocks, paid, inAll }: Sponsored) => ({
  payee,
  channelId,
  blocks,
  paid,
  inAll,
})

function readAddress(text: string): Multiaddr | undefined {
  try {
    const address = multiaddr(text)
    return address.getComponents().some(({ name }) => name === 'p2p') ? address : undefined
  } catch {
    return undefined
  }
}
