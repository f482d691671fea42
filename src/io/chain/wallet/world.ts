// What the wallet's readers share: the endpoints, the header that they agree on, and the rules of evidence.
import type { ChainFailure } from '../../../app/ports/chain.ts'
import type { Address } from '../../../core/bytes.ts'
import type { Endpoint } from '../../../core/proof/endpoint.ts'
import { evidenceOf } from '../../../core/proof/evidence.ts'
import {
  createEndpointHeaderSource,
  type HeaderReading,
  type HeaderSource,
} from '../../../core/proof/headerSource.ts'
import type { Verdicts } from '../../../core/proof/verdicts.ts'
import type { Evidence } from '../../../core/registry/evidence.ts'
import type { Result } from '../../../core/result.ts'
import type { AbiItem } from '../../../core/wallet/abiShape.ts'
import { connectEndpoints, defaultRpcOptions, type RpcOptions, withKnownChain } from '../rpc.ts'

export interface WalletChainSettings {
  readonly chainId: number
  /** JSON-RPC over http(s). */
  readonly endpoints: readonly string[]
  /** How many endpoints must agree on a block; at least 2 to prove anything. */
  readonly minAgreeing: number
  /** Seconds; readings at an older block are not proven. */
  readonly maxAgeSeconds: number
  /** The DeviceRegistry, where the network has one. */
  readonly deviceRegistry?: Address | undefined
}

export interface WalletChainOptions {
  /** Unix time in seconds. */
  readonly unixNow: () => number
  readonly rpc?: Partial<RpcOptions>
  /** Whose errors are put into words where a call would revert. */
  readonly abis?: readonly (readonly AbiItem[])[]
  /** Instead of the agreement of the endpoints: a light client, attestors. */
  readonly headerSource?: HeaderSource
}

export class ChainWorld {
  readonly chainId: number
  readonly endpoints: readonly Endpoint[]
  readonly needed: number
  readonly deviceRegistry: Address | undefined
  readonly rpc: RpcOptions
  readonly abis: readonly (readonly AbiItem[])[]
  readonly #headers: HeaderSource
  readonly #rules: { readonly unixNow: () => number; readonly maxAgeSeconds: number }
  #reading: Promise<Result<HeaderReading, ChainFailure>> | undefined

  constructor(settings: WalletChainSettings, options: WalletChainOptions) {
    this.chainId = settings.chainId
    this.rpc = { ...defaultRpcOptions, fetch: globalThis.fetch.bind(globalThis), ...options.rpc }
    this.endpoints = connectEndpoints(settings.endpoints, this.rpc)
    this.deviceRegistry = settings.deviceRegistry
    this.abis = options.abis ?? []
    this.needed = Math.max(2, settings.minAgreeing)
    this.#headers =
      options.headerSource ??
      createEndpointHeaderSource(this.endpoints.map(withKnownChain), this.chainId, this.needed)
    this.#rules = { unixNow: options.unixNow, maxAgeSeconds: settings.maxAgeSeconds }
  }

  /** The newest final block that enough endpoints agree on. Readings that begin while one is looked for share it. */
  newest(): Promise<Result<HeaderReading, ChainFailure>> {
    this.#reading ??= this.#headers.newest().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  evidence(source: HeaderReading, isProven: boolean, verdicts: Verdicts): Evidence {
    return evidenceOf(source, isProven, verdicts, this.#rules)
  }
}
