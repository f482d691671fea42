// The other ways to a device, as the screens see them.
import type { Result } from '../../core/result.ts'
import type { Readable } from '../observable.ts'
import type { ChooseFailure, DevicePort, DeviceSource, GatewayFailure } from '../ports/device.ts'
import type { HeardDevice, KnownGateway } from '../ports/ways.ts'

interface AddGatewayFailure {
  /** The text is no gateway's code, or a part of it is missing. */
  readonly kind: 'gatewayCodeUnreadable'
}

export interface Ways {
  /** In the order in which they were added. */
  readonly gateways: Readable<readonly KnownGateway[]>
  /** Whether this browser has serial ports. */
  readonly hasCable: boolean
  /** Text that was scanned or pasted. A gateway that is known gets its new addresses and key. */
  addGateway(code: string, name: string): Promise<Result<KnownGateway, AddGatewayFailure>>
  renameGateway(peerId: string, name: string): Promise<void>
  /** Its devices stay in the list; they can't be reached through it any more. */
  forgetGateway(peerId: string): Promise<void>
  /** What it hears now; the question takes a few seconds where it has just begun to listen. */
  listen(gateway: KnownGateway): Promise<Result<readonly HeardDevice[], GatewayFailure>>
  /** Resolves with the device's key; checking has begun. */
  addFromGateway(gateway: KnownGateway, device: HeardDevice): Promise<string>
  /** Opens the browser's chooser: call straight from the click. Resolves with the device's key; checking has begun. */
  addOverCable(): Promise<Result<string, ChooseFailure>>
  port(source: DeviceSource): DevicePort
}
