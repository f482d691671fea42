// The owner's side of a kiosk over the wallet: drafts become offers, a Till and a signed catalogue; kiosks get their grant.
import { type Address, fromHex, toHex } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import {
  type Catalogue,
  catalogueTypedData,
  checkCatalogue,
  type SignedCatalogue,
  termsOfProduct,
  writeContent,
} from '../../../core/kiosk/catalogue.ts'
import { decodeKioskCode, encodeKioskGrantCode } from '../../../core/kiosk/codes.ts'
import { checkReport } from '../../../core/kiosk/report.ts'
import { type Grant, GrantAction, type MarketDomain } from '../../../core/lock/grant.ts'
import { payOutCall } from '../../../core/registry/marketCalls.ts'
import { offerIdOf } from '../../../core/registry/marketStatements.ts'
import { type Failure, fail, ok, type Result } from '../../../core/result.ts'
import { VendUse } from '../../../core/vending/vendTerms.ts'
import { NOBODY } from '../../../core/wallet/contracts.ts'
import { amountIn, marketDomain, ownerAccount } from '../../market/parts.ts'
import type { KioskPorts } from '../../ports/kiosk.ts'
import type { OwnerKey } from '../../wallet/ownership/ownerKey.ts'
import { signVends } from '../../wallet/ownership/signVends.ts'
import type { BuyerParts } from '../buyer/buyerParts.ts'
import { Asking } from './asking.ts'
import type { CatalogueDraft, KioskOwner, KioskOwnerView, PublishStep } from './kioskOwner.ts'
import { addPicture, uploadPictures } from './pictures.ts'
import { callOfStep, contentOf, draftFault, draftOf, stepsOf } from './publishing.ts'
import { readSales, salesCsv } from './salesReading.ts'

export interface OwnerParts extends Omit<BuyerParts, 'ports' | 'orderPeers' | 'file'> {
  readonly ports: Pick<KioskPorts, 'box' | 'tills' | 'stores'>
  readonly ownerKey: OwnerKey
}

const DAY = 86_400

