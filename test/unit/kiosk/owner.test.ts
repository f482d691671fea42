// The owner's and the buyer's side over a real chain: what is left to publish, a code that is paid from the app, sales from the chain alone.
import { type Abi, encodeFunctionData } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { marketAbi } from '../../../contracts/generated/Market.ts'
import { tillAbi } from '../../../contracts/generated/Till.ts'
import { tillsAbi } from '../../../contracts/generated/Tills.ts'
import { createBuyer } from '../../../src/app/kiosk/buyer/createBuyer.ts'
import { InstantOrders } from '../../../src/app/kiosk/instantOrders.ts'
import { createKioskOwner } from '../../../src/app/kiosk/owner/createKioskOwner.ts'
import type { CatalogueDraft } from '../../../src/app/kiosk/owner/kioskOwner.ts'
import { draftOf } from '../../../src/app/kiosk/owner/publishing.ts'
import { Observable } from '../../../src/app/observable.ts'
import type { KioskPorts } from '../../../src/app/ports/kiosk.ts'
import type { OrderPeers } from '../../../src/app/ports/orderPeers.ts'
import type { WalletInside } from '../../../src/app/wallet/createWallet.ts'
import { OwnerKey } from '../../../src/app/wallet/ownership/ownerKey.ts'
import type { OwnerView, PaymentView, Proposal } from '../../../src/app/wallet/wallet.ts'
import { type Bytes, fromHex, type Hex, toHex } from '../../../src/core/bytes.ts'
import type { TypedData } from '../../../src/core/eip712.ts'
import { devicePublicKey } from '../../../src/core/identity.ts'
import {
  catalogueTypedData,
  checkCatalogue,
  type SignedCatalogue,
  writeContent,
} from '../../../src/core/kiosk/catalogue.ts'
import { encodeSaleCode } from '../../../src/core/kiosk/codes.ts'
import type { OrderAnswer } from '../../../src/core/kiosk/orderMessage.ts'
import { checkOwnerRequest, type SignedOwnerRequest } from '../../../src/core/kiosk/ownerRequest.ts'
import { type KioskReport, reportDigest, writeReport } from '../../../src/core/kiosk/report.ts'
import type { Sale } from '../../../src/core/kiosk/sale.ts'
import { keyHash } from '../../../src/core/lock/ownership.ts'
import { signDigest } from '../../../src/core/p256.ts'
import { setProductCall } from '../../../src/core/registry/marketCalls.ts'
import { offerIdOf } from '../../../src/core/registry/marketStatements.ts'
import { type Failure, fail, ok, type Result } from '../../../src/core/result.ts'
import type { SigningContext } from '../../../src/core/wallet/contracts.ts'
import { readRequest } from '../../../src/core/wallet/door.ts'
import { createWalletChain } from '../../../src/io/chain/wallet/walletChain.ts'
import { createKioskTills } from '../../../src/io/kiosk/tills.ts'
import { receiptOf } from '../../chain.ts'
import type { Person } from '../../contract/deviceRegistry.ts'
import { type KioskWorld, startKioskWorld } from '../../fixtures/kioskWorld.ts'

let world: KioskWorld
let owner: Person
let buyer: Person
const published: SignedCatalogue[] = []
/** What the kiosk's node answers, where a phone meets it. */
const meeting: OrderPeers & { answers: ((code: string) => Promise<OrderAnswer>) | null } = {
  answers: null,
  take: async () => fail({ kind: 'peersUnavailable' }),
  async handOver(_key, code) {
    return this.answers ? ok(await this.answers(code)) : fail({ kind: 'kioskUnreachable' })
  },
}
const handedIn: string[] = []
let isBoxAway = false
const asked: SignedOwnerRequest[] = []
const reports: KioskReport[] = []
beforeAll(async () => {
  world = await startKioskWorld({ inDollars: true })
  owner = world.owner
  const [, second] = world.market.people
  if (!second) throw new Error('the chain has too few accounts')
  buyer = second
})
afterAll(() => world?.stop())

/** What other nodes hold of pictures, and at which gateways they were looked for. */
const pictures = new Map<string, Bytes>()
const lookedAt: string[] = []
async function file(cid: string, gateways: readonly string[]): Promise<Result<Bytes, Failure>> {
  lookedAt.push(...gateways)
  const bytes = pictures.get(cid)
  return bytes ? ok(bytes) : fail({ kind: 'firmwareUnavailable' })
}

