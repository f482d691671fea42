// Why a device refused what it was told, as failures with a kind of their own.
import type { SmpFailure } from '../smp/client.ts'
import { FobError, MgmtError } from '../smp/errors.ts'
import { SmpGroup } from '../smp/message.ts'

export type DeviceRefusal =
  | { readonly kind: 'deviceNotPaired' }
  | { readonly kind: 'deviceAlreadyPaired' }
  /** Neither was the button pressed in the last minute nor a claim code proven. */
  | { readonly kind: 'pairingClosed' }
  | { readonly kind: 'claimCodeWrong' }
  /** Wrong codes were given before; `readOwnership` tells for how long none is tried. */
  | { readonly kind: 'claimCodeWait' }
  /** Not signed by the key that the device knows, or for another device, chain or registry. */
  | { readonly kind: 'deviceRefusedSignature' }
  /** The pairing counter went on since the statement was signed: it has to be signed anew. */
  | { readonly kind: 'pairingCounterPassed' }
  /** The device takes exactly its present Config's version + 1. */
  | { readonly kind: 'configVersionRefused' }
  /** The epoch is lower than the device's: what was revoked would hold again. */
  | { readonly kind: 'configEpochRefused' }
  /** The nonce is of another connection, was used, or is too old: start again. */
  | { readonly kind: 'nonceRefused' }
  | { readonly kind: 'noDeviceSession' }
  | { readonly kind: 'ownerSessionNeeded' }
  | { readonly kind: 'noDeviceConfig' }
  /** A paired device, spoken to outside a session. */
  | { readonly kind: 'deviceAccessDenied' }

/** The device's answer is not signed as it must be, or says something else than what was asked for. */
interface DeviceAnswerInvalid {
  readonly kind: 'deviceAnswerInvalid'
  readonly detail: string
}

export type LockFailure = SmpFailure | DeviceRefusal | DeviceAnswerInvalid

const REFUSALS: ReadonlyMap<number, DeviceRefusal> = new Map<number, DeviceRefusal>([
  [FobError.NOT_PAIRED, { kind: 'deviceNotPaired' }],
  [FobError.ALREADY_PAIRED, { kind: 'deviceAlreadyPaired' }],
  [FobError.PAIRING_CLOSED, { kind: 'pairingClosed' }],
  [FobError.CLAIM_CODE_WRONG, { kind: 'claimCodeWrong' }],
  [FobError.CLAIM_CODE_WAIT, { kind: 'claimCodeWait' }],
  [FobError.SIGNATURE_INVALID, { kind: 'deviceRefusedSignature' }],
  [FobError.COUNTER_WRONG, { kind: 'pairingCounterPassed' }],
  [FobError.VERSION_WRONG, { kind: 'configVersionRefused' }],
  [FobError.EPOCH_WRONG, { kind: 'configEpochRefused' }],
  [FobError.NONCE_INVALID, { kind: 'nonceRefused' }],
  [FobError.NO_SESSION, { kind: 'noDeviceSession' }],
  [FobError.NOT_OWNER, { kind: 'ownerSessionNeeded' }],
  [FobError.NO_CONFIG, { kind: 'noDeviceConfig' }],
])

/** Other failures stay what they are. */
export function explainRefusal(failure: SmpFailure): SmpFailure | DeviceRefusal {
  if (failure.kind !== 'deviceError') return failure
  if (failure.group === SmpGroup.fob) return REFUSALS.get(failure.rc) ?? failure
  return failure.group === null && failure.rc === MgmtError.EACCESSDENIED
    ? { kind: 'deviceAccessDenied' }
    : failure
}
