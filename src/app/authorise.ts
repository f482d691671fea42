// What a paired device asks of an update before it takes anything: its owner's leave, and a session under it.
import { readOwnership } from '../core/lock/ownership.ts'
import { fail, ok, type Result } from '../core/result.ts'
import { MgmtError } from '../core/smp/errors.ts'
import type { DeviceSession } from './deviceSession.ts'
import type { ManagingLeave } from './manageDevice.ts'
import type { Platform } from './ports/platform.ts'

export interface ManageFailure {
  /**
   * `deviceManaged`: it belongs to somebody else. `walletLocked`: it is ours, and the owner key is needed once. Else a
   * kind of the link, of the device's answers, or of the session.
   */
  readonly kind: string
  readonly detail?: string
}

/**
 * Opens a session where the device is paired; nothing to do where it is free, or knows nothing of owners. The wallet is
 * not even loaded for those.
 */
export async function authorise(
  session: DeviceSession,
  platform: Platform,
  leave: () => Promise<ManagingLeave>,
): Promise<Result<null, ManageFailure>> {
  const { identity } = session
  if (!identity) return ok(null)
  const challenge = platform.randomBytes(32)
  const ownership = await readOwnership(session.link, { challenge, devicePublicKey: identity.publicKey })
  if (!ownership.ok) return isUnknown(ownership.error) ? ok(null) : fail(ownership.error)
  if (!ownership.value.ownerKeyHash) return ok(null)
  return (await leave()).open(session, identity, ownership.value)
}

function isUnknown(error: { readonly kind: string; readonly group?: number | null; readonly rc?: number }) {
  const { kind, group, rc } = error
  return kind === 'deviceError' && group === null && (rc === MgmtError.ENOTSUP || rc === MgmtError.ENOENT)
}
