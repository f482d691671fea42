// How long the Bluetooth link may take for what. All in milliseconds.

export interface BleTiming {
  /** One attempt to connect. */
  readonly connectAttempt: number
  /** All attempts together, waiting included; no attempt begins later. */
  readonly connectTotal: number
  readonly connectAttempts: number
  /** Before the second attempt; doubles with each further one. */
  readonly backOff: number
  /**
   * Between hanging up and connecting the same device again: browsers say that they hung up before the system did, and
   * what is connected meanwhile goes down with the old link.
   */
  readonly settle: number
  /** Between attempts while the browser scans for a device that it lost sight of. */
  readonly sighting: number
  /** Finding one service or characteristic. A first discovery over a slow link takes seconds. */
  readonly discover: number
  /** Turning notifications on: the system may show its pairing prompt, which people read. */
  readonly subscribe: number
  readonly write: number
  readonly read: number
  /** How long an operation is tried again while another page keeps the link busy, and the pause between tries. */
  readonly busy: number
  readonly busyPause: number
  /** Asking whether there is an adapter. Chromium on Linux can stop answering a page's Bluetooth calls until a reload. */
  readonly availability: number
}

export const defaultTiming: BleTiming = {
  connectAttempt: 12_000,
  connectTotal: 30_000,
  connectAttempts: 3,
  backOff: 400,
  settle: 300,
  sighting: 1_500,
  discover: 15_000,
  subscribe: 45_000,
  write: 10_000,
  read: 10_000,
  busy: 2_000,
  busyPause: 20,
  availability: 2_000,
}