/** A person who agrees to everything: his account's key is the chain's own, and each proposal is carried out as it stands. */
function agreeing(person: Person) {
  const payments = new Observable<readonly PaymentView[]>([])
  const typed = new Map<string, TypedData>()
  const known: string[] = []
  let count = 0
  const proposal = (): Proposal => ({ id: `p${++count}` }) as Proposal
  const wallet = {
    owner: new Observable<OwnerView | null>({
      kind: 'vault',
      address: person.address,
      walletName: null,
      isThere: true,
    }),
    payments,
    devices: new Observable([]),
    knowContracts: (contracts: readonly { readonly name: string }[]) => {
      known.push(...contracts.map(({ name }) => name))
    },
    async propose(write: { to: Hex; value: bigint; data: Hex }) {
      const made = proposal()
      const { to, value, data } = write
      const hash = await world.client.sendTransaction({
        ...{ account: person.address, chain: null, to, value, data },
        gas: 3_000_000n,
      })
      const { status } = await receiptOf(world.client, hash)
      if (status !== 'success') return fail({ kind: 'wouldRevert' as const, reason: null })
      payments.update(all => [{ id: made.id, state: { kind: 'final' } } as PaymentView, ...all])
      return ok(made)
    },
    async proposeStatement(typedData: TypedData) {
      const made = proposal()
      typed.set(made.id, typedData)
      return ok(made)
    },
    async confirmStatement({ id }: Proposal) {
      const data = typed.get(id)
      return data ? ok(await person.sign(data)) : fail({ kind: 'proposalExpired' as const })
    },
  }
  return { wallet: wallet as unknown as WalletInside, known }
}

function partsOf(person: Person) {
  const { wallet, known } = agreeing(person)
  const settings = world.chainSettings
  const box: KioskPorts['box'] = {
    catalogue: async () => ok(published.at(-1) ?? null),
    async publish(_, catalogue) {
      published.push(catalogue)
      return ok(null)
    },
    putPicture: async () => ok(null),
    signedOrders: async () => ok(handedIn),
    async handIn(_, _device, code) {
      if (isBoxAway) return fail({ kind: 'serviceUnreachable' })
      handedIn.push(code)
      return ok(null)
    },
    ask: async () => ok(null),
    requests: async () => ok(asked),
    async request(_, request) {
      asked.push(request)
      return ok(null)
    },
    report: async () => ok(null),
    reportsOf: async () => ok(reports),
  }
  const ports = { box, stores: world.newDisk(), tills: createKioskTills(fetch) }
  const { config, platform, chainAt } = world
  const parts = {
    ...{ platform, ports, wallet, config, chainAt, orderPeers: async () => meeting, file },
    walletChain: async () => createWalletChain(settings, { unixNow: world.unixNow }),
  }
  return { parts, known }
}

test('the draft of what is sold already needs a signature alone; a new price, a new offer and its place in the Till', async () => {
  const { parts, known } = partsOf(owner)
  const kiosks = createKioskOwner({ ...parts, ownerKey: nobodysKey() })
  const { deviceId } = world.device
  const draft: CatalogueDraft = draftOf(world.catalogue)
  const kinds = async (of: CatalogueDraft) => {
    const steps = await kiosks.steps(deviceId, of)
    if (!steps.ok) throw new Error(`${steps.error.kind} ${steps.error.detail}`)
    return steps.value
  }
  expect(await kinds(draft)).toEqual([{ kind: 'sign' }])
  const [first, ...others] = draft.products
  if (!first) throw new Error('no products')
  const price = 7n * 10n ** 15n
  const dearer = { ...first, price, shares: [{ payee: owner.address, amount: price }] }
  const changed = { ...draft, products: [dearer, ...others.slice(1)] }
  const name = first.name
  const steps = await kinds(changed)
  expect(steps).toEqual([
    { kind: 'makeOffer', number: first.number, name },
    { kind: 'setProduct', number: first.number, name },
    { kind: 'removeProduct', number: others[0]?.number },
    { kind: 'sign' },
  ])
  for (const step of steps.slice(0, 3)) {
    expect((await kiosks.propose(deviceId, changed, step)).ok).toBe(true)
  }
  expect(known).toContain('Till')
  await world.client.mine({ blocks: 3 })
  expect(await kinds(changed)).toEqual([{ kind: 'sign' }])
  const proposed = await kiosks.proposeSign(deviceId, changed)
  if (!proposed.ok) throw new Error(proposed.error.kind)
  expect(await kiosks.publish(proposed.value)).toEqual({ ok: true, value: { version: 1 } })
  const [signed] = published
  const holder = { deviceId, owner: owner.address, version: 0 }
  expect(signed && checkCatalogue(world.market.domain, signed, holder)).toMatchObject({
    ok: true,
    value: { till: world.till },
  })
  expect(await kiosks.read(deviceId)).toMatchObject({
    ok: true,
    value: { till: world.till, published: { version: 1 } },
  })
  expect(kiosks.draftFault({ ...changed, products: [{ ...dearer, shares: [] }] })).toBe('products.0.shares')
})

