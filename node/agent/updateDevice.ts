// A whole update without a person: the same reducer as the app's, with what the chain proves in place of a consent.
import type { Address, Bytes } from '../../src/core/bytes.ts'
import { type VerifiedFirmware, verifyFirmware } from '../../src/core/firmware/verified.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import type { HighWater } from '../../src/core/registry/decision.ts'
import { bindingHighWater, raiseHighWater } from '../../src/core/registry/highWater.ts'
import type { Model } from '../../src/core/registry/model.ts'
import { decide } from '../../src/core/registry/policy.ts'
import type { HeadReading, Manifest } from '../../src/core/registry/release.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { type ByteTransport, LinkError, type Timer } from '../../src/core/smp/transport.ts'
import { isFinal, startUpdate } from '../../src/core/update/attempt.ts'
import type { UpdatePlan, UpdateState } from '../../src/core/update/state.ts'
import { step, type UpdateCommand, type UpdateEvent } from '../../src/core/update/step.ts'
import { type DeviceLink, deviceLink, type ManageRight } from './deviceLink.ts'

export interface UpdatePorts {
  readonly deviceId: DeviceId
  /** Where its releases must be: a device that names another registry or chain is not updated. */
  readonly chainId: number
  readonly registry: Address
  /** Rejects with LinkError while the device can't be reached. */
  connect(): Promise<ByteTransport>
  /** null for a device without an owner. */
  readonly right: ManageRight | null
  readonly timer: Timer
  /** Unix seconds. */
  readonly now: () => number
  /** Makers, registry and channel that the owner has chosen; refuses others. */
  read(model: Model): Promise<Result<HeadReading, Failure>>
  readonly channel: string
  readonly maxAgeSeconds: number
  readonly highWater: HighWater | null
  fetch(manifest: Manifest): Promise<Result<Bytes, Failure>>
  /** Every state, before what it asks for is done. */
  store(state: UpdateState, highWater: HighWater | null): void
}

/** Milliseconds between tries to connect, and how long in all. */
const pause = 500
const patience = { normal: 20_000, reboot: 120_000 }

/**
 * Resolves when the update has ended: `done`, `upToDate`, or a failure of the kind that the app would show. What would
 * need a person's word (an unproven or old reading) is `needsPerson`, and nothing is written.
 */
