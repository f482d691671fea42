// fob sponsor: a maker thanks peers that serve his releases, up to a cap that he sets.
import { join } from 'node:path'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { parseFileCid } from '../../src/core/ipfs/block.ts'
import { channelReader } from '../channels/readChannel.ts'
import { channelTransactions } from '../channels/transactions.ts'
import { type Command, failed, type Input, type Io, type Outcome, usageError } from '../cli/command.ts'
import { keyOptions, loadKey } from '../cli/key.ts'
import { loadNetwork, networkOptions } from '../cli/network.ts'
import { sponsorPeer } from '../sponsor/sponsorPeer.ts'
import { readAmount } from './agentFunds.ts'

export const sponsor: Command = {
  usage: 'PEER CID --cap COINS --per-block COINS [options]',
  description: `Pays a peer that gives a file away for nothing: opens a channel of at most the cap to the account that the peer names, once, and pays for each
block of 64 KiB that it says went out since the last time. That those were downloads by different people, or downloads at all, can't be
proven: a peer can claim as much as it likes, and the cap is all that it can get. Run it again, by hand or by a timer, to pay again.
PEER is a multiaddr that ends in /p2p/...; its owner must have switched thanks on.`,
  positionals: ['PEER', 'CID'],
  options: {
    cap: { type: 'string', value: 'COINS', help: 'the most that this peer ever gets for this file' },
    'per-block': { type: 'string', value: 'COINS', help: 'for each block of 64 KiB' },
    ...keyOptions,
    ...networkOptions,
  },
  run: runSponsor,
}

async function runSponsor(input: Input, io: Io): Promise<Outcome> {
  const [peer = '', cid = ''] = input.positionals
  const address = readAddress(peer)
  const root = parseFileCid(cid)
  if (address === undefined) return usageError(`${peer} is no multiaddr of a peer: it ends in /p2p/...`)
  if (!root.ok) return usageError(`${cid} is no CID of a file.`)
  const network = await loadNetwork(input, io)
  if (!network.ok) return failed(network.error.kind, network.error.detail ?? '')
  const { chain } = network.value
  const paymentChannels = chain.contracts?.paymentChannels
  if (paymentChannels === undefined)
    return failed('noPaymentChannels', 'This network has no PaymentChannels.')
  const cap = readAmount(input.text('cap'), chain.currency.decimals)
  const perBlock = readAmount(input.text('per-block'), chain.currency.decimals)
  if (cap === undefined || perBlock === undefined) {
    return usageError('Say how much at most, and for each block: --cap COINS --per-block COINS')
  }
  const key = await loadKey(input, io, 'maker')
  if (!key.ok) return usageError(key.error.detail ?? '')
  const domain = { chainId: chain.id, paymentChannels }
  const libp2p = await createLibp2p({
    transports: [webSockets(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    // The peers may be on this very machine.
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify() },
  })
  try {
    const thanked = await sponsorPeer(
      {
        libp2p,
        domain,
        read: channelReader(domain, chain, chain, () => Math.floor(Date.now() / 1000)),
        transactions: channelTransactions(domain, chain.endpoints),
        account: key.value,
        directory: join(io.home.directory, 'sponsor'),
        print: io.print,
      },
      { address, root: root.value, perBlock, cap },
    )
    if (!thanked.ok) return failed(thanked.error.kind, thanked.error.detail ?? 'It could not be thanked.')
    const { blocks, paid, inAll, payee, channelId } = thanked.value
    const text = `${payee} says that ${blocks} blocks went out; whether that is so can't be proven. Paid ${paid} now, ${inAll} in all, of at most ${cap}.`
    return { ok: true, text, data: { payee, channelId, blocks, paid, inAll } }
  } finally {
    await libp2p.stop()
  }
}

function readAddress(text: string): Multiaddr | undefined {
  try {
    const address = multiaddr(text)
    return address.getComponents().some(({ name }) => name === 'p2p') ? address : undefined
  } catch {
    return undefined
  }
}
