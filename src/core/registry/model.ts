// A model is what a release is for: maker, model name, hardware revision.
import type { Address, Hex } from '../bytes.ts'

export interface Model {
  readonly maker: Address
  readonly name: string
  readonly hardware: string
}

export type ModelId = Hex
