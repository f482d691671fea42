// The update of many devices as the screens see it. Implemented by createFleet; its code is loaded when first asked for.
import type { Hex } from '../../core/bytes.ts'
import type { FleetFailure, FleetKind, FleetNext, FleetRun } from '../../core/fleet/run.ts'
import type { ImageVersion } from '../../core/mcuboot/version.ts'
import type { Confirmation } from '../../core/registry/decision.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { Model } from '../../core/registry/model.ts'
import type { Manifest } from '../../core/registry/release.ts'
import type { Result } from '../../core/result.ts'
import type { Readable } from '../observable.ts'
import type { ChooseFailure } from '../ports/device.ts'

/** What one device would get, as far as is known before it is asked. */
export interface PlannedDevice {
  readonly key: string
  readonly name: string
  readonly deviceId: Hex | null
  readonly model: Model | null
  readonly from: ImageVersion | null
  readonly planned:
    | { readonly kind: 'update'; readonly manifest: Manifest }
    /** It never said what it is: told when it is reached. */
    | { readonly kind: 'ask' }
    /** `isProven` where the newest release is known by a fresh proof. */
    | { readonly kind: 'newest'; readonly version: ImageVersion; readonly isProven: boolean }
    | { readonly kind: 'not'; readonly failure: FleetFailure }
}

/** A release that some of the devices get. */
export interface PlannedRelease {
  readonly model: Model
  readonly manifest: Manifest
  readonly evidence: Evidence
  /** What the person will be asked of at least one of them. */
  readonly confirm: readonly Confirmation[]
  readonly devices: number
  /** Its file is in this browser. */
  readonly isHeld: boolean
}

export interface FleetPlan {
  readonly devices: readonly PlannedDevice[]
  readonly releases: readonly PlannedRelease[]
}

/** A file that is fetched before anything is written. Bytes. */
export interface FleetFetch {
  /** Counts from 1. */
  readonly file: number
  readonly files: number
  readonly received: number
  readonly total: number
  /** Nothing has come for a while: nobody who has it answers. It is still being tried. */
  readonly isQuiet?: true
}

export interface FleetView {
  readonly run: FleetRun
  readonly next: FleetNext | null
  readonly fetching: FleetFetch | null
  /** False where another tab leads it. */
  readonly mine: boolean
  /** This tab is at work: with a device, or with the files. */
  readonly isWorking: boolean
}

export interface Fleet {
  /** null where there is no run. A finished one stays until it is put away. */
  readonly view: Readable<FleetView | null>
  /** Reads each model's head once, and compares the devices as they were last met. Writes nothing, asks no device. */
  plan(keys: readonly string[]): Promise<FleetPlan>
  /** Takes those that get something, or may; false where a run is under way. `agreed`: files by SHA-256. */
  begin(kind: FleetKind, plan: FleetPlan, agreed: readonly Hex[]): Promise<boolean>
  /** Nobody new has a turn, and what is being fetched or sent stops where it is. */
  pause(): void
  goOn(): void
  /** Opens the chooser: call straight from the click. Whichever of the queued devices was chosen has its turn. */
  choose(key: string): Promise<Result<string, ChooseFailure>>
  first(key: string): void
  /** False where its device was told to boot the new image: then it can only end by reading back. */
  skip(key: string): boolean
  retry(key: string): void
  retryFailed(): void
  /** The person agrees to what the active update asks; `forAll`: for every device that gets this file in this run. */
  consent(forAll: boolean): void
  /** Skips what has not had its turn. */
  finish(): void
  /** A run that is not working is forgotten; what became of the devices stays in their histories. */
  putAway(): Promise<void>
}
