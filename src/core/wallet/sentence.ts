// What a signature would do, as data: the ui makes a sentence of it in the person's language.
import type { Address, Hex } from '../bytes.ts'
import type { DeviceId } from '../identity.ts'
import type { OwnerAct } from '../kiosk/ownerRequestMessage.ts'
import type { OfferUnit } from '../registry/marketStatements.ts'
import type { Argument } from './abiShape.ts'

/** An amount in a token's smallest unit; `token` is null for the chain's own coin. */
export interface Amount {
  readonly value: bigint
  readonly token: Address | null
  readonly symbol: string
  readonly decimals: number
}

/** Somebody that is paid or allowed: `name` is set for contracts and tokens of the network's list. */
export interface Party {
  readonly address: Address
  readonly name: string | null
}

/** Deadlines are Unix seconds. `contract` is the known contract that is called, or that the statement is made for. */
export type Sentence =
  | { readonly kind: 'transfer'; readonly to: Party; readonly amount: Amount }
  | { readonly kind: 'tokenTransfer'; readonly contract: Party; readonly to: Party; readonly amount: Amount }
  | TokenApproval
  | (Omit<TokenApproval, 'kind'> & {
      readonly kind: 'tokenPermit'
      readonly owner: Address
      readonly deadline: bigint
    })
  | {
      readonly kind: 'claimDevice'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly account: Address
      readonly modelId: Hex
      readonly deadline: bigint
    }
  | (HandOverTerms & { readonly kind: 'handOverDevice' | 'handOverGiven' | 'handOverAccepted' })
  | (ConfigTerms & { readonly kind: 'fileConfig' | 'deviceConfig' })
  /** The owner key's: a device that is free pins it; a device of ours pins another; a device of ours becomes free. */
  | {
      readonly kind: 'pairDevice'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly ownerKey: Hex
    }
  | {
      readonly kind: 'changeOwnerKey'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly newOwnerKey: Hex
    }
  | { readonly kind: 'resetDevice'; readonly contract: Party; readonly deviceId: DeviceId }
  /** The owner key's word for the present time, for a device that has known none for long. Unix seconds. */
  | {
      readonly kind: 'tellTime'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly time: bigint
    }
  | DeviceGrant
  /** How much a grant to vend allows: of which slots, and whether somebody has to have paid. */
  | {
      readonly kind: 'vendTerms'
      /** As the grant's. */
      readonly contract: Party | null
      readonly deviceId: DeviceId
      readonly grantDigest: Hex
      readonly use: 'sell' | 'free'
      /** From 0. */
      readonly slots: readonly number[]
      /** Units in one day. */
      readonly perDay: bigint
    }
  | {
      readonly kind: 'reportDevice'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly report: 'none' | 'lost' | 'stolen'
    }
  | {
      readonly kind: 'setDeviceUser'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly user: Address
      readonly expires: bigint
    }
  | {
      readonly kind: 'createModel'
      readonly contract: Party
      readonly name: string
      readonly hardware: string
      readonly releaseKey: Address
      readonly guardian: Address
    }
  | {
      readonly kind: 'publishRelease'
      readonly contract: Party
      readonly modelId: Hex
      readonly channel: Hex
      readonly version: bigint
      readonly minSecurityCounter: bigint
    }
  | {
      readonly kind: 'revokeFirmware'
      readonly contract: Party
      readonly modelId: Hex
      readonly digest: Hex
      readonly reason: bigint
    }
  | {
      readonly kind: 'attestFirmware'
      readonly contract: Party
      readonly modelId: Hex
      readonly digest: Hex
      readonly approves: boolean
      readonly uri: string
    }
  | {
      readonly kind: 'changeModelKey'
      readonly contract: Party
      readonly modelId: Hex
      readonly change: 'proposeReleaseKey' | 'acceptReleaseKey' | 'cancelReleaseKey' | 'setGuardian'
      readonly key: Address | null
    }
  | MarketDeed
  | ChannelDeed
  | KioskDeed
  /** Decoded by the ABI of a known contract, which has no sentence of its own for it. */
  | {
      readonly kind: 'contractCall'
      readonly contract: Party
      readonly function: string
      readonly arguments: readonly Argument[]
      readonly amount: Amount
    }
  /** Typed data that a known contract asks for, which has no sentence of its own. */
  | {
      readonly kind: 'statement'
      readonly contract: Party
      readonly type: string
      readonly fields: readonly Argument[]
    }
  | { readonly kind: 'text'; readonly text: string }
  /** The last two are signed by experts alone: what they do is not known. */
  | {
      readonly kind: 'unknownCall'
      readonly to: Party
      readonly amount: Amount
      readonly data: Hex
    }
  | {
      readonly kind: 'unknownStatement'
      readonly contract: Address | null
      readonly type: string
      readonly fields: readonly Argument[]
    }

