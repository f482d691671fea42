// The writes to PaymentChannels from Node.js: the payee's claims, and what an owner's wallet does from the command line.
import {
  type Account,
  type Chain,
  createWalletClient,
  fallback,
  http,
  type LocalAccount,
  type PublicClient,
  type Transport,
  type WalletClient,
} from 'viem'
import { paymentChannelsAbi as abi } from '../../contracts/generated/PaymentChannels.ts'
import { type Hex, toHex } from '../../src/core/bytes.ts'
import type { ChannelDomain, ChannelTerms } from '../../src/core/voucher/channel.ts'
import type { SignedVoucher } from '../../src/core/voucher/standing.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { publicClientFor } from '../chain/client.ts'

/** As the contract's struct. */
const argument = (terms: ChannelTerms) => ({ ...terms, token: terms.token ?? NOBODY })

export interface ChannelTransactions {
  /** Of coins alone: a token must have been approved before. Resolves once it is mined; throws where the chain refuses. */
  open(account: LocalAccount, terms: ChannelTerms, amount: bigint): Promise<Hex>
  claim(account: LocalAccount, terms: ChannelTerms, voucher: SignedVoucher): Promise<Hex>
  startExit(account: LocalAccount, terms: ChannelTerms): Promise<Hex>
  finishExit(account: LocalAccount, terms: ChannelTerms): Promise<Hex>
  /** By the payer: with the payee's consent, and the last voucher where there is one. */
  close(
    account: LocalAccount,
    terms: ChannelTerms,
    consent: SignedVoucher,
    voucher: SignedVoucher | null,
  ): Promise<Hex>
  /** What a claim costs now, in coins; it is estimated with this voucher. */
  claimCost(account: LocalAccount, terms: ChannelTerms, voucher: SignedVoucher): Promise<bigint>
}

/** `urls`: JSON-RPC endpoints; the next one is asked where one does not answer. */
export function channelTransactions(domain: ChannelDomain, urls: readonly string[]): ChannelTransactions {
  const { chainId, paymentChannels: address } = domain
  const client: PublicClient = publicClientFor(urls)
  const chain: Chain = {
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'coin', symbol: 'coin', decimals: 18 },
    rpcUrls: { default: { http: urls } },
  }
  const contract = { address, abi } as const

  async function send(
    account: LocalAccount,
    write: (wallet: WalletClient<Transport, Chain, Account>) => Promise<Hex>,
  ): Promise<Hex> {
    const transport = fallback(urls.map(url => http(url, { timeout: 15_000 })))
    const hash = await write(createWalletClient({ account, chain, transport }))
    const receipt = await client.waitForTransactionReceipt({ hash })
    if (receipt.status !== 'success') throw new Error(`the transaction ${hash} was reverted`)
    return hash
  }

  return {
    open(account, terms, amount) {
      const { payee, signer, token, exitDelay, nonce } = terms
      const args = [payee, signer, token ?? NOBODY, exitDelay, nonce, amount] as const
      const value = token === null ? amount : 0n
      return send(account, wallet => wallet.writeContract({ ...contract, functionName: 'open', args, value }))
    },
    claim(account, terms, { amount, signature }) {
      const args = [argument(terms), amount, toHex(signature)] as const
      return send(account, wallet => wallet.writeContract({ ...contract, functionName: 'claim', args }))
    },
    startExit: (account, terms) =>
      send(account, wallet =>
        wallet.writeContract({ ...contract, functionName: 'startExit', args: [argument(terms)] }),
      ),
    finishExit: (account, terms) =>
      send(account, wallet =>
        wallet.writeContract({ ...contract, functionName: 'finishExit', args: [argument(terms)] }),
      ),
    close(account, terms, { amount, signature }, voucher) {
      const args = [
        argument(terms),
        amount,
        voucher?.amount === amount ? toHex(voucher.signature) : '0x',
        toHex(signature),
      ] as const
      return send(account, wallet => wallet.writeContract({ ...contract, functionName: 'close', args }))
    },
    async claimCost(account, terms, { amount, signature }) {
      const args = [argument(terms), amount, toHex(signature)] as const
      const [gas, price] = await Promise.all([
        client.estimateContractGas({ ...contract, functionName: 'claim', args, account }),
        client.getGasPrice(),
      ])
      return gas * price
    },
  }
}
