// The state of one update, as a value that can be stored: a killed tab goes on from it.
import type { Hex } from '../bytes.ts'
import type { ImageVersion } from '../mcuboot/version.ts'
import type { BlockReason, Confirmation } from '../registry/decision.ts'
import type { Evidence } from '../registry/evidence.ts'
import type { Model } from '../registry/model.ts'
import type { Manifest } from '../registry/release.ts'

/** The steps in their order. Each says what is under way, or where it stopped. */
export const updateSteps = [
  'connect',
  'identify',
  'check',
  'consent',
  'fetch',
  'verify',
  'upload',
  'inspect',
  'mark',
  'restart',
  'readBack',
  'confirm',
] as const

export type UpdateStep = (typeof updateSteps)[number]

export type UpdateStatus =
  | 'running'
  /** The person paused; nothing is sent until they go on. */
  | 'paused'
  /** Something must be confirmed in words: `plan.confirm` says what. */
  | 'awaitingConsent'
  /** The link is gone and no automatic reconnect is left: the person brings the device back or chooses it again. */
  | 'awaitingDevice'
  | 'done'
  | 'upToDate'
  | 'failed'
  | 'cancelled'

/** What is going to be written and why it may be: fixed by the check, kept for resuming. */
export interface UpdatePlan {
  readonly model: Model
  readonly manifest: Manifest
  readonly evidence: Evidence
  readonly from: ImageVersion | null
  readonly confirm: readonly Confirmation[]
}

/** Whether the end of an update is read back from the device: others' updaters can't say what runs. */
export const isReadBack = ({ confirm }: Pick<UpdatePlan, 'confirm'>): boolean =>
  !confirm.includes('runningUnknown')

/** A failure's `kind` is one of the ports', the codecs' or the verification's, or one of these. */
export type OwnFailureKind =
  | 'refused'
  /** The device runs its old image again: the new one did not boot or did not stay. */
  | 'reverted'
  /** Another device answered than the one that the update began with. */
  | 'deviceChanged'
  /** A bootloader took the new image, and still runs alone after its restart. */
  | 'notStarted'
  /** It was told to start its loader, and came back without it. */
  | 'loaderNotEntered'
  /** The application that runs after all lists no images. */
  | 'notReadBack'
  /** After the upload the free slot holds something else than what was sent. */
  | 'slotMismatch'
  /** The device took the confirm command but does not report the image as confirmed. */
  | 'notConfirmed'
  /** The device acknowledges the restart, again and again, and does not restart. */
  | 'restartIgnored'
  | 'busyElsewhere'
  /** The device's battery has less than the person wants it to have for an update. */
  | 'batteryTooLow'
  /** The device already runs what an unproven head names. */
  | 'nothingToWrite'

export interface UpdateFailure {
  readonly kind: string
  readonly step: UpdateStep
  readonly detail: string | null
  /** For `refused`. */
  readonly reason: BlockReason | null
}

export interface UpdateState {
  readonly deviceKey: string
  readonly attempt: string
  readonly status: UpdateStatus
  readonly step: UpdateStep
  /** keccak256 of the device's public key, once it said so: the same device must answer after every reconnect. */
  readonly deviceId: Hex | null
  readonly plan: UpdatePlan | null
  readonly consented: boolean
  /** Whether `plan` comes from a check in this run; a resumed update is checked again before anything is sent. */
  readonly planIsFresh: boolean
  /** Bytes done of the step under way (fetch, upload); total 0 where it is not counted. */
  readonly progress: { readonly done: number; readonly total: number }
  /** Where the bytes of the last fetch came from. */
  readonly fetchedFrom: 'stored' | 'peer' | 'gateway' | null
  readonly bytesSent: number
  /** True once the device took any of the file in this attempt: from then on its free slot is not what it was. */
  readonly hasWritten?: boolean
  /** True from the moment the device was told to boot the new image: from then on it can only end by reading back. */
  readonly swapRequested: boolean
  /** True once the restart was sent as well: an old image that runs after that was reverted to. */
  readonly restartRequested: boolean
  /** True once it was told to start its loader, which alone can replace its application; asked for once in an attempt. */
  readonly loaderRequested?: boolean
  /** Reconnects since something last went forward. */
  readonly reconnects: number
  readonly failure: UpdateFailure | null
  /** Unix seconds. */
  readonly startedAt: number
  readonly finishedAt: number | null
}
