// Transfers of the network's tokens to and from an account: from event logs, the newest first, as far back as there is time.
import { type Address, type Hex, toHex } from '../../../core/bytes.ts'
import type { Endpoint } from '../../../core/proof/endpoint.ts'
import { abiAddress, abiDecode, abiEncode } from '../../../core/registry/abi.ts'
import { type Log, readPart } from '../logs.ts'
import { transferTopic } from './simulate.ts'

export interface TokenTransfer {
  readonly block: number
  readonly transaction: Hex
  /** Of the log, within its block. */
  readonly index: number
  readonly token: Address
  readonly from: Address
  readonly to: Address
  readonly amount: bigint
}

export interface TransfersReading {
  readonly transfers: readonly TokenTransfer[]
  /** All blocks from here on were searched. */
  readonly completeFrom: number
}

export async function findTransfers(
  endpoint: Endpoint,
  address: Address,
  tokens: readonly Address[],
  { fromBlock, toBlock }: { readonly fromBlock: number; readonly toBlock: number },
  hasTime: () => boolean,
): Promise<TransfersReading> {
  if (tokens.length === 0) return { transfers: [], completeFrom: fromBlock }
  const holder = toHex(abiEncode([abiAddress(address)]))
  const found = new Map<string, TokenTransfer>()
  let span = toBlock - fromBlock + 1
  let high = toBlock
  while (high >= fromBlock && hasTime()) {
    const range = { address: tokens, fromBlock: Math.max(fromBlock, high - span + 1), toBlock: high }
    const parts = await Promise.all([
      readPart(endpoint, { ...range, topics: [transferTopic, holder] }),
      readPart(endpoint, { ...range, topics: [transferTopic, null, holder] }),
    ])
    const [sent, received] = parts
    if (sent.ok && received.ok) {
      for (const log of [...sent.value, ...received.value]) {
        const transfer = readTransfer(log)
        if (transfer) found.set(`${transfer.block}/${transfer.index}`, transfer)
      }
      high = range.fromBlock - 1
    } else if (span > 1) {
      // Endpoints limit blocks, logs and time, each in words of its own.
      span = Math.ceil(Math.min(span, high - range.fromBlock + 1) / 2)
    } else {
      break
    }
  }
  return { transfers: [...found.values()], completeFrom: high + 1 }
}

/** undefined for those of tokens that are one of a kind, and for transfers of nothing: anybody can make these in any name. */
function readTransfer({
  address,
  topics,
  data,
  blockNumber,
  transaction,
  index,
}: Log): TokenTransfer | undefined {
  const [, from, to, ...others] = topics
  const values = abiDecode(['uint'], data)
  if (!from || !to || others.length > 0 || !values || values[0] === 0n) return undefined
  const holder = (topic: Hex): Address => `0x${topic.slice(-40)}`
  return {
    block: blockNumber,
    transaction,
    index,
    token: address,
    from: holder(from),
    to: holder(to),
    amount: values[0],
  }
}