test('the wallet has words for the catalogue’s signature and for each call of Till and Tills, and asks for no expert', async () => {
  const { parts } = partsOf(owner)
  const { chain } = world.config()
  const market = chain.contracts?.market
  if (!market) throw new Error('no Market')
  const context: SigningContext = {
    chainId: chain.id,
    coin: chain.currency,
    contracts: [
      { chainId: chain.id, address: market, name: 'Market', role: 'market', abi: marketAbi },
      ...parts.ports.tills.contracts(world.config(), world.till),
    ],
    tokens: [],
    knownAddresses: [],
    isExpert: false,
    now: world.unixNow(),
  }
  const unsigned = { owner: owner.address, deviceId: world.device.deviceId, version: 1 }
  const content = writeContent(world.catalogue)
  const typedData = catalogueTypedData(world.market.domain, { ...unsigned, content })
  const { deviceId } = world.device
  const products = BigInt(world.catalogue.products.length)
  expect(readRequest({ kind: 'typedData', typedData }, context)).toMatchObject({
    ok: true,
    value: {
      ...{ signer: 'account', account: owner.address },
      sentence: { kind: 'kioskCatalogue', deviceId, version: 1n, products },
    },
  })
  const [product] = world.catalogue.products
  if (!product) throw new Error('no product')
  const terms = world.termsOf(product.number)
  const { tills } = chain.contracts ?? {}
  if (!tills) throw new Error('no Tills')
  const sentenceOf = (to: Hex, data: Uint8Array<ArrayBuffer>) => {
    const fees = { maxPriorityFeePerGas: 1n, maxFeePerGas: 1n, gasLimit: 100_000n }
    const transaction = { ...fees, chainId: chain.id, nonce: 0, to, value: 0n, data }
    const read = readRequest({ kind: 'transaction', transaction }, context)
    return read.ok ? read.value.sentence : read.error
  }
  const call = (abi: Abi, functionName: string, ...args: readonly unknown[]) =>
    fromHex(encodeFunctionData({ abi, functionName, args })) ?? new Uint8Array()
  const { number } = product
  expect(sentenceOf(world.till, setProductCall(number, terms))).toMatchObject({
    ...{ kind: 'setTillProduct', deviceId, number: BigInt(number), price: { value: terms.price } },
  })
  expect(sentenceOf(world.till, call(tillAbi, 'removeProduct', number))).toMatchObject({
    ...{ kind: 'removeTillProduct', number: BigInt(number) },
  })
  expect(sentenceOf(world.till, call(tillAbi, 'sweep', owner.address))).toMatchObject({
    ...{ kind: 'sweepTill', to: { address: owner.address } },
  })
  expect(sentenceOf(tills, call(tillsAbi, 'open', deviceId))).toMatchObject({ kind: 'openTill', deviceId })
  // A product for tokens is nothing that a Till takes: then the bare call is shown.
  const forTokens = { ...terms, token: owner.address }
  expect(sentenceOf(world.till, setProductCall(number, forTokens))).toMatchObject({ kind: 'contractCall' })
})

