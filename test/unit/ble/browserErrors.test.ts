// What browsers throw, as failures that say what to do. The messages are those of Chromium 156's binary.
import { describe, expect, it } from 'vitest'
import { chooseFailureOf, connectFailureOf } from '../../../src/io/ble/browserErrors.ts'
import { browserError } from './fakeBluetooth.ts'

describe('errors of the chooser', () => {
  it.each([
    ['NotFoundError', 'User cancelled the requestDevice() chooser.', 'chooserCancelled'],
    ['NotFoundError', 'Bluetooth adapter not available.', 'radioOff'],
    ['NotFoundError', 'Bluetooth Low Energy not available.', 'radioUnsupported'],
    ['NotFoundError', 'Web Bluetooth API globally disabled.', 'radioUnsupported'],
    ['NotFoundError', 'User denied the browser permission to scan for Bluetooth devices.', 'chooserRefused'],
    ['NotFoundError', 'Bluetooth permission has been blocked.', 'chooserRefused'],
    ['SecurityError', 'Must be handling a user gesture to show a permission request.', 'chooserRefused'],
    ['AbortError', 'The operation was aborted.', 'chooserCancelled'],
  ])('%s: %s', (name, message, kind) => {
    expect(chooseFailureOf(browserError(name, message)).kind).toBe(kind)
  })
})

describe('errors of connecting and discovering', () => {
  it.each([
    ['NetworkError', 'Bluetooth Device is no longer in range.', 'outOfReach'],
    ['NetworkError', 'Connection failed for unknown reason.', 'outOfReach'],
    ['NetworkError', 'Connection Error: Connection attempt failed.', 'outOfReach'],
    ['NetworkError', 'Unknown error when connecting to the device.', 'outOfReach'],
    ['NetworkError', 'Authentication canceled.', 'pairingRequired'],
    ['NetworkError', 'Authentication failed.', 'pairingRequired'],
    ['NetworkError', 'Authentication rejected.', 'pairingRequired'],
    ['NetworkError', 'Authentication timeout.', 'pairingRequired'],
    ['NetworkError', 'GATT Error: Not paired.', 'pairingRequired'],
    ['SecurityError', 'GATT operation not authorized.', 'pairingRequired'],
    ['NotSupportedError', 'GATT operation not permitted.', 'pairingRequired'],
    ['InvalidStateError', 'Connection Error: Not ready.', 'radioOff'],
    ['NotFoundError', 'Bluetooth adapter not available.', 'radioOff'],
    [
      'SecurityError',
      "Origin is not allowed to access the service. Tip: Add the service UUID to 'optionalServices'",
      'mustChooseAgain',
    ],
  ])('%s: %s', (name, message, kind) => {
    expect(connectFailureOf(browserError(name, message)).kind).toBe(kind)
  })

  it('takes what is not even an Error', () => {
    expect(connectFailureOf('gone')).toEqual({ kind: 'outOfReach', detail: 'gone' })
  })
})
