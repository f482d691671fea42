// One connection from the agent to a device, in the words of an update; inside a managing session where the device has an
// owner.
import { randomBytes } from 'node:crypto'
import { fromHex, type Hex, toHex } from '../../src/core/bytes.ts'
import type { VerifiedFirmware } from '../../src/core/firmware/verified.ts'
import { type DeviceIdentity, verifyIdentity } from '../../src/core/identity.ts'
import { ManagedTransport } from '../../src/core/lock/managedTransport.ts'
import { SessionAction } from '../../src/core/lock/openMessage.ts'
import { readOwnership } from '../../src/core/lock/ownership.ts'
import { openSession, type SessionRequest } from '../../src/core/lock/session.ts'
import type { ImageVersion } from '../../src/core/mcuboot/version.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { SmpClient } from '../../src/core/smp/client.ts'
import { readIdentity } from '../../src/core/smp/fob.ts'
import { readSlotInfo, readState, setState, uploadCapacity } from '../../src/core/smp/image.ts'
import { readParams, reset } from '../../src/core/smp/os.ts'
import { probeWriteSize } from '../../src/core/smp/probe.ts'
import type { ByteTransport, Timer } from '../../src/core/smp/transport.ts'
import { uploadImage } from '../../src/core/smp/upload.ts'
import type { SlotFacts } from '../../src/core/update/step.ts'

/** What lets the agent manage a device that has an owner: a grant of the owner for the agent's own key. */
export type ManageRight = Pick<SessionRequest, 'domain' | 'grant' | 'authorisation' | 'user'>

export interface RunningSlot {
  readonly version: ImageVersion
  readonly hash: Hex
  readonly confirmed: boolean
}

/** Milliseconds that a link may outlive its device after a reset. */
const resetPatience = 10_000

/** `right`: null for a device without an owner, which takes orders from whoever is near. */
export function deviceLink(transport: ByteTransport, timer: Timer, right: ManageRight | null) {
  const link = new SmpClient(transport, { timer })
  let client = link
  /** Bytes of the device's buffer outside of the session. */
  let bufSize: number | undefined

  return {
    /** Proves who the device is, and opens the session where there is a right to it. */
    async identify(): Promise<Result<DeviceIdentity, Failure>> {
      const identity = await proveIdentity(link)
      if (!identity.ok) return identity
      const params = await readParams(link)
      if (params.ok) bufSize = params.value.bufSize
      if (right === null) return isOwned(link, identity.value)
      if (!params.ok) return params
      const session = await openSession(
        link,
        {
          ...right,
          devicePublicKey: identity.value.publicKey,
          action: SessionAction.manage,
          requestId: Uint8Array.from(randomBytes(16)),
          ephemeralSecret: newEphemeralSecret(size => Uint8Array.from(randomBytes(size))),
        },
        { bufSize: params.value.bufSize },
      )
      if (!session.ok) {
        const { error } = session
        return fail({ kind: error.kind, detail: 'reason' in error ? String(error.reason) : '' })
      }
      if (session.value.keys === null) return fail({ kind: 'sessionWithoutKeys' })
      client = new SmpClient(new ManagedTransport(link, session.value.keys, params.value), { timer })
      return identity
    },

    async readSlots(): Promise<
      Result<{ readonly running: RunningSlot; readonly facts: SlotFacts }, Failure>
    > {
      const state = await readState(client)
      if (!state.ok) return state
      const application = state.value.filter(({ image }) => image === 0)
      const active = application.find(slot => slot.active)
      const other = application.find(slot => !slot.active)
      if (!active?.version || !active.hash) return fail({ kind: 'noRunningImage' })
      const hash = toHex(active.hash)
      const { version, confirmed } = active
      return ok({
        running: { version, hash, confirmed },
        facts: {
          running: { hash, confirmed },
          other: other?.hash ? { hash: toHex(other.hash), pending: other.pending } : null,
        },
      })
    },

    /** Bytes that an upload may have; null where the device does not tell. */
    async slotSize(): Promise<number | null> {
      const info = await readSlotInfo(client)
      return info.ok ? uploadCapacity(info.value) : null
    },

    /** Bytes that were put on the link: 0 where the slot holds the image already. */
    async upload(firmware: VerifiedFirmware): Promise<Result<number, Failure>> {
      const slots = await this.readSlots()
      if (!slots.ok) return slots
      if (slots.value.facts.other?.hash === toHex(firmware.imageHash)) return ok(0)
      const probed = await probeWriteSize(link, bufSize === undefined ? {} : { bufSize })
      if (!probed.ok) return probed
      link.writeSize = probed.value.writeSize
      if (!probed.value.inSync) return fail({ kind: 'linkLost', detail: 'write size probe' })
      const sent = await uploadImage(client, firmware)
      return sent.ok ? ok(sent.value.bytesSent) : sent
    },

    async setImage(imageHash: Hex, confirm: boolean): Promise<Result<null, Failure>> {
      const set = await setState(client, { hash: fromHex(imageHash) ?? new Uint8Array(), confirm })
      return set.ok ? ok(null) : set
    },

    /** Resolves when the device has let go of the link: whoever connects before that meets what is about to end. */
    async restart(): Promise<Result<null, Failure>> {
      const sent = await reset(client)
      if (!sent.ok && sent.error.kind !== 'linkLost' && sent.error.kind !== 'timeout') return sent
      await new Promise<void>(resolve => {
        const cancel = timer.after(resetPatience, resolve)
        transport.onClose(() => {
          cancel()
          resolve()
        })
      })
      return ok(null)
    },

    async close(): Promise<void> {
      client.dispose()
      link.dispose()
      await transport.close()
    },
  }
}

export type DeviceLink = ReturnType<typeof deviceLink>

/** Without a right an owned device takes no image: known before anything is paid for one. */
async function isOwned(
  client: SmpClient,
  identity: DeviceIdentity,
): Promise<Result<DeviceIdentity, Failure>> {
  const challenge = Uint8Array.from(randomBytes(32))
  const ownership = await readOwnership(client, { challenge, devicePublicKey: identity.publicKey })
  if (ownership.ok) {
    return ownership.value.ownerKeyHash === null
      ? ok(identity)
      : fail({ kind: 'rightMissing', detail: 'the device has an owner, and no grant of his is here' })
  }
  // Firmware that can't be owned does not know the command.
  return ownership.error.kind === 'deviceError' ? ok(identity) : ownership
}

/** Asks a device to prove its key, under a challenge of our own. */
export async function proveIdentity(client: SmpClient): Promise<Result<DeviceIdentity, Failure>> {
  const challenge = Uint8Array.from(randomBytes(32))
  const answer = await readIdentity(client, challenge)
  if (!answer.ok) return answer
  const { maker, model, hardware, chainId, registry, publicKey, signature } = answer.value
  return verifyIdentity({
    challenge,
    model: { maker: toHex(maker), name: model, hardware },
    chainId,
    registry: toHex(registry),
    publicKey,
    signature,
  })
}

/** A P-256 scalar: the first is as good as certain, and is tried again where it is zero or not below the order. */
export function newEphemeralSecret(random: (size: number) => Uint8Array): Uint8Array {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  for (;;) {
    const candidate = random(32)
    const number = BigInt(toHex(candidate))
    if (number > 0n && number < order) return candidate
  }
}
