// Connects to a device near us, makes sure that it is the one that is meant, and asks it whom it belongs to.
import type { Bytes } from '../../../core/bytes.ts'
import type { DeviceIdentity } from '../../../core/identity.ts'
import { type Ownership, readOwnership } from '../../../core/lock/ownership.ts'
import type { StatementDomain } from '../../../core/registry/deviceStatements.ts'
import { type Failure, fail, ok, type Result } from '../../../core/result.ts'
import type { SmpClient } from '../../../core/smp/client.ts'
import { MgmtError } from '../../../core/smp/errors.ts'
import { type DeviceSession, openSession } from '../../deviceSession.ts'
import { deviceLock } from '../../devices.ts'
import type { DeviceTaskFailure } from '../deviceOwnership.ts'
import type { OwnershipParts } from './parts.ts'
import type { RunningTask, Tasks } from './tasks.ts'

/** Milliseconds. The app's own look at a device that was just chosen takes seconds and is waited for; an update takes minutes. */
const PATIENCE = 20_000
const LOOK_AGAIN = 200

/** A device that is connected, and has proven who it is. */
export interface MetDevice {
  readonly deviceKey: string
  readonly session: DeviceSession
  /** For Fob's own commands, outside of any session. */
  readonly link: SmpClient
  readonly identity: DeviceIdentity
  readonly devicePublicKey: Bytes
  /** Of our network's DeviceRegistry. */
  readonly domain: StatementDomain
  readonly ownership: Ownership
  readonly task: RunningTask
}

type MeetParts = Pick<OwnershipParts, 'platform' | 'config' | 'devices' | 'port' | 'writeSizes'>

/** The registry of our network's devices; null where it has none. */
export function registryDomain({ config }: Pick<OwnershipParts, 'config'>): StatementDomain | null {
  const { chain } = config()
  const registry = chain.contracts?.deviceRegistry
  return registry ? { chainId: chain.id, registry } : null
}

/**
 * Runs `use` over a link that nobody else has, and lets go of it however that ends. Failures of the link, of identity and
 * of a device that knows nothing of owners have the kinds that the rest of the app has for them.
 */
export async function meetDevice<T, E extends Failure>(
  parts: MeetParts,
  tasks: Tasks,
  deviceKey: string,
  use: (met: MetDevice) => Promise<Result<T, E>>,
): Promise<Result<T, E | DeviceTaskFailure>> {
  const { platform } = parts
  const { timer } = platform
  const task = tasks.begin(deviceKey)
  try {
    for (const until = timer.now() + PATIENCE; ; ) {
      const held = await platform.withLock(deviceLock(deviceKey), () =>
        connectAnd(parts, deviceKey, task, use),
      )
      if (held) return held.value
      if (task.signal.aborted) return fail({ kind: 'cancelled' })
      if (timer.now() >= until) return fail({ kind: 'busyElsewhere' })
      await new Promise<void>(resolve => timer.after(LOOK_AGAIN, resolve))
    }
  } finally {
    task.end()
  }
}

async function connectAnd<T, E extends Failure>(
  parts: MeetParts,
  deviceKey: string,
  task: RunningTask,
  use: (met: MetDevice) => Promise<Result<T, E>>,
): Promise<Result<T, E | DeviceTaskFailure>> {
  const { platform, devices, port, writeSizes } = parts
  const domain = registryDomain(parts)
  if (!domain) return fail({ kind: 'notOnThisNetwork' })
  const record = devices.get(deviceKey)
  if (!record) return fail({ kind: 'deviceForgotten' })
  const opened = await openSession(await port(record.source), record.sourceId, platform, writeSizes)
  if (!opened.ok) return opened
  const session = opened.value
  try {
    task.show({ kind: 'working' })
    const identified = await identify(parts, deviceKey, session)
    if (!identified.ok) return identified
    const identity = identified.value
    const ownership = await readOwner(parts, session, identity)
    if (!ownership.ok) return ownership
    if (task.signal.aborted) return fail({ kind: 'cancelled' })
    return await use({
      deviceKey,
      session,
      link: session.link,
      identity,
      devicePublicKey: identity.publicKey,
      domain,
      ownership: ownership.value,
      task,
    })
  } finally {
    await session.close()
  }
}

async function identify(
  { platform, devices, config }: MeetParts,
  deviceKey: string,
  session: DeviceSession,
): Promise<Result<DeviceIdentity, DeviceTaskFailure>> {
  const identified = await session.identify(platform.randomBytes(32))
  if (!identified.ok) return identified
  const identity = identified.value
  const record = devices.get(deviceKey)
  if (!record) return fail({ kind: 'deviceForgotten' })
  if (record.deviceId !== null && identity?.deviceId !== record.deviceId)
    return fail({ kind: 'deviceChanged', detail: identity?.deviceId ?? 'no identity' })
  if (!identity) return fail({ kind: 'deviceWithoutOwner' })
  const { id, registry } = config().chain
  if (identity.chainId !== id || identity.registry !== registry) {
    const detail = `chain ${identity.chainId}, registry ${identity.registry}`
    return fail({ kind: 'identityForOtherNetwork', detail })
  }
  await devices.change(deviceKey, {
    lastSeenAt: platform.unixNow(),
    deviceId: identity.deviceId,
    model: identity.model,
    modelFrom: 'signed',
  })
  return ok(identity)
}

/** Asked anew whenever something was told to the device. */
export async function readOwner(
  { platform }: Pick<OwnershipParts, 'platform'>,
  session: DeviceSession,
  { publicKey }: DeviceIdentity,
): Promise<Result<Ownership, DeviceTaskFailure>> {
  const challenge = platform.randomBytes(32)
  const ownership = await readOwnership(session.link, { challenge, devicePublicKey: publicKey })
  if (ownership.ok) return ownership
  const { error } = ownership
  const isUnknown =
    error.kind === 'deviceError' &&
    error.group === null &&
    (error.rc === MgmtError.ENOTSUP || error.rc === MgmtError.ENOENT)
  return isUnknown ? fail({ kind: 'deviceWithoutOwner' }) : fail(error)
}
