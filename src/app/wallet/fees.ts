// What a transaction pays for gas (EIP-1559): plain choices, and what stands in for one that waits.
import type { FeeReading } from '../ports/walletChain.ts'
import type { FeeChoice, Speed } from './wallet.ts'
import type { Unit } from './walletNetwork.ts'

export interface GasPrice {
  readonly maxPriorityFeePerGas: bigint
  readonly maxFeePerGas: bigint
}

/** One choice as it is shown, with what is signed for it. */
export interface PricedChoice {
  readonly price: GasPrice
  readonly shown: FeeChoice
}

const speeds: readonly Speed[] = ['slow', 'normal', 'fast']

/** Blocks until one of that speed is most likely in. */
const blocksOf: Record<Speed, number> = { slow: 6, normal: 2, fast: 1 }

/** Room for the base fee to double, which takes six full blocks (EIP-1559: at most an eighth more with each). */
const BASE_FEE_ROOM = 2n

/**
 * 1,000 gwei: more than any chain has asked for more than minutes. The base fee is the chain's own and what is too much of it
 * comes back; the tip is what endpoints say, and paid as it is signed.
 */
const MAX_TIP = 1_000_000_000_000n

/** A node takes a replacement that offers a tenth more of both (geth's default), and more than nothing where that is nothing. */
const raised = (value: bigint): bigint => value + value / 8n + 1n

/**
 * The choices for a transaction of `gasLimit`; `replaced` is what the dearest transaction of the same nonce offers. `normal`
 * is always among them, and no two cost the same.
 */
export function feeChoices(
  reading: FeeReading,
  { gasLimit, coin, replaced }: { gasLimit: bigint; coin: Unit; replaced: GasPrice | null },
): readonly PricedChoice[] {
  const priced = speeds.map((speed): PricedChoice => {
    const price = priceOf(reading, speed, replaced)
    const perGas = lesser(reading.baseFee + price.maxPriorityFeePerGas, price.maxFeePerGas)
    return {
      price,
      shown: {
        speed,
        expected: { ...coin, value: gasLimit * perGas },
        atMost: { ...coin, value: gasLimit * price.maxFeePerGas },
        seconds: Math.ceil(blocksOf[speed] * reading.blockSeconds),
      },
    }
  })
  const normal = priced.find(({ shown }) => shown.speed === 'normal')
  return priced.filter(
    choice => choice === normal || choice.price.maxFeePerGas !== normal?.price.maxFeePerGas,
  )
}

function priceOf({ baseFee, tips }: FeeReading, speed: Speed, replaced: GasPrice | null): GasPrice {
  const tip = lesser(tips[speed], MAX_TIP)
  const price = { maxPriorityFeePerGas: tip, maxFeePerGas: baseFee * BASE_FEE_ROOM + tip }
  if (!replaced) return price
  const maxPriorityFeePerGas = greater(tip, raised(replaced.maxPriorityFeePerGas))
  const maxFeePerGas = greater(price.maxFeePerGas, raised(replaced.maxFeePerGas))
  return { maxPriorityFeePerGas, maxFeePerGas: greater(maxFeePerGas, maxPriorityFeePerGas) }
}

/** `Math.max` takes no bigint. */
export const greater = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b)
