// What the wallet knows of the chain it signs for: contracts, tokens and accounts, handed in as data.
import { type Address, toHex } from '../bytes.ts'
import type { ChannelTerms } from '../voucher/channel.ts'
import type { AbiItem } from './abiShape.ts'
import type { Amount, Party } from './sentence.ts'

/** `other` contracts are described by their ABI alone. */
type ContractRole =
  | 'firmwareRegistry'
  | 'deviceRegistry'
  | 'market'
  | 'paymentChannels'
  | 'anchors'
  | 'tills'
  | 'other'

/** Which key signs a statement: an EVM account (secp256k1), or the P-256 owner key that devices pin. */
export type Signer = 'account' | 'ownerKey'

export interface KnownMessage {
  /** EIP-712's encodeType, exactly: `Type(uint256 a,address b)` and the structs it refers to. */
  readonly type: string
  readonly signer: Signer
  /** The field that must be the account that signs, where there is one. */
  readonly signerField?: string
}

export interface KnownContract {
  readonly chainId: number
  readonly address: Address
  /** As the network's list calls it. */
  readonly name: string
  readonly role: ContractRole
  readonly abi: readonly AbiItem[]
  /** Statements that it takes in the domain {name: 'Fob', version: '1'}, besides those of its role. */
  readonly messages?: readonly KnownMessage[]
}

export interface KnownToken {
  readonly chainId: number
  readonly address: Address
  readonly name: string
  readonly symbol: string
  readonly decimals: number
  /** EIP-2612, where the token has it: name and version of its EIP-712 domain. */
  readonly permit?: { readonly name: string; readonly version: string }
}

export interface SigningContext {
  /** The one chain that is signed for. */
  readonly chainId: number
  readonly coin: { readonly symbol: string; readonly decimals: number }
  readonly contracts: readonly KnownContract[]
  readonly tokens: readonly KnownToken[]
  /** Payment channels that a statement may name by their ids, which are hashes of these. */
  readonly channels?: readonly ChannelTerms[]
  /** Own accounts, contacts and addresses dealt with before: what a look-alike would be mistaken for. */
  readonly knownAddresses: readonly Address[]
  /** The switch that lets unknown contracts and unknown typed data be signed. */
  readonly isExpert: boolean
  /** Unix seconds, for passed deadlines. */
  readonly now: number
}

export const NOBODY: Address = toHex(new Uint8Array(20))

export const findContract = (context: SigningContext, address: Address): KnownContract | undefined =>
  context.contracts.find(contract => contract.address === address && contract.chainId === context.chainId)

export const findToken = (context: SigningContext, address: Address): KnownToken | undefined =>
  context.tokens.find(token => token.address === address && token.chainId === context.chainId)

export function partyAt(context: SigningContext, address: Address): Party {
  const name = findContract(context, address)?.name ?? findToken(context, address)?.name ?? null
  return { address, name }
}

export const coinAmount = ({ coin }: SigningContext, value: bigint): Amount => ({
  value,
  token: null,
  symbol: coin.symbol,
  decimals: coin.decimals,
})

export const tokenAmount = ({ address, symbol, decimals }: KnownToken, value: bigint): Amount => ({
  value,
  token: address,
  symbol,
  decimals,
})
