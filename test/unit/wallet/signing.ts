// A chain's contracts, tokens and people, for the tests of what is signed.
import { deviceRegistryAbi } from '../../../contracts/generated/DeviceRegistry.ts'
import { firmwareRegistryAbi } from '../../../contracts/generated/FirmwareRegistry.ts'
import type { Address, Bytes } from '../../../src/core/bytes.ts'
import { fromHex } from '../../../src/core/bytes.ts'
import type { SigningContext } from '../../../src/core/wallet/contracts.ts'
import type { SigningRequest } from '../../../src/core/wallet/door.ts'
import type { Transaction } from '../../../src/core/wallet/transaction.ts'

const person = (digit: string): Address => `0x${digit.repeat(40)}`

export const firmwareRegistry = person('1')
export const deviceRegistry = person('2')
export const token = person('3')
export const alice = person('a')
export const bob = person('b')
export const stranger = person('c')

export const context: SigningContext = {
  chainId: 31337,
  coin: { symbol: 'ETH', decimals: 18 },
  contracts: [
    {
      chainId: 31337,
      address: firmwareRegistry,
      name: 'Firmware registry',
      role: 'firmwareRegistry',
      abi: firmwareRegistryAbi,
    },
    {
      chainId: 31337,
      address: deviceRegistry,
      name: 'Device registry',
      role: 'deviceRegistry',
      abi: deviceRegistryAbi,
    },
  ],
  tokens: [
    {
      chainId: 31337,
      address: token,
      name: 'Test dollar',
      symbol: 'TUSD',
      decimals: 6,
      permit: { name: 'Test dollar', version: '1' },
    },
  ],
  knownAddresses: [alice, bob],
  isExpert: false,
  now: 1_800_000_000,
}

export const bytesOf = (hex: string): Bytes => fromHex(hex) ?? new Uint8Array()

export const transactionTo = (
  to: Address,
  data: string,
  change: Partial<Transaction> = {},
): SigningRequest => ({
  kind: 'transaction',
  transaction: {
    chainId: 31337,
    nonce: 0,
    maxPriorityFeePerGas: 1n,
    maxFeePerGas: 10n,
    gasLimit: 100_000n,
    to,
    value: 0n,
    data: bytesOf(data),
    ...change,
  },
})
