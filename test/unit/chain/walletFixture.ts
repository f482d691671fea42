// A chain with a DeviceRegistry and a token, three endpoints in front of it that a test may twist, and the wallet's view of it.
import { type Hex as AnyHex, encodeFunctionData } from 'viem'
import { demoTokenAbi, demoTokenBytecode } from '../../../contracts/generated/DemoToken.ts'
import { deviceRegistryAbi } from '../../../contracts/generated/DeviceRegistry.ts'
import type { WalletChain } from '../../../src/app/ports/walletChain.ts'
import type { Address, Bytes, Hex } from '../../../src/core/bytes.ts'
import { fromHex } from '../../../src/core/bytes.ts'
import { createWalletChain } from '../../../src/io/chain/wallet/walletChain.ts'
import { receiptOf } from '../../chain.ts'
import { deployContract } from '../../contract/deployed.ts'
import { startDeviceRegistry } from '../../contract/deviceRegistry.ts'
import { lower } from '../../contract/testDevice.ts'
import { startTwistedEndpoint, type TwistedEndpoint } from './twistedEndpoint.ts'

export const chainId = 31_337
const unixNow = () => Math.floor(Date.now() / 1000)

export async function startWalletFixture() {
  const anHourAgo = unixNow() - 3600
  const registry = await startDeviceRegistry(['--slots-in-an-epoch', '1', '--timestamp', String(anHourAgo)])
  const { client, chain } = registry
  const endpoints: TwistedEndpoint[] = []
  for (let i = 0; i < 3; i++) endpoints.push(await startTwistedEndpoint(chain.url))
  const [first, second, third] = endpoints
  if (!first || !second || !third) throw new Error('three endpoints were started')
  const deployer = registry.deployer.address
  const token = lower(
    await deployContract(client, deployer, { abi: demoTokenAbi, bytecode: demoTokenBytecode, args: [] }),
  )

  const mined = async (hash: AnyHex): Promise<AnyHex> => {
    await receiptOf(client, hash)
    return hash
  }
  return {
    ...registry,
    registry: registry.address,
    token,
    endpoints: [first, second, third] as const,
    /** What has happened so far becomes final, and the newest final block is of now. */
    async finalize() {
      const { timestamp } = await client.getBlock()
      if (Number(timestamp) < unixNow()) await client.setNextBlockTimestamp({ timestamp: BigInt(unixNow()) })
      await client.mine({ blocks: 4 })
    },
    async pay(from: Address, to: Address, value: bigint): Promise<AnyHex> {
      return mined(await client.sendTransaction({ account: from, to, value }))
    },
    async onToken(from: Address, functionName: 'mint' | 'transfer', to: Address, amount: bigint) {
      const data = tokenCall(functionName, to, amount)
      return mined(await client.sendTransaction({ account: from, to: token, data }))
    },
    /** Asks through the given endpoints, or through the first two. */
    wallet(through: readonly TwistedEndpoint[] = [first, second], minAgreeing = 2): WalletChain {
      return createWalletChain(
        {
          chainId,
          endpoints: through.map(({ url }) => url),
          minAgreeing,
          maxAgeSeconds: 600,
          deviceRegistry: registry.address,
        },
        { unixNow, rpc: { timeoutMs: 2_000 }, abis: [deviceRegistryAbi] },
      )
    },
    async end() {
      for (const endpoint of endpoints) await endpoint.stop()
      await registry.stop()
    },
  }
}

export type WalletFixture = Awaited<ReturnType<typeof startWalletFixture>>

export const tokenCall = (functionName: 'mint' | 'transfer', to: Address, amount: bigint): Hex =>
  encodeFunctionData({ abi: demoTokenAbi, functionName, args: [to, amount] })

export const bytesOf = (hex: Hex): Bytes => fromHex(hex) ?? new Uint8Array()

/** The value of a result; throws, naming the failure, where there is none. */
export function unwrap<T>(result: { ok: true; value: T } | { ok: false; error: { kind: string } }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}
