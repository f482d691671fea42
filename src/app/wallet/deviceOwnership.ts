// Owning devices as the ui sees it: pair, claim, configure, hand over. Part of `Wallet`.
import type { Address, Hex } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { Model } from '../../core/registry/model.ts'
import type { Result } from '../../core/result.ts'
import type { AccountRules } from '../../core/wallet/rules.ts'
import type { Readable } from '../observable.ts'
import type { ChainFailure } from '../ports/chain.ts'
import type { CustodyEntry } from '../ports/walletChain.ts'
import type { ConfirmFailure, Proposal, ProposeFailure } from './wallet.ts'

/** What a device near us, and the chain, say of who it belongs to. */
export interface OwnershipView {
  readonly deviceKey: string
  readonly deviceId: DeviceId
  /** As the device itself says: whose owner key it has pinned. */
  readonly pairing: 'free' | 'mine' | 'others'
  /** As the registry says; null where it could not be read. */
  readonly registry: {
    readonly state: 'free' | 'mine' | 'others'
    readonly owner: Address | null
    readonly evidence: Evidence
  } | null
  /** How pairing can be opened. */
  readonly hasButton: boolean
  readonly hasClaimCode: boolean
}

/** What went wrong with a device near us: a kind of the link, of SMP, of the device's refusal, of the vault. */
export interface DeviceTaskFailure {
  readonly kind: string
  readonly detail?: string
}

export interface OwnedDeviceView {
  readonly deviceId: DeviceId
  /** The record of the device list; null where this browser has not met it (restored from words). */
  readonly deviceKey: string | null
  readonly name: string
  readonly model: Model | null
  /** `id` is null where the registry names an account that is not of this wallet. */
  readonly account: { readonly id: string | null; readonly address: Address }
  readonly stage: /** Pairing was begun, and it is not known that the device has taken our owner key. */
    | { readonly kind: 'begun' }
    /** It has our owner key; the chain does not know us as its owner yet. */
    | { readonly kind: 'paired' }
    /** The claim, or the hand-over to us, is on its way. */
    | { readonly kind: 'claiming'; readonly paymentId: string }
    /** We have the former owner's code, and have not sent the hand-over yet: `proposeTaking` does. Unix seconds. */
    | { readonly kind: 'taking'; readonly from: Address; readonly deadline: number }
    /** We own it, by the registry. `isPaired`: the device has our owner key, as far as we know. */
    | { readonly kind: 'owned'; readonly isPaired: boolean }
    /** Our signature is out; the new owner has not sent it yet. Until `deadline` (Unix seconds). `code`: to be shown to him. */
    | {
        readonly kind: 'givingAway'
        readonly to: Address
        readonly deadline: number
        readonly code: string
        /** The device would still take the new owner's key; false once it was told otherwise (`takeBackGiven`). */
        readonly isKeyPromised: boolean
      }
    /** Somebody else is its owner now. */
    | { readonly kind: 'gone'; readonly to: Address }
  /** How ownership was last read; null before. */
  readonly evidence: Evidence | null
  readonly report: 'none' | 'lost' | 'stolen'
  readonly user: { readonly address: Address; readonly expires: number } | null
  readonly config: {
    /** False where this browser has never met the device: what it was told before, from another one, is not known here. */
    readonly isKnown: boolean
    /** What we want it to have; null before the first. */
    readonly wanted: ConfigView | null
    /** The version that the device has signed for; 0 for none. */
    readonly delivered: number
    /** The version that is filed on chain; 0 for none. */
    readonly filed: number
  }
  readonly rules: AccountRules
}

export interface ConfigView {
  readonly version: number
  readonly epoch: number
  readonly market: Address
  readonly issuerKey: Hex
  readonly attestors: {
    readonly threshold: number
    readonly keys: readonly Hex[]
    /** So many of them together can open the door by what they sign of the chain. Left out: no. */
    readonly mayOpen?: boolean
  }
}

export interface ConfigChange extends Partial<Omit<ConfigView, 'version' | 'epoch'>> {
  readonly epoch?: number | 'next'
}

/** Progress of a task with a device near us, for the screen that waits. */
export type DeviceTask =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  /** The person has to press the device's button; until then (Unix seconds). */
  | { readonly kind: 'waitingForButton'; readonly until: number }
  | { readonly kind: 'working' }

/** A code that the person who takes a device shows, and the one who gives it scans. */
export interface TakeCode {
  readonly newOwner: Address
  readonly newAccount: Address
  /** x || y. */
  readonly ownerKey: Hex
}

