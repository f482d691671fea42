// Serving onward as the ui sees it: what is given to whom, by which rules, and what there is to give.
import type { ImageVersion } from '../../core/mcuboot/version.ts'
import type { Model } from '../../core/registry/model.ts'
import type { Readable } from '../observable.ts'
import type { ServingRules } from './rules.ts'

/** Whether this browser gives blocks to others now, and what stands in the way where it does not: the first that applies. */
export type ServingStatus =
  | { readonly kind: 'off' }
  /** Another tab of this browser serves. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'offline' }
  /** The page is not seen: it begins again when it is. */
  | { readonly kind: 'hidden' }
  /** As much went out today as the person allowed. */
  | { readonly kind: 'dataSpent' }
  | { readonly kind: 'batteryLow'; readonly percent: number }
  /** No whole file of a release that may be passed on. */
  | { readonly kind: 'nothingHeld' }
  | { readonly kind: 'servingUnavailable'; readonly detail: string }
  /** A price is set, and there is no account that could be paid, or no contract on this network. */
  | { readonly kind: 'nobodyToPay' }
  /** Switched on a moment ago. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'serving' }

export interface Given {
  readonly bytes: number
  readonly blocks: number
}

/** One release whose whole file is in this browser. */
export interface HeldFile {
  readonly cid: string
  /** Bytes. */
  readonly size: number
  readonly model: Model
  readonly version: ImageVersion
  /** What its maker released last, as far as this browser has heard. */
  readonly isNewest: boolean
  /** Withdrawn by its maker: it is not passed on. */
  readonly isRevoked: boolean
  /** Never removed to make room: its model is kept, or an update needs it. */
  readonly isKept: boolean
  /** Bytes that went out of it, as long as it was held. */
  readonly given: number
}

export interface SpeedSample {
  /** Unix seconds. */
  readonly at: number
  readonly bytesPerSecond: number
}

export interface ServingView {
  readonly rules: ServingRules
  readonly status: ServingStatus
  readonly today: Given
  readonly total: Given
  /** How many different peers were given something since the app was opened; who they were is not kept. */
  readonly peersServed: number
  /** While it serves, oldest first. */
  readonly speed: readonly SpeedSample[]
  /** null until it was looked. */
  readonly held: readonly HeldFile[] | null
  /** The kept model whose newest release is being fetched just now. */
  readonly fetching: Model | null
}

export interface Serving {
  readonly view: Readable<ServingView>
  change(rules: Partial<Omit<ServingRules, 'keptModels'>>): Promise<void>
  /** "Keep serving this model", or no longer. */
  keep(model: Model, isKept: boolean): Promise<void>
  /** Removes a file, unless an update needs it. */
  remove(cid: string): Promise<void>
}
