// A device's Till: its address, which nobody needs to be asked for (EIP-1014), and what its events say is sold there.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { tillAbi, tillBytecode } from '../../../contracts/generated/Till.ts'
import { tillsAbi } from '../../../contracts/generated/Tills.ts'
import type { KioskTills } from '../../app/ports/kiosk.ts'
import { type Address, concat, fromHex, type Hex, toHex, utf8 } from '../../core/bytes.ts'
import type { NetworkConfig } from '../../core/network.ts'
import { fail, ok } from '../../core/result.ts'
import { readLogs } from '../chain/logs.ts'
import { connectEndpoints, defaultRpcOptions } from '../chain/rpc.ts'

const PRODUCT_SET = toHex(keccak_256(utf8('ProductSet(uint8,bytes32)')))
const PAID = toHex(keccak_256(utf8('Paid(uint256,bytes32,address)')))
const NO_OFFER = `0x${'00'.repeat(32)}`

export function createKioskTills(fetchIt: typeof fetch): KioskTills {
  const endpointsOf = ({ chain }: NetworkConfig) =>
    connectEndpoints(chain.endpoints, { ...defaultRpcOptions, fetch: fetchIt })
  return {
    async addressOf({ chain }, deviceId) {
      const { tills, market } = chain.contracts ?? {}
      if (!tills || !market) throw new Error('this network has no Tills')
      const creation = keccak_256(concat(bytesOf(tillBytecode), word(market), word(deviceId)))
      const made = keccak_256(concat(Uint8Array.of(0xff), bytesOf(tills), bytesOf(deviceId), creation))
      return toHex(made.slice(12))
    },
    async productsOf(config, till) {
      for (const endpoint of endpointsOf(config)) {
        const code = await endpoint.call('eth_getCode', [till, 'latest'])
        const head = await endpoint.call('eth_blockNumber', [])
        if (!code.ok || !head.ok || typeof head.value !== 'string') continue
        if (code.value === '0x') return ok(null)
        const query = { address: till, topics: [PRODUCT_SET], fromBlock: 0, toBlock: Number(head.value) }
        const logs = await readLogs(endpoint, query)
        if (!logs.ok) continue
        const products = new Map<number, Hex>()
        for (const { topics, data } of logs.value) {
          const number = Number(BigInt(topics[1] ?? '0x0'))
          const offer = typeof data === 'string' ? data : toHex(data)
          if (offer === NO_OFFER) products.delete(number)
          else products.set(number, offer)
        }
        return ok(products)
      }
      return fail({ kind: 'chainUnreachable' })
    },
    async hasMade(config, till, orderId, block) {
      for (const endpoint of endpointsOf(config)) {
        const query = { address: till, topics: [PAID, null, orderId], fromBlock: block, toBlock: block }
        const logs = await readLogs(endpoint, query)
        if (logs.ok) return logs.value.length > 0
      }
      return null
    },
    contracts({ chain }, till) {
      const known = { chainId: chain.id, role: 'tills' as const }
      const tills = chain.contracts?.tills
      return [
        { ...known, address: till, name: 'Till', abi: tillAbi },
        ...(tills ? [{ ...known, address: tills, name: 'Tills', abi: tillsAbi }] : []),
      ]
    },
  }
}

const bytesOf = (hex: Hex) => fromHex(hex) ?? new Uint8Array()
const word = (hex: Address): Uint8Array => {
  const bytes = bytesOf(hex)
  return concat(new Uint8Array(32 - bytes.length), bytes)
}
