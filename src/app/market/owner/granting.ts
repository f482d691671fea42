// Grants that the owner signs himself: for orders where no box does, again after keys were ended or moved, and free ones.
import { type Bytes, bytesEqual, fromHex, type Hex, toHex, utf8 } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { withoutInvisible } from '../../../core/invisible.ts'
import { type Grant, GrantAction, grantTypedData, type MarketDomain } from '../../../core/lock/grant.ts'
import { fulfilCall } from '../../../core/registry/marketCalls.ts'
import { grantOfOrder, type OrderId } from '../../../core/registry/marketStatements.ts'
import { type Failure, fail, ok, type Result } from '../../../core/result.ts'
import { VendUse } from '../../../core/vending/vendTerms.ts'
import { NOBODY } from '../../../core/wallet/contracts.ts'
import { encodeKeyCode, type KeyCode } from '../../../core/wallet/keyCodes.ts'
import type { LentRecord, LettingRecord } from '../../ports/marketStore.ts'
import { registryDomain } from '../../wallet/ownership/meet.ts'
import { signVends, type VendLimits } from '../../wallet/ownership/signVends.ts'
import type { Proposal, ProposeFailure } from '../../wallet/wallet.ts'
import { networkOf } from '../../wallet/walletNetwork.ts'
import type { LendFreeRequest } from '../freeVending.ts'
import type { LendRequest, LentKeyView, LettingFailure } from '../letting.ts'
import { type MarketParts, marketDomain, ownerAccount } from '../parts.ts'
import type { LettingRecords } from './lettingRecords.ts'
import { lentView, signedName } from './lettingViews.ts'

/** Seconds before the deadline in which nothing is signed: a quarter of the time that there was, within these. */
const LEAST_MARGIN = 300
const MOST_MARGIN = 1800

interface Ordered {
  readonly order: LettingRecord['orders'][number]
  readonly terms: LettingRecord['offers'][number]['terms']
  readonly domain: MarketDomain
  /** Of the filed Config. */
  readonly epoch: number
}

export class Granting {
  readonly #parts: MarketParts
  readonly #records: LettingRecords

  constructor(parts: MarketParts, records: LettingRecords) {
    this.#parts = parts
    this.#records = records
  }

