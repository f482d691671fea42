// A chain with the registry, one model with releases in two channels, a revocation and attestations.
import { type Hex as AnyHex, keccak256, toHex } from 'viem'
import {
  firmwareRegistryAbi,
  firmwareRegistryBytecode,
} from '../../../contracts/generated/FirmwareRegistry.ts'
import type { Address, Hex } from '../../../src/core/bytes.ts'
import { packVersion } from '../../../src/core/mcuboot/version.ts'
import { channelId } from '../../../src/core/registry/channel.ts'
import { encodeManifest, imageDigest } from '../../../src/core/registry/manifest.ts'
import type { Model } from '../../../src/core/registry/model.ts'
import { modelIdOf } from '../../../src/core/registry/modelId.ts'
import type { Manifest } from '../../../src/core/registry/release.ts'
import { startChain, type TestChain } from '../../chain.ts'

export interface RegistryFixture extends TestChain {
  readonly registry: Address
  readonly model: Model
  readonly modelId: Hex
  /** Oldest first; the last is the head of `stable`. */
  readonly manifests: readonly Manifest[]
  /** Mines until what has happened so far is final. */
  finalize(): Promise<void>
  publish(manifest: Manifest): Promise<void>
  revoke(digest: Hex, reason: number): Promise<void>
}

export const unixNow = () => Math.floor(Date.now() / 1000)

const hashOf = (text: string): Hex => keccak256(toHex(text))

export const manifestOf = (model: Model, minor: number): Manifest => ({
  model: model.name,
  hardware: model.hardware,
  version: { major: 1, minor, revision: 0, build: 0 },
  securityCounter: minor,
  cid: 'bafybeign7nyejb4vgwewhaxgwimwg6ofwmaavp6k5qtoa24u5kqmvab43y',
  size: 200_000 + minor,
  fileHash: hashOf(`file ${minor}`),
  imageHash: hashOf(`image ${minor}`),
  keyHash: hashOf('key'),
  validUntil: 4_000_000_000,
  notes: `Release 1.${minor}.0`,
  peers: ['/ip4/127.0.0.1/tcp/8643/ws'],
})

/** `notes` of the releases may differ, to make another chain whose registry has the same address. */
export async function startRegistry(notes = 'Release'): Promise<RegistryFixture> {
  const anHourAgo = unixNow() - 3600
  const chain = await startChain(['--slots-in-an-epoch', '1', '--timestamp', String(anHourAgo)])
  const { client, accounts } = chain
  const [maker, auditor, critic] = accounts
  if (!maker || !auditor || !critic) throw new Error('too few accounts')
  const mined = async (hash: AnyHex) => client.waitForTransactionReceipt({ hash })
  const deployed = await mined(
    await client.deployContract({
      abi: firmwareRegistryAbi,
      bytecode: firmwareRegistryBytecode,
      args: [3600],
      account: maker,
    }),
  )
  const registry = deployed.contractAddress
  if (!registry) throw new Error('not deployed')
  const model: Model = { maker: lower(maker.address), name: 'Fob Lock One', hardware: 'rev B' }
  const modelId = modelIdOf(model)
  const contract = { address: registry, abi: firmwareRegistryAbi, account: maker } as const

  const publish = async (manifest: Manifest, channel = 'stable') => {
    const args = [
      modelId,
      channelId(channel),
      packVersion(manifest.version),
      1,
      toHex(encodeManifest(manifest)),
    ] as const
    await mined(await client.writeContract({ ...contract, functionName: 'publish', args }))
  }
  const revoke = async (digest: Hex, reason: number) => {
    await mined(
      await client.writeContract({ ...contract, functionName: 'revoke', args: [modelId, digest, reason] }),
    )
  }
  const attest = async (account: typeof maker, digest: Hex, approves: boolean, uri: string) => {
    const args = [modelId, digest, approves, uri] as const
    await mined(await client.writeContract({ ...contract, account, functionName: 'attest', args }))
  }

  const guardian = '0x000000000000000000000000000000000000dEaD'
  await mined(
    await client.writeContract({
      ...contract,
      functionName: 'createModel',
      args: [model.name, model.hardware, maker.address, guardian],
    }),
  )
  const manifests = [0, 1, 2].map(minor => ({ ...manifestOf(model, minor), notes: `${notes} 1.${minor}.0` }))
  for (const manifest of manifests) await publish(manifest)
  await publish(manifestOf(model, 9), 'beta')
  await revoke(digestOf(manifests, 0), 3)
  await attest(auditor, digestOf(manifests, 2), true, 'https://auditor.example/1')
  await attest(critic, digestOf(manifests, 2), true, 'https://critic.example/1')
  await attest(critic, digestOf(manifests, 2), false, 'https://critic.example/2')
  const finalize = () => client.mine({ blocks: 5 })
  // Everything up to here is an hour old; the chain goes on in the present.
  await client.setNextBlockTimestamp({ timestamp: BigInt(unixNow()) })
  await finalize()
  return { ...chain, registry: lower(registry), model, modelId, manifests, finalize, publish, revoke }
}

const lower = (address: AnyHex): Address => `0x${address.slice(2).toLowerCase()}`

function digestOf(manifests: readonly Manifest[], index: number): Hex {
  const manifest = manifests[index]
  if (!manifest) throw new Error(`no manifest ${index}`)
  return imageDigest(manifest.imageHash)
}
