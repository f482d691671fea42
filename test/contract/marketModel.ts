// The rules of the Market once more, in TypeScript and from its documentation: what the chain is compared with.
import type { Address } from '../../src/core/bytes.ts'
import type { OfferTerms, Order } from '../../src/core/registry/marketStatements.ts'

/** Offers, orders, devices and assets by their places in the run's lists. `isSigned`: by whom it takes, of just this. */
export type Call =
  | { readonly name: 'order'; readonly order: number; readonly isExact: boolean }
  | { readonly name: 'orderPrepaid'; readonly order: number; readonly isSigned: boolean }
  | ({ readonly name: 'settle'; readonly order: number; readonly isSigned: boolean } & ReceiptOf)
  | { readonly name: 'fulfil'; readonly order: number; readonly isSigned: boolean; readonly isStale: boolean }
  | ({ readonly name: 'handIn'; readonly order: number } & ReceiptOf)
  | { readonly name: 'refund'; readonly order: number }
  | { readonly name: 'rebind'; readonly order: number; readonly step: number; readonly isSigned: boolean }
  | { readonly name: 'setPaused'; readonly offer: number; readonly isPaused: boolean }
  | { readonly name: 'makeOffer'; readonly offer: number }
  | { readonly name: 'handOver'; readonly device: number }
  | { readonly name: 'report'; readonly device: number; readonly isLost: boolean }
  | { readonly name: 'raiseEpoch'; readonly device: number }
  | { readonly name: 'deposit'; readonly asset: number; readonly amount: bigint }
  | { readonly name: 'requestReturn'; readonly asset: number }
  | { readonly name: 'takeBack'; readonly asset: number }
  | {
      readonly name: 'payOut'
      readonly offers: readonly number[]
      readonly asset: number
      readonly to: number
    }

export interface ReceiptOf {
  readonly hasDropped: boolean
  /** Where it failed, all that was ordered. */
  readonly quantity: number
  readonly isByDevice: boolean
}

export interface OfferOf {
  readonly device: number
  readonly asset: number
  readonly terms: OfferTerms
}

export interface OrderOf {
  readonly offer: number
  readonly order: Order
}

export type Status = 'unknown' | 'open' | 'fulfilled' | 'refunded'

interface OrderState {
  readonly status: Status
  readonly deadline: number
  readonly seq: number
  readonly epoch: number
}

const hour = 3600
const returnDelay = 86_400
const unknown: OrderState = { status: 'unknown', deadline: 0, seq: 0, epoch: 0 }

/** Amounts of assets that people hold outside count from zero, and fall below it. */
export class MarketModel {
  readonly offers: { counter: number; isPaused: boolean; sold: bigint; shared: bigint }[]
  readonly devices: { counter: number; isLost: boolean; epoch: number; readonly booked: Set<number> }[]
  readonly #offerOf: readonly OfferOf[]
  readonly #orderOf: readonly OrderOf[]
  readonly #accounts: readonly Address[]
  readonly #orders = new Map<number, OrderState>()
  readonly #kept = new Map<string, bigint>()
  readonly #prepaid = new Map<string, { readonly amount: bigint; readonly withdrawableAt: number }>()
  readonly #gained = new Map<string, bigint>()

  /** All offers are made and live; `accounts` are those to which is paid out. */
  constructor(
    offers: readonly OfferOf[],
    orders: readonly OrderOf[],
    devices: readonly { readonly counter: number; readonly epoch: number }[],
    accounts: readonly Address[],
  ) {
    this.#offerOf = offers
    this.#orderOf = orders
    this.#accounts = accounts
    this.devices = devices.map(({ counter, epoch }) => ({ counter, epoch, isLost: false, booked: new Set() }))
    this.offers = offers.map(({ device }) => ({
      counter: devices[device]?.counter ?? 0,
      isPaused: false,
      sold: 0n,
      shared: 0n,
    }))
  }

