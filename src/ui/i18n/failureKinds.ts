// Every kind of failure that a person can meet, collected from where they arise, so that a missing translation fails to compile.
import type { PinFailure } from '../../app/fob.ts'
import type { IdentifyFailure } from '../../app/identifyDevice.ts'
import type { ChainFailure } from '../../app/ports/chain.ts'
import type { ChooseFailure, ConnectFailure } from '../../app/ports/device.ts'
import type { FetchFailure } from '../../app/ports/firmware.ts'
import type { VerifyError } from '../../core/firmware/verified.ts'
import type { NetworkFailure } from '../../core/network.ts'
import type { OwnFailureKind } from '../../core/update/state.ts'

/** What checking says beyond identifying. */
type CheckFailureKind = 'makerNotPinned' | 'unknownModel' | 'networkMissing'

/** What an update says of a device that has an owner. */
type ManageFailureKind = 'deviceManaged' | 'walletLocked'

/** What the update says of a bug caught at the last moment. */
type UseCaseFailureKind = 'unexpectedError'

export type FailureKind =
  | ChainFailure['kind']
  | ChooseFailure['kind']
  | ConnectFailure['kind']
  | FetchFailure['kind']
  | PinFailure['kind']
  | NetworkFailure['kind']
  | OwnFailureKind
  | IdentifyFailure['kind']
  | VerifyError['kind']
  | CheckFailureKind
  | ManageFailureKind
  | UseCaseFailureKind

/** What happened, what it means for the device, what to do next. */
export interface FailureText {
  readonly title: string
  readonly meaning: string
  readonly next: string
}
