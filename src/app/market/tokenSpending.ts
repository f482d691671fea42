// Letting the Market take the price of an order in a token: by a permit where the token has one, else by an allowance that is mined first.
import { type Address, type Bytes, fromHex, toHex } from '../../core/bytes.ts'
import type { TypedData } from '../../core/eip712.ts'
import { abiAddress, abiEncode, abiUint } from '../../core/registry/abi.ts'
import type { Permit } from '../../core/registry/marketCalls.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { selectorOf } from '../../core/wallet/abiShape.ts'
import type { ChainFailure } from '../ports/chain.ts'
import type { MarketChain } from '../ports/marketChain.ts'
import type { ConfirmFailure, Proposal, ProposeFailure } from '../wallet/wallet.ts'
import { type MarketParts, ownerAccount } from './parts.ts'

type SpendingParts = Pick<MarketParts, 'config' | 'platform' | 'wallet'>

export interface Spending {
  readonly token: Address
  readonly payer: Address
  readonly market: Address
  /** In the token's smallest unit: neither permit nor allowance is for more. */
  readonly value: bigint
}

export type SpendingStep =
  /** Nothing is to be signed: the Market may take as much already. */
  | { readonly kind: 'allowed' }
  /** A statement; `permitOf` signs it. */
  | { readonly kind: 'permit'; readonly proposal: Proposal; readonly pending: PendingPermit }
  /** The token knows no such statement: a transaction of its own, to be mined before the order. */
  | { readonly kind: 'allow'; readonly proposal: Proposal }

export interface PendingPermit {
  readonly value: bigint
  /** Unix seconds. */
  readonly deadline: bigint
}

/** Seconds for which a permit holds: until the person has looked at the order, and it is mined. */
const PERMIT_FOR = 3600

export async function proposeSpending(
  parts: SpendingParts,
  chain: MarketChain,
  spending: Spending,
): Promise<Result<SpendingStep, ProposeFailure | ChainFailure>> {
  const { token, payer, market, value } = spending
  const allowed = await chain.tokenAllowance(token, payer)
  if (!allowed.ok) return allowed
  if (allowed.value.allowance >= value) return ok({ kind: 'allowed' })
  const { nonce } = allowed.value
  const deadline = BigInt(parts.platform.unixNow() + PERMIT_FOR)
  const typedData = nonce === null ? undefined : permitTypedData(parts, spending, nonce, deadline)
  if (!typedData) {
    const data = toHex(approveCall(market, value))
    const from = ownerAccount(parts)
    const proposal = await parts.wallet.propose({ kind: 'call', from, to: token, value: 0n, data })
    return proposal.ok ? ok({ kind: 'allow', proposal: proposal.value }) : proposal
  }
  const proposal = await parts.wallet.proposeStatement(typedData)
  if (!proposal.ok) return proposal
  return ok({ kind: 'permit', proposal: proposal.value, pending: { value, deadline } })
}

export async function permitOf(
  { wallet }: Pick<SpendingParts, 'wallet'>,
  proposal: Proposal,
  pending: PendingPermit,
): Promise<Result<Permit, ConfirmFailure>> {
  const signed = await wallet.confirmStatement(proposal)
  if (!signed.ok) return signed
  const signature = fromHex(signed.value)
  // A contract's wallet signs in ways that no permit takes.
  if (signature?.length !== 65) return fail({ kind: 'wrongSigner', detail: 'a permit has 65 bytes' })
  return ok({ ...pending, signature })
}

/** ERC-2612, where the network's list says how the token is named in it. */
function permitTypedData(
  { config }: Pick<SpendingParts, 'config'>,
  { token, payer, market, value }: Spending,
  nonce: bigint,
  deadline: bigint,
): TypedData | undefined {
  const { chain } = config()
  const permit = chain.tokens?.find(({ address }) => address === token)?.permit
  if (!permit) return undefined
  const uint = (name: string) => ({ name, type: 'uint256' })
  const address = (name: string) => ({ name, type: 'address' })
  return {
    domain: { name: permit.name, version: permit.version, chainId: chain.id, verifyingContract: token },
    types: {
      Permit: [address('owner'), address('spender'), uint('value'), uint('nonce'), uint('deadline')],
    },
    primaryType: 'Permit',
    message: { owner: payer, spender: market, value, nonce, deadline },
  }
}

/** `approve(address,uint256)` of ERC-20. */
function approveCall(spender: Address, value: bigint): Bytes {
  const selector = fromHex(selectorOf('approve(address,uint256)'))
  if (!selector) throw new Error('a selector is hexadecimal')
  return Uint8Array.from([...selector, ...abiEncode([abiAddress(spender), abiUint(value)])])
}
