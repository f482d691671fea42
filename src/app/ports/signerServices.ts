// The boxes and attestors that sign, over HTTP: what they say is checked by whoever asks, by their keys.
import type { Bytes, Hex } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import type { Grant } from '../../core/lock/grant.ts'
import type { OfferId, OrderId } from '../../core/registry/marketStatements.ts'
import type { Result } from '../../core/result.ts'
import type { SignedAgentIssuing } from '../../core/wallet/agentIssuing.ts'

export type ServiceFailure =
  /** No answer in time, or none that could be read. */
  | { readonly kind: 'serviceUnreachable'; readonly detail?: string }
  /** It refused; `detail`: the kind of its refusal, and what it says besides. */
  | { readonly kind: 'serviceRefused'; readonly detail: string; readonly said?: string }

interface BoxState {
  /** x || y, 64 bytes: what the device's Config has to name. */
  readonly key: Bytes
  readonly state: 'none' | 'on' | 'off'
  /** Of the statement that it holds. */
  readonly version: number
  readonly offers: readonly OfferId[]
}

export interface SignerServices {
  /** 64 bytes over `attestedHeaderDigest`; fails with `notFinal` where it has to be asked again. */
  attestedHeader(url: string, hash: Hex): Promise<Result<Bytes, ServiceFailure>>
  /** 64 bytes over `deviceTimeDigest`; fails with `timeOff`, `said`: its own Unix seconds. */
  attestedTime(
    url: string,
    asked: { readonly deviceId: DeviceId; readonly nonce: Bytes; readonly time: number },
  ): Promise<Result<Bytes, ServiceFailure>>
  /** Of a box: its key for this device, and whether it signs. */
  boxState(url: string, deviceId: DeviceId): Promise<Result<BoxState, ServiceFailure>>
  tellBox(url: string, statement: SignedAgentIssuing): Promise<Result<null, ServiceFailure>>
  /** null while it has not signed. */
  grantOf(
    url: string,
    orderId: OrderId,
  ): Promise<Result<{ readonly grant: Grant; readonly signature: Bytes } | null, ServiceFailure>>
}
