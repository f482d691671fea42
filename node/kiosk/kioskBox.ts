// The box of a kiosk's owner: the newest catalogue, orders that buyers have signed, and what kiosks report. Open to everybody, for all of it is signed.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Address } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import { layOutFile } from '../../src/core/ipfs/unixfs.ts'
import {
  type Catalogue,
  checkCatalogue,
  readContent,
  readSignedCatalogue,
  type SignedCatalogue,
  termsOfProduct,
} from '../../src/core/kiosk/catalogue.ts'
import { decodeSignedOrderCode } from '../../src/core/kiosk/codes.ts'
import {
  checkOwnerRequest,
  REQUEST_LASTS,
  readOwnerRequest,
  type SignedOwnerRequest,
} from '../../src/core/kiosk/ownerRequest.ts'
import { checkReport, type KioskReport, MAX_REQUESTS, readReport } from '../../src/core/kiosk/report.ts'
import type { MarketDomain } from '../../src/core/lock/grant.ts'
import { offerIdOf, prepaidOrderDigest } from '../../src/core/registry/marketStatements.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { signerOf } from '../../src/core/wallet/accountSignature.ts'
import { readFileIfThere, writeFileDurably } from '../files.ts'
import { readBody } from '../http.ts'
import { createRateLimit, parseJson, sendFailure, sendJson } from '../jsonHttp.ts'
import { answerBlock } from '../seed/gateway.ts'
import { PictureBlocks } from './pictureBlocks.ts'

export interface KioskBoxOptions {
  readonly directory: string
  readonly domain: MarketDomain
  /** By proof, at a final block. */
  readonly ownerOf: (deviceId: DeviceId) => Promise<Result<Address | null, Failure>>
  /** Whether this box works for that owner. */
  readonly serves: (deviceId: DeviceId, owner: Address) => boolean
  /** Unix seconds. */
  readonly now: () => number
  /** Answers kiosks by itself, as the owner of a demo machine does; null: the owner does that in his app. */
  readonly answerKiosk: ((code: string) => Promise<Result<string, Failure>>) | null
}

export type AnswerKiosk = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

/** A picture of 512 KiB, in Base64. */
const maxBody = 720_000
const maxPicture = 512 << 10
const maxDevices = 1_000
/** Seconds: a sale waits no longer for its payment. */
const orderLasts = 600
const maxOrders = 32
const maxKiosks = 4
/** Seconds after its last report for which a kiosk keeps its place; it reports every five minutes. */
const placeLasts = 3600
/** Seconds that an owner's clock may be ahead. */
const clockSlack = 300
const limits = { perSecond: 20, burst: 100 }

const pictureSchema = v.object({
  cid: v.pipe(v.string(), v.regex(/^[a-zA-Z0-9]{46,100}$/)),
  base64: v.pipe(v.string(), v.base64()),
})
const orderSchema = v.object({ code: v.pipe(v.string(), v.maxLength(1024)) })

