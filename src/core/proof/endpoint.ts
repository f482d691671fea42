// One JSON-RPC endpoint of a chain, as far as reading and proving need it. It is trusted with nothing.
import type { Hex } from '../bytes.ts'
import type { Result } from '../result.ts'

export type RpcFailure =
  /** No answer, too late, too long, or no JSON-RPC. */
  | { readonly kind: 'rpcUnreachable'; readonly detail: string }
  /** It answered with an error: it can't or won't do this. */
  | {
      readonly kind: 'rpcRefused'
      readonly detail: string
      /** What came with the error: for a call that reverts, the data that it reverted with. */
      readonly data?: Hex
    }

export interface Endpoint {
  /** Host and port, the only part of its address that may be shown: paths and queries often hold API keys. */
  readonly host: string
  call(method: string, params: readonly unknown[]): Promise<Result<unknown, RpcFailure>>
}
