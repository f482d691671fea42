// A lock with an owner and a phone, for the tests of core/lock: the real device behind its real link, in a time of its own.
import { createDemoDevice } from '../../../device/demo.ts'
import { buildDemoImage, type DemoKind } from '../../../device/demoFirmware.ts'
import type { MemoryFlash } from '../../../device/flash.ts'
import type { DeviceEvent, ReferenceDevice, ReferenceDeviceOptions } from '../../../device/referenceDevice.ts'
import type { Address, Bytes } from '../../../src/core/bytes.ts'
import { hashTypedData, type TypedData } from '../../../src/core/eip712.ts'
import { type DeviceId, devicePublicKey } from '../../../src/core/identity.ts'
import { deliverConfig } from '../../../src/core/lock/config.ts'
import { type Grant, GrantAction, grantDigest } from '../../../src/core/lock/grant.ts'
import { ManagedTransport } from '../../../src/core/lock/managedTransport.ts'
import { type Authorisation, SessionAction } from '../../../src/core/lock/openMessage.ts'
import { keyHash, type Ownership, readOwnership } from '../../../src/core/lock/ownership.ts'
import { pairDevice, pairingTypedData, readPairingNonce } from '../../../src/core/lock/pairing.ts'
import { openSession, type SessionRequest } from '../../../src/core/lock/session.ts'
import { signDigest } from '../../../src/core/p256.ts'
import {
  configTypedData,
  type DeviceConfig,
  type StatementDomain,
} from '../../../src/core/registry/deviceStatements.ts'
import type { Failure, Result } from '../../../src/core/result.ts'
import { SmpClient } from '../../../src/core/smp/client.ts'
import type { ByteTransport } from '../../../src/core/smp/transport.ts'
import { IDENTITY, POLICY, SIGNING_KEY, v } from '../device/fixtures.ts'
import { ManualTimer } from '../device/manualTimer.ts'

export interface TestKey {
  readonly secret: Uint8Array
  readonly publicKey: Bytes
}

export const testKey = (byte: number): TestKey => {
  const secret = new Uint8Array(32).fill(byte)
  return { secret, publicKey: devicePublicKey(secret) }
}

export const OWNER = testKey(21)
export const STRANGER = testKey(22)
export const ISSUER = testKey(23)
/** The keys in the phones: the owner's, a renter's. */
export const PHONE = testKey(24)
export const RENTER = testKey(25)
export const DEVICE_PUBLIC_KEY = devicePublicKey(IDENTITY.key)

/** The DeviceRegistry, and the Market of the Config. */
export const DOMAIN = { chainId: 31337, registry: `0x${'3c'.repeat(20)}` } as const
export const MARKET: Address = `0x${'4d'.repeat(20)}`
export const NO_MARKET: Address = `0x${'00'.repeat(20)}`
/** 2027-01-15 08:00 UTC, a Friday. */
export const NOW = 1_800_000_000

export const lockImage = (minor: number, kind: DemoKind = 'lock') =>
  buildDemoImage({
    kind,
    hardware: 'rev B',
    version: v(1, minor),
    securityCounter: 1,
    signingKey: SIGNING_KEY,
    bodySize: 12_000,
  })

/** The value of a success; throws with the failure's kind. */
export function must<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(`${result.error.kind} ${result.error.detail ?? ''}`)
  return result.value
}

export const kindOf = (result: Result<unknown, Failure>): string => (result.ok ? 'ok' : result.error.kind)

/** The outcome of an opening in one word: the status, or why not. */
export function outcomeOf(result: Awaited<ReturnType<typeof openSession>>): string {
  if (result.ok) return result.value.result.status
  return result.error.kind === 'openRefused' ? result.error.reason : result.error.kind
}

let unique = 0
/** Bytes that no other call gives. */
export function fresh(length: number): Bytes {
  const bytes = new Uint8Array(length).fill(1)
  new DataView(bytes.buffer).setUint32(length - 4, ++unique)
  return bytes
}

