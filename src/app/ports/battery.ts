// The battery of the phone or computer that the app runs on.

export interface Battery {
  readonly percent: number
  readonly isCharging: boolean
}
