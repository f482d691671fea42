// The people of the contract tests, and fresh models for them.
import { type Address, type Hex, stringToHex } from 'viem'
import type { Registry } from './registry.ts'

export interface Cast {
  readonly maker: Address
  readonly releaseKey: Address
  readonly guardian: Address
  readonly nextKey: Address
  readonly auditor: Address
  readonly stranger: Address
  readonly channel: Hex
  /** Registers a model that no other test has; the maker's, with the cast's own keys unless told otherwise. */
  newModel(keys?: { releaseKey?: Address; guardian?: Address }): Promise<NewModel>
}

interface NewModel {
  readonly modelId: Hex
  readonly name: string
  readonly hardware: string
}

export function cast(registry: Registry): Cast {
  const [maker, releaseKey, guardian, nextKey, auditor, stranger] = registry.people
  if (!maker || !releaseKey || !guardian || !nextKey || !auditor || !stranger) {
    throw new Error('the chain has too few accounts')
  }
  let count = 0
  return {
    maker,
    releaseKey,
    guardian,
    nextKey,
    auditor,
    stranger,
    channel: stringToHex('stable', { size: 32 }),
    async newModel(keys = {}) {
      const name = `Model ${++count}`
      const hardware = 'rev-A'
      const created = await registry.send(maker, 'createModel', [
        name,
        hardware,
        keys.releaseKey ?? releaseKey,
        keys.guardian ?? guardian,
      ])
      if (!created.ok) throw new Error(created.error)
      return { modelId: await registry.read.modelIdOf([maker, name, hardware]), name, hardware }
    },
  }
}
