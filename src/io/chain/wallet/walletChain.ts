// The wallet's chain: what decides is verified against a block that independent endpoints agree on, the rest says what it is.
import type { WalletChain } from '../../../app/ports/walletChain.ts'
import { readAccount } from './account.ts'
import { custodyOf, devicesOf, readDevice } from './devices.ts'
import { readFees } from './fees.ts'
import { movementsOf } from './movements.ts'
import { broadcast, nextNonce } from './send.ts'
import { simulate } from './simulate.ts'
import { transactionStatus } from './transaction.ts'
import { ChainWorld, type WalletChainOptions, type WalletChainSettings } from './world.ts'

export function createWalletChain(settings: WalletChainSettings, options: WalletChainOptions): WalletChain {
  const world = new ChainWorld(settings, options)
  return {
    readAccount: (address, tokens) => readAccount(world, address, tokens),
    readFees: () => readFees(world),
    simulate: (call, watched) => simulate(world, call, watched),
    nextNonce: address => nextNonce(world, address),
    broadcast: raw => broadcast(world, raw),
    transactionStatus: hash => transactionStatus(world, hash),
    readDevice: deviceId => readDevice(world, deviceId),
    devicesOf: owner => devicesOf(world, owner),
    custodyOf: deviceId => custodyOf(world, deviceId),
    movementsOf: (address, tokens, fromBlock) => movementsOf(world, address, tokens, fromBlock),
  }
}
