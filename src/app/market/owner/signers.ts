// Who signs for a device of ours: this phone or a box; whether attestors may open; ending all keys. Each is the next Config.
import { fromHex, toHex } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { type Failure, fail, ok, type Result } from '../../../core/result.ts'
import { type AgentIssuing, agentIssuingTypedData } from '../../../core/wallet/agentIssuing.ts'
import type { ServiceFailure } from '../../ports/signerServices.ts'
import type { ConfigChange, ConfigView, OwnedDeviceView } from '../../wallet/deviceOwnership.ts'
import { meetDevice } from '../../wallet/ownership/meet.ts'
import { Tasks } from '../../wallet/ownership/tasks.ts'
import type { ConfirmFailure, Proposal, ProposeFailure } from '../../wallet/wallet.ts'
import type { LettingFailure } from '../letting.ts'
import { type MarketParts, marketDomain } from '../parts.ts'
import { tellTimeTo } from '../timeSource.ts'
import type { LettingRecords } from './lettingRecords.ts'

/** Seconds between two withdrawals that a box makes by itself. */
const WITHDRAW_EVERY = 86_400

function boxFailure(failure: ServiceFailure): LettingFailure {
  if (failure.kind === 'serviceUnreachable') return { kind: 'boxUnreachable' }
  const detail = [failure.detail, failure.said ?? []].flat().join(': ')
  // It is willing, and its own way to the chain is not good enough just now.
  return failure.detail === 'unproven' ? { kind: 'boxUnproven', detail } : { kind: 'boxRefused', detail }
}

export class Signers {
  readonly #parts: MarketParts
  readonly #records: LettingRecords
  readonly #drafts = new Map<string, { readonly url: string; readonly issuing: AgentIssuing }>()
  readonly #tasks = new Tasks()

  constructor(parts: MarketParts, records: LettingRecords) {
    this.#parts = parts
    this.#records = records
  }

  tellMarket(deviceId: DeviceId): Promise<Result<null, Failure>> {
    return this.#change(deviceId, () => ({}))
  }

  async chooseBox(deviceId: DeviceId, url: string): Promise<Result<null, LettingFailure>> {
    const state = await this.#parts.services.boxState(url, deviceId)
    if (!state.ok) return fail(boxFailure(state.error))
    const issuerKey = toHex(state.value.key)
    const changed = await this.#change(deviceId, () => ({ issuerKey }))
    if (!changed.ok) return changed
    const isOn = state.value.state === 'on'
    await this.#records.change(deviceId, () => ({ box: { url, key: issuerKey, isOn } }))
    return ok(null)
  }

  async choosePhone(deviceId: DeviceId): Promise<Result<null, Failure>> {
    const key = await this.#parts.ownerKey.publicKey()
    if (!key.ok) return key
    return this.#change(deviceId, () => ({ issuerKey: toHex(key.value) }))
  }

  setTakesProofs(deviceId: DeviceId, takes: boolean): Promise<Result<null, Failure>> {
    return this.#change(deviceId, wanted => ({ attestors: this.#attestors(wanted, takes) }))
  }

  revokeAll(deviceId: DeviceId): Promise<Result<null, Failure>> {
    return this.#change(deviceId, () => ({ epoch: 'next' }))
  }

  /** Brings the wanted Config, and the time where the lock is not certain of it: guests need both. */
  async bringSettings(deviceId: DeviceId): Promise<Result<null, Failure>> {
    const { wallet } = this.#parts
    const delivered = await wallet.deliverConfig(deviceId)
    if (!delivered.ok) return delivered
    const deviceKey = this.#device(deviceId)?.deviceKey
    if (!deviceKey) return fail({ kind: 'deviceNotMet' })
    return meetDevice(this.#parts, this.#tasks, deviceKey, async met => {
      const isTold = await tellTimeTo(this.#parts, met)
      return isTold ? ok(null) : fail({ kind: 'timeNotTold' })
    })
  }

  async proposeBox(
    deviceId: DeviceId,
    isOn: boolean,
  ): Promise<Result<Proposal, ProposeFailure | LettingFailure>> {
    const { wallet, services, platform } = this.#parts
    const domain = marketDomain(this.#parts)
    const owner = wallet.owner.get()?.address
    const { box } = this.#records.get(deviceId)
    const key = box && fromHex(box.key)
    if (!domain) return fail({ kind: 'notOnThisNetwork' })
    if (!owner) return fail({ kind: 'walletMissing' })
    if (!box || !key) return fail({ kind: 'boxUnreachable' })
    const state = await services.boxState(box.url, deviceId)
    const version = Math.max(platform.unixNow(), state.ok ? state.value.version + 1 : 0)
    const issuing = { owner, deviceId, key, version, isOn, offers: [], withdrawEvery: WITHDRAW_EVERY }
    const proposal = await wallet.proposeStatement(agentIssuingTypedData(domain, issuing))
    if (proposal.ok) this.#drafts.set(proposal.value.id, { url: box.url, issuing })
    return proposal
  }

  async confirmBox(proposal: Proposal): Promise<Result<null, ConfirmFailure | LettingFailure>> {
    const draft = this.#drafts.get(proposal.id)
    if (!draft) return fail({ kind: 'proposalExpired' })
    const signed = await this.#parts.wallet.confirmStatement(proposal)
    if (!signed.ok) return signed
    const signature = fromHex(signed.value)
    if (!signature) return fail({ kind: 'wrongSigner', detail: 'a signature is hexadecimal' })
    const { url, issuing } = draft
    const told = await this.#parts.services.tellBox(url, { ...issuing, signature })
    if (!told.ok) return fail(boxFailure(told.error))
    this.#drafts.delete(proposal.id)
    await this.#records.change(issuing.deviceId, ({ box }) => ({
      box: box && { ...box, isOn: issuing.isOn },
    }))
    return ok(null)
  }

  /** Whatever is changed, the device deals in this network's Market and knows its attestors from then on. */
  async #change(
    deviceId: DeviceId,
    change: (wanted: ConfigView | null) => ConfigChange,
  ): Promise<Result<null, Failure>> {
    const domain = marketDomain(this.#parts)
    if (!domain) return fail({ kind: 'notOnThisNetwork' })
    const wanted = this.#device(deviceId)?.config.wanted ?? null
    const mayOpen = wanted?.attestors.mayOpen === true
    return this.#parts.wallet.changeConfig(deviceId, {
      market: domain.market,
      attestors: this.#attestors(wanted, mayOpen),
      ...change(wanted),
    })
  }

  /** The network's; where it names none, those that the device has. */
  #attestors(wanted: ConfigView | null, mayOpen: boolean): ConfigView['attestors'] {
    const { attestors } = this.#parts.config()
    const named = attestors
      ? { threshold: attestors.threshold, keys: attestors.members.map(({ key }) => key) }
      : { threshold: wanted?.attestors.threshold ?? 0, keys: wanted?.attestors.keys ?? [] }
    return mayOpen && named.threshold > 0 ? { ...named, mayOpen } : named
  }

  #device(deviceId: DeviceId): OwnedDeviceView | undefined {
    return this.#parts.wallet.devices.get().find(device => device.deviceId === deviceId)
  }
}
