// What a gateway needs of a radio: which devices are heard, and a byte pipe to one of them.
import type { GatewayDevice, GatewayRefusal } from '../../src/core/gateway/message.ts'
import type { Result } from '../../src/core/result.ts'
import type { ByteTransport } from '../../src/core/smp/transport.ts'

export type HeardDevice = Omit<GatewayDevice, 'isTaken'>

export interface RadioLink {
  /** Its `maxWrite` is what one write on the air carries. */
  readonly transport: ByteTransport
  /** Percent; null where the device has no battery that it tells of. */
  batteryLevel(): Promise<number | null>
}

export interface RadioFailure {
  readonly kind: Extract<
    GatewayRefusal,
    'unknownDevice' | 'outOfReach' | 'notSmp' | 'pairingRequired' | 'radioOff'
  >
  readonly detail: string
}

export interface Radio {
  /** Scans from now on for a while; rejects never. */
  listen(): void
  isOn(): boolean
  /** Devices with SMP that were heard lately. */
  heard(): readonly HeardDevice[]
  /** Resolves within about half a minute. The id is one of those that were heard, now or earlier. */
  connect(id: string): Promise<Result<RadioLink, RadioFailure>>
  stop(): Promise<void>
}