export type GiveCodeFailure =
  | { readonly kind: 'notAGiveCode' }
  | { readonly kind: 'otherNetwork' }
  /** It was made for a code that this wallet did not show. */
  | { readonly kind: 'notForUs' }
  /** The code that we showed was used for another device: one more has to be shown. */
  | { readonly kind: 'takeCodeUsed' }
  | { readonly kind: 'giveCodeExpired' }
  /** A signature in it is not what it should be; `detail` says whose. */
  | { readonly kind: 'giveCodeInvalid'; readonly detail: string }
  /** The registry says something else than the code: the device changed hands, or was reported lost or stolen. */
  | { readonly kind: 'giveCodeStale'; readonly detail: string }

export interface DeviceOwnership {
  readonly devices: Readable<readonly OwnedDeviceView[]>
  /** By deviceKey: what is being done with it. */
  readonly tasks: Readable<ReadonlyMap<string, DeviceTask>>

  /** Connects and asks. */
  readOwnership(deviceKey: string): Promise<Result<OwnershipView, DeviceTaskFailure>>
  /**
   * Pins our owner key on a free device: by its button (waits for it), or by the code printed on it. Resolves with the
   * device that is now in `devices` (stage `paired`), its account made.
   */
  pair(
    deviceKey: string,
    by: { readonly kind: 'button' } | { readonly kind: 'code'; readonly code: string },
  ): Promise<Result<DeviceId, DeviceTaskFailure>>
  cancelTask(deviceKey: string): void
  /** The device signs the claim; what is returned is confirmed like any payment. Needs the device near. */
  proposeClaim(deviceId: DeviceId): Promise<Result<Proposal, ProposeFailure | DeviceTaskFailure>>

  /**
   * Signs the next Config with the owner key and keeps it until it is delivered. `null` where nothing would change.
   * The person has seen `view`'s change on the screen that calls this. `epoch: 'next'` ends every grant there is: it
   * needs to know the device's, so the device must have been met.
   */
  changeConfig(deviceId: DeviceId, change: ConfigChange): Promise<Result<null, DeviceTaskFailure>>
  /** Carries the wanted Config to the device near us, until it has signed for it. */
  deliverConfig(deviceId: DeviceId): Promise<Result<null, DeviceTaskFailure>>
  /** Files on chain what the device has signed for. */
  proposeFileConfig(deviceId: DeviceId): Promise<Result<Proposal, ProposeFailure | DeviceTaskFailure>>

  /** To take a device: text of the code to show. Makes the account that will be the device's. */
  makeTakeCode(): Promise<Result<{ readonly text: string; readonly code: TakeCode }, DeviceTaskFailure>>
  /** Text that was scanned from the other person's screen. */
  readTakeCode(text: string): Result<TakeCode, { readonly kind: 'notATakeCode' | 'otherNetwork' }>
  /** To give: the device (near us) signs, then we do. Needs the confirmation of what is returned. */
  proposeGive(deviceId: DeviceId, to: TakeCode): Promise<Result<Proposal, ProposeFailure | DeviceTaskFailure>>
  /** Signs a statement that was proposed by `proposeGive`; the text of the code for the other phone. */
  confirmGive(
    proposal: Proposal,
  ): Promise<Result<{ readonly text: string; readonly deadline: number }, ConfirmFailure | DeviceTaskFailure>>
  /**
   * The person has thought better of it: the device near us takes our own key once more, so that the code is worth nothing to
   * it. On chain the hand-over holds until its deadline, except while the device is reported lost or stolen.
   */
  takeBackGiven(deviceId: DeviceId): Promise<Result<null, DeviceTaskFailure>>
  /** To take: the giver's code; everything in it is verified, and what is returned is confirmed like any payment. */
  readGiveCode(text: string): Promise<Result<Proposal, ProposeFailure | GiveCodeFailure>>
  /** The same again, for a device of the stage `taking`: its code is kept. */
  proposeTaking(deviceId: DeviceId): Promise<Result<Proposal, ProposeFailure | GiveCodeFailure>>
  /** Once we own it on chain: pins our owner key on the device near us, with the former owner's word. */
  finishTaking(deviceId: DeviceId): Promise<Result<null, DeviceTaskFailure>>

  /** Lets the demo device's button be pressed; false where the device is no demo. */
  pressDemoButton(deviceKey: string): Promise<boolean>
  /** Looks on chain for the devices of our accounts again (after a restore from words; also by itself). */
  findDevices(): Promise<
    Result<
      { readonly found: number; readonly isComplete: boolean },
      ChainFailure | { readonly kind: 'vaultLocked' | 'notOnThisNetwork' }
    >
  >
  custodyOf(deviceId: DeviceId): Promise<Result<readonly CustodyEntry[], ChainFailure>>
  renameOwned(deviceId: DeviceId, name: string): Promise<void>
  /** Rules are enforced where the key is: here while the app is open, in the agent by a signed copy. */
  changeRules(deviceId: DeviceId, rules: AccountRules): Promise<Result<null, DeviceTaskFailure>>
  /** Forgets a device that is gone, that was paired and never claimed, or that is not to be taken after all. */
  forgetOwned(deviceId: DeviceId): Promise<void>
}
