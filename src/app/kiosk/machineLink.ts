// The kiosk's link to its machine: a session under the owner's grant, kept open, and opened anew whenever it is lost.
import type { KioskGrantCode } from '../../core/kiosk/codes.ts'
import { type Failure, fail, ok, type Result } from '../../core/result.ts'
import { TimeLimitError, within } from '../../core/timeLimit.ts'
import type { MachineReading } from '../../core/vending/machine.ts'
import { readMachine, type SlotService, serviceSlot } from '../../core/vending/readMachine.ts'
import { acknowledge, cancelVend, pendingReceipts, startVend, vend } from '../../core/vending/vend.ts'
import type { VendOrder } from '../../core/vending/vendOrder.ts'
import type { VendReceipt, VendRecord } from '../../core/vending/vendRecord.ts'
import { openVendSession, type VendSession } from '../../core/vending/vendSession.ts'
import { type DeviceSession, openSession } from '../deviceSession.ts'
import { deviceLock } from '../devices.ts'
import { randomScalar } from '../market/parts.ts'
import { attestorsTime } from '../market/timeSource.ts'
import type { LockKey } from '../ports/vault.ts'
import type { VendingLink } from './machine.ts'
import { type KioskParts, kioskDomain, type StoredSetup } from './parts.ts'

interface OpenLink {
  readonly session: VendSession
  close(): Promise<void>
}

/** Milliseconds, over whatever limits the parts have: what takes longer is left behind, and the next call begins anew. */
const CONNECTING = 120_000
const ASKING = 120_000
const CLOSING = 5_000

type LinkParts = Pick<KioskParts, 'platform' | 'devices' | 'port' | 'writeSizes' | 'config' | 'services'>
type Answered = StoredSetup & { readonly answer: NonNullable<StoredSetup['answer']> }

