// What the owner asks of his kiosks from afar: signed, handed to the box, and followed until a kiosk says what the machine said.
import { type Bytes, fromHex, type Hex, toHex } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { encodeKioskGrantCode } from '../../../core/kiosk/codes.ts'
import { type OwnerRequest, ownerRequestTypedData, REQUEST_LASTS } from '../../../core/kiosk/ownerRequest.ts'
import { MAX_REQUESTS } from '../../../core/kiosk/report.ts'
import { GrantAction, type MarketDomain } from '../../../core/lock/grant.ts'
import { keyHash } from '../../../core/lock/ownership.ts'
import { type Failure, fail, ok, type Result } from '../../../core/result.ts'
import { VendUse } from '../../../core/vending/vendTerms.ts'
import { NOBODY } from '../../../core/wallet/contracts.ts'
import type { KioskPorts } from '../../ports/kiosk.ts'
import type { Platform } from '../../ports/platform.ts'
import type { WalletInside } from '../../wallet/createWallet.ts'
import type { OwnerKey } from '../../wallet/ownership/ownerKey.ts'
import { signVends } from '../../wallet/ownership/signVends.ts'
import type { Proposal } from '../../wallet/wallet.ts'
import type { AskedView, AskWish } from './kioskOwner.ts'

interface AskingParts {
  readonly platform: Platform
  readonly ports: { readonly box: KioskPorts['box']; readonly stores: Pick<KioskPorts['stores'], 'values'> }
  readonly wallet: Pick<WalletInside, 'proposeStatement' | 'confirmStatement' | 'devices'>
  readonly ownerKey: OwnerKey
}

interface Place {
  readonly domain: MarketDomain
  readonly owner: Hex
  readonly deviceId: DeviceId
  readonly boxUrl: string | null
}

type Asked = Omit<AskedView, 'state' | 'why'>

/** A kiosk's word, checked: whose key signed it, and what became of requests. */
export interface KioskWord {
  readonly kioskKey: Hex
  readonly requests: readonly { readonly number: number; readonly end: string }[]
}

const askedAt = (deviceId: DeviceId): string => `asked/${deviceId}`
const kiosksAt = (deviceId: DeviceId): string => `kiosks/${deviceId}`

export class Asking {
  readonly #parts: AskingParts
  readonly #drafts = new Map<string, { readonly request: OwnerRequest; readonly boxUrl: string }>()

  constructor(parts: AskingParts) {
    this.#parts = parts
  }

  /** Its key's hash is remembered: of another one no report is believed to be of a kiosk of ours. */
  async knowKiosk(deviceId: DeviceId, kioskKeyHash: Hex): Promise<void> {
    const { values } = this.#parts.ports.stores
    const known = await this.#known(deviceId)
    if (!known.includes(kioskKeyHash)) await values.put(kiosksAt(deviceId), [kioskKeyHash, ...known])
  }

