// Play money for new wallets on the development chain: its own coin, and the demo token.
import * as v from 'valibot'
import { encodeFunctionData, isAddress, parseEther, parseUnits, zeroAddress } from 'viem'
import { demoTokenAbi } from '../../contracts/generated/DemoToken.ts'
import type { Address, Hex } from '../../src/core/bytes.ts'
import { bankAddress, sendFromBank } from './bank.ts'
import { publicClientFor } from './client.ts'

/** Where the app's server takes `{"address": "0x…"}`. */
export const faucetPath = '/demo/faucet'

/** What is given, each where the account has less than half of it. */
const gift = { coins: parseEther('10'), tokens: parseUnits('500', 6) }

const schema = v.object({
  address: v.pipe(
    v.string(),
    // In mixed case the checksum (EIP-55) has to be right.
    v.check(text => isAddress(text) && text !== zeroAddress),
    v.transform(text => text.toLowerCase() as Address),
  ),
})

export interface FaucetOptions {
  /** The chain itself, which signs for its own account. */
  readonly chain: () => Promise<string>
  /** Somebody waits for a block. */
  readonly onUse: () => void
  /** The demo token, which the chain's own account may make more of. */
  readonly token: Address
}

/**
 * Answers a request's body with a status: 204 when what was missing has been given and mined, 429 where the account
 * has enough of both, 400 for what is no account. Throws where the chain fails.
 */
export function createFaucet({ chain, onUse, token }: FaucetOptions): (body: unknown) => Promise<number> {
  async function give(to: Address): Promise<number> {
    const url = await chain()
    const client = publicClientFor(url)
    const erc20 = { address: token, abi: demoTokenAbi } as const
    const [coins, tokens, code] = await Promise.all([
      client.getBalance({ address: to }),
      client.readContract({ ...erc20, functionName: 'balanceOf', args: [to] }),
      client.getCode({ address: to }),
    ])
    // A contract may refuse coins, or do something with them.
    if (code !== undefined || to === (await bankAddress(url))) return 400
    const sent: Hex[] = []
    if (coins < gift.coins / 2n) {
      sent.push(await sendFromBank(url, { to, value: `0x${gift.coins.toString(16)}` }))
    }
    if (tokens < gift.tokens / 2n) {
      const data = encodeFunctionData({ ...erc20, functionName: 'mint', args: [to, gift.tokens] })
      sent.push(await sendFromBank(url, { to: token, data }))
    }
    if (sent.length === 0) return 429
    for (const hash of sent) {
      const { status } = await client.waitForTransactionReceipt({ hash, timeout: 30_000 })
      if (status !== 'success') throw new Error(`the gift was reverted: ${hash}`)
    }
    return 204
  }

  // One after the other: two requests for one account would both find it empty.
  let last: Promise<unknown> = Promise.resolve()
  return body => {
    const parsed = v.safeParse(schema, body)
    if (!parsed.success) return Promise.resolve(400)
    onUse()
    const result = last.then(() => give(parsed.output.address))
    last = result.catch(() => {})
    return result
  }
}
