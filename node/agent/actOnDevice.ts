// One act on an owned device, over its own radio: what a paid unit of service is to the device.
import { randomBytes } from 'node:crypto'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8 } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import { SessionAction } from '../../src/core/lock/openMessage.ts'
import { openSession } from '../../src/core/lock/session.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { SmpClient } from '../../src/core/smp/client.ts'
import { readParams } from '../../src/core/smp/os.ts'
import { type ByteTransport, LinkError, type Timer } from '../../src/core/smp/transport.ts'
import { type ManageRight, newEphemeralSecret, proveIdentity } from './deviceLink.ts'

/** Switches something on for one unit; asked twice for the same unit, it does so once. */
export type ActOnce = (unit: string) => Promise<Result<null, Failure>>

/**
 * Opens a session for each unit, with a grant of the owner that allows `open`. The request's id is made of the unit's name,
 * so that the device itself knows one that it has carried out already, also after the agent was killed in between.
 */
export function actOnDevice(
  deviceId: DeviceId,
  connect: () => Promise<ByteTransport>,
  right: ManageRight,
  timer: Timer,
): ActOnce {
  return async unit => {
    let transport: ByteTransport
    try {
      transport = await connect()
    } catch (error) {
      if (error instanceof LinkError) return fail({ kind: 'outOfReach', detail: error.message })
      throw error
    }
    const client = new SmpClient(transport, { timer })
    try {
      const identity = await proveIdentity(client)
      if (!identity.ok) return identity
      if (identity.value.deviceId !== deviceId) return fail({ kind: 'deviceChanged' })
      const params = await readParams(client)
      const opened = await openSession(
        client,
        {
          ...right,
          devicePublicKey: identity.value.publicKey,
          action: SessionAction.open,
          requestId: Uint8Array.from(keccak_256(utf8(unit)).subarray(0, 16)),
          ephemeralSecret: newEphemeralSecret(size => Uint8Array.from(randomBytes(size))),
        },
        params.ok ? { bufSize: params.value.bufSize } : {},
      )
      if (!opened.ok) {
        const { error } = opened
        return fail({ kind: error.kind, detail: 'reason' in error ? String(error.reason) : '' })
      }
      const { status } = opened.value.result
      return status === 'done' ? ok(null) : fail({ kind: 'deviceDidNot', detail: status })
    } finally {
      client.dispose()
      await transport.close()
    }
  }
}