  async proposeSign(
    deviceId: DeviceId,
    orderId: OrderId,
  ): Promise<Result<Proposal, ProposeFailure | LettingFailure>> {
    const found = await this.#ordered(deviceId, orderId)
    if (!found.ok) return found
    const { order, terms, domain, epoch } = found.value
    const fault = await this.#signingFault(order)
    if (fault) return fail(fault)
    const signature = await this.#sign(domain, grantOfOrder(terms, order.order, { epoch }))
    if (!signature.ok) return signature
    const data = toHex(fulfilCall(terms, order.order, signature.value))
    const from = ownerAccount(this.#parts)
    const proposal = await this.#parts.wallet.propose({
      kind: 'call',
      from,
      to: domain.market,
      value: 0n,
      data,
    })
    if (proposal.ok)
      await this.#records.change(deviceId, ({ signing }) => ({
        signing: { ...signing, [orderId]: proposal.value.id },
      }))
    return proposal
  }

  /**
   * A signature that is out opens the lock, whatever becomes of the transaction that carries it. So the order has to be proven
   * to be paid and final, by a reading of now, and there has to be time enough to hand it in before the money can be taken back.
   */
  async #signingFault({ orderId, at }: Ordered['order']): Promise<Failure | null> {
    const reading = await (await this.#parts.chain())?.read({ orders: [orderId] })
    if (!reading) return { kind: 'notOnThisNetwork' }
    if (!reading.ok) return reading.error
    const { orders, evidence } = reading.value
    const state = orders.get(orderId)
    if (state?.status !== 'open') return { kind: 'orderNotOpen' }
    if (evidence.level !== 'proven') return { kind: 'orderUnproven' }
    const now = Math.max(this.#parts.platform.unixNow(), evidence.block.timestamp)
    const margin = at === 0 ? MOST_MARGIN : Math.min(MOST_MARGIN, (state.deadline - at) / 4)
    return state.deadline - now < Math.max(LEAST_MARGIN, margin) ? { kind: 'tooLateToSign' } : null
  }

  async signAgain(deviceId: DeviceId, orderId: OrderId): Promise<Result<string, LettingFailure>> {
    const found = await this.#ordered(deviceId, orderId)
    if (!found.ok) return found
    const { order, terms, domain, epoch } = found.value
    const { state } = order
    // Before it is fulfilled on chain a grant would let somebody in who can still take the money back.
    if (state?.status !== 'fulfilled') return fail({ kind: 'orderNotSigned' })
    const userKeyHash = state.reboundKey ?? order.order.userKeyHash
    const grant = grantOfOrder(terms, order.order, { epoch, seq: state.seq, userKeyHash })
    const signature = await this.#sign(domain, grant)
    if (signature.ok)
      await this.#records.change(deviceId, ({ signedAgain = {} }) => ({
        signedAgain: { ...signedAgain, [orderId]: signedName(epoch, state.seq) },
      }))
    return signature.ok
      ? ok(
          this.#code(grant, {
            market: domain.market,
            by: 'issuer',
            signature: signature.value,
            utcOffset: terms.utcOffset,
            terms: null,
          }),
        )
      : signature
  }

  async lend(request: LendRequest): Promise<Result<LentKeyView, LettingFailure>> {
    const { maxUses, weeklyHours, canManage } = request
    const actions = GrantAction.open | (canManage ? GrantAction.manage : 0)
    return this.#lent(request, { maxUses, weeklyHours: Uint8Array.from(weeklyHours), actions }, null)
  }

  /** The same with terms beside it, which the machine keeps to: without them such a grant gives nothing out. */
  async lendFree(request: LendFreeRequest & { readonly userKeyHash: Hex }) {
    const { slots, perDay } = request
    const rights = { maxUses: 0, weeklyHours: new Uint8Array(21), actions: GrantAction.vend }
    return this.#lent(request, rights, { use: VendUse.free, slots, perDay })
  }

  async #lent(
    request: Pick<LendRequest, 'deviceId' | 'name' | 'userKeyHash' | 'from' | 'until'>,
    rights: Pick<Grant, 'maxUses' | 'weeklyHours' | 'actions'>,
    vends: VendLimits | null,
  ): Promise<Result<LentKeyView, LettingFailure>> {
    const { platform, wallet, config } = this.#parts
    const { deviceId, from, until } = request
    const domain = registryDomain(this.#parts)
    if (!domain) return fail({ kind: 'notOnThisNetwork' })
    const device = wallet.devices.get().find(each => each.deviceId === deviceId)
    const userKeyHash = fromHex(request.userKeyHash)
    if (!device) return fail({ kind: 'deviceNotOwned' })
    if (userKeyHash?.length !== 32) return fail({ kind: 'notAKeyCode' })
    const epoch = device.config.wanted?.epoch ?? 0
    const times = { notBefore: from, notAfter: until }
    const grant: Grant = { deviceId, orderId: 0n, userKeyHash, ...times, ...rights, epoch, seq: 0 }
    const signed = vends
      ? await signVends(this.#parts.ownerKey, domain.chainId, grant, vends)
      : await this.#sign({ chainId: domain.chainId, market: NOBODY }, grant)
    if (!signed.ok) return signed
    const { signature, terms } =
      'terms' in signed.value ? signed.value : { signature: signed.value, terms: null }
    const offset = utcOffsetNow()
    const by = { market: NOBODY, by: 'owner', signature, utcOffset: offset, terms } as const
    const record: LentRecord = {
      id: platform.randomId(),
      network: networkOf(config()),
      deviceId,
      name: request.name.trim(),
      grant,
      code: this.#code(grant, by),
      addedAt: platform.unixNow(),
    }
    await this.#records.addLent(record)
    return ok(lentView(record, epoch))
  }

  /** With the epoch that is filed, for the Market rebuilds the grant with it. */
  async #ordered(deviceId: DeviceId, orderId: OrderId): Promise<Result<Ordered, Failure>> {
    const domain = marketDomain(this.#parts)
    if (!domain) return fail({ kind: 'notOnThisNetwork' })
    const { orders, offers } = this.#records.get(deviceId)
    const order = orders.find(each => each.orderId === orderId)
    const terms = offers.find(({ offerId }) => offerId === order?.order.offerId)?.terms
    if (!order || !terms) return fail({ kind: 'orderUnknown' })
    const key = await this.#parts.ownerKey.publicKey()
    if (!key.ok) return key
    const device = await (await this.#parts.walletChain()).readDevice(deviceId)
    if (!device.ok) return device
    const { config } = device.value
    if (!config || config.market !== domain.market) return fail({ kind: 'configNotFiled' })
    if (!bytesEqual(config.issuerKey, key.value)) return fail({ kind: 'signerIsAnother' })
    return ok({ order, terms, domain, epoch: config.epoch })
  }

  async #sign(domain: MarketDomain, grant: Grant): Promise<Result<Bytes, Failure>> {
    const { deviceId } = grant
    return this.#parts.ownerKey.sign(grantTypedData(domain, grant), { kind: 'deviceGrant', deviceId })
  }

  #code(grant: Grant, signed: Pick<KeyCode, 'market' | 'by' | 'signature' | 'utcOffset' | 'terms'>): string {
    const domain = registryDomain(this.#parts)
    if (!domain) throw new Error('a grant without a network')
    const device = this.#parts.wallet.devices.get().find(({ deviceId }) => deviceId === grant.deviceId)
    return encodeKeyCode({ domain, deviceName: shortName(device?.name ?? ''), grant, ...signed })
  }
}

/** At most 64 bytes of UTF-8, and not nothing. */
function shortName(name: string): string {
  let short = ''
  for (const character of withoutInvisible(name).trim()) {
    if (utf8(short + character).length > 64) break
    short += character
  }
  return short || '-'
}

/** Of this phone, in quarters of an hour: the lock is most likely where its owner is. */
const utcOffsetNow = (): number => Math.round(-new Date().getTimezoneOffset() / 15) * 15
