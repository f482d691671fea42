// A device account buys its own update: the chain is read, the image fetched (for nothing where it can be), verified, flashed.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import * as v from 'valibot'
import type { Address } from '../../src/core/bytes.ts'
import type { NetworkConfig } from '../../src/core/network.ts'
import type { HighWater } from '../../src/core/registry/decision.ts'
import { modelIdOf } from '../../src/core/registry/modelId.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import type { ByteTransport, Timer } from '../../src/core/smp/transport.ts'
import type { ChannelDomain } from '../../src/core/voucher/channel.ts'
import { readJsonIfThere, writeFileDurably } from '../files.ts'
import { readProvenReading } from '../release/provenReading.ts'
import type { AgentAccount } from './account.ts'
import type { ManageRight } from './deviceLink.ts'
import { type FetchedFile, fetchFirmware } from './fetchFirmware.ts'
import { bitswapSource, gatewaySource } from './freeSources.ts'
import { payForUpdate } from './payForUpdate.ts'
import type { PeerNode } from './peerNode.ts'
import { updateDevice } from './updateDevice.ts'

/** A device of the owner's within reach of this box. */
export interface ReachableDevice {
  /** Rejects with LinkError while it can't be reached. */
  connect(): Promise<ByteTransport>
  /** The owner's grant to manage it; null where it has no owner yet. */
  readonly right: ManageRight | null
}

export interface OwnUpdateOptions {
  readonly account: AgentAccount
  readonly device: ReachableDevice
  readonly network: NetworkConfig
  readonly domain: ChannelDomain
  /** Whose releases the owner trusts. */
  readonly makers: readonly Address[]
  readonly channel: string
  readonly node: PeerNode
  /** The account's. */
  readonly directory: string
  readonly timer: Timer
  /** Unix seconds. */
  readonly now: () => number
}

export interface OwnUpdate {
  readonly outcome: 'done' | 'upToDate'
  /** null where nothing had to be fetched. */
  readonly fetched: FetchedFile['from'] | null
}

export async function updateOwnDevice(options: OwnUpdateOptions): Promise<Result<OwnUpdate, Failure>> {
  const { account, device, network, domain, makers, channel, node, directory, timer, now } = options
  const { chain } = network
  const location = { chainId: chain.id, registry: chain.registry, endpoints: chain.endpoints }
  const stateFile = join(directory, 'update.json')
  let fetched: FetchedFile['from'] | null = null
  const highWater = readHighWater(readJsonIfThere(stateFile))
  // Without it an older release could pass for the newest.
  if (highWater === undefined) return fail({ kind: 'updateStateUnreadable', detail: stateFile })

  const outcome = await updateDevice(
    {
      deviceId: account.deviceId,
      chainId: chain.id,
      registry: chain.registry,
      connect: device.connect,
      right: device.right,
      timer,
      now,
      channel,
      maxAgeSeconds: chain.maxAgeSeconds,
      highWater,
      async read(model) {
        // A counterfeit names its own maker: only one that the owner has chosen is believed.
        if (!makers.includes(model.maker)) return fail({ kind: 'makerNotPinned', detail: model.maker })
        const { minAgreeing, maxAgeSeconds } = chain
        return readProvenReading(location, modelIdOf(model), channel, {
          minAgreeing,
          maxAgeSeconds,
          now: now(),
        })
      },
      async fetch({ cid, size, peers, version }) {
        const addresses = [...peers, ...network.peers].flatMap(parseAddress)
        const { major, minor, revision } = version
        const what = `update to ${major}.${minor}.${revision}`
        const purchase = payForUpdate({
          libp2p: node.helia.libp2p,
          domain,
          account,
          peers: addresses,
          blocks: node.blocks,
          what,
        })
        try {
          const file = await fetchFirmware({
            cid,
            size,
            blocks: node.blocks,
            free: [
              ...network.gateways.map(gatewaySource),
              ...addresses.map(address => bitswapSource(node.helia, address)),
            ],
            openPaid: purchase.open,
          })
          if (!file.ok) return file
          fetched = file.value.from
          return ok(file.value.bytes)
        } finally {
          await purchase.close()
        }
      },
      store: (state, highWater) =>
        writeFileDurably(stateFile, `${JSON.stringify({ state, highWater }, null, 1)}\n`, 0o600),
    },
    randomUUID(),
  )
  return outcome.ok ? ok({ outcome: outcome.value, fetched }) : outcome
}

/** A peer's address that is none is left out: manifests are written by others. */
function parseAddress(text: string): Multiaddr[] {
  try {
    return [multiaddr(text)]
  } catch {
    // Not a multiaddr.
    return []
  }
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const highWaterSchema = v.object({
  highWater: v.nullable(
    v.object({
      channel: v.string(),
      releaseKey: v.pipe(
        v.string(),
        v.regex(/^0x[0-9a-f]{40}$/),
        v.transform(text => text as Address),
      ),
      seq: count,
      version: v.object({ major: count, minor: count, revision: count, build: count }),
      securityCounter: count,
    }),
  ),
})

/** null where nothing was ever proven; undefined where what was stored of it can't be read. */
function readHighWater(json: unknown): HighWater | null | undefined {
  if (json === undefined) return null
  const parsed = v.safeParse(highWaterSchema, json)
  return parsed.success ? parsed.output.highWater : undefined
}