/** What an owner sends to Tills and signs for his kiosks. */
type KioskDeed =
  | { readonly kind: 'openTill'; readonly contract: Party; readonly deviceId: DeviceId }
  | {
      readonly kind: 'setTillProduct'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly number: bigint
      /** Of one. */
      readonly price: Amount
    }
  | { readonly kind: 'removeTillProduct'; readonly contract: Party; readonly number: bigint }
  | { readonly kind: 'sweepTill'; readonly contract: Party; readonly to: Party }
  | {
      readonly kind: 'kioskCatalogue'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly version: bigint
      /** How many. */
      readonly products: bigint
      readonly contentHash: Hex
    }
  | {
      readonly kind: 'kioskRequest'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly act: OwnerAct
      readonly slot: bigint
      readonly stock: bigint
      readonly until: bigint
    }

/** What is asked of PaymentChannels: `to` is the channel's payee; `exitDelay` in seconds. */
type ChannelDeed =
  | {
      readonly kind: 'openChannel'
      readonly contract: Party
      readonly to: Party
      readonly amount: Amount
      /** Whose vouchers hold. */
      readonly signer: Address
      readonly exitDelay: bigint
    }
  | {
      readonly kind: 'topUpChannel'
      readonly contract: Party
      readonly to: Party
      readonly amount: Amount
      readonly exitDelay: bigint
    }
  | {
      readonly kind: 'leaveChannel'
      readonly contract: Party
      readonly to: Party
      readonly exitDelay: bigint
    }
  | {
      readonly kind: 'emptyChannel'
      readonly contract: Party
      readonly to: Party
      readonly payer: Party
    }
  /** `amount`: what the payee has got in all then. `agreeToClose` is a statement, which the payer hands in. */
  | {
      readonly kind: 'claimChannel' | 'closeChannel' | 'agreeToClose'
      readonly contract: Party
      readonly to: Party
      readonly payer: Party
      readonly amount: Amount
    }

