// One deployed Market with its DeviceRegistry on a chain of its own, and whole steps of an offer's and an order's life there.
import { getContract, type Hex } from 'viem'
import { marketAbi as abi, marketBytecode as bytecode } from '../../contracts/generated/Market.ts'
import type { Address } from '../../src/core/bytes.ts'
import { type Grant, GrantAction, grantDigest, type MarketDomain } from '../../src/core/lock/grant.ts'
import { SaleOutcome, type SaleReceipt, saleReceiptDigest } from '../../src/core/lock/saleReceipt.ts'
import { type HourRange, openingOf } from '../../src/core/registry/deviceHours.ts'
import type { DeviceConfig } from '../../src/core/registry/deviceStatements.ts'
import {
  amountOf,
  grantOfOrder,
  type KeyRebinding,
  keyRebindingTypedData,
  type OfferTerms,
  type Order,
  offerIdOf,
  orderIdOf,
  prepaidOrderTypedData,
  termsArgument,
} from '../../src/core/registry/marketStatements.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { attemptsFor, deployContract, senderFor } from './deployed.ts'
import { configOf, done, type Person, startDeviceRegistry } from './deviceRegistry.ts'
import { lower, type TestDevice, testDevice } from './testDevice.ts'

export const hour = 3600
export const day = 24 * hour
export const noHash: Hex = `0x${'00'.repeat(32)}`
export const aKey: Hex = `0x${'a1'.repeat(32)}`
export const anotherKey: Hex = `0x${'b2'.repeat(32)}`
/** Of the Config that `newDevice` files. */
export const epoch = 7

/** A device with an offer of its owner's. */
export interface Offered {
  readonly owner: Person
  readonly device: TestDevice
  readonly terms: OfferTerms
}

