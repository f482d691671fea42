// One deployed PaymentChannels on a chain of its own, its people, and channels that no other test has.
import { type Account, getContract, type HDAccount, type Hex, type LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import {
  paymentChannelsAbi as abi,
  paymentChannelsBytecode as bytecode,
} from '../../contracts/generated/PaymentChannels.ts'
import { type Address, fromHex, toHex } from '../../src/core/bytes.ts'
import {
  type ChannelDomain,
  type ChannelId,
  type ChannelTerms,
  channelIdOf,
  closeDigest,
  signByKey,
  voucherDigest,
} from '../../src/core/voucher/channel.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { startChain } from '../chain.ts'
import { attemptsFor, deployContract, type Outcome, senderFor } from './deployed.ts'
import { lower } from './testDevice.ts'

/** Somebody with a key, whether or not the chain knows the account. */
export interface KeyHolder {
  readonly address: Address
  readonly secretKey: Uint8Array
}

export interface OpenChannel {
  readonly id: ChannelId
  readonly terms: ChannelTerms
  /** The signer's, for `amount` in all. */
  voucher(amount: bigint): Hex
  /** The payee's, to `amount` in all. */
  consent(amount: bigint): Hex
}

export const week = 7 * 86_400

export async function startChannels() {
  const chain = await startChain()
  const { client } = chain
  const [deployer, ...people] = chain.accounts.map(account => {
    if (!isFromPhrase(account)) throw new Error('the chain’s accounts have no keys')
    return holderOf(account, account.getHdKey().privateKey)
  })
  if (!deployer) throw new Error('the chain has no accounts')
  const address = lower(await deployContract(client, deployer.address, { abi, bytecode }))
  const domain: ChannelDomain = { chainId: await client.getChainId(), paymentChannels: address }
  const send = senderFor(client, abi, address)
  const read = getContract({ abi, address, client }).read
  let count = 0n

  /** Terms that no other test has, with a new signer. */
  const newTerms = (payer: KeyHolder, payee: KeyHolder, changes: Partial<ChannelTerms> = {}) => {
    const signer = newKey()
    const terms: ChannelTerms = {
      payer: payer.address,
      payee: payee.address,
      signer: signer.address,
      token: null,
      exitDelay: week,
      nonce: ++count,
      ...changes,
    }
    return { terms, signer }
  }
  const open = (
    terms: ChannelTerms,
    amount: bigint,
    value = terms.token === null ? amount : 0n,
    at?: number,
  ) => {
    const { payer, payee, signer, token, exitDelay, nonce } = terms
    return send(payer, 'open', [payee, signer, token ?? NOBODY, exitDelay, nonce, amount], at, value)
  }
  const channelOf = (terms: ChannelTerms, signer: KeyHolder, payee: KeyHolder): OpenChannel => {
    const id = channelIdOf(terms)
    return {
      id,
      terms,
      voucher: amount => toHex(signByKey(voucherDigest(domain, { channelId: id, amount }), signer.secretKey)),
      consent: amount => toHex(signByKey(closeDigest(domain, { channelId: id, amount }), payee.secretKey)),
    }
  }

  return {
    chain,
    client,
    address,
    domain,
    deployer,
    people,
    send,
    read,
    attempt: attemptsFor(client, abi, address),
    newTerms,
    open,
    channelOf,
    /** A channel, of coins unless `changes` say otherwise, opened with `amount`. */
    async opened(payer: KeyHolder, payee: KeyHolder, amount = 1000n, changes: Partial<ChannelTerms> = {}) {
      const { terms, signer } = newTerms(payer, payee, changes)
      done(await open(terms, amount))
      return channelOf(terms, signer, payee)
    },
    topUp: (
      from: KeyHolder,
      { terms }: OpenChannel,
      amount: bigint,
      value = terms.token === null ? amount : 0n,
    ) => send(from.address, 'topUp', [argument(terms), amount], undefined, value),
    claim: (from: KeyHolder, channel: OpenChannel, amount: bigint, signature = channel.voucher(amount)) =>
      send(from.address, 'claim', [argument(channel.terms), amount, signature]),
    close: (from: KeyHolder, channel: OpenChannel, amount: bigint, voucher: Hex, consent: Hex) =>
      send(from.address, 'close', [argument(channel.terms), amount, voucher, consent]),
    startExit: (from: KeyHolder, { terms }: OpenChannel, at?: number) =>
      send(from.address, 'startExit', [argument(terms)], at),
    finishExit: (from: KeyHolder, { terms }: OpenChannel, at?: number) =>
      send(from.address, 'finishExit', [argument(terms)], at),
    stateOf: (channel: OpenChannel) => read.channelOf([channel.id]),
    coinsOf: ({ address }: KeyHolder) => client.getBalance({ address }),
    now: async () => Number((await client.getBlock()).timestamp),
    stop: chain.stop,
  }
}

export type Channels = Awaited<ReturnType<typeof startChannels>>

/** The terms as the contract's struct. */
export const argument = (terms: ChannelTerms) => ({ ...terms, token: terms.token ?? NOBODY })

export function newKey(): KeyHolder {
  const key = generatePrivateKey()
  return holderOf(privateKeyToAccount(key), fromHex(key) ?? null)
}

const isFromPhrase = (account: Account): account is HDAccount => 'getHdKey' in account

function holderOf(account: LocalAccount, secretKey: Uint8Array | null): KeyHolder {
  if (secretKey === null) throw new Error('an account without a key')
  return { address: lower(account.address), secretKey }
}

/** Throws, naming the contract's error, unless the transaction was carried out. */
export function done<Name extends string>(outcome: Outcome<Name>) {
  if (!outcome.ok) throw new Error(`${outcome.error}(${outcome.args})`)
  return outcome
}