test('what is asked of a kiosk from afar is signed, handed to the box, and done once a kiosk says so', async () => {
  const { parts } = partsOf(owner)
  const kiosks = createKioskOwner({ ...parts, ownerKey: nobodysKey() })
  const { deviceId } = world.device
  const wish = { act: 'fill', slot: 2, stock: 7 } as const
  const first = await kiosks.proposeAsk(deviceId, wish)
  if (!first.ok) throw new Error(first.error.kind)
  expect(asked).toEqual([])
  expect(await kiosks.ask(first.value)).toEqual({ ok: true, value: null })
  const [request] = asked
  if (!request) throw new Error('nothing at the box')
  const holder = { deviceId, owner: owner.address, now: world.platform.unixNow() }
  expect(checkOwnerRequest(world.market.domain, request, holder)).toMatchObject({ ok: true, value: wish })
  const views = async () => {
    const read = await kiosks.read(deviceId)
    if (!read.ok) throw new Error(read.error.kind)
    return read.value
  }
  expect((await views()).asked).toMatchObject([{ ...wish, number: request.number, state: 'waiting' }])
  const second = await kiosks.proposeAsk(deviceId, { act: 'close', slot: 2, stock: 5 })
  if (!second.ok) throw new Error(second.error.kind)
  await kiosks.ask(second.value)
  expect(asked[1]).toMatchObject({ act: 'close', stock: 0 })
  expect(asked[1]?.number).toBeGreaterThan(request.number)
  // A kiosk has done one, and the machine has refused the other.
  const secret = new Uint8Array(32).fill(0x3c)
  const content = writeReport({
    slots: [{ slot: 2, unit: 'product', stock: 7, capacity: 9, fault: 'none', free: 4 }],
    ...{ alarms: [], gasBalance: 1n },
    requests: [
      { number: asked[1]?.number ?? 0, end: 'slotUnknown' },
      { number: request.number, end: 'done' },
    ],
  })
  const said = { deviceId, at: world.unixNow(), content }
  const signature = toHex(signDigest(reportDigest(world.market.domain, said), secret))
  reports.push({ ...said, kioskKey: toHex(devicePublicKey(secret)), signature })
  expect(await views()).toMatchObject({
    asked: [
      { act: 'close', state: 'refused', why: 'slotUnknown' },
      { act: 'fill', state: 'done', why: null },
    ],
    report: { slots: [{ slot: 2, fault: 'none', free: 4 }], isKnown: false },
  })
  // Whose kiosk that is nobody knows: it gets no grant to drop anything for nothing.
  expect(await kiosks.proposeAsk(deviceId, { act: 'test', slot: 2, stock: 0 })).toMatchObject({
    error: { kind: 'kioskUnknown' },
  })

  // Once this wallet has let one sell, a stranger's word counts for nothing, however new it is.
  const ours = new Uint8Array(32).fill(0x3d)
  const ourKey = devicePublicKey(ours)
  await parts.ports.stores.values.put(`kiosks/${deviceId}`, [toHex(keyHash(ourKey))])
  expect(await views()).toMatchObject({ asked: [{ state: 'waiting' }, { state: 'waiting' }], report: null })
  const earlier = { deviceId, at: said.at - 60, content }
  const word = signDigest(reportDigest(world.market.domain, earlier), ours)
  reports.push({ ...earlier, kioskKey: toHex(ourKey), signature: toHex(word) })
  expect(await views()).toMatchObject({
    asked: [{ state: 'refused' }, { state: 'done' }],
    report: { at: earlier.at, isKnown: true },
  })
})

const codeOf = (sale: Sale, peerKey: Bytes | null = null) =>
  encodeSaleCode({
    domain: world.market.domain,
    offerId: offerIdOf(sale.terms),
    ...{ offerBlock: 0, quantity: sale.quantity, nonce: sale.nonce, until: sale.until },
    ways: { order: true, instant: true },
    boxUrl: 'http://box.example',
    peerKey,
  })

