// Readings of the registry with their memory: the last proven one serves when no endpoint answers.
import type { NetworkConfig } from '../core/network.ts'
import type { Model } from '../core/registry/model.ts'
import { modelIdOf } from '../core/registry/modelId.ts'
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
    const read = await chain.readHead(modelIdOf(model), channel)
    const key = keyOf(config, model, channel)
    if (read.ok) {
      if (read.value.evidence.level === 'proven')
        await this.#stores.readings.put({ key, reading: read.value })
      return ok({ reading: read.value, remembered: false })
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
    const releases = remembered ? ok(headOnly(reading)) : await this.#list(config, model, channel)
    return ok({ reading, remembered, releases: releases.ok ? releases.value : headOnly(reading) })
  }

  async remembered(config: NetworkConfig, model: Model, channel: string): Promise<HeadReading | undefined> {
    return (await this.#stores.readings.get(keyOf(config, model, channel)))?.reading
  }

  async #list(config: NetworkConfig, model: Model, channel: string) {
    return (await this.#chain(config)).listReleases(modelIdOf(model), channel)
  }
}

const keyOf = (config: NetworkConfig, model: Model, channel: string): string =>
  `${config.chain.id}/${config.chain.registry}/${modelIdOf(model)}/${channel}`

/** The one release that a reading itself names. */
function headOnly({ head, manifest, revocations, evidence }: HeadReading): ReleaseEntry[] {
  if (!head || !manifest) return []
  return [
    {
      seq: head.seq,
      manifestHash: head.manifestHash,
      manifest,
      blockNumber: evidence.block.number,
      transaction: null,
      isHead: true,
      revoked: revocations.some(({ digest }) => digest === manifest.imageHash),
      attestations: [],
    },
  ]
}