export function createKioskBox(options: KioskBoxOptions): AnswerKiosk {
  const { domain, now, directory } = options
  const catalogues = loadCatalogues(directory)
  const orders = new Map<DeviceId, { readonly code: string; readonly at: number }[]>()
  const reports = new Map<DeviceId, KioskReport[]>()
  const requests = new Map<DeviceId, readonly SignedOwnerRequest[]>()
  const mayAsk = createRateLimit(limits.perSecond, limits.burst)
  const pictures = new PictureBlocks(join(directory, 'pictures'), cid =>
    [...catalogues.values()].some(catalogue => isNamedBy(catalogue, cid)),
  )

  const keep = () =>
    writeFileDurably(join(directory, 'catalogues.json'), JSON.stringify([...catalogues.values()]), 0o600)

  async function takeCatalogue(deviceId: DeviceId, json: unknown): Promise<Result<object, Failure>> {
    const signed = readSignedCatalogue(json)
    if (!signed.ok) return signed
    const held = catalogues.get(deviceId)
    if (!held && catalogues.size >= maxDevices) return fail({ kind: 'boxFull' })
    const { owner } = signed.value
    // Of each owner his own versions: a former one can't bar the next.
    const version = held?.owner === owner ? held.version : 0
    const checked = checkCatalogue(domain, signed.value, { deviceId, owner, version })
    if (!checked.ok) return checked
    if (!options.serves(deviceId, owner)) return fail({ kind: 'deviceNotTaken', detail: deviceId })
    const proven = await options.ownerOf(deviceId)
    if (!proven.ok) return proven
    if (proven.value !== owner)
      return fail({ kind: 'notOwner', detail: `${proven.value ?? 'nobody'} owns it` })
    if (catalogues.get(deviceId) !== held) return fail({ kind: 'catalogueOlder' })
    catalogues.set(deviceId, signed.value)
    keep()
    return ok({ version: signed.value.version })
  }

  function takeOrder(deviceId: DeviceId, json: unknown): Result<object, Failure> {
    const parsed = v.safeParse(orderSchema, json)
    const code = parsed.success ? parsed.output.code : ''
    if (!isPayable(catalogues.get(deviceId), domain, code)) return fail({ kind: 'orderNotSigned' })
    // Anybody can sign for nothing: the oldest go, which their kiosk has had the time to see.
    const waiting = ordersOf(deviceId).filter(each => each.code !== code)
    orders.set(deviceId, [...waiting, { code, at: now() }].slice(-maxOrders))
    return ok({})
  }

  const ordersOf = (deviceId: DeviceId) =>
    (orders.get(deviceId) ?? []).filter(({ at }) => now() - at < orderLasts)

  function takeReport(deviceId: DeviceId, json: unknown): Result<object, Failure> {
    const report = readReport(json)
    if (!report || report.deviceId !== deviceId) return fail({ kind: 'reportMalformed' })
    const checked = checkReport(domain, report)
    if (!checked.ok) return checked
    if (!catalogues.has(deviceId)) return fail({ kind: 'deviceNotTaken' })
    if (report.at > now() + placeLasts) return fail({ kind: 'reportMalformed', detail: 'at' })
    const held = reports.get(deviceId) ?? []
    const own = held.find(({ kioskKey }) => kioskKey === report.kioskKey)
    // Whoever reads the box could hand in again what it was told before.
    if (own && own.at >= report.at) return fail({ kind: 'reportOlder' })
    const others = held.filter(each => each !== own)
    // Anybody can make a key: whoever reports keeps the place.
    const isTaken = others.filter(({ at }) => now() - at < placeLasts).length >= maxKiosks
    if (!own && isTaken) return fail({ kind: 'boxFull' })
    const newest = [report, ...others].toSorted((a, b) => b.at - a.at)
    reports.set(deviceId, newest.slice(0, maxKiosks))
    return ok({})
  }

  /** Of the owner of today alone; each number once. A kiosk that was away finds them within their hour. */
  async function takeRequest(deviceId: DeviceId, json: unknown): Promise<Result<object, Failure>> {
    const read = readOwnerRequest(json)
    if (!read.ok) return read
    const { owner, until, number } = read.value
    const checked = checkOwnerRequest(domain, read.value, { deviceId, owner, now: now() })
    if (!checked.ok) return checked
    if (until > now() + REQUEST_LASTS + clockSlack) return fail({ kind: 'requestMalformed', detail: 'until' })
    if (!catalogues.has(deviceId) || !options.serves(deviceId, owner))
      return fail({ kind: 'deviceNotTaken', detail: deviceId })
    const proven = await options.ownerOf(deviceId)
    if (!proven.ok) return proven
    if (proven.value !== owner)
      return fail({ kind: 'notOwner', detail: `${proven.value ?? 'nobody'} owns it` })
    const waiting = requestsOf(deviceId).filter(each => each.owner === owner)
    if (waiting.some(each => each.number === number)) return ok({})
    if (waiting.length >= MAX_REQUESTS) return fail({ kind: 'boxFull' })
    requests.set(deviceId, [...waiting, read.value])
    return ok({})
  }

  const requestsOf = (deviceId: DeviceId) =>
    (requests.get(deviceId) ?? []).filter(({ until }) => until >= now())

  /** Only what the owner's catalogue names, and only what its CID says that it is. */
  function takePicture(deviceId: DeviceId, json: unknown): Result<object, Failure> {
    const parsed = v.safeParse(pictureSchema, json)
    if (!parsed.success) return fail({ kind: 'pictureMalformed' })
    const { cid, base64 } = parsed.output
    const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
    const isWhole = bytes.length <= maxPicture && layOutFile(bytes).root.toString() === cid
    if (!isWhole) return fail({ kind: 'pictureMalformed' })
    const catalogue = catalogues.get(deviceId)
    if (!catalogue || !isNamedBy(catalogue, cid)) return fail({ kind: 'pictureNotNamed' })
    pictures.put(bytes)
    return ok({})
  }

  return async (request, response) => {
    if (request.url?.startsWith('/ipfs/')) {
      if (!mayAsk(request)) return refuse(response, 429, { kind: 'tooMany' })
      await answerBlock(pictures, false, request, response)
      return true
    }
    const [, id, what] =
      /^\/kiosk\/(0x[0-9a-f]{64})\/(catalogue|orders|report|requests|ask|picture)$/.exec(request.url ?? '') ??
      []
    if (id === undefined) return false
    const deviceId = id as DeviceId
    if (!mayAsk(request)) return refuse(response, 429, { kind: 'tooMany' })
    if (request.method === 'GET') {
      if (what === 'picture') return refuse(response, 405, { kind: 'methodRefused' })
      if (what === 'catalogue') sendJson(response, 200, { catalogue: catalogues.get(deviceId) ?? null })
      else if (what === 'orders')
        sendJson(response, 200, { orders: ordersOf(deviceId).map(({ code }) => code) })
      else if (what === 'requests') sendJson(response, 200, { requests: requestsOf(deviceId) })
      else sendJson(response, 200, { reports: reports.get(deviceId) ?? [] })
      return true
    }
    if (request.method !== 'POST') return refuse(response, 405, { kind: 'methodRefused' })
    const body = await readBody(request, maxBody)
    if (body === undefined) return refuse(response, 413, { kind: 'tooLong' })
    const json = parseJson(body)
    const taken =
      what === 'catalogue'
        ? await takeCatalogue(deviceId, json)
        : what === 'orders'
          ? takeOrder(deviceId, json)
          : what === 'report'
            ? takeReport(deviceId, json)
            : what === 'requests'
              ? await takeRequest(deviceId, json)
              : what === 'picture'
                ? takePicture(deviceId, json)
                : await ask(options.answerKiosk, json)
    if (taken.ok) sendJson(response, 200, taken.value)
    else sendFailure(response, taken.error.kind === 'unproven' ? 503 : 409, taken.error)
    return true
  }
}

