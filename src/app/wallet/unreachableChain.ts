// Stands in for the chain where its code could not be loaded just now: an answer like any other, and the next try loads again.
import { fail } from '../../core/result.ts'
import type { WalletChain } from '../ports/walletChain.ts'

const unreachable = async () => fail({ kind: 'chainUnreachable', endpoints: [] } as const)

export const unreachableChain: WalletChain = {
  readAccount: unreachable,
  readFees: unreachable,
  simulate: unreachable,
  nextNonce: unreachable,
  broadcast: unreachable,
  transactionStatus: unreachable,
  readDevice: unreachable,
  devicesOf: unreachable,
  custodyOf: unreachable,
  movementsOf: unreachable,
}
