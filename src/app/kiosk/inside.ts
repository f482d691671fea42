// What the owner finds behind the PIN: stock, alarms, gas, the last sales. Nobody's name is among them.
import type { Address } from '../../core/bytes.ts'
import type { Sale } from '../../core/kiosk/sale.ts'
import type { Failure } from '../../core/result.ts'
import type { MachineReading } from '../../core/vending/machine.ts'
import type { Amount } from '../../core/wallet/sentence.ts'
import type { KeptCatalogue } from './catalogueKeeper.ts'
import type { KioskAlarm, KioskInside, KioskSale } from './kiosk.ts'
import type { StepTrouble } from './rounds.ts'
import type { SaleBook } from './saleBook.ts'
import type { FreeVend, StaffVends } from './staffVends.ts'

export interface InsideFacts {
  readonly reading: MachineReading | null
  readonly gas: bigint | null
  readonly book: SaleBook
  readonly keeper: KeptCatalogue
  readonly staff: Pick<StaffVends, 'latest' | 'unitsOf'>
  readonly setup: { readonly answer: { readonly grant: { readonly notAfter: number } } }
  /** Unix seconds. */
  readonly since: { readonly machine: number | null; readonly chain: number | null }
  /** The chain answers, and too little of it can be believed; else, where `since.chain` is set, it does not answer. */
  readonly isChainUnproven: boolean
  readonly stuck: readonly StepTrouble[]
  readonly now: number
  readonly gasTrouble: Failure | null
  readonly machineTrouble: Failure | null
  readonly amount: (token: Address | null) => (value: bigint) => Amount
}

/** Wei for one sale, generously: about 120,000 gas at 25 gwei. */
const GAS_PER_SALE = 3n * 10n ** 15n
const LOW_SALES = 10
/** Seconds. */
const GRANT_ENDS_SOON = 14 * 86_400
const MOST_SALES = 200

export function alarmsOf(facts: InsideFacts): readonly KioskAlarm[] {
  const { reading, gas, keeper, setup, since, now, gasTrouble, machineTrouble } = facts
  const alarms: KioskAlarm[] = []
  if (since.machine !== null) {
    alarms.push({ kind: 'machineUnreachable', since: since.machine, why: machineTrouble?.kind ?? '' })
  }
  if (since.chain !== null) {
    alarms.push({
      kind: facts.isChainUnproven ? 'chainUnproven' : 'chainUnreachable',
      since: since.chain,
    })
  }
  alarms.push(...facts.stuck.map(trouble => ({ kind: 'stuck' as const, ...trouble })))
  if (gas === 0n || gasTrouble?.kind === 'gasEmpty') alarms.push({ kind: 'gasEmpty' })
  else if (gas !== null && salesFor(gas) < LOW_SALES) {
    alarms.push({ kind: 'gasLow', balance: gas, salesLeft: salesFor(gas) })
  }
  const sold = new Set(keeper.catalogue?.products.map(({ slot }) => slot) ?? [])
  for (const { slot, fault, stock } of reading?.slots ?? []) {
    // A closed one is as its owner wants it.
    if (fault === 'closed') continue
    if (fault !== 'none') alarms.push({ kind: 'slotOutOfOrder', slot })
    else if (stock === 0 && sold.has(slot)) alarms.push({ kind: 'slotEmpty', slot })
  }
  if (reading?.isDoorOpen) alarms.push({ kind: 'doorOpen' })
  if (reading?.isTooWarm) alarms.push({ kind: 'tooWarm' })
  const { notAfter } = setup.answer.grant
  if (notAfter - now < GRANT_ENDS_SOON) alarms.push({ kind: 'grantEnding', notAfter })
  if (keeper.refused) alarms.push({ kind: 'catalogueRefused', why: keeper.refused.kind })
  if (keeper.silentSince !== null) alarms.push({ kind: 'catalogueUnreachable', since: keeper.silentSince })
  const lost = salesOf(facts.book).filter(
    ({ stage }) => stage.kind === 'closed' && stage.end === 'lost',
  ).length
  if (lost > 0) alarms.push({ kind: 'lossSuffered', count: lost })
  return alarms
}

/** null: before anything is known. */
export function insideOf(
  facts: (InsideFacts & { readonly alarms: readonly KioskAlarm[] }) | null,
): KioskInside {
  const reading = facts?.reading ?? null
  return {
    alarms: facts?.alarms ?? [],
    slots: (reading?.slots ?? []).map(({ slot, unit, stock, capacity, given, failed, fault }) => ({
      slot,
      unit,
      stock,
      capacity,
      vended: given,
      failed,
      fault,
      free: facts?.staff.unitsOf(slot) ?? 0,
    })),
    temperature: reading?.temperature ?? null,
    isDoorOpen: reading?.isDoorOpen ?? false,
    gas:
      facts && facts.gas !== null
        ? { balance: facts.amount(null)(facts.gas), salesLeft: salesFor(facts.gas) }
        : null,
    sales: facts
      ? [
          ...salesOf(facts.book).map(sale => rowOf(sale, facts)),
          ...facts.staff.latest.map(each => freeRow(each, facts)),
        ]
          .sort((a, b) => b.at - a.at)
          .slice(0, MOST_SALES)
      : [],
    open:
      facts?.book.open.filter(({ stage }) => stage.kind !== 'closed' && stage.kind !== 'waiting').length ?? 0,
  }
}

const salesFor = (gas: bigint): number => Number(gas / GAS_PER_SALE)

const salesOf = (book: SaleBook): readonly Sale[] => [...book.all.get().values()].sort((a, b) => b.at - a.at)

function rowOf(sale: Sale, { keeper, amount }: InsideFacts): KioskInside['sales'][number] {
  const { id, at, terms, quantity, stage, product } = sale
  const name = keeper.catalogue?.products.find(({ number }) => number === product)?.name
  const payment = 'payment' in stage ? stage.payment : null
  return {
    id,
    at,
    product: name ?? { en: `${product}`, zh: `${product}` },
    quantity,
    total: amount(terms.token)(terms.price * BigInt(quantity)),
    way: payment?.by ?? 'till',
    state: stateOf(sale),
  }
}

/** Nobody paid: the machine has signed it as free. */
function freeRow(
  { counter, at, slot, dropped }: FreeVend,
  { keeper, amount }: InsideFacts,
): KioskInside['sales'][number] {
  const name = keeper.catalogue?.products.find(product => product.slot === slot)?.name
  return {
    id: `free/${counter}`,
    at,
    product: name ?? { en: `#${slot}`, zh: `#${slot}` },
    quantity: Math.max(1, dropped),
    total: amount(null)(0n),
    way: 'staff',
    state: dropped > 0 ? 'dropped' : 'trouble',
  }
}

function stateOf({ stage }: Sale): KioskSale['kind'] {
  switch (stage.kind) {
    case 'waiting':
      return 'paying'
    case 'seen':
      return 'seen'
    case 'vending':
      return 'dispensing'
    case 'cancelling':
    case 'refundDue':
      return 'refunding'
    case 'receipted':
      return stage.receipt.state === 'dropped' ? 'dropped' : 'refunding'
    case 'closed':
      if (stage.end === 'sold') return 'dropped'
      if (stage.end === 'lost') return 'trouble'
      return stage.end === 'unpaid' ? 'timedOut' : 'refunded'
  }
}
