// Readings of the registry with their memory: the last proven one serves when no endpoint answers.
import type { NetworkConfig } from '../core/network.ts'
import type { Model, ModelId } from '../core/registry/model.ts'
import type { HeadReading, ReleaseEntry } from '../core/registry/release.ts'
import { ok, type Result } from '../core/result.ts'
import type { ModelOverview } from './fob.ts'
import type { ChainFailure, ChainPort } from './ports/chain.ts'
import type { Stores } from './ports/store.ts'

export interface CurrentReading {
  readonly reading: HeadReading
  /** True where this was proven earlier and could not be read now. */
  readonly remembered: boolean
}

export class Readings {
  readonly #stores: Stores
  readonly #chain: (config: NetworkConfig) => Promise<ChainPort>

  constructor(stores: Stores, chain: (config: NetworkConfig) => Promise<ChainPort>) {
    this.#stores = stores
    this.#chain = chain
  }

  async read(
    config: NetworkConfig,
    model: Model,
    channel: string,
  ): Promise<Result<CurrentReading, ChainFailure>> {
    const chain = await this.#chain(config)
    const modelId = await idOf(model)
    const read = await chain.readHead(modelId, channel)
    const key = keyOf(config, modelId, channel)
    if (read.ok) {
      if (read.value.evidence.level === 'proven') {
        await this.#stores.readings.put({ key, reading: read.value })
        return ok({ reading: read.value, remembered: false })
      }
      return ok({ reading: await this.#withKnownRevocations(config, modelId, read.value), remembered: false })
    }
    // Only silence falls back to memory: endpoints that contradict each other must be heard.
    if (read.error.kind !== 'chainUnreachable') return read
    const stored = await this.#stores.readings.get(key)
    return stored ? ok({ reading: stored.reading, remembered: true }) : read
  }

  async overview(
    config: NetworkConfig,
    model: Model,
    channel: string,
  ): Promise<Result<ModelOverview, ChainFailure>> {
    const current = await this.read(config, model, channel)
    if (!current.ok) return current
    const { reading, remembered } = current.value
    const listed = remembered ? null : await this.#list(config, model, channel)
    return ok({ reading, remembered, releases: listed?.ok ? listed.value : await headOnly(reading) })
  }

  async remembered(config: NetworkConfig, model: Model, channel: string): Promise<HeadReading | undefined> {
    return (await this.#stores.readings.get(keyOf(config, await idOf(model), channel)))?.reading
  }

  /**
   * A revocation is for good: one that was proven once counts against any reading that is not proven, which may have been
   * made up, or be old, to hide it.
   */
  async #withKnownRevocations(
    config: NetworkConfig,
    modelId: ModelId,
    reading: HeadReading,
  ): Promise<HeadReading> {
    const ofModel = keyOf(config, modelId, '')
    const known = (await this.#stores.readings.all())
      .filter(({ key }) => key.startsWith(ofModel))
      .flatMap(({ reading: { revocations } }) => revocations)
    const told = new Set(reading.revocations.map(({ digest }) => digest))
    return {
      ...reading,
      revocations: [...reading.revocations, ...known.filter(({ digest }) => !told.has(digest))],
    }
  }

  async #list(config: NetworkConfig, model: Model, channel: string) {
    return (await this.#chain(config)).listReleases(await idOf(model), channel)
  }
}

const keyOf = ({ chain }: NetworkConfig, modelId: ModelId, channel: string): string =>
  `${chain.id}/${chain.registry}/${modelId}/${channel}`

const idOf = async (model: Model): Promise<ModelId> =>
  (await import('../core/registry/modelId.ts')).modelIdOf(model)

/** The one release that a reading itself names. */
async function headOnly({ head, manifest, revocations, evidence }: HeadReading): Promise<ReleaseEntry[]> {
  if (!head || !manifest) return []
  const { isRevoked } = await import('../core/registry/policy.ts')
  return [
    {
      seq: head.seq,
      manifestHash: head.manifestHash,
      manifest,
      blockNumber: evidence.block.number,
      transaction: null,
      isHead: true,
      revoked: isRevoked(manifest.imageHash, revocations),
      attestations: [],
    },
  ]
}