export function createKioskOwner(parts: OwnerParts): KioskOwner {
  const { platform, config, wallet, ports, ownerKey } = parts
  const drafts = new Map<
    string,
    { readonly unsigned: Omit<SignedCatalogue, 'signature'>; readonly boxUrl: string }
  >()

  const asking = new Asking(parts)

  /** What everything here needs; fails with a reason that a person can do something about. */
  async function here(deviceId: DeviceId) {
    const domain = marketDomain(parts)
    const owner = wallet.owner.get()?.address
    if (!domain || !config().chain.contracts?.tills) return fail({ kind: 'notOnThisNetwork' as const })
    if (!owner) return fail({ kind: 'walletMissing' as const })
    const till = await ports.tills.addressOf(config(), deviceId)
    return ok({ domain, owner, deviceId, till, boxUrl: config().agents?.[0]?.url ?? null })
  }

  /** As the box has it, and as its signature and the owner's address say that it is ours. */
  async function published(
    deviceId: DeviceId,
    owner: Address,
    boxUrl: string | null,
  ): Promise<Result<Catalogue | null, Failure>> {
    const domain = marketDomain(parts)
    if (boxUrl === null || !domain) return ok(null)
    const found = await ports.box.catalogue(boxUrl, deviceId)
    if (!found.ok) return fail({ kind: 'boxUnreachable', detail: found.error.kind })
    if (found.value === null) return ok(null)
    const checked = checkCatalogue(domain, found.value, { deviceId, owner, version: 0 })
    // Of a former owner: nothing of ours yet.
    return ok(checked.ok ? checked.value : null)
  }

  async function onChain(deviceId: DeviceId, draft: CatalogueDraft, owner: Address, till: Address) {
    const content = contentOf(draft, till)
    const ids = content.products.map(product => offerIdOf(termsOfProduct({ owner, deviceId }, product)))
    const [chain, walletChain, products] = [
      await parts.chainAt('final'),
      await parts.walletChain(),
      await ports.tills.productsOf(config(), till),
    ]
    const [reading, device] = await Promise.all([
      chain.read({ offers: ids }),
      walletChain.readDevice(deviceId),
    ])
    if (!reading.ok) return reading
    if (!device.ok) return device
    if (!products.ok) return products
    const { record } = device.value
    if (record?.owner !== owner) return fail({ kind: 'notOwner' as const })
    const live = ids.filter(id => {
      const offer = reading.value.offers.get(id)
      return offer?.status === 'live' && offer.counter === record.counter
    })
    const facts = {
      hasTill: products.value !== null,
      liveOffers: new Set<string>(live),
      tillProducts: products.value ?? new Map<number, string>(),
    }
    return ok({ content, facts, evidence: reading.value.evidence })
  }

  /** What kiosks have told the box and signed themselves, the newest first. */
  async function heard(domain: MarketDomain, deviceId: DeviceId, boxUrl: string | null) {
    const reports = boxUrl === null ? ok([]) : await ports.box.reportsOf(boxUrl, deviceId)
    const words = (reports.ok ? reports.value : []).flatMap(report => {
      const said = checkReport(domain, report)
      return said.ok ? [{ ...said.value, at: report.at, kioskKey: report.kioskKey }] : []
    })
    return asking.believed(deviceId, words)
  }

  async function view(deviceId: DeviceId): Promise<Result<KioskOwnerView, Failure>> {
    const at = await here(deviceId)
    if (!at.ok) return at
    const { domain, owner, till, boxUrl } = at.value
    const catalogue = await published(deviceId, owner, boxUrl)
    if (!catalogue.ok) return catalogue
    const products = await ports.tills.productsOf(config(), till)
    const [newest, ...others] = await heard(domain, deviceId, boxUrl)
    return ok({
      deviceId,
      published: catalogue.value && { version: catalogue.value.version, draft: draftOf(catalogue.value) },
      till: products.ok && products.value !== null ? till : null,
      evidence: null,
      boxUrl,
      report: newest
        ? {
            at: newest.at,
            slots: newest.slots,
            alarms: newest.alarms,
            gasBalance: amountIn(config(), null, newest.gasBalance),
            isKnown: await asking.isKnown(deviceId, newest.kioskKey),
          }
        : null,
      asked: await asking.views(deviceId, newest ? [newest, ...others] : []),
    })
  }

  return {
    read: view,
    async proposeAsk(deviceId, wish) {
      const at = await here(deviceId)
      if (!at.ok) return at
      return asking.propose(at.value, wish, await heard(at.value.domain, deviceId, at.value.boxUrl))
    },
    ask: proposal => asking.ask(proposal),
    draftFault: draft => draftFault(draft, `0x${'01'.repeat(20)}`),
    addPicture: bytes => addPicture(ports, bytes),
    async steps(deviceId, draft) {
      const at = await here(deviceId)
      if (!at.ok) return at
      const { owner, till } = at.value
      const fault = draftFault(draft, till)
      if (fault !== null) return fail({ kind: 'draftInvalid', detail: fault })
      const chain = await onChain(deviceId, draft, owner, till)
      return chain.ok ? ok(stepsOf(chain.value.content, { owner, deviceId }, chain.value.facts)) : chain
    },
    async propose(deviceId, draft, step: PublishStep) {
      const at = await here(deviceId)
      if (!at.ok) return at
      const { owner, till, domain } = at.value
      const call = callOfStep(step, contentOf(draft, till), { owner, deviceId })
      const { tills } = config().chain.contracts ?? {}
      if (!call || !tills) return fail({ kind: 'draftInvalid', detail: step.kind })
      wallet.knowContracts(ports.tills.contracts(config(), till))
      const to = { market: domain.market, tills, till }[call.to]
      return wallet.propose({
        kind: 'call',
        from: ownerAccount(parts),
        to,
        value: 0n,
        data: toHex(call.data),
      })
    },
    async proposeSign(deviceId, draft) {
      const at = await here(deviceId)
      if (!at.ok) return at
      const { owner, till, domain, boxUrl } = at.value
      if (boxUrl === null) return fail({ kind: 'boxUnreachable' })
      const fault = draftFault(draft, till)
      if (fault !== null) return fail({ kind: 'draftInvalid', detail: fault })
      const present = await published(deviceId, owner, boxUrl)
      if (!present.ok) return present
      const content = writeContent(contentOf(draft, till))
      const unsigned = { owner, deviceId, version: (present.value?.version ?? 0) + 1, content }
      const proposal = await wallet.proposeStatement(catalogueTypedData(domain, unsigned))
      if (proposal.ok) drafts.set(proposal.value.id, { unsigned, boxUrl })
      return proposal
    },
    async publish(proposal) {
      const draft = drafts.get(proposal.id)
      if (!draft) return fail({ kind: 'proposalExpired' })
      const signed = await wallet.confirmStatement(proposal)
      if (!signed.ok) return signed
      const told = await ports.box.publish(draft.boxUrl, { ...draft.unsigned, signature: signed.value })
      if (!told.ok) return fail({ kind: 'boxRefused', detail: told.error.detail ?? told.error.kind })
      drafts.delete(proposal.id)
      await uploadPictures(ports, draft.boxUrl, draft.unsigned)
      return ok({ version: draft.unsigned.version })
    },
    readKioskCode(text) {
      const code = decodeKioskCode(text)
      const isHere = code !== undefined && code.domain.market === marketDomain(parts)?.market
      return isHere ? { deviceId: code.deviceId, gasAddress: code.gasAddress } : null
    },
    async grantKiosk({ code: text, slots, perDay, days, boxUrl }) {
      const code = decodeKioskCode(text)
      const domain = marketDomain(parts)
      if (!code) return fail({ kind: 'codeMalformed' })
      if (code.domain.market !== domain?.market || code.domain.chainId !== domain.chainId)
        return fail({ kind: 'codeForOther' })
      const { deviceId } = code
      const epoch =
        wallet.devices.get().find(device => device.deviceId === deviceId)?.config.wanted?.epoch ?? 0
      const now = platform.unixNow()
      const grant: Grant = {
        deviceId,
        orderId: 0n,
        userKeyHash: fromHex(code.kioskKeyHash) ?? new Uint8Array(),
        notBefore: now - 3600,
        notAfter: now + days * DAY,
        weeklyHours: new Uint8Array(21),
        maxUses: 0,
        actions: GrantAction.vend,
        epoch,
        seq: 0,
      }
      const key = await ownerKey.publicKey()
      if (!key.ok) return key
      const limits = { use: VendUse.sell, slots, perDay }
      const signed = await signVends(ownerKey, domain.chainId, grant, limits)
      if (!signed.ok) return signed
      await asking.knowKiosk(deviceId, code.kioskKeyHash)
      return ok({
        answer: encodeKioskGrantCode({
          domain,
          grantMarket: NOBODY,
          grant,
          ...signed.value,
          ownerKey: key.value,
          boxUrl: boxUrl === '' ? null : boxUrl,
        }),
      })
    },
    async sales(deviceId, days) {
      const at = await here(deviceId)
      const boxUrl = config().agents?.[0]?.url ?? null
      const catalogue = at.ok ? await published(deviceId, at.value.owner, boxUrl) : ok(null)
      const present = catalogue.ok ? catalogue.value : null
      const numberOf = (offerId: string) =>
        present?.products.find(product => offerIdOf(termsOfProduct(present, product)) === offerId)?.number ??
        null
      const chain = await parts.chainAt('final')
      return readSales({ config, chain, now: platform.unixNow(), numberOf }, deviceId, days)
    },
    async proposePayOut(deviceId, account, token) {
      const domain = marketDomain(parts)
      if (!domain) return fail({ kind: 'notOnThisNetwork' })
      const chain = await parts.chainAt('final')
      const found = await chain.offersOf(deviceId)
      if (!found.ok) return found
      const of = found.value.filter(
        ({ terms }) => terms.token === token && terms.shares.some(({ payee }) => payee === account),
      )
      const reading = await chain.read({ offers: of.map(({ offerId }) => offerId) })
      if (!reading.ok) return reading
      // What was shared out already costs nothing more.
      const earned = of.flatMap(({ offerId, terms }) => {
        const state = reading.value.offers.get(offerId)
        return state && state.sold > state.shared ? [terms] : []
      })
      const data = toHex(payOutCall(earned, token, account))
      return wallet.propose({ kind: 'call', from: ownerAccount(parts), to: domain.market, value: 0n, data })
    },
    csv: salesCsv,
  }
}
