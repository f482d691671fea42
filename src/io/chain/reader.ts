// The chain reader: a model's state, verified locally against a block that independent endpoints agree on.
import { firmwareRegistryLayout } from '../../../contracts/generated/FirmwareRegistry.ts'
import type { ChainFailure, ChainPort, EndpointStatus } from '../../app/ports/chain.ts'
import type { Address, Hex } from '../../core/bytes.ts'
import type { Endpoint } from '../../core/proof/endpoint.ts'
import { evidenceOf } from '../../core/proof/evidence.ts'
import { createEndpointHeaderSource, type HeaderSource } from '../../core/proof/headerSource.ts'
import { readStorage } from '../../core/proof/storage.ts'
import { Verdicts } from '../../core/proof/verdicts.ts'
import { channelId } from '../../core/registry/channel.ts'
import { decodeManifest } from '../../core/registry/manifest.ts'
import type { ModelId } from '../../core/registry/model.ts'
import { type RegistryState, registrySlots } from '../../core/registry/registryState.ts'
import type { HeadReading, Manifest, Revocation } from '../../core/registry/release.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { Released } from './events.ts'
import {
  findManifest,
  findRevocations,
  firstBlockOf,
  type HistoryScope,
  type KnownRevocations,
} from './history.ts'
import { probeEndpoint } from './probe.ts'
import { listPublished, toEntries } from './releases.ts'
import {
  connectEndpoints,
  defaultRpcOptions,
  type RpcOptions,
  withKnownChain,
  withTimeBudget,
} from './rpc.ts'

export interface ChainSettings {
  readonly chainId: number
  readonly registry: Address
  /** JSON-RPC over http(s). Those with the same host and port are one witness, and only the first is asked. */
  readonly endpoints: readonly string[]
  /** How many endpoints must agree on a block; at least 2 to prove anything. */
  readonly minAgreeing: number
  /** Seconds; readings at an older block are not proven. */
  readonly maxAgeSeconds: number
  /** Block of the registry's creation, if known: spares the search of older ones. */
  readonly deployedAt?: number
}

export interface ChainReaderOptions {
  /** Unix time in seconds. */
  readonly unixNow: () => number
  readonly rpc?: Partial<RpcOptions>
  /**
   * A stored reading of this model, if there is one: spares the search of events that it holds. It is not believed: the
   * list must fold to the proven word as any other.
   */
  readonly recall?: (modelId: ModelId) => Promise<Pick<HeadReading, 'revocations' | 'evidence'> | undefined>
  /** Instead of the agreement of the endpoints: a light client, attestors. */
  readonly headerSource?: HeaderSource
}

/** Everything of one reading that later steps build on. */
interface Reading {
  readonly head: HeadReading
  readonly state: RegistryState
  readonly released: Released | null
  readonly scope: HistoryScope
  readonly usable: readonly Endpoint[]
}

export function createChainReader(settings: ChainSettings, options: ChainReaderOptions): ChainPort {
  const rpc = { ...defaultRpcOptions, fetch: globalThis.fetch, ...options.rpc }
  const endpoints = connectEndpoints(settings.endpoints, rpc)
  const minAgreeing = Math.max(2, settings.minAgreeing)
  const headerSource =
    options.headerSource ??
    createEndpointHeaderSource(endpoints.map(withKnownChain), settings.chainId, minAgreeing)
  const manifests = new Map<Hex, Released>()
  const revocations = new Map<ModelId, KnownRevocations>()

  async function read(modelId: ModelId, channel: Hex): Promise<Result<Reading, ChainFailure>> {
    const newest = await headerSource.newest()
    if (!newest.ok) return newest
    const { header } = newest.value
    const verdicts = new Verdicts(newest.value.endpoints)
    const slots = registrySlots(firmwareRegistryLayout, modelId, channel)
    const storage = await readStorage(endpoints, settings.registry, slots.all, header, verdicts)
    if (!storage.ok) return storage
    const state = slots.decode(storage.value.words)
    const usable = verdicts.usable(endpoints).map(endpoint => withTimeBudget(endpoint, rpc.searchMs))
    const scope: HistoryScope = {
      registry: settings.registry,
      modelId,
      firstBlock: firstBlockOf(state, settings.deployedAt, header.number),
      lastBlock: header.number,
    }
    const [released, list] = await Promise.all([
      releasedOf(usable, scope, channel, state),
      revocationsOf(usable, scope, state),
    ])
    const decoded = released ? decodeManifest(released.manifest) : null
    // A head whose manifest can't be had, or can't be read, is no head to act on; nor is one without the revocations.
    if ((state.head && !decoded?.ok) || !list)
      return fail({ kind: 'manifestMissing', endpoints: verdicts.list() })
    const manifest: Manifest | null = decoded?.ok ? decoded.value : null
    const evidence = evidenceOf(newest.value, storage.value.isProven, verdicts, {
      unixNow: options.unixNow,
      maxAgeSeconds: settings.maxAgeSeconds,
    })
    const { record, head } = state
    return ok({
      head: { evidence, record, head, manifest, revocations: list },
      state,
      released,
      scope,
      usable,
    })
  }

  async function releasedOf(
    usable: readonly Endpoint[],
    scope: HistoryScope,
    channel: Hex,
    { head, headBlock }: RegistryState,
  ): Promise<Released | null> {
    if (!head) return null
    const known = manifests.get(head.manifestHash)
    if (known) return known
    const found = await findManifest(usable, scope, channel, head, headBlock)
    if (found) manifests.set(head.manifestHash, found)
    return found ?? null
  }

  async function revocationsOf(
    usable: readonly Endpoint[],
    scope: HistoryScope,
    state: RegistryState,
  ): Promise<readonly Revocation[] | undefined> {
    if (!state.record) return []
    const known = revocations.get(scope.modelId) ?? (await recallRevocations(scope.modelId))
    const list = await findRevocations(usable, scope, state.revocations, known)
    if (list) {
      revocations.set(scope.modelId, { list, lastBlock: scope.lastBlock })
    }
    return list
  }

  async function recallRevocations(modelId: ModelId): Promise<KnownRevocations | undefined> {
    const stored = await options.recall?.(modelId)
    return stored && { list: stored.revocations, lastBlock: stored.evidence.block.number }
  }

  return {
    async readHead(modelId, channel) {
      const reading = await read(modelId, channelId(channel))
      return reading.ok ? ok(reading.value.head) : reading
    },
    async listReleases(modelId, channel) {
      const reading = await read(modelId, channelId(channel))
      if (!reading.ok) return reading
      const { head, released, scope, usable } = reading.value
      if (!released) return ok([])
      const published = await listPublished(usable, scope, channelId(channel), minAgreeing)
      return ok(toEntries(published, released, head.revocations))
    },
    probe: (): Promise<readonly EndpointStatus[]> =>
      Promise.all(endpoints.map(endpoint => probeEndpoint(endpoint, settings.chainId))),
  }
}