test('a code is read, proven and paid, by order and by signature; the sales show on the chain to whoever has a share', async () => {
  const { parts } = partsOf(buyer)
  const shop = await createBuyer(parts)
  const kiosk = await world.tablet()
  await world.prepay(buyer, 10n ** 17n)
  await world.client.mine({ blocks: 3 })

  const sale = await kiosk.begin(12)
  const read = await shop.read(codeOf(sale))
  if (!read.ok) throw new Error(read.error.kind)
  expect(read.value).toMatchObject({
    ...{ state: 'live', quantity: 1, instant: { isEnough: true } },
    product: { name: { en: 'Product 2', zh: '' } },
  })
  // Fetched once, from the box among others; then kept.
  // Signed for such a code, the money could be put aside for as long by anybody who has the order.
  expect(await shop.read(codeOf({ ...sale, until: 2 ** 40 - 1 }))).toMatchObject({
    error: { kind: 'codeMalformed' },
  })
  expect((await shop.picture(codeOf(sale), 'bafy')).ok).toBe(false)
  pictures.set('bafy', Uint8Array.of(1, 2))
  expect(await shop.picture(codeOf(sale), 'bafy')).toEqual({ ok: true, value: Uint8Array.of(1, 2) })
  pictures.clear()
  expect((await shop.picture(codeOf(sale), 'bafy')).ok).toBe(true)
  expect(lookedAt).toEqual(['http://box.example', 'http://box.example'])
  const step = await shop.propose(read.value, 'order')
  expect(step).toMatchObject({ ok: true, value: { kind: 'pay' } })
  await kiosk.finish()
  expect(kiosk.end(sale.id)).toMatchObject({ end: 'sold' })

  const next = await kiosk.begin(12)
  const again = await shop.read(codeOf(next))
  const signing = again.ok ? await shop.propose(again.value, 'instant') : again
  if (!signing.ok || signing.value.kind !== 'sign') throw new Error('nothing to sign')
  expect(await shop.confirmSigned(signing.value.proposal)).toEqual({ ok: true, value: null })
  expect(handedIn).toHaveLength(1)
  expect(await kiosk.takeSigned(handedIn[0] ?? '')).toMatchObject({ ok: true })
  await kiosk.finish()
  expect(kiosk.end(next.id)).toMatchObject({ end: 'sold' })
  const stop = shop.bought.subscribe(() => {})
  for (let i = 0; i < 500 && shop.bought.get().some(({ state }) => state.kind !== 'dropped'); i++) {
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  stop()
  expect(shop.bought.get().map(({ state }) => state.kind)).toEqual(['dropped', 'dropped'])
  expect(await shop.propose(read.value, 'order')).toMatchObject({
    ok: false,
    error: { kind: 'alreadyBought' },
  })

  const kiosks = createKioskOwner({ ...parts, ownerKey: nobodysKey() })
  const sales = await kiosks.sales(world.device.deviceId, 7)
  if (!sales.ok) throw new Error(sales.error.kind)
  const total = sale.terms.price * 2n
  const [most] = sale.terms.shares
  const inCoins = sales.value.parties.filter(({ earned }) => earned.token === null)
  expect(inCoins.find(({ account }) => account === most?.payee)?.earned.value).toBe((most?.amount ?? 0n) * 2n)
  expect(sales.value.days.reduce((sum, { sold }) => sum + sold, 0)).toBe(2)
  expect(sales.value.days.at(-1)?.income[0]?.value).toBe(total)
  expect(kiosks.csv(sales.value).split('\r\n')).toHaveLength(4)
  // Anybody may have a party paid: it goes to that account alone, and all of it.
  const party = inCoins.find(({ account }) => account === most?.payee)
  if (!party) throw new Error('no party')
  const { client } = world
  const had = await client.getBalance({ address: party.account })
  expect((await kiosks.proposePayOut(world.device.deviceId, party.account, null)).ok).toBe(true)
  expect((await client.getBalance({ address: party.account })) - had).toBe(party.kept.value)
  expect(party.kept.value).toBeGreaterThan(0n)
})

test('a signed order goes to the kiosk’s own node; what that refuses for good is said, and not handed in elsewhere', async () => {
  const { parts } = partsOf(buyer)
  const shop = await createBuyer(parts)
  const kiosk = await world.tablet()
  const peerKey = new Uint8Array(32).fill(7)
  const atBox = handedIn.length
  const sign = async (sale: Sale) => {
    const read = await shop.read(codeOf(sale, peerKey))
    const signing = read.ok ? await shop.propose(read.value, 'instant') : read
    if (!signing.ok || signing.value.kind !== 'sign') throw new Error('nothing to sign')
    return shop.confirmSigned(signing.value.proposal)
  }
  const orders = new InstantOrders({
    ...{ book: kiosk.book, domain: world.market.domain, unixNow: world.unixNow },
    catalogue: () => world.catalogue,
    newest: () => world.chainAt(0),
  })
  meeting.answers = async code => {
    const taken = await orders.take(code)
    return taken.ok ? { kind: 'taken' } : { kind: 'refused', refusal: taken.error.kind }
  }
  const sale = await kiosk.begin(12)
  expect(await sign(sale)).toEqual({ ok: true, value: null })
  expect(kiosk.stage(sale.id)).toBe('vending')
  expect(shop.bought.get()[0]?.state).toMatchObject({ kind: 'signed', at: 'kiosk' })
  await kiosk.finish()
  expect(kiosk.end(sale.id)).toMatchObject({ end: 'sold' })

  world.limits.perSale = 1n
  const dear = await kiosk.begin(12)
  expect(await sign(dear)).toEqual({ ok: false, error: { kind: 'overSaleLimit' } })
  expect(shop.bought.get()[0]?.state).toEqual({ kind: 'refused', why: 'overSaleLimit' })
  expect(kiosk.stage(dear.id)).toBe('waiting')
  world.limits.perSale = 10n ** 18n
  // Signed once more, it is the same order.
  expect(await sign(dear)).toEqual({ ok: true, value: null })
  await kiosk.finish()
  expect(handedIn.length).toBe(atBox)

  // A kiosk that is away, or that can't read the chain now, finds it at its box.
  const waiting = [await kiosk.begin(10), await kiosk.begin(10)]
  meeting.answers = null
  for (const each of waiting) {
    expect(await sign(each)).toEqual({ ok: true, value: null })
    meeting.answers = async () => ({ kind: 'refused', refusal: 'chainUnproven' })
  }
  expect(handedIn.length).toBe(atBox + 2)
  expect(shop.bought.get()[0]?.state).toMatchObject({ kind: 'signed', at: 'box' })

  // Where neither can be reached, the screen does not say that the kiosk has it; it can be tried again.
  const late = await kiosk.begin(11)
  isBoxAway = true
  expect(await sign(late)).toMatchObject({ error: { kind: 'signedNotHandedIn' } })
  const [shown] = shop.bought.get()
  expect(shown?.state.kind).toBe('toShow')
  isBoxAway = false
  expect(await shop.handIn(shown?.id ?? '')).toEqual({ ok: true, value: null })
  expect(shop.bought.get()[0]?.state).toMatchObject({ kind: 'signed', at: 'box' })
})

test('two signed orders that come at once are judged one after the other: both together stay within the owner’s limit', async () => {
  const kiosk = await world.tablet()
  const orders = new InstantOrders({
    ...{ book: kiosk.book, domain: world.market.domain, unixNow: world.unixNow },
    catalogue: () => ({ ...world.catalogue, instant: { ...world.limits, open: 4n * 10n ** 15n } }),
    newest: () => world.chainAt(0),
  })
  const sales = [await kiosk.begin(12), await kiosk.begin(12)]
  const codes = await Promise.all(sales.map(sale => world.signed(buyer, sale)))
  const answers = await Promise.all(codes.map(code => orders.take(code)))
  expect(answers).toEqual([
    { ok: true, value: null },
    { ok: false, error: { kind: 'overOpenLimit' } },
  ])
  expect(orders.refused).toEqual({ kind: 'overOpenLimit' })
  await kiosk.finish(3)
})

test('a price in a token is paid by a permit for just that, or by an allowance; it is split, or comes back, in the token', async () => {
  const { parts } = partsOf(buyer)
  const shop = await createBuyer(parts)
  const kiosk = await world.tablet()
  const sale = await kiosk.begin(13)
  const { price } = sale.terms
  await world.mintDollars(buyer, price * 3n)
  const read = await shop.read(codeOf(sale))
  if (!read.ok) throw new Error(read.error.kind)
  expect(read.value).toMatchObject({ total: { symbol: 'DUSD', value: price }, instant: null })
  const permit = await shop.propose(read.value, 'order')
  if (!permit.ok || permit.value.kind !== 'permit') throw new Error('no permit was asked for')
  // Nothing is for anybody yet, and a second look may ask for it anew.
  expect(shop.bought.get()).toEqual([])
  expect(await shop.confirmPermit(permit.value.proposal)).toMatchObject({ ok: true, value: { kind: 'pay' } })
  expect(await shop.confirmPermit(permit.value.proposal)).toMatchObject({
    error: { kind: 'proposalExpired' },
  })
  expect(await world.dollarsOf(buyer.address)).toBe(price * 2n)
  await world.client.mine({ blocks: 3 })
  await kiosk.finish()
  expect(kiosk.end(sale.id)).toEqual({ end: 'sold', why: null })

  // Where the network's list knows no permit of that token.
  const { chain } = world.config()
  const tokens = chain.tokens?.map(({ permit: _, ...token }) => token) ?? []
  const plainer = await createBuyer({
    ...parts,
    ports: { ...parts.ports, stores: world.newDisk() },
    config: () => ({ ...world.config(), chain: { ...chain, tokens } }),
  })
  const jammed = await kiosk.begin(13)
  world.machine.machine.faults.push('jam')
  const asked = await plainer.read(codeOf(jammed))
  if (!asked.ok) throw new Error(asked.error.kind)
  expect(await plainer.propose(asked.value, 'order')).toMatchObject({ value: { kind: 'allow' } })
  expect(await plainer.propose(asked.value, 'order')).toMatchObject({ value: { kind: 'pay' } })
  expect(await world.dollarsOf(buyer.address)).toBe(price)
  await world.client.mine({ blocks: 3 })
  await kiosk.finish()
  expect(kiosk.end(jammed.id)).toEqual({ end: 'refunded', why: 'nothingDropped' })
  expect(await world.dollarsOf(buyer.address)).toBe(price * 2n)
  await world.machine.mend()
  const unlisted = await createBuyer({
    ...parts,
    config: () => ({ ...world.config(), chain: { ...chain, tokens: [] } }),
  })
  expect(await unlisted.read(codeOf(jammed))).toMatchObject({ error: { kind: 'tokenUnknown' } })

  const sales = await createKioskOwner({ ...parts, ownerKey: nobodysKey() }).sales(world.device.deviceId, 7)
  if (!sales.ok) throw new Error(sales.error.kind)
  const inDollars = sales.value.parties.filter(({ earned }) => earned.symbol === 'DUSD')
  expect(inDollars.reduce((sum, { earned }) => sum + earned.value, 0n)).toBe(price)
})

test('what is put aside for signatures is read by proof, stays where more is added, and comes back a day after it was asked for', async () => {
  const { parts } = partsOf(buyer)
  const { prepaid } = await createBuyer(parts)
  const read = async () => {
    await world.client.mine({ blocks: 3 })
    const purse = await prepaid.read()
    if (!purse.ok) throw new Error(purse.error.kind)
    return purse.value
  }
  const before = await read()
  expect(before).toMatchObject({ leaving: null, evidence: { level: 'proven' } })
  expect((await prepaid.proposeDeposit(500n)).ok).toBe(true)
  expect((await read()).balance.value).toBe(before.balance.value + 500n)
  expect(await prepaid.proposeTakeBack()).toMatchObject({ error: { kind: 'wouldRevert' } })
  expect((await prepaid.proposeReturn()).ok).toBe(true)
  expect(await read()).toMatchObject({ leaving: { isDue: false } })
  expect((await prepaid.proposeDeposit(1n)).ok).toBe(true)
  expect((await read()).leaving).toBeNull()
  await prepaid.proposeReturn()
  await world.client.increaseTime({ seconds: 86_400 })
  const all = (await read()).balance.value
  const coins = await world.market.coinsOf(buyer)
  expect((await prepaid.proposeTakeBack()).ok).toBe(true)
  expect((await read()).balance.value).toBe(0n)
  // Less the fee.
  expect(coins + all - (await world.market.coinsOf(buyer))).toBeLessThan(10n ** 16n)
})

const nobodysKey = () =>
  new OwnerKey(
    {
      ownerPublicKey: async () => fail({ kind: 'vaultLocked' }),
      signWithOwnerKey: async () => fail({ kind: 'vaultLocked' }),
    },
    { get: async () => undefined, put: async () => {} },
    () => {
      throw new Error('nothing is signed with the owner key here')
    },
  )
