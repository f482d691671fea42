// Offers and orders as the Market's calls and events have them, read back into values.
import { type Address, fromHex, type Hex } from '../bytes.ts'
import type { Argument, ArgumentValue } from '../wallet/abiShape.ts'
import { NOBODY } from '../wallet/contracts.ts'
import type { OfferTerms, OfferUnit, Order, Share } from './marketStatements.ts'

const UNITS: readonly OfferUnit[] = ['hour', 'night', 'stay', 'product']

/** undefined where a field is missing or of another type. */
export function readTerms(value: ArgumentValue | undefined): OfferTerms | undefined {
  const fields = new Fields(value)
  const weeklyHours = fromHex(fields.hex('weeklyHours'))
  const unit = UNITS[fields.number('unit')]
  const token = fields.hex('token')
  const shares = fields.list('shares').map((share): Share => {
    const inner = new Fields(share.value, fields)
    return { payee: inner.hex('payee'), amount: inner.uint('amount') }
  })
  const terms = {
    deviceId: fields.hex('deviceId'),
    owner: fields.hex('owner'),
    token: token === NOBODY ? null : token,
    price: fields.uint('price'),
    unit: unit ?? 'hour',
    isInstant: fields.flag('isInstant'),
    slot: fields.number('slot'),
    maxQuantity: fields.number('maxQuantity'),
    slotHours: fields.number('slotHours'),
    startHour: fields.number('startHour'),
    utcOffset: fields.number('utcOffset'),
    fulfilWithin: fields.number('fulfilWithin'),
    weeklyHours: weeklyHours ?? new Uint8Array(),
    maxUses: fields.number('maxUses'),
    actions: fields.number('actions'),
    legalHash: fields.hex('legalHash'),
    shares,
  }
  return fields.isWhole && unit !== undefined && weeklyHours?.length === 21 ? terms : undefined
}

/** Of a call's argument, or of the event's fields; the offer's id is not among them. */
export function readOrder(value: ArgumentValue | undefined): Omit<Order, 'offerId'> | undefined {
  const fields = new Fields(value)
  const order = {
    payer: fields.hex('payer'),
    userKeyHash: fields.hex('userKeyHash'),
    start: fields.number('start'),
    quantity: fields.number('quantity'),
    nonce: fields.uint('nonce'),
    validUntil: fields.number('validUntil'),
  }
  return fields.isWhole ? order : undefined
}

class Fields {
  readonly #arguments: readonly Argument[]
  readonly #parent: Fields | undefined
  isWhole: boolean

  constructor(value: ArgumentValue | undefined, parent?: Fields) {
    this.isWhole = Array.isArray(value)
    this.#arguments = Array.isArray(value) ? (value as readonly Argument[]) : []
    this.#parent = parent
    if (!this.isWhole) this.#spoil()
  }

  uint(name: string): bigint {
    const value = this.#value(name)
    return typeof value === 'bigint' ? value : this.#spoiled(0n)
  }

  number(name: string): number {
    return Number(this.uint(name))
  }

  flag(name: string): boolean {
    const value = this.#value(name)
    return typeof value === 'boolean' ? value : this.#spoiled(false)
  }

  hex(name: string): Hex & Address {
    const value = this.#value(name)
    const isHex = typeof value === 'string' && /^0x[0-9a-f]*$/.test(value)
    return isHex ? `0x${value.slice(2)}` : this.#spoiled('0x' as const)
  }

  list(name: string): readonly Argument[] {
    const value = this.#value(name)
    return Array.isArray(value) ? (value as readonly Argument[]) : this.#spoiled([])
  }

  #value(name: string): ArgumentValue | undefined {
    return this.#arguments.find(argument => argument.name === name)?.value
  }

  #spoiled<T>(instead: T): T {
    this.#spoil()
    return instead
  }

  #spoil(): void {
    this.isWhole = false
    if (this.#parent) this.#parent.isWhole = false
  }
}
