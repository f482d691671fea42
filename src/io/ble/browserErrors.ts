// Turns what browsers throw at Bluetooth calls into the port's failures.
//
// The Web Bluetooth specification fixes only the exceptions' names, and one name stands for many causes; so messages are
// looked at too. They are Chromium's (blink's bluetooth_error.cc), which every browser with Web Bluetooth is built on or
// imitates. A message that changes leads to the more general failure, never to a wrong one.
import type { ChooseFailure, ConnectFailure } from '../../app/ports/device.ts'

export function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '')

/** No adapter (when choosing), or one that is switched off (when connecting). */
export const isRadioOff = (error: unknown): boolean =>
  /adapter not available|Connection Error: Not ready/i.test(textOf(error))

const isRadioUnsupported = (error: unknown): boolean =>
  /Low Energy not available|globally disabled/i.test(textOf(error))

/** The system has not heard the device since it last scanned; only a scan (or the chooser) brings it back. */
export const isOutOfSight = (error: unknown): boolean => /no longer in range/i.test(textOf(error))

/** Another operation is under way, in this page or another: nothing was sent, so trying again is safe. */
export const isBusy = (error: unknown): boolean => /already in progress/i.test(textOf(error))

export const isNotFound = (error: unknown): boolean => nameOf(error) === 'NotFoundError'

/** Insufficient authentication or encryption, and pairing that was refused or failed. */
const isPairingDemanded = (error: unknown): boolean =>
  /not paired|not authorized|not permitted|authentication (cancell?ed|failed|rejected|timeout)/i.test(
    textOf(error),
  )

export function chooseFailureOf(error: unknown): ChooseFailure {
  if (isRadioOff(error)) return { kind: 'radioOff' }
  if (isRadioUnsupported(error)) return { kind: 'radioUnsupported' }
  const isCancelled = /cancell?ed/i.test(textOf(error)) || nameOf(error) === 'AbortError'
  return isCancelled ? { kind: 'chooserCancelled' } : { kind: 'chooserRefused', detail: textOf(error) }
}

/** Of connecting, discovering and subscribing. `notSmp` is not told here: what was looked for decides. */
export function connectFailureOf(error: unknown): ConnectFailure {
  const detail = textOf(error)
  if (isRadioOff(error)) return { kind: 'radioOff' }
  if (isRadioUnsupported(error)) return { kind: 'radioUnsupported' }
  if (isPairingDemanded(error)) return { kind: 'pairingRequired', detail }
  if (nameOf(error) === 'SecurityError') return { kind: 'mustChooseAgain' }
  return { kind: 'outOfReach', detail }
}