  orderState = (order: number): OrderState => this.#orders.get(order) ?? unknown
  keptFor = (account: Address, asset: number): bigint => this.#kept.get(`${account} ${asset}`) ?? 0n
  prepaidOf = (account: Address, asset: number) =>
    this.#prepaid.get(`${account} ${asset}`) ?? { amount: 0n, withdrawableAt: 0 }
  /** What an account has received from the contract, less what it has paid in. */
  gainOf = (account: Address, asset: number): bigint => this.#gained.get(`${account} ${asset}`) ?? 0n
  /** What the contract holds, as what has come in less what has gone out. */
  heldOf(asset: number): bigint {
    return -[...this.#gained].reduce((sum, [key, gain]) => sum + (key.endsWith(` ${asset}`) ? gain : 0n), 0n)
  }
  /** What the contract owes: escrow, what was earned and not yet shared out, what is kept and what was put down. */
  owedOf(asset: number): bigint {
    let owed = 0n
    for (const [i, { offer, order }] of this.#orderOf.entries()) {
      const { asset: its, terms } = this.#offer(offer)
      if (its === asset && this.orderState(i).status === 'open') owed += terms.price * BigInt(order.quantity)
    }
    for (const [i, { sold, shared }] of this.offers.entries()) {
      const { asset: its, terms } = this.#offer(i)
      if (its === asset) owed += (sold - shared) * terms.price
    }
    for (const [key, amount] of this.#kept) if (key.endsWith(` ${asset}`)) owed += amount
    for (const [key, { amount }] of this.#prepaid) if (key.endsWith(` ${asset}`)) owed += amount
    return owed
  }

  /** Name of the error, or null where the call is carried out. A refused call changes nothing. */
  apply(from: Address, call: Call, now: number): string | null {
    switch (call.name) {
      case 'order':
      case 'orderPrepaid':
        return this.#order(from, call, now)
      case 'settle':
        return this.#settle(from, call, now)
      case 'fulfil':
      case 'handIn':
      case 'refund':
        return this.#end(call, now)
      case 'rebind':
        return this.#rebind(from, call)
      case 'setPaused':
      case 'makeOffer':
        return this.#changeOffer(from, call)
      case 'handOver':
      case 'report':
      case 'raiseEpoch':
        return this.#changeDevice(call)
      case 'payOut':
        return this.#payOut(call)
      default:
        return this.#changePrepaid(from, call, now)
    }
  }

  #order(from: Address, call: Call & { name: 'order' | 'orderPrepaid' }, now: number): string | null {
    const { offer, order } = this.#ordered(call.order)
    const { terms, asset, device: place } = this.#offer(offer)
    const [state, device] = [this.#at(this.offers, offer), this.#at(this.devices, place)]
    if (call.name === 'order' && order.validUntil !== 0) return 'InvalidPayment'
    if (state.isPaused) return 'OfferIsPaused'
    if (state.counter !== device.counter) return 'OfferEnded'
    if (order.quantity > terms.maxQuantity) return 'InvalidQuantity'
    if (this.orderState(call.order).status !== 'unknown') return 'AlreadyOrdered'
    const hours = hoursOf(terms, order)
    if (hours.some(each => device.booked.has(each))) return 'NotFree'
    const isTime = terms.unit !== 'product'
    const latest = now + terms.fulfilWithin
    const deadline = terms.isInstant ? 0 : isTime ? Math.min(order.start, latest) : order.validUntil || latest
    if (now >= (terms.isInstant ? order.start + hours.length * hour : deadline)) return 'Expired'
    if (terms.isInstant && device.isLost) return 'DeviceIsReported'
    const amount = terms.price * BigInt(order.quantity)
    if (call.name === 'order') {
      if (!call.isExact) return 'WrongValue'
      this.#gain(from, asset, -amount)
    } else {
      const refused = this.#charge(from, order, asset, amount, amount, call.isSigned, now)
      if (refused !== null) return refused
    }
    for (const each of hours) device.booked.add(each)
    if (terms.isInstant) state.sold += BigInt(order.quantity)
    const status = terms.isInstant ? 'fulfilled' : 'open'
    this.#orders.set(call.order, { status, deadline, seq: 0, epoch: terms.isInstant ? device.epoch : 0 })
    return null
  }

  /** `amount` is what was signed for. The receipt is looked at in between, and what `refused` says of it. */
  #charge(
    from: Address,
    order: Order,
    asset: number,
    amount: bigint,
    charged: bigint,
    isSigned: boolean,
    now: number,
    refused: string | null = null,
  ): string | null {
    if (order.validUntil === 0) return 'InvalidPayment'
    if (now > order.validUntil) return 'Expired'
    if (!isSigned && from !== order.payer) return 'ConsentMissing'
    if (refused !== null) return refused
    const balance = this.prepaidOf(order.payer, asset)
    if (charged > amount || charged > balance.amount) return 'BalanceTooLow'
    this.#prepaid.set(`${order.payer} ${asset}`, { ...balance, amount: balance.amount - charged })
    return null
  }

  #settle(from: Address, call: Call & { name: 'settle' }, now: number): string | null {
    const { offer, order } = this.#ordered(call.order)
    const { terms, asset } = this.#offer(offer)
    if (this.orderState(call.order).status !== 'unknown') return 'AlreadyOrdered'
    if (order.quantity > terms.maxQuantity) return 'InvalidQuantity'
    const wrong = this.#wrongReceipt(call, terms, order) ?? (call.hasDropped ? null : 'InvalidReceipt')
    const [amount, charged] = [order.quantity, call.quantity].map(units => terms.price * BigInt(units))
    const refused = this.#charge(from, order, asset, amount ?? 0n, charged ?? 0n, call.isSigned, now, wrong)
    if (refused !== null) return refused
    this.#at(this.offers, offer).sold += BigInt(call.quantity)
    this.#orders.set(call.order, { status: 'fulfilled', deadline: 0, seq: 0, epoch: 0 })
    return null
  }

  #wrongReceipt({ hasDropped, quantity, isByDevice }: ReceiptOf, terms: OfferTerms, order: Order) {
    if (terms.unit !== 'product') return 'WrongEvidence'
    const isPossible = hasDropped ? quantity > 0 && quantity <= order.quantity : quantity === order.quantity
    return isPossible && isByDevice ? null : 'InvalidReceipt'
  }

