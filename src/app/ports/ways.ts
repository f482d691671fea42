// The ways to a device besides Bluetooth and the demo: gateways that the person has added, and a cable.
import type { Result } from '../../core/result.ts'
import type { DevicePort, GatewayFailure } from './device.ts'

/** As it is kept. The key lets its holder use the gateway's radio, and is good for nothing else. */
export interface KnownGateway {
  readonly peerId: string
  readonly addresses: readonly string[]
  /** 16 bytes, as hexadecimal. */
  readonly key: string
  /** The person's name for it. */
  readonly name: string
}

export interface HeardDevice {
  /** At this gateway. */
  readonly id: string
  /** As advertised; may be empty. */
  readonly name: string
  /** dBm; null where it is not known. */
  readonly rssi: number | null
  /** Somebody uses it through this gateway. */
  readonly isTaken: boolean
}

export interface GatewayPort extends DevicePort {
  /** Devices with SMP that the gateway hears now. */
  list(gateway: KnownGateway): Promise<Result<readonly HeardDevice[], GatewayFailure>>
  /** The id of a device in this app. */
  idOf(gateway: KnownGateway, device: string): string
}

export interface WayPorts {
  /** `known`: the gateways as they are kept now. */
  gateway(known: () => readonly KnownGateway[]): GatewayPort
  /** null where the browser has no serial ports. */
  serial(): DevicePort | null
}
