// How the use cases reach devices: Web Bluetooth, the in-page demo devices, a gateway near the device, a cable.
import type { EspLink } from '../../core/dfu/espUpload.ts'
import type { NordicLink } from '../../core/dfu/nordicUpload.ts'
import type { Result } from '../../core/result.ts'
import type { ByteTransport, LinkLoss } from '../../core/smp/transport.ts'

/** Which driver a device is reached through. */
export type DeviceSource = 'bluetooth' | 'demo' | 'gateway' | 'serial'

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
  /** By its name it has an updater that browsers refuse to touch: Nordic's legacy DFU, TI's OAD. */
  | { readonly kind: 'blockedUpdater'; readonly detail?: string }
  /** The device demands pairing through the system's prompt and it was refused. */
  | { readonly kind: 'pairingRequired'; readonly detail?: string }
  | { readonly kind: 'radioUnsupported' }
  | { readonly kind: 'radioOff' }
  | GatewayFailure
  /** Another program, or another tab, has the serial port. */
  | { readonly kind: 'cableBusy'; readonly detail?: string }

export type GatewayFailure =
  /** No address of the gateway answers, or it is not in this browser's list any more. */
  | { readonly kind: 'gatewayUnreachable'; readonly detail?: string }
  /** It does not know this key: a new code is needed. */
  | { readonly kind: 'gatewayKeyWrong' }
  /** It serves as many as it can. */
  | { readonly kind: 'gatewayFull' }
  /** The Bluetooth of the gateway's own board. */
  | { readonly kind: 'gatewayRadioOff' }
  /** Somebody else reaches this device through it just now; of a demo device, another browser. */
  | { readonly kind: 'deviceTaken' }

interface AnyConnection {
  /** Battery service's level in percent; null where the device has none. Waits for its turn on the link. */
  batteryLevel(): Promise<number | null>
}

/** SMP, with MCUboot behind it. */
export interface SmpConnection extends AnyConnection {
  readonly updater?: 'mcuboot'
  readonly transport: ByteTransport
}

interface UpdaterConnection extends AnyConnection {
  /** Calls back once when the link is gone; at once if it already is. Returns the unsubscribe. */
  onClose(listener: (loss: LinkLoss) => void): () => void
  close(): Promise<void>
}

/** Nordic's Secure DFU: an application that can go into its bootloader, or the bootloader itself. */
export interface NordicConnection extends UpdaterConnection {
  readonly updater: 'nordicDfu'
  readonly mode:
    | {
        readonly kind: 'application'
        /** Resolves when it has answered that it goes; the link ends then. Rejects with LinkError. */
        enterBootloader(): Promise<void>
      }
    | { readonly kind: 'bootloader'; readonly link: NordicLink }
}

/** Espressif's ble_ota, which an application offers while it runs. */
export interface EspConnection extends UpdaterConnection {
  readonly updater: 'espOta'
  readonly link: EspLink
}

export type DeviceConnection = SmpConnection | NordicConnection | EspConnection

export interface DevicePort {
  readonly source: DeviceSource
  radioState(): Promise<RadioState>
  /**
   * Opens the browser's chooser. Must be called straight from a gesture, with nothing awaited before it. `all`: also devices
   * that do not advertise that they can be updated, as Nordic's buttonless applications do not.
   */
  choose(which?: 'updatable' | 'all'): Promise<Result<ReachableDevice, ChooseFailure>>
  /** Devices that can be connected without a chooser; empty where the browser does not tell. */
  known(): Promise<readonly ReachableDevice[]>
  /** `withinMs`: for a device that may be elsewhere; no further attempt begins after it. Default: the port's own patience. */
  connect(id: string, withinMs?: number): Promise<Result<DeviceConnection, ConnectFailure>>
  /** Gives the permission back, where the browser can. */
  forget(id: string): Promise<void>
  /** Presses the button of a demo device; false where there is none to press. */
  pressButton?(id: string): Promise<boolean>
  /** Breaks something in a demo machine, or mends it all; false where there is nothing to break. */
  disturb?(id: string, disturbance: DemoDisturbance): Promise<boolean>
}

/** `jam`: of the next vend alone; `door` and `warm` last until `none`. */
export type DemoDisturbance = 'jam' | 'door' | 'warm' | 'none'