  #end(call: Call & { name: 'fulfil' | 'handIn' | 'refund' }, now: number): string | null {
    const { offer, order } = this.#ordered(call.order)
    const { terms, asset, device: place } = this.#offer(offer)
    const state = this.orderState(call.order)
    const device = this.#at(this.devices, place)
    if (state.status !== 'open') return 'NotOpen'
    const end = (status: Status, sold: number) => {
      const epoch = call.name === 'fulfil' ? device.epoch : 0
      this.#orders.set(call.order, { ...state, status, epoch })
      this.#at(this.offers, offer).sold += BigInt(sold)
      this.#gain(
        order.payer,
        asset,
        terms.price * BigInt(status === 'fulfilled' && !sold ? 0 : order.quantity - sold),
      )
      if (status === 'refunded') for (const each of hoursOf(terms, order)) device.booked.delete(each)
      return null
    }
    if (call.name === 'refund') return now <= state.deadline ? 'NotExpired' : end('refunded', 0)
    if (call.name === 'fulfil') {
      if (terms.unit === 'product') return 'WrongEvidence'
      if (now > state.deadline) return 'Expired'
      if (device.isLost) return 'DeviceIsReported'
      return call.isSigned && !call.isStale ? end('fulfilled', order.quantity) : 'InvalidGrant'
    }
    const wrong = this.#wrongReceipt(call, terms, order)
    if (wrong !== null) return wrong
    if (!call.hasDropped) return end('refunded', 0)
    return now > state.deadline ? 'Expired' : end('fulfilled', call.quantity)
  }

  #rebind(from: Address, { order: place, step, isSigned }: Call & { name: 'rebind' }): string | null {
    const { offer, order } = this.#ordered(place)
    const { terms } = this.#offer(offer)
    const state = this.orderState(place)
    if (state.status !== 'fulfilled' || terms.unit === 'product' || step !== 1) return 'NotRebindable'
    if (!isSigned && from !== order.payer) return 'ConsentMissing'
    this.#orders.set(place, { ...state, seq: state.seq + 1 })
    return null
  }

  #changeOffer(from: Address, call: Call & { name: 'setPaused' | 'makeOffer' }): string | null {
    const { terms, device } = this.#offer(call.offer)
    if (from !== terms.owner) return 'NotOwner'
    const state = this.#at(this.offers, call.offer)
    state.isPaused = call.name === 'setPaused' && call.isPaused
    if (call.name === 'makeOffer') state.counter = this.#at(this.devices, device).counter
    return null
  }

  #changeDevice(call: Call & { name: 'handOver' | 'report' | 'raiseEpoch' }): string | null {
    const device = this.#at(this.devices, call.device)
    if (call.name === 'report') device.isLost = call.isLost
    if (call.name === 'raiseEpoch') device.epoch += 1
    if (call.name === 'handOver') {
      if (device.isLost) return 'DeviceReported'
      device.counter += 1
    }
    return null
  }

  #changePrepaid(
    from: Address,
    call: Call & { name: 'deposit' | 'requestReturn' | 'takeBack' },
    now: number,
  ): string | null {
    const { amount, withdrawableAt } = this.prepaidOf(from, call.asset)
    const set = (amount: bigint, withdrawableAt: number) => {
      this.#prepaid.set(`${from} ${call.asset}`, { amount, withdrawableAt })
      return null
    }
    if (call.name === 'deposit') {
      if (call.amount === 0n) return 'InvalidAmount'
      this.#gain(from, call.asset, -call.amount)
      return set(amount + call.amount, 0)
    }
    if (call.name === 'requestReturn') {
      if (amount === 0n) return 'NothingToWithdraw'
      return withdrawableAt === 0 ? set(amount, now + returnDelay) : 'NotYetReturnable'
    }
    if (withdrawableAt === 0 || now < withdrawableAt) return 'NotYetReturnable'
    this.#gain(from, call.asset, amount)
    return set(0n, 0)
  }

  #payOut({ offers, asset, to: place }: Call & { name: 'payOut' }): string | null {
    const to = this.#at(this.#accounts, place)
    const credits = new Map<string, bigint>()
    for (const offer of new Set(offers)) {
      const { terms, asset: its } = this.#offer(offer)
      const { sold, shared } = this.#at(this.offers, offer)
      for (const { payee, amount } of terms.shares) {
        const key = `${payee} ${its}`
        credits.set(key, (credits.get(key) ?? 0n) + amount * (sold - shared))
      }
    }
    const sum = this.keptFor(to, asset) + (credits.get(`${to} ${asset}`) ?? 0n)
    if (sum === 0n) return 'NothingToWithdraw'
    for (const [key, amount] of credits) this.#kept.set(key, (this.#kept.get(key) ?? 0n) + amount)
    for (const offer of offers) this.#at(this.offers, offer).shared = this.#at(this.offers, offer).sold
    this.#kept.set(`${to} ${asset}`, 0n)
    this.#gain(to, asset, sum)
    return null
  }

  #gain(account: Address, asset: number, amount: bigint): void {
    this.#gained.set(`${account} ${asset}`, this.gainOf(account, asset) + amount)
  }

  #offer = (place: number): OfferOf => this.#at(this.#offerOf, place)
  #ordered = (place: number): OrderOf => this.#at(this.#orderOf, place)

  #at<T>(list: readonly T[], place: number): T {
    const found = list[place]
    if (found === undefined) throw new Error(`nothing at ${place}`)
    return found
  }
}

/** The run's times are all hours, so that one line says which those are. */
const hoursOf = ({ unit }: OfferTerms, { start, quantity }: Order): number[] =>
  unit === 'product' ? [] : Array.from({ length: quantity }, (_, i) => start / hour + i)
