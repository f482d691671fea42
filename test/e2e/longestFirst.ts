// The order of the browsers' stories: long ones begin first, so that no worker is left alone with one at the end.
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes more than a minute on two cores, longest first; the others follow in any order. */
const long = [
  'kioskFaults',
  'paidServing',
  'rental',
  'kiosk',
  'walletAttacksVault',
  'fleet',
  'walletScreens',
  'ownership',
  'paidUnlock',
  'serveOnward',
  'walletAttacks',
  'marketScreens',
  'screens',
  'kioskScreens',
  'fetch',
  'ble',
]

const place = ({ moduleId }: TestSpecification): number => {
  const found = long.findIndex(name => moduleId.endsWith(`/e2e/${name}.test.ts`))
  return found === -1 ? long.length : found
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => place(a) - place(b))
  }
}