export async function updateDevice(
  ports: UpdatePorts,
  attempt: string,
): Promise<Result<'done' | 'upToDate', Failure>> {
  const { timer, now } = ports
  let highWater = ports.highWater
  let link: DeviceLink | null = null
  let model: Model | null = null
  let firmware: VerifiedFirmware | null = null
  let bytes: Bytes | null = null

  async function connect(isPatient: boolean): Promise<UpdateEvent> {
    await link?.close()
    link = null
    const until = timer.now() + (isPatient ? patience.reboot : patience.normal)
    for (;;) {
      try {
        link = deviceLink(await ports.connect(), timer, ports.right)
        return { kind: 'connected' }
      } catch (error) {
        if (!(error instanceof LinkError)) throw error
        if (timer.now() > until) return { kind: 'deviceAway', failure: 'outOfReach', detail: error.message }
      }
      await new Promise<void>(resolve => timer.after(pause, resolve))
    }
  }

  async function check(over: DeviceLink, of: Model): Promise<UpdateEvent> {
    const slots = await over.readSlots()
    if (!slots.ok) return asEvent(slots.error)
    const reading = await ports.read(of)
    if (!reading.ok) return asEvent(reading.error)
    const { running } = slots.value
    const decision = decide({
      device: { hardware: of.hardware, running, slotSize: await over.slotSize(), modelIsSigned: true },
      model: of,
      reading: reading.value,
      highWater: bindingHighWater(highWater, reading.value, ports.channel),
      now: now(),
      maxAgeSeconds: ports.maxAgeSeconds,
      remembered: false,
    })
    highWater = raiseHighWater(highWater, reading.value, ports.channel)
    const { evidence } = reading.value
    return {
      kind: 'checked',
      decision,
      evidence,
      model: of,
      from: running.version,
      isOnTrial: !running.confirmed,
    }
  }

  async function verify({ manifest, model }: UpdatePlan, over: DeviceLink | null): Promise<UpdateEvent> {
    if (bytes === null) throw new Error('verify without fetched bytes')
    const slotSize = over === null ? null : await over.slotSize()
    const verified = verifyFirmware(bytes, manifest, { hardware: model.hardware, slotSize })
    if (!verified.ok) return asEvent(verified.error)
    firmware = verified.value
    return { kind: 'verified' }
  }

  async function carryOut(command: UpdateCommand): Promise<UpdateEvent | null> {
    switch (command.kind) {
      case 'abort':
        return null
      case 'disconnect':
        await link?.close()
        link = null
        return null
      case 'connect':
        return connect(command.patient)
      case 'fetch': {
        const fetched = await ports.fetch(command.plan.manifest)
        if (!fetched.ok) return asEvent(fetched.error)
        bytes = fetched.value
        return { kind: 'fetched', from: 'peer' }
      }
      case 'verify':
        return verify(command.plan, link)
      default:
        return link === null ? { kind: 'linkLost' } : overLink(command, link)
    }
  }

  async function overLink(
    command: Exclude<UpdateCommand, { kind: 'abort' | 'disconnect' | 'connect' | 'fetch' | 'verify' }>,
    over: DeviceLink,
  ): Promise<UpdateEvent> {
    switch (command.kind) {
      case 'identify': {
        const identity = await over.identify()
        if (!identity.ok) return asEvent(identity.error)
        if (identity.value.deviceId !== ports.deviceId) {
          return asEvent({ kind: 'deviceChanged', detail: identity.value.deviceId })
        }
        const { chainId, registry } = identity.value
        if (chainId !== ports.chainId || registry !== ports.registry) {
          return asEvent({ kind: 'identityForOtherNetwork', detail: `${registry} on chain ${chainId}` })
        }
        model = identity.value.model
        return { kind: 'identified', deviceId: identity.value.deviceId }
      }
      case 'check':
        return model === null ? asEvent({ kind: 'unknownModel' }) : check(over, model)
      case 'upload': {
        if (firmware === null) throw new Error('upload without verified firmware')
        const sent = await over.upload(firmware)
        return sent.ok ? { kind: 'uploaded', bytesSent: sent.value } : asEvent(sent.error)
      }
      case 'inspect': {
        const slots = await over.readSlots()
        return slots.ok ? { kind: 'inspected', slots: slots.value.facts } : asEvent(slots.error)
      }
      case 'mark': {
        const marked = await over.setImage(command.imageHash, false)
        return marked.ok ? { kind: 'marked' } : asEvent(marked.error)
      }
      case 'restart': {
        const restarted = await over.restart()
        return restarted.ok ? { kind: 'restarted' } : asEvent(restarted.error)
      }
      case 'readBack': {
        const slots = await over.readSlots()
        return slots.ok ? { kind: 'readBack', slots: slots.value.facts } : asEvent(slots.error)
      }
      case 'confirm': {
        const confirmed = await over.setImage(command.imageHash, true)
        if (!confirmed.ok) return asEvent(confirmed.error)
        const slots = await over.readSlots()
        return slots.ok ? { kind: 'confirmed', slots: slots.value.facts } : asEvent(slots.error)
      }
    }
  }

  let [state, commands] = startUpdate(ports.deviceId, attempt, now())
  try {
    for (;;) {
      ports.store(state, highWater)
      let event: UpdateEvent | null = null
      for (const command of commands) event = (await carryOut(command)) ?? event
      if (state.status === 'failed' || state.status === 'awaitingDevice') {
        const { failure } = state
        const detail = failure?.reason ?? failure?.detail
        return fail({ kind: failure?.kind ?? 'unexpectedError', ...(detail && { detail }) })
      }
      if (state.status === 'awaitingConsent') {
        return fail({ kind: 'needsPerson', detail: state.plan?.confirm.join(', ') ?? '' })
      }
      if (isFinal(state)) return ok(state.status === 'upToDate' ? 'upToDate' : 'done')
      if (event === null) return fail({ kind: 'unexpectedError', detail: `nothing follows ${state.step}` })
      ;[state, commands] = step(state, event, now())
    }
  } finally {
    // The last word of a link that an exception left open.
    await (link as DeviceLink | null)?.close()
  }
}

function asEvent({ kind, detail }: Failure): UpdateEvent {
  return kind === 'linkLost' ? { kind } : { kind: 'failed', failure: kind, detail: detail ?? null }
}
