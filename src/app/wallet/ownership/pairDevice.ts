// Pins our owner key on a free device: the person presses its button, or gives the code that is printed on it.

import type { DeviceId } from '../../../core/identity.ts'
import { type ClaimCode, parseClaimCode } from '../../../core/lock/claimCode.ts'
import type { Ownership } from '../../../core/lock/ownership.ts'
import { pairingTypedData, pairDevice as pairOverLink, readPairingNonce } from '../../../core/lock/pairing.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import type { DeviceOwnership, DeviceTaskFailure } from '../deviceOwnership.ts'
import type { OwnershipContext } from './context.ts'
import { type MetDevice, meetDevice, readOwner } from './meet.ts'
import { ensureRecord, noteMeeting } from './note.ts'

export type PairingMeans = Parameters<DeviceOwnership['pair']>[1]

/** Seconds that the person has to press the button. */
const buttonPatience = 90
/** Milliseconds between looks at whether it was pressed. */
const lookEvery = 700

export async function pairDevice(
  context: OwnershipContext,
  deviceKey: string,
  means: PairingMeans,
): Promise<Result<DeviceId, DeviceTaskFailure>> {
  const code = means.kind === 'code' ? parseClaimCode(means.code) : ok(null)
  if (!code.ok) return code
  const key = await context.ownerKey.publicKey()
  if (!key.ok) return key
  return meetDevice(context.parts, context.tasks, deviceKey, async met => {
    const pairing = await noteMeeting(context, met)
    if (!pairing.ok) return pairing
    // A try of before that came through, and whose answer did not.
    if (pairing.value === 'mine') return ok(met.identity.deviceId)
    if (pairing.value === 'others') return fail({ kind: 'deviceOfOthers' })
    const fault = meansFault(met.ownership, means)
    if (fault) return fail(fault)
    const stored = await ensureRecord(context, met, false)
    if (!stored.ok) return stored
    return pin(context, met, key.value, code.value)
  })
}

function meansFault(ownership: Ownership, { kind }: PairingMeans): DeviceTaskFailure | undefined {
  if (kind === 'button') return ownership.hasButton ? undefined : { kind: 'deviceHasNoButton' }
  if (!ownership.hasClaimCode) return { kind: 'deviceHasNoClaimCode' }
  return ownership.claimCodeWait > 0
    ? { kind: 'claimCodeWait', detail: `${ownership.claimCodeWait} s` }
    : undefined
}

async function pin(
  context: OwnershipContext,
  met: MetDevice,
  ownerKey: Uint8Array,
  claimCode: ClaimCode | null,
): Promise<Result<DeviceId, DeviceTaskFailure>> {
  const { link, identity, domain, devicePublicKey, task } = met
  const { deviceId } = identity
  const nonce = await readPairingNonce(link)
  if (!nonce.ok) return nonce
  const pairingCounter = met.ownership.pairingCounter + 1
  const pairing = { deviceId, ownerKey, nonce: nonce.value, pairingCounter }
  // Signed while the vault is still open: the person may look for the button longer than that lasts.
  const signature = await context.ownerKey.sign(pairingTypedData(domain, pairing), {
    kind: 'pairDevice',
    deviceId,
  })
  if (!signature.ok) return signature
  if (claimCode === null) {
    const pressed = await waitForButton(context, met)
    if (!pressed.ok) return pressed
  }
  if (task.signal.aborted) return fail({ kind: 'cancelled' })
  const pinned = await pairOverLink(link, {
    domain,
    devicePublicKey,
    pairing,
    signature: signature.value,
    claimCode,
  })
  if (!pinned.ok) return pinned
  const after = await readOwner(context.parts, met.session, identity)
  if (after.ok) await noteMeeting(context, met, after.value)
  else
    await context.records.change(deviceId, () => ({ isPaired: true, inherited: met.ownership.configVersion }))
  return ok(deviceId)
}

async function waitForButton(
  { parts: { platform } }: OwnershipContext,
  { session, identity, task, ownership }: MetDevice,
): Promise<Result<null, DeviceTaskFailure>> {
  if (ownership.buttonSeconds > 0) return ok(null)
  const until = platform.timer.now() + buttonPatience * 1000
  task.show({ kind: 'waitingForButton', until: platform.unixNow() + buttonPatience })
  while (platform.timer.now() < until) {
    await pause(platform.timer, task.signal)
    if (task.signal.aborted) return fail({ kind: 'cancelled' })
    const now = await readOwner({ platform }, session, identity)
    if (!now.ok) return now
    if (now.value.ownerKeyHash) return fail({ kind: 'deviceAlreadyPaired' })
    if (now.value.buttonSeconds > 0) {
      task.show({ kind: 'working' })
      return ok(null)
    }
  }
  return fail({ kind: 'buttonNotPressed' })
}

function pause(timer: OwnershipContext['parts']['platform']['timer'], signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = timer.after(lookEvery, done)
    signal.addEventListener('abort', done)
  })
}
