// In place of a Market's chain whose code could not be loaded: the app is offline, and has never asked for it here.
import { fail } from '../../core/result.ts'
import type { MarketChain } from '../ports/marketChain.ts'

const unreachable = async () => fail({ kind: 'chainUnreachable', endpoints: [] } as const)

export const unreachableMarket: MarketChain = {
  read: unreachable,
  findOffer: unreachable,
  offersOf: unreachable,
  ordersOf: unreachable,
  timesOf: async () => new Map(),
  fulfilled: unreachable,
  grantedInstant: unreachable,
  filedConfig: unreachable,
  anchorOf: unreachable,
  anchorsOf: unreachable,
  finalitySeconds: unreachable,
  tokenAllowance: unreachable,
}