/** `args`: of anvil. */
export async function startMarket(args: readonly string[] = []) {
  const registry = await startDeviceRegistry(args)
  const { client, deployer, people } = registry
  const address = lower(await deployMarket(registry.client, deployer.address, registry.address))
  const domain: MarketDomain = { chainId: registry.domain.chainId, market: address }
  const sendNow = senderFor(client, abi, address)
  let last: Promise<unknown> = Promise.resolve()
  // Calls may be made at once and are sent one after the other: the nonces of an account would collide.
  const send: typeof sendNow = (...call) => {
    const sent = last.then(() => sendNow(...call))
    last = sent.catch(() => undefined)
    return sent
  }
  const [, , , , , first, second] = people
  if (!first || !second) throw new Error('the chain has too few accounts')
  let count = 0n

  const now = registry.now
  /** The full hour that is at least `hours` hours away. */
  const soon = async (hours = 2) => Math.ceil((await now()) / hour + hours) * hour
  const file = async (
    owner: Person,
    device: TestDevice,
    version: number,
    changes: Partial<DeviceConfig> = {},
  ) =>
    done(
      await registry.fileConfig(owner.address, device, {
        ...configOf(device, version),
        market: address,
        epoch,
        ...changes,
      }),
    )
  const newDevice = async (owner: Person) => {
    const device = await registry.claimed(owner)
    await file(owner, device, 1)
    return device
  }
  const makeOffer = (owner: Person, terms: OfferTerms, ranges: readonly HourRange[] = []) => {
    const { firstWord, open } = openingOf(ranges)
    return send(owner.address, 'makeOffer', [termsArgument(terms), firstWord, open])
  }
  const offer = async (owner: Person, device: TestDevice, terms: OfferTerms): Promise<Offered> => {
    const from = Math.floor((await now()) / hour)
    done(
      await makeOffer(owner, terms, terms.unit === 'product' ? [] : [{ first: from, end: from + 40 * 24 }]),
    )
    return { owner, device, terms }
  }
  const signGrant = (
    terms: OfferTerms,
    order: Order,
    changes: Partial<Grant> = {},
    signer = testDevice('issuer'),
  ) => signer.sign(grantDigest(domain, { ...grantOfOrder(terms, order, { epoch }), ...changes }))
  const receiptOf = (terms: OfferTerms, order: Order, changes: Partial<SaleReceipt> = {}): SaleReceipt => ({
    deviceId: terms.deviceId,
    orderId: BigInt(orderIdOf(order)),
    slot: terms.slot,
    quantity: order.quantity,
    outcome: SaleOutcome.dropped,
    counter: 1,
    ...changes,
  })

  return {
    registry,
    client,
    address,
    domain,
    deployer,
    /** Those from the fifth on get the shares. */
    people,
    payees: [first, second] as const,
    send,
    attempt: attemptsFor(client, abi, address),
    read: getContract({ abi, address, client }).read,
    now,
    soon,
    stop: registry.stop,
    coinsOf: ({ address }: { readonly address: Address }) => client.getBalance({ address }),
    keptFor: (account: Address, token: Address | null = null) =>
      client.readContract({ address, abi, functionName: 'balanceOf', args: [account, token ?? NOBODY] }),

    file,
    newDevice,
    /** Hours at a price of 1000, of which the payees get 900 and 100. */
    hoursOf: (owner: Person, { deviceId }: TestDevice, changes: Partial<OfferTerms> = {}): OfferTerms => ({
      deviceId,
      owner: owner.address,
      token: null,
      price: 1000n,
      unit: 'hour',
      isInstant: false,
      slot: 0,
      maxQuantity: 48,
      slotHours: 1,
      startHour: 0,
      utcOffset: 0,
      fulfilWithin: changes.isInstant ? 0 : day,
      weeklyHours: new Uint8Array(21),
      maxUses: 0,
      actions: GrantAction.open,
      legalHash: noHash,
      shares: [
        { payee: first.address, amount: 900n },
        { payee: second.address, amount: 100n },
      ],
      ...changes,
    }),
    /** The same for a machine's product. */
    productOf(owner: Person, device: TestDevice, changes: Partial<OfferTerms> = {}): OfferTerms {
      const unused = { slotHours: 0, actions: 0 }
      return this.hoursOf(owner, device, {
        unit: 'product',
        slot: 3,
        maxQuantity: 5,
        fulfilWithin: hour,
        ...unused,
        ...changes,
      })
    },
    makeOffer,
    offer,
    async offeredHours(owner: Person, changes: Partial<OfferTerms> = {}) {
      const device = await newDevice(owner)
      return offer(owner, device, this.hoursOf(owner, device, changes))
    },
    async offeredProduct(owner: Person, changes: Partial<OfferTerms> = {}) {
      const device = await newDevice(owner)
      return offer(owner, device, this.productOf(owner, device, changes))
    },

    /** One that no other test has; of times, one that begins in two hours. */
    async orderOf(
      terms: OfferTerms,
      payer: { readonly address: Address },
      changes: Partial<Order> = {},
    ): Promise<Order> {
      const isTime = terms.unit !== 'product'
      return {
        offerId: offerIdOf(terms),
        payer: payer.address,
        userKeyHash: isTime ? aKey : noHash,
        start: isTime ? await soon() : 0,
        quantity: 1,
        nonce: ++count,
        validUntil: 0,
        ...changes,
      }
    },
    order: (
      from: { readonly address: Address },
      terms: OfferTerms,
      order: Order,
      {
        at,
        value = terms.token === null ? amountOf(terms, order) : 0n,
      }: { at?: number; value?: bigint } = {},
    ) => send(from.address, 'order', [termsArgument(terms), order], at, value),
    /** An order that its payer has paid. */
    async ordered({ terms }: Offered, payer: Person, changes: Partial<Order> = {}): Promise<Order> {
      const order = await this.orderOf(terms, payer, changes)
      done(await this.order(payer, terms, order))
      return order
    },
    signGrant,
    fulfil: (
      from: Person,
      terms: OfferTerms,
      order: Order,
      { r, s } = signGrant(terms, order),
      at?: number,
    ) => send(from.address, 'fulfil', [termsArgument(terms), order, r, s], at),
    refund: (from: Person, terms: OfferTerms, order: Order, at?: number) =>
      send(from.address, 'refund', [termsArgument(terms), order], at),
    receiptOf,
    handIn(
      from: Person,
      { terms, device }: Offered,
      order: Order,
      changes: Partial<SaleReceipt> = {},
      at?: number,
    ) {
      const receipt = receiptOf(terms, order, changes)
      const signature = device.sign(saleReceiptDigest(domain, receipt))
      return send(from.address, 'handIn', [termsArgument(terms), order, receipt, signature], at)
    },
    signPrepaid: (payer: Person, terms: OfferTerms, order: Order) =>
      payer.sign(prepaidOrderTypedData(domain, terms, order)),
    orderPrepaid: (from: Person, terms: OfferTerms, order: Order, consent: Hex, at?: number) =>
      send(from.address, 'orderPrepaid', [termsArgument(terms), order, consent], at),
    settle(
      from: Person,
      { terms, device }: Offered,
      order: Order,
      consent: Hex,
      changes: Partial<SaleReceipt> = {},
      at?: number,
    ) {
      const receipt = receiptOf(terms, order, changes)
      const signature = device.sign(saleReceiptDigest(domain, receipt))
      return send(from.address, 'settle', [termsArgument(terms), order, consent, receipt, signature], at)
    },
    signRebinding: (payer: Person, rebinding: KeyRebinding) =>
      payer.sign(keyRebindingTypedData(domain, rebinding)),
    rebind: (
      from: Person,
      terms: OfferTerms,
      order: Order,
      userKeyHash: Hex,
      seq: number,
      consent: Hex,
      at?: number,
    ) => send(from.address, 'rebind', [termsArgument(terms), order, userKeyHash, seq, consent], at),
    withdraw: (
      from: { readonly address: Address },
      terms: readonly OfferTerms[],
      token: Address | null = null,
      to = from.address,
    ) => send(from.address, 'withdraw', [terms.map(termsArgument), token ?? NOBODY, to]),
    statusOf: async (order: Order) => orderStatus[(await getOrder(order)).status],
  }

  function getOrder(order: Order) {
    return client.readContract({ address, abi, functionName: 'orderOf', args: [orderIdOf(order)] })
  }
}

const orderStatus: Readonly<Record<number, 'unknown' | 'open' | 'fulfilled' | 'refunded'>> = {
  0: 'unknown',
  1: 'open',
  2: 'fulfilled',
  3: 'refunded',
}

export type Market = Awaited<ReturnType<typeof startMarket>>

/** Throws, naming the contract's error, if the constructor reverts. */
export const deployMarket = (
  client: Parameters<typeof deployContract>[0],
  from: Address,
  deviceRegistry: Address,
) => deployContract(client, from, { abi, bytecode, args: [deviceRegistry] })
