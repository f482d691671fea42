// A vending machine with an owner and a kiosk, for the tests of vending: the real device behind its real link, in a time of its own.
import type { MemoryFlash } from '../../../device/flash.ts'
import type { ReferenceDeviceOptions } from '../../../device/referenceDevice.ts'
import { DEMO_OUTLET, DemoMachine } from '../../../device/vending/demoMachine.ts'
import type { HardwareSlot } from '../../../device/vending/hardware.ts'
import { type Grant, GrantAction, grantDigest } from '../../../src/core/lock/grant.ts'
import { SessionAction } from '../../../src/core/lock/openMessage.ts'
import { signDigest } from '../../../src/core/p256.ts'
import type { SmpClient } from '../../../src/core/smp/client.ts'
import { serviceSlot } from '../../../src/core/vending/readMachine.ts'
import { acknowledge, cancelVend, pendingReceipts, startVend, vend } from '../../../src/core/vending/vend.ts'
import type { VendOrder } from '../../../src/core/vending/vendOrder.ts'
import { openVendSession, type VendSession } from '../../../src/core/vending/vendSession.ts'
import { slotSet, type VendTerms, VendUse, vendTermsDigest } from '../../../src/core/vending/vendTerms.ts'
import { ManualTimer } from '../device/manualTimer.ts'
import {
  fresh,
  LockWorld,
  MARKET,
  must,
  NOW,
  type Place,
  type SessionChange,
  testKey,
} from '../lock/lockWorld.ts'
import { TWO_OF_THREE } from '../lock/rental.ts'

export const KIOSK = testKey(60)
export const STAFF = testKey(61)

/** A sensor that remembers without power: what came out is what it has counted. */
class LatchedMachine extends DemoMachine {
  override keepCountIn(): void {}
}

const spiral = (isChilled: boolean): HardwareSlot => ({ unit: 'product', isChilled, capacity: 9, stock: 5 })
const SPIRALS: readonly HardwareSlot[] = [spiral(true), spiral(false), spiral(false), spiral(false)]

const spirals = (timer: ManualTimer) => new LatchedMachine({ timer, slots: SPIRALS, unitMs: 20, settleMs: 5 })
const meter = (timer: ManualTimer) =>
  new LatchedMachine({ timer, slots: DEMO_OUTLET, isMeter: true, unitMs: 1000 })

export interface GrantedVends extends Partial<Omit<VendTerms, 'deviceId' | 'grantDigest'>> {
  readonly grant?: Partial<Grant>
  readonly by?: SessionChange['by']
  readonly userKey?: SessionChange['userKey']
  readonly grantSigner?: SessionChange['grantSigner']
  readonly termsSigner?: SessionChange['grantSigner']
}

export class VendWorld {
  readonly lock: LockWorld
  readonly machine: DemoMachine
  session: VendSession | undefined

  private constructor(lock: LockWorld, machine: DemoMachine) {
    this.lock = lock
    this.machine = machine
  }

  /** Paired, with a Config that names the Market and attestors, and the right time. */
  static async start({
    isMeter = false,
    machineOf = isMeter ? meter : spirals,
    isPaired = false,
    flash,
    options = {},
    place,
    time = NOW,
  }: {
    readonly isMeter?: boolean
    readonly machineOf?: (timer: ManualTimer) => DemoMachine
    /** Its flash is of one that was. */
    readonly isPaired?: boolean
    readonly flash?: MemoryFlash
    readonly options?: Partial<ReferenceDeviceOptions>
    readonly place?: Place
    /** Unix seconds, when it begins. */
    readonly time?: number
  } = {}): Promise<VendWorld> {
    const timer = new ManualTimer()
    const machine = machineOf(timer)
    const lock = await LockWorld.start({ vending: machine, ...options }, flash, place, timer)
    if (!isPaired) {
      must(await lock.pair())
      must(await lock.deliver({ attestors: TWO_OF_THREE }))
    }
    lock.device.takeTime(time)
    return new VendWorld(lock, machine)
  }

  passing<T>(promise: Promise<T>): Promise<T> {
    return this.lock.passing(promise)
  }

  /** What the kiosk opens its session with. */
  request(change: GrantedVends = {}) {
    const { use = VendUse.sell, slots = slotSet([0, 1, 2, 3]), perDay = 100, termsSigner } = change
    const { by = 'issuer', userKey = KIOSK, grantSigner } = change
    const asked = this.lock.request({
      ...{ by, userKey, ...(grantSigner && { grantSigner }) },
      action: SessionAction.vend,
      grant: { actions: GrantAction.vend, maxUses: 0, ...change.grant },
    })
    const { action: _, ephemeralSecret: _secret, requestId: _id, ...session } = asked
    const { market } = asked.authorisation
    const domain = { chainId: this.lock.place.domain.chainId, market }
    const { deviceId } = this.lock
    const terms = { deviceId, use, slots, perDay, grantDigest: grantDigest(domain, asked.grant) }
    const signer = termsSigner ?? grantSigner ?? testKey(by === 'issuer' ? 23 : 21)
    const signature = signDigest(vendTermsDigest(domain, terms), signer.secret)
    return {
      ...session,
      terms: { use, slots, perDay, signature },
      newEphemeralSecret: () => fresh(32),
      newRequestId: () => fresh(16),
      timeSource: null,
      timer: this.lock.timer,
    }
  }

  async open(change: GrantedVends = {}) {
    const opened = await this.passing(openVendSession(this.lock.client, this.request(change)))
    this.session = opened.ok ? opened.value : this.session
    return opened
  }

  /** The same, for whoever lets the time pass himself. */
  openNow() {
    return openVendSession(this.lock.client, this.request())
  }

  /** The session; a kiosk's own, where none was opened. */
  async inside(): Promise<VendSession> {
    return this.session ?? must(await this.open())
  }

  async vend(order: VendOrder) {
    return this.passing(vend(await this.inside(), order, { pollMs: 10, patienceMs: 2_000 }))
  }

  async begin(order: VendOrder) {
    return this.passing(startVend(await this.inside(), order))
  }

  async cancel(order: VendOrder) {
    return this.passing(cancelVend(await this.inside(), order))
  }

  async pending() {
    return must(await this.passing(pendingReceipts(await this.inside())))
  }

  async acknowledgeAll(): Promise<void> {
    for (const receipt of await this.pending()) {
      must(await this.passing(acknowledge(await this.inside(), receipt)))
    }
  }

  /** The owner's own session, in which the machine is filled and mended. */
  async manage(): Promise<SmpClient> {
    this.session = undefined
    return (await this.lock.manage()).client
  }

  /** Somebody closes the door, looks at each slot, and fills it. */
  async mend(): Promise<void> {
    this.machine.faults.length = 0
    this.machine.doorOpen = false
    const owner = await this.manage()
    for (let slot = 0; slot < SPIRALS.length; slot++) {
      must(await this.passing(serviceSlot(owner, { slot, stock: 9, isCleared: true })))
    }
  }

  async reconnect(): Promise<void> {
    this.session = undefined
    await this.lock.reconnect()
  }

  /** The power goes and comes back, and somebody tells the time. */
  async cyclePower(): Promise<void> {
    this.session = undefined
    await this.lock.cyclePower()
    this.lock.device.takeTime(NOW + Math.ceil(this.lock.timer.now() / 1000))
  }
}

let orders = 0
/** An order that no other call gives. */
export const order = (change: Partial<VendOrder> = {}): VendOrder => ({
  orderId: (BigInt(MARKET) << 64n) + BigInt(++orders),
  slot: 1,
  quantity: 1,
  notAfter: NOW + 900,
  ...change,
})