export interface SessionChange extends Partial<Omit<SessionRequest, 'grant'>> {
  readonly grant?: Partial<Grant>
  /** Who signs the grant; the owner, without a Market, unless said otherwise. */
  readonly by?: Authorisation['by']
  readonly market?: Address
  readonly grantSigner?: TestKey
  readonly userKey?: TestKey
}

/** Which device it is, and of which contracts; those of the tests without a chain, unless said otherwise. */
export interface Place {
  /** P-256 scalar, 32 bytes. */
  readonly key: Uint8Array
  readonly domain: StatementDomain
  readonly market: Address
}

const NOWHERE: Place = { key: IDENTITY.key, domain: DOMAIN, market: MARKET }

export class LockWorld {
  readonly place: Place
  readonly devicePublicKey: Bytes
  readonly timer: ManualTimer
  readonly flash: MemoryFlash
  readonly events: DeviceEvent[] = []
  device: ReferenceDevice
  client: SmpClient
  transport: ByteTransport
  readonly #options: Partial<ReferenceDeviceOptions>

  private constructor(
    timer: ManualTimer,
    made: { readonly device: ReferenceDevice; readonly flash: MemoryFlash },
    transport: ByteTransport,
    options: Partial<ReferenceDeviceOptions>,
    place: Place,
  ) {
    this.place = place
    this.devicePublicKey = devicePublicKey(place.key)
    this.timer = timer
    this.device = made.device
    this.flash = made.flash
    this.transport = transport
    this.#options = options
    this.client = new SmpClient(transport, { timer })
    this.device.onEvent(event => this.events.push(event))
  }

  /** `flash`: of a device that was made before; `timer`: where something else runs on it already. */
  static async start(
    options: Partial<ReferenceDeviceOptions> = {},
    flash?: MemoryFlash,
    place = NOWHERE,
    timer = new ManualTimer(),
  ): Promise<LockWorld> {
    const made = createDemoDevice({
      ...IDENTITY,
      key: place.key,
      maker: IDENTITY.model.maker,
      kind: 'lock',
      trustedKeys: POLICY.trustedKeys,
      timer,
      storage: flash ? { flash } : { factoryImage: lockImage(0) },
      options: { requestMs: 0, writeMs: 0, eraseMs: 0, bootMs: 10, resetMs: 10, ...options },
    })
    return new LockWorld(timer, made, await made.device.connect(), options, place)
  }

  static async paired(options: Partial<ReferenceDeviceOptions> = {}): Promise<LockWorld> {
    const world = await LockWorld.start(options)
    must(await world.pair())
    return world
  }

  get deviceId(): DeviceId {
    return this.device.deviceId
  }

