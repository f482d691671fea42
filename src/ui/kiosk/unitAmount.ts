// How much of a product in its own unit: pieces as a number, energy in watt-hours, time in minutes.
import type { VendUnit } from '../../core/vending/machine.ts'
import type { KioskMessages } from '../i18n/kioskEn.ts'

/** One unit of energy is ten watt-hours. */
const wattHours = 10
const kilo = 1000

export function unitAmount({ units }: Pick<KioskMessages, 'units'>, unit: VendUnit, count: number): string {
  if (unit === 'product') return String(count)
  if (unit === 'minute') return units.minutes(String(count))
  const energy = count * wattHours
  return energy < kilo ? units.wattHours(String(energy)) : units.kilowattHours(String(energy / kilo))
}
