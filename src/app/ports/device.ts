// How the use cases reach devices: Web Bluetooth, the in-page demo devices, later a gateway or a serial line.
import type { Result } from '../../core/result.ts'
import type { ByteTransport } from '../../core/smp/transport.ts'

/** Which driver a device is reached through. */
export type DeviceSource = 'bluetooth' | 'demo'

/** A device that this browser may talk to, connected or not. `id` is stable per source as long as the permission lasts. */
export interface ReachableDevice {
  readonly source: DeviceSource
  readonly id: string
  /** The advertised name; may be empty. */
  readonly name: string
}

export type RadioState =
  | 'ready'
  /** The browser has no Web Bluetooth at all (iOS, Firefox, http:// on a foreign host). */
  | 'unsupported'
  /** The adapter is switched off or absent. */
  | 'off'

export type ChooseFailure =
  | { readonly kind: 'chooserCancelled' }
  | { readonly kind: 'radioUnsupported' }
  | { readonly kind: 'radioOff' }
  | { readonly kind: 'chooserRefused'; readonly detail: string }

export type ConnectFailure =
  /** Permission is gone or the browser can't reconnect without a chooser: the person must choose it again. */
  | { readonly kind: 'mustChooseAgain' }
  | { readonly kind: 'outOfReach'; readonly detail?: string }
  | { readonly kind: 'notSmp'; readonly detail?: string }
  /** The device demands pairing through the system's prompt and it was refused. */
  | { readonly kind: 'pairingRequired'; readonly detail?: string }
  | { readonly kind: 'radioUnsupported' }
  | { readonly kind: 'radioOff' }

export interface DeviceConnection {
  readonly transport: ByteTransport
  /** Battery service's level in percent; null where the device has none. Waits for its turn on the link. */
  batteryLevel(): Promise<number | null>
}

export interface DevicePort {
  readonly source: DeviceSource
  radioState(): Promise<RadioState>
  /** Opens the browser's chooser. Must be called straight from a gesture, with nothing awaited before it. */
  choose(): Promise<Result<ReachableDevice, ChooseFailure>>
  /** Devices that can be connected without a chooser; empty where the browser does not tell. */
  known(): Promise<readonly ReachableDevice[]>
  connect(id: string): Promise<Result<DeviceConnection, ConnectFailure>>
  /** Gives the permission back, where the browser can. */
  forget(id: string): Promise<void>
  /** Presses the button of a demo device; false where there is none to press. */
  pressButton?(id: string): Promise<boolean>
}