  /** Lets time pass, a millisecond at a time, until the promise settles. */
  async passing<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false
    const settled = promise.finally(() => {
      isSettled = true
    })
    for (let ms = 1; !isSettled && ms < 1_000; ms++) await this.timer.advance(1)
    for (let s = 0; !isSettled && s < 300; s++) await this.timer.advance(1000)
    if (!isSettled) throw new Error('nothing happens any more')
    return settled
  }

  /** Another connection, as after a lost link; the device may be resetting. */
  async reconnect(wrap: (transport: ByteTransport) => ByteTransport = transport => transport): Promise<void> {
    this.client.dispose()
    await this.transport.close()
    await this.timer.advance(100)
    this.transport = wrap(await this.device.connect())
    this.client = new SmpClient(this.transport, { timer: this.timer })
  }

  /** The power goes and comes back; connected again. */
  async cyclePower(): Promise<void> {
    this.device.cyclePower()
    await this.timer.advance(100)
    await this.reconnect()
  }

  ownership(): Promise<Ownership> {
    const { devicePublicKey } = this
    const asked = { challenge: fresh(32), devicePublicKey }
    return this.passing(readOwnership(this.client, asked)).then(must)
  }

  sign(typed: TypedData, key: TestKey): Bytes {
    return signDigest(hashTypedData(typed), key.secret)
  }

  /** By the button, unless a claim code is given or the button is left alone. */
  async pair({
    owner = OWNER,
    claimCode = null,
    press = claimCode === null,
    change = {},
  }: {
    readonly owner?: TestKey
    readonly claimCode?: Parameters<typeof pairDevice>[1]['claimCode']
    readonly press?: boolean
    readonly change?: Partial<Parameters<typeof pairDevice>[1]['pairing']>
  } = {}) {
    const { pairingCounter } = await this.ownership()
    const nonce = must(await this.passing(readPairingNonce(this.client)))
    const { deviceId, devicePublicKey } = this
    const { domain } = this.place
    const pairing = {
      deviceId,
      ownerKey: owner.publicKey,
      nonce,
      pairingCounter: pairingCounter + 1,
      ...change,
    }
    const signature = this.sign(pairingTypedData(domain, pairing), owner)
    if (press) this.device.pressButton()
    const request = { domain, devicePublicKey, pairing, signature, claimCode }
    return this.passing(pairDevice(this.client, request))
  }

  config(change: Partial<DeviceConfig> = {}): DeviceConfig {
    return {
      deviceId: this.deviceId,
      version: 1,
      issuerKey: ISSUER.publicKey,
      attestors: { threshold: 0, keys: [] },
      epoch: 0,
      market: this.place.market,
      ...change,
    }
  }

  deliver(change: Partial<DeviceConfig> = {}, signer = OWNER, client = this.client) {
    const config = this.config(change)
    const { devicePublicKey } = this
    const { domain } = this.place
    const signature = this.sign(configTypedData(domain, config), signer)
    const delivery = { domain, devicePublicKey, config, signature }
    return this.passing(deliverConfig(client, delivery))
  }

  /** The owner's pass for his own phone; opens and manages at any time, often. */
  grant(change: Partial<Grant> = {}): Grant {
    return {
      deviceId: this.deviceId,
      orderId: 0n,
      userKeyHash: keyHash(PHONE.publicKey),
      notBefore: 0,
      notAfter: NOW + 1_000_000,
      weeklyHours: new Uint8Array(21),
      maxUses: 1000,
      actions: GrantAction.open | GrantAction.manage | GrantAction.own | GrantAction.withoutTime,
      epoch: 0,
      seq: 0,
      ...change,
    }
  }

  request(change: SessionChange = {}): SessionRequest {
    const { domain } = this.place
    const { userKey = PHONE, by = 'owner', market = by === 'owner' ? NO_MARKET : this.place.market } = change
    const { grantSigner = by === 'owner' ? OWNER : ISSUER } = change
    const grant = this.grant({ userKeyHash: keyHash(userKey.publicKey), ...change.grant })
    const signature = signDigest(grantDigest({ chainId: domain.chainId, market }, grant), grantSigner.secret)
    return {
      domain: change.domain ?? domain,
      devicePublicKey: change.devicePublicKey ?? this.devicePublicKey,
      action: change.action ?? SessionAction.open,
      grant,
      authorisation: change.authorisation ?? { by, market, signature },
      user: change.user ?? {
        publicKey: userKey.publicKey,
        sign: async digest => signDigest(digest, userKey.secret),
      },
      requestId: change.requestId ?? fresh(16),
      ephemeralSecret: change.ephemeralSecret ?? fresh(32),
    }
  }

  open(change: SessionChange = {}) {
    return this.passing(openSession(this.client, this.request(change)))
  }

  /** How often the bolt was moved. */
  get opened(): number {
    return this.events.filter(({ kind }) => kind === 'opened').length
  }

  /** A manage session, and a client in it. */
  async manage(change: SessionChange = {}, bufSize = this.#options.bufSize ?? 2475) {
    const report = must(await this.open({ action: SessionAction.manage, ...change }))
    if (!report.keys) throw new Error('no session')
    const transport = new ManagedTransport(this.client, report.keys, { bufSize })
    return { report, transport, client: new SmpClient(transport, { timer: this.timer }) }
  }
}