  async isKnown(deviceId: DeviceId, kioskKey: Hex): Promise<boolean> {
    return isAmong(await this.#known(deviceId), kioskKey)
  }

  /**
   * Anybody can tell a box something: only the words of kiosks that this wallet has let sell. Of all, where it knows of none: then
   * `isKnown` says so.
   */
  async believed<W extends KioskWord>(deviceId: DeviceId, words: readonly W[]): Promise<readonly W[]> {
    const known = await this.#known(deviceId)
    return known.length === 0 ? words : words.filter(({ kioskKey }) => isAmong(known, kioskKey))
  }

  async #known(deviceId: DeviceId): Promise<readonly Hex[]> {
    return (await this.#parts.ports.stores.values.get<readonly Hex[]>(kiosksAt(deviceId))) ?? []
  }

  async propose(
    { domain, owner, deviceId, boxUrl }: Place,
    { act, slot, stock }: AskWish,
    words: readonly KioskWord[],
  ): Promise<Result<Proposal, Failure>> {
    const { platform, wallet } = this.#parts
    if (boxUrl === null) return fail({ kind: 'askUnreachable' })
    const now = platform.unixNow()
    const last = (await this.#asked(deviceId))[0]?.number ?? 0
    const until = now + REQUEST_LASTS
    const grant = act === 'test' ? await this.#testGrant(domain, deviceId, slot, until, words) : ok('')
    if (!grant.ok) return grant
    const request: OwnerRequest = {
      ...{ owner, deviceId, until, act, slot, grant: grant.value },
      // Greater than those of another phone with the same words, most likely: its clock is about ours.
      number: Math.max(last + 1, now),
      stock: act === 'fill' ? stock : 0,
    }
    const proposal = await wallet.proposeStatement(ownerRequestTypedData(domain, request))
    if (proposal.ok) this.#drafts.set(proposal.value.id, { request, boxUrl })
    return proposal
  }

  async ask(proposal: Proposal): Promise<Result<null, Failure>> {
    const { ports, wallet, platform } = this.#parts
    const draft = this.#drafts.get(proposal.id)
    if (!draft) return fail({ kind: 'proposalExpired' })
    const { request, boxUrl } = draft
    const signed = await wallet.confirmStatement(proposal)
    if (!signed.ok) return signed
    const told = await ports.box.request(boxUrl, { ...request, signature: signed.value })
    if (!told.ok) {
      const kind = told.error.kind === 'serviceRefused' ? 'askRefused' : 'askUnreachable'
      return fail({ kind, detail: told.error.detail ?? told.error.kind })
    }
    this.#drafts.delete(proposal.id)
    const { deviceId, number, act, slot, stock, until } = request
    const asked: Asked = { number, act, slot, stock, until, at: platform.unixNow() }
    const before = await this.#asked(deviceId)
    await ports.stores.values.put(askedAt(deviceId), [asked, ...before].slice(0, MAX_REQUESTS))
    return ok(null)
  }

  /** Newest first. Done is only what a kiosk has said that the machine said. */
  async views(deviceId: DeviceId, words: readonly KioskWord[]): Promise<readonly AskedView[]> {
    const now = this.#parts.platform.unixNow()
    return (await this.#asked(deviceId)).map(asked => {
      const ends = words.flatMap(({ requests }) => requests.filter(({ number }) => number === asked.number))
      const isDone = ends.some(({ end }) => end === 'done')
      const why = ends[0]?.end ?? null
      if (isDone) return { ...asked, state: 'done', why: null }
      if (why !== null) return { ...asked, state: 'refused', why }
      return { ...asked, state: now > asked.until + LATE_REPORT ? 'over' : 'waiting', why: null }
    })
  }

  async #asked(deviceId: DeviceId): Promise<readonly Asked[]> {
    return (await this.#parts.ports.stores.values.get<readonly Asked[]>(askedAt(deviceId))) ?? []
  }

  /** For the kiosk that has reported last, among those that this wallet has let sell: one unit of one slot, for an hour. */
  async #testGrant(
    domain: MarketDomain,
    deviceId: DeviceId,
    slot: number,
    until: number,
    words: readonly KioskWord[],
  ): Promise<Result<string, Failure>> {
    const { ownerKey, wallet } = this.#parts
    let kioskKey: Hex | null = null
    for (const word of words) {
      if (kioskKey === null && (await this.isKnown(deviceId, word.kioskKey))) kioskKey = word.kioskKey
    }
    if (kioskKey === null) return fail({ kind: 'kioskUnknown' })
    const device = wallet.devices.get().find(each => each.deviceId === deviceId)
    const grant = {
      ...{ deviceId, orderId: 0n, userKeyHash: keyHash(bytesOf(kioskKey)), weeklyHours: new Uint8Array(21) },
      ...{ notBefore: until - 2 * REQUEST_LASTS, notAfter: until, maxUses: 0, actions: GrantAction.vend },
      ...{ epoch: device?.config.wanted?.epoch ?? 0, seq: 0 },
    }
    const key = await ownerKey.publicKey()
    if (!key.ok) return key
    const limits = { use: VendUse.free, slots: [slot], perDay: 1 }
    const signed = await signVends(ownerKey, domain.chainId, grant, limits)
    if (!signed.ok) return signed
    const { signature, terms } = signed.value
    return ok(
      encodeKioskGrantCode({
        ...{ domain, grantMarket: NOBODY, grant, signature, terms, ownerKey: key.value, boxUrl: null },
      }),
    )
  }
}

/** Seconds: a kiosk that carried it out in the last minute may still say so. */
const LATE_REPORT = 600

const isAmong = (known: readonly Hex[], kioskKey: Hex): boolean =>
  known.includes(toHex(keyHash(bytesOf(kioskKey))))

const bytesOf = (hex: Hex): Bytes => fromHex(hex) ?? new Uint8Array()
