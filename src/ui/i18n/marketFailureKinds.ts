// Every kind of failure that the screens of paid unlocks can meet beside the wallet’s, collected from where they arise.
import type { KeyCodeFailure, OfferFailure, OpenFailure, OrderFailure } from '../../app/market/market.ts'
import type { ChainFailure } from '../../app/ports/chain.ts'
import type { ProposeFailure } from '../../app/wallet/wallet.ts'

/** `string` would swallow the rest: failures of devices carry any kind, and their words are elsewhere. */
type Named<K extends string> = K extends unknown ? (string extends K ? never : K) : never

export type MarketFailureKind =
  | Exclude<
      OfferFailure['kind'] | OrderFailure['kind'] | KeyCodeFailure['kind'] | Named<OpenFailure['kind']>,
      ChainFailure['kind'] | ProposeFailure['kind'] | 'otherNetwork' | 'lockRefused'
    >
  /** Has words of its own here: what can't be read is not firmware. */
  | 'chainUnreachable'
  | 'notAMarketCode'
  | 'keyNotReady'
  | 'keyGone'
  | 'otherLock'
  | 'outcomeUnknown'
  | 'boxUnreachable'
  | 'boxRefused'
  | 'boxUnproven'
  /** A code, and not the one that is wanted here. */
  | 'notAKeyRequest'
  | 'notABoxCode'
  | 'boxCodeHere'
  | 'termsRefused'
  | 'keyRevoked'
  | 'configNotFiled'
  | 'proofInvalid'
  | 'attestationsMissing'
  | 'termsInvalid'
  | 'orderUnknown'
  | 'orderNotOpen'
  | 'orderNotSigned'
  | 'signerIsAnother'
  | 'serviceRefused'
  | 'serviceUnreachable'
  | 'receiptUnknown'
  | 'notAnchoredYet'
  | 'logOfAnotherPhone'
  | 'logEmpty'
  | 'notAReceipt'
  | 'receiptNotSigned'
  | 'notAnchored'
  | 'notInLog'
  | 'timeNotTold'
  | 'lockTimeUntold'
