// The order of the test files: long ones begin first, so that no worker is left alone with one at the end.
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest on two cores, stories and others apart; the rest follows in any order. */
const long = [
  'e2e/kioskFaults',
  'e2e/paidServing',
  'e2e/rental',
  'e2e/kiosk',
  'e2e/walletAttacksVault',
  'e2e/fleet',
  'e2e/walletScreens',
  'e2e/ownership',
  'e2e/paidUnlock',
  'e2e/serveOnward',
  'e2e/walletAttacks',
  'e2e/marketScreens',
  'e2e/screens',
  'e2e/kioskScreens',
  'e2e/fetch',
  'e2e/ble',
  'unit/node/cli',
  'unit/node/agentCommand',
  'unit/node/sponsor',
  'unit/node/agentUpdate',
  'unit/market/renting',
  'unit/market/marketTroubles',
  'unit/keys/interrupted',
  'unit/app/ownershipKilled',
  'unit/node/start',
  'unit/kiosk/saleFaults',
  'unit/dfu/drivers',
  'unit/app/updateDevice',
  'unit/ipfs/firmwareSource',
  'unit/lock/attacksLink',
  'unit/app/bootModes',
  'unit/app/fleet',
  'unit/app/ownership',
  'unit/board/device',
  'unit/node/issuer',
  'unit/node/agentHire',
  'unit/node/localChain',
]

const place = ({ moduleId }: TestSpecification): number => {
  const found = long.findIndex(name => moduleId.endsWith(`/test/${name}.test.ts`))
  return found === -1 ? long.length : found
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => place(a) - place(b))
  }
}