function isNamedBy({ content }: SignedCatalogue, cid: string): boolean {
  const read = readContent(content)
  return read.ok && read.value.products.some(({ picture }) => picture === cid)
}

async function ask(answer: KioskBoxOptions['answerKiosk'], json: unknown): Promise<Result<object, Failure>> {
  const parsed = v.safeParse(orderSchema, json)
  if (!answer || !parsed.success) return fail({ kind: 'ownerAnswersHimself' })
  const answered = await answer(parsed.output.code)
  return answered.ok ? ok({ answer: answered.value }) : answered
}

/** Signed by who is to pay, for something that this machine sells: whatever else may be wrong, the kiosk finds out. */
function isPayable(signed: SignedCatalogue | undefined, domain: MarketDomain, code: string): boolean {
  const order = decodeSignedOrderCode(code)
  if (!signed || !order || order.domain.chainId !== domain.chainId || order.domain.market !== domain.market)
    return false
  const { deviceId, owner } = signed
  const checked = checkCatalogue(domain, signed, { deviceId, owner, version: 0 })
  const terms = checked.ok ? termsFor(checked.value, order.order.offerId) : undefined
  return (
    terms !== undefined &&
    signerOf(prepaidOrderDigest(domain, terms, order.order), order.consent) === order.order.payer
  )
}

const termsFor = (catalogue: Catalogue, offerId: string) =>
  catalogue.products
    .map(product => termsOfProduct(catalogue, product))
    .find(terms => offerIdOf(terms) === offerId)

/** Throws where the file is damaged: an older catalogue would be taken again. */
function loadCatalogues(directory: string): Map<DeviceId, SignedCatalogue> {
  const stored = readFileIfThere(join(directory, 'catalogues.json'))?.toString('utf8')
  const list: unknown = stored === undefined ? [] : JSON.parse(stored)
  if (!Array.isArray(list)) throw new Error(`${directory}: no list of catalogues`)
  return new Map(
    list.map(each => {
      const read = readSignedCatalogue(each)
      if (!read.ok) throw new Error(`${directory}: ${read.error.kind}`)
      return [read.value.deviceId, read.value]
    }),
  )
}

function refuse(response: ServerResponse, status: number, error: Failure): true {
  sendFailure(response, status, error)
  return true
}