/** What is asked of the Market, and signed for it. Times are Unix seconds. */
type MarketDeed =
  | {
      readonly kind: 'makeOffer'
      readonly contract: Party
      readonly deviceId: DeviceId
      /** Of one unit. */
      readonly price: Amount
      readonly unit: OfferUnit
      readonly isInstant: boolean
      readonly opensHours: boolean
      /** How many share the price. */
      readonly shares: bigint
      readonly hasDocument: boolean
    }
  | {
      readonly kind: 'pauseOffer'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly isPaused: boolean
    }
  | { readonly kind: 'openHours'; readonly contract: Party; readonly deviceId: DeviceId }
  | {
      readonly kind: 'placeOrder'
      readonly contract: Party
      readonly deviceId: DeviceId
      /** What leaves the account that sends it. */
      readonly amount?: Amount
      /** Or what is taken from the payer's prepaid balance. */
      readonly prepaid?: Amount
      readonly payer: Party
      readonly unit: OfferUnit
      readonly quantity: bigint
      readonly isInstant: boolean
      readonly notBefore: bigint
      readonly notAfter: bigint
    }
  | {
      readonly kind: 'bindKey'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly userKeyHash: Hex
      readonly notBefore: bigint
      readonly notAfter: bigint
    }
  | {
      readonly kind: 'refundOrder'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly payer: Address
      readonly returned: Amount
    }
  | {
      readonly kind: 'fulfilOrder'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly earned: Amount
      readonly notBefore: bigint
      readonly notAfter: bigint
    }
  | {
      readonly kind: 'handInReceipt'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly quantity: bigint
      readonly outcome: 'dropped' | 'failed'
    }
  | {
      readonly kind: 'payOut'
      readonly contract: Party
      /** Whose money; null: of the account that sends this. */
      readonly account: Address | null
      readonly to: Party
      /** null: the coin. */
      readonly token: Party | null
    }
  | { readonly kind: 'prepay'; readonly contract: Party; readonly amount: Amount }
  | {
      readonly kind: 'prepaidBack'
      readonly contract: Party
      readonly token: Party | null
      /** null: it is only asked for, and can be taken after a while. */
      readonly to: Party | null
    }
  | {
      readonly kind: 'prepaidOrder'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly prepaid: Amount
      readonly notAfter: bigint
    }
  | {
      readonly kind: 'keyRebinding'
      readonly contract: Party
      readonly orderId: Hex
      readonly userKeyHash: Hex
    }
  /** That a log had so many entries, under this root, is written down for everybody. */
  | {
      readonly kind: 'anchorLog'
      readonly contract: Party
      readonly logId: Hex
      readonly root: Hex
      readonly size: bigint
    }
  /** An agent may sign grants for the device, or has to stop. */
  | {
      readonly kind: 'agentIssuing'
      readonly contract: Party
      readonly deviceId: DeviceId
      readonly issuerKey: Hex
      readonly isOn: boolean
      readonly withdrawEvery: bigint
    }

export type GrantedAction = 'open' | 'vend' | 'manage' | 'own'

/** What a key may do with a device, and when. Signed by the owner key, or by whoever issues grants for it. */
interface DeviceGrant {
  readonly kind: 'deviceGrant'
  /** The Market that it is for; null for a device that deals in none. */
  readonly contract: Party | null
  readonly deviceId: DeviceId
  /** 0n: nobody paid for it. */
  readonly orderId: bigint
  /** keccak256 of the key that may act. */
  readonly userKeyHash: Hex
  readonly actions: readonly GrantedAction[]
  /** It holds also while the device does not know the time. */
  readonly isWithoutTime: boolean
  readonly notBefore: bigint
  readonly notAfter: bigint
  /** Some hours of the week only. */
  readonly isAtHours: boolean
  /** 0n: any number. */
  readonly maxUses: bigint
}

interface TokenApproval {
  readonly kind: 'tokenApproval'
  readonly contract: Party
  readonly spender: Party
  readonly amount: Amount
  /** So much that it never runs out: everything that the account has and will have. */
  readonly isUnlimited: boolean
}

interface HandOverTerms {
  readonly contract: Party
  readonly deviceId: DeviceId
  /** null in the transaction, whose sender or signature it is. */
  readonly owner: Address | null
  readonly newOwner: Address
  readonly newAccount: Address
  readonly deadline: bigint
}

interface ConfigTerms {
  readonly contract: Party
  readonly deviceId: DeviceId
  readonly version: bigint
  readonly epoch: bigint
  readonly attestorThreshold: bigint
  /** So many of them together can open that door, by what they sign of the chain. */
  readonly mayAttestorsOpen: boolean
  readonly market: Address
  /** 64 zeros where nobody signs grants. */
  readonly issuerKey: Hex
}

export type Warning =
  /** Made to be mistaken for an address that the person knows. */
  | {
      readonly kind: 'lookAlike'
      readonly address: Address
      readonly known: Address
      readonly leading: number
      readonly trailing: number
    }
  | { readonly kind: 'unlimitedApproval' }
  /** To the zero address, or to a contract that can't give it back. */
  | { readonly kind: 'paysNobody'; readonly address: Address }
  | { readonly kind: 'deadlinePassed' }
