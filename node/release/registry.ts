// FirmwareRegistry as the maker's tools read and write it. For a decision about a device, proofs are read instead.
import { type Account, createWalletClient, defineChain, fallback, http, type PublicClient } from 'viem'
import { firmwareRegistryAbi } from '../../contracts/generated/FirmwareRegistry.ts'
import type { Address, Hex } from '../../src/core/bytes.ts'
import { type ImageVersion, packVersion, unpackVersion } from '../../src/core/mcuboot/version.ts'
import { channelId } from '../../src/core/registry/channel.ts'
import { decodeManifest, manifestHash } from '../../src/core/registry/manifest.ts'
import type { ModelId } from '../../src/core/registry/model.ts'
import type { Head, Manifest, ModelRecord, Revocation } from '../../src/core/registry/release.ts'
import { publicClientFor } from '../chain/client.ts'

/** Where a registry is. Reads and writes go to the first endpoint that answers. */
export interface RegistryLocation {
  readonly chainId: number
  readonly registry: Address
  readonly endpoints: readonly string[]
}

export interface ModelState {
  /** null: not registered. */
  readonly record: (ModelRecord & { readonly createdBlock: bigint }) | null
  /** null: nothing published in this channel. */
  readonly head: Head | null
}

export interface ListedRelease {
  readonly seq: number
  readonly manifestHash: Hex
  /** null where the bytes in the event are no manifest that Fob understands. */
  readonly manifest: Manifest | null
  readonly blockNumber: bigint
  readonly transaction: Hex
}

export interface Receipt {
  readonly transaction: Hex
  readonly blockNumber: bigint
  readonly gasUsed: bigint
}

export interface Registry {
  readonly location: RegistryLocation
  readonly client: PublicClient
  read(modelId: ModelId, channel: string): Promise<ModelState>
  /** Oldest first. */
  releases(modelId: ModelId, channel: string, fromBlock: bigint): Promise<readonly ListedRelease[]>
  /** `toBlock`: the last that counts; without it, the newest. */
  revocations(modelId: ModelId, fromBlock: bigint, toBlock?: bigint): Promise<readonly Revocation[]>
  createModel(account: Account, model: NewModel): Promise<Receipt>
  publish(account: Account, release: NewRelease): Promise<Receipt>
  revoke(account: Account, modelId: ModelId, digest: Hex, reason: number): Promise<Receipt>
}

interface NewModel {
  readonly name: string
  readonly hardware: string
  readonly releaseKey: Address
  /** null: nobody. */
  readonly guardian: Address | null
}

interface NewRelease {
  readonly modelId: ModelId
  readonly channel: string
  readonly version: ImageVersion
  readonly minSecurityCounter: number
  readonly manifest: Uint8Array
}

const nobody: Address = '0x0000000000000000000000000000000000000000'

/** Throws, in the methods, what viem throws: unreachable endpoints and reverted calls. */
export function openRegistry(location: RegistryLocation): Registry {
  const [first = ''] = location.endpoints
  const client =
    location.endpoints.length === 1 ? publicClientFor(first) : publicClientFor(location.endpoints)
  const chain = defineChain({
    id: location.chainId,
    name: `chain ${location.chainId}`,
    nativeCurrency: { name: 'coin', symbol: 'coin', decimals: 18 },
    rpcUrls: { default: { http: [...location.endpoints] } },
  })
  const contract = { address: location.registry, abi: firmwareRegistryAbi } as const

  async function send(
    account: Account,
    write: (wallet: ReturnType<typeof walletOf>) => Promise<Hex>,
  ): Promise<Receipt> {
    const transaction = await inTurn(account.address, () => write(walletOf(account)))
    const receipt = await client.waitForTransactionReceipt({ hash: transaction, timeout: 120_000 })
    if (receipt.status !== 'success') throw new Error(`the transaction was reverted: ${transaction}`)
    return { transaction, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed }
  }
  // A transaction's number is read from the chain: two of one account must not be numbered at the same time.
  const turns = new Map<string, Promise<unknown>>()
  function inTurn<T>(account: string, task: () => Promise<T>): Promise<T> {
    const result = (turns.get(account) ?? Promise.resolve()).then(task)
    turns.set(
      account,
      result.catch(() => {}),
    )
    return result
  }
  const walletOf = (account: Account) =>
    createWalletClient({
      account,
      // viem refuses to sign for an endpoint that is of another chain.
      chain,
      transport: fallback(location.endpoints.map(url => http(url, { timeout: 15_000 }))),
    })

  return {
    location,
    client,
    async read(modelId, channel) {
      const args = [modelId, channelId(channel)] as const
      const [model, head] = await Promise.all([
        client.readContract({ ...contract, functionName: 'modelOf', args: [modelId] }),
        client.readContract({ ...contract, functionName: 'headOf', args }),
      ])
      const lower = (address: string) => address.toLowerCase() as Address
      const isRotating = lower(model.pendingReleaseKey) !== nobody
      return {
        record:
          lower(model.maker) === nobody
            ? null
            : {
                maker: lower(model.maker),
                releaseKey: lower(model.releaseKey),
                guardian: lower(model.guardian),
                pending: isRotating
                  ? { releaseKey: lower(model.pendingReleaseKey), readyAt: model.pendingReadyAt }
                  : null,
                createdBlock: BigInt(model.createdBlock),
              },
        head:
          head.seq === 0
            ? null
            : {
                manifestHash: head.manifestHash,
                version: unpackVersion(head.version),
                seq: head.seq,
                minSecurityCounter: head.minSecurityCounter,
                updatedAt: head.updatedAt,
              },
      }
    },
    async releases(modelId, channel, fromBlock) {
      const logs = await client.getContractEvents({
        ...contract,
        eventName: 'Released',
        args: { modelId, channel: channelId(channel) },
        fromBlock,
        strict: true,
      })
      return logs.map(({ args, blockNumber, transactionHash }) => {
        const bytes = Buffer.from(args.manifest.slice(2), 'hex')
        const decoded = decodeManifest(bytes)
        const isGenuine = decoded.ok && manifestHash(bytes) === args.manifestHash
        return {
          seq: args.seq,
          manifestHash: args.manifestHash,
          manifest: isGenuine ? decoded.value : null,
          blockNumber,
          transaction: transactionHash,
        }
      })
    },
    async revocations(modelId, fromBlock, toBlock) {
      const logs = await client.getContractEvents({
        ...contract,
        eventName: 'Revoked',
        args: { modelId },
        fromBlock,
        ...(toBlock !== undefined && { toBlock }),
        strict: true,
      })
      return logs.map(({ args }) => ({ digest: args.digest, reason: args.reason }))
    },
    createModel: (account, model) =>
      send(account, wallet =>
        wallet.writeContract({
          ...contract,
          functionName: 'createModel',
          args: [model.name, model.hardware, model.releaseKey, model.guardian ?? nobody],
        }),
      ),
    publish: (account, release) =>
      send(account, wallet =>
        wallet.writeContract({
          ...contract,
          functionName: 'publish',
          args: [
            release.modelId,
            channelId(release.channel),
            packVersion(release.version),
            release.minSecurityCounter,
            `0x${Buffer.from(release.manifest).toString('hex')}`,
          ],
        }),
      ),
    revoke: (account, modelId, digest, reason) =>
      send(account, wallet =>
        wallet.writeContract({
          ...contract,
          functionName: 'revoke',
          args: [modelId, digest, reason],
        }),
      ),
  }
}
