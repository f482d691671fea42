// Our leave to manage our own devices: asked of the owner key once for each update, and the sessions under it.

import { bytesEqual } from '../core/bytes.ts'
import type { DeviceIdentity } from '../core/identity.ts'
import { keyHash, type Ownership } from '../core/lock/ownership.ts'
import type { NetworkConfig } from '../core/network.ts'
import { fail, ok, type Result } from '../core/result.ts'
import type { SigningContext } from '../core/wallet/contracts.ts'
import type { ManageFailure } from './authorise.ts'
import type { DeviceSession } from './deviceSession.ts'
import { passKey } from './keptPass.ts'
import { until } from './observable.ts'
import type { Platform } from './ports/platform.ts'
import type { Stores } from './ports/store.ts'
import type { WalletPorts } from './ports.ts'
import { OwnerKey } from './wallet/ownership/ownerKey.ts'
import { managing, openManaged, type PassFor, type PassRecord, signPass } from './wallet/ownership/pass.ts'

interface StoredPass extends PassRecord {
  /** Unix seconds. */
  readonly signedAt: number
}

/** Seconds for which an update that was left lying goes on without the open vault. */
const passLasts = 86_400

/** Our leave to manage our own devices: asked for once for each update, kept until that ends. */
export class ManagingLeave {
  readonly #ports: WalletPorts
  readonly #values: Stores['values']
  readonly #platform: Platform
  readonly #ownerKey: OwnerKey

  constructor(ports: WalletPorts, stores: Stores, platform: Platform, config: () => NetworkConfig) {
    this.#ports = ports
    this.#values = stores.values
    this.#platform = platform
    this.#ownerKey = new OwnerKey(ports.vault, ports.stores.values, () => contextOf(config(), platform))
  }

  async open(
    session: DeviceSession,
    { deviceId, publicKey }: DeviceIdentity,
    { ownerKeyHash, domain, epoch }: Ownership,
  ): Promise<Result<null, ManageFailure>> {
    // The vault may be looked at here for the first time: before it is read, nobody knows whether there is one.
    await until(this.#ports.vault.state, ({ kind }) => kind !== 'loading')
    const ours = await this.#ownerKey.remembered()
    const isOurs = ours !== null && ownerKeyHash !== null && bytesEqual(keyHash(ours), ownerKeyHash)
    if (!isOurs) return fail({ kind: ours === null && this.#isLocked ? 'walletLocked' : 'deviceManaged' })
    if (!domain) return fail({ kind: 'deviceAnswerInvalid', detail: 'an owner without a registry' })
    const device = { deviceId, devicePublicKey: publicKey, domain, epoch }
    const stored = await this.#stored(device)
    if (stored) {
      const opened = await openManaged(session, device, stored, this.#own)
      // A pass that was ended meanwhile, by a higher epoch or another key of this browser, is signed anew.
      const isEnded =
        !opened.ok && (opened.error.kind === 'passVoid' || opened.error.kind === 'sessionRefused')
      if (!isEnded) return opened.ok ? ok(null) : opened
    }
    const pass = await signPass(device, managing, {
      ownerKey: this.#ownerKey,
      lockKeys: this.#ports.lockKeys,
    })
    if (!pass.ok) return pass.error.kind === 'vaultLocked' ? fail({ kind: 'walletLocked' }) : pass
    const record: StoredPass = { ...pass.value, signedAt: this.#platform.unixNow() }
    await this.#values.put(passKey(deviceId), record)
    const opened = await openManaged(session, device, record, this.#own)
    return opened.ok ? ok(null) : opened
  }

  get #own() {
    return { platform: this.#platform, lockKeys: this.#ports.lockKeys }
  }

  get #isLocked(): boolean {
    const { kind } = this.#ports.vault.state.get()
    return kind === 'locked' || kind === 'waiting'
  }

  async #stored({ deviceId }: PassFor): Promise<StoredPass | null> {
    const pass = await this.#values.get<StoredPass>(passKey(deviceId))
    return pass && Math.abs(this.#platform.unixNow() - pass.signedAt) < passLasts ? pass : null
  }
}

/** Grants for no market need no contract to be known. */
function contextOf({ chain }: NetworkConfig, platform: Platform): SigningContext {
  return {
    chainId: chain.id,
    coin: chain.currency,
    contracts: [],
    tokens: [],
    knownAddresses: [],
    isExpert: false,
    now: platform.unixNow(),
  }
}