export class MachineLink implements VendingLink {
  readonly #parts: LinkParts
  readonly #setup: Answered
  readonly #key: LockKey
  #open: OpenLink | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: LinkParts, setup: Answered, key: LockKey) {
    this.#parts = parts
    this.#setup = setup
    this.#key = key
  }

  get devicePublicKey() {
    return this.#setup.devicePublicKey
  }

  vend(order: VendOrder): Promise<Result<VendReceipt, Failure>> {
    return this.#use(session => vend(session, order))
  }

  start(order: VendOrder): Promise<Result<VendRecord, Failure>> {
    return this.#use(session => startVend(session, order))
  }

  cancel(order: VendOrder): Promise<Result<VendReceipt, Failure>> {
    return this.#use(session => cancelVend(session, order))
  }

  acknowledge(receipt: VendReceipt): Promise<Result<null, Failure>> {
    return this.#use(session => acknowledge(session, receipt))
  }

  read(): Promise<Result<MachineReading, Failure>> {
    return this.#use(session => readMachine(session.client))
  }

  service(change: SlotService): Promise<Result<null, Failure>> {
    return this.#use(session => serviceSlot(session.client, change))
  }

  /** Receipts that nobody has acknowledged, whoever asked for their orders. */
  pending(): Promise<Result<readonly VendReceipt[], Failure>> {
    return this.#use(session => pendingReceipts(session))
  }

  /** Under another grant of the owner's, in a session of its own: the kiosk's is opened anew afterwards. */
  vendFreely(grant: KioskGrantCode, order: VendOrder): Promise<Result<VendReceipt, Failure>> {
    return this.#inOrder(async () => {
      await this.#drop()
      const opened = await this.#connect(grant)
      if (!opened.ok) return opened
      try {
        return await vend(opened.value.session, order)
      } finally {
        await opened.value.close().catch(() => {})
      }
    })
  }

  async close(): Promise<void> {
    await this.#inOrder(() => this.#drop())
  }

  /** One at a time. A link that was lost while it was idle is found out by the first call, which is then made once more. */
  #use<T, E extends Failure>(
    task: (session: VendSession) => Promise<Result<T, E>>,
  ): Promise<Result<T, Failure>> {
    return this.#inOrder(async () => {
      const wasOpen = this.#open !== null
      const first = await this.#once(task)
      const isStale = !first.ok && wasOpen && this.#open === null
      return isStale ? this.#once(task) : first
    })
  }

  async #once<T, E extends Failure>(
    task: (session: VendSession) => Promise<Result<T, E>>,
  ): Promise<Result<T, Failure>> {
    const opened = this.#open ? ok(this.#open) : await this.#connect()
    if (!opened.ok) return opened
    this.#open = opened.value
    const answer = await this.#within(ASKING, task(opened.value.session))
    if (!answer.ok && ENDED.has(answer.error.kind)) await this.#drop()
    return answer
  }

  #within<T, E extends Failure>(ms: number, task: Promise<Result<T, E>>): Promise<Result<T, Failure>> {
    return within(this.#parts.platform.timer, ms, 'machine', task).catch((error: unknown) => {
      if (!(error instanceof TimeLimitError)) throw error
      return fail({ kind: 'timeout', detail: error.message })
    })
  }

  async #connect(answer: KioskGrantCode = this.#setup.answer): Promise<Result<OpenLink, Failure>> {
    const { platform } = this.#parts
    let release = () => {}
    const released = new Promise<void>(resolve => {
      release = resolve
    })
    return new Promise(resolve => {
      // Held as long as the link is: nobody else of this browser talks to the machine meanwhile.
      platform
        .withLock(deviceLock(this.#setup.deviceKey), async () => {
          const opening = this.#openSession(answer, release)
          const opened = await this.#within(CONNECTING, opening)
          // Nobody waits any more for one that comes later.
          if (!opened.ok)
            void opening.then(late => (late.ok ? late.value.close() : undefined)).catch(() => {})
          resolve(opened)
          if (opened.ok) await released
        })
        .then(held => {
          if (!held) resolve(fail({ kind: 'busyElsewhere' }))
        })
        .catch((error: unknown) => {
          resolve(
            fail({ kind: 'outOfReach', detail: error instanceof Error ? error.message : String(error) }),
          )
        })
    })
  }

  async #openSession(answer: KioskGrantCode, release: () => void): Promise<Result<OpenLink, Failure>> {
    const { devices, port, platform, writeSizes } = this.#parts
    const { deviceKey } = this.#setup
    const record = devices.get(deviceKey)
    if (!record) return fail({ kind: 'deviceForgotten' })
    const connected = await openSession(await port(record.source), record.sourceId, platform, writeSizes)
    if (!connected.ok) return connected
    const device = connected.value
    const hangUp = () => within(platform.timer, CLOSING, 'close', device.close()).catch(() => {})
    const opened = await this.#enter(answer, device).catch(async (error: unknown) => {
      await hangUp()
      throw error
    })
    if (!opened.ok) {
      await hangUp()
      return opened
    }
    const close = async () => {
      opened.value.client.dispose()
      await hangUp()
      release()
    }
    return ok({ session: opened.value, close })
  }

  async #enter(answer: KioskGrantCode, device: DeviceSession): Promise<Result<VendSession, Failure>> {
    const { platform } = this.#parts
    const { deviceId, devicePublicKey } = this.#setup
    const domain = kioskDomain(this.#parts)
    if (!domain) return fail({ kind: 'noMarket' })
    const identified = await device.identify(platform.randomBytes(32))
    if (!identified.ok) return fail({ kind: identified.error.kind })
    if (identified.value?.deviceId !== deviceId) return fail({ kind: 'deviceChanged' })
    return openVendSession(device.link, {
      domain: { chainId: domain.chainId, registry: domain.registry },
      devicePublicKey,
      grant: answer.grant,
      authorisation: { by: 'owner', market: answer.grantMarket, signature: answer.signature },
      user: this.#key,
      terms: answer.terms,
      newEphemeralSecret: () => randomScalar(platform),
      newRequestId: () => platform.randomBytes(16),
      timeSource: platform.isOnline() ? attestorsTime(this.#parts) : null,
      timer: platform.timer,
    })
  }

  async #drop(): Promise<void> {
    const open = this.#open
    this.#open = null
    await open?.close()
  }

  #inOrder<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#last.then(task)
    this.#last = done.catch(() => {})
    return done
  }
}

/** After these nobody knows whether the session still lives; what was asked is asked again in another one. */
const ENDED: ReadonlySet<string> = new Set([
  'linkLost',
  'timeout',
  'malformed',
  'deviceAnswerInvalid',
  'sessionEnded',
  'deviceError',
  'vendTermsMissing',
  'vendGrantOver',
])
